package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/feed"
	"github.com/socctl/socctl/internal/graph"
	"github.com/socctl/socctl/internal/portal"
	"github.com/socctl/socctl/internal/secret"
	"github.com/socctl/socctl/internal/signin"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/transport"
)

// cloudsOf lists the clouds of home and of these customers, home's first.
func cloudsOf(c *config.Config, list []*tenants.Tenant) []tenants.Cloud {
	clouds := []tenants.Cloud{c.Home.Cloud}
	for _, t := range list {
		if !slices.Contains(clouds, t.Cloud) {
			clouds = append(clouds, t.Cloud)
		}
	}
	return clouds
}

// addCloud makes the connections and the identity of a cloud.
func (a *App) addCloud(c tenants.Cloud, list []*tenants.Tenant) error {
	var ca []byte
	if c.CAFile != "" {
		pem, err := os.ReadFile(c.CAFile)
		if err != nil {
			return fmt.Errorf("ca_file: %w", err)
		}
		ca = pem
	}
	base, err := transport.NewBase(transport.BaseOptions{CAPEM: ca})
	if err != nil {
		return err
	}
	base.Proxy = func(r *http.Request) (*url.URL, error) { return a.o.Config.ProxyFor(r.URL) }
	a.bases[c.Name] = base
	so, err := a.signInOptions(c, base, list)
	if err != nil {
		return err
	}
	i, err := signin.New(so)
	if err != nil {
		return err
	}
	a.identities = append(a.identities, &identity{cloud: c, Identity: i})
	if c.Name == a.o.Config.Home.Cloud.Name {
		return a.addHome(i, base)
	}
	return nil
}

// signInOptions says who signs in to a cloud, and for which customers.
func (a *App) signInOptions(c tenants.Cloud, base *http.Transport, list []*tenants.Tenant) (signin.Options, error) {
	home := a.o.Config.Home
	o := signin.Options{
		Home: home.Tenant, ClientID: home.ClientID, Method: signin.Method(home.SignIn), Authority: c.Authority,
		DisableInstanceDiscovery: !builtin(c), Scope: graphScope(c), Version: a.o.Version, Prompt: a.prompt,
		Base:   transport.Observed(base, "the sign-in service", a.observeSignIn),
		Secret: home.ClientSecret, CertificatePassword: home.ClientCertificatePassword,
	}
	for _, t := range list {
		if t.Cloud == c {
			o.Tenants = append(o.Tenants, t.ID)
		}
	}
	if home.ClientCertificateFile != "" {
		pem, err := os.ReadFile(home.ClientCertificateFile)
		if err != nil {
			return o, fmt.Errorf("client_certificate_file: %w", err)
		}
		o.Certificate = secret.New(string(pem))
	}
	return o, nil
}

// builtin tells whether a cloud is Microsoft's own, whose authority Microsoft vouches for.
func builtin(c tenants.Cloud) bool {
	known, ok := tenants.BuiltinClouds()[c.Name]
	return ok && known.Authority == c.Authority
}

// graphScope asks for what the application was granted in a cloud's Graph.
func graphScope(c tenants.Cloud) string { return c.Graph + "/.default" }

// prompt hands what a person has to do to whoever shows it.
func (a *App) prompt(_ context.Context, d signin.DeviceCode) error {
	a.mu.Lock()
	show := a.show
	a.mu.Unlock()
	if show == nil {
		return fmt.Errorf("nobody is here to enter a device code")
	}
	show(d)
	return nil
}

// addHome makes the client of the home tenant, which is asked only who the analyst is.
func (a *App) addHome(i *signin.Identity, base *http.Transport) error {
	home := a.o.Config.Home
	t := &soc.Tenant{ID: home.Tenant, Code: homeCode}
	_, client, err := a.newGraph(t, home.Cloud, transport.Options{Tokens: i.For(t.ID, graphScope(home.Cloud)), Base: base,
		Observe: func(call transport.Call) { a.observe(t.Code, call) }}) // no Writes: home is only read
	if err != nil {
		return fmt.Errorf("home tenant: %w", err)
	}
	a.home = client
	return nil
}

func (a *App) newCustomer(t *tenants.Tenant) (*customer, error) {
	n := slices.IndexFunc(a.identities, func(i *identity) bool { return i.cloud == t.Cloud })
	c := &customer{tenant: t}
	var err error
	if c.portal, err = portal.New(t.Cloud.Portal); err != nil {
		return nil, err
	}
	identity := a.identities[n].Identity
	c.tokens = identity.For(t.ID, graphScope(t.Cloud))
	c.http, c.graph, err = a.newGraph(&t.Tenant, t.Cloud, transport.Options{
		Tokens: c.tokens, Base: a.bases[t.Cloud.Name], Meter: &c.meter,
		Writes: func() error { return a.locks.leave(&t.Tenant) },
		Observe: func(call transport.Call) {
			c.calls.Add(1)
			a.observe(t.Code, call)
		},
	})
	return c, err
}

// newGraph makes the client of one tenant: its chain, and Graph on top.
func (a *App) newGraph(t *soc.Tenant, c tenants.Cloud, o transport.Options) (*http.Client, *graph.Client, error) {
	o.Tenant, o.Service, o.Allow, o.Version = t.ID, "the Graph service", []string{c.Graph + "/v1.0"}, a.o.Version
	client, err := transport.NewClient(o)
	if err != nil {
		return nil, nil, err
	}
	g, err := graph.New(graph.Options{Tenant: t, Root: c.Graph, HTTP: client, Buffers: &a.buffers})
	return client, g, err
}

// logCall keeps a line for each call: whom, what, how it went, how long. Never a header, a token or a query.
func (a *App) logCall(code soc.Code, c transport.Call) {
	a.o.Log.Debug("call", "customer", string(code), "method", c.Method, "host", c.Host, "path", c.Path, "status", c.Status,
		"attempt", c.Attempt, "ms", c.Duration.Round(time.Millisecond).Milliseconds(), "bytes", c.Bytes,
		"request_id", c.RequestID, "error", c.Error)
}

// incidents is a Graph client as the feed asks for it.
type incidents struct {
	client *graph.Client
	portal portal.Portal
}

// Read lists incidents with the sum of their alerts.
func (s incidents) Read(ctx context.Context, q feed.Query, yield func([]*soc.Incident) error) (feed.Result, error) {
	r, err := s.client.Incidents(ctx, graph.Query{Since: q.Since, Open: q.Open, WithAlerts: true, Changes: !q.Open}, func(page []*soc.Incident) error {
		for _, i := range page {
			dropPlainLink(s.portal, i)
		}
		return yield(page)
	})
	return feed.Result{Unreadable: r.Unreadable}, err
}

// dropPlainLink forgets the address that the service gave where it is the one that would be made without it, as nearly
// all are: a hundred bytes for each row.
func dropPlainLink(p portal.Portal, i *soc.Incident) {
	if i.WebURL != "" && p.Incident(i.Ref.Tenant, i.Ref.ID, i.WebURL) == p.Incident(i.Ref.Tenant, i.Ref.ID, "") {
		i.WebURL = ""
	}
}
