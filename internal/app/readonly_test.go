package app

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/text"
)

// hand is a clock that a test moves.
type hand struct{ at time.Time }

func (h *hand) now() time.Time { return h.at }

func twoCustomers(locked bool) (contoso, fabrikam *tenants.Tenant) {
	contoso = &tenants.Tenant{ReadOnly: locked}
	contoso.ID, contoso.Code, contoso.Name = "0a1b2c3d-0000-4000-8000-000000000003", "CONT", text.NewLine("Contoso Ltd")
	fabrikam = &tenants.Tenant{}
	fabrikam.ID, fabrikam.Code, fabrikam.Name = "0a1b2c3d-0000-4000-8000-000000000004", "FABR", text.NewLine("Fabrikam")
	return contoso, fabrikam
}

func TestLocks(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 22, 14, 22, 0, 0, time.UTC)
	soon, later := start.Add(10*time.Minute), start.Add(30*time.Minute)
	contoso, fabrikam := twoCustomers(true)
	type step struct {
		at     time.Duration // since the start
		set    bool
		id     soc.TenantID
		on     bool
		until  time.Time
		cont   soc.ReadOnly
		fabr   soc.ReadOnly
		forAll soc.ReadOnly
	}
	on := func(why string) soc.ReadOnly { return soc.ReadOnly{On: true, Why: text.NewLine(why)} }
	all := func(why string) soc.ReadOnly { return soc.ReadOnly{On: true, All: true, Why: text.NewLine(why)} }
	open := func(until time.Time) soc.ReadOnly { return soc.ReadOnly{Until: until} }
	never := time.Time{}
	for name, c := range map[string]struct {
		all   bool
		steps []step
	}{
		"all but one by the configuration": {true, []step{
			{cont: all(whyConfigured), fabr: open(never), forAll: all(whyConfigured)},
			{set: true, id: fabrikam.ID, on: true, cont: all(whyConfigured), fabr: on(whySwitched), forAll: all(whyConfigured)},
			{set: true, id: fabrikam.ID, until: later, cont: all(whyConfigured), fabr: open(later), forAll: all(whyConfigured)},
			{set: true, until: soon, cont: open(soon), fabr: open(later), forAll: open(soon)},
			{at: 10 * time.Minute, cont: all(whyRelocked), fabr: open(later), forAll: all(whyRelocked)},
			{set: true, on: true, cont: all(whySwitched), fabr: all(whySwitched), forAll: all(whySwitched)},
			{set: true, cont: open(never), fabr: open(later), forAll: open(never)},
		}},
		"one by the configuration": {false, []step{
			{cont: on(whyConfigured), fabr: open(never), forAll: open(never)},
			{set: true, id: contoso.ID, until: soon, cont: open(soon), fabr: open(never), forAll: open(never)},
			{at: 10*time.Minute - 1, cont: open(soon), fabr: open(never), forAll: open(never)},
			{at: 10 * time.Minute, cont: on(whyRelocked), fabr: open(never), forAll: open(never)},
			{at: time.Minute, cont: on(whyRelocked), fabr: open(never), forAll: open(never)}, // the clock was set back
			{set: true, id: contoso.ID, on: true, cont: on(whySwitched), fabr: open(never), forAll: open(never)},
		}},
		"all by the configuration": {true, []step{
			{cont: all(whyConfigured), fabr: all(whyConfigured), forAll: all(whyConfigured)},
			{set: true, id: contoso.ID, cont: all(whyConfigured), fabr: all(whyConfigured), forAll: all(whyConfigured)}, // does not help alone
			{set: true, until: later, cont: open(later), fabr: open(later), forAll: open(later)},                        // with the other it does
			{set: true, id: contoso.ID, until: soon, cont: open(soon), fabr: open(later), forAll: open(later)},
			{at: 20 * time.Minute, cont: on(whyRelocked), fabr: open(later), forAll: open(later)},
			{at: 40 * time.Minute, cont: all(whyRelocked), fabr: all(whyRelocked), forAll: all(whyRelocked)},
		}},
		"unlocked for longer than all are": {false, []step{
			{set: true, until: soon, cont: on(whyConfigured), fabr: open(soon), forAll: open(soon)},
			{set: true, id: contoso.ID, until: later, cont: open(soon), fabr: open(soon), forAll: open(soon)},
			{at: 15 * time.Minute, cont: all(whyRelocked), fabr: all(whyRelocked), forAll: all(whyRelocked)},
		}},
		"switched on": {false, []step{
			{set: true, id: fabrikam.ID, on: true, until: soon, cont: on(whyConfigured), fabr: on(whySwitched), forAll: open(never)},
			{at: time.Hour, cont: on(whyConfigured), fabr: on(whySwitched), forAll: open(never)}, // a lock that is on stays on
			{set: true, on: true, cont: all(whySwitched), fabr: all(whySwitched), forAll: all(whySwitched)},
			{set: true, id: "nobody", cont: all(whySwitched), fabr: all(whySwitched), forAll: all(whySwitched)},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := &hand{start}
			list := []*tenants.Tenant{contoso, fabrikam}
			if name == "all by the configuration" {
				locked := *fabrikam // as configuration gives it to those that say nothing else
				locked.ReadOnly = true
				list[1] = &locked
			}
			l := newLocks(c.all, list, clock.now)
			for n, s := range c.steps {
				clock.at = start.Add(s.at)
				if s.set {
					l.set(s.id, s.on, s.until)
				}
				if cont, fabr, forAll := l.of(contoso.ID), l.of(fabrikam.ID), l.of(""); cont != s.cont || fabr != s.fabr || forAll != s.forAll {
					t.Errorf("step %d:\n%+v, want %+v\n%+v, want %+v\n%+v, want %+v", n, cont, s.cont, fabr, s.fabr, forAll, s.forAll)
				}
				if (l.leave(&contoso.Tenant) == nil) == s.cont.On {
					t.Errorf("step %d: a write passes although %+v", n, s.cont)
				}
			}
		})
	}
}

// A laptop that slept has moved on by the wall's clock alone.
func TestALockClosesByTheWallsClockToo(t *testing.T) {
	t.Parallel()
	until := time.Now()
	if !passed(until, until.Add(time.Second).Round(0)) || passed(until, until.Add(-time.Second)) || passed(time.Time{}, until) {
		t.Error("the time is not read right")
	}
}

func TestARefusalSaysWhoWhyAndHowToUnlock(t *testing.T) {
	t.Parallel()
	contoso, fabrikam := twoCustomers(true)
	for name, c := range map[string]struct {
		all     bool
		tenant  *tenants.Tenant
		summary string
		next    string
	}{
		"one":      {false, contoso, "Contoso Ltd (CONT) is read-only (the configuration says so): nothing was sent", "unlock CONT first, or take read_only out of the configuration"},
		"all":      {true, contoso, "all customers are read-only, CONT with them (the configuration says so): nothing was sent", "unlock all customers first, or take read_only out of the configuration"},
		"a nobody": {false, fabrikam, "Fabrikam (FABR) is read-only (nothing is read of this customer here): nothing was sent", "start the console with this customer"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p *soc.Problem
			err := newLocks(c.all, []*tenants.Tenant{contoso}, time.Now).leave(&c.tenant.Tenant)
			if !errors.As(err, &p) || p.Kind != soc.ProblemUnsafe || p.Summary.String() != c.summary || p.Next.String() != c.next {
				t.Errorf("%v; next %v", err, p)
			}
			if strings.Contains(p.Summary.String(), "\n") {
				t.Error("two lines")
			}
		})
	}
}
