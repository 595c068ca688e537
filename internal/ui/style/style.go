// Package style holds every colour of the console: tokens with a meaning, and themes that give them hues. Nothing else
// in the program names a colour. A Theme is a value that never changes; it is replaced as a whole when the analyst
// chooses another one or the terminal tells its background.
//
// Text that no token is asked for keeps the terminal's own colour, which saves bytes on every line.
package style

import (
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// Token is a meaning that a colour can have.
type Token int

// The tokens.
const (
	Text Token = iota
	Subtle
	Faint
	Accent
	Selection // the cursor row's ground, with Text on it
	High
	Medium
	Low
	Info
	OK
	Experts
	Title  // the heading of a panel: text in bold
	Mark   // the sign of a marked row
	Column // the head of the column that the column cursor stands on
	tokenCount
)

// About names something that a theme can be made of, with a line for help and documentation.
type About struct{ Name, Meaning string }

// Tokens lists the tokens as a theme's file names them, in the order of their constants.
func Tokens() []About {
	return []About{
		{"text", "everything that has no other token"},
		{"subtle", "labels, ages, footers"},
		{"faint", "rules and what is disabled"},
		{"accent", "the cursor's marker, links, what has the focus"},
		{"selection", "the ground of the cursor's row"},
		{"high", "high severity, a missed deadline, danger"},
		{"medium", "medium severity, warnings, stale data"},
		{"low", "low severity"},
		{"info", "informational severity"},
		{"ok", "fresh, ready, done"},
		{"experts", "incidents of Defender Experts"},
		{"title", "headings"},
		{"mark", "the sign of a marked row"},
		{"column", "the head of the column that the column cursor stands on"},
	}
}

// TokenNames lists the names of the tokens in the order of their constants.
func TokenNames() []string { return names(Tokens()) }

// String names the token as a theme's file does.
func (k Token) String() string {
	if k < 0 || k >= tokenCount {
		return "none"
	}
	return Tokens()[k].Name
}

func names(list []About) []string {
	out := make([]string, len(list))
	for n, a := range list {
		out[n] = a.Name
	}
	return out
}

// Paint puts a token's colours around text.
type Paint struct{ open string }

// On paints s. It must not hold escape sequences of its own.
func (p Paint) On(s string) string {
	if p.open == "" || s == "" {
		return s
	}
	return p.open + s + ansi.ResetStyle
}

// Theme gives each token its paint.
type Theme struct {
	paints   [tokenCount]Paint
	name     string
	warnings []string
}

// Paint gives the paint of a token.
func (t *Theme) Paint(k Token) Paint { return t.paints[k] }

// On paints s with a token.
func (t *Theme) On(k Token, s string) string { return t.paints[k].On(s) }

// Name is the name by which the theme was chosen.
func (t *Theme) Name() string { return t.name }

// Warnings says which colours are hard to read on the terminal's background, a sentence each. It is empty while nothing
// is known of the background, and for colours that are the terminal's own. The caller must not change it.
func (t *Theme) Warnings() []string { return t.warnings }

// Ground is what is known of the terminal's background.
type Ground int

// The grounds. Until the terminal says otherwise, it is taken for dark, and nothing rests on that.
const (
	Unknown Ground = iota
	Dark
	Light
)

// New makes the automatic theme for a terminal.
func New(profile colorprofile.Profile, ground Ground) *Theme {
	b := auto(ground)
	return b.theme(terminal{profile: profile, ground: ground}, nil)
}
