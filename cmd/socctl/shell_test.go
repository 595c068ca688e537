package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
)

// bash runs an interactive shell with job control whose prompt is "ready>".
func bash(t *testing.T, h home, o tty.Options) *tty.Program {
	t.Helper()
	path, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	if err := os.MkdirAll(filepath.Join(h.dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binary, filepath.Join(h.dir, "bin", "socctl")); err != nil {
		t.Fatal(err)
	}
	o.Env = append(h.env, "PATH="+filepath.Join(h.dir, "bin")+":/usr/bin:/bin", "PS1=ready> ", "INPUTRC=/dev/null", "HISTFILE=")
	p := tty.Start(t, o, path, "--norc", "--noprofile", "-i")
	p.WaitFor("ready>")
	return p
}

// TestSuspend goes to the shell and comes back, twice. The shell finds its terminal as it was.
func TestSuspend(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := bash(t, h, wide())
	p.Press("before=$(stty -g)", "enter")
	p.Press("socctl demo --customers 2 --incidents 60 --still", "enter")
	first := listOf(p.WaitFor("TITLE", "kai", " 2 fresh ")).cursor
	p.Press("j")
	at := listOf(p.WaitUntil("the cursor below", func(s tty.Screen) bool { c := listOf(s).cursor; return c != "" && c != first && s.Shows("? help") })).cursor
	for range 2 {
		p.Press("ctrl+z")
		p.WaitFor("Stopped", "ready>")
		if m, err := tty.Modes(p.Raw()); err != nil || m.Set["1049"] || m.Set["1004"] || m.Hidden || m.Keyboard != 0 {
			t.Errorf("the shell finds %+v, %v", m, err)
		}
		p.Press("[ \"$before\" = \"$(stty -g)\" ] && echo as be''fore", "enter")
		p.WaitFor("as before")
		p.Press("clear", "enter")
		p.WaitGone("as before")
		p.Press("fg", "enter")
		s := p.WaitFor("TITLE", "kai", "? help")
		if now := listOf(s).cursor; now != at {
			t.Errorf("the cursor was on %s and is on %s", at, now)
		}
		p.Press("k", "j")
	}
	p.Press("q")
	p.WaitFor(" goes on at Triage", "ready>")
	p.Press("[ \"$before\" = \"$(stty -g)\" ] && echo as be''fore; exit 7", "enter")
	if code := p.Exit(soon); code != 7 {
		t.Errorf("exit code %d", code)
	}
	if !p.Screen().Shows("as before") {
		t.Errorf("the terminal is not as before:\n%s", p.Screen())
	}
}

// TestCompletionInBash presses tab in a real shell, with what a console has left behind for it.
func TestCompletionInBash(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 2)
	c := start(t, h, wide())
	id := listOf(fresh(c)).cursor
	leave(t, c)
	p := bash(t, h, wide())
	p.Press("source <(socctl completion bash); bind 'set bell-style none'; echo lo''aded", "enter")
	p.WaitFor("loaded")
	for _, typed := range [][2]string{{"socctl inc", "socctl incidents "}, {"socctl incidents list --tenant CO", "--tenant CONT "},
		{"socctl incidents show CONT-" + id[:len(id)-1], "show CONT-"}, {"socctl tenants list --output nd", "--output ndjson "}} {
		p.Press("ctrl+u", typed[0], "tab")
		p.WaitFor(typed[1])
	}
	p.Press("ctrl+u", "exit", "enter")
	p.Exit(soon)
}

// TestWhatNeedsNoTerminal runs what only prints: it writes no escape sequence, and nothing on standard error.
func TestWhatNeedsNoTerminal(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 2)
	for args, want := range map[string]string{
		"--version": "dev", "--help": "Usage:", "help demo": "--still", "man": ".TH", "man demo": ".TH", "completion bash": "complete", "completion zsh": "#compdef",
		"completion fish": "complete", "completion powershell": "Register", "tenants list --offline": "CONT\tContoso Ltd", "doctor": "ok\tDR13",
	} {
		var out, problem bytes.Buffer
		cmd := exec.CommandContext(t.Context(), binary, strings.Fields(args)...)
		cmd.Env, cmd.Stdout, cmd.Stderr = h.env, &out, &problem
		if err := cmd.Run(); err != nil {
			t.Errorf("socctl %s: %v", args, err)
		}
		if !strings.Contains(out.String(), want) || bytes.ContainsAny(out.Bytes(), "\x1b\a") && !strings.HasPrefix(args, "completion") || problem.Len() > 0 {
			t.Errorf("socctl %s: %.300q, %q", args, out.String(), problem.String())
		}
	}
}

func TestDoctorWithoutATerminal(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cmd := exec.CommandContext(t.Context(), binary, "doctor", "--output", "json")
	cmd.Env = h.env
	out, _ := cmd.Output() // the exit code says it
	if code := cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d without a configuration", code)
	}
	var report struct {
		Checks []struct{ ID, Verdict, Found, Fix string }
	}
	if err := json.Unmarshal(out, &report); err != nil || len(report.Checks) < 20 {
		t.Fatalf("%v: %s", err, out)
	}
	for _, c := range report.Checks {
		if (c.Verdict == "fail") != (c.Fix != "" && c.ID == "DR13") || c.ID == "" {
			t.Errorf("%+v", c)
		}
	}
}
