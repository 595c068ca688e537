package queue

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/style"
)

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func theme() *style.Theme { return style.New(colorprofile.ASCII, style.Dark) }

// snapshot has one customer with incidents of these numbers, the first the oldest.
func snapshot(version uint64, ids ...int) *soc.Snapshot {
	c := &soc.Tenant{ID: "0a1b2c3d-0000-4000-8000-000000000001", Code: "CONT", Name: text.NewLine("Contoso Ltd")}
	part := soc.Part{Status: soc.Status{Tenant: c, Health: soc.HealthFresh, LastGood: noon()}, Rows: version}
	for n, id := range ids {
		part.Incidents = append(part.Incidents, &soc.Incident{
			Ref: soc.Ref{Tenant: c.ID, Code: c.Code, Source: soc.SourceDefender, ID: fmt.Sprint(id)}, Tenant: c, Severity: soc.SeverityLow,
			State: soc.StateNew, Created: noon().Add(time.Duration(n-100_000) * time.Second), Title: text.NewLine(fmt.Sprint("Incident ", id)),
		})
	}
	soc.SortPart(part.Incidents)
	return &soc.Snapshot{Version: version, Parts: []soc.Part{part}}
}

// made is a page with one section that shows a snapshot and keeps its order.
func made(s *soc.Snapshot, section ...Section) *Page {
	if len(section) == 0 {
		section = []Section{{Name: "Everything", Order: soc.OrderAge}}
	}
	p := New(section)
	p.Take(Compute(p.Ask(s, noon())))
	p.Settle()
	p.Draw(Look{Theme: theme(), Snap: s, Now: noon()}, 160, 20)
	return p
}

func on(p *Page) string { return p.Ref().ID }

func shown(p *Page) string {
	var ids []string
	for _, i := range p.rows {
		ids = append(ids, i.Ref.ID)
	}
	return strings.Join(ids, " ")
}

func TestWhatArrivesWaitsAndTheCursorGoesToANeighbourOfWhatIsGone(t *testing.T) {
	t.Parallel()
	s := snapshot(1, 11, 12, 13, 14, 15, 16)
	p := made(s)
	p.View().Move(3)
	next := snapshot(2, 1, 2, 3, 11, 12, 16, 17)
	p.Take(Compute(p.Ask(next, noon())))
	if arrived, gone := p.Waiting(); arrived != 4 || gone != 3 || shown(p) != "11 12 13 14 15 16" || on(p) != "14" {
		t.Fatalf("%d new, %d gone, rows %s, cursor on %s", arrived, gone, shown(p), on(p))
	}
	p.Take(Compute(p.Arrive(next, noon())))
	if arrived, gone := p.Waiting(); arrived+gone != 0 || shown(p) != "1 2 3 11 12 16 17" {
		t.Errorf("%d new, %d gone, rows %s", arrived, gone, shown(p))
	}
	if on(p) != "16" {
		t.Errorf("14 is gone and 16 is the next of its neighbours that is left, yet the cursor stands on %s", on(p))
	}
	p.Take(Compute(p.Arrive(snapshot(3, 1, 2, 11), noon())))
	if on(p) != "11" {
		t.Errorf("nothing behind 16 is left, and 11 is the nearest in front of it, yet the cursor stands on %s", on(p))
	}
	p.Take(Compute(p.Arrive(snapshot(4), noon())))
	if _, ok := p.Current(); ok || p.Len() != 0 {
		t.Error("an empty list has a cursor")
	}
}

func TestAKeyBetweenTheQuestionForWhatIsNewAndItsAnswerCounts(t *testing.T) {
	t.Parallel()
	p := made(snapshot(1, 11, 12, 13))
	next := snapshot(2, 1, 11, 12, 13)
	p.Take(Compute(p.Ask(next, noon())))
	ask := p.Arrive(next, noon())
	p.Settle()
	p.View().Move(1)
	p.Toggle()
	p.Take(Compute(ask))
	if on(p) != "12" || shown(p) != "1 11 12 13" {
		t.Errorf("cursor on %s, rows %s", on(p), shown(p))
	}
	if p.Unseen() != 0 || len(p.Marks()) != 1 {
		t.Errorf("%d marked, %d hidden", len(p.Marks()), p.Unseen())
	}
}

func TestANewListWithoutTheCursorsIncidentStartsAtItsTop(t *testing.T) {
	t.Parallel()
	s := snapshot(1, 11, 12, 13, 14)
	p := made(s)
	p.View().Move(2)
	at := p.Ref()
	at.ID = "99"
	p.Take(Compute(p.Renew(s, noon(), at)))
	if on(p) != "11" {
		t.Errorf("the cursor stands on %s", on(p))
	}
}

func TestWhatIsExpectedIsFoundAmongCustomersThatComeOneByOne(t *testing.T) {
	t.Parallel()
	p := New([]Section{{Name: "Everything", Order: soc.OrderAge}})
	want := snapshot(1, 50).Parts[0].Incidents[0].Ref
	p.Expect(want)
	for v, ids := range [][]int{{10}, {10, 20}, {5, 10, 20, 50}, {1, 2, 3, 5, 10, 20, 50, 60}} {
		p.Take(Compute(p.Ask(snapshot(uint64(v+1), ids...), noon())))
		if v >= 2 && on(p) != "50" {
			t.Errorf("with %v the cursor stands on %s", ids, on(p))
		}
	}
	p.Settle()
	p.View().Home()
	p.Take(Compute(p.Ask(snapshot(9, 1, 2, 3, 5, 10, 20, 50), noon())))
	if on(p) != "1" {
		t.Errorf("what was found is gone back to: the cursor stands on %s", on(p))
	}
}

func TestMarksThatChangeWhileAnAnswerIsUnderWayAreCountedRight(t *testing.T) {
	t.Parallel()
	s := snapshot(1, 11, 12, 13)
	p := made(s)
	far := soc.Ref{Tenant: "0a1b2c3d-0000-4000-8000-000000000009", Code: "FAR", Source: soc.SourceDefender, ID: "1"}
	p.SetMarks(Marks{far: {}}, 1)
	ask := p.Ask(snapshot(2, 11, 12, 13), noon())
	p.SetMarks(nil, 0)
	p.Toggle()
	p.Take(Compute(ask))
	if p.Unseen() != 0 {
		t.Errorf("%d of 1 marked are hidden, and it is shown", p.Unseen())
	}
	ask = p.Arrive(snapshot(3, 12), noon())
	p.Toggle() // takes the mark of 11 away
	p.Take(Compute(ask))
	if p.Unseen() != 0 {
		t.Errorf("nothing is marked, yet %d count as hidden", p.Unseen())
	}
	p = made(s)
	ask = p.Arrive(snapshot(3, 12), noon())
	p.View().Move(2)
	p.Toggle() // 13, which the new list has not
	p.Take(Compute(ask))
	if p.Unseen() != 1 {
		t.Errorf("13 is marked and not shown, yet %d count as hidden", p.Unseen())
	}
}

func TestMarksStayWithWhatNoLongerExistsAndCountAsHidden(t *testing.T) {
	t.Parallel()
	p := made(snapshot(1, 11, 12, 13))
	p.Toggle()
	next := snapshot(2, 12, 13)
	p.Take(Compute(p.Ask(next, noon())))
	if got := p.markWords(); got != "1 marked" {
		t.Errorf("its row still shows: %q", got)
	}
	p.Take(Compute(p.Arrive(next, noon())))
	if got := p.markWords(); got != "1 marked, 1 hidden" {
		t.Errorf("its row is gone: %q", got)
	}
	p.Take(Compute(p.Arrive(snapshot(3, 11, 12, 13), noon())))
	if got := p.markWords(); got != "1 marked" {
		t.Errorf("it is back: %q", got)
	}
}

func TestMarkRowsHoldsTheBound(t *testing.T) {
	t.Parallel()
	var ids []int
	for n := range MaxMarks + 1 {
		ids = append(ids, n+1)
	}
	p := made(snapshot(1, ids...))
	p.View().End()
	p.Toggle()
	all, left := MarkRows(p.Marks(), p.Rows())
	if len(all) != MaxMarks || left != 1 {
		t.Errorf("%d marked, %d left", len(all), left)
	}
	if _, ok := all[p.Ref()]; !ok {
		t.Error("the mark that was there made room for another")
	}
	p.SetMarks(all, 0)
	p.View().Home()
	n := 0
	for ; n < p.Len(); n++ {
		if !p.marked(n) {
			break
		}
	}
	p.View().Move(n)
	if p.Toggle() || len(p.Marks()) != MaxMarks {
		t.Error("one more found room")
	}
	p.View().Home()
	p.Toggle()
	p.View().Move(n)
	if !p.Toggle() || len(p.Marks()) != MaxMarks {
		t.Error("the one whose place was made free found no room")
	}
	if len(all) != MaxMarks {
		t.Error("a set that was handed out changed")
	}
}

func TestARangeOfOldRowsMarksNoNewOnes(t *testing.T) {
	t.Parallel()
	p := made(snapshot(1, 11, 12, 13))
	ask := p.Arrive(snapshot(2, 1, 2, 3, 11, 12, 13), noon())
	p.Range()
	p.Take(Compute(ask))
	if p.Ranging() {
		t.Error("a range goes on from a row of the list of before")
	}
}

func TestRangesGoBothWays(t *testing.T) {
	t.Parallel()
	p := made(snapshot(1, 11, 12, 13, 14, 15))
	for _, c := range []struct {
		from, by int
		want     string
	}{{1, 2, "12 13 14"}, {3, -2, "12 13 14"}, {4, 0, "15"}, {0, 99, "11 12 13 14 15"}} {
		p.SetMarks(nil, 0)
		p.View().Home()
		p.View().Move(c.from)
		p.Range()
		p.View().Move(c.by)
		if began, left := p.Range(); began || left != 0 {
			t.Errorf("began %v, left %d", began, left)
		}
		var got []string
		for n, i := range p.rows {
			if p.marked(n) {
				got = append(got, i.Ref.ID)
			}
		}
		if strings.Join(got, " ") != c.want || p.Unseen() != 0 {
			t.Errorf("from %d by %d: %v, %d hidden", c.from, c.by, got, p.Unseen())
		}
	}
}

// TestComputeAgreesWithTheSnapshot compares with what the commands list.
func TestComputeAgreesWithTheSnapshot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ids := func(label string) []int {
			return rapid.SliceOfDistinct(rapid.IntRange(1, 40), func(n int) int { return n }).Draw(t, label)
		}
		before, after := snapshot(1, ids("before")...), snapshot(2, ids("after")...)
		sections := []Section{{Name: "All", Order: soc.OrderAge}, {Name: "Broken", Broken: text.NewLine("it is broken")}}
		a := Ask{Snapshot: after, Sections: sections, Order: soc.OrderAge, Now: noon(), Shown: before.Select(soc.Filter{}, soc.OrderTitle, noon()), Count: true}
		got := Compute(a)
		if want := after.Select(soc.Filter{}, soc.OrderAge, noon()); !slices.Equal(got.Rows, want) {
			t.Fatalf("%d rows, want %d", len(got.Rows), len(want))
		}
		old, now := refs(a.Shown), refs(got.Rows)
		if want := count(now, old); got.New != want {
			t.Errorf("%d new, want %d", got.New, want)
		}
		if want := count(old, now); got.Gone != want {
			t.Errorf("%d gone, want %d", got.Gone, want)
		}
		if len(a.Shown) > 0 && !slices.Equal(refs(got.InPlace), old) {
			t.Errorf("the rows in place are %v, want %v", refs(got.InPlace), old)
		}
		if got.Counts[0] != len(now) || got.Counts[1] != 0 {
			t.Errorf("counts %v, want %d and none", got.Counts, len(now))
		}
		a.Section, a.Shown = 1, nil
		if got := Compute(a); len(got.Rows) != 0 {
			t.Errorf("a section with a broken filter shows %d rows", len(got.Rows))
		}
	})
}

func refs(list []*soc.Incident) []soc.Ref {
	out := make([]soc.Ref, 0, len(list))
	for _, i := range list {
		out = append(out, i.Ref)
	}
	return out
}

// count is how many of the one are not in the other.
func count(one, other []soc.Ref) int {
	n := 0
	for _, r := range one {
		if !slices.Contains(other, r) {
			n++
		}
	}
	return n
}

// TestTabsFitAndSayWhatIsInForce: whatever is in force at once, the line is never wider than the window, the section one is in
// shows, and so does what narrows the list.
func TestTabsFitAndSayWhatIsInForce(t *testing.T) {
	t.Parallel()
	var sections []Section
	for n := range 14 {
		sections = append(sections, Section{Name: fmt.Sprintf("Section %d of 日本 & more", n+1)})
	}
	sections[3].Broken = text.NewLine("broken")
	f, err := soc.ParseFilter(`sev:high owner:none "a title that is rather long and goes on and on"`, soc.Vocabulary{})
	if err != nil {
		t.Fatal(err)
	}
	for n := range sections {
		for _, width := range []int{60, 80, 120, 160, 4000} {
			for _, full := range []bool{false, true} {
				p := made(snapshot(1, 11, 12), sections...)
				p.Section, p.counts = n, make([]int, len(sections))
				p.counts[n] = 100_000
				if full {
					p.Filter, p.Order = f, "-entities"
					p.SetMarks(marksOf(8888), 7777)
					p.pending = &Answer{New: 12345, Gone: 12345}
				}
				line := ansi.Strip(p.Tabs(theme(), width, "."))
				if w := ansi.StringWidthWc(line); w > width {
					t.Errorf("section %d at %d cells: %d cells: %q", n+1, width, w, line)
				}
				if !strings.Contains(line, fmt.Sprintf(" %d S", n+1)) {
					t.Errorf("section %d at %d cells is not named: %q", n+1, width, line)
				}
				if full && (!strings.Contains(line, "/ ") || !strings.Contains(line, "new .") || !strings.Contains(line, "8888 marked")) {
					t.Errorf("section %d at %d cells does not say what is in force: %q", n+1, width, line)
				}
			}
		}
	}
}

// marksOf makes so many marks.
func marksOf(n int) Marks {
	all := make(Marks, n)
	for i := range n {
		all[soc.Ref{ID: fmt.Sprint(i)}] = struct{}{}
	}
	return all
}

func TestSectionsAreTakenOverByName(t *testing.T) {
	t.Parallel()
	p := New([]Section{{Name: "One", Order: soc.OrderAge}, {Name: "Two", Order: soc.OrderTitle}})
	p.Choose(1)
	p.Order = "-title"
	p.Reset([]Section{{Name: "Zero"}, {Name: "One"}, {Name: "Two", Order: soc.OrderTitle}})
	if p.Section != 2 || p.Order != "-title" {
		t.Errorf("section %d by %s", p.Section, p.Order)
	}
	p.Reset([]Section{{Name: "Zero", Order: soc.OrderSLA}, {Name: "One"}})
	if p.Section != 0 || p.Order != soc.OrderSLA {
		t.Errorf("section %d by %s", p.Section, p.Order)
	}
	p.Choose(-1)
	p.Choose(2)
	if p.Section != 0 {
		t.Errorf("section %d does not exist", p.Section)
	}
}

func TestAllAreMarkedOutsideTheLoop(t *testing.T) {
	t.Parallel()
	s := snapshot(1, 11, 12, 13)
	p := made(s)
	p.View().Move(1)
	p.Toggle()
	ask := p.AskMarks()
	p.Toggle() // takes the mark of 12 away
	p.TakeMarks(MarkAll(ask))
	if p.marked(1) || !p.marked(0) || !p.marked(2) {
		t.Error("what was unmarked since does not stay so")
	}
	ask = p.AskMarks()
	p.SetMarks(nil, 0)
	if p.TakeMarks(MarkAll(ask)) || len(p.Marks()) != 0 {
		t.Error("all marks were taken away since, and are back")
	}
	ask = p.AskMarks()
	p.Take(Compute(p.Renew(snapshot(2, 12, 20), noon(), soc.Ref{})))
	p.View().End()
	p.Toggle() // 20
	if p.TakeMarks(MarkAll(ask)); len(p.Marks()) != 4 || p.Unseen() != 2 {
		t.Errorf("in another list %d are marked, %d hidden", len(p.Marks()), p.Unseen())
	}
}
