package main

import (
	"bytes"
	"fmt"
	"image/color"
	"slices"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
)

// hex writes a colour as themes do.
func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("%02x%02x%02x", r>>8, g>>8, b>>8)
}

// styles lists the parameters of every style that was written.
func styles(t *testing.T, raw []byte) []string {
	t.Helper()
	var found []string
	if err := tty.Scan(raw, func(s tty.Sequence) error {
		if s.Kind == '[' && s.Final == 'm' && s.Private == "" {
			found = append(found, s.Params)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	return found
}

func TestSixteenColours(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"xterm-16color", "xterm-color", "linux"} {
		h := newHome(t, "TERM="+name, "COLORTERM=")
		p := demo(t, h, small())
		fresh(p)
		helped(p)
		leave(t, p)
		for _, s := range styles(t, p.Raw()) {
			if strings.Contains(s, "38;") || strings.Contains(s, "48;") {
				t.Errorf("%s: the style %q", name, s)
			}
		}
		if !coloured(t, p.Raw()) {
			t.Errorf("%s: there is no colour at all", name)
		}
	}
}

// TestLowBandwidth moves the cursor over a slow line: it is a marker there, and costs few bytes.
func TestLowBandwidth(t *testing.T) {
	t.Parallel()
	p := demo(t, newHome(t), tty.Options{Cols: 160, Rows: 50}, "--customers", "4", "--incidents", "60", "--still", "--low-bandwidth")
	fresh(p)
	p.Press("p")
	p.WaitGone("── CONT-")
	p.Press("/")
	p.WaitFor("enter keep")
	p.Press("sev:medium,low", "enter") // without the title in wide characters: the renderer writes such a row with every frame
	p.WaitUntil("the filter", func(s tty.Screen) bool {
		return s.Shows("/ sev:medium,low ·") && s.Shows("? help") && !s.Shows("○ Info")
	})
	var costs []int
	for range 6 {
		was, sent := listOf(p.Screen()).cursor, len(p.Raw())
		p.Press("j")
		s := p.WaitUntil("the cursor below", func(s tty.Screen) bool { c := listOf(s).cursor; return c != was && c != "" })
		costs = append(costs, len(p.Raw())-sent)
		x, y, _ := s.Find(">")
		if bg := s.Cells[y][x+6].Style.Bg; bg != nil {
			t.Errorf("the row of the cursor is painted: %v", bg)
		}
	}
	slices.Sort(costs)
	if median := costs[len(costs)/2]; median > 100 {
		t.Errorf("a move costs %v bytes", costs)
	}
	leave(t, p)
}

func TestSynchronizedOutput(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"on": true, "off": false} {
		p := demo(t, newHome(t, "SOCCTL_CONSOLE_SYNC_OUTPUT="+value), small())
		fresh(p)
		helped(p)
		leave(t, p)
		if got := bytes.Contains(p.Raw(), []byte("\x1b[?2026h")); got != want {
			t.Errorf("%s: frames are shown at once: %v", value, got)
		}
	}
}

// TestPrivacyHidesEveryCustomer walks through every page of a masked console. No name of a customer or of a user may be
// written, also not behind what is drawn later, and not at the end.
func TestPrivacyHidesEveryCustomer(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 4)
	p := start(t, h, tty.Options{Cols: 160, Rows: 50}, "--privacy")
	p.WaitFor("C001", "masked")
	p.WaitFor("── C001-")
	p.Press("P")
	p.WaitFor("│ C001-")
	p.Press("D")
	p.WaitFor("Customer 1", "C004")
	p.Press("@")
	p.WaitFor(" Activity ", "C001")
	p.Press("q", "q")
	p.WaitFor("TITLE")
	p.Press("t")
	p.WaitFor("Switch to a customer", "Customer 2")
	p.Press("esc")
	p.WaitFor("TITLE")
	p.Press("w")
	p.WaitFor("stands here by")
	p.Press("o")
	p.WaitFor("The link names the customer and is hidden.")
	p.Press("q")
	p.WaitFor("TITLE")
	p.Press("!")
	p.WaitFor("Customer 1 (C001): read only from now on.")
	p.Press("!")
	p.WaitFor("Unlock Customer 1 (C001)", "Type C001")
	p.Press("esc")
	p.WaitFor("TITLE")
	p.Press("enter")
	p.WaitFor("reference", "description")
	p.Press("q")
	p.WaitFor("TITLE")
	line := leave(t, p)
	if line != "socctl --privacy goes on where you were; socctl --fresh --privacy starts anew." {
		t.Errorf("it says %q", line)
	}
	raw := string(p.Raw())
	for _, name := range []string{"Contoso", "contoso", "CONT", "Fabrikam", "FABR", "Woodgrove", "WOOD", "Tailspin", "TAIL", "kai", "mira", "jon", "0a1b2c3d-0000-4000-8000-000000000003"} {
		if at := strings.Index(raw, name); at >= 0 {
			t.Errorf("%s was written: %q", name, raw[max(0, at-60):min(len(raw), at+60)])
		}
	}
}

// TestALockedScreenShowsNothing locks with a key, and with a sign-in.
func TestALockedScreenShowsNothing(t *testing.T) {
	t.Parallel()
	for _, lock := range []string{"key", "sign-in"} {
		t.Run(lock, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, "SOCCTL_CONSOLE_LOCK="+lock)
			cloud(t, h, 4)
			p := start(t, h, small())
			fresh(p)
			p.Press(",")
			p.WaitFor("l lock", "esc forget")
			p.Press("l")
			s := p.WaitUntil("a blank screen", func(s tty.Screen) bool { return s.Shows("socctl is locked.") && !s.Shows("TITLE") })
			for _, name := range []string{"CONT", "Contoso", "kai", "TITLE", "──", "help"} {
				if s.Shows(name) {
					t.Errorf("%q is on the locked screen:\n%s", name, s)
				}
			}
			p.Paste("x\r")
			if lock == "sign-in" {
				p.Press("j", "q")
				p.WaitFor("enter signs in again")
				p.Press("enter")
			} else {
				p.Press("q") // which brings the screen back, and does nothing else
			}
			p.WaitFor("TITLE", "CONT", "? help")
			leave(t, p)
		})
	}
}

// TestTheMouse is off until it is asked for; then the wheel moves the cursor, and it is off again at the end.
func TestTheMouse(t *testing.T) {
	t.Parallel()
	p := demo(t, newHome(t), small())
	first := listOf(fresh(p)).cursor
	if bytes.Contains(p.Raw(), []byte("\x1b[?100")) && !bytes.Contains(p.Raw(), []byte("\x1b[?1004h")) {
		t.Error("the mouse is on from the start")
	}
	p.Press("m")
	p.WaitFor("The mouse is on")
	p.WaitUntil("reports of the mouse", func(tty.Screen) bool { return bytes.Contains(p.Raw(), []byte("\x1b[?1002h")) })
	p.Press("\x1b[<65;10;10M")
	p.WaitUntil("the cursor below", func(s tty.Screen) bool { c := listOf(s).cursor; return c != "" && c != first })
	p.Press("q")
	if code := p.Exit(soon); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if m, err := tty.Modes(p.Raw()); err != nil || m.Set["1002"] || m.Set["1006"] {
		t.Errorf("the mouse is still on: %v, %v", m, err)
	}
}
