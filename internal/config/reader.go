package config

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/socctl/socctl/internal/text"
)

// reader turns YAML into values, by the table of keys, and collects what is wrong.
type reader struct {
	file      string
	limit     int // of the file, in bytes
	faults    faults
	variables map[*yaml.Node]string // the variable that a node came from, for those that came from one
	files     files
}

func newReader(file string, limit int) *reader {
	return &reader{file: file, limit: limit, variables: make(map[*yaml.Node]string)}
}

// value is what stands behind a key, checked as far as the table goes.
type value struct {
	at      place
	scalar  any
	entries []*value          // of a list; those that are wrong are left out
	fields  map[string]*value // of an object or a map
	names   []string          // of a map, in the order of the file
	given   map[string]place  // the keys of an object that stand there, also where they are wrong
}

// get gives the value of a key below an object or a map, or nil where it is missing or wrong.
func (v *value) get(name string) *value {
	if v == nil {
		return nil
	}
	return v.fields[name]
}

// of gives the scalar of a key below v, or the zero value where it is missing or wrong.
func of[T any](v *value, name string) T {
	var zero T
	if c := v.get(name); c != nil {
		if s, ok := c.scalar.(T); ok {
			return s
		}
	}
	return zero
}

// has tells whether a key of an object stands there, be it wrong.
func (v *value) has(name string) bool {
	_, ok := v.given[name]
	return ok
}

// where gives the place of a key below v, or v's own.
func (v *value) where(name string) place {
	if c := v.get(name); c != nil {
		return c.at
	}
	if v == nil {
		return place{}
	}
	return v.at
}

func (r *reader) place(n *yaml.Node) place {
	if name, ok := r.variables[n]; ok {
		return place{where: name, variable: true}
	}
	return place{where: r.file, line: n.Line, column: n.Column}
}

// value reads a node as the field says. It returns nil if it is wrong as a whole.
func (r *reader) value(f *field, n *yaml.Node) *value {
	v := &value{at: r.place(n)}
	var ok bool
	switch f.Type {
	case TypeObject:
		ok = r.object(f, n, v)
	case TypeMap:
		ok = r.names(f, n, v)
	case TypeList:
		ok = r.list(f, n, v)
	case typeKeys:
		ok = r.oneOrMore(f, n, v)
	case typePaint:
		ok = r.paint(f, n, v)
	default:
		ok = r.scalar(f, n, v)
	}
	if !ok {
		return nil
	}
	return v
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

// object reads the keys of an object: those that it knows, each once, and all that are required.
func (r *reader) object(f *field, n *yaml.Node, v *value) bool {
	if n.Kind != yaml.MappingNode && !isNull(n) {
		r.faults.add(v.at, "%s wants keys below it, not %s", f.name, kindOf(n))
		return false
	}
	v.fields = make(map[string]*value)
	seen, meant := make(map[string]place), make(map[string]bool)
	v.given = seen
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, ok := r.key(n.Content[i], seen)
		if !ok {
			continue
		}
		c := f.child(name)
		if c == nil {
			meant[r.unknownKey(f, n.Content[i])] = true
			continue
		}
		if got := r.value(c, n.Content[i+1]); got != nil {
			v.fields[name] = got
		}
	}
	for _, c := range f.fields {
		if _, ok := seen[c.name]; !ok && c.Required && !meant[c.name] {
			r.faults.add(v.at, "%s is missing: %s", pathWithin(f, c), c.Description)
		}
	}
	return true
}

// pathWithin names a missing key: by its path where the path has names alone, else by its last part.
func pathWithin(f, c *field) string {
	if strings.ContainsAny(f.Path, "[<") {
		return c.name
	}
	return c.Path
}

// key reads a key, which may stand only once.
func (r *reader) key(n *yaml.Node, seen map[string]place) (string, bool) {
	at := r.place(n)
	if n.Kind != yaml.ScalarNode {
		r.faults.add(at, "a key has to be a word, not %s", kindOf(n))
		return "", false
	}
	if first, ok := seen[n.Value]; ok {
		r.faults.add(at, "the key %s is given twice, first in %s", text.Quote(n.Value), first)
		return "", false
	}
	seen[n.Value] = at
	return n.Value, true
}

// secretKey tells whether people call a secret by that name; one is not taken from the configuration, which others read.
func secretKey(name string) bool {
	switch name {
	case "client_secret", "secret", "password", "client_certificate_password":
		return true
	}
	return false
}

// unknownKey reports a key that is none, and gives the one that was probably meant.
func (r *reader) unknownKey(f *field, n *yaml.Node) string {
	if secretKey(n.Value) {
		r.faults.add(r.place(n), "a secret does not belong into the configuration: set SOCCTL_CLIENT_SECRET, or name a file with home.client_secret_file")
		return ""
	}
	return r.faults.addNear(r.place(n), n.Value, f.childNames(), "unknown key %s", text.Quote(n.Value))
}

// names reads a map: the names are the user's own, or some of those that the table gives.
func (r *reader) names(f *field, n *yaml.Node, v *value) bool {
	if n.Kind != yaml.MappingNode && !isNull(n) {
		r.faults.add(v.at, "%s wants names with something below them, not %s", f.name, kindOf(n))
		return false
	}
	if len(n.Content)/2 > f.Max {
		r.faults.add(v.at, "%s has more than %d entries", f.name, f.Max)
		return false
	}
	v.fields = make(map[string]*value)
	seen := make(map[string]place)
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, ok := r.key(n.Content[i], seen)
		if !ok || !r.mapName(f, n.Content[i]) {
			continue
		}
		entry := *f.entry
		entry.name = name // for messages
		if got := r.value(&entry, n.Content[i+1]); got != nil {
			v.fields[name], v.names = got, append(v.names, name)
		}
	}
	return true
}

// manyChoices is from how many choices on a message does not list them.
const manyChoices = 9

// mapName checks a name of the user's own, or one of those that the table gives.
func (r *reader) mapName(f *field, n *yaml.Node) bool {
	what := f.entry.name[1 : len(f.entry.name)-1] // <group>
	switch {
	case f.Choices == nil:
		if _, err := parseName(n.Value); err != nil {
			r.faults.add(r.place(n), "%s: %v", what, err)
			return false
		}
	case slices.Contains(f.Choices, n.Value):
	case len(f.Choices) < manyChoices:
		_, err := parseChoice(n.Value, f.Choices)
		r.faults.addNear(r.place(n), n.Value, f.Choices, "%s: %v", what, err)
		return false
	default:
		r.faults.addNear(r.place(n), n.Value, f.Choices, "there is no %s %s", what, text.Quote(n.Value))
		return false
	}
	return true
}

// list reads the entries of a list.
func (r *reader) list(f *field, n *yaml.Node, v *value) bool {
	if n.Kind != yaml.SequenceNode && !isNull(n) {
		r.faults.add(v.at, "%s wants a list, not %s", f.name, kindOf(n))
		return false
	}
	if len(n.Content) > f.Max {
		r.faults.add(v.at, "%s has more than %d entries", f.name, f.Max)
		return false
	}
	if len(n.Content) == 0 && f.Required {
		r.faults.add(v.at, "%s has no entry: %s", f.name, f.Description)
		return false
	}
	for _, c := range n.Content {
		if got := r.value(f.entry, c); got != nil {
			v.entries = append(v.entries, got)
		}
	}
	return true
}

// scalar reads one word or line.
func (r *reader) scalar(f *field, n *yaml.Node, v *value) bool {
	switch {
	case n.Kind != yaml.ScalarNode:
		r.faults.add(v.at, "%s wants a single value, not %s", f.name, kindOf(n))
		return false
	case isNull(n) || n.Value == "":
		r.faults.add(v.at, "%s has no value", f.name)
		return false
	}
	got, err := parseScalar(f.Key, n.Value)
	if err != nil {
		r.faults.addNear(v.at, n.Value, f.Choices, "%s%v", r.prefix(f, v), err)
		return false
	}
	v.scalar = got
	return true
}

// prefix names the key in front of a message, where its place does not name it yet.
func (r *reader) prefix(f *field, v *value) string {
	if v.at.variable && f.Variable != "" {
		return ""
	}
	return f.name + ": "
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}
