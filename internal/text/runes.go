package text

import (
	"unicode"

	"golang.org/x/text/width"
)

// class says what a rune does to the cells of a screen.
type class uint8

const (
	hidden  class = iota // never shown as itself: it is escaped
	plain                // stands alone, one cell
	wide                 // stands alone, two cells
	blank                // a space that is not U+0020: shown as U+0020
	mark                 // Mn, Me: drawn over the base before it
	extend               // joins the cluster before it and may take cells of its own
	lead                 // a Hangul initial: joins an initial before it, two cells
	prepend              // joins the letter or digit after it
)

// hiddenGraphic lists the runes that Unicode files under letters, marks and symbols although nothing, or only a blank, is drawn
// for them: variation selectors, fillers, default-ignorables, and blank glyphs.
var hiddenGraphic = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x034f, 0x034f, 1}, // combining grapheme joiner
		{0x115f, 0x1160, 1}, // Hangul fillers
		{0x17b4, 0x17b5, 1}, // Khmer inherent vowels
		{0x180b, 0x180d, 1}, // Mongolian variation selectors
		{0x180f, 0x180f, 1},
		{0x2800, 0x2800, 1}, // blank braille
		{0x3164, 0x3164, 1}, // Hangul filler
		{0xfe00, 0xfe0f, 1}, // variation selectors
		{0xffa0, 0xffa0, 1}, // half-width Hangul filler
	},
	R32: []unicode.Range32{
		{0x13441, 0x13442, 1}, // Egyptian blanks
		{0x16fe4, 0x16fe4, 1}, // Khitan filler
		{0x1d159, 0x1d159, 1}, // null note head
		{0xe0100, 0xe01ef, 1}, // variation selectors supplement
	},
}

// prepends lists Grapheme_Cluster_Break=Prepend. Those of category Cf are the number marks of Arabic, Syriac and Kaithi, which
// are drawn and so the only format characters that may stay.
var prepends = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0600, 0x0605, 1},
		{0x06dd, 0x06dd, 1},
		{0x070f, 0x070f, 1},
		{0x0890, 0x0891, 1},
		{0x08e2, 0x08e2, 1},
		{0x0d4e, 0x0d4e, 1},
	},
	R32: []unicode.Range32{
		{0x110bd, 0x110bd, 1},
		{0x110cd, 0x110cd, 1},
		{0x111c2, 0x111c3, 1},
		{0x1193f, 0x1193f, 1},
		{0x11941, 0x11941, 1},
		{0x11a3a, 0x11a3a, 1},
		{0x11a84, 0x11a89, 1},
		{0x11d46, 0x11d46, 1},
		{0x11f02, 0x11f02, 1},
	},
}

// extenders lists what joins the cluster before it without being a mark by category. Spacing marks (Mc) do the same.
var extenders = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0e33, 0x0e33, 1}, // Thai sara am
		{0x0eb3, 0x0eb3, 1}, // Lao am
		{0x1161, 0x11ff, 1}, // Hangul vowels and finals
		{0xd7b0, 0xd7c6, 1},
		{0xd7cb, 0xd7fb, 1},
		{0xff9e, 0xff9f, 1}, // half-width katakana voice marks
	},
	R32: []unicode.Range32{
		{0x1f3fb, 0x1f3ff, 1}, // skin tones
	},
}

// linkers lists the viramas that join two consonants into one cluster, so that clusters chain (UAX #29, rule GB9c).
var linkers = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x094d, 0x094d, 1},
		{0x09cd, 0x09cd, 1},
		{0x0acd, 0x0acd, 1},
		{0x0b4d, 0x0b4d, 1},
		{0x0c4d, 0x0c4d, 1},
		{0x0d4d, 0x0d4d, 1},
		{0x1039, 0x1039, 1},
		{0x17d2, 0x17d2, 1},
		{0x1a60, 0x1a60, 1},
		{0x1bab, 0x1bab, 1},
		{0xa9c0, 0xa9c0, 1},
		{0xaaf6, 0xaaf6, 1},
	},
	R32: []unicode.Range32{
		{0x10a3f, 0x10a3f, 1},
		{0x11133, 0x11133, 1},
		{0x1193e, 0x1193e, 1},
		{0x11a47, 0x11a47, 1},
		{0x11a99, 0x11a99, 1},
		{0x11f42, 0x11f42, 1},
	},
}

// wideToSome lists what newer terminals and the measures of x/ansi give two cells, though the tables of x/text, which are of
// Unicode 15, do not.
var wideToSome = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x2630, 0x2637, 1}, // trigrams
		{0x268a, 0x268f, 1}, // monograms, digrams
		{0x4dc0, 0x4dff, 1}, // hexagrams
	},
	R32: []unicode.Range32{
		{0x1d300, 0x1d356, 1}, // tetragrams
		{0x1d360, 0x1d376, 1}, // counting rods, tally marks
		{0x1f1e6, 0x1f1ff, 1}, // regional indicators
	},
}

// Visible tells whether r may stand in safe text as itself. It is false for spaces other than U+0020, which are shown as one.
func Visible(r rune) bool {
	c := classify(r)
	return c != hidden && c != blank
}

// IsMark tells whether r is drawn over the character before it and takes no cell of its own.
func IsMark(r rune) bool { return classify(r) == mark }

// classify answers for the blocks that fill most screens by range and asks the tables for the rest.
func classify(r rune) class {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0:
		return hidden
	case r < 0x7f:
		return plain
	case r == 0xa0:
		return blank
	case r == 0xad:
		return hidden
	case r < 0x300:
		return plain
	case r >= 0x400 && r < 0x483, r >= 0x48a && r < 0x530: // Cyrillic
		return plain
	case r >= 0x2010 && r < 0x2028: // dashes, quotes, bullet, ellipsis
		return plain
	case r >= 0x2190 && r < 0x2300, r >= 0x2500 && r < 0x25fd: // arrows, operators, boxes, blocks, shapes
		return plain
	case r >= 0x3041 && r < 0x3097, r >= 0x30a0 && r < 0x3100: // kana
		return wide
	case r >= 0x4e00 && r < 0xa000, r >= 0xac00 && r < 0xd7a4: // unified ideographs, Hangul syllables
		return wide
	}
	return classifyByTable(r)
}

// classifyByTable allows what Unicode counts as letters, marks, numbers, punctuation and symbols, less hiddenGraphic, and the
// visible number marks. Controls, formats, surrogates, private use, noncharacters and unassigned code points are what is left.
func classifyByTable(r rune) class {
	switch {
	case unicode.Is(hiddenGraphic, r):
		return hidden
	case unicode.Is(prepends, r):
		return prepend
	case unicode.In(r, unicode.Mn, unicode.Me):
		return mark
	case unicode.Is(unicode.Mc, r), unicode.Is(extenders, r):
		return extend
	case r >= 0x1100 && r < 0x115f, r >= 0xa960 && r < 0xa97d:
		return lead
	case unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S):
		if isWide(r) {
			return wide
		}
		return plain
	case unicode.Is(unicode.Zs, r):
		return blank
	}
	return hidden
}

func isWide(r rune) bool {
	k := width.LookupRune(r).Kind()
	return k == width.EastAsianWide || k == width.EastAsianFullwidth || unicode.Is(wideToSome, r)
}

// cells bounds from above how many columns a terminal gives r, whether it measures runes or clusters.
func cells(r rune, c class) int {
	switch c {
	case mark:
		return 0
	case wide, lead:
		return 2
	case extend:
		if isWide(r) {
			return 2
		}
	}
	return 1
}
