package config

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// edit is what a change does to the lines of a file.
type edit struct {
	kind        editKind
	first, last int        // the lines on which the view's own nodes stand, from 1; to add, last is of the view before
	entry       *yaml.Node // the view to write; nil to remove it
}

type editKind int

const (
	editNone editKind = iota // the file is as it should be
	editAdd
	editReplace
	editRemove
)

// farthest is how many lines behind the last node of a view its end is looked for: a text over several lines has one
// node, on its first line.
const farthest = 32

// spliced makes the change between the lines of a file, which leaves every other line as it is, unlike writing the nodes
// anew. It reports false where that cannot be done, such as for a list between brackets. Where a view ends is tried
// rather than known: what comes out is taken only if it holds the views and the comments that it should.
func (s *sheet) spliced(file string, data []byte) ([]byte, bool) {
	if s.list.Style&yaml.FlowStyle != 0 && s.edit.kind != editRemove || s.edit.last == 0 {
		return nil, false
	}
	lines := slices.Collect(bytes.Lines(data))
	lineEnd := "\n"
	if len(lines) > 0 && bytes.HasSuffix(lines[0], []byte("\r\n")) {
		lineEnd = "\r\n"
	}
	margin := max(0, s.list.Column-1)
	block, err := s.edit.block(strings.Repeat(" ", margin), lineEnd)
	if err != nil {
		return nil, false
	}
	for end := s.edit.last; end <= min(s.edit.last+farthest, len(lines)); end++ {
		for _, cut := range s.edit.cuts(lines, end, margin) {
			before := bytes.Join(lines[:cut[0]], nil)
			if len(before) > 0 && before[len(before)-1] != '\n' {
				before = append(before, lineEnd...)
			}
			changed := slices.Concat(before, block, bytes.Join(lines[cut[1]:], nil))
			if s.prove(file, changed) == nil && s.sameComments(file, changed) {
				return changed, true
			}
		}
	}
	return nil, false
}

// block gives the lines of the view, without the comments before and behind it, which stay where they are.
func (e edit) block(margin, lineEnd string) ([]byte, error) {
	if e.entry == nil {
		return nil, nil
	}
	entry := *e.entry
	entry.HeadComment, entry.FootComment = "", ""
	var b, block bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{&entry}}); err != nil {
		return nil, err
	}
	if err := encoder.Close(); err != nil {
		return nil, err
	}
	for line := range strings.Lines(b.String()) {
		if line = strings.TrimRight(line, "\n"); line != "" {
			line = margin + line
		}
		block.WriteString(line + lineEnd)
	}
	return block.Bytes(), nil
}

// cuts gives the lines to take out, from one and before another, counted from 0, if the view ends before line end.
func (e edit) cuts(lines [][]byte, end, margin int) [][2]int {
	switch e.kind {
	case editAdd:
		at := behindComments(lines, end, margin)
		return [][2]int{{at, at}}
	case editReplace:
		return [][2]int{{e.first - 1, end}}
	}
	above := e.first - 1
	for above > 0 && isComment(lines[above-1]) {
		above--
	}
	return [][2]int{{above, end}, {e.first - 1, end}}
}

// lastLine gives the last line on which a node or one below it starts.
func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, c := range n.Content {
		last = max(last, lastLine(c))
	}
	return last
}

func isComment(line []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("#")) }

// behindComments goes over the comments that stand further in than the list, which belong to its last view.
func behindComments(lines [][]byte, at, margin int) int {
	for at < len(lines) && isComment(lines[at]) && len(lines[at])-len(bytes.TrimLeft(lines[at], " ")) > margin {
		at++
	}
	return at
}
