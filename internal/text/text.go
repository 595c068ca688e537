// Package text makes text from outside safe to show. Line and Block are the only types that carry such text to a screen, a log
// or an export; whoever decodes an answer of a server, a file or an environment variable makes one at once.
//
// What is shown holds only printable characters (see [Visible]), U+0020, and in a Block also line feeds. Everything else is
// replaced by something visible and never removed, since removing joins what stood apart:
//
//	\xNN      a byte that is not UTF-8
//	\u{NNNN}  a control, format, invisible, private-use or unassigned code point, in hexadecimal
//	\u{+N}    N combining marks over the cap for one character
//	␉ ␊ ␍     TAB, LF and CR in a Line; a Block keeps LF, reads CRLF as LF and turns TAB into spaces
//	…         at the end: the rest was cut
//
// Spaces other than U+0020 become U+0020. A backslash stays as it is (Windows paths), so the escapes can be imitated; Altered
// and Escaped tell the two apart. What is shown is at most eight times as long as what came, and making safe text safe again
// changes nothing.
//
// The functions are pure and the types immutable, comparable with == and safe for concurrent use. The text as it came is kept
// only where it was altered, encoded so that a dump of a struct (%+v, a debugger, a crash report) prints nothing hostile; only
// exporters, which encode it for their format, may call Original.
package text

import (
	"encoding/base64"
	"log/slog"
)

// Limits in bytes of what comes and of what is shown. A line also has at most MaxLineCells cells.
const (
	MaxLineBytes  = 4 << 10
	MaxLineCells  = 1024
	MaxBlockBytes = 256 << 10

	// maxOriginal is how many times its byte limit of a text is kept for exporters.
	maxOriginal = 4
)

// Line is one line of text from outside, made safe to show. The zero value is empty.
type Line struct{ safe }

// Block is text of several lines from outside, made safe to show; it keeps line feeds. The zero value is empty.
type Block struct{ safe }

// safe is what Line and Block have in common. A hundred thousand incidents hold some two million of them, so it is small:
// what came stands behind what is shown, in one string.
type safe struct {
	both string // what is shown; where something was altered, then wasEscaped or wasSpaced and the original in base64
	came uint32 // bytes of both that stand behind what is shown; 0 where nothing was altered
}

const (
	wasEscaped = 'e'
	wasSpaced  = 's' // only white space differs
)

// NewLine makes s safe for one line. At most four combining marks stay on a character.
func NewLine(s string) Line {
	return Line{newSafe(s, limits{bytes: MaxLineBytes, cells: MaxLineCells, marks: 4})}
}

// NewBlock makes s safe and keeps its line feeds. At most thirty combining marks stay on a character.
func NewBlock(s string) Block {
	return Block{newSafe(s, limits{bytes: MaxBlockBytes, marks: 30, block: true})}
}

// Escape makes text that goes into an error message or a log attribute safe.
func Escape(s string) string { return NewLine(s).String() }

func newSafe(s string, lim limits) safe {
	shown, escaped := sanitize(s, lim)
	if shown == s {
		return safe{both: shown}
	}
	if most := maxOriginal * lim.bytes; len(s) > most {
		s = s[:runeBoundary(s, most)]
	}
	how := byte(wasSpaced)
	if escaped {
		how = wasEscaped
	}
	both := make([]byte, 0, len(shown)+1+base64.StdEncoding.EncodedLen(len(s)))
	both = base64.StdEncoding.AppendEncode(append(append(both, shown...), how), []byte(s))
	return safe{both: string(both), came: uint32(len(both) - len(shown))} //nolint:gosec // maxOriginal bounds it to 2 MiB
}

// behind is what stands behind the shown text.
func (t safe) behind() string { return t.both[len(t.both)-int(t.came):] }

// String returns the safe text.
func (t safe) String() string { return t.both[:len(t.both)-int(t.came)] }

// GoString returns the safe text, so that %#v does not reach behind it.
func (t safe) GoString() string { return "text:" + t.String() }

// IsZero tells whether the text is empty.
func (t safe) IsZero() bool { return t.String() == "" }

// Altered tells whether the shown text differs from what came, if only in its white space.
func (t safe) Altered() bool { return t.came != 0 }

// Escaped tells whether something could not be shown as it came and was escaped, counted or cut. It is false where only white
// space was made plain, which is so common in honest text that a mark for it would be noise.
func (t safe) Escaped() bool { return t.Altered() && t.behind()[0] == wasEscaped }

// Original returns the text as it came, of a very long one only the beginning. Only exporters may ask.
func (t safe) Original() string {
	if !t.Altered() {
		return t.both
	}
	b, err := base64.StdEncoding.DecodeString(t.behind()[1:])
	if err != nil {
		return t.String() // newSafe made it; it always decodes
	}
	return string(b)
}

// MarshalText gives the safe text.
func (t safe) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// LogValue gives the safe text to slog.
func (t safe) LogValue() slog.Value { return slog.StringValue(t.String()) }

// UnmarshalText makes what it reads safe.
func (l *Line) UnmarshalText(b []byte) error {
	*l = NewLine(string(b))
	return nil
}

// UnmarshalText makes what it reads safe.
func (b *Block) UnmarshalText(t []byte) error {
	*b = NewBlock(string(t))
	return nil
}

// Suspicious tells whether the line, though safe, may mislead; see [looksForged]. It reads the text at every call.
func (l Line) Suspicious() bool { return looksForged(l.String()) }

// Masked gives the line with other shown text, which is made safe as well. It stays marked where the line was, and what came
// is no longer behind it.
func (l Line) Masked(shown string) Line {
	m := NewLine(shown)
	if l.Altered() {
		m.safe = safe{both: m.String() + l.behind()[:1], came: 1}
	}
	return m
}

// Masked gives the block with other shown text, as for a Line.
func (b Block) Masked(shown string) Block {
	m := NewBlock(shown)
	if b.Altered() {
		m.safe = safe{both: m.String() + b.behind()[:1], came: 1}
	}
	return m
}
