package soc

import "time"

// SLATargets says within which time an incident of a severity has to be resolved.
type SLATargets map[Severity]time.Duration

// SLAState is how an incident stands against its target.
type SLAState string

// The states of an SLA clock.
const (
	SLANone   SLAState = "none"    // nothing is agreed for it
	SLARuns   SLAState = "running" // there is time
	SLARisk   SLAState = "at risk" // SLARiskWindow or less is left
	SLAMissed SLAState = "missed"
	SLADone   SLAState = "stopped" // resolved or merged away: the clock stands
)

// SLARiskWindow is the time before the end of an SLA in which an incident counts as at risk.
const SLARiskWindow = 15 * time.Minute

// SLA is an incident's clock.
type SLA struct {
	State SLAState
	Due   time.Time     // zero where nothing is agreed
	Left  time.Duration // negative once it is missed; rounded by whoever shows it
}

// SLAOf reads the clock of an incident at a time.
func SLAOf(i *Incident, now time.Time) SLA {
	target, ok := i.Tenant.SLA[i.Severity]
	if !ok || i.Created.IsZero() {
		return SLA{State: SLANone}
	}
	due := i.Created.Add(target)
	s := SLA{State: SLARuns, Due: due, Left: due.Sub(now)}
	switch {
	case !i.State.Open():
		s.State, s.Left = SLADone, 0
	case s.Left <= 0:
		s.State = SLAMissed
	case s.Left <= SLARiskWindow:
		s.State = SLARisk
	}
	return s
}
