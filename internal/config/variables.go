package config

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/socctl/socctl/internal/soc"
)

// Variable is an environment variable that is read and is no key of the configuration.
type Variable struct {
	Name, Description string
}

// Variables lists them. Any other variable that starts with SOCCTL_ has to be the one of a key.
func Variables() []Variable {
	return []Variable{
		{"SOCCTL_CONFIG", "the configuration's file, where --config names none"},
		{"SOCCTL_CLIENT_SECRET", "the application's secret, for the sign-in client-secret; before home.client_secret_file"},
		{"SOCCTL_CLIENT_CERTIFICATE_PASSWORD", "the password of home.client_certificate_file"},
		{"SOCCTL_SHARED", "where the tests find published payloads and the schema; the program itself does not read it"},
		{"AZURE_CLIENT_SECRET", "like SOCCTL_CLIENT_SECRET, which comes first"},
		{"AZURE_CLIENT_CERTIFICATE_PASSWORD", "like SOCCTL_CLIENT_CERTIFICATE_PASSWORD, which comes first"},
		{"HTTPS_PROXY", "the proxy, where the key proxy names none"},
		{"NO_PROXY", "the hosts that are reached without the proxy"},
		{"XDG_CONFIG_HOME", "the directory that has socctl/config.yaml, ~/.config where it is not set"},
		{"HOME", "the home directory, for ~/ in paths; USERPROFILE where it is not set"},
	}
}

// environment is a process's environment by name. An empty variable counts as not set.
type environment map[string]string

func newEnvironment(list []string) environment {
	e := make(environment, len(list))
	for _, entry := range list {
		if name, value, ok := strings.Cut(entry, "="); ok && name != "" {
			e[name] = value
		}
	}
	return e
}

// first gives the value of the first variable that is set, and its name.
func (e environment) first(names ...string) (value, name string) {
	for _, n := range names {
		if e[n] != "" {
			return e[n], n
		}
	}
	return "", ""
}

// home gives the person's home directory, or nothing.
func (e environment) home() string {
	dir, _ := e.first("HOME", "USERPROFILE")
	return dir
}

// override puts the values of variables into the document, in place of what the file says.
func (r *reader) override(top *field, root *yaml.Node, env environment) {
	if root.Kind != yaml.MappingNode {
		return // which is reported when it is read
	}
	for _, variable := range slices.Sorted(maps.Keys(env)) {
		rest, ours := strings.CutPrefix(variable, variablePrefix)
		if !ours || slices.ContainsFunc(Variables(), func(v Variable) bool { return v.Name == variable }) {
			continue
		}
		path, leaf := match(top, rest)
		switch {
		case leaf == nil:
			r.unknownVariable(root, variable)
		case env[variable] == "":
		case leaf.Type == TypeList:
			if n := r.document(place{where: variable, variable: true}, []byte(env[variable])); n != nil {
				r.set(root, path, n, variable)
			}
		default:
			r.set(root, path, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: env[variable]}, variable)
		}
	}
}

// match finds the key of a variable below f, by the part of the variable's name that is left, with the names on the
// way to it.
func match(f *field, rest string) (path []string, leaf *field) {
	if f.Variable != "" && rest == "" {
		return nil, f
	}
	switch f.Type {
	case TypeObject:
		for _, c := range f.fields {
			if after, ok := cutPart(rest, strings.ToUpper(c.name)); ok {
				if path, leaf := match(c, after); leaf != nil {
					return append([]string{c.name}, path...), leaf
				}
			}
		}
	case TypeMap:
		for i := 1; i <= len(rest); i++ {
			if i < len(rest) && rest[i] != '_' {
				continue
			}
			name := strings.ReplaceAll(strings.ToLower(rest[:i]), "_", "-")
			if strings.ToUpper(rest[:i]) != rest[:i] || (len(f.Choices) > 0 && !slices.Contains(f.Choices, name)) {
				continue
			}
			if path, leaf := match(f.entry, strings.TrimPrefix(rest[i:], "_")); leaf != nil {
				return append([]string{name}, path...), leaf
			}
		}
	}
	return nil, nil
}

// cutPart cuts a part and the underscore behind it from the front of a variable's name.
func cutPart(s, part string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(s, part)
	if !ok || rest == "" {
		return "", ok
	}
	return strings.CutPrefix(rest, "_")
}

// set puts a node into a document, with the objects that are missing on the way to it.
func (r *reader) set(n *yaml.Node, path []string, to *yaml.Node, variable string) {
	r.mark(to, variable)
	for i, name := range path {
		slot := slotOf(n, name)
		if slot == nil {
			key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}
			child := &yaml.Node{Kind: yaml.MappingNode}
			r.mark(key, variable)
			r.mark(child, variable)
			n.Content = append(n.Content, key, child)
			slot = &n.Content[len(n.Content)-1]
		}
		if i == len(path)-1 {
			*slot = to
			return
		}
		if isNull(*slot) {
			*slot = &yaml.Node{Kind: yaml.MappingNode, Line: (*slot).Line, Column: (*slot).Column}
		}
		if n = *slot; n.Kind != yaml.MappingNode {
			return // the file has something else here, which is reported when it is read
		}
	}
}

// slotOf finds where the value of a key stands.
func slotOf(n *yaml.Node, name string) **yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return &n.Content[i+1]
		}
	}
	return nil
}

// mark remembers that a node and all below it came from a variable.
func (r *reader) mark(n *yaml.Node, variable string) {
	r.variables[n] = variable
	for _, c := range n.Content {
		r.mark(c, variable)
	}
}

// unknownVariable reports a variable that is none of ours; its value may be a secret and is not shown.
func (r *reader) unknownVariable(root *yaml.Node, variable string) {
	at := place{where: variable, variable: true}
	word := strings.TrimPrefix(variable, variablePrefix) // which all have, so that it would make all near
	if strings.HasSuffix(word, "_CLIENT_SECRET") {
		word = "CLIENT_SECRET"
	}
	var known []string
	for _, v := range Variables() {
		if name, ours := strings.CutPrefix(v.Name, variablePrefix); ours {
			known = append(known, name)
		}
	}
	for _, k := range Keys() {
		for _, name := range spellings(root, k) {
			known = append(known, strings.TrimPrefix(name, variablePrefix))
		}
	}
	if near, ok := soc.Nearest(word, known); ok {
		r.faults.addNear(at, variablePrefix+near, []string{variablePrefix + near}, "unknown variable")
		return
	}
	r.faults.add(at, "unknown variable")
}

// spellings gives the variables of a key, one for each name in the document where the key has a name in it.
func spellings(root *yaml.Node, k Key) []string {
	before, after, named := strings.Cut(k.Variable, "<")
	if !named {
		return []string{k.Variable}
	}
	top, _, _ := strings.Cut(k.Path, ".")
	slot := slotOf(root, top)
	if slot == nil || (*slot).Kind != yaml.MappingNode {
		return nil
	}
	_, after, _ = strings.Cut(after, ">")
	var all []string
	for i := 0; i < len((*slot).Content) && i < 2*64; i += 2 {
		one := before + strings.ToUpper(strings.ReplaceAll((*slot).Content[i].Value, "-", "_")) + after
		if !strings.Contains(one, "<") {
			all = append(all, one)
			continue
		}
		for _, severity := range severities() {
			all = append(all, one[:strings.Index(one, "<")]+strings.ToUpper(severity))
		}
	}
	return all
}
