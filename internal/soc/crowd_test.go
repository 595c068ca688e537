package soc

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/text"
)

// crowdCode is the code of the n-th customer of a crowd.
func crowdCode(n int) Code { return Code(fmt.Sprintf("T%03d", n)) }

// crowd makes a snapshot with so many incidents of so many customers, the same for the same seed. Names are as long and
// as often repeated as in an estate: few people and many devices, titles that start alike, addresses of some networks.
func crowd(seed uint64, customers, incidents int) *Snapshot {
	r := rand.New(rand.NewPCG(seed, 0))
	s := &Snapshot{Version: 1, At: noon(), Analyst: Analyst{UPN: text.NewLine("kai@northwind.example"), Name: text.NewLine("Kai Castellano")}}
	for c := range customers {
		groups := []string{"gold"}[:r.IntN(2)]
		t := tenant(TenantID(fmt.Sprintf("0a1b2c3d-0000-4000-8000-%012d", c)), crowdCode(c), groups...)
		t.Name = text.NewLine("Customer " + string(t.Code) + " Holding")
		var list []*Incident
		for n := c; n < incidents; n += customers {
			list = append(list, member(r, t, n))
		}
		SortPart(list)
		s.Parts = append(s.Parts, Part{Status: Status{Tenant: t, Health: HealthFresh, LastGood: noon()}, Incidents: list})
	}
	return s
}

func one[E any](r *rand.Rand, from ...E) E { return from[r.IntN(len(from))] }

// member makes one incident of a crowd.
func member(r *rand.Rand, t *Tenant, n int) *Incident {
	created := noon().Add(-time.Duration(r.Int64N(int64(60 * 24 * time.Hour))))
	i := &Incident{
		Ref: Ref{Tenant: t.ID, Code: t.Code, Source: SourceDefender, ID: fmt.Sprint(10_000 + n)}, Tenant: t,
		Title: text.NewLine(fmt.Sprintf("%s on %s involving %s",
			one(r, "Multi-stage incident: Initial access & C2", "Suspicious inbox rule", "Ransomware activity", "Unusual sign-in",
				"Übernahme eines Kontos"),
			one(r, "one endpoint", "several endpoints", "a mailbox"), one(r, "a user", "several users"))),
		Severity: one(r, Severities()...),
		State:    one(r, StateNew, StateNew, StateActive, StateActive, StateAwaiting, StateResolved, StateResolved, StateRedirected),
		Priority: r.IntN(102) - 1, AlertCount: r.IntN(12) - 1,
		Created: created, Updated: created.Add(time.Duration(r.Int64N(int64(noon().Sub(created) + 1)))),
		Classification: one(r, ClassificationUnknown, ClassificationTruePositive, ClassificationFalsePositive),
		Determination:  one[Determination](r, "unknown", "phishing", "malware"),
	}
	i.Sources = []SourceRef{{SourceDefender, i.Ref.ID}}
	if r.IntN(4) == 0 {
		i.Sources = append(i.Sources, SourceRef{SourceSentinel, fmt.Sprint(n)})
	}
	if r.IntN(2) == 0 {
		i.AssignedTo = text.NewLine(one(r, "kai@northwind.example", "Mira Santos", "Defender Experts",
			"kai_northwind.example#EXT#@contoso.onmicrosoft.com",
			fmt.Sprintf("analyst%d@northwind.example", r.IntN(40))))
	}
	if r.IntN(3) == 0 {
		i.CustomTags = []text.Line{text.NewLine(one(r, "VIP", "follow up", "Red team"))}
	}
	if r.IntN(10) == 0 {
		i.SystemTags = []text.Line{text.NewLine("Defender Experts")}
	}
	i.Digest = Digest{Services: []Product{one(r, services()...).product}, Detections: []Detection{"antivirus"},
		Techniques: []text.Line{text.NewLine(one(r, "T1059", "T1059.001", "T1566.001", "T1078")), text.NewLine(one(r, "T1110", "T1486"))}}
	for range r.IntN(7) {
		i.Digest.Entities = append(i.Digest.Entities, thing(r))
	}
	return i
}

func thing(r *rand.Rand) Entity {
	e := Entity{Kind: one(r, entityKinds()...)}
	name := fmt.Sprintf("Thing %d", r.IntN(5000))
	switch e.Kind {
	case EntityDevice:
		name = fmt.Sprintf("PC-%d.corp.contoso.example", r.IntN(50_000))
	case EntityUser, EntityMailbox:
		name = fmt.Sprintf("User.Name%d@contoso.example", r.IntN(20_000))
	case EntityIP:
		name = fmt.Sprintf("203.0.113.%d", r.IntN(256))
		if r.IntN(3) == 0 {
			name = fmt.Sprintf("2001:db8::%x", r.IntN(60_000))
		}
	case EntityFile:
		name = one(r, "powershell.exe", "evil.exe", "Rechnung.docm", "setup(1).exe")
	case EntityURL:
		name = fmt.Sprintf("https://evil.example/path/%d?a=1,2", r.IntN(100_000))
	}
	e.Name = text.NewLine(name)
	return e
}

// hundredThousand is the crowd of the benchmarks, made once for all of them.
var hundredThousand = sync.OnceValue(func() *Snapshot { return crowd(1, 500, 100_000) })

func crowdVocabulary() Vocabulary {
	v := Vocabulary{Groups: []string{"gold"}}
	for n := range 500 {
		v.Codes = append(v.Codes, crowdCode(n))
	}
	return v
}

func BenchmarkFilter(b *testing.B) {
	s, v := hundredThousand(), crowdVocabulary()
	for _, f := range benchmarkFilters() {
		b.Run(f.name, func(b *testing.B) {
			filter, err := ParseFilter(f.line, v)
			if err != nil {
				b.Fatal(err)
			}
			scope, found := &Scope{Me: s.Analyst, Now: noon()}, 0
			b.ReportAllocs()
			for b.Loop() {
				found = 0
				for i := range s.All() {
					if filter.Match(i, scope) {
						found++
					}
				}
			}
			b.ReportMetric(float64(found), "found")
		})
	}
}

// benchmarkFilters has one for each way to look.
func benchmarkFilters() []struct{ name, line string } {
	return []struct{ name, line string }{
		{"none", ""}, {"text", "ransomware"}, {"text that is nowhere", "tailspin"}, {"text of frequent letters", "nation"},
		{"text beyond ASCII", "übernahme"}, {"four texts", "xyzzy or tailspin or nation or wonderful"}, {"half an address", "203.0.1"},
		{"triage", "status:new,active -owner:experts"}, {"mine", "owner:me"}, {"sla", "sla:missed,risk"}, {"age", "age:<2h or updated:>30d"},
		{"alerts", "alerts:>5"}, {"device", "device:pc-23"}, {"user", `user:"name777"`}, {"ip", "ip:203.0.113.0/28"}, {"ip6", "ip:2001:db8::77"},
		{"entity", "entity:zz"}, {"tag", "tag:vip"}, {"technique", "tech:T1059"}, {"service", "service:endpoint,identity"}, {"title", "title:inbox"},
		{"reference", "ref:28282"},
		{"long", `(sev:high,medium or is:redirected) -owner:me not (tag:vip or tech:T1566 or device:pc-1) age:<30d "inbox rule"`},
	}
}

func BenchmarkSort(b *testing.B) {
	s := hundredThousand()
	var all []*Incident
	for i := range s.All() {
		all = append(all, i)
	}
	list := make([]*Incident, len(all))
	for _, o := range Orders() {
		for _, by := range []Order{o, o.Reverse()} {
			b.Run(string(by), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					copy(list, all)
					Sort(list, by, noon())
				}
			})
		}
	}
}

func BenchmarkSelect100k(b *testing.B) {
	s := hundredThousand()
	f, err := ParseFilter("sev:high,medium status:open incident", Vocabulary{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		s.Select(f, OrderUrgency, noon())
	}
}

func BenchmarkFilterValuesOf(b *testing.B) {
	s := hundredThousand()
	b.ReportAllocs()
	for b.Loop() {
		FilterValuesOf(s)
	}
}

// BenchmarkFilterValuesMemory tells what stays in memory of a collection, in bytes.
func BenchmarkFilterValuesMemory(b *testing.B) {
	s := hundredThousand()
	for b.Loop() {
		before := heap()
		v := FilterValuesOf(s)
		b.ReportMetric(float64(heap()-before), "kept-B")
		runtime.KeepAlive(v)
	}
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func BenchmarkCompleteFilter(b *testing.B) {
	values, v := FilterValuesOf(hundredThousand()), crowdVocabulary()
	for _, line := range []string{"se", "sev:high entity:1", "tenant:t0"} {
		b.Run(strings.NewReplacer(" ", "+").Replace(line), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				CompleteFilter(line, len(line), v, values)
			}
		})
	}
}

func BenchmarkParseFilter(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseFilter(`(sev:high or is:redirected) -owner:me age:<30d "inbox rule"`, Vocabulary{}); err != nil {
			b.Fatal(err)
		}
	}
}
