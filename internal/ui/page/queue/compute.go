package queue

import (
	"slices"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Section is a saved view of the queue.
type Section struct {
	Name    string
	Filter  soc.Filter
	Order   soc.Order
	Columns []string  // ids; empty for the usual ones
	Saved   bool      // in the file of views, where it can be deleted
	Broken  text.Line // why its filter cannot be used; then it has no rows
}

// Where narrows the queue to one customer or one group; the zero Where is all customers.
type Where struct {
	Tenant soc.TenantID
	Group  string
}

// All tells whether nothing is narrowed.
func (w Where) All() bool { return w.Tenant == "" && w.Group == "" }

// Has tells whether a customer belongs to it.
func (w Where) Has(t *soc.Tenant) bool {
	switch {
	case w.Tenant != "":
		return t.ID == w.Tenant
	case w.Group != "":
		return t.InGroup(w.Group)
	}
	return true
}

// Marks are references of marked incidents. A set is never changed once it was handed out.
type Marks map[soc.Ref]struct{}

// Ask is a question to Compute. It holds values only, so that it can be answered outside the loop.
type Ask struct {
	Seq      int
	Snapshot *soc.Snapshot
	Where    Where
	Sections []Section
	Section  int
	Filter   soc.Filter
	Order    soc.Order
	Now      time.Time
	Shown    []*soc.Incident // what stands on the screen; never changed
	Marks    Marks
	Turn     int     // of Marks
	Keep     soc.Ref // the incident whose position is wanted
	Line     int     // the position of the cursor in Shown
	Fresh    bool    // the list is made anew
	Count    bool    // the sections are counted as well
}

// Answer is what Compute found.
type Answer struct {
	Ask
	Rows    []*soc.Incident // what the list would be if it were made anew
	InPlace []*soc.Incident // Shown with the content of today, in the order of before
	Counts  []int           // incidents in each section, where Count was asked
	New     int             // in Rows and not in Shown
	Gone    int             // in Shown and not in Rows
	Moved   bool            // what is in both stands in another order
	At      int             // the position of Keep in Rows, or -1; in a list made anew, of its nearest neighbour in Shown that is left
	Unseen  int             // marked and not in Rows
	Widths  Widths
}

// Widths are the cells that the longest customer code and the longest number of a list take.
type Widths struct{ code, number int }

// Compute filters and sorts the queue.
func Compute(a Ask) Answer {
	out := Answer{Ask: a, At: -1}
	if a.Count {
		out.Counts = make([]int, len(a.Sections))
	}
	scope := &soc.Scope{Me: a.Snapshot.Analyst, Now: a.Now}
	section := &a.Sections[a.Section]
	shown := section.Filter.And(a.Filter)
	for p := range a.Snapshot.Parts {
		part := &a.Snapshot.Parts[p]
		if !a.Where.Has(part.Status.Tenant) {
			continue
		}
		for _, i := range part.Incidents {
			if a.Count {
				out.count(i, scope)
			}
			if section.Broken.IsZero() && shown.Match(i, scope) {
				out.Rows = append(out.Rows, i)
			}
		}
	}
	soc.Sort(out.Rows, a.Order, a.Now)
	for n, i := range out.Rows {
		out.Widths.code = max(out.Widths.code, len(i.Ref.Code))
		out.Widths.number = max(out.Widths.number, len(i.Ref.Number()))
		if i.Ref == a.Keep {
			out.At = n
		}
	}
	out.Unseen = unseen(a.Marks, out.Rows)
	out.compare()
	return out
}

func (a *Answer) count(i *soc.Incident, scope *soc.Scope) {
	for s := range a.Sections {
		if a.Sections[s].Broken.IsZero() && a.Sections[s].Filter.Match(i, scope) {
			a.Counts[s]++
		}
	}
}

// compare finds what changed against the screen.
func (a *Answer) compare() {
	if len(a.Shown) == 0 {
		a.New = len(a.Rows)
		return
	}
	if !a.Fresh && slices.Equal(a.Shown, a.Rows) {
		a.InPlace = a.Shown // as nearly always: a minute went by
		return
	}
	today := make(map[*soc.Incident]int, len(a.Rows))
	for n, i := range a.Rows {
		today[i] = n
	}
	a.InPlace = slices.Clone(a.Shown)
	last := -1
	for n, i := range a.InPlace {
		at, ok := today[i]
		if !ok { // it is another one than before, or does not belong here
			if next, known := a.Snapshot.Find(i.Ref); known {
				a.InPlace[n] = next
				at, ok = today[next]
			}
		}
		if !ok {
			a.Gone++
			continue
		}
		a.Moved = a.Moved || at < last
		last = at
	}
	a.New = len(a.Rows) - (len(a.Shown) - a.Gone)
	if a.Fresh && a.At < 0 {
		a.At = neighbour(a.InPlace, a.Line, today)
	}
}

// neighbour gives the position in today's list of the row behind line, or else of the one in front of it, that is still there.
func neighbour(shown []*soc.Incident, line int, today map[*soc.Incident]int) int {
	line = min(line, len(shown))
	for _, i := range shown[line:] {
		if n, ok := today[i]; ok {
			return n
		}
	}
	for _, i := range slices.Backward(shown[:line]) {
		if n, ok := today[i]; ok {
			return n
		}
	}
	return -1
}

// unseen counts the marks on what a list does not show.
func unseen(marks Marks, list []*soc.Incident) int {
	if len(marks) == 0 {
		return 0
	}
	n := len(marks)
	for _, i := range list {
		if _, ok := marks[i.Ref]; ok {
			n--
		}
	}
	return n
}

// MaxMarks bounds how many incidents can be marked at once.
const MaxMarks = 10_000

// MarkAsk is a question to MarkAll: to mark every row of a list.
type MarkAsk struct {
	Rows  []*soc.Incident
	Marks Marks

	seq, wipe, turn int
}

// MarkAnswer is what MarkAll made.
type MarkAnswer struct {
	MarkAsk
	All  Marks
	Left int // rows that found no room
}

// MarkAll marks every row of a list, up to the bound.
func MarkAll(a MarkAsk) MarkAnswer {
	all, left := MarkRows(a.Marks, a.Rows)
	return MarkAnswer{a, all, left}
}

// MarkRows gives the marks together with those of the rows, up to the bound, and how many rows found no room. It is for
// outside the loop where there are many.
func MarkRows(marks Marks, rows []*soc.Incident) (all Marks, left int) {
	all = make(Marks, min(MaxMarks, len(marks)+len(rows)))
	for r := range marks {
		all[r] = struct{}{}
	}
	for _, i := range rows {
		if _, ok := all[i.Ref]; ok {
			continue
		}
		if len(all) == MaxMarks {
			left++
			continue
		}
		all[i.Ref] = struct{}{}
	}
	return all, left
}

// Find gives the position of a reference in a list, or -1.
func Find(list []*soc.Incident, ref soc.Ref) int {
	return slices.IndexFunc(list, func(i *soc.Incident) bool { return i.Ref == ref })
}
