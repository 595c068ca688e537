package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/socctl/socctl/internal/soc"
)

// listFormats lists the forms in which a list is printed.
func listFormats() []string { return []string{"table", "json", "ndjson", "csv", "yaml"} }

// oneFormats lists the forms in which one thing is printed, which has no rows.
func oneFormats() []string { return []string{"table", "json", "yaml"} }

// format is the value of --output.
type format struct {
	name  string
	names []string // those that the command takes
}

func (f *format) flag(cmd *cobra.Command, names []string) {
	f.names = names
	cmd.Flags().StringVarP(&f.name, "output", "o", names[0], "one of "+strings.Join(names, ", "))
	fixed(cmd, "output", names)
}

func (f *format) check() error {
	switch near, ok := soc.Nearest(f.name, f.names); {
	case slices.Contains(f.names, f.name):
		return nil
	case slices.Contains(listFormats(), f.name):
		return usagef("there is no output format %s for one thing: it is printed as table, json or yaml", f.name)
	case ok:
		return usagef("there is no output format %q: did you mean %s?", f.name, near)
	}
	return usagef("there is no output format %q: there are %s", f.name, strings.Join(f.names, ", "))
}

// column is a column of a table. On a narrow terminal the flexible one gives cells, and others go altogether.
type column struct {
	title string
	flex  bool
	right bool
	drop  int // the place in the order of those that go, from 1; 0 stays
}

// listing is what a list command prints, in all of its forms.
type listing[T any] struct {
	columns  []column
	rows     [][]string // safe text
	items    []T
	tenants  []stateRecord
	complete bool
}

// envelope is the JSON of every list.
type envelope[T any] struct {
	Items    []T           `json:"items"`
	Tenants  []stateRecord `json:"tenants"`
	Complete bool          `json:"complete"`
}

func printListing[T any](h Host, f format, l listing[T]) error {
	switch f.name {
	case "json":
		return printJSON(h.Out, envelope[T]{Items: list(l.items), Tenants: list(l.tenants), Complete: l.complete})
	case "yaml":
		return printYAML(h.Out, envelope[T]{Items: list(l.items), Tenants: list(l.tenants), Complete: l.complete})
	case "ndjson":
		for _, i := range l.items {
			if err := writeJSON(h.Out, i, ""); err != nil {
				return err
			}
		}
		return nil
	case "csv":
		return printCSV(h.Out, l.columns, l.rows)
	}
	if h.OutTTY {
		return printTable(h.Out, l.columns, l.rows, h.Width)
	}
	return printTabs(h.Out, l.rows)
}

func printJSON(w io.Writer, v any) error { return writeJSON(w, v, "  ") }

func writeJSON(w io.Writer, v any, indent string) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	return e.Encode(v)
}

// printYAML writes the same names in the same order as JSON, which is YAML too: it is read back as a tree and written
// in blocks.
func printYAML(w io.Writer, v any) error {
	var b bytes.Buffer
	if err := writeJSON(&b, v, ""); err != nil {
		return err
	}
	var tree yaml.Node
	if err := yaml.Unmarshal(b.Bytes(), &tree); err != nil {
		return fmt.Errorf("write YAML: %w", err)
	}
	block(&tree)
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	if err := e.Encode(&tree); err != nil {
		return fmt.Errorf("write YAML: %w", err)
	}
	return e.Close()
}

// block takes JSON's braces and quotation marks off a tree; the writer quotes again what needs it.
func block(n *yaml.Node) {
	n.Style = 0
	for _, c := range n.Content {
		block(c)
	}
}

// printCSV writes a header and rows as RFC 4180 says. A cell that a spreadsheet would take for a formula gets an
// apostrophe in front (reliability 1.5).
func printCSV(w io.Writer, columns []column, rows [][]string) error {
	out := csv.NewWriter(w)
	head := make([]string, len(columns))
	for n, c := range columns {
		head[n] = strings.ToLower(c.title)
	}
	if err := out.Write(head); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	for _, r := range rows {
		safe := make([]string, len(r))
		for n, cell := range r {
			safe[n] = defuse(cell)
		}
		if err := out.Write(safe); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// defuse keeps a spreadsheet from running a cell.
func defuse(cell string) string {
	body := strings.TrimLeft(cell, " \t\r\n")
	if body == "" || body == "-" || !strings.ContainsRune("=+-@＝＋－＠", []rune(body)[0]) {
		return cell
	}
	return "'" + cell
}

// printTabs writes rows for other programs: nothing is cut.
func printTabs(w io.Writer, rows [][]string) error {
	for _, r := range rows {
		if _, err := fmt.Fprintln(w, strings.Join(r, "\t")); err != nil {
			return err
		}
	}
	return nil
}
