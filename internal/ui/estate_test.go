package ui

import (
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// incident makes one as the queue knows it.
func incident(t *soc.Tenant, id string, sev soc.Severity, age time.Duration, title string, change ...func(*soc.Incident)) *soc.Incident {
	i := &soc.Incident{
		Ref: soc.Ref{Tenant: t.ID, Code: t.Code, Source: soc.SourceDefender, ID: id}, Tenant: t, Title: text.NewLine(title),
		Severity: sev, State: soc.StateNew, Priority: -1, Classification: soc.ClassificationUnknown,
		Created: noon().Add(-age), Updated: noon().Add(-2 * time.Minute), AlertCount: 1,
		Sources: []soc.SourceRef{{Kind: soc.SourceDefender, ID: id}},
	}
	for _, f := range change {
		f(i)
	}
	return i
}

func entities(list ...string) []soc.Entity {
	var out []soc.Entity
	for n := 0; n+1 < len(list); n += 2 {
		out = append(out, soc.Entity{Kind: soc.EntityKind(list[n]), Name: text.NewLine(list[n+1])})
	}
	return out
}

func head(title string, age time.Duration, service soc.Product, reached ...string) soc.AlertHead {
	h := soc.AlertHead{Title: text.NewLine(title), At: noon().Add(-age), Severity: soc.SeverityMedium, Service: service}
	for _, r := range reached {
		h.Reached = append(h.Reached, text.NewLine(r))
	}
	return h
}

// estate is five customers, one in each state, with the incidents of the design's picture.
func estate() *soc.Snapshot {
	cont, fabr, wood := customer(1, "CONT", "Contoso Ltd"), customer(2, "FABR", "Fabrikam"), customer(3, "WOOD", "Woodgrove Bank")
	tail, wing := customer(4, "TAIL", "Tailspin Toys"), customer(5, "WING", "Wingtip Toys")
	owner := func(name string, state soc.State) func(*soc.Incident) {
		return func(i *soc.Incident) { i.AssignedTo, i.State = text.NewLine(name), state }
	}
	s := &soc.Snapshot{Version: 1, At: noon(), Analyst: soc.Analyst{UPN: text.NewLine("kai@northwind.example"), Name: text.NewLine("Kai Castellano")}}
	s.Parts = []soc.Part{
		{Status: fresh(cont), Incidents: []*soc.Incident{
			incident(cont, "28282", soc.SeverityHigh, 48*time.Minute, "Multi-stage incident: initial access and C2", func(i *soc.Incident) {
				i.AlertCount = 7
				i.Digest = soc.Digest{Entities: entities("device", "PC-23", "device", "PC-31", "device", "FS-01", "user", "kai.c", "user", "mira.s"),
					Techniques: []text.Line{text.NewLine("T1564.001"), text.NewLine("T1059.001")},
					Heads: []soc.AlertHead{head("Suspicious execution of hidden file", 41*time.Minute, "microsoftDefenderForEndpoint", "PC-23", "kai.c"),
						head("Connection to a known C2 address", 38*time.Minute, "microsoftDefenderForEndpoint", "PC-23", "203.0.113.7")}}
			}),
			incident(cont, "28290", soc.SeverityLow, 140*time.Minute, "Unusual sign-in", owner("mira@northwind.example", soc.StateActive)),
		}},
		{Status: fresh(fabr), Incidents: []*soc.Incident{
			incident(fabr, "1204", soc.SeverityHigh, 26*time.Minute, "Ransomware activity on FS-01", owner("kai@northwind.example", soc.StateNew), func(i *soc.Incident) {
				i.AlertCount, i.Digest.Entities = 2, entities("device", "FS-01")
			}),
			incident(fabr, "1180", soc.SeverityMedium, 5*time.Hour, "Old story", func(i *soc.Incident) { i.State, i.RedirectTo = soc.StateRedirected, "1204" }),
		}},
		{Status: soc.Status{Tenant: wood, Health: soc.HealthStale, LastGood: noon().Add(-14 * time.Minute), Problem: text.NewLine("no answer"),
			Next: text.NewLine("trying again by itself")}, Incidents: []*soc.Incident{
			incident(wood, "311", soc.SeverityMedium, 110*time.Minute, "Suspicious inbox rule", owner("Defender Experts", soc.StateAwaiting), func(i *soc.Incident) {
				i.Digest.Entities = entities("user", "ana")
			}),
		}},
		{Status: soc.Status{Tenant: tail, Health: soc.HealthThrottled, LastGood: noon().Add(-time.Minute), Until: noon().Add(time.Minute),
			Problem: text.NewLine("the Graph service asked to wait")}},
		{Status: soc.Status{Tenant: wing, Health: soc.HealthNoAccess, Problem: text.NewLine("your account is not in this tenant yet"),
			Next: text.NewLine("request access")}},
	}
	for n := range s.Parts {
		soc.SortPart(s.Parts[n].Incidents)
	}
	return s
}

func fresh(t *soc.Tenant) soc.Status {
	return soc.Status{Tenant: t, Health: soc.HealthFresh, LastGood: noon().Add(-12 * time.Second), Until: noon().Add(48 * time.Second), Calls: 2}
}

// with gives a later snapshot in which one customer has other rows.
func with(s *soc.Snapshot, part int, list ...*soc.Incident) *soc.Snapshot {
	next := *s
	next.Version++
	next.Parts = append([]soc.Part(nil), s.Parts...)
	soc.SortPart(list)
	next.Parts[part].Incidents = list
	next.Parts[part].Rows++
	return &next
}
