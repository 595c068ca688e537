// Package picker is a list to choose from by typing: fuzzy, best match first.
package picker

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
	"github.com/socctl/socctl/internal/ui/widget/prompt"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Item is one choice. Its texts are safe.
type Item struct {
	Value string // what is given back
	Code  string // in front, and matched first
	Label string
	Note  string // to the right, not matched
}

// Picker is an open list.
type Picker struct {
	title  string
	items  []Item
	hits   []int // positions in items
	prompt *prompt.Prompt
	view   table.View
}

// New opens a picker with the cursor on the item that has the value.
func New(title string, items []Item, value string) *Picker {
	p := &Picker{title: title, items: items, prompt: prompt.New(">", ""), view: table.View{Height: 1}}
	p.search()
	for n, i := range items {
		if i.Value == value {
			p.view.Cursor = n
		}
	}
	return p
}

// Len is the number of items; String is what of one is matched: the two make Items a source for package fuzzy.
type source []Item

func (s source) Len() int            { return len(s) }
func (s source) String(i int) string { return s[i].Code + " " + s[i].Label }

func (p *Picker) search() {
	p.hits = p.hits[:0]
	word := strings.TrimSpace(p.prompt.Value())
	if word == "" {
		for n := range p.items {
			p.hits = append(p.hits, n)
		}
	} else {
		for n, i := range p.items { // an exact code always comes first
			if strings.EqualFold(i.Code, word) {
				p.hits = append(p.hits, n)
			}
		}
		for _, m := range fuzzy.FindFrom(word, source(p.items)) {
			if !strings.EqualFold(p.items[m.Index].Code, word) {
				p.hits = append(p.hits, m.Index)
			}
		}
	}
	p.view.Len = len(p.hits)
	p.view.Home()
}

// Update takes a key or a paste.
func (p *Picker) Update(msg tea.Msg) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "down", "ctrl+n":
			p.view.Move(1)
			return
		case "up", "ctrl+p":
			p.view.Move(-1)
			return
		case "pgdown":
			p.view.Page(2)
			return
		case "pgup":
			p.view.Page(-2)
			return
		}
	}
	if p.prompt.Update(msg) {
		p.search()
	}
}

// Chosen is the item under the cursor.
func (p *Picker) Chosen() (Item, bool) {
	if len(p.hits) == 0 {
		return Item{}, false
	}
	return p.items[p.hits[p.view.Cursor]], true
}

// Draw gives the lines of the picker, and the place of the cursor in them. The first line holds the prompt.
func (p *Picker) Draw(theme *style.Theme, width, height int) (lines []string, x, y int) {
	line, x := p.prompt.Draw(theme, width)
	lines = append(lines, theme.On(style.Title, " "+fit.Cut(p.title, width-2)), line)
	p.view.Height = max(1, height-len(lines))
	p.view.Fit()
	if len(p.hits) == 0 {
		lines = append(lines, theme.On(style.Subtle, fit.Cut("   nothing matches", width)))
	}
	from, to := p.view.Range()
	for n := from; n < to; n++ {
		lines = append(lines, p.row(theme, p.items[p.hits[n]], n == p.view.Cursor, width))
	}
	return lines, x, 1
}

func (p *Picker) row(theme *style.Theme, i Item, cursor bool, width int) string {
	const code, note = 9, 26
	label := fit.Left(i.Code, code) + fit.Left(fit.Narrow(i.Label), max(8, width-code-note-5))
	if cursor {
		return " " + theme.On(style.Accent, ">") + " " + theme.On(style.Selection, label) + " " + theme.On(style.Subtle, fit.Cut(i.Note, note))
	}
	return "   " + label + " " + theme.On(style.Subtle, fit.Cut(i.Note, note))
}
