package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// SaveView puts a view into a file of views, in place of the one that has its name in any case, or else at the end.
// Everything else stays: other views, be they broken, and comments. The lines of the others stay as they are wherever
// the file can be changed line by line. The file and its directory are made where they are missing. A file that cannot
// be read, or would lose a comment, is left as it is. Programs that save at the same time wait for each other, so this
// may take seconds.
func SaveView(path string, v SavedView) error {
	if err := v.check(); err != nil {
		return fmt.Errorf("save the view %s: %w", text.Quote(v.Name), err)
	}
	err := changeViews(path, usualPatience(), func(s *sheet) error {
		s.put(v)
		return nil
	})
	if err != nil {
		return fmt.Errorf("save the view %s: %w", text.Quote(v.Name), err)
	}
	return nil
}

// DeleteView takes the view with a name, in any case, out of a file of views, with the comments that stand on it. A view
// that is not there is an error.
func DeleteView(path, name string) error {
	err := changeViews(path, usualPatience(), func(s *sheet) error { return s.remove(name) })
	if err != nil {
		return fmt.Errorf("delete the view %s: %w", text.Quote(name), err)
	}
	return nil
}

// changeViews reads a file of views, changes it and writes it, while nobody else does.
func changeViews(path string, p patience, change func(*sheet) error) error {
	if path == "" {
		return errors.New("there is no place for it: HOME is not set")
	}
	target, err := filepath.EvalSymlinks(path) // else the new file would replace the link
	if err != nil {
		target = path
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return fmt.Errorf("make the directory %s: %w", text.Quote(filepath.Dir(target)), cause(err))
	}
	held, err := lock(target+".lock", p)
	if err != nil {
		return err
	}
	defer held.release()
	data, _, err := readBeside(target)
	if err != nil {
		return err
	}
	changed, err := editViews(target, data, change)
	if err != nil {
		return err
	}
	if err := held.check(); err != nil {
		return err
	}
	return replaceFile(target, changed)
}

// editViews gives a file of views with a change, and proves that nothing else changed.
func editViews(file string, data []byte, change func(*sheet) error) ([]byte, error) {
	entries, err := viewEntries(file, data)
	if err != nil {
		return nil, fmt.Errorf("the file has to be put right first: %w", err)
	}
	s := &sheet{file: filepath.Base(file), views: savedViews(entries)}
	s.root = newReader(file, maxBeside).source(place{}, data)
	if s.root == nil { // it was read before
		return nil, fmt.Errorf("%s cannot be read", text.Quote(file))
	}
	s.comments = commentsOf(s.root, data)
	s.open()
	if err := change(s); err != nil {
		return nil, err
	}
	if s.edit.kind == editNone {
		return data, nil
	}
	if changed, ok := s.spliced(file, data); ok {
		return changed, nil
	}
	changed, err := s.encode(data)
	if err != nil {
		return nil, err
	}
	if err := s.prove(file, changed); err != nil {
		return nil, err
	}
	return changed, nil
}

// prove tells what a file does not hold that it has to.
func (s *sheet) prove(file string, changed []byte) error {
	after, err := viewEntries(file, changed)
	switch {
	case err != nil:
		return fmt.Errorf("the file would not be read again: %w", err)
	case !slices.EqualFunc(savedViews(after), s.views, SavedView.equal):
		return fmt.Errorf("%s would not hold the same views again: write it by hand", text.Quote(file))
	}
	if lost := s.lostComment(file, changed); lost != "" {
		return fmt.Errorf("%s would lose the comment %s: put it on a line above a view", text.Quote(file), text.Quote(lost))
	}
	return nil
}

func (v SavedView) equal(o SavedView) bool {
	return v.Name == o.Name && v.Filter == o.Filter && v.Sort == o.Sort && slices.Equal(v.Columns, o.Columns)
}

// savedViews gives the views of a file as they are written.
func savedViews(list *value) []SavedView {
	if list == nil {
		return nil
	}
	views := make([]SavedView, 0, len(list.entries))
	for _, e := range list.entries {
		v := SavedView{Name: of[text.Line](e, "name").String(), Filter: of[string](e, "filter"), Sort: of[string](e, "sort")}
		if c := e.get("columns"); c != nil {
			for _, entry := range c.entries {
				n, _ := entry.scalar.(name)
				v.Columns = append(v.Columns, string(n))
			}
		}
		views = append(views, v)
	}
	return views
}

// sheet is a file of views as YAML nodes, and beside them what it has to hold in the end.
type sheet struct {
	file     string
	root     *yaml.Node // the document
	list     *yaml.Node // the sequence
	views    []SavedView
	comments map[string]int // that the file has, without those that went with a view
	edit     edit
}

// open finds the list of views, and makes it where there is none.
func (s *sheet) open() {
	top := &yaml.Node{Kind: yaml.MappingNode}
	if len(s.root.Content) > 0 {
		if old := s.root.Content[0]; old.Kind == yaml.MappingNode {
			top = old
		} else {
			s.root.HeadComment = joinComments(s.root.HeadComment, old.HeadComment, old.LineComment, old.FootComment)
		}
	}
	s.root.Content = []*yaml.Node{top}
	if slotOf(top, "views") == nil {
		top.Content = append(top.Content, textNode("views"), &yaml.Node{Kind: yaml.SequenceNode})
	}
	slot := slotOf(top, "views")
	old := *slot
	if old.Kind != yaml.SequenceNode {
		*slot = &yaml.Node{Kind: yaml.SequenceNode, HeadComment: old.HeadComment, FootComment: old.FootComment}
	}
	if s.list = *slot; len(s.list.Content) > 0 {
		return
	}
	top.Style &^= yaml.FlowStyle
	s.list.Style &^= yaml.FlowStyle
	if line := old.LineComment; line != "" { // a list over several lines has no place for it but behind its key
		s.list.LineComment = ""
		if key := s.key(); key.LineComment == "" {
			key.LineComment = line
		} else {
			s.list.HeadComment = joinComments(s.list.HeadComment, line)
		}
	}
}

// key gives the node of the word views.
func (s *sheet) key() *yaml.Node {
	top := s.root.Content[0]
	return top.Content[slices.Index(top.Content, s.list)-1]
}

// find gives the position of a view, or -1.
func (s *sheet) find(name string) int {
	return slices.IndexFunc(s.views, func(v SavedView) bool { return strings.EqualFold(v.Name, name) })
}

func (s *sheet) put(v SavedView) {
	n := s.find(v.Name)
	switch {
	case n < 0:
		n = len(s.views)
		s.views = append(s.views, v)
		s.list.Content = append(s.list.Content, &yaml.Node{Kind: yaml.MappingNode})
		s.edit = edit{kind: editAdd}
		if n > 0 {
			s.edit.last = lastLine(s.list.Content[n-1])
		}
	case s.views[n].equal(v):
		s.edit = edit{kind: editNone}
		return
	default:
		s.edit = edit{kind: editReplace, first: s.list.Content[n].Line, last: lastLine(s.list.Content[n])}
	}
	s.views[n] = v
	entry := s.list.Content[n]
	s.edit.entry = entry
	s.set(entry, "name", textNode(v.Name))
	s.set(entry, "filter", quotedNode(v.Filter))
	s.set(entry, "sort", textNode(v.Sort))
	columns := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, c := range v.Columns {
		columns.Content = append(columns.Content, textNode(c))
	}
	if old := slotOf(entry, "columns"); old != nil && slices.Equal(plainValues(*old), v.Columns) {
		return // as it is written, with the comments inside
	}
	s.set(entry, "columns", columns)
}

// set gives a key of a view another value and keeps the comments on it. An empty value takes the key away.
func (s *sheet) set(entry *yaml.Node, key string, to *yaml.Node) {
	slot := slotOf(entry, key)
	empty := to.Value == "" && len(to.Content) == 0
	switch {
	case slot == nil && !empty:
		entry.Content = append(entry.Content, textNode(key), to)
	case slot == nil:
	case empty:
		i := slices.Index(entry.Content, *slot)
		s.forget(entry.Content[i-1])
		s.forget(entry.Content[i])
		entry.Content = slices.Delete(entry.Content, i-1, i+1)
	case (*slot).Kind == yaml.ScalarNode && (*slot).Value == to.Value:
	default:
		for _, c := range (*slot).Content {
			s.forget(c)
		}
		to.HeadComment, to.LineComment, to.FootComment = (*slot).HeadComment, (*slot).LineComment, (*slot).FootComment
		*slot = to
	}
}

func (s *sheet) remove(name string) error {
	n := s.find(name)
	if n < 0 {
		message := "there is no such view in " + text.Quote(s.file)
		known := make([]string, 0, len(s.views))
		for _, v := range s.views {
			known = append(known, v.Name)
		}
		if near, ok := soc.Nearest(name, known); ok {
			message += ": did you mean " + text.Quote(near) + "?"
		}
		return errors.New(message)
	}
	gone := s.list.Content[n]
	s.edit = edit{kind: editRemove, first: gone.Line, last: lastLine(gone)}
	if foot := gone.FootComment; foot != "" { // it stands behind the view, apart from it
		gone.FootComment = ""
		if n > 0 {
			before := s.list.Content[n-1]
			before.FootComment = joinComments(before.FootComment, foot)
		} else {
			s.list.FootComment = joinComments(foot, s.list.FootComment)
		}
	}
	s.forget(gone)
	s.views, s.list.Content = slices.Delete(s.views, n, n+1), slices.Delete(s.list.Content, n, n+1)
	if len(s.list.Content) == 0 {
		s.list.Style |= yaml.FlowStyle
		key := s.key()
		s.list.LineComment, key.LineComment = joinComments(s.list.LineComment, key.LineComment), ""
	}
	return nil
}

// encode writes the sheet. Where the file had no document, which YAML's reader loses the comments of, they stand first.
func (s *sheet) encode(data []byte) ([]byte, error) {
	var b bytes.Buffer
	if s.root.Line == 0 {
		data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
		if b.Write(data); len(data) > 0 {
			b.WriteByte('\n')
		}
	}
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode(s.root), encoder.Close()); err != nil {
		return nil, fmt.Errorf("write it as YAML: %s", text.Escape(err.Error()))
	}
	return b.Bytes(), nil
}

func textNode(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
}

func quotedNode(s string) *yaml.Node {
	n := textNode(s)
	n.Style = yaml.DoubleQuotedStyle
	return n
}

func plainValues(n *yaml.Node) []string {
	values := make([]string, 0, len(n.Content))
	for _, c := range n.Content {
		values = append(values, c.Value)
	}
	return values
}

// joinComments puts comments under one another.
func joinComments(list ...string) string {
	return strings.Join(slices.DeleteFunc(list, func(c string) bool { return c == "" }), "\n\n")
}
