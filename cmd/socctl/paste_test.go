package main

import (
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
)

// TestAPasteOfAMegabyte pastes far more than any line takes: into the filter, the command line, a list to choose from, and
// where nothing takes it. The console stays, and is as it was.
func TestAPasteOfAMegabyte(t *testing.T) {
	t.Parallel()
	p := demo(t, newHome(t), small())
	fresh(p)
	before := helped(p)
	for _, c := range []struct{ key, open, text, shown string }{
		{"/", "enter keep", strings.Repeat("sev:high or \"\x1b[31m\u202e\n", 1<<20/21), "never closed"},
		{"/", "enter keep", strings.Repeat("a", 1<<20), "aaaaaaaa"},
		{":", "enter run", strings.Repeat("quit\r", 1<<20/5), "quit␍quit␍"},
		{"t", "Switch to a customer", strings.Repeat("q\r\n", 1<<20/3), "q␍"},
	} {
		p.Press(c.key)
		p.WaitFor(c.open)
		p.Paste(c.text)
		p.WaitFor(c.shown)
		p.Press("esc")
		p.WaitFor("TITLE", "? help")
	}
	p.Paste(strings.Repeat("qqq\r\n!\x03", 1<<20/7))
	p.WaitFor("Nothing here takes a paste. / opens the filter.")
	after := helped(p)
	for y := 1; y < before.Rows-1; y++ {
		if y != 1 && before.Line(y) != after.Line(y) && !strings.Contains(before.Line(y), " ago") {
			t.Errorf("line %d was %q and is %q", y, before.Line(y), after.Line(y))
		}
	}
	leave(t, p)
}

// TestAPasteConfirmsNothing pastes the very word that unlocks a customer, with newlines, into the dialog that asks for it.
func TestAPasteConfirmsNothing(t *testing.T) {
	t.Parallel()
	p := demo(t, newHome(t), wide())
	fresh(p)
	p.Press("!")
	p.WaitFor("Contoso Ltd (CONT): read only from now on.")
	p.Press("!")
	p.WaitFor("Unlock Contoso Ltd (CONT)", "Type CONT to go on:")
	for _, paste := range []string{"CONT\r", "CONT\n\n", "CONT\r\ny\r\n", "\r", "y"} {
		p.Paste(paste)
		p.WaitFor("A paste does not count here: type CONT.")
		p.Press("\x7f") // takes the notice away
		p.WaitUntil("the dialog without the notice", func(s tty.Screen) bool {
			return s.Shows("Type CONT to go on:") && !s.Shows("A paste does not count here") && !s.Shows("on:  C")
		})
	}
	p.Press("cont", "enter")
	p.WaitFor("Unlock Contoso Ltd (CONT)")
	p.Press("ctrl+u", "CONT", "enter")
	p.WaitFor("Contoso Ltd (CONT): unlocked until ")
	leave(t, p)
}
