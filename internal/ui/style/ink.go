package style

import (
	"image/color"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// ink is what a token looks like. Its colour is one of the terminal's 16 (ansi.BasicColor), one of 256
// (ansi.IndexedColor), or true colour; none is the terminal's own. Selection's colour is the ground, on which over is
// the text.
type ink struct {
	color, over                     color.Color
	bold, underline, reverse, faint bool
}

// sheet is the inks of a theme.
type sheet [tokenCount]ink

// terminal is what a theme is made for. On a lean one every paint is a single parameter, and the cursor's row has none,
// since what is painted has to be written twice for each move.
type terminal struct {
	profile colorprofile.Profile
	ground  Ground
	lean    bool
}

// theme joins a built-in theme with an analyst's changes to it.
func (b *base) theme(t terminal, own *changes) *Theme {
	profile := t.profile
	if t.lean {
		profile = min(profile, colorprofile.ANSI)
	}
	if b.about.Name == monochromeName && own == nil {
		profile = min(profile, colorprofile.ASCII)
	}
	s := b.sheet(t.ground, profile)
	if own != nil {
		own.apply(&s, profile)
	}
	theme := &Theme{name: b.about.Name}
	if own != nil {
		theme.name = own.name
	}
	if t.lean {
		s.thin()
	}
	for k, i := range s {
		theme.paints[k] = i.paint(Token(k) == Selection, profile)
	}
	theme.warnings = b.warnings(&s, profile, t.ground, own)
	return theme
}

// sheet gives the inks for what a terminal can show.
func (b *base) sheet(ground Ground, profile colorprofile.Profile) sheet {
	switch {
	case profile <= colorprofile.ASCII || b.about.Name == monochromeName:
		return monochrome()
	case profile == colorprofile.ANSI || b.hues == nil:
		s := sixteen()
		for k, i := range b.basic {
			s[k] = i
		}
		return s
	}
	return b.hued(ground, profile)
}

func (b *base) hued(ground Ground, profile colorprofile.Profile) sheet {
	var s sheet
	for k, hex := range b.hues {
		if hex != "" {
			s[k].color = b.hue(Token(k), hex, profile)
		}
	}
	if !b.loud {
		s[Text] = ink{}
	}
	if b.loud || ground != b.ground { // else the terminal's own text colour reads well on it, and a move costs 20 bytes less
		s[Selection].over = b.hue(Text, b.hues[Text], profile)
	}
	s[Selection].bold = b.loud
	s[Title].bold = true
	s[Column].underline = true
	return s
}

func (b *base) hue(k Token, hex string, profile colorprofile.Profile) color.Color {
	if near, ok := b.near[k]; ok && profile == colorprofile.ANSI256 {
		return near
	}
	return rgb(hex)
}

// thin leaves one parameter to each ink, a colour before all else, and the cursor's row without one.
func (s *sheet) thin() {
	s[Selection] = ink{}
	for k, i := range s {
		switch {
		case i.color != nil:
			s[k] = ink{color: i.color}
		case i.reverse:
			s[k] = ink{reverse: true}
		case i.bold:
			s[k] = ink{bold: true}
		case i.underline:
			s[k] = ink{underline: true}
		}
	}
}

// paint writes the ink as one escape sequence.
func (i ink) paint(fill bool, profile colorprofile.Profile) Paint {
	style := ansi.NewStyle()
	if i.bold {
		style = style.Bold()
	}
	if i.faint {
		style = style.Faint()
	}
	if i.underline {
		style = style.Underline(true)
	}
	if i.reverse {
		style = style.Reverse(true)
	}
	front, ground := i.color, color.Color(nil)
	if fill {
		front, ground = i.over, i.color
	}
	if front != nil {
		style = style.ForegroundColor(profile.Convert(front))
	}
	if ground != nil {
		style = style.BackgroundColor(profile.Convert(ground))
	}
	if len(style) == 0 {
		return Paint{}
	}
	return Paint{open: style.String()}
}
