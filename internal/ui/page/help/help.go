// Package help lists what can be done here, by the table of actions.
package help

import (
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Entry is an action with its keys and, where it cannot be used now, why.
type Entry struct {
	Action action.Action
	Keys   []string
	Why    string
}

// Page is the open help.
type Page struct {
	Entries []Entry
	top     int
	rows    int // lines that had room when it was last drawn
	len     int // lines that there were
}

// Move scrolls the text as f moves the cursor of a list.
func (p *Page) Move(f func(*table.View)) {
	v := table.View{Cursor: p.top, Top: p.top, Height: max(1, p.rows), Len: p.len}
	f(&v)
	p.top = max(0, min(v.Cursor, p.len-p.rows))
}

// Draw gives exactly height lines.
func (p *Page) Draw(theme *style.Theme, width, height int) []string {
	var all []string
	for _, e := range p.Entries {
		all = append(all, entry(theme, e, width))
	}
	all = append(all, "", theme.On(style.Title, "  Filter words"))
	for _, k := range soc.FilterKeys() {
		all = append(all, "  "+theme.On(style.Accent, fit.Left(k.Key+":", 14))+fit.Cut(k.Meaning, width-18))
	}
	all = append(all, theme.On(style.Subtle, fit.Cut("  several values with commas; a minus in front means not; anything else is looked for in the text", width)),
		"", theme.On(style.Title, "  Marks"),
		"  "+theme.On(style.Medium, fit.Left("!", 14))+fit.Cut("in front of a cell: its text held hidden or control characters, which are shown as codes", width-18))
	p.rows, p.len = height, len(all)
	p.top = min(p.top, max(0, len(all)-height))
	lines := all[p.top:min(len(all), p.top+height)]
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines
}

func entry(theme *style.Theme, e Entry, width int) string {
	keys := fit.Left(strings.Join(shortest(e.Keys), " "), 14)
	if e.Why != "" {
		return theme.On(style.Faint, "  "+keys+fit.Cut(e.Action.Title+"    "+e.Why, width-18))
	}
	return "  " + theme.On(style.Accent, keys) + fit.Cut(e.Action.Title, width-18)
}

// shortest keeps the keys that fit; nine digits become a range.
func shortest(keys []string) []string {
	if len(keys) > 3 {
		return []string{keys[0] + ".." + keys[len(keys)-1]}
	}
	return keys
}
