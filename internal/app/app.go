// Package app joins the rooms of the house: from a configuration it makes the identity, one client per customer, the
// feed over them, and the links. It is the only place that knows all of them, and it decides nothing itself.
//
// An App is made once per process. Run is called once, from any goroutine; everything else may be called at any time and
// from anywhere, SignIn again whenever somebody has to sign in again.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/feed"
	"github.com/socctl/socctl/internal/graph"
	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/portal"
	"github.com/socctl/socctl/internal/signin"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

// Options are what an App is made of.
type Options struct {
	Config  *config.Config
	Version string
	Log     *slog.Logger      // to a file, or one that discards; never to the terminal
	Only    []*tenants.Tenant // these customers alone; nil for all
	Once    bool              // the feed reads every customer once
	Now     func() time.Time  // for what locks itself again, and since when tasks run; nil is time.Now
}

// App is a joined socctl.
type App struct {
	o          Options
	registry   *tenants.Registry
	bases      map[string]*http.Transport // by cloud
	identities []*identity                // home's first
	customers  map[soc.TenantID]*customer
	home       *graph.Client // the analyst's own tenant, for who they are
	feed       *feed.Feed
	signedIn   chan struct{}
	once       sync.Once
	locks      *locks
	ledger     transport.Ledger
	running    running
	buffers    graph.Buffers

	mu   sync.Mutex
	show func(signin.DeviceCode)
}

// identity is the sign-in to one cloud: accounts live in one.
type identity struct {
	cloud tenants.Cloud
	*signin.Identity
}

// customer is one customer with its client.
type customer struct {
	tenant *tenants.Tenant
	graph  *graph.Client
	portal portal.Portal
	tokens *signin.TenantTokens
	http   *http.Client // under graph; all requests to the customer take it
	calls  atomic.Int64
	meter  transport.Meter
}

// usage is how many requests of the last minute's budget are spent.
func (c *customer) usage() (minute, budget int) {
	return c.meter.Used(time.Now()), transport.Budget{}.Share()
}

// New joins everything. It does no I/O but reading the files that the configuration names.
func New(o Options) (*App, error) {
	a := &App{o: o, registry: o.Config.Registry, bases: make(map[string]*http.Transport),
		customers: make(map[soc.TenantID]*customer), signedIn: make(chan struct{})}
	if a.o.Now == nil {
		a.o.Now = time.Now
	}
	a.running.now = a.o.Now
	list := o.Only
	if list == nil {
		list = a.registry.All()
	}
	a.locks = newLocks(o.Config.ReadOnly, list, a.o.Now)
	for _, c := range cloudsOf(o.Config, list) {
		if err := a.addCloud(c, list); err != nil {
			return nil, fmt.Errorf("cloud %s: %w", c.Name, err)
		}
	}
	var sources []feed.Customer
	for _, t := range list {
		c, err := a.newCustomer(t)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.Code, err)
		}
		a.customers[t.ID] = c
		sources = append(sources, feed.Customer{Tenant: &t.Tenant, Source: incidents{c.graph, c.portal},
			Calls: func() int { return int(c.calls.Load()) }, Usage: c.usage, Ready: c.ready})
	}
	a.feed = feed.New(feed.Options{Customers: sources, Interval: o.Config.Refresh, Once: o.Once, Report: a.reportTenant})
	return a, nil
}

// ready waits for the customer's token: with many customers that takes its time, which is not the customer's.
func (c *customer) ready(ctx context.Context) error {
	_, err := c.tokens.Token(ctx)
	return err
}

// SignIn signs in to every cloud in use, home's first, and finds out who the analyst is. show is told what a person has
// to do for it, if anything. Reading begins once home's cloud was tried: another one may wait for a second code. Only
// home's cloud can fail it: where another one refuses, its customers say so.
func (a *App) SignIn(ctx context.Context, show func(signin.DeviceCode)) error {
	a.mu.Lock()
	a.show = show
	a.mu.Unlock()
	for n, i := range a.identities {
		end := a.running.begin("signing in to "+i.cloud.Name, "", "")
		err := i.SignIn(ctx)
		end()
		if err != nil {
			err = fmt.Errorf("sign in to %s: %w", i.cloud.Name, err)
		} else if n == 0 {
			a.introduce(ctx)
		}
		a.once.Do(func() { close(a.signedIn) })
		if err != nil && (n == 0 || ctx.Err() != nil) {
			return err
		}
		if err != nil {
			a.Report(err)
		}
	}
	a.feed.Refresh("")
	return nil
}

// introduce tells the feed who sits at the keyboard. An application has no name there.
func (a *App) introduce(ctx context.Context) {
	account := a.identities[0].Account()
	if account.App {
		return
	}
	me := soc.Analyst{UPN: account.UPN, Name: account.Name}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	switch full, err := a.home.Me(ctx); {
	case err != nil:
		a.Report(fmt.Errorf("who the analyst is: %w", err))
	case full.Known():
		me = full // the directory's own spelling of the name, which incidents are assigned to
	}
	a.feed.SetAnalyst(me)
}

// Run reads the customers once the sign-in was tried, until the context ends. A sign-in that failed shows as each
// customer's own trouble.
func (a *App) Run(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-a.signedIn:
	}
	return a.feed.Run(ctx)
}

// Close ends the connections.
func (a *App) Close() {
	for _, b := range a.bases {
		b.CloseIdleConnections()
	}
}

// Snapshot is the queue as it is now.
func (a *App) Snapshot() *soc.Snapshot { return a.feed.Snapshot() }

// Changed is signalled after a new snapshot.
func (a *App) Changed() <-chan struct{} { return a.feed.Changed() }

// Refresh asks for a read of one customer now, or of all where the id is empty.
func (a *App) Refresh(id soc.TenantID) { a.feed.Refresh(id) }

// Registry is the list of all customers.
func (a *App) Registry() *tenants.Registry { return a.registry }

// Incident opens one incident with its alerts and evidence.
func (a *App) Incident(ctx context.Context, ref soc.Ref) (*soc.Incident, error) {
	c, ok := a.customers[ref.Tenant]
	if !ok {
		return nil, fmt.Errorf("%s belongs to no customer that is read here", ref)
	}
	defer a.running.begin("opening "+ref.String(), c.tenant.ID, c.tenant.Code)()
	return c.graph.Incident(ctx, ref.ID)
}

// Holders asks every customer whether it has an incident with this number. It gives those that have one, and for those
// that could not be asked why.
func (a *App) Holders(ctx context.Context, id string) (found []soc.Ref, failed map[soc.Code]error) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	failed = make(map[soc.Code]error)
	for _, c := range a.customers {
		ask := func() error {
			defer a.running.begin("looking for "+id, c.tenant.ID, c.tenant.Code)()
			_, err := c.graph.Incident(ctx, id)
			var p *soc.Problem
			if errors.As(err, &p) && p.Status == http.StatusNotFound {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				found = append(found, soc.Ref{Tenant: c.tenant.ID, Code: c.tenant.Code, Source: soc.SourceDefender, ID: id})
			}
			return err
		}
		guard.Go(&wg, "looking for "+text.Escape(id), func(err error) {
			mu.Lock()
			defer mu.Unlock()
			failed[c.tenant.Code] = err
		}, ask)
	}
	wg.Wait()
	slices.SortFunc(found, func(x, y soc.Ref) int { return strings.Compare(string(x.Code), string(y.Code)) })
	return found, failed
}

// Alerts reads the alerts of one customer, the latest changes since a time.
func (a *App) Alerts(ctx context.Context, id soc.TenantID, q graph.AlertQuery, yield func([]soc.Alert) error) (unreadable int, err error) {
	c, ok := a.customers[id]
	if !ok {
		return 0, fmt.Errorf("tenant %s is no customer that is read here", id)
	}
	defer a.running.begin("reading alerts", id, c.tenant.Code)()
	return c.graph.Alerts(ctx, q, yield)
}

// Link is the portal page of an incident, with its own customer's tid.
func (a *App) Link(i *soc.Incident) portal.Link {
	c, ok := a.customers[i.Ref.Tenant]
	if !ok {
		return portal.Link{Why: "the incident belongs to no customer that is read here"}
	}
	return c.portal.Incident(i.Ref.Tenant, i.Ref.ID, i.WebURL)
}

// AlertLink is the portal page of an alert of a customer.
func (a *App) AlertLink(id soc.TenantID, alert *soc.Alert) portal.Link {
	c, ok := a.customers[id]
	if !ok {
		return portal.Link{Why: "the alert belongs to no customer that is read here"}
	}
	return c.portal.Alert(id, alert.ID, alert.WebURL)
}

// PortalHosts lists the hosts that links can lead to.
func (a *App) PortalHosts() []string {
	var all []portal.Portal
	for _, c := range a.customers {
		all = append(all, c.portal)
	}
	return portal.AllowedHosts(all...)
}

// Report writes an error to the log, and of a panic also where it happened.
func (a *App) Report(err error) {
	var p *guard.Panic
	if errors.As(err, &p) {
		a.o.Log.Error("panic", "error", err, "stack", text.NewBlock(string(p.Stack)))
		return
	}
	a.o.Log.Error("error", "error", err)
}

func (a *App) reportTenant(code soc.Code, err error) {
	var p *guard.Panic
	if errors.As(err, &p) {
		a.Report(err)
	}
	a.o.Log.Warn("customer", "customer", string(code), "error", err)
}
