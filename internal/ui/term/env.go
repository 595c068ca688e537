package term

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// Env is what the environment tells of the terminal.
type Env struct {
	SSH     bool // the analyst sits elsewhere: a browser here would open on the wrong machine
	Tmux    bool
	Screen  bool
	Desktop bool // a graphical session of this machine
	Name    string
}

// ReadEnv reads the environment, given as "KEY=value" strings.
func ReadEnv(environ []string) Env {
	get := func(key string) string {
		for i := len(environ) - 1; i >= 0; i-- {
			if v, ok := strings.CutPrefix(environ[i], key+"="); ok {
				return v
			}
		}
		return ""
	}
	e := Env{
		SSH:    get("SSH_CONNECTION") != "" || get("SSH_TTY") != "" || get("SSH_CLIENT") != "",
		Tmux:   get("TMUX") != "",
		Name:   get("TERM"),
		Screen: get("TMUX") == "" && (get("STY") != "" || strings.HasPrefix(get("TERM"), "screen")),
	}
	switch runtime.GOOS {
	case "windows", "darwin":
		e.Desktop = !e.SSH
	default:
		e.Desktop = !e.SSH && (get("DISPLAY") != "" || get("WAYLAND_DISPLAY") != "")
	}
	return e
}

// copyLimit is what terminals take in one OSC 52, in bytes before encoding.
const copyLimit = 74_994 / 4 * 3

// ErrTooLong is returned for text that terminals would refuse to copy.
var ErrTooLong = errors.New("too long for the terminal's clipboard")

// Copy gives the escape sequence that puts s on the clipboard of the analyst's terminal (OSC 52). In tmux it goes out
// plainly and wrapped, since tmux takes the one where set-clipboard is on and the other where allow-passthrough is.
func (e Env) Copy(s string) (string, error) {
	if len(s) > copyLimit {
		return "", ErrTooLong
	}
	seq := ansi.SetSystemClipboard(s)
	switch {
	case e.Tmux:
		return seq + ansi.TmuxPassthrough(seq), nil
	case e.Screen:
		return ansi.ScreenPassthrough(seq, 768), nil
	}
	return seq, nil
}

// Browser gives the function that opens a link on this desktop, or nil where no browser can be reached. The link is
// handed over as one argument of a program, never to a shell.
func (e Env) Browser() func(url string) error {
	if !e.Desktop {
		return nil
	}
	name, args := "xdg-open", []string{}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler"}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return nil
	}
	return func(url string) error {
		if !strings.HasPrefix(url, "https://") {
			return fmt.Errorf("only https links are opened")
		}
		return start(exec.CommandContext(context.Background(), path, append(args, url)...)) //nolint:gosec // path is fixed, the link is checked
	}
}

// start starts a program and reports only that it failed at once: a browser may stay in the foreground for hours, and ends
// when its user wants it to.
func start(cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the browser: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(2 * time.Second):
		return nil
	}
}

// Multiplexer gives the function that hands text to tmux, which then sets the clipboard of the outer terminal even
// where it drops our sequence; nil outside of tmux.
func (e Env) Multiplexer() func(ctx context.Context, s string) error {
	if !e.Tmux {
		return nil
	}
	path, err := exec.LookPath("tmux")
	if err != nil {
		return nil
	}
	return func(ctx context.Context, s string) error {
		ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, path, "load-buffer", "-w", "-")
		cmd.Stdin = strings.NewReader(s)
		return cmd.Run()
	}
}
