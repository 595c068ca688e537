package soc

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/text"
)

func vocabulary() Vocabulary {
	return Vocabulary{Codes: []Code{"CONT", "FABR"}, Groups: []string{"gold", "emea"}}
}

func estate() *Snapshot {
	c, f := tenant(contoso, "CONT", "gold", "emea"), tenant(fabrikam, "FABR")
	return snapshot(
		part(c,
			incident(c, "1", func(i *Incident) {
				i.Severity, i.Title = SeverityHigh, text.NewLine("Ransomware on FS-01")
				i.Digest.Entities = []Entity{{EntityDevice, text.NewLine("PC-23")}}
			}),
			incident(c, "2", func(i *Incident) { i.AssignedTo = text.NewLine("KAI@northwind.example") }),
			incident(c, "3", func(i *Incident) {
				i.AssignedTo = text.NewLine("kai_northwind.example#EXT#@contoso.onmicrosoft.com")
				i.State = StateActive
			}),
			incident(c, "4", func(i *Incident) { i.State = StateRedirected; i.RedirectTo = "1" })),
		part(f,
			incident(f, "5", func(i *Incident) { i.State = StateAwaiting; i.AssignedTo = text.NewLine("Defender Experts") }),
			incident(f, "6", func(i *Incident) { i.State = StateResolved; i.AssignedTo = text.NewLine("Kai Castellano") }),
			incident(f, "7", func(i *Incident) { i.Severity = SeverityMedium; i.Created = noon().Add(-4*time.Hour + 5*time.Minute) }),
		))
}

func TestFilters(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"":                           "1 2 3 5 6 7",
		"sev:high":                   "1",
		"SEV:Med,high":               "1 7",
		"-sev:low":                   "1 7",
		"status:new":                 "1 2 7",
		"status:open":                "1 2 3 5 7",
		"status:redirected":          "4",
		"-status:redirected":         "1 2 3 5 6 7",
		"tenant:fabr":                "5 6 7",
		"group:GOLD sev:high":        "1",
		"owner:me":                   "2 3 6",
		"owner:none":                 "1 7",
		"owner:experts":              "5",
		"-owner:experts status:open": "1 2 3 7",
		"owner:cast":                 "6",
		"sla:risk":                   "7",
		"sla:missed,risk":            "1 7",
		"ransomware":                 "1",
		`"on fs-01"`:                 "1",
		"pc-23":                      "1",
		"CONT-2":                     "2",
		"-incident":                  "1",
		`"status:new"`:               "",
		"fabr sev:medium":            "7",
		"https://evil.example/x?a=1": "",
		`"C:\Windows"`:               "",
	}
	s := estate()
	for in, want := range cases {
		f, err := ParseFilter(in, vocabulary())
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		var got []string
		for _, i := range s.Select(f, OrderAge, noon()) {
			got = append(got, i.Ref.ID)
		}
		if !sameSet(got, strings.Fields(want)) {
			t.Errorf("%q finds %v, want %s", in, got, want)
		}
	}
}

func sameSet(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	seen := make(map[string]bool)
	for _, x := range a {
		seen[x] = true
	}
	for _, x := range b {
		if !seen[x] {
			return false
		}
	}
	return true
}

func TestFilterErrorsPointAtTheWord(t *testing.T) {
	t.Parallel()
	cases := []struct{ in, word, nearest string }{
		{"sev:hihg", "sev:hihg", "high"},
		{"x svo:high", "svo:high", ""},
		{"stauts:new", "stauts:new", "status:"},
		{"status:nwe x", "status:nwe", "new"},
		{"tenant:CNOT", "tenant:CNOT", "CONT"},
		{"a b -group:glod", "-group:glod", "gold"},
		{`c:\windows`, `c:\windows`, ""},
		{"sev:", "sev:", ""},
		{"sev:high,", "sev:high,", ""},
		{`a "never closed`, `"never closed`, ""},
		{`user:"kai c`, `user:"kai c`, ""},
		{"a (b or c", "(", ""},
		{"a -(b (c)", "-(", ""},
		{"(", "(", ""},
		{"a ) b", ")", ""},
		{") b", ")", ""},
		{"(a))", ")", ""},
		{"x setup(1.exe y", "setup(1.exe", ""},
		{"a () b", "()", ""},
		{"a -( ) b", "-( )", ""},
		{"or a", "or", ""},
		{"a or", "or", ""},
		{"a OR ) b", "OR", ""},
		{"(a or) b", "or", ""},
		{"a and", "and", ""},
		{"and", "and", ""},
		{"a and or b", "and", ""},
		{"a or or b", "or", ""},
		{"x not", "not", ""},
		{"not (not) x", "not", ""},
		{"is:unasigned", "is:unasigned", "unassigned"},
		{"src:sentinal", "src:sentinal", "sentinel"},
		{"class:truepositiv", "class:truepositiv", "truePositive"},
		{"det:fishing", "det:fishing", "phishing"},
		{"service:endpiont", "service:endpiont", "endpoint"},
		{"tehc:T1059", "tehc:T1059", "tech:"},
		{"statuses:new", "statuses:new", "status:"},
		{"ref:CNOT-5", "ref:CNOT-5", "CONT-5"},
		{"ref:CNOT-S5", "ref:CNOT-S5", "CONT-S5"},
		{"ref:5x", "ref:5x", ""},
		{"age:soon", "age:soon", ""},
		{"age:<", "age:<", ""},
		{"age:=2h", "age:=2h", ""},
		{"age:-2h", "age:-2h", ""},
		{"age:2", "age:2", ""},
		{"age:2w", "age:2w", ""},
		{"age:<99999999h", "age:<99999999h", ""},
		{"updated:>3000d3000d", "updated:>3000d3000d", ""},
		{"alerts:many", "alerts:many", ""},
		{"alerts:>-1", "alerts:>-1", ""},
		{"alerts:99999999999", "alerts:99999999999", ""},
		{"ip:203.0.113", "ip:203.0.113", ""},
		{"ip:203.0.113.", "ip:203.0.113.", ""},
		{"ip:203.0.113.7/33", "ip:203.0.113.7/33", ""},
		{"ip:evil", "ip:evil", ""},
		{"ip:5", "ip:5", ""},
		{"user:kai,,mira", "user:kai,,mira", ""},
	}
	for _, c := range cases {
		_, err := ParseFilter(c.in, vocabulary())
		var e *FilterError
		if !errors.As(err, &e) {
			t.Errorf("%q: %v, want a FilterError", c.in, err)
			continue
		}
		if e.Word() != c.word || e.Nearest != c.nearest {
			t.Errorf("%q: points at %q and offers %q, want %q and %q", c.in, e.Word(), e.Nearest, c.word, c.nearest)
		}
		carets := strings.Repeat("^", len(c.word))
		if at := strings.Index(e.Pointer(), "^"); at < 0 || c.in[at:at+len(c.word)] != c.word || e.Pointer()[at:] != carets {
			t.Errorf("%q: the carets stand wrong:\n%s\n%s", c.in, c.in, e.Pointer())
		}
		if e.Error() == "" || e.Error() != strings.ToLower(e.Error()[:1])+e.Error()[1:] {
			t.Errorf("%q: says %q", c.in, e.Error())
		}
	}
	if _, err := ParseFilter(strings.Repeat("x", 1<<20), vocabulary()); err == nil {
		t.Error("a megabyte passes as a filter")
	}
}

func TestOwnerMeNeedsSomebody(t *testing.T) {
	t.Parallel()
	f, err := ParseFilter("owner:me", vocabulary())
	if err != nil {
		t.Fatal(err)
	}
	s := estate()
	s.Analyst = Analyst{}
	if got := s.Select(f, OrderAge, noon()); len(got) != 0 {
		t.Errorf("an unknown analyst owns %s", refs(got))
	}
}
