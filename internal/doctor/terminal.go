package doctor

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// The smallest window that the console draws in, in cells.
const minWidth, minHeight = 60, 15

// terminal looks at what the analyst sits at.
func (d *doctor) terminal() []Check {
	return []Check{d.window(), d.colours(), d.answers(), d.locale(), d.ssh(), d.browser()}
}

// ask asks the terminal what it can do, where that is safe, and gives the function that ends the question.
func (d *doctor) ask() (finish func()) {
	if d.Ask == nil || d.unasked() != "" {
		return func() {}
	}
	answer, finish := d.Ask()
	d.answer = answer
	return finish
}

// unasked says why the terminal is not asked anything, or nothing.
func (d *doctor) unasked() string {
	switch term := d.env["TERM"]; {
	case !d.InTTY || !d.OutTTY:
		return "standard input or output is not a terminal"
	case term == "" || term == "dumb":
		return "TERM says that it would not answer"
	case d.env["TERM_PROGRAM"] == "Apple_Terminal": // it prints a part of the question
		return "Apple's Terminal shows the question"
	}
	return ""
}

func (d *doctor) window() Check {
	const name = "terminal"
	term := d.env["TERM"]
	if !d.OutTTY {
		return check(Skip, idTerminal, name, "standard output is not a terminal", "")
	}
	parts := []string{term}
	if term == "" {
		parts[0] = "TERM is not set"
	}
	if d.Width > 0 && d.Height > 0 {
		parts = append(parts, fmt.Sprintf("%dx%d", d.Width, d.Height))
	}
	parts = append(parts, profileWords(d.profile()))
	if d.answer.Sync == SyncKnown {
		parts = append(parts, "synchronized output")
	}
	found := strings.Join(parts, ", ")
	switch {
	case term == "" && !d.windows(), term == "dumb":
		return check(Warn, idTerminal, name, found+": the console cannot be drawn", "export TERM=xterm-256color")
	case d.Width > 0 && d.Height > 0 && (d.Width < minWidth || d.Height < minHeight):
		return check(Warn, idTerminal, name, found+": too small for the console", fmt.Sprintf("make the window %dx%d or larger", minWidth, minHeight))
	}
	return check(OK, idTerminal, name, found, "")
}

// profile is what the console will take the terminal's colours to be. tmux's own word comes with its checks.
func (d *doctor) profile() colorprofile.Profile {
	p := colorprofile.Env(d.Environ)
	if off, _ := strconv.ParseBool(d.env["NO_COLOR"]); !off && p > colorprofile.NoTTY && p < colorprofile.TrueColor && d.Terminfo != nil {
		p = max(p, d.Terminfo(d.env["TERM"]))
	}
	return p
}

func profileWords(p colorprofile.Profile) string {
	switch p {
	case colorprofile.TrueColor:
		return "true colour"
	case colorprofile.ANSI256:
		return "256 colours"
	case colorprofile.ANSI:
		return "16 colours"
	}
	return "no colours"
}

func (d *doctor) colours() Check {
	const name = "colours"
	if !d.OutTTY {
		return check(Skip, idColours, name, "standard output is not a terminal", "")
	}
	p := d.profile()
	words := profileWords(p)
	wish := d.env["NO_COLOR"]
	off, err := strconv.ParseBool(wish)
	switch {
	case off:
		return check(OK, idColours, name, words+": NO_COLOR is set", "")
	case wish != "" && err != nil:
		return check(Warn, idColours, name, words+": NO_COLOR is set, but only 1 and true turn colours off", "export NO_COLOR=1")
	case p <= colorprofile.ASCII:
		return check(Warn, idColours, name, words, "export TERM=xterm-256color")
	case p == colorprofile.TrueColor:
		return check(OK, idColours, name, words, "")
	case d.overSSH() && d.env["COLORTERM"] == "":
		return check(OK, idColours, name, words+": SSH does not bring COLORTERM along; export COLORTERM=truecolor if your terminal has true colour", "")
	}
	return check(OK, idColours, name, words, "")
}

func (d *doctor) answers() Check {
	const name = "answers"
	if why := d.unasked(); why != "" {
		return check(Skip, idAnswers, name, "not asked: "+why, "")
	}
	a := d.answer
	when := "at once"
	if ms := a.Took.Milliseconds(); ms > 0 {
		when = fmt.Sprintf("in %d ms", ms)
	}
	switch {
	case a.Err != nil:
		return check(Skip, idAnswers, name, "not asked: "+a.Err.Error(), "")
	case !a.Asked:
		return check(Skip, idAnswers, name, "not asked: this system has no way to", "")
	case !a.Complete:
		return check(Warn, idAnswers, name, fmt.Sprintf("no answer within %d ms: the line is slow, or the terminal does not answer", askTimeout.Milliseconds()), "")
	case a.Sync == SyncKnown:
		return check(OK, idAnswers, name, when+": synchronized output, attributes "+a.Attributes, "")
	}
	return check(OK, idAnswers, name, when+": no synchronized output, so that frames may flicker; attributes "+a.Attributes, "")
}

// locale wants UTF-8, as the C library would choose: LC_ALL before LC_CTYPE before LANG, where empty counts as not set.
func (d *doctor) locale() Check {
	const name, fix = "locale", "export LC_ALL=C.UTF-8"
	if d.windows() {
		return check(Skip, idLocale, name, "this system has no locale variables", "")
	}
	for _, variable := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		value := d.env[variable]
		if value == "" {
			continue
		}
		found := variable + "=" + value
		if upper := strings.ToUpper(value); strings.Contains(upper, "UTF-8") || strings.Contains(upper, "UTF8") {
			return check(OK, idLocale, name, found, "")
		}
		return check(Warn, idLocale, name, found+" is not UTF-8: lines and names may come out wrong", fix)
	}
	return check(Warn, idLocale, name, "none of LC_ALL, LC_CTYPE and LANG is set: tmux and others take that for ASCII", fix)
}

func (d *doctor) overSSH() bool {
	return d.env["SSH_CONNECTION"] != "" || d.env["SSH_TTY"] != "" || d.env["SSH_CLIENT"] != ""
}

func (d *doctor) ssh() Check {
	const name = "SSH"
	if !d.overSSH() {
		return check(OK, idSSH, name, "not over SSH", "")
	}
	found := "over SSH"
	if from := strings.Fields(d.env["SSH_CONNECTION"]); len(from) > 0 {
		found += " from " + from[0]
	}
	if d.env["SSH_TTY"] == "" && d.OutTTY {
		found += "; SSH_TTY is not set, as in a session that tmux, su or sudo began"
	}
	return check(OK, idSSH, name, found, "")
}

func (d *doctor) browser() Check {
	const name = "browser"
	switch {
	case d.Browser:
		return check(OK, idBrowser, name, "links open in a browser of this desktop", "")
	case d.overSSH():
		return check(OK, idBrowser, name, "links are shown and copied: over SSH a browser would open on the wrong machine", "")
	}
	return check(OK, idBrowser, name, "links are shown and copied: no desktop or no browser is in reach", "")
}
