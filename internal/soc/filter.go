package soc

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/text"
)

// Filter is a parsed filter. Its words all have to match; the zero Filter matches everything that is not merged away.
//
// A word is key:value,value (one of the values has to match), the same with a minus in front (none may match), or
// free text, in double quotes where it has spaces, which is looked for in the reference, the title, the customer, the
// owner, the tags and the names of what the incident reaches.
type Filter struct {
	text  string
	terms []term
	wants struct{ redirected bool }
}

type term struct {
	not    bool
	values []matcher
}

// matcher decides about one value of one word.
type matcher func(*Incident, *Scope) bool

// Scope is what a filter has to know besides the incident.
type Scope struct {
	Me  Analyst
	Now time.Time
}

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

// maxFilter bounds a filter, in bytes: a paste is not a filter.
const maxFilter = 2048

// ParseFilter reads a filter. The tenants named in it are checked against known, which gives the customers' codes.
func ParseFilter(s string, known Vocabulary) (Filter, error) {
	f := Filter{text: strings.Trim(s, " \t\r\n")}
	if len(s) > maxFilter {
		return Filter{}, &FilterError{Filter: s[:0], Message: fmt.Sprintf("a filter has at most %d characters", maxFilter)}
	}
	words, err := splitWords(s)
	if err != nil {
		return Filter{}, err
	}
	for _, w := range words {
		t, err := w.term(known)
		if err != nil {
			err.Filter, err.Start, err.End = s, w.start, w.end
			return Filter{}, err
		}
		f.terms = append(f.terms, t)
		f.wants.redirected = f.wants.redirected || w.asksFor("status", string(StateRedirected))
	}
	return f, nil
}

// And gives a filter that both have to match. What was merged away shows where one of them asks for it.
func (f Filter) And(g Filter) Filter {
	both := Filter{text: strings.TrimSpace(f.text + " " + g.text), terms: slices.Concat(f.terms, g.terms)}
	both.wants.redirected = f.wants.redirected || g.wants.redirected
	return both
}

// String gives the filter as it was written.
func (f Filter) String() string { return f.text }

// IsZero tells whether nothing was asked.
func (f Filter) IsZero() bool { return len(f.terms) == 0 }

// Match decides about one incident. One that was merged away shows only where it is asked for.
func (f Filter) Match(i *Incident, s *Scope) bool {
	if i.State == StateRedirected && !f.wants.redirected {
		return false
	}
	for _, t := range f.terms {
		if t.match(i, s) == t.not {
			return false
		}
	}
	return true
}

func (t term) match(i *Incident, s *Scope) bool {
	for _, m := range t.values {
		if m(i, s) {
			return true
		}
	}
	return false
}

// Select gives the incidents of a snapshot that match, in the order asked for.
func (s *Snapshot) Select(f Filter, by Order, now time.Time) []*Incident {
	scope := &Scope{Me: s.Analyst, Now: now}
	list := make([]*Incident, 0, s.Len())
	for i := range s.All() {
		if f.Match(i, scope) {
			list = append(list, i)
		}
	}
	Sort(list, by, now)
	return list
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
