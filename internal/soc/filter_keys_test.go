package soc

import (
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/text"
)

// found gives the numbers of the incidents of a snapshot that a filter finds.
func found(t *testing.T, s *Snapshot, line string) []string {
	t.Helper()
	f, err := ParseFilter(line, vocabulary())
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	var ids []string
	for _, i := range s.Select(f, OrderAge, noon()) {
		ids = append(ids, i.Ref.ID)
	}
	return ids
}

func lines(words ...string) []text.Line {
	all := make([]text.Line, len(words))
	for n, w := range words {
		all[n] = text.NewLine(w)
	}
	return all
}

// exhibits is a snapshot in which each incident shows one thing that a key asks for.
func exhibits() *Snapshot {
	c, f := tenant(contoso, "CONT", "gold"), tenant(fabrikam, "FABR")
	of := func(list ...Entity) func(*Incident) { return func(i *Incident) { i.Digest.Entities = list } }
	e := func(k EntityKind, name string) Entity { return Entity{k, text.NewLine(name)} }
	return snapshot(
		part(c,
			incident(c, "1", of(e(EntityDevice, "PC-23"), e(EntityUser, "Kai C"), e(EntityIP, "203.0.113.7"))),
			incident(c, "2", of(e(EntityMailbox, "kai@contoso.example"), e(EntityIP, "203.0.113.70"), e(EntityIP, "not an address"))),
			incident(c, "3", of(e(EntityFile, "setup(1).exe"), e(EntityURL, "https://evil.example/a,b"), e(EntityIP, "2001:db8::7"))),
			incident(c, "4", of(e(EntityApp, "Backup Tool"), e(EntityOther, "PC-23 nic"), e(EntityIP, "::ffff:203.0.113.7"))),
			incident(c, "5", func(i *Incident) {
				i.CustomTags, i.SystemTags = lines("VIP"), lines("Defender Experts")
				i.Digest.Techniques = lines("T1059.001")
			}),
			incident(c, "6", func(i *Incident) { i.Digest.Techniques, i.AlertCount = lines("T1059", "T1105"), 6 }),
			incident(c, "7", func(i *Incident) {
				i.Created, i.Updated, i.AlertCount = noon().Add(-2*time.Hour), noon().Add(-26*time.Hour), -1
			})),
		part(f,
			incident(f, "104", func(i *Incident) { i.Ref.Source, i.AlertCount = SourceSentinel, 5 }),
			incident(f, "28282", func(i *Incident) {
				i.Sources = []SourceRef{{SourceDefender, "28282"}, {SourceSentinel, "77"}}
				i.ForeignTenant = text.NewLine("0a1b2c3d-0000-4000-8000-000000000009")
				i.Digest.Services = []Product{"microsoftDefenderForEndpoint", "microsoftSentinel"}
			}),
			incident(f, "8", func(i *Incident) {
				i.State, i.Classification, i.Determination = StateResolved, ClassificationTruePositive, "phishing"
				i.Title = text.NewLine("Übernahme eines Kontos ПОДОЗРЕНИЕ")
			}),
			incident(f, "9", func(i *Incident) {
				i.Created, i.Updated, i.Title = time.Time{}, time.Time{}, text.NewLine("evil\x1b[m")
				i.Classification, i.Determination = ClassificationUnknown, "unknown"
			}),
			incident(f, "10", func(i *Incident) { i.State, i.RedirectTo = StateRedirected, "9" })))
}

func TestFilterKeysFindWhatTheyName(t *testing.T) {
	t.Parallel()
	s := exhibits()
	cases := map[string]string{
		"device:pc-2": "1", "device:PC-23,nothing": "1", "-device:pc": "2 3 4 5 6 7 8 9 104 28282",
		`user:"kai c"`: "1", "user:kai": "1 2", "mailbox:KAI@": "2", "entity:pc-23": "1 4",
		"ip:203.0.113.7": "1 4", "ip:203.0.113.70": "2", "ip:203.0.113.9/24": "1 2 4", "ip:2001:db8::/32": "3", "ip:2001:DB8:0::7": "3",
		"ip:::ffff:203.0.113.7": "1 4", "ip:::ffff:203.0.113.0/120": "1 2 4", "ip:0.0.0.0/0": "1 2 4", "ip:::/0": "3", "address:2001:db8::8": "",
		"file:setup(1).exe": "3", "file:setup": "3", `url:"/a,b"`: "3", "url:evil.example": "3", `app:"backup tool"`: "4", "app:pc": "",
		"tag:vip": "5", "tag:experts": "5", "tag:ip": "5", "tech:t1059": "5 6", "tech:T1059.001": "5", "tech:1059": "", "technique:T1105": "6",
		`title:"incident 1"`: "1 104", "title:übernahme": "8", "title:ÜBERNAHME": "8", "подозрение": "8", "title:нет": "",
		"ref:CONT-1": "1", "ref:1": "1", "ref:fabr-s104": "104", "ref:FABR-104": "", "ref:104": "104", "ref:S104": "104", "ref:S77": "28282",
		"ref:FABR-S77": "28282", "ref:1,2,28282": "1 2 28282", "ref:CONT-10,FABR-10": "",
		"age:<2h": "1 2 3 4 5 6 8 104 28282", "age:<=2h": "1 2 3 4 5 6 7 8 104 28282", "age:2h": "1 2 3 4 5 6 7 8 104 28282", "age:>90m": "7",
		"age:>=1h30m": "1 2 3 4 5 6 7 8 104 28282", "-age:<2h": "7 9", "updated:>1d": "7", "updated:>=1d2h": "7", "updated:>1d2H": "",
		"alerts:>5": "6", "alerts:>=5": "6 104", "alerts:5,6": "6 104", "alerts:=5": "104", "alerts:<1": "1 2 3 4 5 8 9 28282",
		"alerts:<=5 -alerts:0": "104",
		"-alerts:<100":         "7",
		"src:sentinel":         "104 28282", "src:S": "104 28282", "src:d -src:both": "1 2 3 4 5 6 7 8 9", "source:both": "28282",
		"is:foreign": "28282", "is:altered": "9", "is:resolved": "8", "is:open,resolved": "1 2 3 4 5 6 7 8 9 104 28282", "is:redirected": "10",
		"is:experts": "5", "-is:unassigned": "",
		"class:tp": "8", "class:TRUEPOSITIVE": "8", "-class:unknown": "8", "det:phishing": "8", "-det:unknown": "8", "determination:malware": "",
		"service:endpoint": "28282", "service:SENTINEL,entra": "28282", "service:identity": "",
		`"fabr-s10"`: "104", "s104": "104", "fabr-28": "28282", "cont-": "1 2 3 4 5 6 7", `"t-7"`: "7", "-s10": "1 2 3 4 5 6 7 8 9 28282",
	}
	for in, want := range cases {
		if got := found(t, s, in); !sameSet(got, strings.Fields(want)) {
			t.Errorf("%q finds %v, want %s", in, got, want)
		}
	}
}

func TestIsMissedAndIsMine(t *testing.T) {
	t.Parallel()
	if got := found(t, estate(), "is:missed"); !sameSet(got, []string{"1"}) {
		t.Errorf("is:missed finds %v", got)
	}
	if got := found(t, estate(), "is:mine"); !sameSet(got, []string{"2", "3", "6"}) {
		t.Errorf("is:mine finds %v", got)
	}
}

func TestAnalystOwns(t *testing.T) {
	t.Parallel()
	a := Analyst{UPN: text.NewLine("Kai@Northwind.example"), Name: text.NewLine("Kai Castellano")}
	for owner, want := range map[string]bool{
		"kai@northwind.example": true,
		"KAI CASTELLANO":        true,
		"kai_northwind.example#EXT#@contoso.onmicrosoft.com": true,
		"KAI_Northwind.Example#ext#@CONTOSO.onmicrosoft.com": true,
		"kai_northwind.example#EXT#":                         false,
		"kai_northwind.example#EXT#@":                        false,
		"kai.northwind.example#EXT#@contoso.example":         false,
		"kai@northwind.example#EXT#@contoso.example":         false,
		"mikai_northwind.example#EXT#@contoso.example":       false,
		"kai@contoso.example":                                false,
		"kai":                                                false,
		"":                                                   false,
	} {
		if got := a.Owns(owner); got != want {
			t.Errorf("owns %q: %v", owner, got)
		}
	}
	if (Analyst{UPN: text.NewLine("operator")}).Owns("operator#EXT#@contoso.example") {
		t.Error("a name without a domain has no guest")
	}
}

func TestFilterKeysAreDescribed(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, k := range FilterKeys() {
		for _, name := range append([]string{k.Key}, k.Aliases...) {
			if seen[name] {
				t.Errorf("%s stands twice", name)
			}
			seen[name] = true
			example := name + strings.TrimPrefix(k.Example, k.Key)
			if _, err := ParseFilter(example, vocabulary()); err != nil {
				t.Errorf("%s: %v", example, err)
			}
		}
		if k.Meaning == "" || k.Form == "" || !strings.HasPrefix(k.Example, k.Key+":") {
			t.Errorf("%+v is not described", k)
		}
		for _, v := range k.Values {
			if _, err := ParseFilter(k.Key+":"+v, vocabulary()); err != nil {
				t.Errorf("the value %s of %s: %v", v, k.Key, err)
			}
		}
	}
}

func TestProductsHaveWords(t *testing.T) {
	t.Parallel()
	if w := Product("microsoftDefenderForOffice365").Word(); w != "Office365" {
		t.Errorf("Office 365 is %q", w)
	}
	if w := Product("brandNew").Word(); w != "brandNew" {
		t.Errorf("an unknown one is %q", w)
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for in, want := range map[string]time.Duration{"90s": 90 * time.Second, "30M": 30 * time.Minute, "1h30m": 90 * time.Minute, "2d": 2 * day,
		"1d12h": 36 * time.Hour, "0s": 0, "3660d": 3660 * day} {
		if got, ok := parseSpan(in); !ok || got != want {
			t.Errorf("%s is %s, %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "h", "2", "2h3", "-2h", "2 h", "1.5h", "3661d", "3660d1s", "9999999999999s", "2ч", "2\xff"} {
		if got, ok := parseSpan(in); ok {
			t.Errorf("%q is %s", in, got)
		}
	}
}

// TestNeedlesAgreeWithLowerCase compares the search with the plain one, at every length around the eight bytes that it
// looks at.
func TestNeedlesAgreeWithLowerCase(t *testing.T) {
	t.Parallel()
	hay := []string{"", "a", "PC-23", "PC-23.cor", "Suspicious INBOX rule",
		"ÄÖÜ and more", "x_y", "x\x7fy", "aaaaaaaaaaaab", "AbAbAbAbAbAbc", "日本語 text", "Ünïcödé"}
	for _, s := range hay {
		for from := 0; from <= len(s); from++ {
			for to := from; to <= len(s); to++ {
				for _, want := range []string{s[from:to], strings.ToUpper(s[from:to]), s[from:to] + "~"} {
					if !strings.Contains(want, "\xff") && strings.ToValidUTF8(want, "") != want {
						continue
					}
					n := newNeedle(want)
					for _, in := range hay {
						if got, plain := n.in(in), strings.Contains(strings.ToLower(in), strings.ToLower(want)); got != plain {
							t.Fatalf("%q in %q: %v", want, in, got)
						}
						if got, plain := n.begins(in), strings.HasPrefix(strings.ToLower(in), strings.ToLower(want)); got != plain {
							t.Fatalf("%q begins %q: %v", in, want, got)
						}
					}
				}
			}
		}
	}
}

func TestMatchingAllocatesNothing(t *testing.T) {
	s, v := crowd(2, 20, 500), crowdVocabulary()
	scope := &Scope{Me: s.Analyst, Now: noon()}
	for _, f := range benchmarkFilters() {
		filter, err := ParseFilter(f.line, v)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(5, func() {
			for i := range s.All() {
				filter.Match(i, scope)
			}
		}); n > 0 {
			t.Errorf("%q allocates %v times for 500 incidents", f.line, n)
		}
	}
}

func TestAlertLooksAtTheTitlesOfAlerts(t *testing.T) {
	t.Parallel()
	f, err := ParseFilter(`alert:"known c2"`, Vocabulary{})
	if err != nil {
		t.Fatal(err)
	}
	i := &Incident{Title: text.NewLine("Something else"), Digest: Digest{Heads: []AlertHead{{Title: text.NewLine("First")}, {Title: text.NewLine("A Known C2 address")}}}}
	if !f.Match(i, &Scope{}) {
		t.Error("an alert's title is not found")
	}
	i.Digest.Heads = i.Digest.Heads[:1]
	if f.Match(i, &Scope{}) {
		t.Error("an incident without such an alert is found")
	}
}
