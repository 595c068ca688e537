package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/signin"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/term"
)

// needTerminal refuses to open the console where nobody could see it, and says what to do instead.
func (c *command) needTerminal(instead string) error {
	if c.host.InTTY && c.host.OutTTY {
		return nil
	}
	return usagef("the console needs a terminal, and there is none here: for a script or a pipe use %s", instead)
}

func (c *command) console(ctx context.Context) error {
	if err := c.needTerminal("socctl incidents list --output json"); err != nil {
		return err
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	return c.show(ctx, cfg, "")
}

// show opens the console over a configuration, and waits until everything that it started has ended.
func (c *command) show(ctx context.Context, cfg *config.Config, notice string) error {
	log, closer, err := c.openLog(cfg, true)
	if err != nil {
		return err
	}
	defer func() { _ = closer.Close() }()
	a, err := app.New(app.Options{Config: cfg, Version: c.host.Version, Log: log})
	if err != nil {
		return err
	}
	defer a.Close()
	sections, err := sectionsOf(cfg)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	guard.Go(&wg, "the feed", a.Report, func() error { return a.Run(ctx) })
	env := term.ReadEnv(c.host.Environ)
	err = ui.Run(ctx, ui.Options{
		Queue: a, Incidents: a, Links: links{a}, Session: session{a},
		Sections: sections, Vocabulary: cfg.Registry.Vocabulary(), Tenants: customers(cfg), LinkHosts: linkHosts(cfg, a),
		Notice: notice, ReadOnly: cfg.ReadOnly,
		In: c.host.In, Out: c.host.Out, Environ: c.host.Environ, Now: c.host.Now, Report: a.Report,
		Browser: env.Browser(), Clipboard: env.Multiplexer(), Terminal: env,
	})
	stop()
	wg.Wait()
	if errors.Is(ctx.Err(), context.Canceled) && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func customers(cfg *config.Config) []*soc.Tenant {
	var out []*soc.Tenant
	for _, t := range cfg.Registry.All() {
		out = append(out, &t.Tenant)
	}
	return out
}

// linkHosts lists where hyperlinks may lead: the customers' portals, and Microsoft's page for device codes.
func linkHosts(cfg *config.Config, a *app.App) []string {
	hosts := a.PortalHosts()
	if cfg.Home.SignIn == config.SignInDeviceCode {
		hosts = append(hosts, "microsoft.com", "www.microsoft.com", "login.microsoftonline.com", "login.microsoftonline.us")
	}
	return hosts
}

// sectionsOf gives the configured views, or the six that everybody starts with.
func sectionsOf(cfg *config.Config) ([]queue.Section, error) {
	if len(cfg.Views) > 0 {
		var out []queue.Section
		for _, v := range cfg.Views {
			out = append(out, queue.Section{Name: v.Name.String(), Filter: v.Filter, Order: v.Sort})
		}
		return out, nil
	}
	var out []queue.Section
	for _, d := range []struct{ name, filter string }{
		{"Triage", "status:new,active -owner:experts"},
		{"Mine", "owner:me status:open"},
		{"High, unclaimed", "sev:high owner:none status:open"},
		{"Experts wait on us", "status:awaiting"},
		{"SLA at risk", "sla:risk,missed"},
		{"Everything", ""},
	} {
		f, err := soc.ParseFilter(d.filter, cfg.Registry.Vocabulary())
		if err != nil {
			return nil, fmt.Errorf("section %s: %w", d.name, err)
		}
		out = append(out, queue.Section{Name: d.name, Filter: f, Order: soc.OrderUrgency})
	}
	return out, nil
}

// links gives the console its links.
type links struct{ app *app.App }

// Link makes the link of an incident.
func (l links) Link(i *soc.Incident) ui.Link {
	p := l.app.Link(i)
	return ui.Link{URL: p.URL, Note: p.Why}
}

// session gives the console its sign-in.
type session struct{ app *app.App }

// SignIn signs in, and shows what a person has to do for it.
func (s session) SignIn(ctx context.Context, show func(ui.Prompt)) error {
	return s.app.SignIn(ctx, func(d signin.DeviceCode) {
		show(ui.Prompt{Code: d.UserCode, URL: d.VerificationURL, Tenant: text.NewLine(string(d.Tenant)),
			Client: text.NewLine(d.ClientID), Expires: d.Expires})
	})
}
