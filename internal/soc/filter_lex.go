package soc

import (
	"strings"
)

// tokenKind is what a piece of a filter's text is.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenOpen // ( or -(
	tokenClose
	tokenAnd
	tokenOr
	tokenNot
)

// operand tells whether a word, a group or a "not" starts here.
func (k tokenKind) operand() bool { return k == tokenWord || k == tokenOpen || k == tokenNot }

// token is a piece of a filter's text with its place, in bytes.
type token struct {
	kind       tokenKind
	start, end int
	flaw       flaw
}

// flaw is why the end of a word cannot be told.
type flaw uint8

const (
	flawNone  flaw = iota
	flawQuote      // a quotation mark is never closed: the word reaches to the end of the text
	flawParen      // a parenthesis inside the word is not closed in it
)

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// tokenAt reads the token at or after pos.
func tokenAt(s string, pos int) token {
	for pos < len(s) && isBlank(s[pos]) {
		pos++
	}
	switch {
	case pos == len(s):
		return token{kind: tokenEnd, start: pos, end: pos}
	case s[pos] == '(':
		return token{kind: tokenOpen, start: pos, end: pos + 1}
	case s[pos] == ')':
		return token{kind: tokenClose, start: pos, end: pos + 1}
	case strings.HasPrefix(s[pos:], "-("):
		return token{kind: tokenOpen, start: pos, end: pos + 2}
	}
	end, flaw := wordEnd(s, pos)
	return token{kind: operator(s[pos:end]), start: pos, end: end, flaw: flaw}
}

// operator tells what a bare word is: in quotation marks, and and or are text like any other.
func operator(w string) tokenKind {
	switch {
	case strings.EqualFold(w, "and"):
		return tokenAnd
	case strings.EqualFold(w, "or"):
		return tokenOr
	case strings.EqualFold(w, "not"):
		return tokenNot
	}
	return tokenWord
}

// wordEnd finds the end of the word that starts at pos: a blank, or a parenthesis that the word did not open, outside
// quotation marks. Parentheses inside a word belong to it, as in setup(1).exe, except after and, or, not.
func wordEnd(s string, pos int) (end int, f flaw) {
	quoted, depth := false, 0
	for end = pos; end < len(s); end++ {
		c := s[end]
		if c == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if isBlank(c) || (c == ')' && depth == 0) || (c == '(' && operator(s[pos:end]) != tokenWord) {
			break
		}
		switch c {
		case '(':
			depth++
		case ')':
			depth--
		}
	}
	switch {
	case quoted:
		return end, flawQuote
	case depth > 0:
		return end, flawParen
	}
	return end, flawNone
}

// word is one word of a filter, taken apart.
type word struct {
	not    bool
	key    string // lower case, empty for free text
	values []string
}

// readWord takes a word apart.
func readWord(s string) word {
	w := word{}
	if len(s) > 1 && s[0] == '-' {
		w.not, s = true, s[1:]
	}
	key, values, ok := cutKey(s)
	if !ok {
		w.values = []string{unquote(s)}
		return w
	}
	w.key = strings.ToLower(key)
	for {
		end := valueEnd(values)
		w.values = append(w.values, unquote(values[:end]))
		if end == len(values) {
			return w
		}
		values = values[end+1:]
	}
}

// cutKey cuts a word at its colon. A colon makes a key only where letters stand before it and no quotation mark does, so
// that paths are free text when they are quoted; a web address and a version 6 address are free text as they are.
func cutKey(s string) (key, values string, ok bool) {
	key, values, ok = strings.Cut(s, ":")
	if !ok || key == "" || strings.HasPrefix(values, "//") {
		return "", "", false
	}
	for n := range len(key) {
		if c := key[n] | 0x20; c < 'a' || c > 'z' {
			return "", "", false
		}
	}
	return key, values, true
}

// valueEnd is where the first value ends: at a comma outside quotation marks, or at the end.
func valueEnd(s string) int {
	quoted := false
	for n := range len(s) {
		switch {
		case s[n] == '"':
			quoted = !quoted
		case s[n] == ',' && !quoted:
			return n
		}
	}
	return len(s)
}

func unquote(s string) string { return strings.ReplaceAll(s, `"`, "") }
