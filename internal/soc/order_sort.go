package soc

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"time"
)

// Sort orders incidents in place. Every order is total: what is equal is ordered by age and then by reference, in both
// directions, so that two consoles show the same list. What lacks what an order goes by (no SLA, no owner, alerts that
// are not known) stands last in both directions. A word that is no order sorts by age.
func Sort(list []*Incident, by Order, now time.Time) {
	keys := make([]sortKey, len(list))
	of, back := sortKeys(by.Base(), now), by.Reversed()
	for n, i := range list {
		k := &keys[n]
		k.Incident, k.created = i, ticks(i.Created)
		known := of(i, k)
		if back {
			for r := range k.ranks {
				k.ranks[r] = ^k.ranks[r]
			}
		}
		if !known {
			k.ranks, k.word = [3]int64{math.MaxInt64}, ""
		}
	}
	if back {
		slices.SortFunc(keys, func(a, b sortKey) int { return compareKeys(&a, &b, -1) })
	} else {
		slices.SortFunc(keys, func(a, b sortKey) int { return compareKeys(&a, &b, 1) })
	}
	for n := range keys {
		list[n] = keys[n].Incident
	}
}

// sortKey is what an order goes by, worked out once for each incident and side by side in memory: the comparisons, of
// which there are some twenty for each incident, do not reach for the incident itself.
type sortKey struct {
	*Incident

	ranks   [3]int64 // already turned round in an order that goes the other way
	word    string   // where the ranks are equal
	created int64
}

// ticks is a time in the unit of Graph, 100 ns. In it the years 0 to 9999 fit, which they do not in nanoseconds.
func ticks(t time.Time) int64 { return t.Unix()*1e7 + int64(t.Nanosecond())/100 }

func compareKeys(a, b *sortKey, way int) int {
	for n := range a.ranks {
		if a.ranks[n] != b.ranks[n] {
			return cmp.Compare(a.ranks[n], b.ranks[n])
		}
	}
	if c := strings.Compare(a.word, b.word); c != 0 {
		return way * c
	}
	if a.created != b.created {
		return cmp.Compare(a.created, b.created)
	}
	return byAge(a.Incident, b.Incident)
}

// byAge puts the older one first.
func byAge(a, b *Incident) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Ref.Code, b.Ref.Code), len(a.Ref.ID)-len(b.Ref.ID),
		cmp.Compare(a.Ref.ID, b.Ref.ID), cmp.Compare(a.Ref.Source, b.Ref.Source))
}

// keyer fills in what an order goes by, and tells whether the incident has it. It is used for one sort.
type keyer func(*Incident, *sortKey) bool

// sortKeys gives the keyer of an order, which has no minus.
func sortKeys(by Order, now time.Time) keyer {
	switch by {
	case OrderUrgency:
		return func(i *Incident, k *sortKey) bool { return k.urgency(i, now) }
	case OrderSLA:
		return func(i *Incident, k *sortKey) bool { return k.sla(i, now) }
	case OrderTitle:
		lower := folder{}
		return func(i *Incident, k *sortKey) bool { return k.name(0, lower.of(i.Title.String())) }
	case OrderOwner:
		lower := folder{}
		return func(i *Incident, k *sortKey) bool { return k.name(0, lower.of(i.AssignedTo.String())) }
	case OrderTenant:
		return func(i *Incident, k *sortKey) bool { return k.name(0, string(i.Ref.Code)) }
	case OrderID:
		return func(i *Incident, k *sortKey) bool { return k.rank(int64(len(i.Ref.ID))) && k.name(1, i.Ref.ID) }
	case OrderStatus:
		return func(i *Incident, k *sortKey) bool { return k.rank(stateRank(i.State)) && k.name(1, string(i.State)) }
	}
	return countKeys(by)
}

// countKeys are those that need nothing but the incident and give numbers.
func countKeys(by Order) keyer {
	switch by {
	case OrderSeverity:
		return func(i *Incident, k *sortKey) bool { return k.rank(-int64(i.Severity.Rank()), -int64(i.Priority)) }
	case OrderUpdated:
		return func(i *Incident, k *sortKey) bool { return k.rank(-ticks(i.Updated)) && !i.Updated.IsZero() }
	case OrderAlerts:
		return func(i *Incident, k *sortKey) bool { return k.rank(-int64(i.AlertCount)) && i.AlertCount >= 0 }
	case OrderEntities: // where the alerts are not known, none of their entities is
		return func(i *Incident, k *sortKey) bool {
			n := len(i.Digest.Entities)
			return k.rank(-int64(n)) && (n > 0 || i.AlertCount >= 0)
		}
	case OrderSource:
		return func(i *Incident, k *sortKey) bool { return k.rank(sourceRank(i)) }
	}
	return func(i *Incident, k *sortKey) bool { return k.rank(ticks(i.Created)) && !i.Created.IsZero() }
}

// rank sets numbers to go by.
func (k *sortKey) rank(ranks ...int64) bool {
	copy(k.ranks[:], ranks)
	return true
}

// name sets a word to go by after the first ranks. As much of it as fits goes into the ranks, in which comparing is
// quicker, since it does not reach for the word.
func (k *sortKey) name(first int, s string) bool {
	known := s != ""
	for n := first; n < len(k.ranks); n++ {
		var eight [8]byte
		s = s[copy(eight[:], s):]
		k.ranks[n] = int64(binary.BigEndian.Uint64(eight[:]) ^ 1<<63) //nolint:gosec // the order of the bytes stays that of the numbers
	}
	k.word = s
	return known
}

// folder brings names into lower case, each of them once.
type folder map[string]string

func (f folder) of(s string) string {
	lower, ok := f[s]
	if !ok {
		lower = strings.ToLower(s)
		f[s] = lower
	}
	return lower
}

func stateRank(s State) int64 {
	known := [...]State{StateNew, StateActive, StateAwaiting, StateResolved, StateRedirected}
	for n, k := range known {
		if s == k {
			return int64(n)
		}
	}
	return int64(len(known))
}

func sourceRank(i *Incident) int64 {
	switch defender, sentinel := i.knownTo(); {
	case defender && sentinel:
		return 1
	case sentinel:
		return 2
	}
	return 0
}

// sla goes by the time that is left; a clock that was never set or that stands has none.
func (k *sortKey) sla(i *Incident, now time.Time) bool {
	sla := SLAOf(i, now)
	return k.rank(int64(sla.Left)) && sla.State != SLANone && sla.State != SLADone
}

// urgency goes by the class; within it by severity, the time that is left and Microsoft's score, or by the last change
// for what is done.
func (k *sortKey) urgency(i *Incident, now time.Time) bool {
	const worst, noClock = 4, 1 << 62 // nothing agreed: after those with a clock
	sla := SLAOf(i, now)
	class := urgencyOf(i, sla)
	if class == UrgencyDone {
		return k.rank(int64(class)*(worst+1), -ticks(i.Updated))
	}
	left := int64(noClock)
	if sla.State != SLANone {
		left = int64(sla.Left)
	}
	return k.rank(int64(class)*(worst+1)+int64(worst-i.Severity.Rank()), left, -int64(i.Priority))
}
