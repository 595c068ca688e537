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
// waits to be shown.
func (p *Page) Tabs(theme *style.Theme, width int) string {
	right, plain := p.inForce(theme)
	room := width - fit.Width(plain) - 1
	var b strings.Builder
	used, hidden := 0, false
	for n, s := range p.Sections {
		label := fmt.Sprintf("%d %s %d", n+1, s.Name, p.counts[n])
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
	return fit.Width(fmt.Sprintf("%d %s %d", p.Section+1, p.Sections[p.Section].Name, p.counts[p.Section])) + 3
}

// inForce says what narrows and orders the list, and what waits.
func (p *Page) inForce(theme *style.Theme) (painted, plain string) {
	var parts, bare []string
	add := func(paint style.Token, s string) {
		parts, bare = append(parts, theme.On(paint, s)), append(bare, s)
	}
	if !p.Filter.IsZero() {
		add(style.Medium, "/ "+fit.Cut(text.Escape(p.Filter.String()), 36)+fmt.Sprintf(" · %d", len(p.rows)))
	}
	if usual := p.Sections[p.Section].Order; p.Order != usual && (usual != "" || p.Order != soc.OrderUrgency) {
		add(style.Subtle, "by "+string(p.Order))
	}
	switch arrived, gone := p.Waiting(); {
	case arrived > 0:
		add(style.Accent, fmt.Sprintf("%d new .", arrived))
	case gone > 0:
		add(style.Accent, fmt.Sprintf("%d gone .", gone))
	}
	return strings.Join(parts, "  "), strings.Join(bare, "  ")
}

// Draw gives the list's lines: the columns' titles and height-1 rows.
func (p *Page) Draw(theme *style.Theme, width, height int, snap *soc.Snapshot, now time.Time) []string {
	layout := table.Lay(columns(p.widths.code, p.widths.number), width)
	p.view.Height, p.view.Len = max(1, height-1), len(p.rows)
	p.view.Fit()
	lines := make([]string, 0, height)
	lines = append(lines, layout.Head(theme))
	if len(p.rows) == 0 && !p.outdated {
		for _, l := range fit.Wrap(p.empty(snap), width-6, height-2) {
			lines = append(lines, "   "+theme.On(style.Subtle, l))
		}
	}
	from, to := p.view.Range()
	for n := from; n < to; n++ {
		i := p.rows[n]
		lines = append(lines, layout.Row(theme, cells(i, snap.Analyst, now, troubled(snap, i.Ref.Tenant)), n == p.view.Cursor))
	}
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines
}

// troubled tells whether a customer's rows are old.
func troubled(snap *soc.Snapshot, id soc.TenantID) bool {
	part, ok := snap.Part(id)
	return ok && part.Status.Health != soc.HealthFresh && part.Status.Health != soc.HealthStarting
}

// empty says why there are no rows; a failure is never shown as an empty list.
func (p *Page) empty(snap *soc.Snapshot) string {
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
		fmt.Fprintf(&b, " %d of %d %s could not be read: press ! to see why.", unread, all, customers(all))
	}
	if !p.Filter.IsZero() {
		b.WriteString(" esc clears the filter.")
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
