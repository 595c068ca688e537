// Package queue is the console's main page: one list over all customers. It holds what the list shows and where the
// cursor stands, and draws both; it does no I/O and reads no clock. Filtering and sorting is Compute, a pure function
// that the console runs outside its loop.
package queue

import (
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Page is the state of the queue. Rows are known by reference: whatever comes in, the cursor stays on its incident and
// the list keeps its order until the analyst asks for the new one.
type Page struct {
	Where    Where
	Sections []Section
	Section  int
	Filter   soc.Filter
	Order    soc.Order

	rows    []*soc.Incident
	pending *Answer // waits behind the key for arrivals
	counts  []int
	widths  Widths
	view    table.View
	settled bool // the list keeps its order; until then rows are put where they belong as they come
	seq     int

	outdated bool    // the rows of a new list are on their way: those of the old one are gone, they might be another customer's
	keep     soc.Ref // the incident that the cursor shall stand on in the new list; none for its first
	version  uint64  // of the snapshot that the rows are of
}

// New makes the page.
func New(sections []Section) *Page {
	p := &Page{Sections: sections, counts: make([]int, len(sections)), Order: soc.OrderUrgency}
	p.Choose(0)
	return p
}

// Choose goes to a section.
func (p *Page) Choose(n int) {
	if n < 0 || n >= len(p.Sections) {
		return
	}
	p.Section = n
	if o := p.Sections[n].Order; o != "" {
		p.Order = o
	}
}

// Settle makes the list keep its order from now on.
func (p *Page) Settle() { p.settled = true }

// Renew makes the question for a new list, after the section, the filter, the order or the customers changed. Until its
// answer is there, the page has no rows: the old ones stand for something else. The cursor will stand on the incident at,
// where that is in the list, or else on the first one.
func (p *Page) Renew(s *soc.Snapshot, now time.Time, at soc.Ref) Ask {
	p.keep = at
	if at.IsZero() {
		p.view.Cursor, p.view.Top = 0, 0
	}
	p.seq++
	p.rows, p.pending, p.outdated = nil, nil, true
	a := p.Ask(s, now)
	a.Fresh, a.Shown = true, nil
	return a
}

// Ask makes the question whose answer brings the page up to date and moves nothing.
func (p *Page) Ask(s *soc.Snapshot, now time.Time) Ask {
	return Ask{Seq: p.seq, Snapshot: s, Where: p.Where, Sections: p.Sections, Section: p.Section, Filter: p.Filter, Order: p.Order,
		Now: now, Shown: p.rows}
}

// Take takes an answer. One to a question that is no longer asked is dropped.
func (p *Page) Take(a Answer) bool {
	if a.Seq != p.seq || a.Snapshot.Version < p.version || p.outdated && !a.Fresh {
		return false
	}
	p.counts, p.version = a.Counts, a.Snapshot.Version
	if p.outdated || !p.settled || len(p.rows) == 0 {
		p.show(a.Rows, a.Widths)
		return true
	}
	p.rows = a.InPlace
	p.pending = nil
	if a.New > 0 || a.Gone > 0 {
		p.pending = &a
	}
	return true
}

// show replaces the list; the cursor stays on its incident where that is still there.
func (p *Page) show(rows []*soc.Incident, w Widths) {
	p.widths = w
	at, keep := p.view.Cursor, p.keep
	if cur, ok := p.Current(); ok && p.settled {
		keep = cur.Ref
	}
	if n := Find(rows, keep); n >= 0 && !keep.IsZero() {
		at = n
	}
	line := p.view.Cursor - p.view.Top // and on its line of the screen
	p.rows, p.pending, p.outdated, p.keep = rows, nil, false, soc.Ref{}
	p.seq++
	p.view.Len, p.view.Cursor, p.view.Top = len(rows), at, at-line
	p.view.Fit()
}

// Arrive shows what waits.
func (p *Page) Arrive() {
	if p.pending != nil {
		p.show(p.pending.Rows, p.pending.Widths)
	}
}

// Waiting tells how many incidents wait to be shown, and how many of those shown no longer belong here.
func (p *Page) Waiting() (arrived, gone int) {
	if p.pending == nil {
		return 0, 0
	}
	return p.pending.New, p.pending.Gone
}

// Current is the incident under the cursor.
func (p *Page) Current() (*soc.Incident, bool) {
	if p.view.Cursor < 0 || p.view.Cursor >= len(p.rows) {
		return nil, false
	}
	return p.rows[p.view.Cursor], true
}

// Ref is the key of the incident under the cursor, or of the one that it will stand on.
func (p *Page) Ref() soc.Ref {
	if i, ok := p.Current(); ok {
		return i.Ref
	}
	return p.keep
}

// Len is the number of rows of the list.
func (p *Page) Len() int { return len(p.rows) }

// Count is the number of incidents in a section.
func (p *Page) Count(section int) int { return p.counts[section] }

// View is the part of the list that is on the screen, to move the cursor with.
func (p *Page) View() *table.View { return &p.view }

// Version is that of the snapshot whose rows are shown.
func (p *Page) Version() uint64 { return p.version }

// Outdated tells whether a new list is on its way.
func (p *Page) Outdated() bool { return p.outdated }
