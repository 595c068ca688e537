package plain

import (
	"fmt"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// view is what the analyst looks at: a section, narrowed by a filter and to a customer or a group.
type view struct {
	section Section
	number  int // of the section, from 0
	filter  soc.Filter
	order   soc.Order
	tenant  *soc.Tenant // nil for all
	group   string
	both    soc.Filter // of the section and the analyst
}

// enter goes to a section, in its order.
func (v *view) enter(all []Section, n int) {
	v.section, v.number = all[n], n
	v.order = v.section.Order
	if v.order == "" {
		v.order = soc.OrderUrgency
	}
	v.both = v.section.Filter.And(v.filter)
}

// narrow puts a filter on top of the section's.
func (v *view) narrow(f soc.Filter) {
	v.filter = f
	v.both = v.section.Filter.And(f)
}

// has tells whether a customer belongs to it.
func (v *view) has(t *soc.Tenant) bool {
	switch {
	case v.tenant != nil:
		return t.ID == v.tenant.ID
	case v.group != "":
		return t.InGroup(v.group)
	}
	return true
}

// match decides about an incident of a customer that belongs to it.
func (v *view) match(i *soc.Incident, s *soc.Scope) bool { return v.both.Match(i, s) }

// count is the number of a customer's incidents in it.
func (v *view) count(p *soc.Part, me soc.Analyst, now time.Time) int {
	scope, n := &soc.Scope{Me: me, Now: now}, 0
	for _, i := range p.Incidents {
		if v.match(i, scope) {
			n++
		}
	}
	return n
}

// rows lists its incidents in its order.
func (v *view) rows(snap *soc.Snapshot, now time.Time) []*soc.Incident {
	scope := &soc.Scope{Me: snap.Analyst, Now: now}
	var list []*soc.Incident
	for p := range snap.Parts {
		if !v.has(snap.Parts[p].Status.Tenant) {
			continue
		}
		for _, i := range snap.Parts[p].Incidents {
			if v.match(i, scope) {
				list = append(list, i)
			}
		}
	}
	soc.Sort(list, v.order, now)
	return list
}

// counts counts the incidents of each section, without the filter on top.
func (v *view) counts(all []Section, snap *soc.Snapshot, now time.Time) []int {
	scope, n := &soc.Scope{Me: snap.Analyst, Now: now}, make([]int, len(all))
	for p := range snap.Parts {
		if !v.has(snap.Parts[p].Status.Tenant) {
			continue
		}
		for _, i := range snap.Parts[p].Incidents {
			for s := range all {
				if all[s].Filter.Match(i, scope) {
					n[s]++
				}
			}
		}
	}
	return n
}

// name is the section's.
func (v *view) name() string { return text.Escape(v.section.Name) }

// place says which customers it is about.
func (v *view) place(all []*soc.Tenant) string {
	switch {
	case v.tenant != nil:
		return fmt.Sprintf("%s (%s)", v.tenant.Name, v.tenant.Code)
	case v.group != "":
		n := 0
		for _, t := range all {
			if t.InGroup(v.group) {
				n++
			}
		}
		return fmt.Sprintf("group %s, %s", text.Escape(v.group), counted(n, "customer", "customers"))
	}
	return "all customers"
}

// about says what is listed and in which order.
func (v *view) about(all []*soc.Tenant) string {
	s := fmt.Sprintf("%s, %s, by %s", v.name(), v.place(all), v.order)
	if !v.filter.IsZero() {
		s += ", filter " + text.Escape(v.filter.String())
	}
	return s
}
