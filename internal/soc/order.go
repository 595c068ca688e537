package soc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Order is a way to sort the queue.
type Order string

// The orders.
const (
	OrderUrgency  Order = "urgency"
	OrderSeverity Order = "severity"
	OrderAge      Order = "age"     // oldest first
	OrderUpdated  Order = "updated" // latest change first
	OrderTenant   Order = "tenant"
)

// Orders lists them, the default first.
func Orders() []Order {
	return []Order{OrderUrgency, OrderSeverity, OrderAge, OrderUpdated, OrderTenant}
}

// ParseOrder reads an order and offers the nearest for a word that is none.
func ParseOrder(s string) (Order, error) {
	names := make([]string, 0, len(Orders()))
	for _, o := range Orders() {
		if strings.EqualFold(s, string(o)) {
			return o, nil
		}
		names = append(names, string(o))
	}
	return "", unknownWord("order", s, names)
}

// Urgency is why an incident stands where it stands: the classes of triage, most urgent first.
type Urgency int

// The classes of urgency.
const (
	UrgencySLA       Urgency = iota // the SLA is missed or close to it
	UrgencyExperts                  // Defender Experts wait on us
	UrgencyUnclaimed                // high, and nobody has it
	UrgencyOpen                     // open: by severity
	UrgencyDone                     // resolved or merged away
)

// UrgencyOf puts an incident into its class.
func UrgencyOf(i *Incident, now time.Time) Urgency {
	switch sla := SLAOf(i, now); {
	case !i.State.Open():
		return UrgencyDone
	case sla.State == SLAMissed || sla.State == SLARisk:
		return UrgencySLA
	case i.State == StateAwaiting:
		return UrgencyExperts
	case i.Severity == SeverityHigh && i.AssignedTo.IsZero():
		return UrgencyUnclaimed
	}
	return UrgencyOpen
}

// Reason says in words why an incident stands where it stands in the order of urgency.
func Reason(i *Incident, now time.Time) string {
	var parts []string
	switch sla := SLAOf(i, now); {
	case i.State == StateRedirected:
		return "merged into " + string(i.Ref.Code) + "-" + i.RedirectTo
	case i.State == StateResolved:
		return "resolved"
	case sla.State == SLAMissed:
		parts = append(parts, "SLA missed "+Ago(-sla.Left))
	case sla.State == SLARisk:
		parts = append(parts, "SLA ends in "+Short(sla.Left))
	}
	if i.State == StateAwaiting {
		parts = append(parts, "Experts wait on us")
	}
	parts = append(parts, string(i.Severity))
	if i.AssignedTo.IsZero() {
		parts = append(parts, "unclaimed")
	}
	if i.Priority >= 0 {
		parts = append(parts, fmt.Sprintf("priority %d", i.Priority))
	}
	return strings.Join(parts, ", ")
}

// Sort orders incidents in place. Every order is total: what is equal is ordered by age and then by reference, so
// that two consoles show the same list.
func Sort(list []*Incident, by Order, now time.Time) {
	switch by {
	case OrderUrgency:
		sortByUrgency(list, now)
	case OrderSeverity:
		slices.SortFunc(list, func(a, b *Incident) int {
			return cmp.Or(b.Severity.Rank()-a.Severity.Rank(), b.Priority-a.Priority, byAge(a, b))
		})
	case OrderUpdated:
		slices.SortFunc(list, func(a, b *Incident) int { return cmp.Or(b.Updated.Compare(a.Updated), byAge(a, b)) })
	case OrderTenant:
		slices.SortFunc(list, func(a, b *Incident) int {
			return cmp.Or(cmp.Compare(a.Ref.Code, b.Ref.Code), byAge(a, b))
		})
	default:
		slices.SortFunc(list, byAge)
	}
}

// byAge puts the older one first.
func byAge(a, b *Incident) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Ref.Code, b.Ref.Code), len(a.Ref.ID)-len(b.Ref.ID),
		cmp.Compare(a.Ref.ID, b.Ref.ID), cmp.Compare(a.Ref.Source, b.Ref.Source))
}

// sortByUrgency works out each incident's class once, since the clock is asked for it.
func sortByUrgency(list []*Incident, now time.Time) {
	type keyed struct {
		*Incident
		class Urgency
		left  time.Duration
	}
	keys := make([]keyed, len(list))
	for n, i := range list {
		keys[n] = keyed{Incident: i, class: UrgencyOf(i, now)}
		keys[n].left = 1 << 62 // nothing agreed: after those with a clock
		if sla := SLAOf(i, now); sla.State != SLANone && sla.State != SLADone {
			keys[n].left = sla.Left
		}
	}
	slices.SortFunc(keys, func(a, b keyed) int {
		if a.class != b.class {
			return int(a.class - b.class)
		}
		if a.class == UrgencyDone {
			return cmp.Or(b.Updated.Compare(a.Updated), byAge(a.Incident, b.Incident))
		}
		return cmp.Or(b.Severity.Rank()-a.Severity.Rank(), cmp.Compare(a.left, b.left), b.Priority-a.Priority,
			byAge(a.Incident, b.Incident))
	})
	for n := range keys {
		list[n] = keys[n].Incident
	}
}
