package soc

import (
	"slices"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/text"
)

// offered completes at the bar in a line and gives the line with the first offer put in, and all offers.
func offered(line string, values *FilterValues) (put string, items []string) {
	cursor := strings.IndexByte(line, '|')
	line = strings.Replace(line, "|", "", 1)
	c := CompleteFilter(line, cursor, vocabulary(), values)
	for _, i := range c.Items {
		items = append(items, i.Text)
	}
	if len(items) == 0 {
		return "", nil
	}
	return line[:c.Start] + items[0] + line[c.End:], items
}

// seen is a snapshot with values to complete to.
func seen() *Snapshot {
	c, f := tenant(contoso, "CONT"), tenant(fabrikam, "FABR")
	user := func(names ...string) func(*Incident) {
		return func(i *Incident) {
			for _, n := range names {
				i.Digest.Entities = append(i.Digest.Entities, Entity{EntityUser, text.NewLine(n)})
			}
		}
	}
	return snapshot(
		part(c, incident(c, "1", user("mira.kai", "kai c", "zoe"))),
		part(f,
			incident(f, "2", user("kai c", "Zoe"), func(i *Incident) {
				i.CustomTags = lines("follow up", `say "no"`, "a,b", "x(y")
				i.AssignedTo = text.NewLine("Mira Santos")
				i.Digest.Techniques = lines("T1059.001")
			}),
			incident(f, "3", user("zoe", "karl"), func(i *Incident) {
				i.Digest.Entities = append(i.Digest.Entities, Entity{EntityMailbox, text.NewLine("kai c")}, Entity{EntityIP, text.NewLine("203.0.113.7")},
					Entity{EntityIP, text.NewLine("no address")}, Entity{EntityDevice, text.NewLine("PC\x1b[m")})
			})))
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	values := FilterValuesOf(seen())
	cases := []struct{ line, put, items string }{
		{"se|", "sev:", "sev: service:"},
		{"SE|", "sev:", "sev: service:"},
		{"-se|", "-sev:", "sev: service:"},
		{"sever|", "sev:", "sev:"},
		{"x sta|", "x status:", "status:"},
		{"x (sta|)", "x (status:)", "status:"},
		{"x -(sta| y", "x -(status: y", "status:"},
		{"st|atus:new", "status:new", "status:"},
		{"sev:high o|", "sev:high owner:", "owner: or"},
		{"sev:high an|", "sev:high and", "and"},
		{"an|", "", ""},
		{"a or an|", "", ""},
		{"a or no|", "a or not", "not"},
		{"a -no|", "", ""},
		{`"se|`, "", ""},
		{`"se"|`, "", ""},
		{"sev:|", "sev:high", "high medium low informational unknown"},
		{"SEVERITY:M|", "SEVERITY:medium", "medium informational"},
		{"sev:o|", "sev:low", "low informational unknown"},
		{"-status:re| x", "-status:resolved x", "resolved redirected"},
		{"status:new,|", "status:new,active", "active awaiting resolved redirected unknown open"},
		{"status:|,new", "status:active,new", "active awaiting resolved redirected unknown open"},
		{"status:ac|,new", "status:active,new", "active"},
		{"(status:ac|)", "(status:active)", "active"},
		{"tenant:|", "tenant:FABR", "FABR CONT"},
		{"tenant:c|", "tenant:CONT", "CONT"},
		{"group:|", "group:gold", "gold emea"},
		{"user:k|", `user:"kai c"`, `"kai c" karl mira.kai`},
		{`user:"ka|`, `user:"kai c"`, `"kai c" karl mira.kai`},
		{`user:"kai |"`, `user:"kai c"`, `"kai c"`},
		{`user:zoe,"kai | x`, `user:zoe,"kai c" x`, `"kai c"`},
		{`user:"kai c",|`, `user:"kai c",zoe`, "zoe karl mira.kai"},
		{"mailbox:|", `mailbox:"kai c"`, `"kai c"`},
		{"tag:|", `tag:"a,b"`, `"a,b" "follow up" "x(y"`},
		{"tech:t1|", "tech:T1059.001", "T1059.001"},
		{"ip:|", "ip:203.0.113.7", "203.0.113.7"},
		{"owner:m|", "owner:me", `me "Mira Santos"`},
		{"age:<|", "age:<1h", "<1h <4h <1d"},
		{"alerts:|", "alerts:>1", ">1 >5 >10"},
		{"title:|", "", ""},
		{"nonsense:|", "", ""},
		{"https://e|vil", "", ""},
		{"|sev:high", "", ""},
		{"sev:high |-(a)", "", ""},
		{"sev:high -|(a)", "", ""},
	}
	for _, c := range cases {
		put, items := offered(c.line, values)
		if put != c.put || strings.Join(items, " ") != c.items {
			t.Errorf("%s: offers %v and makes %q, want %s and %q", c.line, items, put, c.items, c.put)
		}
	}
}

func TestCompletionOfNothingOffersTheWholeLanguage(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"|", "sev:high |", "sev:high| ", "(|)", "(a)|", "a | b"} {
		_, items := offered(line, nil)
		if line == "sev:high| " {
			if !slices.Equal(items, []string{"high"}) {
				t.Errorf("%s offers %v", line, items)
			}
			continue
		}
		if !slices.Contains(items, "entity:") || !slices.Contains(items, "not") || len(items) < len(FilterKeys()) {
			t.Errorf("%s offers %v", line, items)
		}
		if joins := slices.Contains(items, "or"); joins != strings.Contains(line, "a") && joins != strings.Contains(line, "high ") {
			t.Errorf("%s offers or: %v", line, joins)
		}
	}
}

func TestCompletionIsSafeAndBounded(t *testing.T) {
	t.Parallel()
	values := FilterValuesOf(seen())
	if _, items := offered("device:|", values); len(items) != 1 || strings.ContainsRune(items[0], 0x1b) {
		t.Errorf("a hostile device is offered as %q", items)
	}
	big := FilterValuesOf(crowd(5, 4, 6000))
	if _, items := offered("device:|", big); len(items) != maxItems {
		t.Errorf("%d devices are offered", len(items))
	}
	for _, cursor := range []int{-5, 0, 3, 99} {
		if c := CompleteFilter("é:x", cursor, vocabulary(), nil); c.Start > c.End || c.End > 4 {
			t.Errorf("at %d: %+v", cursor, c)
		}
	}
}

func TestFilterValuesCountAcrossCase(t *testing.T) {
	t.Parallel()
	v := FilterValuesOf(seen())
	want := []FilterValue{{"kai c", "3 times", 3}, {"zoe", "3 times", 3}, {"karl", "once", 1}, {"mira.kai", "once", 1}}
	if got := v.Of("user"); !slices.Equal(got, want) {
		t.Errorf("users %+v", got)
	}
	if got := v.Of("tenant"); !slices.Equal(got, []FilterValue{{"FABR", "FABR Ltd", 2}, {"CONT", "CONT Ltd", 1}}) {
		t.Errorf("customers %+v", got)
	}
	if got := (*FilterValues)(nil).Of("user"); got != nil {
		t.Errorf("nothing gives %+v", got)
	}
}

func TestFilterValuesKeepTheMostFrequent(t *testing.T) {
	t.Parallel()
	c := counter{}
	for n := range 10_000 {
		c["v"+strings.Repeat("x", n%180)+string(rune('a'+n/180%26))] += n%97 + 1
	}
	top := c.top()
	if len(top) != maxValues {
		t.Fatalf("%d values", len(top))
	}
	var all []FilterValue
	for s, n := range c {
		all = append(all, FilterValue{Text: s, Count: n})
	}
	slices.SortFunc(all, byCount)
	for n := range top {
		if top[n].Text != all[n].Text || top[n].Count != all[n].Count {
			t.Fatalf("place %d holds %+v, want %+v", n, top[n], all[n])
		}
	}
}
