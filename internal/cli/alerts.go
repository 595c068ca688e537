package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/graph"
	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/text"
)

func (c *command) alertsCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "alerts", Aliases: []string{"alert"}, Short: "Alerts of all customers"}
	var f listFlags
	var since time.Duration
	var severities []string
	list := &cobra.Command{
		Use: "list", Short: "List alerts with their evidence, latest change first",
		Example: "  socctl alerts list --tenant CONT --since 4h --severity high\n  socctl alerts list --output ndjson",
		Args:    noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.listAlerts(cmd.Context(), f, since, severities)
		},
	}
	f.flags(list)
	f.choice(list, "", soc.OrderUpdated)
	spanVar(list.Flags(), &since, "since", 24*time.Hour, "changed within this time, such as 90m, 4h or 2d")
	list.Flags().StringSliceVar(&severities, "severity", nil, "only these: high, medium, low, informational, unknown")
	several(list, "severity", severityNames())
	cmd.AddCommand(list)
	return noun(cmd)
}

func (c *command) listAlerts(ctx context.Context, f listFlags, since time.Duration, severities []string) error {
	if err := f.check(); err != nil {
		return err
	}
	if since <= 0 {
		return usagef("--since %s: name a time such as 4h", since)
	}
	q := graph.AlertQuery{Since: c.host.Now().Add(-since)}
	for _, s := range severities {
		sev, err := knownSeverity(s)
		if err != nil {
			return err
		}
		q.Severities = append(q.Severities, sev)
	}
	want, err := c.want(f)
	if err != nil {
		return err
	}
	a, done, err := c.open(ctx, want.cfg, want.only)
	if err != nil {
		return err
	}
	defer done()
	only := want.only
	if only == nil {
		only = want.cfg.Registry.All()
	}
	snap, all := readAlerts(ctx, a, only, q)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped before everything was read: %w", err)
	}
	c.sayNobody(want.filter, a.Snapshot().Analyst)
	found := pick(all, want.filter, want.order, a.Snapshot().Analyst, c.host.Now())
	if f.limit > 0 && len(found) > f.limit {
		found = found[:f.limit]
	}
	if err := printListing(c.host, f.format, alertListing(a, snap, found, c.host.Now())); err != nil {
		return err
	}
	return c.outcome(snap)
}

// knownSeverity reads a severity that the service can be asked for.
func knownSeverity(s string) (soc.Severity, error) {
	for _, known := range soc.Severities() {
		if strings.EqualFold(s, string(known)) {
			return known, nil
		}
	}
	names := severityNames()
	if near, ok := soc.Nearest(s, names); ok {
		return "", usagef("--severity: there is no severity %s: did you mean %s?", text.Quote(s), near)
	}
	return "", usagef("--severity: there is no severity %s: there are %s", text.Quote(s), strings.Join(names, ", "))
}

func severityNames() []string {
	var names []string
	for _, s := range soc.Severities() {
		names = append(names, string(s))
	}
	return names
}

// tenantAlert is an alert with the customer that was asked for it.
type tenantAlert struct {
	tenant *soc.Tenant
	alert  soc.Alert
}

// alertTimeout bounds the read of one customer's alerts.
const alertTimeout = 2 * time.Minute

// readAlerts asks all customers at once; each fails alone.
func readAlerts(ctx context.Context, a *app.App, list []*tenants.Tenant, q graph.AlertQuery) (*soc.Snapshot, []tenantAlert) {
	snap := &soc.Snapshot{At: time.Now(), Parts: make([]soc.Part, len(list))}
	got := make([][]tenantAlert, len(list))
	ctx, cancel := context.WithTimeout(ctx, alertTimeout)
	defer cancel()
	var wg sync.WaitGroup
	for n, t := range list {
		status := &snap.Parts[n].Status
		*status = soc.Status{Tenant: &t.Tenant, Health: soc.HealthFresh}
		fail := func(err error) {
			p := soc.ProblemOf(err)
			*status = soc.Status{Tenant: &t.Tenant, Health: healthOf(p), Problem: text.NewLine(p.Error()), Next: p.Next, Err: err}
			a.Report(fmt.Errorf("alerts of %s: %w", t.Code, err))
		}
		guard.Go(&wg, "the alerts of "+string(t.Code), fail, func() error {
			lost, err := a.Alerts(ctx, t.ID, q, func(page []soc.Alert) error {
				for _, al := range page {
					got[n] = append(got[n], tenantAlert{&t.Tenant, al})
				}
				return nil
			})
			if err == nil {
				status.LastGood = time.Now()
			}
			if lost > 0 {
				status.Partial = text.NewLine(fmt.Sprintf("%d alerts could not be read", lost))
			}
			return err
		})
	}
	wg.Wait()
	return snap, slices.Concat(got...)
}

// pick gives the alerts that match, in the order asked for. Filter and order are those of incidents: an alert is looked at
// as an incident of its own.
func pick(all []tenantAlert, f soc.Filter, by soc.Order, me soc.Analyst, now time.Time) []tenantAlert {
	scope := &soc.Scope{Me: me, Now: now}
	places := make(map[*soc.Incident]int, len(all))
	var views []*soc.Incident
	for n := range all {
		if v := all[n].view(n); f.Match(v, scope) {
			places[v] = n
			views = append(views, v)
		}
	}
	soc.Sort(views, by, now)
	picked := make([]tenantAlert, len(views))
	for n, v := range views {
		picked[n] = all[places[v]]
	}
	return picked
}

// view is an alert as an incident of its own, for filters and orders alone. Its number keeps equal ones in their order.
func (t *tenantAlert) view(n int) *soc.Incident {
	a := &t.alert
	v := &soc.Incident{Ref: soc.Ref{Tenant: t.tenant.ID, Code: t.tenant.Code, Source: soc.SourceDefender, ID: fmt.Sprintf("%09d", n)},
		Tenant: t.tenant, Title: a.Title, Severity: a.Severity, Priority: -1, AssignedTo: a.AssignedTo, Created: a.Created, Updated: a.Updated,
		State: soc.StateNew, AlertCount: -1, SystemTags: a.SystemTags, Classification: a.Classification, Determination: a.Determination,
		ForeignTenant: a.ForeignTenant,
		Digest: soc.Digest{Heads: []soc.AlertHead{{Title: a.Title}}, Techniques: a.Techniques, Detections: []soc.Detection{a.Detection},
			Services: []soc.Product{a.Service}}}
	switch a.State {
	case "inProgress":
		v.State = soc.StateActive
	case "resolved":
		v.State = soc.StateResolved
	}
	for _, e := range a.Evidence {
		v.Digest.Entities = append(v.Digest.Entities, soc.Entity{Kind: graph.KindOf(e.Kind), Name: e.Name})
	}
	return v
}

// healthOf is the state of a customer after a problem.
func healthOf(p *soc.Problem) soc.Health {
	switch p.Kind {
	case soc.ProblemNoAccess, soc.ProblemSignIn:
		return soc.HealthNoAccess
	case soc.ProblemThrottled:
		return soc.HealthThrottled
	}
	return soc.HealthStale
}

func alertListing(a *app.App, snap *soc.Snapshot, found []tenantAlert, now time.Time) listing[alertRecord] {
	l := listing[alertRecord]{
		columns: []column{{title: "INCIDENT"}, {title: "SEVERITY"}, {title: "STATUS", drop: 4}, {title: "CUSTOMER", drop: 5}, {title: "TITLE", flex: true},
			{title: "SOURCE", drop: 2}, {title: "UPDATED", drop: 3}, {title: "ID", drop: 1}},
		tenants: stateRecords(snap, now), complete: snap.Complete(),
	}
	for n := range found {
		r := newAlertRecord(a, found[n].tenant, &found[n].alert)
		l.items = append(l.items, r)
		l.rows = append(l.rows, []string{r.Incident.String(), string(r.Severity), string(r.Status), r.Tenant.Name.String(),
			r.Title.String(), string(r.Service), stamp(found[n].alert.Updated), r.ID.String()})
	}
	return l
}
