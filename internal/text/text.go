// Package text is being written. This is its contract.
package text

// Line is one line of text from outside, made safe to show. The zero value is empty.
type Line struct {
	shown    string
	original string // kept only where the text was altered
}

// Block is text of several lines from outside, made safe to show; it keeps line feeds.
type Block struct {
	shown    string
	original string
}

// NewLine neutralises s for one line.
func NewLine(s string) Line { return Line{shown: s} }

// NewBlock neutralises s and keeps its line feeds.
func NewBlock(s string) Block { return Block{shown: s} }

// String returns the safe text.
func (l Line) String() string { return l.shown }

// Altered tells whether the shown text differs from what came.
func (l Line) Altered() bool { return l.original != "" }

// Original returns the text as it came; only exporters may ask.
func (l Line) Original() string {
	if l.original != "" {
		return l.original
	}
	return l.shown
}

// IsZero tells whether the line is empty.
func (l Line) IsZero() bool { return l.shown == "" }

// MarshalText gives the safe text.
func (l Line) MarshalText() ([]byte, error) { return []byte(l.shown), nil }

// String returns the safe text.
func (b Block) String() string { return b.shown }

// Altered tells whether the shown text differs from what came.
func (b Block) Altered() bool { return b.original != "" }

// Original returns the text as it came; only exporters may ask.
func (b Block) Original() string {
	if b.original != "" {
		return b.original
	}
	return b.shown
}

// IsZero tells whether the block is empty.
func (b Block) IsZero() bool { return b.shown == "" }

// MarshalText gives the safe text.
func (b Block) MarshalText() ([]byte, error) { return []byte(b.shown), nil }

// Escape makes s safe to print on one line; for error messages and log attributes that quote a server.
func Escape(s string) string { return NewLine(s).String() }

// Quote makes s safe, shortens it and puts it between double quotes; for error messages that quote bad input.
func Quote(s string) string { return "\"" + Escape(s) + "\"" }
