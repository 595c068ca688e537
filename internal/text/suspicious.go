package text

import (
	"unicode"
	"unicode/utf8"
)

// drawing lists what can forge our frames, buttons and marks inside a one-line field.
var drawing = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x2190, 0x21ff, 1}, // arrows
		{0x2500, 0x25ff, 1}, // box drawing, blocks, geometric shapes
		{0x27f0, 0x27ff, 1}, // supplemental arrows A
		{0x2900, 0x297f, 1}, // supplemental arrows B
		{0x2b00, 0x2b11, 1}, // more arrows
		{0x2b30, 0x2b4f, 1},
		{0x2b5a, 0x2bb8, 1},
	},
	R32: []unicode.Range32{
		{0x1f800, 0x1f8ff, 1}, // supplemental arrows C
		{0x1fb00, 0x1fbff, 1}, // legacy computing: blocks and diagonals
	},
}

// looksForged tells whether s draws boxes, blocks or arrows, or mixes Latin with Cyrillic or Greek letters inside one word
// (UTS #39 calls that mixed-script), as a name does that imitates another.
func looksForged(s string) bool {
	var latin, other bool
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			i++
			switch {
			case c|0x20 >= 'a' && c|0x20 <= 'z':
				latin = true
			case c < '0' || c > '9':
				latin, other = false, false
			}
			if latin && other {
				return true
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case unicode.Is(drawing, r):
			return true
		case !unicode.In(r, unicode.L, unicode.M, unicode.N):
			latin, other = false, false
		case unicode.Is(unicode.Latin, r):
			latin = true
		case unicode.In(r, unicode.Cyrillic, unicode.Greek):
			other = true
		}
		if latin && other {
			return true
		}
	}
	return false
}
