package keymap

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
)

// maxKeys is how many keys an action may have, and maxFaults how many faults one error names.
const (
	maxKeys   = 16
	maxFaults = 40
)

// Change gives an action other keys than the table does.
type Change struct {
	Action action.ID
	Keys   []string // in place of all of the table's; none leaves the action to commands and the palette
	At     string   // where it was set, such as "keys.yaml:12", for errors
}

// binding is one sequence of keys that leads to an action.
type binding struct {
	id     action.ID
	scopes []action.Scope
	keys   []string
	at     string
}

func (b *binding) String() string { return strings.Join(b.keys, " ") }

// New makes the map of a table of actions with changes to it. The error names every fault, a line each.
func New(table []action.Action, changes []Change) (*Map, error) {
	c := &checker{}
	changed := c.changes(table, changes)
	var list []binding
	seen := make(map[action.ID]bool, len(table))
	for n := range table {
		a := &table[n]
		if seen[a.ID] {
			c.fault("the action %s stands in the table twice", a.ID)
			continue
		}
		seen[a.ID] = true
		keys, at := a.Keys, builtIn
		if ch, ok := changed[a.ID]; ok {
			keys, at = ch.Keys, ch.where()
		}
		list = append(list, c.bindings(a, keys, at)...)
	}
	c.conflicts(list)
	if err := c.err(); err != nil {
		return nil, err
	}
	return build(list), nil
}

// builtIn is where the keys of the table were set.
const builtIn = "built in"

func (c *Change) where() string {
	if c.At == "" {
		return builtIn
	}
	return text.Escape(c.At)
}

// checker collects faults.
type checker struct {
	faults []error
	more   int
}

func (c *checker) fault(format string, args ...any) {
	if len(c.faults) == maxFaults {
		c.more++
		return
	}
	c.faults = append(c.faults, fmt.Errorf(format, args...))
}

func (c *checker) err() error {
	if c.more > 0 {
		return errors.Join(append(c.faults, fmt.Errorf("and %d more faults", c.more))...)
	}
	return errors.Join(c.faults...)
}

// changes sorts the changes by action.
func (c *checker) changes(table []action.Action, changes []Change) map[action.ID]Change {
	known := make([]string, len(table))
	for n := range table {
		known[n] = string(table[n].ID)
	}
	m := make(map[action.ID]Change, len(changes))
	for _, ch := range changes {
		if !slices.Contains(known, string(ch.Action)) {
			say := "look it up in docs/keys.md"
			if near, ok := soc.Nearest(string(ch.Action), known); ok {
				say = "did you mean " + near
			}
			c.fault("%s: there is no action %s; %s", ch.where(), text.Quote(string(ch.Action)), say)
			continue
		}
		if before, twice := m[ch.Action]; twice {
			c.fault("%s: the keys of %s are already set at %s; list them all in one place", ch.where(), ch.Action, before.where())
			continue
		}
		m[ch.Action] = ch
	}
	return m
}

// bindings reads the keys of an action.
func (c *checker) bindings(a *action.Action, keys []string, at string) []binding {
	if len(keys) > maxKeys {
		c.fault("%s: %s has %d keys; it can have up to %d", at, a.ID, len(keys), maxKeys)
		return nil
	}
	var list []binding
	for _, s := range keys {
		sequence, err := ParseKeys(s)
		if err != nil {
			c.fault("%s: %s: %w", at, a.ID, err)
			continue
		}
		list = append(list, binding{id: a.ID, scopes: a.Scopes, keys: sequence, at: at})
	}
	switch {
	case len(keys) == 0 && (a.ID == action.Back || a.ID == action.QuitNow):
		c.fault("%s: %s has no key, and nothing would leave a dialog; leave it one", at, a.ID)
	case len(list) > 0 && len(list) == len(keys) && !slices.ContainsFunc(list, passesTmux):
		c.fault("%s: %s can be reached by ctrl+b alone, which tmux takes for itself; give it a second key", at, a.ID)
	}
	return list
}

func passesTmux(b binding) bool { return !slices.Contains(b.keys, "ctrl+b") }

// conflicts finds each two bindings of which one keeps the other from being typed.
func (c *checker) conflicts(list []binding) {
	const remedy = "give one of them another key, or none"
	for n := range list {
		for o := range list[:n] {
			one, two := &list[o], &list[n]
			if len(one.keys) > len(two.keys) {
				one, two = two, one
			}
			if !slices.Equal(one.keys, two.keys[:len(one.keys)]) || !meet(one.scopes, two.scopes) {
				continue
			}
			switch same := len(one.keys) == len(two.keys); {
			case same && one.id == two.id:
				c.fault("%s: %s has the key %s twice; list it once", one.at, one.id, one)
			case same:
				c.fault("the key %s is bound to %s and to %s, which meet; %s", one, one.owner(), two.owner(), remedy)
			case one.id == two.id:
				c.fault("%s: %s acts on %s before %s can be typed; leave one of them out", one.at, one.id, one, two)
			default:
				c.fault("the key %s of %s acts before the sequence %s of %s can be typed; %s", one, one.owner(), two, two.owner(), remedy)
			}
		}
	}
}

// owner says whose the keys are, and who says so.
func (b *binding) owner() string {
	scopes := make([]string, len(b.scopes))
	for n, s := range b.scopes {
		scopes[n] = string(s)
	}
	return fmt.Sprintf("%s (in %s; %s)", b.id, strings.Join(scopes, ", "), b.at)
}

// meet tells whether two lists of scopes are ever asked together: what is global reaches into every page, but not into
// what lies on top of one.
func meet(one, two []action.Scope) bool {
	for _, a := range one {
		for _, b := range two {
			if a == b || a == action.Global && b != action.Overlay || b == action.Global && a != action.Overlay {
				return true
			}
		}
	}
	return false
}
