package feed

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"unsafe"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// oddities are incidents that the estate does not make.
func oddities(t *soc.Tenant) []*soc.Incident {
	lines := func(s ...string) []text.Line {
		list := make([]text.Line, 0, len(s)+3)
		for _, one := range s {
			list = append(list, text.NewLine(one))
		}
		return list
	}
	hostile := &soc.Incident{Title: text.NewLine("a\x1b[31m"), Description: text.NewBlock("b\x1b"), CustomTags: lines("x", "y\u202e"), AssignedTo: text.NewLine(`a\u{1b}[31m`)}
	honest := &soc.Incident{Title: text.NewLine(`a\u{1b}[31m`), Description: text.NewBlock(`b\u{1b}`), CustomTags: lines("x", `y\u{202e}`)}
	many := &soc.Incident{Sources: []soc.SourceRef{{Kind: soc.SourceDefender, ID: "1"}, {Kind: soc.SourceSentinel, ID: "2"}}, CustomTags: []text.Line{}, Comments: []soc.Comment{}}
	for n := range 40 {
		many.Digest.Heads = append(many.Digest.Heads, soc.AlertHead{Reached: lines(fmt.Sprint(n%11), fmt.Sprint(n), "c")[:n%4]})
	}
	long := make([]string, 20)
	for n := range long {
		long[n] = fmt.Sprint(n)
	}
	wide := &soc.Incident{Digest: soc.Digest{Heads: []soc.AlertHead{{Reached: lines(long...)}, {Reached: lines(long[:9]...)}, {Reached: lines("0", "1")}, {Reached: lines("1", "0")}}}}
	words := &soc.Incident{CustomTags: lines("ab", "c"), SystemTags: lines("a", "bc"), Digest: soc.Digest{Techniques: lines("abc"),
		Services: []soc.Product{"ab", "c"}, Detections: []soc.Detection{"a", "bc"}}}
	list := []*soc.Incident{{}, hostile, honest, many, wide, words, hostile}
	for _, i := range list {
		i.Tenant = t
	}
	return list
}

// copyOf is an incident that shares nothing with i but its texts.
func copyOf(i *soc.Incident) *soc.Incident {
	c := *i
	c.CustomTags, c.SystemTags, c.Comments = slices.Clone(i.CustomTags), slices.Clone(i.SystemTags), slices.Clone(i.Comments)
	c.Digest.Heads, c.Digest.Entities = slices.Clone(i.Digest.Heads), slices.Clone(i.Digest.Entities)
	for n := range c.Digest.Heads {
		c.Digest.Heads[n].Reached = slices.Clone(i.Digest.Heads[n].Reached)
	}
	return &c
}

func TestCompactRowsSayTheSame(t *testing.T) {
	t.Parallel()
	shared := newCommon()
	for n := range 3 {
		e := newEstate(n)
		page := append(e.page(0, 300), oddities(e.tenant)...)
		came := make([]*soc.Incident, len(page))
		for k, i := range page {
			came[k] = copyOf(i)
		}
		newCompactor(shared).page(page)
		for k := range page {
			if !reflect.DeepEqual(page[k], came[k]) {
				t.Errorf("incident %d of %s:\n%+v\nbecame\n%+v", k, e.tenant.Code, came[k], page[k])
			}
		}
	}
}

// What is shared has no room at its end, so that who appends to it copies it.
func TestSharedListsCannotBeWrittenInto(t *testing.T) {
	t.Parallel()
	e := newEstate(1)
	c := newCompactor(newCommon())
	page := append(e.page(0, 200), oddities(e.tenant)...)
	c.page(page)
	for _, i := range page {
		d := i.Digest
		for _, room := range []int{cap(d.Techniques) - len(d.Techniques), cap(d.Services) - len(d.Services), cap(d.Detections) - len(d.Detections),
			cap(i.Sources) - len(i.Sources), cap(i.SystemTags) - len(i.SystemTags)} {
			if room != 0 {
				t.Fatalf("there is room for %d in %+v", room, d)
			}
		}
		for _, h := range d.Heads {
			if cap(h.Reached) != len(h.Reached) && len(h.Reached) > 0 && len(h.Reached) <= maxArrays {
				t.Fatalf("there is room for %d in what an alert reached", cap(h.Reached)-len(h.Reached))
			}
		}
	}
}

func TestEqualTextsAreKeptOnce(t *testing.T) {
	t.Parallel()
	e, other := newEstate(1), newEstate(2)
	shared := newCommon()
	a, b := e.page(0, 100), other.page(0, 100)
	newCompactor(shared).page(a)
	newCompactor(shared).page(b)
	titles, devices := map[*byte]string{}, map[*byte]string{}
	for _, i := range append(a, b...) {
		for _, h := range i.Digest.Heads {
			titles[unsafe.StringData(h.Title.String())] = h.Title.String()
		}
		devices[unsafe.StringData(i.Digest.Entities[0].Name.String())] = i.Digest.Entities[0].Name.String()
		if reached := i.Digest.Heads[0].Reached[0].String(); unsafe.StringData(reached) != unsafe.StringData(i.Digest.Entities[0].Name.String()) {
			t.Error("a device that an alert reached is kept beside the incident's")
		}
	}
	for name, kept := range map[string]map[*byte]string{"titles of alerts": titles, "devices": devices} {
		once := map[string]bool{}
		for _, s := range kept {
			once[s] = true
		}
		if len(kept) != len(once) {
			t.Errorf("%d different %s are kept %d times", len(once), name, len(kept))
		}
	}
}

func TestTheCommonTablesAreBounded(t *testing.T) {
	t.Parallel()
	shared := newCommon()
	c := newCompactor(shared)
	for n := range 3 * maxCommon / 50 {
		page := make([]*soc.Incident, 50)
		for k := range page {
			s := fmt.Sprint(n, " ", k)
			page[k] = &soc.Incident{Title: text.NewLine(s), Description: text.NewBlock(s), CustomTags: []text.Line{text.NewLine(s)},
				Digest: soc.Digest{Services: []soc.Product{soc.Product(s)}}}
		}
		c.page(page)
		if most := max(len(shared.lines), len(shared.blocks), len(shared.lists), len(shared.services)); most > maxCommon+200 {
			t.Fatalf("%d entries", most)
		}
	}
}
