// Package queue is the console's main page: one list over all customers. It holds what the list shows and where the
// cursor stands, and draws both; it does no I/O and reads no clock. Filtering and sorting is Compute, a pure function
// that the console runs outside its loop.
package queue

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/mask"
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
	Mask     *mask.Mask          // hides names; nil where none are hidden
	Chosen   map[string][]string // columns by the name of a section, where they differ from the section's own

	rows    []*soc.Incident
	pending *Answer // waits behind the key for arrivals
	counts  []int
	counted bool // counts are of something that was read
	widths  Widths
	view    table.View
	settled bool // the list keeps its order; until then rows are put where they belong as they come
	seq     int

	column string // the id of the column that the column cursor stands on
	offset int    // columns that a wide list has scrolled away
	width  int    // cells that the list had when it was last drawn
	marks  Marks
	lent   bool // marks were handed out: the next change copies them
	turn   int  // counts the changes of marks
	wipe   int  // counts how often all of them were taken away
	unseen int  // marks on what the list does not show
	anchor int  // the row on which a range of marks began, or -1

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

// Reset takes other sections; the one that one is in stays where its name still exists, and so does an order that is not the
// section's own.
func (p *Page) Reset(sections []Section) {
	var was Section
	if p.Section < len(p.Sections) {
		was = p.Sections[p.Section]
	}
	before := p.counts
	counts := make([]int, len(sections))
	for n := range sections {
		if at := p.Named(sections[n].Name); at >= 0 && at < len(before) {
			counts[n] = before[at] // until they are counted anew
		}
	}
	p.Sections, p.counts = sections, counts
	p.Section = max(0, p.Named(was.Name))
	if now := &p.Sections[p.Section]; now.Name != was.Name || p.Order == was.Order && now.Order != was.Order {
		p.Choose(p.Section)
	}
}

// Named gives the position of the section with a name, or -1. A name in another case is the same one, as in the files.
func (p *Page) Named(name string) int {
	if n := slices.IndexFunc(p.Sections, func(s Section) bool { return s.Name == name }); n >= 0 {
		return n
	}
	return slices.IndexFunc(p.Sections, func(s Section) bool { return strings.EqualFold(s.Name, name) })
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

// Arrive makes the question for the list with what waits. The old rows stay until its answer is there; where the cursor's
// incident is not among the new ones, the cursor goes to what stood next to it.
func (p *Page) Arrive(s *soc.Snapshot, now time.Time) Ask {
	p.keep = p.Ref()
	a := p.fresh(s, now)
	a.Shown = p.rows
	return a
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
	p.lent = true
	return Ask{Seq: p.seq, Snapshot: s, Where: p.Where, Sections: p.Sections, Section: p.Section, Filter: p.Filter, Order: p.Order,
		Now: now, Shown: p.rows, Marks: p.marks, Turn: p.turn, Keep: p.Wanted(), Line: p.view.Cursor, Count: true}
}

// Wanted is the incident that the cursor shall stand on: one that is expected, or the one that it stands on.
func (p *Page) Wanted() soc.Ref {
	if !p.keep.IsZero() {
		return p.keep
	}
	return p.Ref()
}

// read tells whether any customer was read.
func read(s *soc.Snapshot) bool {
	return slices.ContainsFunc(s.Parts, func(p soc.Part) bool { return len(p.Incidents) > 0 || !p.Status.LastGood.IsZero() })
}

// Take takes an answer. One to a question that is no longer asked is dropped.
func (p *Page) Take(a Answer) bool {
	if a.Seq != p.seq || a.Snapshot.Version < p.version || p.outdated && !a.Fresh {
		return false
	}
	p.version = a.Snapshot.Version
	if a.Count && len(a.Counts) == len(p.Sections) {
		p.counts = a.Counts
		p.counted = p.counted || read(a.Snapshot)
	}
	if a.Fresh || !p.settled || len(p.rows) == 0 {
		p.show(&a)
		return true
	}
	p.rows = a.InPlace
	p.pending = nil
	if a.New > 0 || a.Gone > 0 || a.Moved {
		p.pending = &a
	}
	return true
}

// show replaces the list; the cursor stays on its incident where that is still there, and on its line of the screen.
func (p *Page) show(a *Answer) {
	at, expected := p.view.Cursor, !p.keep.IsZero() && a.Keep == p.keep
	went := -1 // where the cursor went while what is new was fetched
	if a.Fresh && !p.outdated && p.Ref() != a.Keep {
		went = Find(a.Rows, p.Ref())
	}
	switch {
	case went >= 0:
		at = went
	case (p.settled || a.Fresh || expected) && a.At >= 0:
		at = a.At
	case p.outdated:
		at = 0
	}
	line := p.view.Cursor - p.view.Top
	p.rows, p.pending, p.outdated, p.widths, p.anchor = a.Rows, nil, false, a.Widths, -1
	if p.settled {
		p.keep = soc.Ref{} // until then more customers come, and what is expected is held on to
	}
	p.seq++
	if p.unseen = a.Unseen; a.Turn != p.turn {
		p.unseen = unseen(p.marks, p.rows)
	}
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

// Stale tells whether the list would be another one if it were made anew.
func (p *Page) Stale() bool { return p.pending != nil }

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

// Marks are the marked incidents, until the next change; not to be changed.
func (p *Page) Marks() Marks { return p.marks }

// MarksNow gives the marks, and a number that changes with them.
func (p *Page) MarksNow() (Marks, int) {
	p.lent = true
	return p.marks, p.turn
}

// Unseen is how many of the marked incidents the list does not show.
func (p *Page) Unseen() int { return p.unseen }

// SetMarks replaces the marks; unseen of them are on what the list does not show.
func (p *Page) SetMarks(m Marks, unseen int) {
	p.marks, p.lent, p.unseen, p.anchor = m, true, unseen, -1
	p.turn++
	if len(m) == 0 {
		p.wipe++
	}
}

// AskMarks makes the question for marking all that is shown, and forgets a begun range, which is part of it.
func (p *Page) AskMarks() MarkAsk {
	p.anchor = -1
	p.lent = true
	return MarkAsk{Rows: p.rows, Marks: p.marks, seq: p.seq, wipe: p.wipe, turn: p.turn}
}

// TakeMarks takes the answer. Marks that were set or taken away since stay so; where all were taken away, the answer is
// dropped.
func (p *Page) TakeMarks(a MarkAnswer) bool {
	if a.wipe != p.wipe {
		return false
	}
	if a.turn != p.turn {
		for r := range a.Marks {
			if _, still := p.marks[r]; !still {
				delete(a.All, r)
			}
		}
		for r := range p.marks {
			if _, before := a.Marks[r]; !before && len(a.All) < MaxMarks {
				a.All[r] = struct{}{}
			}
		}
	}
	p.marks, p.lent = a.All, false
	p.turn++
	if a.seq != p.seq { // another list shows by now
		p.unseen = unseen(p.marks, p.rows)
	}
	return true
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
	if p.lent || p.marks == nil {
		next := make(Marks, len(p.marks)+1)
		maps.Copy(next, p.marks)
		p.marks, p.lent = next, false
	}
	if marked {
		delete(p.marks, i.Ref)
	} else {
		p.marks[i.Ref] = struct{}{}
	}
	p.turn++
	return true
}

// EndRange makes the question for marking what lies between the row on which a range began and the one under the cursor.
func (p *Page) EndRange() MarkAsk {
	from, to := p.span()
	p.anchor = -1
	a := p.AskMarks()
	a.Rows = p.rows[from:to]
	return a
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
	p.lent = false
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
	p.column = list[max(0, table.Beside(all, o, n))].ID
}

// Column is the column that the column cursor stands on. Where the one that it was put on has no room, that is the nearest one
// that is shown.
func (p *Page) Column() Column {
	list := chosen(p.Columns())
	_, o := p.options(list, p.width)
	return list[o.Column]
}
