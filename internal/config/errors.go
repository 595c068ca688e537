package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// maxFaults is how many mistakes are named at once: more do not fit on a screen.
const maxFaults = 20

// Fault is one mistake in the configuration.
type Fault struct {
	Where        string // the file as it was named, or a variable
	Line, Column int    // from 1; 0 where there is none
	Message      string // safe to show
	Nearest      string // what may have been meant, or empty
}

// String writes a fault on one line: config.yaml:12:5: unknown key "tennants": did you mean "tenants"?
func (f Fault) String() string {
	s := text.Escape(f.Where)
	if f.Line > 0 {
		s += fmt.Sprintf(":%d", f.Line)
	}
	if f.Column > 0 {
		s += fmt.Sprintf(":%d", f.Column)
	}
	s += ": " + f.Message
	if f.Nearest != "" {
		s += ": did you mean " + text.Quote(f.Nearest) + "?"
	}
	return s
}

// Error says everything that is wrong with a configuration.
type Error struct {
	Faults []Fault // in the order of the file, those of variables last; at most twenty
	More   int     // how many there are beside them
}

// Error gives one line for each fault.
func (e *Error) Error() string {
	lines := make([]string, len(e.Faults), len(e.Faults)+1)
	for i, f := range e.Faults {
		lines[i] = f.String()
	}
	if e.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", e.More))
	}
	return strings.Join(lines, "\n")
}

// MissingError says that there is no configuration.
type MissingError struct {
	Path string // where it was looked for
	From string // what named that place: --config, $SOCCTL_CONFIG, $XDG_CONFIG_HOME; empty for the usual one
}

// Documentation is where the configuration is described.
const Documentation = "https://github.com/socctl/socctl/blob/main/docs/configuration.md"

// Error says where it was looked for, and the two ways on.
func (e *MissingError) Error() string {
	where := text.Escape(e.Path)
	if e.From != "" {
		where += " (from " + e.From + ")"
	}
	return "there is no configuration at " + where + `: run "socctl demo" to look around without one, or write one: ` + Documentation
}

// place is where something stands.
type place struct {
	where        string
	line, column int
	variable     bool
}

// String names a place within the same configuration, in a sentence.
func (p place) String() string {
	if p.variable {
		return text.Escape(p.where)
	}
	return fmt.Sprintf("line %d", p.line)
}

// full names a place for those who know nothing of the file: config.yaml:12, or a variable.
func (p place) full() string {
	if p.variable || p.line == 0 {
		return text.Escape(p.where)
	}
	return fmt.Sprintf("%s:%d", text.Escape(p.where), p.line)
}

// faults collects what is wrong.
type faults struct {
	list []located
	more int
}

type located struct {
	Fault
	variable bool
}

// full tells whether another fault would only be counted: then nobody needs to look for its nearest word.
func (f *faults) full() bool { return len(f.list) >= maxFaults }

func (f *faults) any() bool { return len(f.list) > 0 }

func (f *faults) add(at place, format string, args ...any) { f.addNear(at, "", nil, format, args...) }

// addNear adds a fault about a word, with the nearest of those that are known, which it returns.
func (f *faults) addNear(at place, word string, known []string, format string, args ...any) (near string) {
	if f.full() {
		f.more++
		return ""
	}
	near, _ = soc.Nearest(word, known)
	f.list = append(f.list, located{
		Fault:    Fault{Where: at.where, Line: at.line, Column: at.column, Message: fmt.Sprintf(format, args...), Nearest: near},
		variable: at.variable,
	})
	return near
}

// err gives the faults as an error, or nil.
func (f *faults) err() error {
	if !f.any() {
		return nil
	}
	slices.SortStableFunc(f.list, func(a, b located) int {
		if a.variable != b.variable {
			if a.variable {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(a.Where, b.Where), a.Line-b.Line, a.Column-b.Column)
	})
	e := &Error{More: f.more}
	for _, l := range f.list {
		e.Faults = append(e.Faults, l.Fault)
	}
	return e
}
