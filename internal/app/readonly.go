package app

import (
	"sync"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/text"
)

// lock is whether something may be changed, at one customer or at all of them.
type lock struct {
	on    bool
	why   string
	until time.Time // where it is off: when it locks itself again; zero for never

	// The configuration may lock all but a few. The lock over all then leaves out (spares) the customers that are spared,
	// also after it was opened and closed itself again; one that was switched on here leaves out nobody.
	spares, spared bool
}

// Why a lock is on.
const (
	whyConfigured = "the configuration says so"
	whyRelocked   = "relocked"
	whySwitched   = "switched on here"
	whyUnknown    = "nothing is read of this customer here"
)

// locks is the state of all locks. They are looked at for each write, so that no timer has to fire for one to close.
type locks struct {
	mu   sync.Mutex
	now  func() time.Time
	all  lock
	each map[soc.TenantID]*lock
}

// newLocks takes what the configuration says. Where it locks all, tenants.Tenant.ReadOnly is false for those that it
// leaves out, and true for the others, which need no lock of their own.
func newLocks(all bool, list []*tenants.Tenant, now func() time.Time) *locks {
	l := &locks{now: now, all: configured(all), each: make(map[soc.TenantID]*lock, len(list))}
	l.all.spares = true
	for _, t := range list {
		own := configured(t.ReadOnly && !all)
		own.spared = all && !t.ReadOnly
		l.each[t.ID] = &own
	}
	return l
}

func configured(on bool) lock {
	if on {
		return lock{on: true, why: whyConfigured}
	}
	return lock{}
}

// look closes a lock whose time is up, for good: a clock that is set back afterwards does not open it.
func (l *lock) look(now time.Time) {
	if !l.on && passed(l.until, now) {
		l.on, l.why = true, whyRelocked
	}
}

// passed tells whether a time is over on the wall's clock or on the process's own: the latter stands still while a laptop
// sleeps, and the former can be set back.
func passed(until, now time.Time) bool {
	return !until.IsZero() && (!now.Before(until) || !now.Round(0).Before(until.Round(0)))
}

// of tells how a customer stands, or all of them where the id is empty.
func (l *locks) of(id soc.TenantID) soc.ReadOnly {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.all.look(now)
	own, known := l.each[id]
	switch {
	case l.all.on && (!known || !l.all.spares || !own.spared):
		return soc.ReadOnly{On: true, All: true, Why: text.NewLine(l.all.why)}
	case id == "":
		return soc.ReadOnly{Until: l.all.until}
	case !known:
		return soc.ReadOnly{On: true, Why: text.NewLine(whyUnknown)}
	}
	own.look(now)
	switch {
	case own.on:
		return soc.ReadOnly{On: true, Why: text.NewLine(own.why)}
	case l.all.spares && own.spared:
		return soc.ReadOnly{Until: own.until}
	}
	return soc.ReadOnly{Until: earlier(own.until, l.all.until)}
}

// earlier gives the first of two times, of which zero is never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (l *locks) set(id soc.TenantID, on bool, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	target := &l.all
	if id != "" {
		own, known := l.each[id]
		if !known {
			return
		}
		target = own
	}
	target.on, target.why, target.until = on, "", until
	if on {
		target.why, target.until = whySwitched, time.Time{}
		target.spares = false // means something for the lock over all only
	}
}

// leave is the refusal of a write at a customer, or nil.
func (l *locks) leave(t *soc.Tenant) error {
	state := l.of(t.ID)
	if !state.On {
		return nil
	}
	who, next := t.Name.String()+" ("+string(t.Code)+") is read-only", "unlock "+string(t.Code)+" first"
	if state.All {
		who, next = "all customers are read-only, "+string(t.Code)+" with them", "unlock all customers first"
	}
	switch state.Why.String() {
	case whyConfigured:
		next += ", or take read_only out of the configuration"
	case whyUnknown:
		next = "start the console with this customer"
	}
	return &soc.Problem{
		Kind:    soc.ProblemUnsafe,
		Summary: text.NewLine(who + " (" + state.Why.String() + "): nothing was sent"),
		Next:    text.NewLine(next),
	}
}

// ReadOnly tells whether anything may be changed at a customer, or at all of them where the id is empty. While all are
// locked, so is each.
func (a *App) ReadOnly(id soc.TenantID) soc.ReadOnly { return a.locks.of(id) }

// SetReadOnly locks a customer, or unlocks it until a time at which it locks itself again (zero: until the process ends).
// An empty id means the lock over all customers; those of single ones stay as they are. It holds from the next request
// on: what was sent is sent.
func (a *App) SetReadOnly(id soc.TenantID, on bool, until time.Time) { a.locks.set(id, on, until) }
