// Package style holds every colour of the console: tokens with a meaning, and themes that give them hues. Nothing else
// in the program names a colour. A Theme is a value; it is replaced as a whole when the terminal tells its background.
//
// Text that no token is asked for keeps the terminal's own colour, which saves bytes on every line.
package style

import (
	"image/color"
	"strconv"

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
	Title // the heading of a panel: text in bold
	tokenCount
)

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
	paints [tokenCount]Paint
}

// Paint gives the paint of a token.
func (t *Theme) Paint(k Token) Paint { return t.paints[k] }

// On paints s with a token.
func (t *Theme) On(k Token, s string) string { return t.paints[k].On(s) }

// palette is the hues of one background, as in the design's table of tokens.
type palette [tokenCount]string

// Palette gives the hues of a background by token, "#rrggbb" each, for the test of contrasts.
func Palette(dark bool) map[Token]string {
	p := lightPalette()
	if dark {
		p = darkPalette()
	}
	m := make(map[Token]string, len(p))
	for k, hex := range p {
		if hex != "" {
			m[Token(k)] = hex
		}
	}
	return m
}

func darkPalette() palette {
	return palette{Text: "#d7dde4", Subtle: "#97a3b0", Faint: "#5f6b78", Accent: "#7cc4ff", Selection: "#23384d",
		High: "#ff7a66", Medium: "#f2b84b", Low: "#7fc8f8", Info: "#97a3b0", OK: "#7fd1a8", Experts: "#c9a6ff"}
}

func lightPalette() palette {
	return palette{Text: "#1d2730", Subtle: "#55626f", Faint: "#7b8794", Accent: "#00639c", Selection: "#d6e8f7",
		High: "#b3261e", Medium: "#8a5a00", Low: "#00639c", Info: "#55626f", OK: "#1c6e45", Experts: "#6b3fa0"}
}

// Ground is what is known of the terminal's background.
type Ground int

// The grounds. Until the terminal says otherwise, it is taken for dark, and nothing rests on that.
const (
	Unknown Ground = iota
	Dark
	Light
)

// New makes the theme for a terminal.
func New(profile colorprofile.Profile, ground Ground) *Theme {
	switch {
	case profile >= colorprofile.ANSI256:
		return hued(ground)
	case profile == colorprofile.ANSI:
		return sixteen()
	}
	return monochrome()
}

func hued(ground Ground) *Theme {
	p := darkPalette()
	if ground == Light {
		p = lightPalette()
	}
	t := &Theme{}
	for k, hex := range p {
		if hex != "" {
			t.set(Token(k), ansi.NewStyle().ForegroundColor(rgb(hex)))
		}
	}
	t.paints[Text] = Paint{}
	selection := ansi.NewStyle().BackgroundColor(rgb(p[Selection]))
	if ground == Unknown { // else the terminal's own text colour reads well on it, and a move costs 20 bytes less
		selection = selection.ForegroundColor(rgb(p[Text]))
	}
	t.set(Selection, selection)
	t.set(Title, ansi.NewStyle().Bold())
	return t
}

func sixteen() *Theme {
	t := &Theme{}
	for k, c := range map[Token]ansi.BasicColor{Subtle: ansi.BrightBlack, Faint: ansi.BrightBlack, Accent: ansi.Cyan,
		High: ansi.BrightRed, Medium: ansi.Yellow, Low: ansi.Blue, Info: ansi.BrightBlack, OK: ansi.Green, Experts: ansi.Magenta} {
		t.set(k, ansi.NewStyle().ForegroundColor(c))
	}
	t.set(Selection, ansi.NewStyle().Reverse(true))
	t.set(Title, ansi.NewStyle().Bold())
	return t
}

func monochrome() *Theme {
	t := &Theme{}
	t.set(Subtle, ansi.NewStyle().Faint())
	t.set(Faint, ansi.NewStyle().Faint())
	t.set(Info, ansi.NewStyle().Faint())
	t.set(Accent, ansi.NewStyle().Underline(true))
	t.set(High, ansi.NewStyle().Bold())
	t.set(Selection, ansi.NewStyle().Reverse(true))
	t.set(Title, ansi.NewStyle().Bold())
	return t
}

func (t *Theme) set(k Token, s ansi.Style) { t.paints[k] = Paint{open: s.String()} }

// rgb reads "#rrggbb"; the palettes are ours and a test reads them all.
func rgb(hex string) color.Color {
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return color.White
	}
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff} //nolint:gosec // six hexadecimal digits
}
