package ui

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/term"
)

// noon is the time in which synctest's bubbles start, moved to a day that reads well in goldens.
func noon() time.Time { return time.Date(2026, 11, 22, 14, 22, 0, 0, time.UTC) }

// bench drives a Model as Bubble Tea does, one message after the other, with its commands in goroutines. It runs in a
// bubble of synctest, so that ticks cost no time and quiet means that nothing is under way.
type bench struct {
	t     *testing.T
	m     *Model
	queue *fakeQueue
	opens *fakeIncidents
	msgs  chan tea.Msg
	raw   []string // what tea.Raw wrote
	quit  bool
	start time.Time
}

type fakeQueue struct {
	snap      atomic.Pointer[soc.Snapshot]
	changed   chan struct{}
	refreshed []soc.TenantID
}

func (q *fakeQueue) Snapshot() *soc.Snapshot  { return q.snap.Load() }
func (q *fakeQueue) Changed() <-chan struct{} { return q.changed }
func (q *fakeQueue) Refresh(id soc.TenantID)  { q.refreshed = append(q.refreshed, id) }
func (q *fakeQueue) publish(s *soc.Snapshot)  { q.snap.Store(s); q.changed <- struct{}{} }

type fakeIncidents struct {
	answer func(soc.Ref) (*soc.Incident, error)
}

func (f *fakeIncidents) Incident(_ context.Context, ref soc.Ref) (*soc.Incident, error) {
	return f.answer(ref)
}

type fakeLinks struct{}

func (fakeLinks) Link(i *soc.Incident) Link {
	return Link{URL: "https://security.microsoft.com/incidents/" + i.Ref.ID + "?tid=" + string(i.Ref.Tenant)}
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

// signedIn is a session that is done at once.
func signedIn() *fakeSession {
	s := &fakeSession{done: make(chan error, 1)}
	s.done <- nil
	return s
}

// fakeSafety keeps locks as the app does.
type fakeSafety struct{ locked map[soc.TenantID]soc.ReadOnly }

func newFakeSafety() *fakeSafety { return &fakeSafety{make(map[soc.TenantID]soc.ReadOnly)} }

func (f *fakeSafety) ReadOnly(id soc.TenantID) soc.ReadOnly {
	if all := f.locked[""]; all.On {
		all.All = true
		return all
	}
	return f.locked[id]
}

func (f *fakeSafety) SetReadOnly(id soc.TenantID, on bool, until time.Time) {
	f.locked[id] = soc.ReadOnly{On: on, Until: until}
}

type fakeActivity struct {
	calls []soc.Call
	tasks []soc.Task
}

func (f *fakeActivity) Calls(since uint64) []soc.Call {
	var out []soc.Call
	for _, c := range f.calls {
		if c.Seq > since {
			out = append(out, c)
		}
	}
	return out
}

func (f *fakeActivity) Tasks() []soc.Task { return f.tasks }

func newBench(t *testing.T, snap *soc.Snapshot, width, height int, change ...func(*Options)) *bench {
	t.Helper()
	b := &bench{t: t, queue: &fakeQueue{changed: make(chan struct{}, 1)}, msgs: make(chan tea.Msg, 1000), start: time.Now()}
	b.queue.snap.Store(snap)
	b.opens = &fakeIncidents{answer: func(ref soc.Ref) (*soc.Incident, error) {
		i, ok := b.queue.Snapshot().Find(ref)
		if !ok {
			return nil, errors.New("not there")
		}
		return i, nil
	}}
	var all []*soc.Tenant
	v := soc.Vocabulary{Groups: []string{"gold"}}
	for n := range snap.Parts {
		all = append(all, snap.Parts[n].Status.Tenant)
		v.Codes = append(v.Codes, snap.Parts[n].Status.Tenant.Code)
	}
	o := Options{
		Queue: b.queue, Incidents: b.opens, Links: fakeLinks{}, Session: signedIn(), Vocabulary: v, Tenants: all,
		Safety: newFakeSafety(), Activity: &fakeActivity{}, Settings: Settings{Sections: sections(t, v)},
		In: strings.NewReader(""), Out: io.Discard, Now: func() time.Time { return noon().Add(time.Since(b.start)) },
		Report: func(error) {}, Terminal: term.Env{SSH: true},
	}
	for _, f := range change {
		f(&o)
	}
	m, err := newModel(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	b.m = m
	t.Cleanup(func() {
		m.stop()
		<-time.After(2 * time.Minute) // the ticks that are under way end, and their goroutines with them
	})
	b.run(m.Init())
	b.send(tea.ColorProfileMsg{Profile: colorprofile.ASCII}, tea.WindowSizeMsg{Width: width, Height: height})
	return b
}

func sections(t *testing.T, v soc.Vocabulary) []queue.Section {
	t.Helper()
	var out []queue.Section
	for _, s := range [][2]string{{"Triage", "status:new,active -owner:experts"}, {"Mine", "owner:me status:open"},
		{"High, unclaimed", "sev:high owner:none status:open"}, {"Experts wait on us", "status:awaiting"},
		{"SLA at risk", "sla:risk,missed"}, {"Everything", ""}} {
		f, err := soc.ParseFilter(s[1], v)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, queue.Section{Name: s[0], Filter: f, Order: soc.OrderUrgency})
	}
	return out
}

// run starts a command as Bubble Tea does.
func (b *bench) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		if msg := cmd(); msg != nil {
			b.msgs <- msg // it has room for all that a test can start
		}
	}()
}

// settle handles messages until nothing is under way but timers and waits.
func (b *bench) settle() {
	for {
		synctest.Wait()
		select {
		case msg := <-b.msgs:
			b.handle(msg)
		default:
			return
		}
	}
}

func (b *bench) handle(msg tea.Msg) {
	switch msg := msg.(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			b.run(c)
		}
		return
	case tea.QuitMsg:
		b.quit = true
		return
	case tea.RawMsg:
		if raw := msg.Msg.(string); raw != ansi.RequestModeSynchronizedOutput {
			b.raw = append(b.raw, raw)
		}
		return
	}
	if cmds, ok := sequence(msg); ok {
		for _, c := range cmds {
			if c == nil {
				continue
			}
			b.handle(c())
		}
		return
	}
	_, cmd := b.m.Update(msg)
	b.run(cmd)
}

// send gives messages to the model and waits for what they start.
func (b *bench) send(msgs ...tea.Msg) {
	for _, msg := range msgs {
		b.handle(msg)
		b.settle()
	}
}

// pass lets time go by.
func (b *bench) pass(d time.Duration) {
	<-time.After(d)
	b.settle()
}

// press presses keys: a name such as enter, or text, one key a letter.
func (b *bench) press(keys ...string) {
	for _, k := range keys {
		b.send(keyOf(k)...)
	}
}

func keyOf(name string) []tea.Msg {
	special := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "down": tea.KeyDown, "up": tea.KeyUp}
	if code, ok := special[name]; ok {
		return []tea.Msg{tea.KeyPressMsg{Code: code}}
	}
	if c, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return []tea.Msg{tea.KeyPressMsg{Code: rune(c[0]), Mod: tea.ModCtrl}}
	}
	var out []tea.Msg
	for _, r := range name {
		out = append(out, tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return out
}

// frame is the screen as text.
func (b *bench) frame() string { return ansi.Strip(b.m.View().Content) }

func (b *bench) shows(want ...string) {
	b.t.Helper()
	f := b.frame()
	for _, w := range want {
		if !strings.Contains(f, w) {
			b.t.Errorf("the screen does not show %q:\n%s", w, f)
		}
	}
}

func (b *bench) hides(unwanted ...string) {
	b.t.Helper()
	f := b.frame()
	for _, w := range unwanted {
		if strings.Contains(f, w) {
			b.t.Errorf("the screen shows %q:\n%s", w, f)
		}
	}
}

// cursor is the reference in the row that the cursor stands on.
func (b *bench) cursor() string {
	if i, ok := b.m.queue.Current(); ok {
		return i.Ref.String()
	}
	return ""
}

// order is the numbers of the rows on the screen.
func (b *bench) order() string {
	var ids []string
	v := b.m.queue.View()
	at := v.Cursor
	for n := range b.m.queue.Len() {
		v.Cursor = n
		i, _ := b.m.queue.Current()
		ids = append(ids, i.Ref.ID)
	}
	v.Cursor = at
	return strings.Join(ids, " ")
}

// customer makes a customer.
func customer(n int, code soc.Code, name string) *soc.Tenant {
	ids := "0a1b2c3d-0000-4000-8000-00000000000" + string(rune('0'+n))
	return &soc.Tenant{ID: soc.TenantID(ids), Code: code, Name: text.NewLine(name), Groups: []string{"gold"},
		SLA: soc.SLATargets{soc.SeverityHigh: 30 * time.Minute, soc.SeverityMedium: 4 * time.Hour, soc.SeverityLow: 24 * time.Hour}}
}

// sequence takes the commands out of tea.Sequence's message, whose type is not exported.
func sequence(msg tea.Msg) ([]tea.Cmd, bool) {
	v := reflect.ValueOf(msg)
	cmds := reflect.TypeFor[[]tea.Cmd]()
	if !v.IsValid() || !v.CanConvert(cmds) {
		return nil, false
	}
	return v.Convert(cmds).Interface().([]tea.Cmd), true
}
