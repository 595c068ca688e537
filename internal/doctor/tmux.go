package doctor

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// tmuxTimeout bounds all questions to tmux.
	tmuxTimeout = 2 * time.Second
	// maxEscapeTime is the longest that tmux may wait after an escape, in milliseconds, before the key feels stuck.
	maxEscapeTime = 50
)

// tmux looks at the options of the tmux that we run in. They are asked one by one, since an older tmux refuses a whole
// line for one option that it does not know.
func (d *doctor) tmux(ctx context.Context) []Check {
	if d.env["TMUX"] == "" {
		if strings.HasPrefix(d.env["TERM"], "tmux") {
			return []Check{check(Skip, idTmux, "tmux", "TERM is "+d.env["TERM"]+", so tmux runs where you came from: socctl doctor cannot look there",
				"tmux set -g set-clipboard on (there)")}
		}
		return []Check{check(Skip, idTmux, "tmux", "not in tmux", "")}
	}
	ctx, cancel := context.WithTimeout(ctx, tmuxTimeout)
	defer cancel()
	version, err := d.Tmux(ctx, "-V")
	if err != nil {
		return []Check{check(Warn, idTmux, "tmux", "TMUX is set, and tmux "+tmuxSilence(err)+": copying may not reach you", "")}
	}
	option := func(name string) string {
		value, err := d.Tmux(ctx, "show", "-gv", name)
		if err != nil {
			return ""
		}
		return strings.TrimSpace(value)
	}
	clipboard := option("set-clipboard")
	if clipboard == "" {
		return []Check{check(Warn, idTmux, "tmux", version+": the server does not answer: TMUX may be left from another session", "unset TMUX")}
	}
	return []Check{
		tmuxClipboard(version, clipboard, option("allow-passthrough")),
		tmuxKeys(option("escape-time"), option("extended-keys")),
		tmuxFocus(option("focus-events")),
		d.tmuxColours(ctx, option("default-terminal")),
	}
}

func tmuxSilence(err error) string {
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "is not on PATH"
	case errors.Is(err, context.DeadlineExceeded):
		return "did not answer in time"
	}
	return "cannot be run"
}

// tmuxClipboard says what becomes of a copy. Unless set-clipboard is on, tmux drops what a program copies; from 3.2 on the
// console also hands it to tmux load-buffer -w, which sets the clipboard all the same.
func tmuxClipboard(version, clipboard, passthrough string) Check {
	const name = "tmux"
	switch {
	case clipboard == "on":
		return check(OK, idTmux, name, version+", set-clipboard is on, allow-passthrough is "+orUnknown(passthrough), "")
	case passthrough == "on" || passthrough == "all":
		return check(OK, idTmux, name, version+", set-clipboard is "+clipboard+", copying goes through allow-passthrough", "")
	case tmuxBefore(version, 3, 2):
		return check(Warn, idTmux, name, version+", set-clipboard is "+clipboard+": copying will not reach you", "tmux set -g set-clipboard on")
	}
	return check(Warn, idTmux, name, version+", set-clipboard is "+clipboard+": tmux drops what programs copy; only tmux load-buffer is left",
		"tmux set -g set-clipboard on")
}

// tmuxBefore reads "tmux 3.3a" and "tmux next-3.5"; what it cannot read counts as new.
func tmuxBefore(version string, major, minor int) bool {
	_, number, _ := strings.Cut(version, " ")
	number = strings.TrimPrefix(number, "next-")
	left, right, _ := strings.Cut(number, ".")
	right = strings.TrimRightFunc(right, func(r rune) bool { return r < '0' || r > '9' })
	a, err := strconv.Atoi(left)
	b, err2 := strconv.Atoi(right)
	if err != nil || err2 != nil {
		return false
	}
	return a < major || a == major && b < minor
}

func tmuxKeys(escape, extended string) Check {
	const name = "tmux keys"
	found := "escape-time is " + orUnknown(escape) + " ms, extended-keys is " + orUnknown(extended)
	ms, err := strconv.Atoi(escape)
	switch {
	case err != nil:
		return check(Skip, idTmuxKeys, name, found, "")
	case ms > maxEscapeTime:
		return check(Warn, idTmuxKeys, name, fmt.Sprintf("escape-time is %d ms: esc comes late, and esc with a quick key after it becomes alt", ms),
			"tmux set -g escape-time 10")
	}
	return check(OK, idTmuxKeys, name, found, "")
}

func tmuxFocus(focus string) Check {
	const name = "tmux focus"
	switch focus {
	case "":
		return check(Skip, idTmuxFocus, name, "this tmux does not say", "")
	case "on":
		return check(OK, idTmuxFocus, name, "focus-events is on", "")
	}
	return check(OK, idTmuxFocus, name, "focus-events is "+focus+": socctl does without", "")
}

// tmuxColours looks at the TERM that tmux gives to programs, and whether true colours reach the terminal around it.
func (d *doctor) tmuxColours(ctx context.Context, terminal string) Check {
	const name = "tmux colours"
	features, err := d.Tmux(ctx, "display-message", "-p", "#{client_termfeatures}")
	known := err == nil && features != ""
	rgb := slices.Contains(strings.Split(strings.TrimSpace(features), ","), "RGB")
	found := "default-terminal is " + orUnknown(terminal)
	switch {
	case terminal == "":
		return check(Skip, idTmuxColours, name, "this tmux does not say", "")
	case !strings.HasSuffix(terminal, "256color") && !strings.HasSuffix(terminal, "direct"):
		return check(Warn, idTmuxColours, name, found+": few colours", "tmux set -g default-terminal tmux-256color")
	case rgb:
		return check(OK, idTmuxColours, name, found+", true colour reaches your terminal", "")
	case known:
		return check(OK, idTmuxColours, name, found+", 256 colours; for true colour: tmux set -as terminal-features '*:RGB'", "")
	}
	return check(OK, idTmuxColours, name, found, "")
}

func orUnknown(s string) string {
	if s == "" {
		return "not known to it"
	}
	return s
}

// wrappers looks for GNU screen and mosh, which stand between the program and the terminal and pass less than tmux.
func (d *doctor) wrappers() []Check {
	const name = "screen, mosh"
	var rows []Check
	switch term := d.env["TERM"]; {
	case d.env["STY"] != "":
		rows = append(rows, check(Warn, idWrappers, "screen", "in GNU screen: no focus events, and esc waits for maptimeout, 300 ms unless set",
			"screen -X maptimeout 10"))
	case d.env["TMUX"] == "" && strings.HasPrefix(term, "screen"):
		rows = append(rows, check(Skip, idWrappers, "screen", "TERM is "+term+", so screen or tmux runs where you came from: it cannot be looked at from here", ""))
	}
	if d.Parents != nil && slices.Contains(d.Parents(), "mosh-server") {
		rows = append(rows, check(Warn, idWrappers, "mosh", "over mosh: copying needs mosh 1.4 or later at both ends, and links are plain text",
			"use ssh where copying does not work"))
	}
	if rows == nil {
		rows = append(rows, check(OK, idWrappers, name, "neither found", ""))
	}
	return rows
}
