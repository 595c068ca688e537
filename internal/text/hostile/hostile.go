// Package hostile holds texts that attack a terminal or its reader, and an oracle that says which runes and bytes may never
// reach a screen, a log or an export. It is for tests of every package that shows text. It is written from the Unicode Standard
// and not from package text, so that the two can catch each other's mistakes, and imports nothing of ours.
package hostile

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// span is a range of code points, both ends included.
type span struct{ lo, hi rune }

// forbidden lists the ranges that may not be shown and are not a whole category of Unicode.
var forbidden = []span{
	{0x0000, 0x001f}, {0x007f, 0x009f}, // Cc
	{0x00ad, 0x00ad},                   // soft hyphen
	{0x034f, 0x034f},                   // combining grapheme joiner
	{0x061c, 0x061c},                   // Arabic letter mark (bidi)
	{0x115f, 0x1160},                   // Hangul fillers
	{0x17b4, 0x17b5},                   // Khmer inherent vowels
	{0x180b, 0x180f},                   // Mongolian selectors and vowel separator
	{0x200b, 0x200d},                   // zero width space, non-joiner, joiner
	{0x200e, 0x200f}, {0x202a, 0x202e}, // bidi marks, embeddings, overrides
	{0x2028, 0x2029},    // Zl, Zp
	{0x2060, 0x2064},    // word joiner, invisible operators
	{0x2065, 0x2065},    // default-ignorable, unassigned
	{0x2066, 0x2069},    // bidi isolates
	{0x206a, 0x206f},    // deprecated formats
	{0x2800, 0x2800},    // blank braille
	{0x3164, 0x3164},    // Hangul filler
	{0xd800, 0xdfff},    // surrogates
	{0xe000, 0xf8ff},    // private use
	{0xfdd0, 0xfdef},    // noncharacters
	{0xfe00, 0xfe0f},    // variation selectors
	{0xfeff, 0xfeff},    // byte order mark
	{0xffa0, 0xffa0},    // half-width Hangul filler
	{0xfff0, 0xfff8},    // default-ignorable, unassigned
	{0xfff9, 0xfffb},    // interlinear annotation
	{0x13430, 0x1343f},  // Egyptian formats
	{0x1bca0, 0x1bca3},  // shorthand formats
	{0x1d173, 0x1d17a},  // musical formats
	{0xe0000, 0xe0fff},  // tags, variation selectors supplement, default-ignorable
	{0xf0000, 0x10ffff}, // private use planes
	// Zs other than U+0020
	{0x00a0, 0x00a0}, {0x1680, 0x1680}, {0x2000, 0x200a}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
	// no code points
	{-1 << 31, -1}, {0x110000, 1<<31 - 1},
}

// Forbidden tells whether r may never be shown as itself. All controls are, also LF; see [ScanBytes] for text of several lines.
func Forbidden(r rune) bool {
	if r >= 0x20 && r < 0x7f {
		return false
	}
	for _, s := range forbidden {
		if s.lo <= r && r <= s.hi {
			return true
		}
	}
	// The last two code points of every plane are noncharacters.
	return r&0xfffe == 0xfffe || unicode.Is(unicode.Cn, r)
}

// maxMarks is the longest run of combining marks that text may hold, the figure of UAX #15 for stream-safe text.
const maxMarks = 30

// ScanBytes reports the first byte or rune of plain text output that may not be there. Line feeds may.
func ScanBytes(b []byte) error {
	marks := 0
	for i := 0; i < len(b); {
		if b[i] >= 0x20 && b[i] < 0x7f {
			marks = 0
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return fmt.Errorf("byte %#02x at offset %d is not UTF-8", b[i], i)
		case r != '\n' && Forbidden(r):
			return fmt.Errorf("%U at offset %d is forbidden", r, i)
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarks {
				return fmt.Errorf("%d combining marks in a row at offset %d", marks, i)
			}
		default:
			marks = 0
		}
		i += size
	}
	return nil
}
