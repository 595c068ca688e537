package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// View is a saved filter with its order: one tab of the queue.
type View struct {
	Name    text.Line
	Filter  soc.Filter
	Sort    soc.Order
	Columns []Column // from the left; empty where the console chooses
	At      string   // file and line, or the variable: safe to show
}

// Column is a column of a view by its name, which whoever knows the columns has to check.
type Column struct {
	Name string // small letters, digits and dashes
	At   string // file and line, or the variable: safe to show
}

// Views is what a file of views holds.
type Views struct {
	List   []View
	Broken []BrokenView
}

// BrokenView is a view whose filter or order cannot be understood, for which the others must not suffer. The file
// keeps it.
type BrokenView struct {
	Name   text.Line
	Filter text.Line // as it stands in the file
	Sort   text.Line // as it stands in the file, or empty
	Why    string    // with file, line and column: safe to show
	Before int       // how many of Views.List stand before it in the file
}

// views takes over the saved filters of the configuration.
func (b *builder) views(v *value) []View {
	if v == nil {
		return nil
	}
	known := b.cfg.Registry.Vocabulary()
	list := make([]View, 0, len(v.entries))
	b.distinct(v, func(name string) string { return name })
	for _, e := range v.entries {
		list = append(list, viewOf(e, known, &b.faults))
	}
	return list
}

// distinct reports names of views that are the same by key.
func (r *reader) distinct(v *value, key func(string) string) {
	seen := make(map[string]place)
	for _, e := range v.entries {
		if e.get("name") == nil {
			continue // which is reported
		}
		name := of[text.Line](e, "name").String()
		if first, taken := seen[key(name)]; taken {
			r.faults.add(e.where("name"), "name: there is a view %s already, in %s", text.Quote(name), first)
			continue
		}
		seen[key(name)] = e.where("name")
	}
}

// viewOf makes a view of an entry and tells f what is wrong with it.
func viewOf(e *value, known soc.Vocabulary, f *faults) View {
	view := View{Name: of[text.Line](e, "name"), Sort: soc.OrderUrgency, At: e.at.full()}
	var err error
	if view.Filter, err = soc.ParseFilter(of[string](e, "filter"), known); err != nil {
		f.add(e.where("filter"), "filter: %v", err)
	}
	if sort := of[string](e, "sort"); sort != "" {
		if view.Sort, err = soc.ParseOrder(sort); err != nil {
			orders := words(soc.Orders())
			f.addNear(e.where("sort"), sort, withMinus(orders), "sort: %s is none of %s, which may have a minus in front",
				text.Quote(sort), strings.Join(orders, ", "))
		}
	}
	if c := e.get("columns"); c != nil {
		view.Columns = columnsOf(c, f)
	}
	return view
}

func columnsOf(v *value, f *faults) []Column {
	list := make([]Column, 0, len(v.entries))
	seen := make(map[string]place)
	for _, e := range v.entries {
		n, _ := e.scalar.(name)
		if first, taken := seen[string(n)]; taken {
			f.add(e.at, "columns: %s is given twice, first in %s", n, first)
			continue
		}
		seen[string(n)] = e.at
		list = append(list, Column{Name: string(n), At: e.at.full()})
	}
	return list
}

// withMinus gives the words, and the words with a minus in front.
func withMinus(list []string) []string {
	both := make([]string, 0, 2*len(list))
	both = append(both, list...)
	for _, w := range list {
		both = append(both, "-"+w)
	}
	return both
}

// ReadViews reads a file of views: the list views, as in the configuration. A file that is missing holds none. A view
// whose filter or order cannot be understood comes back as broken; anything else that is wrong with the file is an
// *Error.
func ReadViews(path string, known soc.Vocabulary) (Views, error) {
	data, found, err := readBeside(path)
	if err != nil || !found {
		return Views{}, err
	}
	return parseViews(path, data, known)
}

func parseViews(file string, data []byte, known soc.Vocabulary) (Views, error) {
	v, err := viewEntries(file, data)
	if err != nil || v == nil {
		return Views{}, err
	}
	var views Views
	for _, e := range v.entries {
		var wrong faults
		view := viewOf(e, known, &wrong)
		if !wrong.any() {
			views.List = append(views.List, view)
			continue
		}
		views.Broken = append(views.Broken, BrokenView{
			Name: view.Name, Filter: text.NewLine(of[string](e, "filter")), Sort: text.NewLine(of[string](e, "sort")),
			Why: strings.ReplaceAll(wrong.err().Error(), "\n", "; "), Before: len(views.List),
		})
	}
	return views, nil
}

// viewEntries reads the list of a file of views without asking what filters and orders mean, or nothing where there is
// no list.
func viewEntries(file string, data []byte) (*value, error) {
	r, top, err := parseBeside(file, data, viewKeys())
	if err != nil {
		return nil, err
	}
	list := top.get("views")
	if list == nil {
		return nil, nil
	}
	r.distinct(list, strings.ToLower)
	return list, r.faults.err()
}

// SavedView is a view to save. What is empty is left out of the file.
type SavedView struct {
	Name    string
	Filter  string
	Sort    string // as soc.ParseOrder reads it
	Columns []string
}

// check refuses what the file could not be read with.
func (v SavedView) check() error {
	byPath := make(map[string]Key)
	for _, k := range viewKeys() {
		byPath[k.Path] = k
	}
	for _, part := range []struct{ key, value string }{{"name", v.Name}, {"filter", v.Filter}, {"sort", v.Sort}} {
		if part.key == "name" && part.value == "" {
			return errors.New("a view needs a name")
		}
		if _, err := parseScalar(byPath["views[]."+part.key], part.value); err != nil {
			return fmt.Errorf("%s: %w", part.key, err)
		}
	}
	if v.Sort != "" {
		if _, err := soc.ParseOrder(v.Sort); err != nil {
			return fmt.Errorf("sort: %w", err)
		}
	}
	if len(v.Columns) > maxColumns {
		return fmt.Errorf("columns: a view has at most %d", maxColumns)
	}
	for i, c := range v.Columns {
		if _, err := parseName(c); err != nil {
			return fmt.Errorf("columns: %w", err)
		}
		for _, before := range v.Columns[:i] {
			if before == c {
				return fmt.Errorf("columns: %s is given twice", c)
			}
		}
	}
	return nil
}
