// Package keymap finds the action behind the keys that are pressed. It is pure: what has been pressed of a sequence is
// the caller's to keep. A key map is checked whole when it is made, and never changes: what cannot be typed, what a
// terminal confuses, and two actions behind one key in scopes that meet are errors that say where each was set.
package keymap

import (
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/ui/action"
)

// Map is a checked key map.
type Map struct {
	actions map[action.Scope]map[string]action.ID      // by the whole sequence
	next    map[action.Scope]map[string][]Continuation // by what has been pressed of one; "" is nothing
	keys    map[action.ID][]string
}

// Result is what a key press leads to: an action, more keys to wait for, or nothing.
type Result struct {
	Action  action.ID
	Found   bool
	Pending []string       // what was pressed of a sequence that goes on; else nothing waits any more
	Next    []Continuation // how it can go on
	Unknown bool           // nothing is bound to these keys here
}

// Continuation is a key that can follow.
type Continuation struct {
	Key    string
	Action action.ID // what the key then does; empty where still more keys follow
}

// Press finds what a key leads to, after those of a sequence that are pending. In an overlay only its own actions count, on
// a page those of the page and the global ones. Esc leaves a sequence: nothing is pending then, nothing was found, and
// nothing is unknown. So does a key that does not belong to the sequence, which is unknown and starts nothing by itself;
// but the key that quits from anywhere does so from within a sequence too.
func (m *Map) Press(scope action.Scope, pending []string, key string) Result {
	scope = m.scope(scope)
	sequence := key
	if len(pending) > 0 {
		sequence = strings.Join(pending, " ") + " " + key
	}
	if id, ok := m.actions[scope][sequence]; ok {
		return Result{Action: id, Found: true}
	}
	if next := m.next[scope][sequence]; key != "" && len(next) > 0 {
		return Result{Pending: append(slices.Clone(pending), key), Next: next}
	}
	if len(pending) == 0 {
		return Result{Unknown: true}
	}
	if id, ok := m.actions[scope][key]; ok && id == action.QuitNow {
		return Result{Action: id, Found: true}
	}
	return Result{Unknown: !leaves(key)}
}

// Continuations lists the keys that can follow those that are pending, or begin where nothing is, in the order of their
// names. The caller must not change the list.
func (m *Map) Continuations(scope action.Scope, pending []string) []Continuation {
	return m.next[m.scope(scope)][strings.Join(pending, " ")]
}

// Keys lists the keys of an action, sequences with spaces between their keys, the one to show first. The caller must not
// change the list.
func (m *Map) Keys(id action.ID) []string { return m.keys[id] }

// scope gives the scope to ask: where nothing is bound but global keys, that one.
func (m *Map) scope(s action.Scope) action.Scope {
	if _, known := m.actions[s]; known || s == action.Overlay {
		return s
	}
	return action.Global
}

// build makes the map of bindings that are free of conflicts.
func build(list []binding) *Map {
	m := &Map{actions: make(map[action.Scope]map[string]action.ID), next: make(map[action.Scope]map[string][]Continuation),
		keys: make(map[action.ID][]string)}
	scopes := []action.Scope{action.Global}
	for _, b := range list {
		scopes = append(scopes, b.scopes...)
		m.keys[b.id] = append(m.keys[b.id], b.String())
	}
	for _, s := range scopes {
		if m.actions[s] == nil {
			m.actions[s], m.next[s] = make(map[string]action.ID), make(map[string][]Continuation)
			for _, b := range list {
				m.bind(s, b)
			}
		}
	}
	return m
}

// bind makes a binding known in a scope, if it can be reached there.
func (m *Map) bind(s action.Scope, b binding) {
	if !slices.ContainsFunc(b.scopes, func(own action.Scope) bool { return own == s || own == action.Global && s != action.Overlay }) {
		return
	}
	m.actions[s][b.String()] = b.id
	for n, key := range b.keys {
		prefix, c := strings.Join(b.keys[:n], " "), Continuation{Key: key}
		if n == len(b.keys)-1 {
			c.Action = b.id
		}
		at, there := slices.BinarySearchFunc(m.next[s][prefix], c, func(a, b Continuation) int { return strings.Compare(a.Key, b.Key) })
		if !there {
			m.next[s][prefix] = slices.Insert(m.next[s][prefix], at, c)
		}
	}
}
