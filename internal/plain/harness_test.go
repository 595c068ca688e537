package plain

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/text/hostile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noon is the time at which tests start.
func noon() time.Time { return time.Date(2026, 11, 22, 14, 20, 30, 0, time.UTC) }

// bench runs a console in a bubble of synctest: quiet means that nothing is under way, and waiting costs no time.
type bench struct {
	t       *testing.T
	queue   *fakeQueue
	opens   func(context.Context, soc.Ref) (*soc.Incident, error)
	session *fakeSession
	keys    net.Conn
	out     *screen
	start   time.Time
	ended   chan error
	stop    context.CancelFunc
	echo    bool
}

type fakeQueue struct {
	snap      atomic.Pointer[soc.Snapshot]
	changed   chan struct{}
	mu        sync.Mutex
	refreshed []soc.TenantID
}

func (q *fakeQueue) Snapshot() *soc.Snapshot  { return q.snap.Load() }
func (q *fakeQueue) Changed() <-chan struct{} { return q.changed }
func (q *fakeQueue) Refresh(id soc.TenantID) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.refreshed = append(q.refreshed, id)
}

type fakeSession struct {
	prompt *Prompt
	done   chan error
}

func (s *fakeSession) SignIn(ctx context.Context, show func(Prompt)) error {
	if s.prompt != nil {
		show(*s.prompt)
	}
	select {
	case err := <-s.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *bench) Incident(ctx context.Context, ref soc.Ref) (*soc.Incident, error) {
	return b.opens(ctx, ref)
}

func (b *bench) Link(i *soc.Incident) Link {
	return Link{URL: "https://security.microsoft.com/incident2/" + i.Ref.ID + "/overview?tid=" + string(i.Ref.Tenant)}
}

// screen collects what the console writes.
type screen struct {
	mu  sync.Mutex
	all strings.Builder
	new strings.Builder
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all.Write(p)
	s.new.Write(p)
	return len(p), nil
}

// take gives what was written since the last time.
func (s *screen) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.new.Reset()
	return s.new.String()
}

// newBench starts a console over a snapshot. Signing in is done at once unless change says otherwise.
func newBench(t *testing.T, snap *soc.Snapshot, change ...func(*Options, *bench)) *bench {
	t.Helper()
	ours, theirs := net.Pipe()
	b := &bench{t: t, queue: &fakeQueue{changed: make(chan struct{}, 1)}, session: &fakeSession{done: make(chan error, 1)}, keys: ours,
		out: &screen{}, start: time.Now(), ended: make(chan error, 1)}
	b.session.done <- nil
	b.queue.snap.Store(snap)
	b.opens = func(_ context.Context, ref soc.Ref) (*soc.Incident, error) {
		if i, ok := b.queue.Snapshot().Find(ref); ok {
			return i, nil
		}
		return nil, errors.New("not there")
	}
	v := soc.Vocabulary{Groups: []string{"gold"}}
	var all []*soc.Tenant
	for n := range snap.Parts {
		tenant := snap.Parts[n].Status.Tenant
		all, v.Codes = append(all, tenant), append(v.Codes, tenant.Code)
	}
	o := Options{Queue: b.queue, Incidents: b, Links: b, Session: b.session, Sections: sections(t, v), Vocabulary: v, Tenants: all,
		In: theirs, Out: b.out, Now: b.now, Report: func(error) {}}
	for _, f := range change {
		f(&o, b)
	}
	ctx, stop := context.WithCancel(t.Context())
	b.stop = stop
	go func() { b.ended <- Run(ctx, o) }()
	t.Cleanup(func() {
		stop()
		synctest.Wait()
		_ = ours.Close()
		_ = theirs.Close()
	})
	synctest.Wait()
	return b
}

func (b *bench) now() time.Time { return noon().Add(time.Since(b.start)) }

// interactive makes the input a terminal.
func interactive(o *Options, b *bench) { o.Interactive, b.echo = true, true }

// pass lets time go by.
func (b *bench) pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// enter types a line.
func (b *bench) enter(s string) {
	b.t.Helper()
	if b.echo { // as a terminal does
		_, _ = b.out.Write([]byte(s + "\n"))
	}
	if _, err := b.keys.Write([]byte(s + "\n")); err != nil {
		b.t.Fatal(err)
	}
	synctest.Wait()
}

// answer types a line and gives what came of it.
func (b *bench) answer(s string) string {
	b.t.Helper()
	b.out.take()
	b.enter(s)
	return b.out.take()
}

// publish changes the queue and signals it.
func (b *bench) publish(change func(*soc.Snapshot)) {
	next := *b.queue.Snapshot()
	next.Version++
	next.Parts = append([]soc.Part(nil), next.Parts...)
	change(&next)
	b.queue.snap.Store(&next)
	select {
	case b.queue.changed <- struct{}{}:
	default:
	}
	synctest.Wait()
}

// news changes the queue, waits until the console looked, and gives what it said.
func (b *bench) news(change func(*soc.Snapshot)) string {
	b.out.take()
	b.publish(change)
	b.pass(15 * time.Second)
	return b.out.take()
}

// put adds or replaces incidents of a customer.
func put(part int, list ...*soc.Incident) func(*soc.Snapshot) {
	return func(s *soc.Snapshot) {
		p := &s.Parts[part]
		kept := append([]*soc.Incident(nil), list...)
		for _, old := range p.Incidents {
			if !contains(list, old.Ref) {
				kept = append(kept, old)
			}
		}
		soc.SortPart(kept)
		p.Incidents = kept
		p.Rows++
	}
}

func contains(list []*soc.Incident, ref soc.Ref) bool {
	for _, i := range list {
		if i.Ref == ref {
			return true
		}
	}
	return false
}

// edit gives a changed copy of an incident of the queue.
func (b *bench) edit(part int, id string, change func(*soc.Incident)) func(*soc.Snapshot) {
	b.t.Helper()
	for _, i := range b.queue.Snapshot().Parts[part].Incidents {
		if i.Ref.ID == id {
			next := *i
			change(&next)
			return put(part, &next)
		}
	}
	b.t.Fatalf("no incident %s", id)
	return nil
}

func state(part int, st soc.Status) func(*soc.Snapshot) {
	return func(s *soc.Snapshot) {
		st.Tenant = s.Parts[part].Status.Tenant
		s.Parts[part].Status = st
	}
}

func wants(t *testing.T, got string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(got, p) {
			t.Errorf("%q is missing in:\n%s", p, got)
		}
	}
}

// clean fails where a byte stands in the output that may not.
func clean(t *testing.T, got string) {
	t.Helper()
	if err := hostile.ScanBytes([]byte(got)); err != nil {
		t.Errorf("%v in %q", err, got)
	}
}

func sections(t *testing.T, v soc.Vocabulary) []Section {
	t.Helper()
	var all []Section
	for _, s := range [][2]string{{"Triage", "status:new,active -owner:experts"}, {"Mine", "owner:me status:open"},
		{"High, unclaimed", "sev:high owner:none status:open"}, {"SLA at risk", "sla:risk,missed"}, {"Everything", ""}} {
		f, err := soc.ParseFilter(s[1], v)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, Section{Name: s[0], Filter: f})
	}
	return all
}

func customerOf(n int, code, name string, groups ...string) *soc.Tenant {
	return &soc.Tenant{ID: soc.TenantID("0a1b2c3d-0000-4000-8000-00000000000" + string(rune('0'+n))), Code: soc.Code(code), Name: text.NewLine(name),
		Groups: groups, SLA: soc.SLATargets{soc.SeverityHigh: time.Hour, soc.SeverityMedium: 8 * time.Hour}}
}

func incident(t *soc.Tenant, id string, sev soc.Severity, age time.Duration, title string, change ...func(*soc.Incident)) *soc.Incident {
	i := &soc.Incident{
		Ref: soc.Ref{Tenant: t.ID, Code: t.Code, Source: soc.SourceDefender, ID: id}, Tenant: t, Title: text.NewLine(title), Severity: sev,
		State: soc.StateNew, Priority: -1, Classification: soc.ClassificationUnknown, Determination: "unknown",
		Created: noon().Add(-age), Updated: noon().Add(-2 * time.Minute), AlertCount: 1,
	}
	for _, f := range change {
		f(i)
	}
	return i
}

func fresh() soc.Status {
	return soc.Status{Health: soc.HealthFresh, LastGood: noon().Add(-12 * time.Second), Until: noon().Add(48 * time.Second), Calls: 2}
}

func stale(problem string) soc.Status {
	return soc.Status{Health: soc.HealthStale, LastGood: noon().Add(-14 * time.Minute), Problem: text.NewLine(problem),
		Next: text.NewLine("trying again by itself")}
}

// estate is four customers: two fresh, one stale, one that does not let us in.
func estate() *soc.Snapshot {
	cont, fabr := customerOf(1, "CONT", "Contoso Ltd", "gold"), customerOf(2, "FABR", "Fabrikam")
	wood, wing := customerOf(3, "WOOD", "Woodgrove Bank", "gold"), customerOf(4, "WING", "Wingtip Toys")
	owned := func(name string) func(*soc.Incident) {
		return func(i *soc.Incident) { i.AssignedTo, i.State = text.NewLine(name), soc.StateActive }
	}
	s := &soc.Snapshot{Version: 1, At: noon(), Analyst: soc.Analyst{UPN: text.NewLine("kai@northwind.example"), Name: text.NewLine("Kai Castellano")}}
	s.Parts = []soc.Part{
		{Status: fresh(), Incidents: []*soc.Incident{
			incident(cont, "28282", soc.SeverityHigh, 76*time.Minute, "Multi-stage incident: initial access and C2", func(i *soc.Incident) { i.AlertCount = 7 }),
			incident(cont, "28290", soc.SeverityLow, 140*time.Minute, "Unusual sign-in", owned("mira@northwind.example")),
		}},
		{Status: fresh(), Incidents: []*soc.Incident{
			incident(fabr, "1204", soc.SeverityHigh, 26*time.Minute, "Ransomware activity on FS-01", func(i *soc.Incident) { i.AlertCount = 2 }),
			incident(fabr, "28290", soc.SeverityMedium, 30*time.Minute, "Suspicious inbox rule"),
		}},
		{Status: stale("no answer")},
		{Status: soc.Status{Health: soc.HealthNoAccess, Problem: text.NewLine("your account is not in this tenant yet"), Next: text.NewLine("request access")}},
	}
	for n, tenant := range []*soc.Tenant{cont, fabr, wood, wing} {
		s.Parts[n].Status.Tenant = tenant
		soc.SortPart(s.Parts[n].Incidents)
	}
	return s
}
