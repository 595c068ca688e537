package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/text"
)

// customerRecord is a customer with the state of its data.
type customerRecord struct {
	stateRecord
	Name   text.Line `json:"name"`
	Domain text.Line `json:"domain"`
	Cloud  string    `json:"cloud"`
	Groups []string  `json:"groups"`
	Open   *int      `json:"open"`
	Next   text.Line `json:"next"`
}

func (c *command) tenantsCmd() *cobra.Command {
	cmd := &cobra.Command{Use: "tenants", Aliases: []string{"tenant", "customers"}, Short: "Customers, and how good their data is"}
	var f listFlags
	var offline bool
	list := &cobra.Command{
		Use: "list", Short: "List the customers with the state of each one's data",
		Args: noWords,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.listTenants(cmd.Context(), f, offline) },
	}
	f.flags(list)
	list.Flags().StringVarP(&f.filter, "filter", "f", "", "only customers with these words in code, name, state, groups, cloud or problem")
	list.Flags().StringVarP(&f.sort, "sort", "s", customerOrders()[0], "one of "+strings.Join(customerOrders(), ", "))
	fixed(list, "sort", customerOrders())
	list.Flags().BoolVar(&offline, "offline", false, "only what the configuration says: sign in nowhere, ask nobody")
	cmd.AddCommand(list)
	return noun(cmd)
}

func (c *command) listTenants(ctx context.Context, f listFlags, offline bool) error {
	if err := f.check(); err != nil {
		return err
	}
	if !slices.Contains(customerOrders(), f.sort) {
		return usagef("--sort: there is no order %s: there are %s", text.Quote(f.sort), strings.Join(customerOrders(), ", "))
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	only, err := f.scope.choose(cfg.Registry)
	if err != nil {
		return err
	}
	chosen := only
	if chosen == nil {
		chosen = cfg.Registry.All()
	}
	if offline {
		return printListing(c.host, f.format, customerListing(chosen, configured(chosen), c.host.Now()).pick(f))
	}
	_, snap, done, err := c.read(ctx, cfg, only)
	if err != nil {
		return err
	}
	defer done()
	if err := printListing(c.host, f.format, customerListing(chosen, snap, c.host.Now()).pick(f)); err != nil {
		return err
	}
	return c.outcome(snap)
}

// customerOrders lists the orders of customers, the default first: that of the configuration.
func customerOrders() []string { return []string{"configured", "code", "name", "state", "open"} }

// customerList is a listing of customers.
type customerList listing[customerRecord]

// pick gives the customers that match the filter, in the order asked for, up to the limit.
func (l customerList) pick(f listFlags) listing[customerRecord] {
	var places []int
	for n, row := range l.rows {
		all := strings.ToLower(strings.Join(row, " "))
		if !slices.ContainsFunc(strings.Fields(strings.ToLower(f.filter)), func(w string) bool { return !strings.Contains(all, w) }) {
			places = append(places, n)
		}
	}
	slices.SortStableFunc(places, func(x, y int) int { return compareCustomers(f.sort, &l.items[x], &l.items[y]) })
	if f.limit > 0 && len(places) > f.limit {
		places = places[:f.limit]
	}
	out := listing[customerRecord]{columns: l.columns, tenants: l.tenants, complete: l.complete}
	for _, n := range places {
		out.items, out.rows = append(out.items, l.items[n]), append(out.rows, l.rows[n])
	}
	return out
}

func compareCustomers(by string, a, b *customerRecord) int {
	switch by {
	case "code":
		return cmp.Compare(a.Code, b.Code)
	case "name":
		return cmp.Compare(strings.ToLower(a.Name.String()), strings.ToLower(b.Name.String()))
	case "state":
		return cmp.Compare(a.State, b.State)
	case "open":
		return cmp.Compare(openOf(b), openOf(a))
	}
	return 0
}

// openOf counts a customer that was never read as more than any other: it is the one to look at.
func openOf(r *customerRecord) int {
	if r.Open == nil {
		return 1 << 30
	}
	return *r.Open
}

// configured is a queue that nothing was read into.
func configured(chosen []*tenants.Tenant) *soc.Snapshot {
	snap := &soc.Snapshot{Parts: make([]soc.Part, len(chosen))}
	for n, t := range chosen {
		snap.Parts[n].Status = soc.Status{Tenant: &t.Tenant, Health: soc.HealthStarting}
	}
	return snap
}

func customerListing(chosen []*tenants.Tenant, snap *soc.Snapshot, now time.Time) customerList {
	l := customerList{
		columns: []column{{title: "CODE"}, {title: "CUSTOMER"}, {title: "STATE"}, {title: "OPEN", right: true, drop: 4}, {title: "GROUPS", drop: 3},
			{title: "CLOUD", drop: 1}, {title: "TENANT", drop: 2}, {title: "PROBLEM", flex: true}},
		tenants: stateRecords(snap, now), complete: snap.Complete(),
	}
	for n, t := range chosen {
		part := &snap.Parts[n]
		r := customerRecord{stateRecord: newStateRecord(&part.Status, now), Name: t.Name, Domain: t.Domain, Cloud: t.Cloud.Name,
			Groups: list(t.Groups), Next: part.Status.Next}
		open := "?"
		if !part.Status.LastGood.IsZero() {
			count := part.Open()
			r.Open, open = &count, fmt.Sprint(count)
		}
		l.items = append(l.items, r)
		l.rows = append(l.rows, []string{string(t.Code), t.Name.String(), string(r.State), open, strings.Join(t.Groups, ","),
			t.Cloud.Name, string(t.ID), r.Error.String()})
	}
	return l
}
