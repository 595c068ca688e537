package main

import (
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
)

func TestDemoIsWorkableAt80x24(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := demo(t, h, small())
	s := fresh(p)
	for _, want := range []string{"SEV", "LEFT", "CUST", "TITLE", "STATUS", "All customers", "1 Triage", "A demo: simulated customers", "── "} {
		if !s.Shows(want) {
			t.Errorf("the queue does not show %q:\n%s", want, s)
		}
	}

	row := func(s tty.Screen) int { _, y, _ := s.Find(">"); return y }
	first := row(s)
	p.Press("j", "j")
	p.WaitUntil("the cursor two rows below", func(s tty.Screen) bool { return row(s) == first+2 })
	p.Press("k")
	p.WaitUntil("the cursor one row up", func(s tty.Screen) bool { return row(s) == first+1 })

	p.Press("p")
	p.WaitGone("── ")
	p.Press("p")
	p.WaitFor("── ")

	p.Press("/")
	p.WaitFor("enter keep")
	p.Press("sev:hgih")
	p.WaitFor("did you mean")
	p.Press("esc")
	p.WaitFor("? help")
	p.Press("/")
	p.WaitFor("enter keep")
	p.Press("sev:high", "enter")
	p.WaitUntil("high ones only", func(s tty.Screen) bool {
		return s.Shows("High") && !s.Shows("▲ Med") && !s.Shows("● Low") && !s.Shows("enter keep")
	})
	p.Press("esc")
	p.WaitFor("▲ Med")

	p.Press("enter")
	p.WaitFor("reference", "description")
	p.Press("q")
	p.WaitFor("TITLE")

	helped(p)
	p.Press("D")
	p.WaitFor("CUSTOMER", "STATE", "Fabrikam")
	p.Press("q")
	p.WaitFor("TITLE")
	p.Press("@")
	p.WaitFor(" Activity ", "MS", "GET /v1.0/security/incidents")
	p.Press("q")
	p.WaitFor("TITLE")

	p.Press("t")
	p.WaitFor("Switch to a customer")
	p.Press("wood", "enter")
	p.WaitUntil("one customer", func(s tty.Screen) bool {
		return s.Shows("All customers > Woodgrove Bank") && s.Shows("WOOD") && !s.Shows("CONT")
	})
	p.Press("T")
	p.WaitUntil("all customers", func(s tty.Screen) bool { return !s.Shows("> Woodgrove") && s.Shows("CONT") })

	p.Press("o")
	p.WaitFor("Portal page of", tty.Portal+"incidents/")
	p.Press("q")
	p.WaitFor("TITLE")

	redrawn(p)
	p.Press("q")
	if code := p.Exit(soon); code != 0 {
		t.Errorf("exit code %d", code)
	}
	whole(t, p)
	clean(t, h)
	for uri := range links(p.Raw()) {
		if !strings.HasPrefix(uri, tty.Portal+"incidents/") || !strings.Contains(uri, "?tid=") {
			t.Errorf("a hyperlink leads to %s", uri)
		}
	}
}

// helped opens the help and closes it again.
func helped(p *tty.Program) tty.Screen {
	p.Press("?")
	p.WaitFor("What can be done here", "open the incident")
	p.Press("esc")
	return p.WaitFor("TITLE", "? help")
}

// redrawn checks that what was drawn by differences is what is drawn anew.
func redrawn(p *tty.Program) {
	last := helped(p)
	before, sent := last.String(), len(p.Raw())
	p.Press("ctrl+l")
	p.WaitUntil("the same screen, drawn anew:\n"+before, func(s tty.Screen) bool {
		another := s.Line(0) != last.Line(0) || s.Line(1) != last.Line(1) // the minute went by, or a slow customer answered
		return len(p.Raw()) > sent+1000 && (s.String() == before || another && s.Shows("TITLE"))
	})
}

func TestResize(t *testing.T) {
	t.Parallel()
	p := demo(t, newHome(t), small())
	fresh(p)
	p.Resize(59, 15)
	p.WaitFor("This window is 59x15; socctl needs 60x15.")
	p.Resize(4000, 50)
	p.WaitUntil("the queue over 4000 columns", func(s tty.Screen) bool {
		x, _, ok := s.Find("OWNER")
		return ok && x > 3900
	})
	p.Resize(1, 1)
	p.WaitUntil("one cell", func(s tty.Screen) bool { return s.Rows == 1 && s.Cols == 1 && strings.TrimSpace(s.String()) != "" })
	p.Resize(60, 15)
	p.WaitFor("TITLE", "All customers")
	p.Press("j")
	p.WaitFor("? help")
	p.Resize(160, 50)
	p.WaitFor("TITLE", "ENTITIES", "SRC", "── ")
	p.Resize(80, 24)
	p.WaitUntil("the queue as before", func(s tty.Screen) bool {
		return s.Shows("TITLE") && !s.Shows("SRC") && s.Shows("── ") && s.Shows("? help")
	})
	p.Press("q")
	if code := p.Exit(soon); code != 0 {
		t.Errorf("exit code %d", code)
	}
	whole(t, p)
}

func TestTerminalsOfAllKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		env    []string
		mute   bool
		colour bool
	}{
		{"truecolor", nil, false, true},
		{"no answers", nil, true, true},
		{"sixteen colours", []string{"TERM=xterm", "COLORTERM="}, false, true},
		{"no colour", []string{"NO_COLOR=1"}, false, false},
		{"no colour, in other words", []string{"NO_COLOR=yes", "CLICOLOR_FORCE=1"}, false, false},
		{"an empty NO_COLOR says nothing", []string{"NO_COLOR="}, false, true},
		{"linux console", []string{"TERM=linux", "COLORTERM="}, true, true},
		{"over ssh", []string{"SSH_TTY=/dev/pts/9", "SSH_CONNECTION=192.0.2.1 1 192.0.2.2 22"}, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, c.env...)
			o := small()
			o.Mute = c.mute
			p := demo(t, h, o)
			fresh(p)
			p.Press("j")
			helped(p)
			p.Press("q")
			if code := p.Exit(soon); code != 0 {
				t.Errorf("exit code %d", code)
			}
			whole(t, p)
			clean(t, h)
			if got := coloured(t, p.Raw()); got != c.colour {
				t.Errorf("colours were written: %v", got)
			}
		})
	}
}

// coloured tells whether any style names a colour.
func coloured(t *testing.T, raw []byte) bool {
	t.Helper()
	found := false
	err := tty.Scan(raw, func(s tty.Sequence) error {
		if s.Kind != '[' || s.Final != 'm' || s.Private != "" {
			return nil
		}
		for _, f := range strings.Split(s.Params, ";") {
			if len(f) >= 2 && strings.ContainsAny(f[:1], "3491") && f != "39" && f != "49" {
				found = true
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return found
}
