package feed

import (
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/soc"
)

// merge gives the rows after a page came in: a new slice, since snapshots share the old one. A record that is older
// than the one at hand is a late answer and changes nothing.
func merge(rows, page []*soc.Incident) []*soc.Incident {
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
			n++
		}
		if last := len(out) - 1; last >= 0 && compare(out[last], next) == 0 {
			out[last] = newer(out[last], next) // twice in one page
			continue
		}
		out = append(out, next)
	}
	return append(out, rows[n:]...)
}

func compare(a, b *soc.Incident) int {
	if c := strings.Compare(a.Ref.ID, b.Ref.ID); c != 0 {
		return c
	}
	return strings.Compare(string(a.Ref.Source), string(b.Ref.Source))
}

// newer chooses between two records of one incident. Where the newer one came without its alerts, it keeps those that
// were known, unless it was changed since.
func newer(old, next *soc.Incident) *soc.Incident {
	if next.Updated.Before(old.Updated) {
		return old
	}
	if next.AlertCount < 0 && old.AlertCount >= 0 && next.Updated.Equal(old.Updated) {
		return old
	}
	return next
}
