package config

import (
	"slices"
	"strings"
)

// field is a key with what is below it: the table of keys as a tree.
type field struct {
	Key
	name   string   // the last part of the path
	fields []*field // of an object
	entry  *field   // of a map or a list: what each entry is
}

// tree makes the tree of the table. The root is the document.
func tree(keys []Key) *field {
	root := &field{Key: Key{Type: TypeObject}, name: "the configuration"}
	byPath := map[string]*field{"": root}
	for _, k := range keys {
		f := &field{Key: k}
		var parent string
		if list, ok := strings.CutSuffix(k.Path, "[]"); ok {
			parent, f.name = list, "an entry of "+lastPart(list)
		} else {
			parent, f.name = k.Path[:max(0, strings.LastIndex(k.Path, "."))], lastPart(k.Path)
		}
		p := byPath[parent]
		if p.Type == TypeObject || p.Type == typePaint {
			p.fields = append(p.fields, f)
		} else {
			p.entry = f
		}
		byPath[k.Path] = f
	}
	return root
}

func lastPart(path string) string { return path[strings.LastIndex(path, ".")+1:] }

// child finds a key of an object.
func (f *field) child(name string) *field {
	if i := slices.IndexFunc(f.fields, func(c *field) bool { return c.name == name }); i >= 0 {
		return f.fields[i]
	}
	return nil
}

// childNames lists the keys of an object.
func (f *field) childNames() []string {
	names := make([]string, len(f.fields))
	for i, c := range f.fields {
		names[i] = c.name
	}
	return names
}
