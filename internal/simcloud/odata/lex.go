package odata

import (
	"fmt"
	"strings"
)

// SyntaxError tells where a filter stops making sense, in the words of the service.
type SyntaxError struct {
	Offset  int
	Message string
}

func (e *SyntaxError) Error() string { return e.Message }

func syntaxf(offset int, format string, args ...any) *SyntaxError {
	return &SyntaxError{Offset: offset, Message: fmt.Sprintf(format, args...)}
}

type tokenKind int

const (
	tokenEnd tokenKind = iota
	tokenWord
	tokenQuoted
	tokenOpen
	tokenClose
)

// token is one lexical element; text of a quoted one is without its quotes.
type token struct {
	kind   tokenKind
	text   string
	offset int
}

// lex cuts a filter into tokens. A word runs up to white space, a parenthesis or a quote.
func lex(s string) ([]token, error) {
	var out []token
	for i := 0; i < len(s); {
		switch s[i] {
		case ' ', '\t':
			i++
		case '(':
			out = append(out, token{tokenOpen, "(", i})
			i++
		case ')':
			out = append(out, token{tokenClose, ")", i})
			i++
		case '\'':
			text, next, ok := quoted(s, i)
			if !ok {
				return nil, syntaxf(i, "There is an unterminated string literal at position %d in '%s'.", i, s)
			}
			out = append(out, token{tokenQuoted, text, i})
			i = next
		default:
			end := i + strings.IndexAny(s[i:], " \t()'")
			if end < i {
				end = len(s)
			}
			out = append(out, token{tokenWord, s[i:end], i})
			i = end
		}
	}
	return append(out, token{tokenEnd, "", len(s)}), nil
}

// quoted reads the string literal that starts at s[i]; a doubled quote stands for one.
func quoted(s string, i int) (text string, next int, ok bool) {
	var b strings.Builder
	for j := i + 1; j < len(s); j++ {
		if s[j] != '\'' {
			b.WriteByte(s[j])
			continue
		}
		if j+1 < len(s) && s[j+1] == '\'' {
			b.WriteByte('\'')
			j++
			continue
		}
		return b.String(), j + 1, true
	}
	return "", len(s), false
}
