package docs

import (
	"strings"
	"text/template"

	"github.com/socctl/socctl/internal/ui/action"
)

func keysParts() template.FuncMap { return template.FuncMap{"actions": actions} }

// actions is the table of what can be done, in the order of the console's own help.
func actions() string {
	var rows [][]string
	for _, a := range action.All() {
		var where []string
		for _, s := range a.Scopes {
			where = append(where, scopeWord(s))
		}
		keys := code(" ", a.Keys...)
		if len(a.Keys) > 3 {
			keys = code(" to ", a.Keys[0], a.Keys[len(a.Keys)-1])
		}
		rows = append(rows, []string{keys, a.Title, strings.Join(where, ", "), code("", string(a.ID))})
	}
	return table([]string{"Keys", "What it does", "Where", "Id"}, rows)
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
	case action.Overlay:
		return "help, link, sign-in"
	}
	return string(s)
}
