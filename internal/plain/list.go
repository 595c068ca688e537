package plain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/socctl/socctl/internal/soc"
)

const (
	pageSize = 20  // lines of a list
	longPage = 200 // lines of an incident, and the most that list takes at once
)

// pager prints a long answer in parts.
type pager struct {
	total, size int
	at          int // the next to print
	line        func(int) string
	printed     func(n int) // told how many were printed; may be nil
}

// turn prints the first part, and keeps the rest for the command more.
func (c *console) turn(p *pager) {
	c.page = p
	c.more("")
}

// more prints the next part of the last long answer.
func (c *console) more(_ string) {
	p := c.page
	if p == nil || p.at >= p.total {
		c.out.say("There is nothing more.")
		return
	}
	end := min(p.total, p.at+p.size)
	for ; p.at < end; p.at++ {
		c.out.say("%s", p.line(p.at))
	}
	if p.printed != nil {
		p.printed(p.at)
	}
	if p.at < p.total {
		c.out.say("%d of %d. more shows the next %d.", p.at, p.total, min(p.size, p.total-p.at))
	}
}

// list numbers the incidents of the view.
func (c *console) list(arg string) {
	size := pageSize
	if arg != "" {
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 || n > longPage {
			c.out.say("list takes how many incidents to show at once, 1 to %d.", longPage)
			return
		}
		size = n
	}
	snap, now := c.o.Queue.Snapshot(), c.o.Now()
	rows := c.view.rows(snap, now)
	c.numbers, c.page = nil, nil
	if len(rows) == 0 {
		c.out.say("%s: %s", c.view.about(c.o.Tenants), c.empty(snap))
		return
	}
	c.out.say("%s: %s.", c.view.about(c.o.Tenants), incidents(len(rows)))
	refs := make([]soc.Ref, len(rows))
	for n, i := range rows {
		refs[n] = i.Ref
	}
	c.turn(&pager{total: len(refs), size: size, line: func(n int) string {
		snap := c.o.Queue.Snapshot()
		i, ok := snap.Find(refs[n])
		if !ok {
			return fmt.Sprintf("%d. %s is no longer in the queue", n+1, refs[n])
		}
		return fmt.Sprintf("%d. %s", n+1, row(i, snap.Analyst, c.o.Now()))
	}, printed: func(n int) { c.numbers = refs[:n] }})
}

// empty says why nothing is listed; what could not be read is never shown as nothing.
func (c *console) empty(snap *soc.Snapshot) string {
	var all, starting, unread, old int
	for n := range snap.Parts {
		st := &snap.Parts[n].Status
		if !c.view.has(st.Tenant) {
			continue
		}
		all++
		switch {
		case st.Health == soc.HealthStarting:
			starting++
		case st.LastGood.IsZero():
			unread++
		case troubled(&snap.Parts[n]):
			old++
		}
	}
	parts := []string{"nothing matches."}
	if starting > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s still being read.", starting, counted(all, "customer is", "customers are")))
	}
	if unread > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s could not be read: customers says why.", unread, counted(all, "customer", "customers")))
	}
	if old > 0 {
		parts = append(parts, fmt.Sprintf("Out of date: %d of %s, customers says why.", old, counted(all, "customer", "customers")))
	}
	if !c.view.filter.IsZero() {
		parts = append(parts, "filter without a word clears the filter.")
	}
	return strings.Join(parts, " ")
}
