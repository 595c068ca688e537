package main

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/testkit/tty"
)

// gone checks that nothing of the process's group is left.
func gone(t *testing.T, p *tty.Program) {
	t.Helper()
	if err := syscall.Kill(-p.Pid(), 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("something of process group %d is still there: %v", p.Pid(), err)
	}
}

func TestTerminalIsWholeAfterEveryEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		end  func(*tty.Program)
		code int
	}{
		{"q", func(p *tty.Program) { p.Press("q") }, 0},
		{"ctrl+c twice", func(p *tty.Program) {
			p.Press("ctrl+c")
			p.WaitFor("ctrl+c again quits.")
			p.Press("ctrl+c")
		}, 0},
		{"after the help, q", func(p *tty.Program) {
			helped(p)
			p.Press("q")
		}, 0},
		{":quit", func(p *tty.Program) { p.Press(":quit", "enter") }, 0},
		{"SIGTERM while the screen is locked", func(p *tty.Program) {
			p.Press(",", "l")
			p.WaitFor("socctl is locked.")
			p.Signal(syscall.SIGTERM)
		}, 0},
		{"SIGTERM", func(p *tty.Program) { p.Signal(syscall.SIGTERM) }, 0},
		{"SIGTERM while typing", func(p *tty.Program) {
			p.Press("/")
			p.WaitFor("enter keep")
			p.Signal(syscall.SIGTERM)
		}, 0},
		{"SIGHUP", func(p *tty.Program) { p.Signal(syscall.SIGHUP) }, 129},
		{"SIGINT", func(p *tty.Program) { p.Signal(syscall.SIGINT) }, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			p := demo(t, h, small())
			fresh(p)
			c.end(p)
			if code := p.Exit(soon); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			whole(t, p)
			clean(t, h)
			gone(t, p)
			left := strings.TrimSpace(p.Screen().String())
			if c.code == 129 && left != "" || c.code == 0 && !strings.Contains(left, " goes on at Triage") {
				t.Errorf("on the screen afterwards: %q", left)
			}
		})
	}
}

// TestTheEndOfATerminalIsTheEndOfTheConsole pulls the terminal away, with a SIGHUP as a shell's session gets it, and without
// one as under nohup or setsid, where nothing but the end of its input tells the console.
func TestTheEndOfATerminalIsTheEndOfTheConsole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		detached bool
		early    bool // before the first frame
	}{
		{"hang-up", false, false}, {"end of input", true, false}, {"hang-up at the start", false, true}, {"end of input at the start", true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			o := small()
			o.Detached = c.detached
			p := demo(t, h, o)
			if c.early {
				p.WaitUntil("anything at all", func(tty.Screen) bool { return len(p.Raw()) > 0 })
			} else {
				fresh(p)
			}
			p.Hangup()
			// Two seconds are promised; a busy machine gets some more.
			if code := p.Exit(soon); code != 129 {
				t.Errorf("exit code %d, want 129", code)
			}
			clean(t, h)
			gone(t, p)
		})
	}
}

func TestTwoConsolesAtOnce(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	one, two := demo(t, h, small()), demo(t, h, tty.Options{Cols: 120, Rows: 40})
	fresh(one)
	fresh(two)
	one.Press("q")
	if code := one.Exit(soon); code != 0 {
		t.Errorf("exit code %d", code)
	}
	helped(two)
	two.Press("q")
	if code := two.Exit(soon); code != 0 {
		t.Errorf("exit code %d", code)
	}
	whole(t, one)
	whole(t, two)
	clean(t, h)
}

// shownLink is the link that the console shows for the incident under the cursor, where no browser can be opened.
func shownLink(p *tty.Program) string {
	p.Press("o")
	s := p.WaitFor("Portal page of", tty.Portal)
	x, y, _ := s.Find(tty.Portal)
	link := ""
	for ; strings.TrimSpace(s.Line(y)) != ""; y++ {
		link += strings.TrimSpace(s.Part(y, x, s.Cols))
	}
	return link
}

func TestCopiedLinkIsExactlyTheLink(t *testing.T) {
	t.Parallel()
	osc := func(link string) string { return "52;c;" + base64.StdEncoding.EncodeToString([]byte(link)) }
	for _, c := range []struct {
		name string
		env  []string
		want func(link string) []string
	}{
		{"plain", nil, func(l string) []string { return []string{"]" + osc(l)} }},
		{"in tmux", []string{"TMUX=/nonexistent/tmux,1,0", "TERM=tmux-256color"}, func(l string) []string {
			return []string{"]" + osc(l), "Ptmux;\x1b\x1b]" + osc(l) + "\a"}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, c.env...)
			given := filepath.Join(h.dir, "given")
			helper := "#!/bin/sh\n[ \"$*\" = \"load-buffer -w -\" ] && exec /bin/cat > '" + given + "'\n"
			if err := os.Mkdir(filepath.Join(h.dir, "bin"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(h.dir, "bin", "tmux"), []byte(helper), 0o700); err != nil {
				t.Fatal(err)
			}
			p := demo(t, h, small())
			fresh(p)
			link := shownLink(p)
			p.Press("q")
			p.WaitFor("TITLE")
			p.Press("Y")
			p.WaitFor("Copied the link of")
			p.Press("q")
			if code := p.Exit(soon); code != 0 {
				t.Errorf("exit code %d", code)
			}
			if !strings.HasPrefix(link, tty.Portal+"incidents/") || !strings.Contains(link, "?tid=") || strings.ContainsAny(link, " …") {
				t.Errorf("the link shown is %q", link)
			}
			if got, want := strings.Join(copied(p.Raw()), "\n"), strings.Join(c.want(link), "\n"); got != want {
				t.Errorf("sent %q, want %q", got, want)
			}
			b, err := os.ReadFile(given)
			if tmux := len(c.env) > 0; tmux && (err != nil || string(b) != link) || !tmux && err == nil {
				t.Errorf("tmux was given %q (%v)", b, err)
			}
			whole(t, p)
		})
	}
}

func TestQuitDoesNotWaitForCustomers(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := demo(t, h, small(), "--customers", "48", "--incidents", "1200", "--latency", "20s")
	p.WaitFor("Sign in", "Code")
	p.Press("esc")
	p.WaitGone("Code")
	began := time.Now()
	p.Press("q")
	if code := p.Exit(soon); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if d := time.Since(began); d > soon/2 {
		t.Errorf("the end took %s while customers were being read", d)
	}
	whole(t, p)
	clean(t, h)
}
