package plain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// burst is the most lines of one kind that one look says; more are counted.
const burst = 20

// announce says what changed since the last look.
func (c *console) announce(now time.Time) {
	before, snap := c.told.snap, c.o.Queue.Snapshot()
	found := c.told.look(&c.view, snap, now)
	a := announcer{c: c, now: now, me: snap.Analyst}
	a.customers(before, snap)
	a.clocks(found.clocks)
	a.arrived(found.arrived)
	a.changed(found.changed)
	a.removed(found.removed)
	c.told.rest = time.Duration(a.said) * perLine
}

// announcer writes the lines of one look.
type announcer struct {
	c    *console
	now  time.Time
	me   soc.Analyst
	said int
}

// line says one thing: the time, the kind, and what it is.
func (a *announcer) line(kind, format string, args ...any) {
	a.said++
	a.c.out.say("%s %-8s %s", a.now.UTC().Format("15:04:05Z"), kind, fmt.Sprintf(format, args...))
}

func (a *announcer) arrived(list []*soc.Incident) {
	soc.Sort(list, soc.OrderUrgency, a.now)
	if len(list) > burst {
		a.line("new", "%s: %s. list shows them", incidents(len(list)), bySeverity(list))
		return
	}
	for _, i := range list {
		a.line("new", "%s", row(i, a.me, a.now))
	}
}

func (a *announcer) changed(list []change) {
	if len(list) > burst {
		gone := 0
		for _, ch := range list {
			if slices.Contains(ch.what, "leaves "+a.c.view.name()) {
				gone++
			}
		}
		a.line("changed", "%s, of which %d left %s. list shows the others", incidents(len(list)), gone, a.c.view.name())
		return
	}
	for _, ch := range list {
		a.line("changed", "%s %s", head(ch.Incident), strings.Join(ch.what, ", "))
	}
}

func (a *announcer) clocks(list []*soc.Incident) {
	soc.Sort(list, soc.OrderUrgency, a.now)
	if len(list) > burst {
		missed := 0
		for _, i := range list {
			if soc.SLAOf(i, a.now).State == soc.SLAMissed {
				missed++
			}
		}
		a.line("SLA", "missed by %s, at risk for %d. filter sla:missed,risk and list show them", incidents(missed), len(list)-missed)
		return
	}
	for _, i := range list {
		s := soc.SLAOf(i, a.now)
		say := "missed: it was due " + clock(s.Due, a.now)
		if s.State == soc.SLARisk {
			say = "at risk: due " + clock(s.Due, a.now) + ", " + soc.Short(s.Left) + " left"
		}
		a.line("SLA", "%s %s, %s", head(i), say, owner(i.AssignedTo, a.me))
	}
}

func (a *announcer) removed(list []*soc.Incident) {
	if len(list) > burst {
		a.line("removed", "%s: the service no longer lists them", incidents(len(list)))
		return
	}
	for _, i := range list {
		a.line("removed", "%s the service no longer lists it", head(i))
	}
}

// bySeverity counts incidents by severity, worst first.
func bySeverity(list []*soc.Incident) string {
	n := make(map[soc.Severity]int)
	other := 0
	for _, i := range list {
		if slices.Contains(soc.Severities(), i.Severity) {
			n[i.Severity]++
		} else {
			other++
		}
	}
	var parts []string
	for _, s := range soc.Severities() {
		if n[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[s], severity(s)))
		}
	}
	if other > 0 {
		parts = append(parts, fmt.Sprintf("%d of other severity", other))
	}
	return strings.Join(parts, ", ")
}

// customers says whose data became worse, better, or was read for the first time.
func (a *announcer) customers(before, snap *soc.Snapshot) {
	var worse, better, read []string
	for n := range snap.Parts {
		part := &snap.Parts[n]
		st := &part.Status
		if st.Health == soc.HealthStarting {
			continue
		}
		if old, ok := before.Part(st.Tenant.ID); ok && old.Status.Health == soc.HealthStarting && a.c.view.has(st.Tenant) {
			if n := a.c.view.count(part, snap.Analyst, a.now); n > 0 || !st.LastGood.IsZero() { // unknown is not zero
				read = append(read, fmt.Sprintf("%s %s in %s", st.Tenant.Code, incidents(n), a.c.view.name()))
			}
		}
		was, cause := a.c.told.trouble[st.Tenant.ID], causeOf(st)
		switch cause {
		case was.cause:
		case "":
			better = append(better, fmt.Sprintf("%s is fresh again after %s", st.Tenant.Code, soc.Short(a.now.Sub(was.since))))
			delete(a.c.told.trouble, st.Tenant.ID)
		default:
			worse = append(worse, fmt.Sprintf("%s %s", st.Tenant.Code, condition(st, a.now)))
			if was.cause == "" {
				was.since = a.now
			}
			a.c.told.trouble[st.Tenant.ID] = trouble{cause, was.since}
		}
	}
	a.states("trouble", worse, "are in trouble")
	a.states("fresh", better, "are fresh again")
	a.states("read", read, "were read for the first time")
}

// states says what became of customers.
func (a *announcer) states(kind string, list []string, sum string) {
	if len(list) > burst {
		a.line(kind, "%d customers %s. customers shows them", len(list), sum)
		return
	}
	for _, s := range list {
		a.line(kind, "%s", s)
	}
}

// differences says in words what became of an incident.
func differences(before, after *soc.Incident, me soc.Analyst) []string {
	var all []string
	add := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	if was, is := before.AssignedTo, after.AssignedTo; was != is {
		switch {
		case is.IsZero():
			add("released, unassigned now")
		case was.IsZero():
			add("taken by %s", takenBy(is, me))
		default:
			add("taken by %s from %s", takenBy(is, me), takenBy(was, me))
		}
	}
	closing := stateDifference(before, after, add)
	if before.Severity != after.Severity {
		add("severity %s, was %s", severity(after.Severity), severity(before.Severity))
	}
	was, is := verdict(before.Classification, before.Determination), verdict(after.Classification, after.Determination)
	switch {
	case was == is || closing:
	case is == "":
		add("classification taken back")
	default:
		add("classified as %s", is)
	}
	if before.Title != after.Title {
		add("title was %s", quoted(before.Title))
		if after.Title.Altered() {
			add("title %s", wasAltered)
		}
		if after.Title.Suspicious() {
			add(isSuspicious)
		}
	}
	return append(all, growth(before, after)...)
}

// stateDifference says what became of the state, and tells whether that named the classification.
func stateDifference(before, after *soc.Incident, add func(string, ...any)) bool {
	if before.State == after.State {
		if after.State == soc.StateRedirected && before.RedirectTo != after.RedirectTo {
			add("merged into %s", merged(after))
		}
		return false
	}
	switch {
	case after.State == soc.StateRedirected:
		add("merged into %s", merged(after))
	case after.State == soc.StateResolved:
		if v := verdict(after.Classification, after.Determination); v != "" {
			add("resolved as %s", v)
			return true
		}
		add("resolved")
	case !before.State.Open():
		add("reopened, status %s", status(after.State))
	default:
		add("status %s", status(after.State))
	}
	return false
}

// growth says what was added to an incident.
func growth(before, after *soc.Incident) []string {
	var all []string
	switch n := after.AlertCount - before.AlertCount; {
	case n == 0:
	case n > 0 && before.AlertCount >= 0:
		all = append(all, fmt.Sprintf("%s, %d more than before", alerts(after.AlertCount), n))
	default:
		all = append(all, alerts(after.AlertCount))
	}
	if n := len(after.Comments) - len(before.Comments); n > 0 {
		all = append(all, counted(n, "new comment", "new comments"))
	}
	if before.ForeignTenant != after.ForeignTenant && !after.ForeignTenant.IsZero() {
		all = append(all, "warning: the record names another tenant, "+quoted(after.ForeignTenant)+"; it came from "+string(after.Ref.Code))
	}
	return all
}
