package queue

import (
	"fmt"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Tabs draws the line of sections with their counts, the filter and the order where they are not the usual ones, and what
// waits to be shown, with the key that shows it.
func (p *Page) Tabs(theme *style.Theme, width int, arrivals string) string {
	label := fit.Width(p.label(p.Section))
	right, plain := p.inForce(theme, arrivals, width-1-min(label, leastLabel)-3)
	room := width - fit.Width(plain) - 1
	var b strings.Builder
	used, hidden := 0, false
	for n := range p.Sections {
		label := p.label(n)
		w := fit.Width(label) + 3
		if n == p.Section { // the one that one is in always shows
			label = fit.Cut(label, max(4, room-used-5))
			w = fit.Width(label) + 3
		} else if hidden || used+w+p.reserve(n) > room-2 {
			hidden = true
			continue
		}
		used += w
		paint := style.Subtle
		if n == p.Section {
			paint = style.Title
		}
		b.WriteString(" " + theme.On(paint, label) + "  ")
	}
	if hidden && used < room {
		b.WriteString(theme.On(style.Subtle, fit.Ellipsis))
		used++
	}
	return b.String() + strings.Repeat(" ", max(0, room-used)) + right + " "
}

// reserve is the room that the section one is in still needs, if it comes after n.
func (p *Page) reserve(n int) int {
	if n >= p.Section {
		return 0
	}
	return fit.Width(p.label(p.Section)) + 3
}

// label is a section's tab. One whose filter cannot be used has no count.
func (p *Page) label(n int) string {
	s := &p.Sections[n]
	if !s.Broken.IsZero() {
		return fmt.Sprintf("%d %s !", n+1, p.Mask.Text(s.Name))
	}
	if !p.counted {
		return fmt.Sprintf("%d %s ?", n+1, p.Mask.Text(s.Name)) // nothing was read: that is not zero
	}
	return fmt.Sprintf("%d %s %d", n+1, p.Mask.Text(s.Name), p.counts[n])
}

// leastLabel is the cells that the section one is in has at least for its number and name.
const leastLabel = 8

// inForce says what narrows and orders the list, what is marked, and what waits. Where room is scarce, it says the same in
// fewer words, and leaves out the order first, which the columns' titles show as well.
func (p *Page) inForce(theme *style.Theme, arrivals string, room int) (painted, plain string) {
	for _, d := range []detail{{filter: 36, order: true, hidden: true}, {filter: 20, order: true, hidden: true}, {filter: 20, hidden: true},
		{filter: 10, hidden: true}, {filter: 10}, {filter: 4}} {
		if painted, plain = p.inWords(theme, arrivals, d); fit.Width(plain) <= room {
			return painted, plain
		}
	}
	plain = fit.Cut(plain, room)
	return theme.On(style.Medium, plain), plain
}

// detail says how much is said of what is in force.
type detail struct {
	filter int  // cells of the filter
	order  bool // also the order
	hidden bool // also how many marks are on what does not show
}

func (p *Page) inWords(theme *style.Theme, arrivals string, d detail) (painted, plain string) {
	var parts, bare []string
	add := func(paint style.Token, s string) {
		parts, bare = append(parts, theme.On(paint, s)), append(bare, s)
	}
	if !p.Filter.IsZero() {
		add(style.Medium, "/ "+fit.Cut(text.Escape(p.Mask.Filter(p.Filter.String())), d.filter)+fmt.Sprintf(" · %d", len(p.rows)))
	}
	if usual := p.Sections[p.Section].Order; d.order && p.Order != usual && (usual != "" || p.Order != soc.OrderUrgency) {
		add(style.Subtle, "by "+string(p.Order))
	}
	if s := p.markWords(); s != "" {
		if !d.hidden {
			s, _, _ = strings.Cut(s, ",")
		}
		add(style.Mark, s)
	}
	switch arrived, gone := p.Waiting(); {
	case arrived > 0:
		add(style.Accent, fmt.Sprintf("%d new %s", arrived, arrivals))
	case gone > 0:
		add(style.Accent, fmt.Sprintf("%d gone %s", gone, arrivals))
	case p.pending != nil:
		add(style.Accent, "moved "+arrivals)
	}
	if n := len(p.rows); d.order && n > p.view.Height {
		total := fmt.Sprint(n)
		add(style.Text, fit.Right(fmt.Sprint(p.view.Cursor+1), len(total))+"/"+total) // in no colour: it is written with every move
	}
	return strings.Join(parts, "  "), strings.Join(bare, "  ")
}

// markWords counts what is marked, and what of it the list does not show.
func (p *Page) markWords() string {
	n := len(p.marks)
	if from, to := p.span(); to > from {
		return fmt.Sprintf("%d in range", to-from)
	}
	switch {
	case n == 0:
		return ""
	case p.unseen > 0:
		return fmt.Sprintf("%d marked, %d hidden", n, p.unseen)
	}
	return fmt.Sprintf("%d marked", n)
}

// Look is what the list is drawn with besides its own state.
type Look struct {
	Theme *style.Theme
	Snap  *soc.Snapshot
	Now   time.Time
	Keys  Keys

	Waiting string // what has to happen before anything can be read; empty where that is done
}

// Keys are those that the page names: for the customers' states, for clearing the filter, for the incident.
type Keys struct{ Health, Back, Open string }

// Draw gives the list's lines: the columns' titles and height-1 rows.
func (p *Page) Draw(l Look, width, height int) []string {
	list := chosen(p.Columns())
	layout := p.layout(list, width)
	p.view.Height, p.view.Step = max(1, height-1), 0
	if p.Marker {
		p.view.Step = table.MarkerStep
	}
	if !p.outdated { // else the cursor's line of the screen is kept for the rows that come
		p.view.Len = len(p.rows)
		p.view.Fit()
	}
	lines := make([]string, 0, height)
	lines = append(lines, layout.Head(l.Theme))
	if len(p.rows) == 0 && !p.outdated {
		for _, s := range fit.Wrap(p.empty(l), width-6, height-2) {
			lines = append(lines, "   "+l.Theme.On(style.Subtle, s))
		}
	}
	from, to := p.view.Range()
	for n := from; n < min(to, len(p.rows)); n++ {
		i := p.rows[n]
		row := cells(list, p.Mask.Incident(i, l.Snap.Analyst), look{l.Snap.Analyst, l.Now, troubled(l.Snap, i.Ref.Tenant)})
		lines = append(lines, layout.Row(l.Theme, row, table.RowState{Cursor: n == p.view.Cursor, Marked: p.marked(n)}))
	}
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines
}

// layout chooses what of the columns has room.
func (p *Page) layout(list []Column, width int) table.Layout {
	p.width = width
	all, o := p.options(list, width)
	if p.Wide {
		p.offset = table.Scroll(all, o)
		o.Offset = p.offset
	}
	return table.Lay(all, o)
}

// options are the table's columns and how they are laid out.
func (p *Page) options(list []Column, width int) ([]table.Column, table.Options) {
	o := table.Options{Width: width, Wide: p.Wide, Column: -1, Sorted: -1, Reversed: p.Order.Reversed(), Offset: p.offset, Marker: p.Marker}
	for n, c := range list {
		if c.ID == p.column {
			o.Column = n
		}
		if c.Order == p.Order.Base() && o.Sorted < 0 {
			o.Sorted = n
		}
	}
	all := lay(list, p.widths)
	o.Column = max(0, table.Beside(all, o, 0))
	return all, o
}

// troubled tells whether a customer's rows are old.
func troubled(snap *soc.Snapshot, id soc.TenantID) bool {
	part, ok := snap.Part(id)
	return ok && part.Status.Health != soc.HealthFresh && part.Status.Health != soc.HealthStarting
}

// empty says why there are no rows; a failure is never shown as an empty list.
func (p *Page) empty(l Look) string {
	snap := l.Snap
	if s := &p.Sections[p.Section]; !s.Broken.IsZero() {
		return "This section cannot be shown: " + p.Mask.Text(s.Broken.String()) + ". Nothing of it is lost; once its filter is mended it is back."
	}
	var all, starting, unread int
	for n := range snap.Parts {
		st := &snap.Parts[n].Status
		if !p.Where.Has(st.Tenant) {
			continue
		}
		all++
		switch {
		case st.Health == soc.HealthStarting:
			starting++
		case st.LastGood.IsZero():
			unread++
		}
	}
	var b strings.Builder
	switch {
	case starting == all && all > 0:
		if l.Waiting != "" {
			return l.Waiting
		}
		fmt.Fprintf(&b, "Reading %d %s.", all, customers(all))
		return b.String()
	case unread == all && all > 0:
		b.WriteString("Nothing could be read.")
	default:
		b.WriteString("Nothing here matches.")
	}
	if starting > 0 {
		fmt.Fprintf(&b, " %d of %d %s still being read.", starting, all, plural(starting, "customer is", "customers are"))
	}
	if unread > 0 {
		fmt.Fprintf(&b, " %d of %d %s could not be read: press %s to see why.", unread, all, customers(all), l.Keys.Health)
	}
	if !p.Filter.IsZero() {
		b.WriteString(" " + l.Keys.Back + " clears the filter.")
	}
	return b.String()
}

func customers(n int) string { return plural(n, "customer", "customers") }

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
