package config

import (
	"errors"

	"go.yaml.in/yaml/v3"

	"github.com/socctl/socctl/internal/text"
)

// KeyChange gives an action other keys than the ones it has of old.
type KeyChange struct {
	Action string   // one of those that ReadKeys was given
	Keys   []string // none unbinds it; a sequence is written with spaces. Not checked: quote one before it is shown
	At     string   // file and line: safe to show
}

// The types of values that only the files beside the configuration have.
const (
	typeKeys  Type = "keys"  // a key, or a list of keys
	typeKey   Type = "key"   // a key or a sequence, as the caller understands it
	typePaint Type = "paint" // a colour, or an object with one
	typeColor Type = "color" // #rrggbb, 0 to 15, or a name
)

const (
	maxKeys = 16 // of one action
	maxKey  = 64 // bytes of one key or sequence
)

// ReadKeys reads a file of keys: the map keys, from an action to a key or a list of keys. A file that is missing
// changes nothing. Whether a key is one, and whether two actions meet, has to be checked by whoever knows the keys.
func ReadKeys(path string, actions []string) ([]KeyChange, error) {
	data, found, err := readBeside(path)
	if err != nil || !found {
		return nil, err
	}
	return parseKeys(path, data, actions)
}

func parseKeys(file string, data []byte, actions []string) ([]KeyChange, error) {
	_, top, err := parseBeside(file, data, []Key{
		{Path: "keys", Type: TypeMap, Choices: append([]string{}, actions...), Max: 1000},
		{Path: "keys.<action>", Type: typeKeys, Max: maxKeys},
		{Path: "keys.<action>[]", Type: typeKey},
	})
	if err != nil {
		return nil, err
	}
	keys := top.get("keys")
	if keys == nil {
		return nil, nil
	}
	changes := make([]KeyChange, 0, len(keys.names))
	for _, action := range keys.names {
		v := keys.get(action)
		c := KeyChange{Action: action, Keys: make([]string, 0, len(v.entries)), At: v.at.full()}
		for _, e := range v.entries {
			if k, ok := e.scalar.(string); ok {
				c.Keys = append(c.Keys, k)
			}
		}
		changes = append(changes, c)
	}
	return changes, nil
}

// oneOrMore reads a key, or a list of keys, as a list.
func (r *reader) oneOrMore(f *field, n *yaml.Node, v *value) bool {
	entry := *f.entry
	entry.name = f.name
	switch {
	case n.Kind == yaml.SequenceNode:
		list := *f
		list.entry = &entry
		return r.list(&list, n, v)
	case isNull(n):
		r.faults.add(v.at, `%s has no key: write [] for none, and put ~ between quotation marks`, f.name)
		return false
	}
	one := r.value(&entry, n)
	if one == nil {
		return false
	}
	v.entries = []*value{one}
	return true
}

func parseKey(s string) (any, error) {
	if len(s) > maxKey {
		return nil, errors.New(text.Quote(s) + " is too long for a key")
	}
	return s, nil
}
