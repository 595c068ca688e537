// Package fit cuts and pads text to an exact number of cells. It takes safe text without escape sequences; plain ASCII,
// which is nearly all text, goes the fast way.
//
// Cells are counted by code points, as terminals and Bubble Tea's renderer do unless they agreed on mode 2027. Counting by
// grapheme clusters would move the columns behind every Hindi, Thai or half-width Japanese text.
package fit

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Ellipsis ends a text that was cut.
const Ellipsis = "…"

// mark stands for a cluster that terminals draw with different widths: an emoji, mostly.
const mark = "▫"

// Left cuts or pads s on the right to width cells.
func Left(s string, width int) string { return fit(s, width, false) }

// Right cuts or pads s to width cells with the padding on the left.
func Right(s string, width int) string { return fit(s, width, true) }

// Cut shortens s to at most width cells and does not pad.
func Cut(s string, width int) string {
	if width <= 0 {
		return ""
	}
	if plain(s) {
		if len(s) <= width {
			return s
		}
		return s[:width-1] + Ellipsis
	}
	return cut(s, width)
}

// cut is Cut for text with more than ASCII. It cuts in front of a character that takes cells of its own, so that marks stay
// on theirs. (ansi.TruncateWc of version 0.11.9 lets text pass whose clusters fit.)
func cut(s string, width int) string {
	cells, end := 0, 0 // end is where the text has to end to leave room for the ellipsis
	for i := 0; i < len(s); {
		_, size := utf8.DecodeRuneInString(s[i:])
		w := ansi.StringWidthWc(s[i : i+size])
		if w > 0 && cells <= width-1 {
			end = i
		}
		if cells += w; cells > width {
			return s[:end] + Ellipsis
		}
		i += size
	}
	return s
}

// Width is the number of cells of s.
func Width(s string) int {
	if plain(s) {
		return len(s)
	}
	return ansi.StringWidthWc(s)
}

func fit(s string, width int, right bool) string {
	if width <= 0 {
		return ""
	}
	s = Cut(s, width)
	gap := width - Width(s)
	switch {
	case gap <= 0:
		return s
	case right:
		return Spaces(gap) + s
	}
	return s + Spaces(gap)
}

// Write is Left, or Right, into a builder: a list writes hundreds of cells for each frame.
func Write(b *strings.Builder, s string, width int, right bool) {
	if width <= 0 {
		return
	}
	s = Cut(s, width)
	gap := Spaces(width - Width(s))
	if right {
		b.WriteString(gap)
	}
	b.WriteString(s)
	if !right {
		b.WriteString(gap)
	}
}

// blank is longer than any line that is drawn.
const blank = "                                                                                                                                "

// Spaces is n blanks, none where n is negative.
func Spaces(n int) string {
	if n <= len(blank) {
		return blank[:max(0, n)]
	}
	return strings.Repeat(" ", n)
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// Narrow replaces clusters that terminals measure differently, such as emoji, by one narrow mark, so that a row of a
// list costs what it should. Letters keep their width, wide ones too: a title in Japanese has to stay readable.
func Narrow(s string) string {
	if simple(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for g := graphemes.FromString(s); g.Next(); {
		c := g.Value()
		if ansi.StringWidth(c) == 2 && !wideLetter(c) {
			b.WriteString(mark)
			continue
		}
		b.WriteString(c)
	}
	return b.String()
}

// simple tells whether s holds only characters that stand alone in a narrow cell, which nearly all text does: ASCII, Latin,
// Greek and Cyrillic letters, dashes, quotes and bullets, lines and shapes.
func simple(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x20 && s[i] < 0x7f {
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r >= 0xc0 && r <= 0x2ff, r >= 0x391 && r <= 0x3a1, r >= 0x3a3 && r <= 0x3ff, r >= 0x400 && r <= 0x482:
		case r >= 0x2010 && r <= 0x2027, r >= 0x2500 && r <= 0x25a9, r == '▲', r == '●', r == '○':
		default:
			return false
		}
		i += size - 1
	}
	return true
}

// wideLetter tells whether a cluster of two cells is writing and not a picture. East Asian scripts lie in U+1100 to
// U+11FF, U+2E80 to U+D7FF, U+F900 to U+FFEF and from U+20000 on; emoji outside of these.
func wideLetter(c string) bool {
	for _, r := range c {
		return r >= 0x1100 && r <= 0x11ff || r >= 0x2e80 && r <= 0xd7ff || r >= 0xf900 && r <= 0xffef || r >= 0x20000 && r < 0x40000
	}
	return false
}

// Wrap breaks s, which may hold line feeds, into lines of at most width cells, at most limit of them; what does not fit
// is said in the last line.
func Wrap(s string, width, limit int) []string {
	if width < 1 || limit < 1 {
		return nil
	}
	lines := strings.Split(ansi.WrapWc(s, width, " "), "\n")
	for n := range lines[:min(len(lines), limit)] {
		lines[n] = Cut(lines[n], width) // a cluster can be wider than a line
	}
	if len(lines) > limit {
		lines = lines[:limit]
		lines[limit-1] = Cut(lines[limit-1], width-1) + Ellipsis
	}
	return lines
}
