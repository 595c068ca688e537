package feed

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// estate makes incidents as the decoder hands them over: each text in memory of its own, lists with room at their end.
// The numbers are the means of the simulated cloud's hundred thousand: 2.7 alerts and 4.4 things of an incident, of which a
// third was described in words that came before, and a third is open.
type estate struct {
	*rand.Rand
	tenant *soc.Tenant
	start  time.Time
}

func newEstate(n int) *estate {
	t := customer(n)
	t.Domain = text.NewLine(fmt.Sprintf("customer%03d.example", n))
	return &estate{Rand: rand.New(rand.NewPCG(uint64(n), 7)), tenant: t, start: time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)}
}

// line is a text in memory of its own.
func (e *estate) line(format string, args ...any) text.Line {
	return text.NewLine(strings.Clone(fmt.Sprintf(format, args...)))
}

func (e *estate) page(from, n int) []*soc.Incident {
	page := make([]*soc.Incident, n)
	for i := range page {
		page[i] = e.incident(from + i)
	}
	return page
}

func (e *estate) incident(n int) *soc.Incident {
	id := fmt.Sprint(28282 + n)
	at := e.start.Add(-time.Duration(n) * time.Hour)
	i := &soc.Incident{
		Ref: soc.Ref{Tenant: e.tenant.ID, Code: e.tenant.Code, Source: soc.SourceDefender, ID: id}, Tenant: e.tenant,
		Title:    e.line("Multi-stage incident of kind %d involving %s on one endpoint", e.IntN(70), []string{"execution", "access"}[e.IntN(2)]),
		Severity: soc.SeverityMedium, State: soc.StateResolved, Priority: e.IntN(100),
		AssignedTo: e.line("mira@northwind.example"), ModifiedBy: e.line("Microsoft 365 Defender-AlertCorrelation"),
		Created: at, Updated: at.Add(time.Minute), Sources: []soc.SourceRef{{Kind: soc.SourceDefender, ID: id}},
		AlertCount: 1 + n%4,
	}
	i.Description = text.NewBlock(fmt.Sprintf("An account opened an attachment of kind %d that started a program.", e.IntN(70)))
	if n%3 == 0 {
		i.State = soc.StateActive
		i.Description = text.NewBlock(i.Description.String() + " It was seen on " + id + ".")
		i.Comments = append(make([]soc.Comment, 0, 2), soc.Comment{Text: text.NewBlock("Looking into it: " + id), By: e.line("mira@northwind.example"), At: at})
	}
	if n%6 == 0 {
		i.SystemTags = []text.Line{e.line("Defender Experts")}
	}
	i.Digest = e.digest(n, i.AlertCount, at)
	return i
}

func (e *estate) digest(n, alerts int, at time.Time) soc.Digest {
	device, user := e.line("PC-%d.%s", e.IntN(40), e.tenant.Domain), e.line("user.%d@%s", e.IntN(60), e.tenant.Domain)
	names := []text.Line{device, user}
	d := soc.Digest{
		Entities: []soc.Entity{{Kind: soc.EntityDevice, Name: device}, {Kind: soc.EntityUser, Name: user},
			{Kind: soc.EntityFile, Name: e.line("invoice_%d.iso", e.IntN(200))}, {Kind: soc.EntityIP, Name: e.line("203.0.113.%d", e.IntN(250))}},
		Techniques: []text.Line{e.line("T1059.%03d", e.IntN(9)), e.line("T10%d", 10+e.IntN(20))}, Detections: []soc.Detection{"antivirus"},
		Services: []soc.Product{"microsoftDefenderForEndpoint"}, FirstActivity: at, LastActivity: at.Add(time.Minute),
	}
	if n%5 < 2 {
		d.Entities = append(make([]soc.Entity, 0, 5), append(d.Entities, soc.Entity{Kind: soc.EntityURL, Name: e.line("https://docs-%d.example/%s/%d", n, e.tenant.Domain, n)})...)
	}
	for a := range alerts {
		d.Heads = append(d.Heads, soc.AlertHead{Title: e.line("Suspicious command line of kind %d", e.IntN(70)), At: at.Add(time.Duration(a) * time.Minute),
			Severity: soc.SeverityMedium, Service: "microsoftDefenderForEndpoint", Reached: append(make([]text.Line, 0, 3), names[:1+e.IntN(2)]...)})
	}
	return d
}

// big is a feed of many customers, each read once, in pages of 50.
func big(customers, incidents int) *Feed {
	var list []Customer
	for n := range customers {
		e := newEstate(n)
		list = append(list, Customer{Tenant: e.tenant, Source: source(func(q Query, yield func([]*soc.Incident) error) error {
			if q.Open {
				return nil
			}
			for from := 0; from < incidents; from += 50 {
				if err := yield(e.page(from, min(50, incidents-from))); err != nil {
					return err
				}
			}
			return nil
		})})
	}
	return New(Options{Customers: list, Once: true})
}

// source is a Source that never fails to understand a record.
type source func(q Query, yield func([]*soc.Incident) error) error

func (s source) Read(_ context.Context, q Query, yield func([]*soc.Incident) error) (Result, error) {
	return Result{}, s(q, yield)
}

func live() uint64 {
	runtime.GC()
	runtime.GC() // what the first one's finalizers let go
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// fill reads everybody and tells how many bytes stay for each incident.
func fill(tb testing.TB, customers, incidents int) (*Feed, float64) {
	tb.Helper()
	before := live()
	f := big(customers, incidents)
	if err := f.Run(context.Background()); err != nil {
		tb.Fatal(err)
	}
	after := live()
	if n := f.Snapshot().Len(); n != customers*incidents {
		tb.Fatalf("%d incidents", n)
	}
	return f, float64(after-before) / float64(customers*incidents)
}

// maxIncident is what an incident with its alerts may take, in bytes: a hundred thousand in 150 MiB.
const maxIncident = 150 << 20 / 100_000

// It runs alone: others would count.
func TestAnIncidentStaysSmall(t *testing.T) {
	f, each := fill(t, 100, 200)
	if each > maxIncident {
		t.Errorf("%.0f bytes for each of %d incidents, want %d at most", each, f.Snapshot().Len(), maxIncident)
	}
}

// BenchmarkHundredThousand fills the queue as a start does. bytes/incident is what stays of it in memory, snapshots how
// often the console could have drawn it meanwhile.
func BenchmarkHundredThousand(b *testing.B) {
	for b.Loop() {
		f, each := fill(b, 500, 200)
		b.ReportMetric(each, "bytes/incident")
		b.ReportMetric(float64(f.Snapshot().Version), "snapshots")
	}
}

// BenchmarkPublish makes one snapshot of 500 customers.
func BenchmarkPublish(b *testing.B) {
	f := big(500, 0)
	b.ReportAllocs()
	for b.Loop() {
		f.workers[7].publish()
	}
}

// BenchmarkCompact makes a page small.
func BenchmarkCompact(b *testing.B) {
	page, c := newEstate(1).page(0, 50), newCompactor(newCommon())
	b.ReportAllocs()
	for b.Loop() {
		c.page(page)
	}
}
