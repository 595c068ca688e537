package docs

import (
	"text/template"

	"github.com/socctl/socctl/internal/soc"
)

func filterParts() template.FuncMap { return template.FuncMap{"keys": filterKeys} }

func filterKeys() string {
	var rows [][]string
	for _, k := range soc.FilterKeys() {
		rows = append(rows, []string{code("", k.Key+":"), k.Meaning})
	}
	return table([]string{"Key", "Values"}, rows)
}
