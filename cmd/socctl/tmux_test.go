package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
)

// tmux is a server of its own, whose only session runs in the pseudo-terminal of the test.
type tmux struct {
	*tty.Program
	t      *testing.T
	socket string
	env    []string
}

// inTmux runs a command of the shell in tmux.
func inTmux(t *testing.T, h home, o tty.Options, command string) *tmux {
	t.Helper()
	path, err := exec.LookPath("tmux")
	if err != nil {
		t.Skip("there is no tmux")
	}
	dir, err := os.MkdirTemp("", "socctl-tmux-") //nolint:usetesting // a socket's path has to be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	conf := filepath.Join(dir, "conf")
	lines := "set -g default-terminal tmux-256color\nset -s set-clipboard on\nset -s escape-time 10\nset -g status off\nset -g focus-events on\n"
	if err := os.WriteFile(conf, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	x := &tmux{t: t, socket: filepath.Join(dir, "s")}
	x.env = append([]string{"TMUX_TMPDIR=" + dir}, h.env...)
	x.env = append(x.env, "PATH="+os.Getenv("PATH"), "LANG=C.UTF-8", "SHELL=/bin/sh")
	o.Env = x.env
	x.Program = tty.Start(t, o, path, "-S", x.socket, "-f", conf, "new-session", command)
	t.Cleanup(func() { _ = exec.Command(path, "-S", x.socket, "kill-server").Run() }) // which may have ended by itself
	return x
}

// ask runs a command of tmux and gives what it prints.
func (x *tmux) ask(args ...string) string {
	x.t.Helper()
	cmd := exec.CommandContext(x.t.Context(), "tmux", append([]string{"-S", x.socket}, args...)...)
	cmd.Env = x.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		x.t.Fatalf("tmux %v: %v: %s", args, err, out)
	}
	return string(out)
}

// TestCopyInTmux copies in a real tmux: its own buffer has it, and tmux passes it on to the terminal that it runs in.
func TestCopyInTmux(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	x := inTmux(t, h, wide(), binary+" demo --customers 4 --incidents 60 --still")
	id := listOf(fresh(x.Program)).cursor
	x.Press("y")
	x.WaitFor("Copied the reference CONT-" + id)
	if got := x.ask("show-buffer"); got != "CONT-"+id {
		t.Errorf("the buffer has %q", got)
	}
	x.Press("Y")
	x.WaitFor("Copied the link of CONT-" + id)
	if got := x.ask("show-buffer"); !strings.HasPrefix(got, tty.Portal+"incidents/") || !strings.Contains(got, "?tid=") {
		t.Errorf("the buffer has %q", got)
	}
	x.Press(":copy json", "enter")
	x.WaitFor("Copied the JSON of CONT-" + id)
	var incident struct{ Ref string }
	if got := x.ask("show-buffer"); json.Unmarshal([]byte(got), &incident) != nil || incident.Ref != "CONT-"+id {
		t.Errorf("the buffer has %q", got)
	}
	if want := "52;;" + base64.StdEncoding.EncodeToString([]byte("CONT-"+id)); !strings.Contains(string(x.Raw()), want) &&
		!strings.Contains(string(x.Raw()), strings.Replace(want, ";;", ";c;", 1)) {
		t.Errorf("the terminal around tmux was not told")
	}
	x.Press("q")
	if code := x.Exit(soon); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// TestTmuxKeepsTheScreen goes through what tmux itself does with a console: another size, its own paste, and mended output.
func TestTmuxKeepsTheScreen(t *testing.T) {
	t.Parallel()
	h := newHome(t, "SOCCTL_CONSOLE_SYNC_OUTPUT=off")
	x := inTmux(t, h, wide(), binary+" demo --customers 4 --incidents 60 --still")
	fresh(x.Program)
	x.Resize(59, 15)
	x.WaitFor("This window is 59x15; socctl needs 60x15.")
	x.Resize(120, 40)
	x.WaitFor("TITLE", "SRC")
	x.Press("/")
	x.WaitFor("enter keep")
	x.ask("set-buffer", "sev:low\nq\n:quit\n")
	x.ask("paste-buffer", "-p")
	x.WaitFor("/ sev:low␍q␍:quit")
	x.Press("esc")
	x.WaitFor("? help")
	helped(x.Program)
	if s := x.ask("capture-pane", "-p"); !strings.Contains(s, "TITLE") || strings.Contains(s, "\x1b") {
		t.Errorf("the pane has %q", s)
	}
	x.Press("q")
	if code := x.Exit(soon); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestDoctorInTmux(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 4)
	x := inTmux(t, h, tty.Options{Cols: 140, Rows: 60}, binary+" doctor; echo ended $?; exec cat")
	s := x.WaitFor("ended ")
	for _, want := range []string{"ended 0", "DR01", "tmux-256color", "set-clipboard", "escape-time", "4 customers in 1 cloud", "DR26"} {
		if !s.Shows(want) {
			t.Errorf("the doctor does not say %q:\n%s", want, s)
		}
	}
	x.Press("ctrl+c")
	x.Exit(soon)
}
