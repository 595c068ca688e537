// Package customers shows how good each customer's data is, why, and what to do about it.
package customers

import (
	"fmt"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Page is the list of customers. Their order is the configuration's and never changes while the console runs, so that
// the cursor stays on its customer.
type Page struct {
	view table.View
}

// New opens the list with the cursor on the first customer that is in trouble.
func New(snap *soc.Snapshot) *Page {
	p := &Page{}
	for n := range snap.Parts {
		if st := &snap.Parts[n].Status; !st.Good() && st.Health != soc.HealthStarting {
			p.view.Cursor = n
			break
		}
	}
	return p
}

// Move moves the cursor with f.
func (p *Page) Move(snap *soc.Snapshot, f func(*table.View)) {
	p.view.Len = len(snap.Parts)
	f(&p.view)
}

// Current is the customer under the cursor.
func (p *Page) Current(snap *soc.Snapshot) (*soc.Part, bool) {
	if p.view.Cursor < 0 || p.view.Cursor >= len(snap.Parts) {
		return nil, false
	}
	return &snap.Parts[p.view.Cursor], true
}

func columns(width int) []table.Column {
	return []table.Column{
		{Title: "CODE", Width: 8},
		{Title: "CUSTOMER", Width: max(18, min(32, width/4))},
		{Title: "STATE", Width: 20, Flex: true, Plain: true},
		{Title: "OPEN", Width: 4, Right: true},
		{Title: "HIGH", Width: 4, Right: true, Drop: 1},
		{Title: "CALLS", Width: 5, Right: true, Drop: 3},
		{Title: "NEXT", Width: 8, Drop: 2},
	}
}

// foot is the lines below the list that explain the customer under the cursor.
const foot = 4

// Draw gives exactly height lines.
func (p *Page) Draw(theme *style.Theme, snap *soc.Snapshot, now time.Time, width, height int) []string {
	layout := table.Lay(columns(width), width)
	p.view.Len, p.view.Height = len(snap.Parts), max(1, height-1-foot)
	p.view.Fit()
	lines := []string{layout.Head(theme)}
	from, to := p.view.Range()
	for n := from; n < to; n++ {
		lines = append(lines, layout.Row(theme, cells(&snap.Parts[n], now), n == p.view.Cursor))
	}
	for len(lines) < height-foot {
		lines = append(lines, "")
	}
	lines = append(lines, p.explain(theme, snap, width)...)
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines[:height]
}

// explain says in full what is wrong with the customer under the cursor and what to do.
func (p *Page) explain(theme *style.Theme, snap *soc.Snapshot, width int) []string {
	part, ok := p.Current(snap)
	if !ok {
		return nil
	}
	st := &part.Status
	say := string(st.Tenant.Code) + ", tenant " + string(st.Tenant.ID) + ": "
	switch {
	case !st.Problem.IsZero():
		say += st.Problem.String()
	case !st.Partial.IsZero():
		say += st.Partial.String()
	case st.Health == soc.HealthStarting:
		say += "is being read for the first time"
	default:
		say += "all rows are there"
	}
	if !st.Next.IsZero() {
		say += ". Next: " + st.Next.String()
	}
	var lines []string
	for _, l := range fit.Wrap(say, width-4, foot-1) {
		lines = append(lines, "  "+theme.On(style.Subtle, l))
	}
	return append([]string{""}, lines...)
}

func cells(part *soc.Part, now time.Time) []table.Cell {
	st := &part.Status
	open, high := count(part)
	return []table.Cell{
		{Text: string(st.Tenant.Code)},
		{Text: st.Tenant.Name.String(), Altered: st.Tenant.Name.Altered()},
		{Text: State(st, now), Paint: Paint(st)},
		{Text: number(st, open)},
		{Text: number(st, high)},
		{Text: fmt.Sprint(st.Calls), Paint: style.Subtle},
		{Text: next(st, now), Paint: style.Subtle},
	}
}

func count(part *soc.Part) (open, high int) {
	for _, i := range part.Incidents {
		if i.State.Open() {
			open++
			if i.Severity == soc.SeverityHigh {
				high++
			}
		}
	}
	return open, high
}

// number writes a count, or a question mark where nothing was ever read: unknown is not zero.
func number(st *soc.Status, n int) string {
	if st.LastGood.IsZero() && n == 0 {
		return "?"
	}
	return fmt.Sprint(n)
}

// State is a customer's state in a few words.
func State(st *soc.Status, now time.Time) string {
	switch st.Health {
	case soc.HealthFresh:
		if !st.Partial.IsZero() {
			return "partial " + soc.Short(st.Age(now))
		}
		return "fresh " + soc.Short(st.Age(now))
	case soc.HealthThrottled:
		return "throttled until " + st.Until.UTC().Format("15:04:05Z")
	case soc.HealthStale:
		if st.LastGood.IsZero() {
			return "not read yet: " + st.Problem.String()
		}
		return "stale " + soc.Short(st.Age(now)) + ": " + st.Problem.String()
	case soc.HealthNoAccess:
		return "no access: " + st.Problem.String()
	}
	return "reading"
}

// Paint is the colour of a customer's state.
func Paint(st *soc.Status) style.Token {
	switch {
	case st.Good():
		return style.OK
	case st.Health == soc.HealthNoAccess:
		return style.High
	case st.Health == soc.HealthStarting:
		return style.Subtle
	}
	return style.Medium
}

func next(st *soc.Status, now time.Time) string {
	if st.Until.IsZero() {
		return "-"
	}
	return soc.Short(st.Until.Sub(now))
}
