package style

import (
	"math"
	"testing"

	"github.com/charmbracelet/colorprofile"
)

// TestTextKeepsAContrast holds text and severities to 4.5 to 1 (WCAG 2 AA) on the usual ground, and text on the selection.
func TestTextKeepsAContrast(t *testing.T) {
	t.Parallel()
	grounds := map[bool]string{true: "#11161c", false: "#ffffff"}
	for dark, ground := range grounds {
		p := Palette(dark)
		for _, k := range []Token{Text, Subtle, Accent, High, Medium, Low, Info, OK, Experts} {
			if c := contrast(p[k], ground); c < 4.5 {
				t.Errorf("dark %v: token %d has a contrast of %.2f on the ground", dark, k, c)
			}
		}
		if c := contrast(p[Text], p[Selection]); c < 4.5 {
			t.Errorf("dark %v: text has a contrast of %.2f on the selection", dark, c)
		}
	}
}

func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

func luminance(hex string) float64 {
	r, g, b, _ := rgb(hex).RGBA()
	lin := func(v uint32) float64 {
		c := float64(v) / 0xffff
		if c <= 0.03928 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b)
}

func TestMonochromeUsesNoColour(t *testing.T) {
	t.Parallel()
	theme := New(colorprofile.ASCII, Unknown)
	for k := range tokenCount {
		got := theme.On(k, "x")
		for _, bad := range []string{"\x1b[3", "\x1b[4", "\x1b[9"} {
			if len(got) > 4 && got[:3] == bad && got[3] != 'm' {
				t.Errorf("token %d paints a colour: %q", k, got)
			}
		}
	}
	if theme.On(High, "x") == "x" || theme.On(Selection, "x") == "x" {
		t.Error("high and the selection have to stand out without colour")
	}
}
