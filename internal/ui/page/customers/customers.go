// Package customers shows how good each customer's data is, why, and what to do about it.
package customers

import (
	"fmt"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/mask"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Page is the list of customers. Their order is the configuration's and never changes while the console runs; the cursor
// stays on its customer whatever the filter shows.
type Page struct {
	view table.View
	at   soc.TenantID
	word string // only customers with it in code, name or state, in lower case

	// What was worked out for the last frames: it costs the more the more customers and incidents there are.
	shown  []int
	of     listing
	counts map[soc.TenantID]counted
}

// listing is what the shown customers were chosen from.
type listing struct {
	snap *soc.Snapshot
	now  time.Time
	word string
}

// counted is a customer's numbers, as long as its rows do not change.
type counted struct {
	rows       uint64
	open, high int
}

// New opens the list with the cursor on the first customer that is in trouble.
func New(snap *soc.Snapshot) *Page {
	p := &Page{}
	for n := range snap.Parts {
		st := &snap.Parts[n].Status
		if p.at == "" || !st.Good() && st.Health != soc.HealthStarting {
			p.at = st.Tenant.ID
		}
		if !st.Good() && st.Health != soc.HealthStarting {
			break
		}
	}
	return p
}

// Look is what the list is drawn with.
type Look struct {
	Theme    *style.Theme
	Snap     *soc.Snapshot
	Now      time.Time
	Mask     *mask.Mask
	ReadOnly func(soc.TenantID) bool
}

// Filter narrows the list to the customers that have a word.
func (p *Page) Filter(word string) { p.word = strings.ToLower(strings.TrimSpace(word)) }

// Word is what the list is narrowed to.
func (p *Page) Word() string { return p.word }

// rows are the positions of the shown customers.
func (p *Page) rows(snap *soc.Snapshot, now time.Time) []int {
	of := listing{snap, now, p.word}
	if p.of == of {
		return p.shown
	}
	out := make([]int, 0, len(snap.Parts))
	for n := range snap.Parts {
		if st := &snap.Parts[n].Status; p.word == "" || strings.Contains(strings.ToLower(string(st.Tenant.Code)+" "+st.Tenant.Name.String()+" "+
			State(st, now)+" "+strings.Join(st.Tenant.Groups, " ")), p.word) {
			out = append(out, n)
		}
	}
	p.shown, p.of = out, of
	return out
}

// place brings the view to the customer of the cursor.
func (p *Page) place(snap *soc.Snapshot, rows []int) {
	p.view.Len, p.view.Cursor = len(rows), 0
	for n, row := range rows {
		if snap.Parts[row].Status.Tenant.ID == p.at {
			p.view.Cursor = n
		}
	}
	p.view.Fit()
}

// Move moves the cursor with f.
func (p *Page) Move(snap *soc.Snapshot, now time.Time, f func(*table.View)) {
	rows := p.rows(snap, now)
	p.place(snap, rows)
	f(&p.view)
	if len(rows) > 0 {
		p.at = snap.Parts[rows[p.view.Cursor]].Status.Tenant.ID
	}
}

// Current is the customer under the cursor.
func (p *Page) Current(snap *soc.Snapshot, now time.Time) (*soc.Part, bool) {
	rows := p.rows(snap, now)
	p.place(snap, rows)
	if len(rows) == 0 {
		return nil, false
	}
	return &snap.Parts[rows[p.view.Cursor]], true
}

func columns(width int) []table.Column {
	return []table.Column{
		{ID: "code", Title: "CODE", Width: 8},
		{ID: "name", Title: "CUSTOMER", Width: max(18, min(32, width/4))},
		{ID: "state", Title: "STATE", Width: 20, Flex: true, Plain: true},
		{ID: "open", Title: "OPEN", Width: 4, Right: true},
		{ID: "high", Title: "HIGH", Width: 4, Right: true, Drop: 1},
		{ID: "changed", Title: "CHANGED", Width: 7, Right: true, Drop: 4},
		{ID: "calls", Title: "CALLS", Width: 6, Right: true, Drop: 3},
		{ID: "next", Title: "NEXT", Width: 5, Drop: 2},
		{ID: "mode", Title: "MODE", Width: 9, Drop: 5},
	}
}

// foot is the lines below the list that explain the customer under the cursor.
const foot = 4

// Draw gives exactly height lines.
func (p *Page) Draw(l Look, width, height int) []string {
	layout := table.Lay(columns(width), table.Options{Width: width, Column: -1, Sorted: -1})
	rows := p.rows(l.Snap, l.Now)
	p.view.Height = max(1, height-1-foot)
	p.place(l.Snap, rows)
	lines := []string{layout.Head(l.Theme)}
	if len(rows) == 0 {
		lines = append(lines, "   "+l.Theme.On(style.Subtle, fit.Cut("No customer has "+text.Quote(p.word)+".", width-4)))
	}
	from, to := p.view.Range()
	for n := from; n < to; n++ {
		part := &l.Snap.Parts[rows[n]]
		lines = append(lines, layout.Row(l.Theme, p.cells(part, l), table.RowState{Cursor: n == p.view.Cursor}))
	}
	for len(lines) < height-foot {
		lines = append(lines, "")
	}
	lines = append(lines, p.explain(l, width)...)
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines[:height]
}

// explain says in full what is wrong with the customer under the cursor and what to do.
func (p *Page) explain(l Look, width int) []string {
	part, ok := p.Current(l.Snap, l.Now)
	if !ok {
		return nil
	}
	st := l.Mask.Status(&part.Status)
	say := string(st.Tenant.Code) + ", tenant " + string(st.Tenant.ID) + ": "
	if l.Mask != nil {
		say = string(st.Tenant.Code) + ": "
	}
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
	for _, s := range fit.Wrap(say, width-4, foot-1) {
		lines = append(lines, "  "+l.Theme.On(style.Subtle, s))
	}
	return append([]string{""}, lines...)
}

func (p *Page) cells(part *soc.Part, l Look) []table.Cell {
	st := l.Mask.Status(&part.Status)
	n := p.count(part)
	mode := table.Cell{Text: "writes", Paint: style.Subtle}
	if l.ReadOnly(part.Status.Tenant.ID) {
		mode = table.Cell{Text: "read only", Paint: style.Subtle}
	}
	return []table.Cell{
		{Text: string(st.Tenant.Code)},
		{Text: st.Tenant.Name.String(), Altered: st.Tenant.Name.Altered()},
		{Text: State(st, l.Now), Paint: Paint(st)},
		{Text: number(st, n.open)},
		{Text: number(st, n.high)},
		{Text: changed(st, l.Now), Paint: style.Subtle},
		{Text: calls(st), Paint: style.Subtle},
		{Text: next(st, l.Now), Paint: style.Subtle},
		mode,
	}
}

// calls is how many requests were sent in a minute, of how many that are allowed.
func calls(st *soc.Status) string {
	if st.Budget == 0 {
		return fmt.Sprint(st.Calls)
	}
	return fmt.Sprintf("%d/%d", st.CallsMinute, st.Budget)
}

func changed(st *soc.Status, now time.Time) string {
	if st.LastChange.IsZero() {
		return "-"
	}
	return soc.Short(now.Sub(st.LastChange))
}

// count counts a customer's open incidents, once for each change of its rows.
func (p *Page) count(part *soc.Part) counted {
	id := part.Status.Tenant.ID
	if c, ok := p.counts[id]; ok && c.rows == part.Rows {
		return c
	}
	c := counted{rows: part.Rows}
	for _, i := range part.Incidents {
		if i.State.Open() {
			c.open++
			if i.Severity == soc.SeverityHigh {
				c.high++
			}
		}
	}
	if p.counts == nil {
		p.counts = make(map[soc.TenantID]counted)
	}
	p.counts[id] = c
	return c
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
