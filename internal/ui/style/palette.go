package style

import (
	"image/color"
	"strconv"

	"github.com/charmbracelet/x/ansi"
)

// The names of the themes that are built in.
const (
	autoName       = "auto"
	sixteenName    = "sixteen"
	monochromeName = "monochrome"
)

// palette is the hues of one background, "#rrggbb" each. An empty one is the terminal's own colour.
type palette [tokenCount]string

// base is a built-in theme.
type base struct {
	about  About
	ground Ground // what the hues are made for
	hues   *palette
	// near replaces hues on terminals of 256 colours, where the nearest of those is too far off.
	near map[Token]ansi.IndexedColor
	// basic changes what the terminal's own 16 colours are used for.
	basic map[Token]ink
	loud  bool // Text is painted, and the cursor's row is bold
}

// Themes lists the built-in themes.
func Themes() []About {
	list := []About{{autoName, "dark or light as the terminal is, in as many colours as it has"}}
	for _, b := range bases() {
		list = append(list, b.about)
	}
	return list
}

// Names lists the names of the built-in themes.
func Names() []string { return names(Themes()) }

// bases lists the built-in themes without the automatic one, which is one of the first two.
func bases() []base {
	return []base{
		{about: About{"dark", "for a dark background"}, ground: Dark, hues: darkPalette(),
			near: map[Token]ansi.IndexedColor{Selection: 236, Faint: 242}},
		{about: About{"light", "for a light background"}, ground: Light, hues: lightPalette(),
			near: map[Token]ansi.IndexedColor{Selection: 254, Experts: 55}},
		{about: About{"high-contrast", "contrast of 7 to 1 or more on a dark background"}, ground: Dark, hues: contrastPalette(),
			near: map[Token]ansi.IndexedColor{Selection: 17}, basic: contrastBasics(), loud: true},
		{about: About{"high-contrast-light", "contrast of 7 to 1 or more on a light background"}, ground: Light,
			hues: contrastLightPalette(), near: map[Token]ansi.IndexedColor{Selection: 195, Low: 18, Accent: 18, Mark: 18, Column: 18},
			basic: contrastBasics(), loud: true},
		{about: About{"colour-blind", "hues that stay apart without red, green or blue sight, on a dark background"}, ground: Dark,
			hues: blindPalette(), near: map[Token]ansi.IndexedColor{Selection: 236, Faint: 242}, basic: blindBasics()},
		{about: About{"colour-blind-light", "hues that stay apart without red, green or blue sight, on a light background"}, ground: Light,
			hues: blindLightPalette(), near: map[Token]ansi.IndexedColor{Selection: 254}, basic: blindBasics()},
		{about: About{sixteenName, "the terminal's own 16 colours"}},
		{about: About{monochromeName, "no colour; bold, dim, underlined and reversed text"}},
	}
}

// auto gives the theme that suits a background.
func auto(ground Ground) base {
	b := bases()[0]
	if ground == Light {
		b = bases()[1]
	}
	b.about.Name = autoName
	return b
}

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

func darkPalette() *palette {
	return &palette{Text: "#d7dde4", Subtle: "#97a3b0", Faint: "#5f6b78", Accent: "#7cc4ff", Selection: "#23384d",
		High: "#ff7a66", Medium: "#f2b84b", Low: "#7fc8f8", Info: "#97a3b0", OK: "#7fd1a8", Experts: "#c9a6ff",
		Mark: "#7cc4ff", Column: "#7cc4ff"}
}

func lightPalette() *palette {
	return &palette{Text: "#1d2730", Subtle: "#55626f", Faint: "#7b8794", Accent: "#00639c", Selection: "#d6e8f7",
		High: "#b3261e", Medium: "#8a5a00", Low: "#00639c", Info: "#55626f", OK: "#1c6e45", Experts: "#6b3fa0",
		Mark: "#00639c", Column: "#00639c"}
}

func contrastPalette() *palette {
	return &palette{Text: "#ffffff", Subtle: "#d0d7de", Faint: "#9aa5b1", Accent: "#87d7ff", Selection: "#00264d",
		High: "#ff9f8f", Medium: "#ffd75f", Low: "#87d7ff", Info: "#d0d7de", OK: "#87ffaf", Experts: "#d7afff",
		Mark: "#87d7ff", Column: "#87d7ff"}
}

func contrastLightPalette() *palette {
	return &palette{Text: "#000000", Subtle: "#333d47", Faint: "#5a6570", Accent: "#003f73", Selection: "#cfe6ff",
		High: "#870000", Medium: "#4f3a00", Low: "#003f73", Info: "#333d47", OK: "#00472a", Experts: "#4a1f86",
		Mark: "#003f73", Column: "#003f73"}
}

// blindPalette has hues of the cube of 256 colours, which therefore look the same there. They were searched for the
// largest difference between any two of High, Medium, Low, OK and Experts under each deficiency.
func blindPalette() *palette {
	return &palette{Text: "#d7dde4", Subtle: "#97a3b0", Faint: "#5f6b78", Accent: "#87d7ff", Selection: "#1f3347",
		High: "#ff8700", Medium: "#ffff5f", Low: "#87d7ff", Info: "#97a3b0", OK: "#00af87", Experts: "#af87ff",
		Mark: "#87d7ff", Column: "#87d7ff"}
}

// blindLightPalette tells High and Medium apart by lightness, since no orange and yellow are dark enough for paper.
func blindLightPalette() *palette {
	return &palette{Text: "#1d2730", Subtle: "#55626f", Faint: "#7b8794", Accent: "#005fd7", Selection: "#d6e8f7",
		High: "#870000", Medium: "#875f00", Low: "#005fd7", Info: "#55626f", OK: "#005f5f", Experts: "#5f0087",
		Mark: "#005fd7", Column: "#005fd7"}
}

// sixteen is what the terminal's own 16 colours are used for where a theme says nothing else.
func sixteen() sheet {
	return sheet{Subtle: ink{color: ansi.BrightBlack}, Faint: ink{color: ansi.BrightBlack}, Accent: ink{color: ansi.Cyan},
		Selection: ink{reverse: true}, High: ink{color: ansi.BrightRed}, Medium: ink{color: ansi.Yellow}, Low: ink{color: ansi.Cyan},
		Info: ink{color: ansi.BrightBlack}, OK: ink{color: ansi.Green}, Experts: ink{color: ansi.Magenta}, Title: ink{bold: true},
		Mark: ink{color: ansi.Cyan}, Column: ink{color: ansi.Cyan, underline: true}}
}

// contrastBasics leaves grey out, which many terminals draw hardly lighter than black.
func contrastBasics() map[Token]ink {
	return map[Token]ink{Subtle: {}, Info: {}, High: {color: ansi.BrightRed, bold: true}}
}

// blindBasics keeps green and red from meeting.
func blindBasics() map[Token]ink {
	return map[Token]ink{Low: {color: ansi.BrightBlue}, OK: {color: ansi.BrightCyan}}
}

func monochrome() sheet {
	return sheet{Subtle: ink{faint: true}, Faint: ink{faint: true}, Info: ink{faint: true}, Accent: ink{underline: true},
		Selection: ink{reverse: true}, High: ink{bold: true}, Title: ink{bold: true}, Mark: ink{bold: true}, Column: ink{reverse: true}}
}

// rgb reads "#rrggbb"; what is passed in was checked, or is ours and read by a test.
func rgb(hex string) color.Color {
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return color.White
	}
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff} //nolint:gosec // six hexadecimal digits
}
