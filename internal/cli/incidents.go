package cli

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/ui/page/queue"
)

// listFlags are the flags of every list.
type listFlags struct {
	scope  scope
	filter string
	sort   string
	limit  int
	format format
}

func (l *listFlags) flags(cmd *cobra.Command) {
	cmd.Flags().StringSliceVarP(&l.scope.tenants, "tenant", "t", nil, "only these customers, by code")
	cmd.Flags().StringSliceVarP(&l.scope.groups, "group", "g", nil, "only the customers of these groups")
	cmd.Flags().IntVarP(&l.limit, "limit", "n", 0, "at most so many, the first in the order; 0 for all")
	l.format.flag(cmd, listFormats())
}

// choice adds the flags that choose and order what is listed.
func (l *listFlags) choice(cmd *cobra.Command, filter string, order soc.Order) {
	cmd.Flags().StringVarP(&l.filter, "filter", "f", filter, "which ones, such as 'sev:high status:new -owner:me'; docs/filter.md has all words")
	var orders []string
	for _, o := range soc.Orders() {
		orders = append(orders, string(o))
	}
	cmd.Flags().StringVarP(&l.sort, "sort", "s", string(order), "one of "+strings.Join(orders, ", "))
	fixed(cmd, "sort", orders)
}

// want is what the flags of a list ask for, against the configuration.
type want struct {
	cfg    *config.Config
	filter soc.Filter
	order  soc.Order
	only   []*tenants.Tenant // nil for all
}

// want reads the configuration and the flags that choose and order.
func (c *command) want(f listFlags) (want, error) {
	cfg, err := c.load()
	if err != nil {
		return want{}, err
	}
	w := want{cfg: cfg}
	if w.order, err = soc.ParseOrder(f.sort); err != nil {
		return want{}, &usageError{fmt.Errorf("--sort: %w", err)}
	}
	if w.filter, err = soc.ParseFilter(f.filter, cfg.Registry.Vocabulary()); err != nil {
		return want{}, fmt.Errorf("--filter: %w", err)
	}
	w.only, err = f.scope.choose(cfg.Registry)
	return w, err
}

func (l *listFlags) check() error {
	if l.limit < 0 {
		return usagef("--limit %d: a limit is not negative", l.limit)
	}
	return l.format.check()
}

func (c *command) incidentsCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "incidents", Aliases: []string{"incident"}, Short: "Incidents of all customers"}
	cmd.AddCommand(c.incidentsListCmd(), c.incidentsShowCmd())
	return noun(cmd)
}

func (c *command) incidentsListCmd() *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List incidents, most urgent first",
		Example: "  socctl incidents list --filter 'sev:high status:new owner:none'\n" +
			"  socctl incidents list --group gold --sort age --output json",
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.listIncidents(cmd.Context(), f) },
	}
	f.flags(cmd)
	f.choice(cmd, "status:open", soc.OrderUrgency)
	return cmd
}

func (c *command) listIncidents(ctx context.Context, f listFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	want, err := c.want(f)
	if err != nil {
		return err
	}
	a, snap, done, err := c.read(ctx, want.cfg, want.only)
	if err != nil {
		return err
	}
	defer done()
	c.rememberRefs(want.cfg, snap)
	c.sayNobody(want.filter, snap.Analyst)
	now := c.host.Now()
	found := snap.Select(want.filter, want.order, now)
	if f.limit > 0 && len(found) > f.limit {
		found = found[:f.limit]
	}
	if err := printListing(c.host, f.format, incidentListing(a, snap, found, now)); err != nil {
		return err
	}
	return c.outcome(snap)
}

// sayNobody says why owner:me finds nothing where an application is signed in.
func (c *command) sayNobody(f soc.Filter, me soc.Analyst) {
	if !me.Known() && asksForMe(f.String()) {
		_, _ = fmt.Fprintln(c.host.Err, "owner:me names nobody: socctl is signed in as an application, which has no incidents of its own")
	}
}

var (
	quotedText = regexp.MustCompile(`"[^"]*"`)
	ownerIsMe  = regexp.MustCompile(`(?i)(^|[\s(-])owner:([^\s()]*,)?me([,\s)]|$)`)
)

// asksForMe tells whether a filter that was understood asks for the analyst's own incidents. What stands between
// quotation marks is looked for as text.
func asksForMe(filter string) bool {
	return ownerIsMe.MatchString(quotedText.ReplaceAllString(filter, `""`))
}

func incidentListing(a *app.App, snap *soc.Snapshot, found []*soc.Incident, now time.Time) listing[incidentRecord] {
	l := listing[incidentRecord]{
		columns: []column{{title: "REF"}, {title: "SEVERITY"}, {title: "STATUS", drop: 5}, {title: "LEFT", right: true, drop: 3},
			{title: "CUSTOMER", drop: 6}, {title: "TITLE", flex: true}, {title: "ALERTS", right: true, drop: 2}, {title: "OWNER", drop: 4},
			{title: "CREATED", drop: 1}},
		tenants: stateRecords(snap, now), complete: snap.Complete(),
	}
	for _, i := range found {
		l.items = append(l.items, newIncidentRecord(a, i, now))
		left := ""
		if s := soc.SLAOf(i, now); s.State != soc.SLANone && s.State != soc.SLADone {
			left = soc.Clock(s.Left)
		}
		l.rows = append(l.rows, []string{i.Ref.String(), string(i.Severity), string(i.State), left, i.Tenant.Name.String(),
			i.Title.String(), queue.AlertCount(i), i.AssignedTo.String(), stamp(i.Created)})
	}
	return l
}

func (c *command) incidentsShowCmd() *cobra.Command {
	var f format
	cmd := &cobra.Command{
		Use: "show REF", Short: "Show one incident with its alerts and evidence", Example: "  socctl incidents show CONT-28282",
		Args: oneRef, RunE: func(cmd *cobra.Command, args []string) error { return c.showIncident(cmd.Context(), f, args[0]) },
	}
	f.flag(cmd, oneFormats())
	return cmd
}

// oneRef wants exactly one reference.
func oneRef(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usagef("name one incident, for example CONT-28282")
	}
	return nil
}

func (c *command) showIncident(ctx context.Context, f format, arg string) error {
	if err := f.check(); err != nil {
		return err
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	n, err := c.resolve(ctx, cfg, arg)
	if err != nil {
		return err
	}
	defer func() { n.done() }()
	if n.ref.Source != soc.SourceDefender {
		return usagef("%s is an incident that only Sentinel has: this version reads Defender XDR alone", n.ref)
	}
	if n.app == nil {
		app, done, err := c.open(ctx, cfg, []*tenants.Tenant{n.tenant})
		if err != nil {
			return err
		}
		n.app, n.done = app, done
	}
	a := n.app
	i, err := a.Incident(ctx, n.ref)
	if err != nil {
		return fmt.Errorf("%s (%s): %w", n.tenant.Name, n.tenant.Code, err)
	}
	record := newIncidentDetail(a, i, c.host.Now())
	if err := printDetail(c.host, f, i, record); err != nil {
		return err
	}
	if why := i.AlertsProblem.String(); why != "" {
		_, _ = fmt.Fprintf(c.host.Err, "%s: not all alerts could be read: %s\n", i.Ref, why)
		return &partialError{failed: 1, all: 1}
	}
	return nil
}

func printDetail(h Host, f format, i *soc.Incident, d incidentDetail) error {
	switch f.name {
	case "json":
		return printJSON(h.Out, d)
	case "yaml":
		return printYAML(h.Out, d)
	}
	return printIncident(h, i, d)
}

// named is the incident that a command line names. Where customers had to be asked whose it is, the app that asked is
// there too, to go on with: nobody signs in twice for one command.
type named struct {
	ref    soc.Ref
	tenant *tenants.Tenant
	app    *app.App // or nil
	done   func()   // never nil
}

// resolve finds whose incident is meant. A bare number is looked for at all customers, and taken only where exactly one
// has it and all of them answered.
func (c *command) resolve(ctx context.Context, cfg *config.Config, arg string) (named, error) {
	n := named{done: func() {}}
	ref, err := soc.ParseRef(arg)
	if errors.Is(err, soc.ErrBareNumber) {
		return c.resolveNumber(ctx, cfg, ref.ID)
	}
	if err != nil {
		return n, &usageError{err}
	}
	n.ref, n.tenant, err = cfg.Registry.Resolve(ref)
	return n, err
}

// resolveNumber asks every customer for the number. Only where all of them answered and exactly one has it, it is clear
// whose incident is meant.
func (c *command) resolveNumber(ctx context.Context, cfg *config.Config, id string) (named, error) {
	a, done, err := c.open(ctx, cfg, nil)
	if err != nil {
		return named{}, err
	}
	n := named{app: a, done: done}
	found, failed := a.Holders(ctx, id)
	if err := ctx.Err(); err != nil {
		done()
		return named{}, fmt.Errorf("stopped before everybody was asked: %w", err)
	}
	ref, err := c.theOne(cfg.Registry.All(), id, found, failed)
	if err == nil {
		n.ref, n.tenant, err = cfg.Registry.Resolve(ref)
	}
	if err != nil {
		done()
		return named{}, err
	}
	return n, nil
}

// theOne decides whose incident a bare number is. Customers that could not be asked are named on standard error.
func (c *command) theOne(all []*tenants.Tenant, id string, found []soc.Ref, failed map[soc.Code]error) (soc.Ref, error) {
	var names []string
	for _, r := range found {
		names = append(names, r.String())
	}
	if len(found) > 1 {
		return soc.Ref{}, usagef("%d customers have an incident %s: say which, %s", len(found), id, strings.Join(names, " or "))
	}
	closed := 0
	for _, t := range all {
		if err := failed[t.Code]; err != nil {
			p := soc.ProblemOf(err)
			if healthOf(p) == soc.HealthNoAccess {
				closed++
			}
			_, _ = fmt.Fprintf(c.host.Err, "%s (%s): %s: %s\n", t.Code, t.Name, healthOf(p), p)
		}
	}
	switch {
	case closed == len(all):
		return soc.Ref{}, &accessError{errors.New("no customer let you in")}
	case len(failed) > 0 && len(found) == 1:
		return soc.Ref{}, usagef("not every customer could be asked who has an incident %s: write %s if that is the one", id, names[0])
	case len(failed) > 0:
		return soc.Ref{}, usagef("not every customer could be asked who has an incident %s: write CODE-%s", id, id)
	case len(found) == 0:
		return soc.Ref{}, usagef("no customer has an incident %s", id)
	}
	return found[0], nil
}
