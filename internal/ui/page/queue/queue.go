// Package queue is the console's main page: one list over all customers. It holds what the list shows and where the
// cursor stands, and draws both; it does no I/O and reads no clock. Filtering and sorting is Compute, a pure function
// that the console runs outside its loop.
package queue

import (
	"maps"
	"slices"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Page is the state of the queue. Rows and marks are known by reference: whatever comes in, the cursor stays on its incident
// and the list keeps its order until the analyst asks for the new one.
type Page struct {
	Where    Where
	Sections []Section
	Section  int
	Filter   soc.Filter
	Order    soc.Order
	Wide     bool                // columns without room are not dropped; the list scrolls sideways
	Marker   bool                // the cursor is a marker, not a painted row
	Chosen   map[string][]string // columns by the name of a section, where they differ from the section's own

	rows    []*soc.Incident
	pending *Answer // waits behind the key for arrivals
	counts  []int
	widths  Widths
	view    table.View
	settled bool // the list keeps its order; until then rows are put where they belong as they come
	seq     int

	column string // the id of the column that the column cursor stands on
	offset int    // columns that a wide list has scrolled away
	width  int    // cells that the list had when it was last drawn
	marks  Marks
	turn   int // counts the changes of marks
	unseen int // marks on what the list does not show
	anchor int // the row on which a range of marks began, or -1

	outdated bool    // the rows of a new list are on their way: those of the old one are gone, they might be another customer's
	keep     soc.Ref // the incident that the cursor shall stand on in the new list; none for its first
	version  uint64  // of the snapshot that the rows are of
}

// New makes the page.
func New(sections []Section) *Page {
	p := &Page{counts: make([]int, len(sections)), Order: soc.OrderUrgency, anchor: -1, column: "sev", Chosen: make(map[string][]string)}
	p.Reset(sections)
	return p
}

// Reset takes other sections; the one that one is in stays where its name still exists.
func (p *Page) Reset(sections []Section) {
	name := ""
	if p.Section < len(p.Sections) {
		name = p.Sections[p.Section].Name
	}
	p.Sections, p.counts = sections, make([]int, len(sections))
	p.Section = max(0, p.Named(name))
	if p.Sections[p.Section].Name != name {
		p.Choose(p.Section)
	}
}

// Named gives the position of the section with a name, or -1.
func (p *Page) Named(name string) int {
	return slices.IndexFunc(p.Sections, func(s Section) bool { return s.Name == name })
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

// Columns are the ids of the columns that the list shows.
func (p *Page) Columns() []string {
	s := &p.Sections[p.Section]
	if own := p.Chosen[s.Name]; len(own) > 0 {
		return own
	}
	if len(s.Columns) > 0 {
		return s.Columns
	}
	return UsualColumns()
}

// Settle makes the list keep its order from now on.
func (p *Page) Settle() {
	p.settled = true
	if !p.outdated && len(p.rows) > 0 {
		p.keep = soc.Ref{}
	}
}

// Expect makes the cursor go to an incident once it comes, as long as the list does not keep its order.
func (p *Page) Expect(ref soc.Ref) { p.keep = ref }

// Renew makes the question for a new list, after the section, the filter, the order or the customers changed. Until its
// answer is there, the page has no rows: the old ones stand for something else. The cursor will stand on the incident at,
// where that is in the list, or else on the first one.
func (p *Page) Renew(s *soc.Snapshot, now time.Time, at soc.Ref) Ask {
	p.keep = at
	if at.IsZero() {
		p.view.Cursor, p.view.Top = 0, 0
	}
	p.rows, p.outdated = nil, true
	return p.fresh(s, now)
}

// Arrive makes the question for the list with what waits. The old rows stay until its answer is there.
func (p *Page) Arrive(s *soc.Snapshot, now time.Time) Ask {
	p.keep = p.Ref()
	return p.fresh(s, now)
}

func (p *Page) fresh(s *soc.Snapshot, now time.Time) Ask {
	p.seq++
	p.pending, p.anchor = nil, -1
	a := p.Ask(s, now)
	a.Fresh, a.Shown = true, nil
	return a
}

// Ask makes the question whose answer brings the page up to date and moves nothing.
func (p *Page) Ask(s *soc.Snapshot, now time.Time) Ask {
	return Ask{Seq: p.seq, Snapshot: s, Where: p.Where, Sections: p.Sections, Section: p.Section, Filter: p.Filter, Order: p.Order,
		Now: now, Shown: p.rows, Marks: p.marks, Keep: p.wanted(), Count: true}
}

// wanted is the incident that the cursor shall stand on.
func (p *Page) wanted() soc.Ref {
	if !p.keep.IsZero() {
		return p.keep
	}
	return p.Ref()
}

// Take takes an answer. One to a question that is no longer asked is dropped.
func (p *Page) Take(a Answer) bool {
	if a.Seq != p.seq || a.Snapshot.Version < p.version || p.outdated && !a.Fresh {
		return false
	}
	p.version = a.Snapshot.Version
	if a.Count && len(a.Counts) == len(p.Sections) {
		p.counts = a.Counts
	}
	p.unseen = a.Unseen
	if a.Fresh || !p.settled || len(p.rows) == 0 {
		p.show(&a)
		return true
	}
	p.rows = a.InPlace
	p.pending = nil
	if a.New > 0 || a.Gone > 0 {
		p.pending = &a
	}
	return true
}

// show replaces the list; the cursor stays on its incident where that is still there, and on its line of the screen.
func (p *Page) show(a *Answer) {
	at, expected := p.view.Cursor, !p.keep.IsZero() && a.Keep == p.keep
	switch {
	case (p.settled || a.Fresh || expected) && a.At >= 0:
		at = a.At
	case a.Fresh && a.Keep.IsZero():
		at = 0
	}
	line := p.view.Cursor - p.view.Top
	p.rows, p.pending, p.outdated, p.widths, p.anchor = a.Rows, nil, false, a.Widths, -1
	if p.settled || a.At >= 0 {
		p.keep = soc.Ref{}
	}
	p.seq++
	p.view.Len, p.view.Cursor, p.view.Top = len(p.rows), at, at-line
	p.view.Fit()
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

// Rows are the incidents of the list; not to be changed.
func (p *Page) Rows() []*soc.Incident { return p.rows }

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

// Marks are the marked incidents; not to be changed.
func (p *Page) Marks() Marks { return p.marks }

// MarksNow gives the marks, and a number that changes with them.
func (p *Page) MarksNow() (Marks, int) { return p.marks, p.turn }

// Unseen is how many of the marked incidents the list does not show.
func (p *Page) Unseen() int { return p.unseen }

// SetMarks replaces the marks; unseen of them are on what the list does not show.
func (p *Page) SetMarks(m Marks, unseen int) {
	p.marks, p.unseen, p.anchor = m, unseen, -1
	p.turn++
}

// Toggle marks the row under the cursor, or takes its mark away. It tells whether there was room for the mark.
func (p *Page) Toggle() bool {
	i, ok := p.Current()
	if !ok {
		return true
	}
	_, marked := p.marks[i.Ref]
	if !marked && len(p.marks) >= MaxMarks {
		return false
	}
	next := make(Marks, len(p.marks)+1)
	maps.Copy(next, p.marks)
	if marked {
		delete(next, i.Ref)
	} else {
		next[i.Ref] = struct{}{}
	}
	p.marks = next
	p.turn++
	return true
}

// Range begins a range of marks on the row under the cursor, or ends it on that row and marks what lies between. left is
// how many rows found no room.
func (p *Page) Range() (began bool, left int) {
	if p.anchor < 0 {
		p.anchor = p.view.Cursor
		return true, 0
	}
	from, to := p.span()
	p.marks, left = MarkRows(p.marks, p.rows[from:to])
	p.anchor = -1
	p.turn++
	return false, left
}

// Ranging tells whether a range of marks was begun.
func (p *Page) Ranging() bool { return p.anchor >= 0 }

// StopRange forgets the begun range.
func (p *Page) StopRange() { p.anchor = -1 }

// span gives the rows of the begun range, from and up to but without to.
func (p *Page) span() (from, to int) {
	if p.anchor < 0 || len(p.rows) == 0 {
		return 0, 0
	}
	from, to = min(p.anchor, p.view.Cursor), max(p.anchor, p.view.Cursor)+1
	return max(0, from), min(to, len(p.rows))
}

// marked tells whether a row shows a mark: its own, or that of the range that is being made.
func (p *Page) marked(n int) bool {
	if from, to := p.span(); n >= from && n < to {
		return true
	}
	_, ok := p.marks[p.rows[n].Ref]
	return ok
}

// MoveColumn moves the column cursor by n columns that have room, or in a wide list by n of all.
func (p *Page) MoveColumn(n int) {
	list := chosen(p.Columns())
	all, o := p.options(list, p.width)
	if o.Column < 0 {
		o.Column = 0
	}
	p.column = list[table.Beside(all, o, n)].ID
}

// Column is the column that the column cursor stands on.
func (p *Page) Column() Column {
	list := chosen(p.Columns())
	for _, c := range list {
		if c.ID == p.column {
			return c
		}
	}
	return list[0]
}
