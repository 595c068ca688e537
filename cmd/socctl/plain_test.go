package main

import (
	"bufio"
	"bytes"
	"io"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
	"github.com/socctl/socctl/internal/text/hostile"
)

// piped is a program whose input and output are pipes.
type piped struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
	out   bytes.Buffer // all lines that were read
}

func pipe(t *testing.T, h home, args ...string) *piped {
	t.Helper()
	p := &piped{t: t, cmd: exec.CommandContext(t.Context(), binary, args...)}
	p.cmd.Env = h.env
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = p.cmd.Stdout
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewScanner(out)
	return p
}

// until reads lines up to one that has a text.
func (p *piped) until(text string) {
	p.t.Helper()
	for p.lines.Scan() {
		p.out.WriteString(p.lines.Text() + "\n")
		if strings.Contains(p.lines.Text(), text) {
			return
		}
	}
	p.t.Fatalf("the program ended without %q:\n%s", text, p.out.String())
}

func (p *piped) say(line string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

// end reads the rest and checks that all of it was lines of plain text.
func (p *piped) end(code int) {
	p.t.Helper()
	for p.lines.Scan() {
		p.out.WriteString(p.lines.Text() + "\n")
	}
	_ = p.cmd.Wait() // the exit code says it
	if got := p.cmd.ProcessState.ExitCode(); got != code {
		p.t.Errorf("exit code %d, want %d", got, code)
	}
	if bytes.ContainsAny(p.out.Bytes(), "\x1b\r\a\b") {
		p.t.Errorf("there is more than lines: %q", p.out.String())
	}
	if err := hostile.ScanBytes(p.out.Bytes()); err != nil {
		p.t.Error(err)
	}
}

func TestPlainIntoAPipe(t *testing.T) {
	t.Parallel()
	h := newHome(t, "ACCESSIBLE=1")
	p := pipe(t, h, "demo", "--customers", "2", "--incidents", "60", "--still")
	p.until("Triage")
	p.say("list 3")
	p.until("3. ")
	p.say("filter sev:low")
	p.until("sev:low")
	p.say("opne 1")
	p.until("did you mean open?")
	p.say("open 1")
	p.until("Contoso")
	p.say("quit")
	p.end(0)
	clean(t, h)
}

// TestLinesCannotBeMasked asks for both, which could only show names to people who must not see them.
func TestLinesCannotBeMasked(t *testing.T) {
	t.Parallel()
	p := pipe(t, newHome(t), "demo", "--plain", "--privacy", "--customers", "2", "--incidents", "60", "--still")
	p.until("lines cannot mask them")
	p.end(2)
}

func TestPlainEndsInOrder(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := pipe(t, h, "demo", "--plain", "--customers", "2", "--incidents", "60", "--still")
	p.until("Triage")
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.end(0)
	clean(t, h)
}

// TestPlainInATerminal takes commands from a keyboard. Nothing but lines may be written, and the terminal is left alone.
func TestPlainInATerminal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		env  string
		args []string
	}{{"ACCESSIBLE", "ACCESSIBLE=yes", nil}, {"TERM", "TERM=dumb", nil}, {"flag", "LANG=C.UTF-8", []string{"--plain"}}, {"masked", "SOCCTL_CONSOLE_PRIVACY=true", []string{"--plain"}}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, c.env)
			p := demo(t, h, tty.Options{Cols: 160, Rows: 60}, append([]string{"--customers", "2", "--incidents", "60", "--still"}, c.args...)...)
			p.WaitFor("help names the commands.")
			if s := p.Screen(); s.Shows("Names are not masked: lines do not know the privacy mode.") != (c.name == "masked") {
				t.Errorf("what is said of masks:\n%s", s)
			}
			p.Press("list 2", "enter")
			p.WaitFor("2. ")
			p.Press("help", "enter")
			p.WaitFor("quit: end; exit does the same.")
			p.Press("quit", "enter")
			if code := p.Exit(soon); code != 0 {
				t.Errorf("exit code %d", code)
			}
			if bytes.ContainsAny(p.Raw(), "\x1b\a") {
				t.Errorf("there is an escape: %q", p.Raw())
			}
			if err := p.Restored(); err != nil {
				t.Error(err)
			}
			clean(t, h)
		})
	}
}
