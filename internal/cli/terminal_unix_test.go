//go:build unix

package cli_test

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// onTerminal runs socctl as a process on a terminal that answers nothing, and gives what it wrote there.
func onTerminal(t *testing.T, home string, args ...string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = []string{asProgram + "=1", "HOME=" + home, "TERM=xterm-256color", "COLORTERM=truecolor"}
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 70})
	if err != nil {
		t.Fatal(err)
	}
	out, _ := io.ReadAll(tty) // ends with an error where the other side is closed
	_ = tty.Close()
	_ = cmd.Wait() // the exit code is tested elsewhere
	return string(out)
}

// What is no console asks the terminal nothing: an answer that comes late would be typed into the shell.
func TestNoQuestionsToTheTerminal(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for args, want := range map[string]string{
		"--help": "Usage:", "help incidents list": "socctl incidents list [flags]", "--version": "1.2.3", "man": ".TH", "completion zsh": "compdef",
		"incidnets": "did you mean incidents?", "alerts list --since x": "a time is wanted", "tenants list": "configuration",
	} {
		out := onTerminal(t, home, strings.Fields(args)...)
		if !strings.Contains(out, want) || strings.ContainsAny(out, "\x1b\x07") && args != "completion zsh" {
			t.Errorf("socctl %s: %q", args, out)
		}
		if args == "--help" {
			for line := range strings.Lines(out) {
				if line = strings.TrimRight(line, "\r\n"); len(line) > 70 {
					t.Errorf("%d cells on 70: %q", len(line), line)
				}
			}
		}
	}
}
