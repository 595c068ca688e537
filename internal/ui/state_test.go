package ui

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/state"
)

// keeper stands for the file of the session.
type keeper struct {
	saved []state.State
	err   error
	hold  chan struct{} // where it is set, writing waits for it
	busy  atomic.Int32
	most  atomic.Int32 // that wrote at once
}

func (k *keeper) files(o *Options) {
	o.Files.SaveState = func(s state.State) error {
		k.most.Store(max(k.most.Load(), k.busy.Add(1)))
		defer k.busy.Add(-1)
		if k.hold != nil {
			<-k.hold
		}
		if k.err != nil {
			return k.err
		}
		k.saved = append(k.saved, s)
		return nil
	}
}

// kept is what a console keeps, as it is read at the next start.
func (b *bench) kept() state.State {
	b.t.Helper()
	s, marks, _ := b.m.state()
	data, err := state.Encode(withMarks(s, marks))
	if err != nil {
		b.t.Fatal(err)
	}
	got, err := state.Decode(data)
	if err != nil {
		b.t.Fatalf("what the console keeps cannot be read: %v: %s", err, data)
	}
	return got
}

func resumed(s state.State) func(*Options) { return func(o *Options) { o.State = s } }

func TestASessionGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 160, 50)
		b.press("6", " ", "j", " ", "/", "sev:high or sev:medium", "enter", ":sort -id", "enter", ":columns id,cust,title,age", "enter", "P", "W", "j")
		at := b.cursor()
		again := newBench(t, estate(), 160, 50, resumed(b.kept()))
		again.m.message, b.m.message = message{}, message{}
		again.pass(rest)
		b.pass(rest)
		before := b.frame()
		if got := again.frame(); got != before || again.cursor() != at {
			t.Errorf("cursor on %s, want %s; the screen is\n%s\nand was\n%s", again.cursor(), at, got, before)
		}
		again.press("/")
		again.press("up", "up")
		if got := fmt.Sprint(again.m.words); got != fmt.Sprint(b.m.words) {
			t.Errorf("the lines typed before are %v, want %v", again.m.words, b.m.words)
		}
	})
}

// TestTheCursorComesBackAmongCustomersThatAreReadOneByOne: at the start nothing is there yet.
func TestTheCursorComesBackAmongCustomersThatAreReadOneByOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		b := newBench(t, s, 120, 40)
		b.press("6", "j", "j")
		if b.cursor() != "WOOD-311" {
			t.Fatalf("the cursor stands on %s", b.cursor())
		}
		now := starting(s)
		again := newBench(t, now, 120, 40, resumed(b.kept()))
		for _, part := range []int{1, 2, 4, 0, 3} {
			next := with(now, part, s.Parts[part].Incidents...)
			next.Parts[part].Status = s.Parts[part].Status
			now = next
			again.queue.publish(now)
			again.settle()
			if part != 1 && again.cursor() != "WOOD-311" {
				t.Errorf("with customer %d the cursor stands on %s", part+1, again.cursor())
			}
			if got := again.kept().Cursor.ID; got != "311" {
				t.Errorf("with customer %d the cursor is kept on %s", part+1, got)
			}
		}
		if again.order() != "28282 1204 311 28290" {
			t.Errorf("the order is %s", again.order())
		}
	})
}

// full is an estate that was read after it was starting.
func full(s *soc.Snapshot) *soc.Snapshot {
	next := *s
	next.Version += 10
	next.Parts = append([]soc.Part(nil), s.Parts...)
	for n := range next.Parts {
		next.Parts[n].Rows++
	}
	return &next
}

// starting is an estate of which nothing was read.
func starting(s *soc.Snapshot) *soc.Snapshot {
	next := *s
	next.Parts = append([]soc.Part(nil), s.Parts...)
	for n := range next.Parts {
		next.Parts[n] = soc.Part{Status: soc.Status{Tenant: s.Parts[n].Status.Tenant, Health: soc.HealthStarting}}
	}
	return &next
}

func TestAKeyLetsGoOfTheCursorOfTheLastSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		b := newBench(t, s, 120, 40)
		b.press("6", "G")
		now := with(starting(s), 1, s.Parts[1].Incidents...)
		again := newBench(t, now, 120, 40, resumed(b.kept()))
		again.press("k")
		at := again.cursor()
		again.queue.publish(with(now, 0, s.Parts[0].Incidents...))
		again.settle()
		again.press(".")
		if again.cursor() != at {
			t.Errorf("the cursor went from %s to %s by itself", at, again.cursor())
		}
	})
}

func TestMarksOfTheLastSessionCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		b := newBench(t, s, 120, 40)
		b.press("6", "*", "1")
		again := newBench(t, starting(s), 120, 40, resumed(b.kept()))
		again.shows("4 marked, 4 hidden")
		again.queue.publish(full(s))
		again.settle()
		again.shows("4 marked, 1 hidden")
	})
}

func TestWhatIsNoLongerThereIsSaid(t *testing.T) {
	t.Parallel()
	const other = "0a1b2c3d-0000-4000-8000-00000000000f"
	good := state.State{Version: 1, Section: "Everything"}
	for name, c := range map[string]struct {
		change func(*state.State)
		says   string
	}{
		"a customer": {func(s *state.State) { s.Tenant = other }, "its customer is no longer here"},
		"a group":    {func(s *state.State) { s.Group = "silver" }, "its group is no longer here"},
		"a section":  {func(s *state.State) { s.Section = "Night" }, "its section is no longer here"},
		"a filter":   {func(s *state.State) { s.Filter = "sev:hihg\x1b[2J" }, "its filter is no longer understood: sev:hihg"},
		"a mark":     {func(s *state.State) { s.Marks = []state.Ref{{Tenant: other, Source: soc.SourceDefender, ID: "1"}} }, ""},
		"a cursor":   {func(s *state.State) { s.Cursor = state.Ref{Tenant: other, Source: soc.SourceDefender, ID: "1"} }, ""},
		"an open one": {func(s *state.State) { s.Open = state.Ref{Tenant: other, Source: soc.SourceDefender, ID: "1"} },
			""},
		"columns": {func(s *state.State) {
			s.Columns = map[string][]string{"Everything": {"id", "nonsense"}, "\x1b[2J": {"id", "cust", "title"}}
		}, ""},
		"an order":  {func(s *state.State) { s.Order = "\x1b[2J" }, ""},
		"a preview": {func(s *state.State) { s.Preview, s.Page = "above", "\x1b[2J" }, ""},
		"words":     {func(s *state.State) { s.History = []string{"/\x1b[2J", ":", ""} }, ""},
		"all of it": {func(s *state.State) { s.Tenant, s.Section, s.Filter = other, "", "(" }, "its customer is no longer here, its section is no longer here, its filter"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := good
			c.change(&s)
			b := newBench(t, estate(), 160, 40, resumed(s))
			b.shows("All customers ", c.says)
			if b.m.queue.Len() == 0 || !b.m.queue.Where.All() || b.m.detail != nil || len(b.m.queue.Marks()) != 0 {
				t.Errorf("%s: %d rows, narrowed to %v", name, b.m.queue.Len(), b.m.queue.Where)
			}
			if strings.ContainsAny(b.frame(), "\x1b") {
				t.Errorf("%s: the file's bytes reach the screen", name)
			}
			b.press("/")
			b.press("up", "up", "esc", ":", "up")
			checkFrame(t, b, 160, 40)
		})
	}
}

// TestNoSessionShowsMoreThanTheConfigurationHas takes any state that the decoder gives.
func TestNoSessionShowsMoreThanTheConfigurationHas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(asker{t}, func(rt *rapid.T) {
			tenant := rapid.SampledFrom([]soc.TenantID{"", "0a1b2c3d-0000-4000-8000-000000000001", "0a1b2c3d-0000-4000-8000-000000000004",
				"0a1b2c3d-0000-4000-8000-00000000000f"})
			ref := func(what string) state.Ref {
				return state.Ref{Tenant: tenant.Draw(rt, what), Source: soc.SourceDefender, ID: rapid.SampledFrom([]string{"28282", "1", "a:b~c"}).Draw(rt, what)}
			}
			word := rapid.OneOf(rapid.SampledFrom([]string{"", "gold", "Triage", "Everything", "sev:high", "tenant:CONT", "-age", "below", "off", "id"}), rapid.StringN(0, 9, 30))
			s := state.State{Version: 1, Tenant: tenant.Draw(rt, "tenant"), Group: word.Draw(rt, "group"), Section: word.Draw(rt, "section"),
				Filter: word.Draw(rt, "filter"), Order: soc.Order(word.Draw(rt, "order")), Cursor: ref("cursor"), Open: ref("open"), Preview: word.Draw(rt, "preview"),
				Marks: []state.Ref{ref("one"), ref("two")}, History: []string{word.Draw(rt, "history")},
				Columns: map[string][]string{word.Draw(rt, "of"): rapid.SliceOfN(word, 0, 4).Draw(rt, "columns")}}
			b := newBench(t, estate(), 120, 40, resumed(s))
			defer b.m.stop()
			known := func(id soc.TenantID) bool { return b.m.tenantByID(id) != nil }
			if w := b.m.queue.Where; w.Tenant != "" && !known(w.Tenant) || w.Tenant != "" && w.Group != "" || w.Group != "" && w.Group != "gold" {
				rt.Fatalf("narrowed to %v", w)
			}
			for r := range b.m.queue.Marks() {
				if !known(r.Tenant) || r.Code == "" {
					rt.Fatalf("%v is marked", r)
				}
			}
			if b.m.detail != nil && !known(b.m.detail.Incident.Ref.Tenant) {
				rt.Fatalf("%v is open", b.m.detail.Incident.Ref)
			}
			b.press("esc", "esc", "6", "j", "O")
			b.kept()
			if strings.ContainsAny(b.frame(), "\x1b") {
				rt.Fatal("the file's bytes reach the screen")
			}
		})
	})
}

func TestTheIncidentThatWasOpenIsOpenAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		b := newBench(t, s, 120, 40)
		b.press("6", "j", "enter")
		session := &fakeSession{done: make(chan error, 1)}
		signedIn := false
		again := newBench(t, starting(s), 120, 40, resumed(b.kept()), func(o *Options) {
			o.Session = session
			o.Incidents = &fakeIncidents{answer: func(ref soc.Ref) (*soc.Incident, error) {
				if !signedIn {
					return nil, errors.New("nobody is signed in")
				}
				i, _ := s.Find(ref)
				return i, nil
			}}
		})
		again.shows("All customers > Fabrikam > FABR-1204", "not in the queue")
		signedIn = true
		session.done <- nil
		again.settle()
		again.shows("Ransomware activity on FS-01")
		again.hides("nobody is signed in")
		again.queue.publish(full(s))
		again.press("esc")
		again.is("behind it", "Everything, at FABR-1204")
	})
}

func TestTheSessionIsKeptWhereItChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{}
		b := newBench(t, estate(), 120, 40, k.files)
		b.pass(keepEvery)
		first := len(k.saved)
		b.pass(5 * keepEvery)
		if first != 1 || len(k.saved) != first {
			t.Errorf("kept %d times at first, and %d times when nothing changed", first, len(k.saved)-first)
		}
		for n, key := range []string{"j", " ", "V", "2", "P", "W"} {
			b.press(key)
			b.pass(keepEvery)
			if len(k.saved) != first+n+1 {
				t.Errorf("after %s it was kept %d times", key, len(k.saved))
			}
		}
		b.press("j", " ", "*")
		b.m.keep()
		if last := k.saved[len(k.saved)-1]; len(last.Marks) != 1 || last.Section != "Mine" {
			t.Errorf("at the end %+v", last)
		}
	})
}

func TestASessionThatCannotBeKeptIsSaidOnceAndTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{err: errors.New("no space left\x1b\nand more")}
		reported := 0
		b := newBench(t, estate(), 120, 40, k.files, func(o *Options) { o.Report = func(error) { reported++ } })
		b.pass(keepEvery)
		b.shows("Where you are cannot be kept for the next start: no space left")
		b.press("p")
		b.pass(3 * keepEvery)
		b.hides("cannot be kept")
		k.err = nil
		b.pass(keepEvery)
		if len(k.saved) != 1 {
			t.Errorf("once there is room it was kept %d times", len(k.saved))
		}
		k.err = errors.New("again")
		b.press("j")
		b.pass(keepEvery)
		b.shows("cannot be kept for the next start: again")
		if reported != 2 {
			t.Errorf("%d errors reported", reported)
		}
	})
}

// TestASlowDiskKeepsTheLatestState: states are written one after the other, and the last one last.
func TestASlowDiskKeepsTheLatestState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &keeper{hold: make(chan struct{})}
		b := newBench(t, estate(), 120, 40, k.files)
		b.press("2")
		b.pass(keepEvery)
		b.press("3")
		b.pass(3 * keepEvery)
		b.press("6")
		done := make(chan struct{})
		go func() {
			b.m.keep()
			close(done)
		}()
		synctest.Wait()
		close(k.hold)
		<-done
		if n := k.most.Load(); n != 1 {
			t.Errorf("%d wrote at once", n)
		}
		if len(k.saved) != 2 || k.saved[1].Section != "Everything" {
			t.Errorf("%d states were kept, the last of the section %s", len(k.saved), k.saved[len(k.saved)-1].Section)
		}
	})
}

func TestTenThousandMarksAreKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := herd(queue.MaxMarks + 1)
		b := newBench(t, s, 120, 40)
		b.press("6", "*")
		again := newBench(t, s, 120, 40, resumed(b.kept()))
		again.shows("10000 marked")
		if len(again.m.queue.Marks()) != queue.MaxMarks {
			t.Errorf("%d marked", len(again.m.queue.Marks()))
		}
	})
}
