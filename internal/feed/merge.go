package feed

import (
	"reflect"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/soc"
)

// merge gives the rows after a page came in, and whether it changed any: a new slice, since snapshots share the old one. A
// record that is older than the one at hand is a late answer, one of the same time is the same record, and neither changes
// anything.
func merge(rows, page []*soc.Incident) (merged []*soc.Incident, changed bool) {
	fresh := slices.Clone(page)
	soc.SortPart(fresh)
	out := make([]*soc.Incident, 0, len(rows)+len(fresh))
	n := 0
	for _, next := range fresh {
		for n < len(rows) && compare(rows[n], next) < 0 {
			out = append(out, rows[n])
			n++
		}
		if n < len(rows) && compare(rows[n], next) == 0 {
			next = newer(rows[n], next)
			changed = changed || next != rows[n]
			n++
		} else {
			changed = true
		}
		if last := len(out) - 1; last >= 0 && compare(out[last], next) == 0 {
			out[last] = newer(out[last], next) // twice in one page
			continue
		}
		out = append(out, next)
	}
	return append(out, rows[n:]...), changed
}

func compare(a, b *soc.Incident) int {
	if c := strings.Compare(a.Ref.ID, b.Ref.ID); c != 0 {
		return c
	}
	return strings.Compare(string(a.Ref.Source), string(b.Ref.Source))
}

// newer chooses between two records of one incident. Where the newer one came without its alerts, those that were known
// stay, unless it was changed since. Of two that say the same, the old one stays.
func newer(old, next *soc.Incident) *soc.Incident {
	switch {
	case next.Updated.Before(old.Updated):
		return old
	case next.Updated.Equal(old.Updated) && (next.AlertCount < 0 && old.AlertCount >= 0 || reflect.DeepEqual(old, next)):
		return old
	}
	return next
}
