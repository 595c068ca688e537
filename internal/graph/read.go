package graph

import (
	"bytes"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/text"
)

// reader walks one answer from its first byte to its last. It is tolerant of types: whoever asks for a text, a number
// or a time gets the nearest thing to it that the value has. It is strict about syntax: the first error sticks, and
// every later call returns nothing.
//
// Names may be repeated (the last one wins) and bytes need not be UTF-8; text makes those visible.
type reader struct {
	dec     *jsontext.Decoder
	err     error
	scratch []byte // one unquoted string

	lines *lineCache
}

// newReader reads body, which must not change while it is read.
func newReader(body []byte, lines *lineCache) *reader {
	return &reader{
		dec:   jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		lines: lines,
	}
}

// newStreamReader reads an answer while it comes.
func newStreamReader(s *stream, lines *lineCache) *reader {
	return &reader{dec: jsontext.NewDecoder(s, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)), lines: lines}
}

// value reads the next value, whatever it is. The bytes are valid until the next call.
func (r *reader) value() jsontext.Value {
	if r.err != nil {
		return nil
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		r.err = err
		return nil
	}
	return v
}

// skip passes over the next value.
func (r *reader) skip() {
	if r.err == nil {
		r.err = r.dec.SkipValue()
	}
}

// peek tells what comes next, KindInvalid after an error.
func (r *reader) peek() jsontext.Kind {
	if r.err != nil {
		return jsontext.KindInvalid
	}
	return r.dec.PeekKind()
}

func (r *reader) token() {
	if r.err == nil {
		_, r.err = r.dec.ReadToken()
	}
}

// members walks over the members of the object that comes next. The loop's body gets each name, valid until it reads,
// and must consume exactly one value. A value that is no object is consumed and has no members.
func (r *reader) members(yield func(name []byte) bool) {
	if r.peek() != jsontext.KindBeginObject {
		r.skip()
		return
	}
	r.token()
	for r.err == nil && r.peek() != jsontext.KindEndObject {
		if !yield(r.unquote(r.value())) {
			return
		}
	}
	r.token()
}

// elements walks over the elements of the array that comes next, like members.
func (r *reader) elements(yield func() bool) {
	if r.peek() != jsontext.KindBeginArray {
		r.skip()
		return
	}
	r.token()
	for r.err == nil && r.peek() != jsontext.KindEndArray {
		if !yield() {
			return
		}
	}
	r.token()
}

// unquote gives the content of a JSON string, valid until the next call. A string without escapes is not copied, which
// also keeps bytes that are not UTF-8 as they came.
func (r *reader) unquote(v jsontext.Value) []byte {
	if len(v) < 2 {
		return nil
	}
	if bytes.IndexByte(v, '\\') < 0 {
		return v[1 : len(v)-1]
	}
	// The error would say that bytes were not UTF-8; they are U+FFFD then, which is as visible.
	r.scratch, _ = jsontext.AppendUnquote(r.scratch[:0], v)
	return r.scratch
}

// maxOdd bounds, in bytes, what is kept of an object or array that stands where a text should.
const maxOdd = 512

// text reads the next value as text: a string's content, a number's or boolean's literal, nothing for null, and the
// beginning of the JSON of anything else, so that a surprise can be seen. The bytes are valid until the next call.
func (r *reader) text() []byte {
	v := r.value()
	switch v.Kind() {
	case jsontext.KindString:
		return r.unquote(v)
	case jsontext.KindNumber, jsontext.KindTrue, jsontext.KindFalse:
		return v
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		return cut(v, maxOdd)
	default: // null, or nothing after an error
		return nil
	}
}

// cut shortens b to n bytes at the start of a character.
func cut(b []byte, n int) []byte {
	if len(b) <= n {
		return b
	}
	for n > 0 && !utf8.RuneStart(b[n]) {
		n--
	}
	return b[:n]
}

func (r *reader) string() string { return string(r.text()) }

// line reads a text that is unlikely to come again.
func (r *reader) line() text.Line { return text.NewLine(r.string()) }

// sharedLine reads a text that comes many times in one answer: a name, a tag, a technique, a member of an enum.
func (r *reader) sharedLine() text.Line { return r.lines.of(r.text()) }

func (r *reader) block() text.Block { return text.NewBlock(r.string()) }

// textList reads an array of texts without its empty ones. A single text counts as a list of one.
func (r *reader) textList() []text.Line {
	if r.peek() != jsontext.KindBeginArray {
		if l := r.sharedLine(); !l.IsZero() {
			return []text.Line{l}
		}
		return nil
	}
	var list []text.Line
	for range r.elements {
		if l := r.sharedLine(); !l.IsZero() {
			list = append(list, l)
		}
	}
	return list
}

// number reads a whole number, also out of a string, or gives none.
func (r *reader) number(none int) int {
	b := r.text()
	if n, err := strconv.Atoi(string(b)); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(string(b), 64); err == nil && f >= -1<<31 && f < 1<<31 {
		return int(f)
	}
	return none
}

// time reads a moment, zero where there is none.
func (r *reader) time() time.Time { return parseTime(r.text()) }

// parseTime reads Graph's ISO 8601 times: up to nine digits of fraction, and UTC where no zone is named, as in the date
// of an error's innerError.
func parseTime(b []byte) time.Time {
	if len(b) < len("2006-01-02T15:04:05") {
		return time.Time{}
	}
	var t time.Time
	if b[len(b)-1] == 'Z' && t.UnmarshalText(b) == nil {
		return t
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, string(b)); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// lineCache shares the safe form of short texts, so that the same name is neither made safe nor kept a thousand times.
// It is bounded, and owned by one listing.
type lineCache struct{ lines map[string]text.Line }

const (
	maxShared     = 64 // bytes of a shared text
	maxLineShares = 4096
)

func newLineCache() *lineCache { return &lineCache{lines: make(map[string]text.Line, 64)} }

func (c *lineCache) of(b []byte) text.Line {
	if len(b) == 0 {
		return text.Line{}
	}
	if len(b) > maxShared {
		return text.NewLine(string(b))
	}
	if l, ok := c.lines[string(b)]; ok {
		return l
	}
	s := string(b)
	l := text.NewLine(s)
	if len(c.lines) < maxLineShares {
		c.lines[s] = l
	}
	return l
}
