package queue

import (
	"fmt"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Tabs draws the line of sections with their counts, and what waits to be shown.
func (p *Page) Tabs(theme *style.Theme, width int) string {
	arrived, gone := p.Waiting()
	var waits string
	switch {
	case arrived > 0:
		waits = fmt.Sprintf("%d new . ", arrived)
	case gone > 0:
		waits = fmt.Sprintf("%d gone . ", gone)
	}
	room := width - fit.Width(waits)
	var b strings.Builder
	used := 0
	for n, s := range p.Sections {
		label := fmt.Sprintf("%d %s %d", n+1, s.Name, p.counts[n])
		w := fit.Width(label) + 3
		if used+w > room && n != p.Section {
			if n < p.Section { // the section that one is in always shows
				continue
			}
			break
		}
		used += w
		if n == p.Section {
			b.WriteString(" " + theme.On(style.Title, label) + "  ")
		} else {
			b.WriteString(" " + theme.On(style.Subtle, label) + "  ")
		}
	}
	return b.String() + strings.Repeat(" ", max(0, room-used)) + theme.On(style.Accent, waits)
}

// Draw gives the list's lines: the columns' titles and height-1 rows.
func (p *Page) Draw(theme *style.Theme, width, height int, snap *soc.Snapshot, now time.Time) []string {
	layout := table.Lay(columns(p.widths.code, p.widths.number), width)
	p.view.Height, p.view.Len = max(1, height-1), len(p.rows)
	p.view.Fit()
	lines := make([]string, 0, height)
	lines = append(lines, layout.Head(theme))
	if len(p.rows) == 0 {
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
