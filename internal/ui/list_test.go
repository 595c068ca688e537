package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/page/queue"
)

// herd is one customer with n incidents, the first the oldest.
func herd(n int) *soc.Snapshot {
	c := customer(1, "CONT", "Contoso Ltd")
	c.SLA = nil
	s := &soc.Snapshot{Version: 1, At: noon(), Parts: []soc.Part{{Status: fresh(c)}}}
	for i := range n {
		s.Parts[0].Incidents = append(s.Parts[0].Incidents,
			incident(c, fmt.Sprintf("%05d", i+1), soc.SeverityLow, time.Duration(n-i)*time.Minute, fmt.Sprintf("Incident %d", i+1)))
	}
	return s
}

// withSections gives the console sections: names, filters and orders, three words each.
func withSections(list ...string) func(*Options) {
	return func(o *Options) {
		o.Settings.Sections = nil
		for n := 0; n+2 < len(list); n += 3 {
			f, err := soc.ParseFilter(list[n+1], o.Vocabulary)
			if err != nil {
				panic(err)
			}
			o.Settings.Sections = append(o.Settings.Sections, queue.Section{Name: list[n], Filter: f, Order: soc.Order(list[n+2])})
		}
	}
}

// head is the line of the columns' titles.
func (b *bench) head() string { return strings.Split(b.frame(), "\n")[2] }

func TestSortingByAColumn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 160, 50)
		b.press("6", "j", "j")
		at := b.cursor()
		for _, step := range []struct{ keys, head, order string }{
			{"O", "SEV↓", ""}, {"O", "SEV↑", ""}, {"l", "SEV↑", ""}, {"O", "LEFT↓", ""}, {"ll", "LEFT↓", ""}, {"O", "ID↓", "311 1204 28282 28290"},
			{"O", "ID↑", "28290 28282 1204 311"}, {"O", "ID↓", "311 1204 28282 28290"}, {"hhhhhh", "ID↓", ""}, {"O", "SEV↓", ""},
		} {
			b.press(step.keys)
			if got := b.head(); !strings.Contains(got, step.head) || strings.Count(got, "↓")+strings.Count(got, "↑") != 1 {
				t.Errorf("after %s the head is %q, want %s", step.keys, got, step.head)
			}
			if step.order != "" && b.order() != step.order {
				t.Errorf("after %s the order is %s, want %s", step.keys, b.order(), step.order)
			}
			if b.cursor() != at {
				t.Errorf("after %s the cursor stands on %s, not on %s", step.keys, b.cursor(), at)
			}
		}
		b.press(":", "sort -age", "enter")
		if b.order() != "1204 28282 311 28290" || b.cursor() != at {
			t.Errorf("by -age: %s, cursor on %s", b.order(), b.cursor())
		}
		b.shows("by -age")
		b.press("5", "6")
		if b.m.queue.Order != soc.OrderUrgency {
			t.Errorf("the section's own order is urgency, and it is sorted by %s", b.m.queue.Order)
		}
		b.hides("by -age")
	})
}

func TestASectionHasItsOwnOrderAndColumns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 160, 50, withSections("One", "", "urgency", "Two", "", "-id"), func(o *Options) {
			o.Settings.Sections[1].Columns = []string{"title", "id", "cust", "age"}
		})
		b.press("O", "2")
		if b.order() != "28290 28282 1204 311" || strings.Join(strings.Fields(b.head()), " ") != "TITLE ID↑ CUST AGE" {
			t.Errorf("by %s: %s\n%s", b.m.queue.Order, b.order(), b.head())
		}
		b.hides("by -id")
		b.press("O")
		b.shows("by title", "TITLE↓")
		b.press("1")
		if got := strings.Fields(b.head()); got[0] != "SEV" || b.m.queue.Order != soc.OrderUrgency {
			t.Errorf("by %s: %s", b.m.queue.Order, b.head())
		}
	})
}

func TestTheColumnCursorOnNarrowScreens(t *testing.T) {
	t.Parallel()
	for _, width := range []int{60, 80, 160} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, estate(), width, 24)
			var seen []string
			for range 12 {
				b.press("O")
				head := b.head()
				at := strings.IndexAny(head, "↓↑")
				if at < 0 {
					t.Fatalf("at %d cells the list is sorted by %s, which no column shows: %q", width, b.m.queue.Order, head)
				}
				seen = append(seen, b.m.queue.Column().ID)
				b.press("l")
			}
			if n := len(slices.Compact(seen)); n != len(strings.Fields(b.head())) {
				t.Errorf("at %d cells l leads over %d columns of %q", width, n, b.head())
			}
			b.send(tea.WindowSizeMsg{Width: 60, Height: 24})
			b.frame()
			b.press("O")
			if !strings.ContainsAny(b.head(), "↓↑") {
				t.Errorf("in a window made narrow the list is sorted by %s, which no column shows: %q", b.m.queue.Order, b.head())
			}
		})
	}
}

func TestChoosingColumns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 160, 50, withFiles)
		b.press("C", " ", "enter") // severity off
		if got := strings.Fields(b.head()); got[0] != "LEFT" {
			t.Errorf("without the severity: %s", b.head())
		}
		b.press("C", "J", "enter") // left behind the customer
		if got := strings.Join(strings.Fields(b.head())[:3], " "); got != "CUST LEFT ID" {
			t.Errorf("moved: %s", b.head())
		}
		b.press("C", " ")
		b.shows("always shown")
		b.press("enter")
		if got := strings.Join(strings.Fields(b.head())[:3], " "); got != "CUST LEFT ID" {
			t.Errorf("the customer's code was left out: %s", b.head())
		}
		b.press("C", "j", " ", "esc")
		if !strings.Contains(b.head(), "LEFT") {
			t.Errorf("esc kept a choice: %s", b.head())
		}
		b.press("2")
		if got := strings.Fields(b.head()); got[0] != "SEV" {
			t.Errorf("another section changed as well: %s", b.head())
		}
		b.press("1")
		if got := strings.Fields(b.head()); got[0] != "CUST" {
			t.Errorf("the choice is forgotten: %s", b.head())
		}
		b.press(":", "columns cust,id", "enter")
		b.shows("title cannot be left out")
		b.press(":", "columns id,cust,title,tags", "enter")
		if got := strings.Join(strings.Fields(b.head()), " "); got != "ID CUST TITLE TAGS" {
			t.Errorf("by command: %s", b.head())
		}
	})
}

func TestAWideListScrollsSideways(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 80, 24)
		if strings.Contains(b.head(), "SRC") {
			t.Fatal("the source has room at 80 cells")
		}
		b.press("W")
		if !strings.Contains(b.head(), "›") {
			t.Errorf("no sign that there is more: %q", b.head())
		}
		b.press("lllllllll")
		if h := b.head(); !strings.Contains(h, "SRC") || !strings.Contains(h, "‹") || strings.Contains(h, "›") || !strings.Contains(h, "CUST") {
			t.Errorf("at the last column: %q", h)
		}
		checkFrame(t, b, 80, 24)
		b.press("O")
		b.shows("by source")
		b.press("W")
		if h := b.head(); strings.Contains(h, "SRC") || strings.ContainsAny(h, "‹›") {
			t.Errorf("no longer wide: %q", h)
		}
		b.press("O")
		if !strings.ContainsAny(b.head(), "↓↑") {
			t.Errorf("sorted by %s, which no column shows: %q", b.m.queue.Order, b.head())
		}
	})
}

func TestThePreviewStaysWhileItsRowShows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		b := newBench(t, s, 120, 40)
		b.press("k")
		b.queue.publish(with(s, 0, s.Parts[0].Incidents[1]))
		b.settle()
		b.shows("── CONT-28282", "1 gone .")
		b.press(".")
		b.pass(rest)
		if b.cursor() != "FABR-1204" {
			t.Errorf("the cursor stands on %s", b.cursor())
		}
	})
}

// asker lets rapid run inside a bubble, where a test has no deadline.
type asker struct{ *testing.T }

// flock is what TestARefreshMovesNothing knows of the console: what it should show.
type flock struct {
	b       *bench
	snap    *soc.Snapshot
	marks   map[soc.Ref]bool
	next    int
	anchor  int
	ranging bool
}

func (f *flock) rows() []soc.Ref {
	var out []soc.Ref
	for _, i := range f.b.m.queue.Rows() {
		out = append(out, i.Ref)
	}
	return out
}

// change makes a snapshot in which some incidents came, some went and some changed.
func (f *flock) change(t *rapid.T) {
	part := rapid.IntRange(0, len(f.snap.Parts)-1).Draw(t, "part")
	c := f.snap.Parts[part].Status.Tenant
	var list []*soc.Incident
	for _, i := range f.snap.Parts[part].Incidents {
		switch rapid.IntRange(0, 5).Draw(t, "fate") {
		case 0:
			continue
		case 1:
			next := *i
			next.Severity = rapid.SampledFrom(soc.Severities()).Draw(t, "severity")
			next.State = rapid.SampledFrom([]soc.State{soc.StateNew, soc.StateActive, soc.StateAwaiting, soc.StateResolved}).Draw(t, "state")
			i = &next
		}
		list = append(list, i)
	}
	for range rapid.IntRange(0, 4).Draw(t, "arrivals") {
		f.next++
		list = append(list, incident(c, fmt.Sprint(1000+f.next), rapid.SampledFrom(soc.Severities()).Draw(t, "severity"),
			time.Duration(rapid.IntRange(1, 600).Draw(t, "age"))*time.Minute, "Arrived"))
	}
	f.snap = with(f.snap, part, list...)
}

// computed is the list as it would be made now.
func (f *flock) computed() []soc.Ref {
	q := f.b.m.queue
	var out []soc.Ref
	for _, i := range f.snap.Select(q.Sections[q.Section].Filter.And(q.Filter), q.Order, f.b.m.now) {
		out = append(out, i.Ref)
	}
	return out
}

// key presses a key and follows what it does to marks.
func (f *flock) key(k string) {
	q := f.b.m.queue
	rows, at := f.rows(), q.View().Cursor
	switch {
	case len(rows) == 0:
	case k == " " && !f.ranging:
		if f.marks[rows[at]] = !f.marks[rows[at]]; !f.marks[rows[at]] {
			delete(f.marks, rows[at])
		}
	case k == "v" && !f.ranging:
		f.anchor, f.ranging = at, true
	case k == "v" || k == " ":
		for n := min(at, f.anchor); n <= max(at, f.anchor); n++ {
			f.marks[rows[n]] = true
		}
		f.ranging = false
	case k == "*":
		for _, r := range rows {
			f.marks[r] = true
		}
		f.ranging = false
	}
	switch {
	case k == "V" && (len(f.marks) > 0 || f.ranging):
		f.marks, f.ranging = make(map[soc.Ref]bool), false
	case k == "esc" || k == "." && q.Stale() || strings.Contains("123456O", k):
		f.ranging = false
	}
	f.b.press(k)
}

// TestARefreshMovesNothing plays snapshots, time and keys in any order against a plain model of what the list should be.
func TestARefreshMovesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rapid.Check(asker{t}, func(rt *rapid.T) {
			b := newBench(t, estate(), 160, 40)
			f := &flock{b: b, snap: estate(), marks: make(map[soc.Ref]bool)}
			b.press("6")
			for range rapid.IntRange(1, 25).Draw(rt, "steps") {
				f.step(rt)
			}
			b.m.stop()
		})
	})
}

func (f *flock) step(t *rapid.T) {
	b := f.b
	rows, cursor := f.rows(), b.cursor()
	what := rapid.SampledFrom([]string{"refresh", "refresh", "time", "j", "k", "G", "g", " ", " ", "v", "esc", ".", ".", "*", "V", "O", "l", "1", "3", "6",
		"x"}).Draw(t, "what")
	list := slices.Contains([]string{".", "1", "3", "6", "O"}, what)
	switch what {
	case "refresh":
		f.change(t)
		b.queue.publish(f.snap)
		b.settle()
		b.pass(time.Second)
	case "time":
		b.pass(time.Duration(rapid.IntRange(1, 100).Draw(t, "seconds")) * time.Second)
	default:
		f.key(what)
		b.settle()
		if list && !slices.Equal(f.rows(), f.computed()) {
			t.Fatalf("%s made the list %v, want %v", what, f.rows(), f.computed())
		}
	}
	now := f.rows()
	if !list && len(rows) > 0 && !slices.Equal(now, rows) {
		t.Fatalf("%s changed the list from %v to %v", what, rows, now)
	}
	kept := slices.ContainsFunc(now, func(r soc.Ref) bool { return r.String() == cursor })
	if !slices.Contains([]string{"j", "k", "g", "G", " ", "1", "3", "6"}, what) && len(rows) > 0 && kept && b.cursor() != cursor {
		t.Fatalf("%s moved the cursor from %s to %s", what, cursor, b.cursor())
	}
	f.check(t, what)
}

// check compares what waits and what is marked with the model.
func (f *flock) check(t *rapid.T, what string) {
	q, now := f.b.m.queue, f.rows()
	want := f.computed()
	arrived, gone := 0, 0
	for _, r := range want {
		if !slices.Contains(now, r) {
			arrived++
		}
	}
	for _, r := range now {
		if !slices.Contains(want, r) {
			gone++
		}
	}
	if a, g := q.Waiting(); a != arrived || g != gone || q.Stale() != !slices.Equal(want, now) {
		t.Fatalf("after %s %d new and %d gone are said, want %d and %d", what, a, g, arrived, gone)
	}
	hidden := len(f.marks)
	for _, r := range now {
		if f.marks[r] {
			hidden--
		}
	}
	if len(q.Marks()) != len(f.marks) || q.Unseen() != hidden || q.Ranging() != f.ranging {
		t.Fatalf("after %s %d are marked, %d hidden, ranging %v; want %d, %d, %v", what, len(q.Marks()), q.Unseen(), q.Ranging(),
			len(f.marks), hidden, f.ranging)
	}
	for r := range q.Marks() {
		if !f.marks[r] {
			t.Fatalf("after %s %s is marked", what, r)
		}
	}
	for n := range q.Sections {
		if want := len(f.snap.Select(q.Sections[n].Filter, soc.OrderAge, f.b.m.now)); q.Count(n) != want {
			t.Fatalf("after %s section %d counts %d, want %d", what, n+1, q.Count(n), want)
		}
	}
	if screen := f.b.frame(); hidden > 0 && !f.ranging && !strings.Contains(screen, fmt.Sprintf("%d marked, %d hidden", len(f.marks), hidden)) {
		t.Fatalf("after %s the screen does not say that %d of %d marks are hidden:\n%s", what, hidden, len(f.marks), screen)
	}
}

// TestATickChangesTheCellsThatAreDue: within a minute nothing moves, and when it is over only the clocks of rows that have one
// and the one in the header.
func TestATickChangesTheCellsThatAreDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 160, 40)
		b.press("6", "p")
		b.pass(5 * time.Second) // what says where the cursor went is gone
		before := strings.Split(b.frame(), "\n")
		b.pass(54 * time.Second)
		if got := strings.Split(b.frame(), "\n"); !slices.Equal(got, before) {
			t.Errorf("something moved within a minute:\n%s", b.frame())
		}
		b.pass(2 * time.Second)
		for n, l := range strings.Split(b.frame(), "\n") {
			if l == before[n] {
				continue
			}
			var cells []string
			from, to := []rune(before[n]), []rune(l)
			if len(from) != len(to) {
				t.Fatalf("line %d changed its length: %q", n, l)
			}
			for c := range to {
				if from[c] != to[c] {
					cells = append(cells, fmt.Sprint(c))
				}
			}
			if len(cells) > 2 {
				t.Errorf("line %d changed in the cells %v: %q", n, cells, l)
			}
		}
	})
}

func TestATickWithNothingDueChangesTheHeadersClockAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := herd(30)
		b := newBench(t, s, 160, 40)
		b.press("6", "p")
		b.pass(5 * time.Second)
		before := strings.Split(b.frame(), "\n")
		b.pass(10 * time.Minute)
		for n, l := range strings.Split(b.frame(), "\n") {
			if n > 0 && l != before[n] {
				t.Errorf("line %d changed from %q to %q", n, before[n], l)
			}
		}
	})
}
