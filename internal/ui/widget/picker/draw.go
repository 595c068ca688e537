package picker

import (
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// row is a line of the list: an item, or a heading where the position is none. The heading of items without a group is empty.
type row struct {
	hit     int
	heading string
}

const none = -1

// layRows makes the lines of the list from the hits.
func (p *Picker) layRows(headings bool) {
	p.rows = p.rows[:0]
	group := ""
	for n, h := range p.hits {
		if g := p.items[h].Group; headings && g != group {
			if group = g; g != "" || n > 0 {
				p.rows = append(p.rows, row{hit: none, heading: g})
			}
		}
		p.rows = append(p.rows, row{hit: n})
	}
}

// widths is what the longest texts of the items need.
type widths struct{ code, keys, note int }

func measure(items []Item) widths {
	var w widths
	for _, i := range items {
		w.code, w.keys, w.note = max(w.code, fit.Width(i.Code)), max(w.keys, fit.Width(i.Keys)), max(w.note, fit.Width(fit.Narrow(i.Note)))
	}
	return w
}

// columns shares a line's room. A column with nothing in it takes none.
func (w widths) columns(room int) (code, keys, label, note int) {
	column := func(need, most int) int {
		if need == 0 {
			return 0
		}
		return min(need, most) + 2
	}
	code, keys = column(w.code, 20), column(w.keys, 14)
	if w.note > 0 {
		note = max(0, min(w.note, max(26, room/3), room-code-keys-10))
	}
	return code, keys, max(1, room-code-keys-note-1), note
}

// Draw gives the lines of the picker, and the place of the cursor in them. The second line holds the prompt.
func (p *Picker) Draw(theme *style.Theme, width, height int) (lines []string, x, y int) {
	lines = append(lines, theme.On(style.Title, fit.Cut(" "+p.title, width)))
	if p.multi == nil {
		var line string
		line, x = p.prompt.Draw(theme, width)
		lines, y = append(lines, line), 1
	} else {
		lines = append(lines, theme.On(style.Subtle, fit.Cut(" space on or off   J and K move   enter takes it   esc leaves it", width)))
	}
	p.scroll(max(1, height-len(lines)))
	if len(p.hits) == 0 {
		return append(lines, theme.On(style.Subtle, fit.Cut("   nothing matches", width))), x, y
	}
	from, to := p.view.Range()
	for n := from; n < to; n++ {
		if p.multi != nil && p.rows[n].hit == p.cursor {
			x, y = min(1, width-1), len(lines)
		}
		lines = append(lines, p.line(theme, p.rows[n], width))
	}
	return lines, x, y
}

// scroll brings the cursor into sight, and with it the heading over it.
func (p *Picker) scroll(height int) {
	at := 0
	for n, r := range p.rows {
		if r.hit == p.cursor {
			at = n
		}
	}
	p.view.Height, p.view.Len, p.view.Cursor = height, len(p.rows), at
	p.view.Fit()
	if at > 0 && at == p.view.Top && p.rows[at-1].hit == none && height > 1 {
		p.view.Top--
	}
}

func (p *Picker) line(theme *style.Theme, r row, width int) string {
	if r.hit == none {
		return theme.On(style.Title, fit.Cut(" "+r.heading, width))
	}
	at := p.hits[r.hit]
	i, chosen := &p.items[at], r.hit == p.cursor
	front := 3
	marker := "   "
	if chosen {
		marker = " " + theme.On(style.Accent, ">") + " "
	}
	box := ""
	if p.multi != nil {
		box = "[ ] "
		if p.multi.checked[at] {
			box = "[x] "
		}
	}
	room := width - front - len(box)
	if room < 1 {
		return fit.Spaces(width)
	}
	code, keys, label, note := p.wide.columns(room)
	lead := fit.Left(fit.Cut(fit.Narrow(i.Code), code-2), code) + fit.Left(fit.Cut(fit.Narrow(i.Keys), keys-2), keys)
	body := fit.Narrow(i.Label)
	aside := i.Note
	if i.Why != "" { // the reason is longer than a note, and matters more than that the columns stand in line
		label = min(fit.Width(body), max(1, label)) + 1
		aside, note = i.Why, room-fit.Width(lead)-label-1
	}
	body = fit.Cut(box+lead+fit.Cut(body, label), width-front)
	end := fit.Width(box) + fit.Width(lead) + label + 1
	aside = fit.Cut(fit.Narrow(aside), min(note, width-front-end))
	return marker + paint(theme, i.Why != "", chosen, body, aside, end)
}

// paint colours a line, with the aside at a cell of its own: the chosen one stands out, one that cannot be chosen does not. Only
// text is painted and no blanks, since each move is written twice.
func paint(theme *style.Theme, faint, chosen bool, body, aside string, at int) string {
	on, beside := style.Text, style.Subtle
	if faint {
		on, beside = style.Faint, style.Faint
	}
	if chosen {
		on = style.Selection
	}
	if aside == "" {
		return theme.On(on, body)
	}
	return theme.On(on, body) + fit.Spaces(at-fit.Width(body)) + theme.On(beside, aside)
}
