package simcloud

import (
	"fmt"
	"net/http"
	"time"

	"github.com/socctl/socctl/internal/simcloud/entra"
	"github.com/socctl/socctl/internal/simcloud/estate"
)

// Cloud is a simulated cloud. Use New.
type Cloud struct {
	options   Options
	start     time.Time
	estate    *estate.Estate
	authority *entra.Authority
	notices   []string
	budgets   map[string]*budget // of throttled tenants, by id
	faults    faultList
	log       requestLog
}

// New lays out a cloud. Tenants are generated when they are first asked for.
func New(o Options) (*Cloud, error) {
	o = o.withDefaults()
	c := &Cloud{options: o, start: o.Now(), budgets: map[string]*budget{}}
	c.log.size = o.LogSize
	payloads, notices, err := readPayloads(o.PayloadDir)
	if err != nil {
		return nil, err
	}
	c.notices = notices
	interval := time.Duration(0)
	if o.Speed > 0 {
		interval = time.Duration(float64(eventInterval) / o.Speed)
	}
	c.estate, err = estate.New(estate.Config{
		Customers: o.Customers, Incidents: o.Incidents, Seed: o.Seed, Start: c.start, Interval: interval, Profiles: o.Profiles, Payloads: payloads,
	})
	if err != nil {
		return nil, fmt.Errorf("lay out the estate: %w", err)
	}
	if c.authority, err = entra.New(c.directory()); err != nil {
		return nil, fmt.Errorf("start the authority: %w", err)
	}
	for _, t := range c.estate.Tenants() {
		if t.Profile == Throttled {
			c.budgets[t.ID] = newBudget(c.start)
		}
	}
	return c, nil
}

// directory describes the tenants, people and applications to the authority.
func (c *Cloud) directory() entra.Config {
	home := estate.HomeTenant()
	d := entra.Config{
		Home:  entra.Tenant{ID: home.ID, Name: home.Name, Domain: home.Domain},
		Users: []entra.User{{UPN: Kai, Name: "Kai Castellano"}, {UPN: Mira, Name: "Mira Okonkwo"}, {UPN: Jon, Name: "Jon Halvorsen"}},
		Apps: []entra.App{
			{ID: PublicClientID, Name: "socctl"},
			{ID: ConfidentialClientID, Name: "socctl export", Secret: ClientSecret, Certificate: c.options.Certificate},
		},
		Permissions: c.options.Permissions, Now: c.options.Now, AutoApprove: c.options.AutoApprove, Click: c.options.Click,
		Interval: c.options.PollInterval, Lifetime: c.options.TokenLifetime,
	}
	for _, t := range c.estate.Tenants() {
		d.Tenants = append(d.Tenants, entra.Tenant{ID: t.ID, Name: t.Name, Domain: t.Domain, Closed: t.Profile == NoAccess})
	}
	return d
}

// SetPolicy gives a customer's Entra, by code or id, another policy, from the next request on.
func (c *Cloud) SetPolicy(tenant string, p Policy) { c.authority.SetPolicy(c.idOf(tenant), p) }

// RevokeSessions ends all sign-ins at a customer, or with "" everywhere: tokens are challenged, and only a new sign-in
// brings others.
func (c *Cloud) RevokeSessions(tenant string) { c.authority.Revoke(c.idOf(tenant)) }

// Reevaluate has a customer's tokens challenged; new ones come silently.
func (c *Cloud) Reevaluate(tenant string) { c.authority.Reevaluate(c.idOf(tenant)) }

// idOf finds a customer or home by code or id.
func (c *Cloud) idOf(tenant string) string {
	if t, ok := c.estate.Tenant(tenant); ok && tenant != "" {
		return t.ID
	}
	if home := c.Home(); tenant == home.Code {
		return home.ID
	}
	return tenant
}

// Handler serves the whole cloud.
func (c *Cloud) Handler() http.Handler { return http.HandlerFunc(c.serve) }

// Tenants lists the customers, in a fixed order. Home is not among them.
func (c *Cloud) Tenants() []Tenant { return c.estate.Tenants() }

// Tenant finds a customer by code or id.
func (c *Cloud) Tenant(codeOrID string) (Tenant, bool) { return c.estate.Tenant(codeOrID) }

// Home is the provider's own tenant.
func (c *Cloud) Home() Tenant { return estate.HomeTenant() }

// Notices tells what in PayloadDir was not used, and why.
func (c *Cloud) Notices() []string { return append([]string(nil), c.notices...) }

// Approve signs a user in on the device that shows the code. A user that nobody knows makes the next poll fail, as a
// mistyped name does.
func (c *Cloud) Approve(userCode, upn string) error { return c.authority.Approve(userCode, upn) }

// Deny refuses the sign-in on the device that shows the code.
func (c *Cloud) Deny(userCode string) error { return c.authority.Deny(userCode) }
