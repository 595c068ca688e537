package activity

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// calls gives the calls from a number up to another.
func calls(from, to int, change ...func(*soc.Call)) []soc.Call {
	var all []soc.Call
	for n := from; n <= to; n++ {
		c := soc.Call{Seq: uint64(n), At: noon().Add(time.Duration(n) * time.Second), Took: 12 * time.Millisecond, Code: "CONT", Method: "GET",
			Path: text.NewLine(fmt.Sprint("/v1.0/n", n)), Status: 200, RequestID: text.NewLine(fmt.Sprint("id-", n)), Attempt: 1, Bytes: 2049}
		for _, f := range change {
			f(&c)
		}
		all = append(all, c)
	}
	return all
}

func drawn(p *Page, width, height int) string {
	return ansi.Strip(strings.Join(p.Draw(style.New(colorprofile.ASCII, style.Dark), nil, noon().Add(time.Hour), width, height), "\n"))
}

func shows(t *testing.T, p *Page, want ...string) {
	t.Helper()
	f := drawn(p, 120, 24)
	for _, w := range want {
		if !strings.Contains(f, w) {
			t.Errorf("no %q in\n%s", w, f)
		}
	}
}

func move(p *Page, n int) { p.Move(func(v *table.View) { v.Move(n) }) }

// on is the number of the call that the cursor stands on.
func on(p *Page) uint64 {
	if c := p.Current(); c != nil {
		return c.Seq
	}
	return 0
}

func TestTheLatestComesFirst(t *testing.T) {
	t.Parallel()
	p := New(nil)
	shows(t, p, "Nothing runs", "Nothing was asked yet")
	p.Take(calls(1, 5), []soc.Task{{What: text.NewLine("reading incidents"), Code: "CONT", Since: noon()}})
	f := drawn(p, 120, 24)
	if strings.Index(f, "/v1.0/n5") > strings.Index(f, "/v1.0/n4") || on(p) != 5 || p.Last() != 5 {
		t.Errorf("on %d\n%s", on(p), f)
	}
	shows(t, p, "CONT reading incidents, 1h", "GET /v1.0/n5: 200, request id-5", "12:00:05Z", "12", "3")
	p.Take(calls(3, 6), nil)
	if len(p.calls) != 6 || on(p) != 6 {
		t.Errorf("%d calls, on %d: some came twice", len(p.calls), on(p))
	}
}

func TestCallsOfOneMomentStandLatestFirst(t *testing.T) {
	t.Parallel()
	p := New(nil)
	p.Take(calls(1, 3, func(c *soc.Call) { c.At = noon() }), nil)
	if on(p) != 3 {
		t.Errorf("the first line is call %d", on(p))
	}
}

// TestTheCursorStaysOnItsCall: whatever comes, is said and is narrowed to, unless it stands on the first line, which is
// always the latest.
func TestTheCursorStaysOnItsCall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := New(nil)
		var said []Said
		next := 20
		p.Take(calls(1, next), nil)
		drawn(p, 120, 24)
		move(p, rapid.IntRange(1, 10).Draw(t, "at"))
		at := on(p)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			line := p.view.Cursor - p.view.Top
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				n := rapid.IntRange(0, 30).Draw(t, "calls")
				p.Take(calls(next+1, next+n), nil)
				next += n
			case 1:
				said = append(said, Said{At: noon().Add(time.Duration(next) * time.Second), Text: "something"})
				p.Say(said)
			case 2:
				p.Filter(rapid.SampledFrom([]string{"", "v1.0", "CONT", "200"}).Draw(t, "word"))
				line = p.view.Cursor - p.view.Top
			default:
				drawn(p, 120, 24)
			}
			if on(p) != at {
				t.Fatalf("the cursor went from call %d to %d", at, on(p))
			}
			if got := p.view.Cursor - p.view.Top; got != line {
				t.Fatalf("it went from line %d of the screen to line %d", line, got)
			}
		}
	})
}

func TestOnTheFirstLineTheCursorFollows(t *testing.T) {
	t.Parallel()
	p := New(nil)
	p.Take(calls(1, 5), nil)
	p.Take(calls(6, 9), nil)
	if on(p) != 9 {
		t.Errorf("on %d", on(p))
	}
}

func TestTheNumberOfCallsIsBounded(t *testing.T) {
	t.Parallel()
	p := New(nil)
	p.Take(calls(1, most), nil)
	drawn(p, 120, 24)
	p.Move((*table.View).End)
	oldest := on(p)
	move(p, -10)
	at := on(p)
	p.Take(calls(most+1, most+5), nil)
	if len(p.calls) != most || len(p.lines) != most || p.calls[0].Seq != 6 || oldest != 1 || on(p) != at {
		t.Errorf("%d calls from %d on, on %d, not %d", len(p.calls), p.calls[0].Seq, on(p), at)
	}
	p.Take(calls(most+6, 3*most), nil)
	if c := p.Current(); c == nil || c.Seq != 2*most+1 || len(p.calls) != most {
		t.Errorf("its call is forgotten, and it stands on %v", c)
	}
	drawn(p, 120, 24)
}

func TestWhatFailedCanBeFound(t *testing.T) {
	t.Parallel()
	p := New([]Said{{At: noon(), Text: "All is well."}, {At: noon(), Text: "It was not read.", Bad: true}})
	p.Take(append(append(calls(1, 3), calls(4, 4, func(c *soc.Call) { c.Status = 503 })...),
		calls(5, 5, func(c *soc.Call) { c.Status, c.Err = 0, text.NewLine("the connection broke") })...), nil)
	p.Filter(" Failed ")
	if len(p.lines) != 3 {
		t.Errorf("%d lines failed", len(p.lines))
	}
	shows(t, p, "503", "no answer", "the connection broke", "It was not read.")
	if strings.Contains(drawn(p, 120, 24), "All is well") {
		t.Error("what went well shows")
	}
	for word, n := range map[string]int{"": 7, "n3": 1, "id-2": 1, "ALL IS": 1, "cont": 5, "broke": 1, "zzz\x1b": 0} {
		p.Filter(word)
		if len(p.lines) != n || p.Word() != strings.ToLower(word) {
			t.Errorf("%q finds %d lines, want %d", word, len(p.lines), n)
		}
	}
	p.Filter("zzz\x1b")
	shows(t, p, "Nothing has", "zzz")
	if p.Current() != nil {
		t.Error("where nothing shows the cursor stands on a call")
	}
	p.Filter("")
	move(p, 99) // what was said came first
	if p.Current() != nil {
		t.Error("what was said is taken for a call")
	}
}

func TestManyTasksTakeAQuarterOfThePage(t *testing.T) {
	t.Parallel()
	p := New(nil)
	var tasks []soc.Task
	for n := range 30 {
		tasks = append(tasks, soc.Task{What: text.NewLine(fmt.Sprint("task ", n)), Since: noon()})
	}
	for _, height := range []int{3, 5, 13, 22, 48} {
		p.Take(calls(1, 100), tasks)
		lines := strings.Split(drawn(p, 60, height), "\n")
		if len(lines) != height {
			t.Errorf("%d lines of %d", len(lines), height)
		}
		for _, l := range lines {
			if w := ansi.StringWidthWc(l); w > 60 {
				t.Errorf("%d cells: %q", w, l)
			}
		}
		if height >= 13 && !strings.Contains(strings.Join(lines, "\n"), "more") {
			t.Errorf("in %d lines it is not said that there are more tasks", height)
		}
	}
}
