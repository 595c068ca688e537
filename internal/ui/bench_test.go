package ui

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/page/queue"
)

// crowdCustomers is how many customers the benchmarks' incidents are of.
const crowdCustomers = 500

// crowd is a snapshot with so many incidents of 500 customers, the same each time. Half of them are open.
func crowd(incidents int) *soc.Snapshot {
	r := rand.New(rand.NewPCG(1, 1))
	titles := []string{"Multi-stage incident: initial access and C2", "Suspicious inbox rule", "Unusual sign-in", "Ransomware activity on FS-01",
		"Email messages containing malicious URL removed after delivery involving multiple users"}
	s := &soc.Snapshot{Version: 1, At: noon(), Analyst: soc.Analyst{UPN: text.NewLine("kai@northwind.example")}}
	for c := range crowdCustomers {
		t := &soc.Tenant{ID: soc.TenantID(fmt.Sprintf("0a1b2c3d-0000-4000-8000-%012d", c)), Code: soc.Code(fmt.Sprintf("C%03d", c)),
			Name: text.NewLine(fmt.Sprintf("Customer %d", c)), SLA: soc.SLATargets{soc.SeverityHigh: 30 * time.Minute, soc.SeverityMedium: 4 * time.Hour}}
		var list []*soc.Incident
		for n := c; n < incidents; n += crowdCustomers {
			age := time.Duration(r.Int64N(int64(60 * 24 * time.Hour)))
			i := incident(t, fmt.Sprint(10_000+n), soc.Severities()[n%4], age, titles[r.IntN(len(titles))])
			i.State = []soc.State{soc.StateNew, soc.StateActive, soc.StateResolved, soc.StateResolved}[r.IntN(4)]
			if r.IntN(2) == 0 {
				i.AssignedTo = text.NewLine([]string{"kai@northwind.example", "mira@northwind.example", "Defender Experts"}[r.IntN(3)])
			}
			i.Digest.Entities = entities("device", fmt.Sprintf("PC-%d", r.IntN(500)), "user", fmt.Sprintf("user%d", r.IntN(500)))
			i.Digest.Heads = []soc.AlertHead{head("Suspicious execution of hidden file", age, "microsoftDefenderForEndpoint", "PC-23")}
			list = append(list, i)
		}
		soc.SortPart(list)
		s.Parts = append(s.Parts, soc.Part{Status: fresh(t), Incidents: list})
	}
	s.Index()
	return s
}

// hundredThousand is the crowd of most benchmarks, made once for all of them.
var hundredThousand = sync.OnceValue(func() *soc.Snapshot { return crowd(100_000) })

func crowdOf(n int) *soc.Snapshot {
	if n == 100_000 {
		return hundredThousand()
	}
	return crowd(n)
}

// driver drives a Model in real time, and writes down what each Update and each View takes.
type driver struct {
	tb           testing.TB
	m            *Model
	msgs         chan tea.Msg
	update, view []time.Duration
}

func newDriver(tb testing.TB, snap *soc.Snapshot) *driver {
	tb.Helper()
	d := &driver{tb: tb, msgs: make(chan tea.Msg, 10_000)}
	q := &fakeQueue{changed: make(chan struct{}, 1)}
	q.snap.Store(snap)
	var list []queue.Section
	for _, s := range [][2]string{{"Everything", ""}, {"Triage", "status:new,active -owner:experts"}, {"Mine", "owner:me status:open"},
		{"High, unclaimed", "sev:high owner:none status:open"}, {"Experts wait on us", "status:awaiting"}, {"SLA at risk", "sla:risk,missed"}} {
		f, err := soc.ParseFilter(s[1], soc.Vocabulary{})
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, queue.Section{Name: s[0], Filter: f, Order: soc.OrderUrgency})
	}
	var tenants []*soc.Tenant
	for n := range snap.Parts {
		tenants = append(tenants, snap.Parts[n].Status.Tenant)
	}
	m, err := newModel(tb.Context(), Options{
		Queue: q, Incidents: &fakeIncidents{func(soc.Ref) (*soc.Incident, error) { return nil, errors.New("not there") }}, Links: fakeLinks{},
		Session: signedIn(), Tenants: tenants, Safety: newFakeSafety(), Activity: &fakeActivity{}, Settings: Settings{Sections: list},
		In: strings.NewReader(""), Out: io.Discard, Now: noon, Report: func(error) {},
	})
	if err != nil {
		tb.Fatal(err)
	}
	d.m = m
	tb.Cleanup(m.stop)
	d.send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor}, tea.WindowSizeMsg{Width: 160, Height: 50})
	d.run(m.ask())
	d.await()
	m.queue.Settle()
	m.View()
	d.forget()
	return d
}

// run starts a command in a goroutine of its own.
func (d *driver) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		switch msg := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				d.run(c)
			}
		default:
			select {
			case d.msgs <- msg:
			default: // nobody waits for it any more
			}
		}
	}()
}

// send gives messages to the model, draws after each of them as Bubble Tea does, and writes down the times.
func (d *driver) send(msgs ...tea.Msg) {
	for _, msg := range msgs {
		start := time.Now()
		_, cmd := d.m.Update(msg)
		drawn := time.Now()
		d.m.View()
		d.update, d.view = append(d.update, drawn.Sub(start)), append(d.view, time.Since(drawn))
		d.run(cmd)
	}
}

// press presses keys and drops what they start.
func (d *driver) press(keys ...string) {
	for _, k := range keys {
		for _, msg := range keyOf(k) {
			d.m.Update(msg)
			d.m.View()
		}
	}
}

// await handles messages until the list is up to date.
func (d *driver) await() {
	for d.m.compute.running || d.m.queue.Outdated() {
		d.send(<-d.msgs)
	}
}

// drain handles what came.
func (d *driver) drain() {
	for {
		select {
		case msg := <-d.msgs:
			d.send(msg)
		default:
			return
		}
	}
}

func (d *driver) forget() { d.update, d.view = d.update[:0], d.view[:0] }

// block is how many calls p99 looks at together.
const block = 200

// p99 is the time within which 99 of 100 calls ended, in microseconds, in the block of calls that other processes disturbed
// least.
func p99(times []time.Duration) float64 {
	least := time.Duration(1<<63 - 1)
	for part := range slices.Chunk(times, block) {
		if len(part) < block && len(times) >= block {
			continue
		}
		slices.Sort(part)
		least = min(least, part[(len(part)-1)*99/100])
	}
	return float64(least.Nanoseconds()) / 1e3
}

// step is something that happens to the console over and over.
type step struct {
	name   string
	before func(*driver)
	do     func(d *driver, n int)
}

func keySteps() []step {
	press := func(key string) func(*driver, int) {
		msg := keyOf(key)[0]
		return func(d *driver, _ int) { d.send(msg) }
	}
	return []step{
		{"down", nil, press("j")},
		{"page down", nil, press("ctrl+f")},
		{"typing a filter", func(d *driver) { d.press("/") }, func(d *driver, n int) {
			const words = `sev:high owner:me "inbox rule" `
			if n%len(words) == 0 {
				d.send(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
			}
			d.send(keyOf(words[n%len(words) : n%len(words)+1])...)
			d.drain()
		}},
		{"a mark", nil, press(" ")},
		{"a mark beside 9,900", func(d *driver) { d.mark(9_900) }, func(d *driver, n int) {
			d.send(keyOf([]string{" ", "k"}[n%2])...)
		}},
		{"a move beside 10,000 marks", func(d *driver) { d.mark(queue.MaxMarks) }, press("j")},
		{"a snapshot with other rows", nil, func(d *driver, n int) { d.arrive(n) }},
		{"arrivals", nil, func(d *driver, n int) {
			d.arrive(n)
			d.await()
			d.send(keyOf(".")...)
			d.await()
		}},
		{"all marked", nil, func(d *driver, _ int) {
			d.send(keyOf("*")...)
			d.send(<-d.msgs)
			d.send(keyOf("V")...)
		}},
		{"a range of everything", nil, func(d *driver, _ int) {
			d.send(append(append(keyOf("v"), keyOf("G")...), append(keyOf("v"), keyOf("g")...)...)...)
		}},
	}
}

// mark marks the first rows.
func (d *driver) mark(n int) {
	rows := d.m.queue.Rows()
	marks, _ := queue.MarkRows(nil, rows[:min(n, len(rows))])
	d.m.queue.SetMarks(marks, 0)
}

// arrive lets a snapshot come in which one customer has one more incident.
func (d *driver) arrive(n int) {
	part := n % len(d.m.snap.Parts)
	t := d.m.snap.Parts[part].Status.Tenant
	list := append(slices.Clone(d.m.snap.Parts[part].Incidents), incident(t, fmt.Sprint(500_000+n), soc.SeverityHigh, time.Minute, "New"))
	next := with(d.m.snap, part, list...)
	start := time.Now()
	d.run(d.m.changed(next))
	drawn := time.Now()
	d.m.View()
	d.update, d.view = append(d.update, drawn.Sub(start)), append(d.view, time.Since(drawn))
	d.drain()
}

// BenchmarkLoop is what the console's loop does for one key or one message. update-p99-us and view-p99-us are the times within
// which 99 of 100 calls ended: what an analyst waits for in the worst of a hundred keys. B/op and allocs/op count also what
// runs outside of the loop.
func BenchmarkLoop(b *testing.B) {
	for _, s := range keySteps() {
		for _, size := range []int{1000, 100_000} {
			b.Run(fmt.Sprintf("%s/%d", s.name, size), func(b *testing.B) {
				d := newDriver(b, crowdOf(size))
				if s.before != nil {
					s.before(d)
				}
				runtime.GC()
				d.forget()
				b.ReportAllocs()
				for n := 0; b.Loop(); n++ {
					s.do(d, n)
				}
				b.ReportMetric(p99(d.update), "update-p99-us")
				b.ReportMetric(p99(d.view), "view-p99-us")
			})
		}
	}
}

// TestAKeyAllocatesTheSameAtAnySize holds the loop to it that no key costs more because there are more incidents. It runs
// alone: others would count.
func TestAKeyAllocatesTheSameAtAnySize(t *testing.T) {
	keys := []string{"j", "k", "ctrl+f", "ctrl+b", "G", "g", " ", "v", "v", "[", "]", "O", "tab", "z"}
	for _, k := range keys {
		few, many := allocated(t, 5_000, k), allocated(t, 50_000, k)
		if float64(many) > 1.3*float64(few)+4096 {
			t.Errorf("%s: %d bytes with 5,000 incidents and %d with 50,000", k, few, many)
		}
	}
}

// allocated is how many bytes a key and the frame after it take, at their least.
func allocated(t *testing.T, incidents int, key string) uint64 {
	t.Helper()
	d := newDriver(t, crowdOf(incidents))
	msgs := keyOf(key)
	least := ^uint64(0)
	for range 20 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for _, msg := range msgs {
			d.m.Update(msg)
			d.m.View()
		}
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}

// BenchmarkCompute is filtering, sorting, counting and comparing as a whole, as it runs outside the loop after each change.
func BenchmarkCompute(b *testing.B) {
	snap := hundredThousand()
	d := newDriver(b, snap)
	for _, c := range []struct {
		name    string
		section int
		change  func(*queue.Ask)
	}{
		{"everything, with counts", 0, func(*queue.Ask) {}},
		{"triage, with counts", 1, func(*queue.Ask) {}},
		{"a new filter", 0, func(a *queue.Ask) { a.Count, a.Fresh, a.Shown = false, true, nil }},
		{"with 10,000 marks", 0, func(a *queue.Ask) { a.Marks, _ = queue.MarkRows(nil, a.Shown) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			ask := d.m.queue.Ask(snap, noon())
			ask.Section = c.section
			if c.section != 0 {
				ask.Shown = nil
				ask.Shown = queue.Compute(ask).Rows
			}
			c.change(&ask)
			if c.name == "a new filter" {
				f, err := soc.ParseFilter("inbox rule", soc.Vocabulary{})
				if err != nil {
					b.Fatal(err)
				}
				ask.Filter = f
			}
			b.ReportAllocs()
			for b.Loop() {
				queue.Compute(ask)
			}
		})
	}
}
