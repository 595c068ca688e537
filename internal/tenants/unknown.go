package tenants

import (
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// UnknownError says that a word names no customer, or no group, and what may have been meant.
type UnknownError struct {
	Kind    string    // "customer" or "group"
	Word    string    // as it was typed: unchecked
	Nearest string    // the code or group that may have been meant, or empty
	Name    text.Line // the name of that customer
	Known   []string  // all there are, where they are few enough to list and none is near
}

// maxListed is how many codes or groups fit into an error.
const maxListed = 8

// Error says, for example: no customer FABB; did you mean FABR (Fabrikam)?
func (e *UnknownError) Error() string {
	s := "no " + e.Kind + " " + shown(e.Word)
	switch {
	case e.Nearest != "" && !e.Name.IsZero():
		s += "; did you mean " + e.Nearest + " (" + e.Name.String() + ")?"
	case e.Nearest != "":
		s += "; did you mean " + e.Nearest + "?"
	case len(e.Known) > 0:
		s += "; there are " + strings.Join(e.Known, ", ")
	}
	return s
}

// shown writes a word as it is where it looks like a code or a group, and between quotation marks where it does not.
func shown(word string) string {
	if len(word) <= 32 && soc.ValidID(word) {
		return word
	}
	return text.Quote(word)
}

// unknownCustomer looks for the nearest code, and then for the nearest name, since people type those as well.
func (r *Registry) unknownCustomer(word string) error {
	e := &UnknownError{Kind: "customer", Word: word}
	codes, names := make([]string, len(r.list)), make([]string, len(r.list))
	for i, t := range r.list {
		codes[i], names[i] = string(t.Code), t.Name.String()
	}
	if near, ok := soc.Nearest(word, codes); ok {
		e.Nearest, e.Name = near, r.byCode[soc.Code(near)].Name
		return e
	}
	if near, ok := soc.Nearest(word, names); ok {
		for _, t := range r.list {
			if t.Name.String() == near {
				e.Nearest, e.Name = string(t.Code), t.Name
				return e
			}
		}
	}
	if len(codes) <= maxListed {
		e.Known = codes
	}
	return e
}

func (r *Registry) unknownGroup(word string) error {
	e := &UnknownError{Kind: "group", Word: word}
	if near, ok := soc.Nearest(word, r.groups); ok {
		e.Nearest = near
	} else if len(r.groups) <= maxListed {
		e.Known = r.Groups()
	}
	return e
}
