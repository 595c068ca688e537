// Package docs writes the reference pages under docs/ from the tables that the program works by: the keys of the
// configuration, the actions of the console, the commands, the filter language. The prose around the tables stands in
// templates/. Nothing of the program imports this package; its test fails when a page is stale, and
//
//	go test ./internal/docs -update
//
// writes the pages anew, and the README's picture of the screen.
package docs

import (
	"embed"
	"fmt"
	"strings"
	"text/template"
)

//go:embed templates
var templates embed.FS

// Page is one generated document.
type Page struct {
	Path string // from the root of the repository
	Text string
}

// Pages writes all of them.
func Pages() ([]Page, error) {
	all := []struct {
		name  string
		parts template.FuncMap
	}{
		{"configuration.md", configurationParts()},
		{"keys.md", keysParts()},
		{"cli.md", cliParts()},
		{"filter.md", filterParts()},
	}
	pages := make([]Page, 0, len(all))
	for _, p := range all {
		source, err := templates.ReadFile("templates/" + p.name)
		if err != nil {
			return nil, err
		}
		t, err := template.New(p.name).Funcs(p.parts).Parse(string(source))
		if err != nil {
			return nil, fmt.Errorf("template of %s: %w", p.name, err)
		}
		var b strings.Builder
		b.WriteString("<!-- Written by go test ./internal/docs -update; change the tables in the code, or internal/docs/templates. -->\n\n")
		if err := t.Execute(&b, nil); err != nil {
			return nil, fmt.Errorf("write %s: %w", p.name, err)
		}
		pages = append(pages, Page{Path: "docs/" + p.name, Text: strings.TrimRight(b.String(), "\n") + "\n"})
	}
	return pages, nil
}

// The README shows the screen between these two lines.
const (
	screenBegin = "<!-- screen: written by go test ./internal/docs -update -->\n"
	screenEnd   = "<!-- end of screen -->\n"
)

// WithScreen gives the README with the picture of a frame, without the frame's empty lines.
func WithScreen(readme, frame string) (string, error) {
	before, rest, found := strings.Cut(readme, screenBegin)
	_, after, ended := strings.Cut(rest, screenEnd)
	if !found || !ended {
		return "", fmt.Errorf("the README has no place for the screen: the lines %q and %q", screenBegin, screenEnd)
	}
	var b strings.Builder
	b.WriteString(before + screenBegin + "```text\n")
	for line := range strings.Lines(frame) {
		if line = strings.TrimRight(line, " \n"); line != "" {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString("```\n" + screenEnd + after)
	return b.String(), nil
}

// table writes a table of Markdown. Its cells hold no line feed; a bar in one is escaped.
func table(head []string, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) {
		for n, c := range cells {
			if n > 0 {
				b.WriteByte(' ')
			}
			b.WriteString("| " + strings.ReplaceAll(c, "|", `\|`))
		}
		b.WriteString(" |\n")
	}
	line(head)
	b.WriteString(strings.Repeat("|---", len(head)) + "|\n")
	for _, r := range rows {
		line(r)
	}
	return strings.TrimRight(b.String(), "\n")
}

// code marks words as code and joins them.
func code(sep string, words ...string) string {
	marked := make([]string, 0, len(words))
	for _, w := range words {
		if w != "" {
			marked = append(marked, "`"+w+"`")
		}
	}
	return strings.Join(marked, sep)
}
