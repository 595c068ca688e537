// Package picker is a list to choose from by typing: fuzzy, best match first. It is the palette, the help, the switch of
// customers and, with several choices, the chooser of columns. What a choice does is its owner's business.
package picker

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/widget/prompt"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Item is one choice. Its texts are made safe.
type Item struct {
	Value string // what is given back
	Code  string // in front, and matched first
	Label string
	Note  string // to the right, not matched
	Why   string // why it cannot be chosen now; it is drawn faint, and given back all the same: the owner says why
	Group string // a heading over the items of one group that follow each other, while nothing is typed
	Keys  string // the keys that do the same, in front; one of them, typed, comes first
	Also  string // matched as well, and not drawn
}

// Picker is an open list.
type Picker struct {
	title  string
	items  []Item
	texts  source
	hits   []int // positions in items
	cursor int   // position in hits
	prompt *prompt.Prompt
	view   table.View // of rows, of which headings are some
	rows   []row
	wide   widths
	multi  *multi
}

// New opens a picker with the cursor on the item that has the value.
func New(title string, items []Item, value string) *Picker {
	p := &Picker{title: text.Escape(title), prompt: prompt.New(">", ""), view: table.View{Height: 1}}
	for _, i := range items {
		i.Code, i.Label, i.Note, i.Why = text.Escape(i.Code), text.Escape(i.Label), text.Escape(i.Note), text.Escape(i.Why)
		i.Group, i.Keys = text.Escape(i.Group), text.Escape(i.Keys)
		p.items = append(p.items, i)
		p.texts = append(p.texts, strings.TrimSpace(i.Code+" "+i.Label+" "+i.Also))
	}
	p.wide = measure(p.items)
	p.search()
	p.cursor = max(0, slices.IndexFunc(p.items, func(i Item) bool { return i.Value == value }))
	return p
}

// source is what of each item is matched, for package fuzzy.
type source []string

func (s source) Len() int            { return len(s) }
func (s source) String(i int) string { return s[i] }

func (p *Picker) search() {
	p.hits = p.hits[:0]
	p.cursor, p.view.Top = 0, 0
	word := strings.TrimSpace(p.prompt.Value())
	if word == "" {
		for n := range p.items {
			p.hits = append(p.hits, n)
		}
		p.layRows(p.multi == nil)
		return
	}
	ranked := make([]bool, len(p.items))
	for _, fits := range []func(n int) bool{
		func(n int) bool { return p.items[n].named(word) },
		func(n int) bool { return begins(p.texts[n], word) },
	} {
		for n := range p.items {
			if !ranked[n] && fits(n) {
				ranked[n] = true
				p.hits = append(p.hits, n)
			}
		}
	}
	for _, m := range fuzzy.FindFrom(word, p.texts) {
		if !ranked[m.Index] {
			p.hits = append(p.hits, m.Index)
		}
	}
	p.layRows(false)
}

// begins tells whether a word of the text begins with what was typed, in any case.
func begins(text, typed string) bool {
	text, typed = strings.ToLower(text), strings.ToLower(typed)
	for at := 0; ; {
		n := strings.Index(text[at:], typed)
		if n < 0 {
			return false
		}
		if at += n; at == 0 || text[at-1] == ' ' || text[at-1] == '-' {
			return true
		}
		at += len(typed)
	}
}

// named tells whether a word is exactly an item's code or one of its keys. Keys differ in their case.
func (i *Item) named(word string) bool {
	if i.Code != "" && strings.EqualFold(i.Code, word) {
		return true
	}
	for key := range strings.FieldsSeq(i.Keys) {
		if strings.Trim(key, ",") == word || key == word {
			return true
		}
	}
	return false
}

// Update takes a key or a paste.
func (p *Picker) Update(msg tea.Msg) {
	if k, ok := msg.(tea.KeyPressMsg); ok && (p.moves(k.String()) || p.multi != nil && p.changes(k.String())) {
		return
	}
	if p.multi == nil && p.prompt.Update(msg) {
		p.search()
	}
}

// moves takes the keys that move the cursor.
func (p *Picker) moves(key string) bool {
	to := p.cursor
	switch key {
	case "down", "ctrl+n":
		to++
	case "up", "ctrl+p":
		to--
	case "pgdown":
		to += p.view.Height
	case "pgup":
		to -= p.view.Height
	case "home":
		to = 0
	case "end":
		to = len(p.hits)
	default:
		return false
	}
	p.cursor = max(0, min(to, len(p.hits)-1))
	return true
}

// Chosen is the item under the cursor, also one that cannot be chosen now.
func (p *Picker) Chosen() (Item, bool) {
	if len(p.hits) == 0 {
		return Item{}, false
	}
	return p.items[p.hits[p.cursor]], true
}
