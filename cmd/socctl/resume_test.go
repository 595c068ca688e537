package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
)

// shell runs a command line as the analyst's shell does.
func shell(t *testing.T, h home, o tty.Options, line string) *tty.Program {
	t.Helper()
	bin := filepath.Join(h.dir, "bin")
	if err := os.MkdirAll(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binary, filepath.Join(bin, "socctl")); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	o.Env = h.env
	return tty.Start(t, o, "/bin/sh", "-c", "exec "+line)
}

// workedOn brings a console into a state that differs from a fresh one in everything that is kept.
func workedOn(p *tty.Program) list {
	fresh(p)
	p.Press("6")
	p.WaitUntil("all incidents", func(s tty.Screen) bool { return len(listOf(s).ids) > 15 })
	p.Press("/")
	p.WaitFor("enter keep")
	p.Press("sev:low,medium", "enter")
	p.WaitUntil("the filter", func(s tty.Screen) bool { return s.Shows("/ sev:low,medium ·") && !s.Shows("■ High") })
	p.Press(":sort age", "enter")
	p.WaitFor("by age", "Sorted by age.")
	p.Press("space", "space", "j")
	return listOf(p.WaitUntil("two marks, and the cursor below them", func(s tty.Screen) bool {
		l := listOf(s)
		return s.Shows("2 marked") && len(l.marks) == 2 && len(l.ids) > 10 && len(after(l)) > 0
	}))
}

// after gives the rows behind the cursor's, where the cursor stands below the marks with a row between.
func after(l list) []string {
	for n, id := range l.ids {
		if id == l.cursor && n >= 2 && len(l.marks) == 2 && l.ids[n-2] == l.marks[1] {
			return l.ids[n+1:]
		}
	}
	return nil
}

// again waits until a console is back where it was.
func again(p *tty.Program, was list) {
	p.WaitUntil("the filter, the order and "+was.String(), func(s tty.Screen) bool {
		l := listOf(s)
		return s.Shows("/ sev:low,medium ·") && s.Shows("by age") && s.Shows("2 marked") && l.cursor == was.cursor && slices.Equal(l.marks, was.marks)
	})
}

func TestTheLineAtTheEndGoesOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		args  []string
		again string // what the line begins with
		fresh string
	}{
		{"console", nil, "socctl goes on at ", "socctl --fresh starts anew."},
		{"another file and name", []string{"--config", "a b/it's.yaml", "--session", "night"}, `socctl --config='a b/it'\''s.yaml' --session night goes on at `,
			`socctl --fresh --config='a b/it'\''s.yaml' starts anew.`},
		{"demo", []string{"demo", "--customers", "4", "--incidents", "60", "--still"}, "socctl demo --resume --customers=4 --incidents=60 --still goes on at ",
			"socctl demo --customers=4 --incidents=60 --still starts anew."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			o := wide()
			if o.Dir = t.TempDir(); c.name != "demo" {
				cloud(t, h, 4)
			}
			if err := os.Mkdir(filepath.Join(o.Dir, "a b"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(h.path("config.yaml"), filepath.Join(o.Dir, "a b", "it's.yaml")); err != nil {
				t.Fatal(err)
			}
			p := start(t, h, o, c.args...)
			was := workedOn(p)
			line := leave(t, p)
			want := c.again + `Everything, "sev:low,medium", CONT-` + was.cursor + ", 2 marked; " + c.fresh
			if line != want {
				t.Fatalf("the line is\n%s\nand not\n%s", line, want)
			}
			command, _, _ := strings.Cut(line, " goes on at ")
			p = shell(t, h, o, command)
			again(p, was)
			if second := leave(t, p); second != want {
				t.Errorf("the second time it is\n%s", second)
			}
			p = shell(t, h, o, strings.TrimSuffix(c.fresh, " starts anew."))
			if s := fresh(p); s.Shows("marked") || s.Shows("sev:low") || s.Shows("by age") {
				t.Errorf("a fresh start shows\n%s", s)
			}
			leave(t, p)
		})
	}
}

// TestALostTerminalKeepsTheSession pulls the terminal away, as a lost SSH connection does.
func TestALostTerminalKeepsTheSession(t *testing.T) {
	t.Parallel()
	for _, detached := range []bool{false, true} {
		t.Run(fmt.Sprintf("detached %v", detached), func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			cloud(t, h, 4)
			o := wide()
			o.Detached = detached
			p := start(t, h, o)
			was := workedOn(p)
			p.Hangup()
			if code := p.Exit(soon); code != 129 {
				t.Errorf("exit code %d", code)
			}
			p = start(t, h, wide())
			again(p, was)
			leave(t, p)
		})
	}
}

func TestAnOpenIncidentComesBack(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 4)
	p := start(t, h, wide())
	fresh(p)
	p.Press("j", "enter")
	s := p.WaitFor("reference", "description")
	_, reference, _ := strings.Cut(s.Line(0), "CONT-")
	p.Hangup()
	p.Exit(soon)
	p = start(t, h, wide())
	p.WaitFor("reference", "description", "CONT-"+reference[:4])
	p.Press("q")
	p.WaitFor("TITLE")
	leave(t, p)
}

func TestTwoConsolesKeepTheirOwnSessions(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 4)
	one, two := start(t, h, wide()), start(t, h, wide())
	fresh(one)
	fresh(two)
	for n, p := range []*tty.Program{one, two} {
		p.Press("/")
		p.WaitFor("enter keep")
		p.Press("sev:"+[]string{"low", "medium"}[n], "enter")
		p.WaitFor("/ sev:" + []string{"low", "medium"}[n] + " ·")
	}
	first, second := leave(t, one), leave(t, two)
	if !strings.HasPrefix(first, `socctl goes on at Triage, "sev:low"`) || !strings.HasPrefix(second, `socctl --session main-2 goes on at Triage, "sev:medium"`) {
		t.Errorf("they say\n%s\n%s", first, second)
	}
	p := start(t, h, wide())
	p.WaitFor("/ sev:low ·")
	leave(t, p)
	p = start(t, h, wide(), "--session", "main-2")
	p.WaitFor("/ sev:medium ·")
	leave(t, p)
}

func TestASessionOfAnotherConfiguration(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 4)
	p := start(t, h, wide(), "--session", "night")
	fresh(p)
	leave(t, p)
	kept := h.sessions(t)
	if len(kept) != 1 {
		t.Fatalf("kept: %v", kept)
	}
	cloud(t, h, 3)
	p = start(t, h, wide(), "--session", "night")
	p.WaitFor("The session night was kept with another configuration, where it stays")
	leave(t, p)
	now := h.sessions(t)
	for name, data := range kept {
		if now[name] != data {
			t.Errorf("%s was %s, and is %s", name, data, now[name])
		}
	}
}

func TestABrokenSessionIsSaidAndKept(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{"{", "", "null", `{"version":99}`, strings.Repeat("\xff\x1b]0;x\a", 100), `{"version":1,"section":"Triage","marks":[{"id":"../x"}]}`} {
		t.Run(fmt.Sprintf("%.20q", broken), func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			cloud(t, h, 4)
			p := start(t, h, wide())
			fresh(p)
			leave(t, p)
			for name := range h.sessions(t) {
				if err := os.WriteFile(filepath.Join(h.dir, ".local", "state", "socctl", "sessions", name), []byte(broken), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			p = start(t, h, tty.Options{Cols: 250, Rows: 30})
			p.WaitFor("The last session cannot be used, since ", "this one starts anew")
			p.Press("j")
			fresh(p)
			leave(t, p)
			found := false
			for _, data := range h.sessions(t) {
				found = found || data == broken
			}
			if !found {
				t.Errorf("the broken one is gone: %v", h.sessions(t))
			}
		})
	}
}

// TestAsManyMarksAsASessionKeeps starts with ten thousand marks, of which nearly all are on what the list does not show.
func TestAsManyMarksAsASessionKeeps(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 4)
	p := start(t, h, wide())
	fresh(p)
	leave(t, p)
	var marks []string
	for n := range 10_000 {
		marks = append(marks, fmt.Sprintf(`{"tenant":"0a1b2c3d-0000-4000-8000-000000000003","source":"defender","id":"%d"}`, n+1))
	}
	for name, data := range h.sessions(t) {
		more := strings.Replace(data, `"section":`, `"marks":[`+strings.Join(marks, ",")+`],"section":`, 1)
		if err := os.WriteFile(filepath.Join(h.dir, ".local", "state", "socctl", "sessions", name), []byte(more), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p = start(t, h, wide())
	fresh(p)
	p.WaitFor("10000 marked")
	if line := leave(t, p); !strings.Contains(line, ", 10000 marked; ") {
		t.Errorf("it says %q", line)
	}
	for _, data := range h.sessions(t) {
		if n := strings.Count(data, `"defender"`); n < len(marks) {
			t.Errorf("%d references are kept", n)
		}
	}
}
