package plain

import (
	"cmp"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// told is what the analyst was told so far: a snapshot, the time of the look at it, and the customers' troubles. What
// differs from it is said next.
type told struct {
	snap    *soc.Snapshot
	at      time.Time
	changed time.Time     // of the first signal since the last look; zero where there was none
	rest    time.Duration // how long the last look keeps the next one waiting
	trouble map[soc.TenantID]trouble
	clocks  map[soc.TenantID]time.Time // when the next SLA clock of a customer passes a mark; zero for none
}

// trouble is what was said about a customer that is not fresh.
type trouble struct {
	cause string
	since time.Time
}

// start begins to follow the queue from a snapshot that was summed up.
func (t *told) start(snap *soc.Snapshot, now time.Time) {
	t.snap, t.at = snap, now
	t.changed = time.Time{}
	t.trouble, t.clocks = make(map[soc.TenantID]trouble), make(map[soc.TenantID]time.Time)
	for n := range snap.Parts {
		p := &snap.Parts[n]
		id := p.Status.Tenant.ID
		if cause := causeOf(&p.Status); cause != "" && p.Status.Health != soc.HealthStarting {
			t.trouble[id] = trouble{cause, now}
		}
		for _, i := range p.Incidents {
			t.clocks[id] = earlier(t.clocks[id], nextMark(i, now))
		}
	}
}

// change notes that the queue signalled.
func (t *told) change(now time.Time) {
	if t.changed.IsZero() {
		t.changed = now
	}
}

// due is when the next look is: after a change, or when an SLA clock passes a mark. Zero is never.
func (t *told) due() time.Time {
	var due time.Time
	if !t.changed.IsZero() {
		due = t.changed.Add(gather)
	}
	for _, mark := range t.clocks {
		due = earlier(due, mark)
	}
	if rested := t.at.Add(t.rest); !due.IsZero() && due.Before(rested) {
		return rested
	}
	return due
}

// earlier is the earlier of two times, of which zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}

// nextMark is when an incident's SLA comes at risk, or is missed; zero where neither lies ahead.
func nextMark(i *soc.Incident, now time.Time) time.Time {
	switch s := soc.SLAOf(i, now); s.State {
	case soc.SLARuns:
		return s.Due.Add(-soc.SLARiskWindow)
	case soc.SLARisk:
		return s.Due
	}
	return time.Time{}
}

// worse tells whether an SLA passed a mark between two states.
func worse(before, after soc.SLAState) bool {
	switch after {
	case soc.SLARisk:
		return before != soc.SLARisk && before != soc.SLAMissed
	case soc.SLAMissed:
		return before != soc.SLAMissed
	}
	return false
}

// news is what one look found, for the view that the analyst is in.
type news struct {
	arrived []*soc.Incident
	removed []*soc.Incident
	clocks  []*soc.Incident // the SLA passed a mark
	changed []change
}

// change is an incident that is not what it was.
type change struct {
	*soc.Incident
	what []string
}

// looker compares two snapshots.
type looker struct {
	told          *told
	view          *view
	before, after *soc.Scope
	news          news
}

// look finds what changed since the last look, and is the last look from then on.
func (t *told) look(v *view, snap *soc.Snapshot, now time.Time) news {
	l := looker{told: t, view: v, before: &soc.Scope{Me: t.snap.Analyst, Now: t.at}, after: &soc.Scope{Me: snap.Analyst, Now: now}}
	old := make(map[soc.TenantID]*soc.Part, len(t.snap.Parts))
	for n := range t.snap.Parts {
		old[t.snap.Parts[n].Status.Tenant.ID] = &t.snap.Parts[n]
	}
	for n := range snap.Parts {
		part := &snap.Parts[n]
		if part.Status.Health == soc.HealthStarting {
			continue // its rows are counted once they were read
		}
		before := old[part.Status.Tenant.ID]
		if before != nil && before.Status.Health == soc.HealthStarting {
			before = nil
		}
		l.part(before, part)
	}
	t.snap, t.at, t.changed = snap, now, time.Time{}
	return l.news
}

// part compares one customer's rows. A customer that was not read before has no news: its rows are counted.
func (l *looker) part(before, after *soc.Part) {
	id := after.Status.Tenant.ID
	mark := l.told.clocks[id]
	passed := !mark.IsZero() && !l.after.Now.Before(mark)
	if before != nil && before.Rows == after.Rows && !passed {
		return
	}
	mark = time.Time{}
	for _, i := range after.Incidents {
		mark = earlier(mark, nextMark(i, l.after.Now))
	}
	if mark.IsZero() {
		delete(l.told.clocks, id)
	} else {
		l.told.clocks[id] = mark
	}
	if before == nil || !l.view.has(after.Status.Tenant) {
		return
	}
	l.rows(before.Incidents, after.Incidents)
}

// rows walks over two lists of one customer side by side; both are in the order of soc.SortPart.
func (l *looker) rows(before, after []*soc.Incident) {
	for len(before)+len(after) > 0 {
		var side int // which list comes first: before, both, after
		switch {
		case len(before) == 0:
			side = 1
		case len(after) == 0:
			side = -1
		default:
			a, b := before[0].Ref, after[0].Ref
			side = cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Source, b.Source))
		}
		if side < 0 {
			if l.view.match(before[0], l.before) {
				l.news.removed = append(l.news.removed, before[0])
			}
		} else if side > 0 {
			if l.view.match(after[0], l.after) {
				l.news.arrived = append(l.news.arrived, after[0])
			}
		} else {
			l.pair(before[0], after[0])
		}
		if side <= 0 {
			before = before[1:]
		}
		if side >= 0 {
			after = after[1:]
		}
	}
}

// pair compares an incident with what it was.
func (l *looker) pair(before, after *soc.Incident) {
	passed := worse(soc.SLAOf(before, l.before.Now).State, soc.SLAOf(after, l.after.Now).State)
	if before == after && !passed {
		return
	}
	was, is := l.view.match(before, l.before), l.view.match(after, l.after)
	if !was && !is {
		return
	}
	if passed {
		l.news.clocks = append(l.news.clocks, after)
	}
	if before == after {
		return
	}
	what := differences(before, after, l.after.Me)
	switch {
	case was && !is:
		what = append(what, "leaves "+l.view.name())
	case is && !was:
		what = append(what, "now in "+l.view.name())
	}
	if len(what) > 0 {
		l.news.changed = append(l.news.changed, change{after, what})
	}
}
