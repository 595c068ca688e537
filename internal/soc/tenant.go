package soc

import (
	"slices"
	"time"

	"github.com/socctl/socctl/internal/text"
)

// Tenant is what the domain knows of a customer. It is immutable once the configuration is read.
type Tenant struct {
	ID     TenantID
	Code   Code
	Name   text.Line
	Domain text.Line
	Groups []string
	SLA    SLATargets // the tightest targets of the customer's groups; empty where none is agreed
}

// InGroup tells whether the customer belongs to the group.
func (t *Tenant) InGroup(name string) bool { return slices.Contains(t.Groups, name) }

// Health is the state of what we know of one customer.
type Health string

// The states of a customer's data, best first.
const (
	HealthStarting  Health = "starting"  // nothing was read yet
	HealthFresh     Health = "fresh"     // the last read succeeded, and not long ago
	HealthStale     Health = "stale"     // the last good read is old: the rows show their age
	HealthThrottled Health = "throttled" // the service asked us to wait
	HealthNoAccess  Health = "no access" // the customer does not let us in
)

// Status says how good a customer's rows are, and why.
type Status struct {
	Tenant   *Tenant
	Health   Health
	LastGood time.Time // when the rows were last complete; zero before the first time
	Until    time.Time // throttled: when the service answers again; else when the next read is due
	Partial  text.Line // what is missing in rows that did come, or empty
	Problem  text.Line // what went wrong, in plain words, with the request id where there is one
	Next     text.Line // what to do about it
	Err      error     // the cause of Problem, for exit codes

	LastChange  time.Time // the latest change among the rows, as the service dates it; zero where there is none
	Calls       int       // requests sent to this customer since the start
	CallsMinute int       // those of the minute before the snapshot was made; counting alone makes no new snapshot
	Budget      int       // how many a minute are allowed; 0 where nobody counts
}

// Age is the time since the rows were complete, zero where they never were.
func (s Status) Age(now time.Time) time.Duration {
	if s.LastGood.IsZero() {
		return 0
	}
	return max(0, now.Sub(s.LastGood))
}

// Good tells whether the rows can be taken as complete and of now.
func (s Status) Good() bool { return s.Health == HealthFresh && s.Partial.IsZero() }

// Analyst is the person at the keyboard, under all names that an incident may be assigned to.
type Analyst struct {
	UPN  text.Line
	Name text.Line
}

// Known tells whether it is known who sits at the keyboard; an application has no such name.
func (a Analyst) Known() bool { return !a.UPN.IsZero() }
