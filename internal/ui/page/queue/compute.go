package queue

import (
	"slices"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// Section is a saved view of the queue.
type Section struct {
	Name   string
	Filter soc.Filter
	Order  soc.Order
}

// Where narrows the queue to one customer or one group; the zero Where is all customers.
type Where struct {
	Tenant soc.TenantID
	Group  string
	Name   string // what the header says
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
	Fresh    bool            // the list is made anew
}

// Answer is what Compute found.
type Answer struct {
	Ask
	Rows    []*soc.Incident // what the list would be if it were made anew
	InPlace []*soc.Incident // Shown with the content of today, in the order of before
	Counts  []int           // incidents in each section
	New     int             // in Rows and not in Shown
	Gone    int             // in Shown and not in Rows
	Widths  Widths
}

// Widths are the cells that the longest customer code and the longest number of a list take.
type Widths struct{ code, number int }

// Compute filters and sorts the queue.
func Compute(a Ask) Answer {
	out := Answer{Ask: a, Counts: make([]int, len(a.Sections))}
	scope := &soc.Scope{Me: a.Snapshot.Analyst, Now: a.Now}
	shown := a.Sections[a.Section].Filter.And(a.Filter)
	for p := range a.Snapshot.Parts {
		part := &a.Snapshot.Parts[p]
		if !a.Where.Has(part.Status.Tenant) {
			continue
		}
		for _, i := range part.Incidents {
			for s := range a.Sections {
				if a.Sections[s].Filter.Match(i, scope) {
					out.Counts[s]++
				}
			}
			if shown.Match(i, scope) {
				out.Rows = append(out.Rows, i)
			}
		}
	}
	soc.Sort(out.Rows, a.Order, a.Now)
	for _, i := range out.Rows {
		out.Widths.code = max(out.Widths.code, len(i.Ref.Code))
		out.Widths.number = max(out.Widths.number, len(i.Ref.Number()))
	}
	out.compare()
	return out
}

// compare finds what changed against the screen.
func (a *Answer) compare() {
	if len(a.Shown) == 0 {
		a.New = len(a.Rows)
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
}

// Find gives the position of a reference in a list, or -1.
func Find(list []*soc.Incident, ref soc.Ref) int {
	return slices.IndexFunc(list, func(i *soc.Incident) bool { return i.Ref == ref })
}
