// Package keymap finds the action behind a key. A key map is checked when it is made: two actions behind one key in
// scopes that meet are an error that names both.
package keymap

import (
	"fmt"
	"slices"

	"github.com/socctl/socctl/internal/ui/action"
)

// Map is a checked key map.
type Map struct {
	byKey map[action.Scope]map[string]action.ID
	keys  map[action.ID][]string
}

// New makes the map of a table of actions.
func New(table []action.Action) (*Map, error) {
	m := &Map{byKey: make(map[action.Scope]map[string]action.ID), keys: make(map[action.ID][]string)}
	for _, a := range table {
		if _, twice := m.keys[a.ID]; twice {
			return nil, fmt.Errorf("the action %s stands in the table twice", a.ID)
		}
		m.keys[a.ID] = a.Keys
		for _, s := range a.Scopes {
			for _, k := range a.Keys {
				if err := m.bind(s, k, a.ID); err != nil {
					return nil, err
				}
			}
		}
	}
	return m, nil
}

func (m *Map) bind(s action.Scope, key string, id action.ID) error {
	for _, other := range m.meets(s) {
		if taken, ok := m.byKey[other][key]; ok {
			return fmt.Errorf("the key %s is bound to %s and to %s, in scopes that meet (%s, %s)", key, taken, id, other, s)
		}
	}
	if m.byKey[s] == nil {
		m.byKey[s] = make(map[string]action.ID)
	}
	m.byKey[s][key] = id
	return nil
}

// meets lists the scopes that are asked together with s: itself and the global one; for the global one, all.
func (m *Map) meets(s action.Scope) []action.Scope {
	if s != action.Global {
		return []action.Scope{s, action.Global}
	}
	all := []action.Scope{action.Global}
	for other := range m.byKey {
		all = append(all, other)
	}
	slices.Sort(all)
	return all
}

// Find gives the action behind a key, asking the scope first and then the global one.
func (m *Map) Find(s action.Scope, key string) (action.ID, bool) {
	if id, ok := m.byKey[s][key]; ok {
		return id, true
	}
	id, ok := m.byKey[action.Global][key]
	return id, ok
}

// Keys lists the keys of an action, the one to show first.
func (m *Map) Keys(id action.ID) []string { return m.keys[id] }
