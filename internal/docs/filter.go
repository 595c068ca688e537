package docs

import (
	"text/template"

	"github.com/socctl/socctl/internal/soc"
)

func filterParts() template.FuncMap {
	return template.FuncMap{"keys": filterKeys, "aliases": filterAliases}
}

func filterKeys() string {
	var rows [][]string
	for _, k := range soc.FilterKeys() {
		rows = append(rows, []string{code("", k.Key+":"), k.Meaning, k.Form, code("", k.Example)})
	}
	return table([]string{"Key", "Asks for", "Values", "Example"}, rows)
}

// filterAliases lists the longer names of keys, for those that have one.
func filterAliases() string {
	var rows [][]string
	for _, k := range soc.FilterKeys() {
		if len(k.Aliases) > 0 {
			rows = append(rows, []string{code("", k.Key+":"), code(", ", k.Aliases...)})
		}
	}
	return table([]string{"Key", "Also"}, rows)
}
