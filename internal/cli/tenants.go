package cli

import (
	"context"
	"fmt"
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
	list.Flags().BoolVar(&offline, "offline", false, "only what the configuration says: sign in nowhere, ask nobody")
	cmd.AddCommand(list)
	return noun(cmd)
}

func (c *command) listTenants(ctx context.Context, f listFlags, offline bool) error {
	if err := f.check(); err != nil {
		return err
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
		return printListing(c.host, f.format, customerListing(chosen, configured(chosen), c.host.Now(), f.limit))
	}
	_, snap, done, err := c.read(ctx, cfg, only)
	if err != nil {
		return err
	}
	defer done()
	if err := printListing(c.host, f.format, customerListing(chosen, snap, c.host.Now(), f.limit)); err != nil {
		return err
	}
	return c.outcome(snap)
}

// configured is a queue that nothing was read into.
func configured(chosen []*tenants.Tenant) *soc.Snapshot {
	snap := &soc.Snapshot{Parts: make([]soc.Part, len(chosen))}
	for n, t := range chosen {
		snap.Parts[n].Status = soc.Status{Tenant: &t.Tenant, Health: soc.HealthStarting}
	}
	return snap
}

func customerListing(chosen []*tenants.Tenant, snap *soc.Snapshot, now time.Time, limit int) listing[customerRecord] {
	l := listing[customerRecord]{
		columns: []column{{title: "CODE"}, {title: "CUSTOMER"}, {title: "STATE"}, {title: "OPEN", right: true, drop: 4}, {title: "GROUPS", drop: 3},
			{title: "CLOUD", drop: 1}, {title: "TENANT", drop: 2}, {title: "PROBLEM", flex: true}},
		tenants: stateRecords(snap, now), complete: snap.Complete(),
	}
	for n, t := range chosen {
		if limit > 0 && n == limit {
			break
		}
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
