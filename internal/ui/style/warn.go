package style

import (
	"fmt"
	"image/color"
	"math"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/text"
)

// readable is the least contrast that text is not warned about.
const readable = 3

// reference is the background that a terminal is taken to have, and the text on it.
func reference(ground Ground) (back, front color.Color, word string) {
	if ground == Light {
		return rgb("#ffffff"), rgb(lightPalette()[Text]), "light"
	}
	return rgb("#11161c"), rgb(darkPalette()[Text]), "dark"
}

// warnings says what is hard to read: all of a theme that is made for the other background, and the analyst's own
// colours one by one.
func (b *base) warnings(s *sheet, profile colorprofile.Profile, ground Ground, own *changes) []string {
	if ground == Unknown || profile < colorprofile.ANSI256 {
		return nil
	}
	back, front, word := reference(ground)
	var list []string
	if b.hues != nil && b.ground != ground {
		list = append(list, fmt.Sprintf("The theme %s is made for another background than this terminal's, which is %s. auto suits it.",
			b.about.Name, word))
	}
	if own == nil {
		return list
	}
	measure := func(k Token, over, under color.Color, where string) {
		if c := contrast(over, under); c < readable && measurable(over, under) {
			list = append(list, fmt.Sprintf("Theme %s: %s has a contrast of %.1f to 1 on %s; from 3 to 1 on it can be read.",
				text.Escape(own.name), k, c, where))
		}
	}
	for k := range tokenCount {
		if i, changed := own.inks[k]; changed && i.color != nil && k != Selection {
			measure(k, i.color, back, "a "+word+" background")
		}
	}
	if s[Selection].color != nil {
		if s[Selection].over != nil {
			front = s[Selection].over
		}
		measure(Text, front, s[Selection].color, "the selection")
	}
	return list
}

// measurable tells whether the colours are known; the 16 are whatever the terminal makes of them.
func measurable(list ...color.Color) bool {
	for _, c := range list {
		if _, basic := c.(ansi.BasicColor); basic {
			return false
		}
	}
	return true
}

// contrast is the contrast of two colours as WCAG 2 defines it, from 1 to 21.
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// linear takes the transfer curve of sRGB off a channel.
func linear(v uint32) float64 {
	c := float64(v) / 0xffff
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}
