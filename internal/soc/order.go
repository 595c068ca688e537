package soc

import (
	"fmt"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/text"
)

// Order is a way to sort the queue: its name, with a minus in front for the other way round.
type Order string

// The orders, one for each column of the list.
const (
	OrderUrgency  Order = "urgency"
	OrderSeverity Order = "severity" // worst first
	OrderAge      Order = "age"      // oldest first
	OrderUpdated  Order = "updated"  // latest change first
	OrderTenant   Order = "tenant"   // by the customer's code
	OrderSLA      Order = "sla"      // least time left first
	OrderID       Order = "id"       // by the number
	OrderTitle    Order = "title"
	OrderAlerts   Order = "alerts"   // most first
	OrderEntities Order = "entities" // most first
	OrderStatus   Order = "status"   // new, active, awaiting, resolved, redirected, then what is not known
	OrderOwner    Order = "owner"    // by name
	OrderSource   Order = "source"   // Defender alone, both, Sentinel alone
)

// Orders lists them, the default first.
func Orders() []Order {
	return []Order{OrderUrgency, OrderSeverity, OrderAge, OrderUpdated, OrderTenant, OrderSLA, OrderID, OrderTitle, OrderAlerts, OrderEntities,
		OrderStatus, OrderOwner, OrderSource}
}

// reversed stands in front of an order that goes the other way round.
const reversed = "-"

// Base is the order without regard to its direction.
func (o Order) Base() Order { return Order(strings.TrimPrefix(string(o), reversed)) }

// Reversed tells whether the order goes the other way round.
func (o Order) Reversed() bool { return strings.HasPrefix(string(o), reversed) }

// Reverse gives the same order in the other direction.
func (o Order) Reverse() Order {
	if o.Reversed() {
		return o.Base()
	}
	return reversed + o
}

// ParseOrder reads an order, with or without a minus, and offers the nearest for a word that is none.
func ParseOrder(s string) (Order, error) {
	word, back := strings.CutPrefix(s, reversed)
	name, err := oneOf("order", word, names(Orders()))
	if !back {
		if err != nil {
			return "", fmt.Errorf("%w", err)
		}
		return Order(name), nil
	}
	if err != nil {
		err.Message = strings.Replace(err.Message, text.Quote(word), text.Quote(s), 1)
		if err.Nearest != "" {
			err.Nearest = reversed + err.Nearest
		}
		return "", fmt.Errorf("%w", err)
	}
	return Order(name).Reverse(), nil
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
func UrgencyOf(i *Incident, now time.Time) Urgency { return urgencyOf(i, SLAOf(i, now)) }

func urgencyOf(i *Incident, sla SLA) Urgency {
	switch {
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
