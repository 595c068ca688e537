package soc

import (
	"errors"
	"fmt"
	"strings"

	"github.com/socctl/socctl/internal/text"
)

// FilterError points at the word of a filter that cannot be understood.
type FilterError struct {
	Filter     string
	Start, End int // byte offsets of the word in Filter
	Message    string
	Nearest    string // what may have been meant, or empty
}

// Error gives the message, and the nearest valid word where there is one.
func (e *FilterError) Error() string {
	if e.Nearest != "" {
		return e.Message + ": did you mean " + e.Nearest + "?"
	}
	return e.Message
}

// Pointer is a line to print under the filter, with carets under the word.
func (e *FilterError) Pointer() string {
	pad := len([]rune(e.Filter[:e.Start]))
	width := max(1, len([]rune(e.Filter[e.Start:e.End])))
	return strings.Repeat(" ", pad) + strings.Repeat("^", width)
}

// AsFilterError finds the FilterError in an error of ParseFilter.
func AsFilterError(err error) *FilterError {
	var e *FilterError
	if errors.As(err, &e) {
		return e
	}
	return &FilterError{Message: err.Error()}
}

// Word is the word that the error points at.
func (e *FilterError) Word() string {
	if e.Start < 0 || e.End > len(e.Filter) || e.Start >= e.End {
		return ""
	}
	return text.Escape(e.Filter[e.Start:e.End])
}

// Shown is the filter with what cannot be printed made visible, one sign for one character, so that Pointer fits.
func (e *FilterError) Shown() string {
	return strings.Map(func(r rune) rune {
		if s := string(r); text.Escape(s) != s {
			return '?'
		}
		return r
	}, e.Filter)
}

// maxListed is how many known words an error lists where none of them is near.
const maxListed = 16

// notKnown makes an error for a word that is none of those known, with the nearest of them.
func notKnown(what, got string, known []string) *FilterError {
	e := &FilterError{Message: fmt.Sprintf("there is no %s %s", what, text.Quote(got))}
	if near, ok := Nearest(got, known); ok {
		e.Nearest = near
	} else if len(known) <= maxListed {
		e.Message += ": there are " + strings.Join(known, ", ")
	}
	return e
}

// oneOf finds a word among those known, without regard to case.
func oneOf(what, got string, known []string) (string, *FilterError) {
	for _, k := range known {
		if strings.EqualFold(got, k) {
			return k, nil
		}
	}
	return "", notKnown(what, got, known)
}
