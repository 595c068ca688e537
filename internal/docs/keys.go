package docs

import (
	"strings"
	"text/template"

	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/style"
)

func keysParts() template.FuncMap {
	return template.FuncMap{"actions": actions, "columns": columns, "themes": themes, "tokens": tokens}
}

// actions is the table of what can be done, in the order of the console's own help.
func actions() string {
	var b strings.Builder
	all := action.All()
	for _, g := range action.Groups() {
		var rows [][]string
		for n := range all {
			if all[n].Group == g {
				rows = append(rows, actionRow(&all[n]))
			}
		}
		b.WriteString("### " + string(g) + "\n\n" + table([]string{"Keys", "What it does", "Where", "Command"}, rows) + "\n\n")
	}
	return strings.TrimSpace(b.String())
}

func actionRow(a *action.Action) []string {
	var where, keys []string
	for _, s := range a.Scopes {
		where = append(where, scopeWord(s))
	}
	for _, k := range a.Keys {
		keys = append(keys, code("", keymap.Show(k)))
	}
	command := ":" + string(a.ID)
	if a.Arg != action.NoArg {
		command += " [" + string(a.Arg) + "]"
	}
	words := code("", command)
	for _, other := range a.Aliases {
		words += " " + code("", ":"+other)
	}
	return []string{strings.Join(keys, " "), a.Title, strings.Join(where, ", "), words}
}

func scopeWord(s action.Scope) string {
	switch s {
	case action.Global:
		return "everywhere"
	case action.List:
		return "queue"
	case action.Incident:
		return "incident"
	case action.Customers:
		return "customers"
	case action.Activity:
		return "activity"
	case action.Overlay:
		return "link, sign-in"
	}
	return string(s)
}

func columns() string {
	var rows [][]string
	usual := strings.Join(queue.UsualColumns(), " ")
	for _, c := range queue.Columns() {
		shown := ""
		if strings.Contains(" "+usual+" ", " "+c.ID+" ") {
			shown = "yes"
		}
		sorts := "-"
		if c.Order != "" {
			sorts = code("", string(c.Order))
		}
		rows = append(rows, []string{code("", c.ID), c.Title, c.Meaning, sorts, shown})
	}
	return table([]string{"Name", "Title", "What it shows", "Sorts by", "Shown by itself"}, rows)
}

func themes() string {
	var rows [][]string
	for _, t := range style.Themes() {
		rows = append(rows, []string{code("", t.Name), t.Meaning})
	}
	return table([]string{"Theme", "For"}, rows)
}

func tokens() string {
	var rows [][]string
	for _, t := range style.Tokens() {
		rows = append(rows, []string{code("", t.Name), t.Meaning})
	}
	return table([]string{"Token", "Paints"}, rows)
}
