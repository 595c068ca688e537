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
	Keep     soc.Ref // the incident whose position is wanted
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
	At      int             // the position of Keep in Rows, or -1
	Unseen  int             // marked and not in the list that will be shown
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
		a.Unseen = unseen(a.Marks, a.Rows)
		return
	}
	today := make(map[soc.Ref]bool, len(a.Rows))
	for _, i := range a.Rows {
		today[i.Ref] = true
	}
	a.InPlace = slices.Clone(a.Shown)
	for n, i := range a.InPlace {
		if next, ok := a.Snapshot.Find(i.Ref); ok {
			a.InPlace[n] = next
		}
		if !today[i.Ref] {
			a.Gone++
		}
	}
	a.New = len(a.Rows) - (len(a.Shown) - a.Gone)
	if a.Fresh {
		a.Unseen = unseen(a.Marks, a.Rows)
	} else {
		a.Unseen = unseen(a.Marks, a.Shown)
	}
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
