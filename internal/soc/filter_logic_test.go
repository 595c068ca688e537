package soc

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/socctl/socctl/internal/text"
)

func TestFilterPrecedence(t *testing.T) {
	t.Parallel()
	s := estate() // 1 high; 2 new; 3 active; 4 redirected; 5 awaiting; 6 resolved; 7 medium; 1 to 4 CONT, 5 to 7 FABR
	cases := map[string]string{
		"sev:high or sev:medium tenant:cont":      "1",
		"(sev:high or sev:medium) tenant:fabr":    "7",
		"sev:medium and tenant:fabr or sev:high":  "1 7",
		"sev:high OR status:active Or status:new": "1 2 3 7",
		"not sev:low":                               "1 7",
		"NOT sev:low and tenant:cont":               "1",
		"not (sev:low or tenant:cont)":              "7",
		"-(sev:low or tenant:cont)":                 "7",
		"not -(sev:high)":                           "1",
		"not not sev:high":                          "1",
		"not -sev:high":                             "1",
		"-(-sev:high)":                              "1",
		"not sev:low sev:high":                      "1",
		"not(sev:low)and(tenant:cont)":              "1",
		"sev:high or(sev:medium)":                   "1 7",
		"((sev:high))":                              "1",
		"(sev:high)(tenant:cont)":                   "1",
		"tenant:fabr -(status:awaiting or sev:med)": "6",
		`"or"`:                                 "2 3",
		`"fs-01" or pc-99`:                     "1",
		`"(sev:high)"`:                         "",
		"-or":                                  "1 5 6 7",
		"andover or sev:med":                   "7",
		`sev:"high","medium" and status:"new"`: "1 7",
	}
	for in, want := range cases {
		if got := found(t, s, in); !sameSet(got, strings.Fields(want)) {
			t.Errorf("%q finds %v, want %s", in, got, want)
		}
	}
}

func TestMergedOnesShowOnlyWhereWhatTheyMatchAsks(t *testing.T) {
	t.Parallel()
	c, f := tenant(contoso, "CONT"), tenant(fabrikam, "FABR")
	merged := func(i *Incident) { i.State = StateRedirected }
	high := func(i *Incident) { i.Severity = SeverityHigh }
	s := snapshot(part(c, incident(c, "1", high), incident(c, "2", merged, high), incident(c, "3", merged)),
		part(f, incident(f, "4", high), incident(f, "5", merged, high), incident(f, "6", merged)))
	cases := map[string]string{
		"":                                    "1 4",
		"sev:high":                            "1 4",
		"is:redirected":                       "2 3 5 6",
		"is:redirected,open":                  "1 2 3 4 5 6",
		"status:redirected sev:high":          "2 5",
		"sev:high (status:redirected)":        "2 5",
		"sev:high or is:redirected":           "1 2 3 4 5 6",
		"sev:high or (is:redirected sev:low)": "1 3 4 6",
		"tenant:fabr or tenant:cont Is:Redirected": "2 3 4",
		"(sev:high or tenant:cont) is:redirected":  "2 3 5",
		"not is:redirected":                        "1 4",
		"-status:redirected":                       "1 4",
		"not -is:redirected":                       "2 3 5 6",
		"not (not is:redirected)":                  "2 3 5 6",
		"-(-is:redirected or sev:low)":             "2 5",
		"not (is:redirected and sev:low)":          "1 4",
		"-is:redirected or is:redirected":          "1 2 3 4 5 6",
		"not status:new":                           "",
		"ref:2":                                    "",
		"ref:2 is:redirected":                      "2",
	}
	for in, want := range cases {
		if got := found(t, s, in); !sameSet(got, strings.Fields(want)) {
			t.Errorf("%q finds %v, want %s", in, got, want)
		}
	}
}

func TestAnd(t *testing.T) {
	t.Parallel()
	cases := []struct{ a, b, text string }{
		{"", "", ""},
		{" sev:high ", "", "sev:high"},
		{"", "a or b", "a or b"},
		{"a b", "-c", "a b -c"},
		{"sev:high or sev:medium", "tenant:cont", "(sev:high or sev:medium) tenant:cont"},
		{"tenant:cont", "sev:high or sev:medium", "tenant:cont (sev:high or sev:medium)"},
		{"a or b", "c or d", "(a or b) (c or d)"},
		{"(a or b)", "c", "(a or b) c"},
		{"(a) or (b)", "c", "((a) or (b)) c"},
		{"not a", "b", "not a b"},
		{"not (a and b)", "c", "not (a and b) c"},
		{"is:redirected", "sev:low or tenant:fabr", "is:redirected (sev:low or tenant:fabr)"},
		{`"a or b"`, "c", `"a or b" c`},
	}
	s, scope := estate(), &Scope{Me: estate().Analyst, Now: noon()}
	for _, c := range cases {
		a, b := parsed(t, c.a), parsed(t, c.b)
		both := a.And(b)
		if both.String() != c.text {
			t.Errorf("%q and %q is %q, want %q", c.a, c.b, both, c.text)
		}
		again := parsed(t, both.String())
		for i := range s.All() {
			if both.Match(i, scope) != again.Match(i, scope) {
				t.Errorf("%q reads back as another filter for %s", both, i.Ref)
			}
			if i.State != StateRedirected && both.Match(i, scope) != (a.Match(i, scope) && b.Match(i, scope)) {
				t.Errorf("%q and %q are not both asked of %s", c.a, c.b, i.Ref)
			}
		}
	}
	if three := parsed(t, "a or b").And(parsed(t, "c")).And(parsed(t, "d or e")); three.String() != "(a or b) c (d or e)" {
		t.Errorf("three are %q", three)
	}
}

func parsed(t interface {
	Helper()
	Fatalf(string, ...any)
}, line string) Filter {
	t.Helper()
	f, err := ParseFilter(line, vocabulary())
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	return f
}

func TestFiltersAreBounded(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("(", n) + "a" + strings.Repeat(")", n) }
	if _, err := ParseFilter(nested(32), vocabulary()); err != nil {
		t.Error(err)
	}
	if e := fails(t, nested(33)); e.Start != 32 || e.Word() != "(" || !strings.Contains(e.Error(), "at most 32 parentheses") {
		t.Errorf("deep nesting: %+v", e)
	}
	if e := fails(t, strings.Repeat("-(", 1000)); e.Start != 64 {
		t.Errorf("deep nesting with a minus: %+v", e)
	}
	if _, err := ParseFilter(strings.Repeat("(a) ", 512), vocabulary()); err != nil {
		t.Errorf("many groups side by side: %v", err)
	}
	if _, err := ParseFilter(strings.Repeat("not ", 511)+"a", vocabulary()); err != nil {
		t.Errorf("many nots: %v", err)
	}
	if e := fails(t, strings.Repeat("a", 2049)); !strings.Contains(e.Error(), "at most 2048") || e.Pointer() == "" {
		t.Errorf("a long one: %+v", e)
	}
}

func fails(t *testing.T, line string) *FilterError {
	t.Helper()
	_, err := ParseFilter(line, vocabulary())
	if err == nil {
		t.Fatalf("%.40q passes", line)
	}
	return AsFilterError(err)
}

// tree is an expression as the test makes it: a word, or parts joined.
type tree struct {
	op    string // word, and, or, not
	word  string
	holds func(*Incident) bool
	asks  bool // for merged ones
	minus bool // it asks for them once the minus in front of it is taken away
	kids  []tree
}

// leaves are words with what they mean, said another way.
func leaves() []tree {
	sev := func(want Severity) func(*Incident) bool { return func(i *Incident) bool { return i.Severity == want } }
	merged := func(i *Incident) bool { return i.State == StateRedirected }
	owner := func(i *Incident) string { return i.AssignedTo.String() }
	return []tree{
		{word: "sev:high", holds: sev(SeverityHigh)},
		{word: "-sev:low", holds: func(i *Incident) bool { return i.Severity != SeverityLow }},
		{word: "status:redirected", holds: merged, asks: true},
		{word: "-is:redirected", holds: func(i *Incident) bool { return !merged(i) }, minus: true},
		{word: "is:redirected,open", holds: func(i *Incident) bool { return i.State != StateResolved }, asks: true},
		{word: "owner:none", holds: func(i *Incident) bool { return owner(i) == "" }},
		{word: `"RULE on"`, holds: func(i *Incident) bool { return strings.Contains(strings.ToLower(i.Title.String()), "rule on") }},
		{word: "alerts:>5", holds: func(i *Incident) bool { return i.AlertCount > 5 }},
		{word: "tech:t1059", holds: func(i *Incident) bool {
			return slices.ContainsFunc(i.Digest.Techniques, func(l text.Line) bool { return strings.HasPrefix(l.String(), "T1059") })
		}},
		{word: "file:setup(1),evil", holds: func(i *Incident) bool {
			return slices.ContainsFunc(i.Digest.Entities, func(e Entity) bool {
				return e.Kind == EntityFile && (strings.Contains(e.Name.String(), "setup(1)") || strings.Contains(e.Name.String(), "evil"))
			})
		}},
	}
}

func drawTree(t *rapid.T, depth int) tree {
	kind := rapid.IntRange(0, 5).Draw(t, "kind")
	if depth == 0 || kind < 2 {
		l := rapid.SampledFrom(leaves()).Draw(t, "word")
		l.op = "word"
		return l
	}
	if kind == 2 {
		return tree{op: "not", kids: []tree{drawTree(t, depth-1)}}
	}
	n := tree{op: "and"}
	if kind > 3 {
		n.op = "or"
	}
	for range rapid.IntRange(2, 3).Draw(t, "parts") {
		n.kids = append(n.kids, drawTree(t, depth-1))
	}
	return n
}

// written writes the tree with parentheses where they are needed, and sometimes where they are not.
func (n tree) written(t *rapid.T, tight int) string {
	strength := map[string]int{"or": 0, "and": 1, "not": 2, "word": 3}[n.op]
	var s string
	switch n.op {
	case "word":
		s = n.word
	case "not":
		s = rapid.SampledFrom([]string{"not ", "NOT  ", "not\t"}).Draw(t, "not") + n.kids[0].written(t, 2)
		if rapid.Bool().Draw(t, "minus") {
			return "-(" + n.kids[0].written(t, 0) + ")"
		}
	default:
		glue := map[string][]string{"and": {" ", " and ", "  AND\n"}, "or": {" or ", " Or "}}[n.op]
		for k, kid := range n.kids {
			if k > 0 {
				s += rapid.SampledFrom(glue).Draw(t, "glue")
			}
			s += kid.written(t, strength+1)
		}
	}
	if strength < tight || rapid.IntRange(0, 9).Draw(t, "more") == 0 {
		return "(" + s + ")"
	}
	return s
}

func (n tree) eval(i *Incident) bool {
	switch n.op {
	case "word":
		return n.holds(i)
	case "not":
		return !n.kids[0].eval(i)
	}
	for _, k := range n.kids {
		if k.eval(i) == (n.op == "or") {
			return n.op == "or"
		}
	}
	return n.op == "and"
}

// ways are all conjunctions of words that make the tree true: what the rule of merged incidents is told by.
func (n tree) ways(not bool) [][]tree {
	switch n.op {
	case "word":
		if !not {
			return [][]tree{{n}}
		}
		return [][]tree{{{op: "word", holds: func(i *Incident) bool { return !n.holds(i) }, asks: n.minus}}}
	case "not":
		return n.kids[0].ways(!not)
	}
	all := [][]tree{{}}
	if (n.op == "or") != not {
		all = nil
	}
	for _, k := range n.kids {
		part := k.ways(not)
		if (n.op == "or") != not {
			all = append(all, part...)
			continue
		}
		var both [][]tree
		for _, a := range all {
			for _, b := range part {
				both = append(both, slices.Concat(a, b))
			}
		}
		all = both
	}
	return all
}

// shows is the rule in other words: a merged one shows where one way holds of which a word asks for it.
func (n tree) shows(i *Incident) bool {
	if i.State != StateRedirected {
		return n.eval(i)
	}
	return slices.ContainsFunc(n.ways(false), func(way []tree) bool {
		return !slices.ContainsFunc(way, func(w tree) bool { return !w.holds(i) }) && slices.ContainsFunc(way, func(w tree) bool { return w.asks })
	})
}

func TestWrittenExpressionsMeanWhatTheyAre(t *testing.T) {
	t.Parallel()
	s := crowd(3, 3, 60)
	scope := &Scope{Me: s.Analyst, Now: noon()}
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawTree(t, 3), drawTree(t, 2)
		first, second := parsed(t, a.written(t, 0)), parsed(t, b.written(t, 0))
		both := tree{op: "and", kids: []tree{a, b}}
		joined := first.And(second)
		again := parsed(t, joined.String())
		for i := range s.All() {
			if got := first.Match(i, scope); got != a.shows(i) {
				t.Fatalf("%q: %v for %s (%s)", first, got, i.Ref, i.State)
			}
			if got := joined.Match(i, scope); got != both.shows(i) || again.Match(i, scope) != got {
				t.Fatalf("%q: %v for %s (%s)", joined, got, i.Ref, i.State)
			}
		}
	})
}
