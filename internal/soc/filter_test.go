package soc

import (
	"errors"
	"strconv"
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
		at := strings.Index(e.Pointer(), "^")
		if at < 0 || c.in[at:at+len(c.word)] != c.word {
			t.Errorf("%q: the carets stand wrong:\n%s\n%s", c.in, c.in, e.Pointer())
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

func FuzzFilter(f *testing.F) {
	for _, s := range []string{"sev:high status:new,active -owner:me", `"a b" -"c"`, "x:y", ":", "-", `""`, "tenant:", "\x1b[m\xff"} {
		f.Add(s)
	}
	s := estate()
	f.Fuzz(func(t *testing.T, in string) {
		filter, err := ParseFilter(in, vocabulary())
		if err != nil {
			e := AsFilterError(err)
			if e.Error() == "" || strings.ContainsAny(e.Error()+e.Word(), "\x1b\x00\x07") {
				t.Errorf("%q: error %q", in, e.Error())
			}
			_ = e.Pointer()
			return
		}
		s.Select(filter, OrderUrgency, noon())
		if again, err := ParseFilter(filter.String(), vocabulary()); err != nil || len(again.terms) != len(filter.terms) {
			t.Errorf("%q does not read back: %v", filter.String(), err)
		}
	})
}

func BenchmarkSelect100k(b *testing.B) {
	c := tenant(contoso, "CONT", "gold")
	var list []*Incident
	for n := range 100_000 {
		list = append(list, incident(c, strconv.Itoa(n), func(i *Incident) {
			i.Severity = []Severity{SeverityHigh, SeverityMedium, SeverityLow}[n%3]
			i.Created = noon().Add(-time.Duration(n) * time.Second)
		}))
	}
	s := snapshot(part(c, list...))
	f, err := ParseFilter("sev:high status:open incident", vocabulary())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Select(f, OrderUrgency, noon())
	}
}
