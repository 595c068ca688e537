package config

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/socctl/socctl/internal/text"
)

// maxFile bounds a configuration: 5,000 customers with everything need half of it.
const maxFile = 4 << 20

// document reads one YAML document, which may be empty, and refuses what no configuration needs: other encodings,
// control characters, several documents, anchors, aliases and tags. It returns nil if there are faults.
func (r *reader) document(at place, data []byte) *yaml.Node {
	whole := r.source(at, data)
	switch {
	case whole == nil:
		return nil
	case len(whole.Content) == 0:
		return &yaml.Node{Kind: yaml.MappingNode, Line: 1, Column: 1}
	}
	return whole.Content[0]
}

// source is document with what stands around its value: comments. A document without a value has no content.
func (r *reader) source(at place, data []byte) *yaml.Node {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > r.limit {
		r.faults.add(at, "is larger than %d MiB", r.limit>>20)
		return nil
	}
	if line, column, what := badCharacter(data); what != "" {
		at.line, at.column = line, column
		r.faults.add(at, "%s", what)
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	switch err := decoder.Decode(&first); {
	case errors.Is(err, io.EOF):
		return &yaml.Node{Kind: yaml.DocumentNode}
	case err != nil:
		r.syntax(at, err)
		return nil
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		at.line, at.column = second.Line, second.Column
		r.faults.add(at, "a second document starts here: there can be only one")
		return nil
	case !errors.Is(err, io.EOF):
		r.syntax(at, err)
		return nil
	}
	if r.refuse(at, &first) {
		return nil
	}
	return &first
}

// badCharacter finds the first character that a configuration cannot have: those that terminals obey, those that
// reorder text, those that only some readers take for a line's end, and bytes that are no UTF-8.
func badCharacter(data []byte) (line, column int, what string) {
	line, column = 1, 1
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		switch {
		case c == utf8.RuneError && size <= 1:
			return line, column, "this is not UTF-8"
		case invisible(c) && c != '\n' && c != '\r' && c != '\t':
			return line, column, "there is an invisible character here: " + strconv.QuoteRuneToASCII(c)
		case c == '\n':
			line, column = line+1, 0
		}
		i, column = i+size, column+1
	}
	return 0, 0, ""
}

// invisible tells whether a character controls or reorders rather than shows.
func invisible(c rune) bool {
	switch {
	case c < 0x20, 0x7f <= c && c <= 0x9f:
		return true
	case c == 0x061c, c == 0x200e, c == 0x200f, 0x2028 <= c && c <= 0x202e, 0x2066 <= c && c <= 0x2069, c == 0xfeff:
		return true
	}
	return false
}

var yamlLine = regexp.MustCompile(`^line ([0-9]{1,9}): `)

// syntax reports what the YAML reader says, with its line where it knows one.
func (r *reader) syntax(at place, err error) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		at.line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
	}
	r.faults.add(at, "this is not YAML: %s", text.Escape(message))
}

// refuse reports what makes a document more than plain data, and tells whether there was any. An alias can make a
// small file huge, and a tag changes what a value is.
func (r *reader) refuse(at place, n *yaml.Node) bool {
	at.line, at.column = n.Line, n.Column
	bad := true
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.faults.add(at, "anchors and aliases (& and *) are not allowed: write the value out, or put it between quotation marks")
	case n.Style&yaml.TaggedStyle != 0:
		r.faults.add(at, "tags (!) are not allowed: put the value between quotation marks")
	default:
		bad = false
	}
	for _, c := range n.Content {
		if r.refuse(at, c) {
			bad = true
		}
	}
	return bad
}
