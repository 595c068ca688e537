package plain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// causeOf names a customer's trouble so that the same trouble has the same name: without request ids, and without
// numbers that change from one try to the next. It is empty for a customer whose rows are complete and of now.
func causeOf(st *soc.Status) string {
	if st.Good() {
		return ""
	}
	problem := st.Problem.String()
	if st.Err != nil {
		p := soc.ProblemOf(st.Err)
		problem = string(p.Kind) + " " + p.Code.String() + " " + p.Summary.String()
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '#'
		}
		return r
	}, string(st.Health)+" "+st.Partial.String()+" "+problem)
}

// condition says how a customer's data is, why, and what to do.
func condition(st *soc.Status, now time.Time) string {
	var s string
	switch st.Health {
	case soc.HealthFresh:
		s = "fresh, read " + soc.Ago(st.Age(now))
		if !st.Partial.IsZero() {
			s = "partial: " + st.Partial.String()
		}
	case soc.HealthStarting:
		s = "is being read for the first time"
	case soc.HealthStale:
		s = "not read yet"
		if !st.LastGood.IsZero() {
			s = "stale since " + clock(st.LastGood, now)
		}
	case soc.HealthThrottled:
		s = "throttled"
		if !st.Until.IsZero() {
			s += " until " + st.Until.UTC().Format("15:04:05Z")
		}
	default:
		s = text.Escape(string(st.Health))
	}
	if !st.Problem.IsZero() {
		s += ": " + st.Problem.String()
	}
	if !st.Next.IsZero() {
		s += ". Next: " + st.Next.String()
	}
	return s
}

// troubled tells whether a customer needs a look.
func troubled(p *soc.Part) bool { return !p.Status.Good() && p.Status.Health != soc.HealthStarting }

// health counts the customers in each state.
func health(snap *soc.Snapshot) string {
	n, partial := snap.Health(), 0
	for p := range snap.Parts {
		if st := &snap.Parts[p].Status; st.Health == soc.HealthFresh && !st.Good() {
			partial++
		}
	}
	n[soc.HealthFresh] -= partial
	var parts []string
	add := func(k int, word string) {
		if k > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", k, word))
		}
	}
	add(n[soc.HealthFresh], "fresh")
	add(partial, "partial")
	add(n[soc.HealthStale], "stale")
	add(n[soc.HealthThrottled], "throttled")
	add(n[soc.HealthNoAccess], "no access")
	add(n[soc.HealthStarting], "still being read")
	return counted(len(snap.Parts), "customer", "customers") + ": " + strings.Join(parts, ", ") + "."
}

// summary says where one is, what there is, and who is in trouble.
func (c *console) summary(snap *soc.Snapshot, now time.Time) {
	if len(snap.Parts) == 0 {
		c.out.say("There are no customers.")
		return
	}
	c.out.say("%s", health(snap))
	c.sections(snap, now)
	said, more := 0, 0
	for n := range snap.Parts {
		switch {
		case !troubled(&snap.Parts[n]):
		case said == burst:
			more++
		default:
			said++
			st := &snap.Parts[n].Status
			c.out.say("%s (%s): %s", st.Tenant.Code, st.Tenant.Name, condition(st, now))
		}
	}
	if more > 0 {
		c.out.say("%d more customers are in trouble. customers shows them.", more)
	}
}

// sections says how many incidents each section has.
func (c *console) sections(snap *soc.Snapshot, now time.Time) {
	counts := c.view.counts(c.o.Sections, snap, now)
	for n, s := range c.o.Sections {
		here := ""
		if n == c.view.number {
			here = ", where you are"
		}
		c.out.say("Section %d, %s: %s%s.", n+1, text.Escape(s.Name), incidents(counts[n]), here)
	}
	if c.view.tenant != nil || c.view.group != "" || !c.view.filter.IsZero() {
		c.out.say("In force: %s.", c.view.about(c.o.Tenants))
	}
}

// customers lists all of them, the troubled first.
func (c *console) customers(_ string) {
	snap, now := c.o.Queue.Snapshot(), c.o.Now()
	if len(snap.Parts) == 0 {
		c.out.say("There are no customers.")
		return
	}
	order := make([]int, len(snap.Parts))
	for n := range order {
		order[n] = n
	}
	slices.SortStableFunc(order, func(a, b int) int { return rank(&snap.Parts[a]) - rank(&snap.Parts[b]) })
	c.out.say("%s", health(snap))
	c.turn(&pager{total: len(order), size: pageSize, line: func(n int) string {
		p := &snap.Parts[order[n]]
		st, open := &p.Status, counted(p.Open(), "open incident", "open incidents")
		if st.LastGood.IsZero() && len(p.Incidents) == 0 {
			open = "incidents not known" // which is not zero
		}
		return fmt.Sprintf("%s (%s), %s, %s: %s", st.Tenant.Code, st.Tenant.Name, open, counted(st.Calls, "call", "calls"), condition(st, now))
	}})
}

// rank puts trouble first, and what is still being read next.
func rank(p *soc.Part) int {
	switch {
	case troubled(p):
		return 0
	case p.Status.Health == soc.HealthStarting:
		return 1
	}
	return 2
}
