package docs

import (
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/socctl/socctl/internal/cli"
)

func cliParts() template.FuncMap {
	return template.FuncMap{"commands": commands, "exitCodes": exitCodes, "records": records}
}

// commands describes every command that does something, the console first.
func commands() string {
	var b strings.Builder
	root := cli.Command()
	for queue := slices.Insert(root.Commands(), 0, root); len(queue) > 0; {
		c := queue[0]
		queue = queue[1:]
		if c != root && c.HasSubCommands() {
			queue = slices.Insert(queue, 0, c.Commands()...) // it only groups others
			continue
		}
		fmt.Fprintf(&b, "### %s\n\n%s.\n", c.CommandPath(), c.Short)
		if c.HasParent() && len(c.Parent().Aliases) > 0 {
			fmt.Fprintf(&b, "\nIn place of `%s`: %s.\n", c.Parent().Name(), code(", ", c.Parent().Aliases...))
		}
		usage := c.UseLine()
		if flags := c.LocalFlags().FlagUsagesWrapped(100); flags != "" {
			usage += "\n\n" + strings.TrimRight(flags, "\n")
		}
		fmt.Fprintf(&b, "\n```text\n%s\n```\n", usage)
		if c.Example != "" {
			fmt.Fprintf(&b, "\n```sh\n%s\n```\n", outdent(c.Example))
		}
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String())
}

// outdent takes the blanks off the lines of an example.
func outdent(s string) string {
	var lines []string
	for line := range strings.Lines(s) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}

func exitCodes() string {
	var rows [][]string
	for _, e := range cli.ExitCodes() {
		rows = append(rows, []string{fmt.Sprint(e.Code), e.Meaning})
	}
	return table([]string{"Code", "Meaning"}, rows)
}

func records() string {
	var b strings.Builder
	for _, r := range cli.Records() {
		fmt.Fprintf(&b, "- %s: %s\n", r.Name, code(", ", r.Fields...))
	}
	return strings.TrimRight(b.String(), "\n")
}
