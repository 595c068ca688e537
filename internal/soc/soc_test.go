package soc

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/text"
)

const (
	contoso  TenantID = "0a1b2c3d-0000-4000-8000-000000000001"
	fabrikam TenantID = "0a1b2c3d-0000-4000-8000-000000000002"
)

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func tenant(id TenantID, code Code, groups ...string) *Tenant {
	return &Tenant{ID: id, Code: code, Name: text.NewLine(string(code) + " Ltd"), Groups: groups,
		SLA: SLATargets{SeverityHigh: time.Hour, SeverityMedium: 4 * time.Hour}}
}

// incident makes one that is an hour and a half old unless changed.
func incident(t *Tenant, id string, change ...func(*Incident)) *Incident {
	i := &Incident{
		Ref: Ref{Tenant: t.ID, Code: t.Code, Source: SourceDefender, ID: id}, Tenant: t, Title: text.NewLine("Incident " + id),
		Severity: SeverityLow, State: StateNew, Priority: -1,
		Created: noon().Add(-90 * time.Minute), Updated: noon().Add(-time.Minute),
	}
	for _, f := range change {
		f(i)
	}
	return i
}

func snapshot(parts ...Part) *Snapshot {
	for _, p := range parts {
		SortPart(p.Incidents)
	}
	return &Snapshot{Version: 1, At: noon(), Parts: parts, Analyst: Analyst{UPN: text.NewLine("kai@northwind.example"), Name: text.NewLine("Kai Castellano")}}
}

func part(t *Tenant, list ...*Incident) Part {
	return Part{Status: Status{Tenant: t, Health: HealthFresh, LastGood: noon()}, Incidents: list}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	good := map[string]Ref{
		"CONT-28282":  {Code: "CONT", Source: SourceDefender, ID: "28282"},
		"cont-28282":  {Code: "CONT", Source: SourceDefender, ID: "28282"},
		" CONT-S104 ": {Code: "CONT", Source: SourceSentinel, ID: "104"},
		"FA2-da637_x": {Code: "FA2", Source: SourceDefender, ID: "da637_x"},
	}
	for in, want := range good {
		got, err := ParseRef(in)
		if err != nil || got != want {
			t.Errorf("ParseRef(%q) = %+v, %v; want %+v", in, got, err, want)
		}
		if again, err := ParseRef(got.String()); err != nil || again != got {
			t.Errorf("%q does not read back: %+v, %v", got.String(), again, err)
		}
	}
	for _, in := range []string{"", "CONT", "CONT-", "-5", "C-5", "TOOLONGCODE-1", "CONT-1/2", "CONT-..", "CONT-a b", "CÖNT-5", "CONT-\x1b[m"} {
		if got, err := ParseRef(in); err == nil {
			t.Errorf("ParseRef(%q) = %+v, want an error", in, got)
		} else if strings.ContainsRune(err.Error(), 0x1b) {
			t.Errorf("the error repeats raw input: %q", err)
		}
	}
	if got, err := ParseRef("28282"); !errors.Is(err, ErrBareNumber) || got.ID != "28282" {
		t.Errorf("a bare number: %+v, %v", got, err)
	}
}

func TestTenantIDs(t *testing.T) {
	t.Parallel()
	if id, err := ParseTenantID("0A1B2C3D-0000-4000-8000-000000000001"); err != nil || id != contoso {
		t.Errorf("%q, %v", id, err)
	}
	for _, in := range []string{"", "contoso.com", "0a1b2c3d000040008000000000000001", "{0a1b2c3d-0000-4000-8000-000000000001}", string(contoso) + "\n"} {
		if _, err := ParseTenantID(in); err == nil {
			t.Errorf("%q passes as a tenant id", in)
		}
	}
}

func TestEnumsReadAnyCaseAndKeepWhatTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	cases := []struct{ got, want string }{
		{string(ParseSeverity("High")), "high"},
		{string(ParseSeverity("")), "unknown"},
		{string(ParseSeverity("critical\x1b[m")), text.Escape("critical\x1b[m")},
		{string(ParseState("active")), "new"},
		{string(ParseState("InProgress")), "active"},
		{string(ParseState("awaitingAction")), "awaiting"},
		{string(ParseState("unknownFutureValue")), "unknown"},
		{string(ParseState("paused")), "paused"},
		{string(ParseClassification("TruePositive")), "truePositive"},
		{string(ParseDetermination("compromisedUser")), "compromisedAccount"},
		{string(ParseDetermination("Clean")), "notMalicious"},
		{string(ParseDetermination("MultiStagedAttack")), "multiStagedAttack"},
		{string(ParseDetermination("brandNew")), "brandNew"},
		{string(ParseAlertState("InProgress")), "inProgress"},
	}
	for n, c := range cases {
		if c.got != c.want {
			t.Errorf("case %d: %q, want %q", n, c.got, c.want)
		}
	}
}

func TestSLA(t *testing.T) {
	t.Parallel()
	gold := tenant(contoso, "CONT")
	cases := []struct {
		name  string
		age   time.Duration
		sev   Severity
		state State
		want  SLAState
		left  time.Duration
	}{
		{"time left", 30 * time.Minute, SeverityHigh, StateNew, SLARuns, 30 * time.Minute},
		{"the last quarter of an hour", 45 * time.Minute, SeverityHigh, StateActive, SLARisk, 15 * time.Minute},
		{"the last second", time.Hour, SeverityHigh, StateNew, SLAMissed, 0},
		{"missed", 90 * time.Minute, SeverityHigh, StateAwaiting, SLAMissed, -30 * time.Minute},
		{"resolved", 90 * time.Minute, SeverityHigh, StateResolved, SLADone, 0},
		{"nothing agreed", 90 * time.Minute, SeverityLow, StateNew, SLANone, 0},
	}
	for _, c := range cases {
		i := incident(gold, "1", func(i *Incident) { i.Created, i.Severity, i.State = noon().Add(-c.age), c.sev, c.state })
		if got := SLAOf(i, noon()); got.State != c.want || got.Left != c.left {
			t.Errorf("%s: %s, %s left; want %s, %s", c.name, got.State, got.Left, c.want, c.left)
		}
	}
}

func refs(list []*Incident) string {
	out := make([]string, len(list))
	for n, i := range list {
		out[n] = i.Ref.String()
	}
	return strings.Join(out, " ")
}

func TestOrders(t *testing.T) {
	t.Parallel()
	c, f := tenant(contoso, "CONT"), tenant(fabrikam, "FABR")
	fresh := func(i *Incident) { i.Created = noon().Add(-10 * time.Minute) }
	list := []*Incident{
		incident(c, "1", func(i *Incident) { i.State = StateResolved; i.Severity = SeverityHigh }),
		incident(c, "2"),
		incident(f, "3", fresh, func(i *Incident) { i.Severity = SeverityHigh }),
		incident(f, "4", func(i *Incident) { i.State = StateAwaiting }),
		incident(c, "5", func(i *Incident) { i.Severity = SeverityHigh; i.AssignedTo = text.NewLine("kai") }),
		incident(f, "6", fresh, func(i *Incident) { i.Severity = SeverityHigh; i.AssignedTo = text.NewLine("kai"); i.Priority = 90 }),
		incident(c, "7", func(i *Incident) { i.Created = noon().Add(-2 * time.Hour) }),
	}
	want := map[Order]string{
		OrderUrgency:  "CONT-5 FABR-4 FABR-3 FABR-6 CONT-7 CONT-2 CONT-1",
		OrderSeverity: "FABR-6 CONT-1 CONT-5 FABR-3 CONT-7 CONT-2 FABR-4",
		OrderAge:      "CONT-7 CONT-1 CONT-2 CONT-5 FABR-4 FABR-3 FABR-6",
		OrderTenant:   "CONT-7 CONT-1 CONT-2 CONT-5 FABR-4 FABR-3 FABR-6",
	}
	for order, refsInOrder := range want {
		for turn := range 3 {
			shuffled := slices.Clone(list)
			for n := range shuffled {
				k := (n*5 + turn*3) % len(shuffled)
				shuffled[n], shuffled[k] = shuffled[k], shuffled[n]
			}
			Sort(shuffled, order, noon())
			if got := refs(shuffled); got != refsInOrder {
				t.Errorf("by %s: %s, want %s", order, got, refsInOrder)
			}
		}
	}
	if got := Reason(list[4], noon()); got != "SLA missed 30m ago, high" {
		t.Errorf("reason %q", got)
	}
	if got := Reason(list[2], noon()); got != "high, unclaimed" {
		t.Errorf("reason %q", got)
	}
}

func TestFollowStaysWithinTheCustomerAndOutOfRings(t *testing.T) {
	t.Parallel()
	c, f := tenant(contoso, "CONT"), tenant(fabrikam, "FABR")
	into := func(id string) func(*Incident) {
		return func(i *Incident) { i.State = StateRedirected; i.RedirectTo = id }
	}
	s := snapshot(
		part(c, incident(c, "1", into("2")), incident(c, "2", into("3")), incident(c, "3"),
			incident(c, "10", into("11")), incident(c, "11", into("10")), incident(c, "20", into("77"))),
		part(f, incident(f, "77"), incident(f, "3")))
	cases := map[string]string{"1": "CONT-3", "2": "CONT-3", "3": "CONT-3", "10": "CONT-11", "20": "CONT-20"}
	for id, want := range cases {
		got, ok := s.Follow(Ref{Tenant: contoso, Code: "CONT", Source: SourceDefender, ID: id})
		if !ok || got.Ref.String() != want {
			t.Errorf("%s leads to %v, want %s", id, got, want)
		}
	}
	if list := s.Numbered("3"); len(list) != 2 {
		t.Errorf("the number 3 is %s", refs(list))
	}
	if _, ok := s.Find(Ref{Tenant: fabrikam, Source: SourceDefender, ID: "1"}); ok {
		t.Error("Contoso's incident was found under Fabrikam")
	}
}
