package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/testkit/tty"
)

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	dir, err := os.MkdirTemp("", "socctl-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	binary = filepath.Join(dir, "socctl")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// soon is how long the end of a program may take. It is a bound, not a measurement: the machine may be busy.
const soon = 10 * time.Second

// home is an environment without anything of the developer's: a home, a directory for temporary files, a terminal.
type home struct {
	dir, tmp string
	env      []string
}

func newHome(t *testing.T, more ...string) home {
	t.Helper()
	h := home{dir: t.TempDir(), tmp: t.TempDir()}
	h.env = append([]string{"HOME=" + h.dir, "TMPDIR=" + h.tmp, "PATH=" + filepath.Join(h.dir, "bin"), "TERM=xterm-256color", "COLORTERM=truecolor"}, more...)
	return h
}

// leftovers lists what is still in the directory for temporary files.
func (h home) leftovers(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(h.tmp)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// demo opens the console on a small estate in which nothing happens by itself, and waits until all customers were read.
func demo(t *testing.T, h home, o tty.Options, args ...string) *tty.Program {
	t.Helper()
	o.Env = h.env
	if len(args) == 0 {
		args = []string{"--customers", "4", "--incidents", "60", "--still"}
	}
	return tty.Start(t, o, binary, append([]string{"demo"}, args...)...)
}

func small() tty.Options { return tty.Options{Cols: 80, Rows: 24} }

// fresh waits until every customer was read but the one that is throttled.
func fresh(p *tty.Program) tty.Screen {
	return p.WaitUntil("rows", func(s tty.Screen) bool {
		return s.Shows("CUST") && s.Shows("kai") && s.Shows(">") && !s.Shows("2 reading") && !s.Shows("3 reading") && !s.Shows("Reading") && s.Shows("CONT")
	})
}

// whole checks that the terminal is as it was before the program ran.
func whole(t *testing.T, p *tty.Program) {
	t.Helper()
	if err := p.Restored(); err != nil {
		t.Error(err)
	}
	m, err := tty.Modes(p.Raw())
	if err != nil {
		t.Error(err)
	}
	for _, c := range []struct {
		what string
		ok   bool
	}{
		{"the alternate screen was left", !m.Set["1049"]}, {"the cursor is shown", !m.Hidden}, {"bracketed paste is off", !m.Set["2004"]},
		{"no mouse is reported", !m.Set["1000"] && !m.Set["1002"] && !m.Set["1003"]}, {"focus is not reported", !m.Set["1004"]},
		{"keyboard flags were popped", m.Keyboard == 0}, {"modifyOtherKeys is off", !m.OtherKeys}, {"no synchronized output is open", !m.Set["2026"]}, {"nothing is inserted", !m.Insert},
	} {
		if !c.ok {
			t.Errorf("not true afterwards: %s", c.what)
		}
	}
	if s := p.Screen(); s.Alternate {
		t.Error("the emulator still shows the alternate screen")
	}
	if err := tty.Scan(p.Raw(), tty.Console); err != nil {
		t.Error(err)
	}
}

// clean checks that nothing is left of a demo but what it printed.
func clean(t *testing.T, h home) {
	t.Helper()
	if left := h.leftovers(t); len(left) > 0 {
		t.Errorf("left in the directory for temporary files: %s", strings.Join(left, ", "))
	}
}

// links lists the targets of the hyperlinks in what was written.
func links(raw []byte) map[string]bool {
	found := map[string]bool{}
	_ = tty.Scan(raw, func(s tty.Sequence) error {
		if rest, ok := strings.CutPrefix(s.Params, "8;"); ok && s.Kind == ']' {
			if _, uri, _ := strings.Cut(rest, ";"); uri != "" {
				found[uri] = true
			}
		}
		return nil
	})
	return found
}

// copied lists the clipboard commands in what was written, as they stand there.
func copied(raw []byte) []string {
	var found []string
	_ = tty.Scan(raw, func(s tty.Sequence) error {
		if s.Kind == ']' && strings.HasPrefix(s.Params, "52;") || s.Kind == 'P' && strings.Contains(s.Params, "]52;") {
			found = append(found, string(s.Kind)+s.Params)
		}
		return nil
	})
	return found
}
