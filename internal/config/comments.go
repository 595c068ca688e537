package config

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// commentsOf counts the lines of comments in a file. They are looked for in two ways, since YAML's reader drops some: in
// its nodes, and in the lines as far as these tell.
func commentsOf(root *yaml.Node, data []byte) map[string]int {
	inNodes, inLines := make(map[string]int), make(map[string]int)
	countComments(root, inNodes)
	for line := range strings.Lines(string(data)) {
		if c := commentIn(line); c != "" {
			inLines[c]++
		}
	}
	for c, n := range inNodes {
		inLines[c] = max(n, inLines[c])
	}
	return inLines
}

// commentIn gives the comment of a line, or nothing. It knows quotation marks that open and close on the line; what it
// takes for a comment by mistake stays as much as one does.
func commentIn(line string) string {
	var quote byte
	before := byte(' ')
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quote == '"' && c == '\\', quote == '\'' && strings.HasPrefix(line[i:], "''"):
			i++ // the next one is text
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '#' && strings.IndexByte(" \t", before) >= 0:
			return strings.TrimSpace(line[i:])
		case (c == '"' || c == '\'') && strings.IndexByte(" \t[{,:", before) >= 0:
			quote = c
		}
		before = c
	}
	return ""
}

func countComments(n *yaml.Node, count map[string]int) {
	for _, comment := range []string{n.HeadComment, n.LineComment, n.FootComment} {
		for line := range strings.Lines(comment) {
			if line = strings.TrimSpace(line); line != "" {
				count[line]++
			}
		}
	}
	for _, c := range n.Content {
		countComments(c, count)
	}
}

// forget takes the comments of a node that goes out of the count.
func (s *sheet) forget(n *yaml.Node) {
	gone := make(map[string]int)
	countComments(n, gone)
	for c, n := range gone {
		s.comments[c] -= n
	}
}

// lostComment finds a comment that a file should still have and has not.
func (s *sheet) lostComment(file string, changed []byte) string {
	after := readComments(file, changed)
	for c, n := range s.comments {
		if after[c] < n {
			return c
		}
	}
	return ""
}

// sameComments tells whether a file has the comments that it should have, each as often.
func (s *sheet) sameComments(file string, changed []byte) bool {
	after := readComments(file, changed)
	for c := range after {
		if after[c] != s.comments[c] {
			return false
		}
	}
	return s.lostComment(file, changed) == ""
}

func readComments(file string, data []byte) map[string]int {
	root := newReader(file, maxBeside).source(place{}, data)
	if root == nil {
		return nil
	}
	return commentsOf(root, data)
}
