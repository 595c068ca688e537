package cli

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/signin"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/term"
)

// consoleFlags are the flags of what opens a console.
type consoleFlags struct {
	lowBandwidth bool
	privacy      bool
	plain        bool
	session      string
	resume       bool
}

func (f *consoleFlags) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&f.lowBandwidth, "low-bandwidth", false, "write less: a marker for a cursor, short colours, fewer frames")
	cmd.Flags().BoolVar(&f.privacy, "privacy", false, "mask the names of customers and users, for a shared screen")
	cmd.Flags().BoolVar(&f.plain, "plain", false, "lines instead of a screen, for screen readers, logs and dumb terminals; so do ACCESSIBLE=1 and TERM=dumb")
	cmd.Flags().StringVar(&f.session, "session", "main", "name of the session that is kept: small letters, digits and dashes")
}

// isPlain tells whether lines are wanted instead of a screen.
func (c *command) isPlain(f consoleFlags) bool {
	a := c.host.getenv("ACCESSIBLE")
	return f.plain || c.host.getenv("TERM") == "dumb" || a != "" && a != "0" && !strings.EqualFold(a, "false")
}

// needTerminal refuses to open the console where nobody could see it, and says what to do instead.
func (c *command) needTerminal(f consoleFlags, instead string) error {
	if c.isPlain(f) || c.host.InTTY && c.host.OutTTY {
		return nil
	}
	return usagef("the console needs a terminal, and there is none here: for a script or a pipe use %s, or lines with --plain", instead)
}

func (c *command) console(ctx context.Context, f consoleFlags, used string) error {
	if err := c.needTerminal(f, "socctl incidents list --output json"); err != nil {
		return err
	}
	hurry(c.host.getenv("GOGC"))
	cfg, err := c.load()
	if err != nil {
		return err
	}
	return c.show(ctx, cfg, showing{flags: f, beside: besideOf(cfg), again: "socctl" + used, fresh: "socctl --fresh" + used, reload: c.load})
}

// showing is what a console is opened with beside its configuration.
type showing struct {
	flags  consoleFlags
	notice string
	beside besideFiles
	again  string                         // the command that resumes
	fresh  string                         // the command that starts anew
	reload func() (*config.Config, error) // nil where the configuration has no file
}

// show opens the console over a configuration, and waits until everything that it started has ended.
func (c *command) show(ctx context.Context, cfg *config.Config, s showing) error {
	if s.flags.privacy && c.isPlain(s.flags) {
		return usagef("--privacy masks names on the screen, and lines cannot mask them: leave out one of the two")
	}
	settings, err := c.settings(cfg, s.beside, s.flags)
	if err != nil {
		return err
	}
	log, closer, why, err := c.consoleLog(cfg)
	if err != nil {
		return err
	}
	defer func() { _ = closer.Close() }()
	if why != "" {
		settings.Notes = append(settings.Notes, text.NewLine(why))
	}
	a, err := app.New(app.Options{Config: cfg, Version: c.host.Version, Log: log})
	if err != nil {
		return err
	}
	defer a.Close()
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	guard.Go(&wg, "the feed", a.Report, func() error { return a.Run(ctx) })
	guard.Go(&wg, "the memory", a.Report, func() error { return thrift(ctx, c.host.getenv("GOGC"), a.Snapshot) })
	if c.isPlain(s.flags) {
		err = c.runPlain(ctx, cfg, a, settings, s.notice)
	} else {
		err = c.runScreen(ctx, cfg, a, settings, s)
	}
	stop()
	wg.Wait()
	if errors.Is(ctx.Err(), context.Canceled) && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (c *command) runScreen(ctx context.Context, cfg *config.Config, a *app.App, settings ui.Settings, s showing) error {
	kept, err := c.openSession(cfg, s)
	if err != nil {
		return err
	}
	settings.Notes = append(settings.Notes, kept.notes...)
	following, stop := context.WithCancel(ctx)
	watched := newFollower(following, a.Report)
	defer watched.wait()
	defer stop()
	files := c.files(cfg, a, s, kept, watched)
	env := term.ReadEnv(c.host.Environ)
	err = ui.Run(ctx, ui.Options{
		Queue: a, Incidents: a, Links: links{a}, Session: signInSession{a}, Safety: a, Activity: a, Files: files,
		Settings: settings, State: kept.state, Vocabulary: cfg.Registry.Vocabulary(), Tenants: customers(cfg), LinkHosts: linkHosts(cfg, a),
		Notice: s.notice,
		In:     c.host.In, Out: c.host.Out, Environ: c.host.screenEnviron(), Now: c.host.Now, Report: a.Report,
		Browser: env.Browser(), Clipboard: env.Multiplexer(), Terminal: env,
	})
	if !errors.Is(err, ui.ErrHangup) {
		c.sayResume(kept, s)
	}
	return err
}

// files gives the console what it reads and writes.
func (c *command) files(cfg *config.Config, a *app.App, s showing, kept *keptSession, watched *follower) ui.Files {
	f := ui.Files{SaveView: saveView(s.beside.views), DeleteView: func(name string) error { return config.DeleteView(s.beside.views, name) },
		SaveState: kept.save, JSON: func(i *soc.Incident) string { return incidentJSON(a, i, c.host.Now()) },
		Remember: func(snap *soc.Snapshot) error { c.rememberRefs(cfg, snap); return nil }}
	f.Theme = func(name string) (style.Choice, error) { return readTheme(s.beside, name) }
	watched.follow(s.beside.watched(cfg))
	f.Changed = watched.changed
	f.Load = func() (ui.Settings, error) {
		now, settings, err := c.reload(cfg, a, s)
		if now != nil {
			watched.follow(s.beside.watched(now)) // another theme has another file
		}
		return settings, err
	}
	return f
}

// reload reads the files of a running console again. What it cannot take over is a note. The configuration is given where it
// could be read, also when another file could not.
func (c *command) reload(running *config.Config, a *app.App, s showing) (*config.Config, ui.Settings, error) {
	cfg := running
	if s.reload != nil {
		var err error
		if cfg, err = s.reload(); err != nil {
			return nil, ui.Settings{}, err
		}
	}
	settings, err := c.settings(cfg, s.beside, s.flags)
	if err != nil {
		return cfg, settings, err
	}
	parts := config.Differences(running, cfg)
	if tighten(running, cfg, a) {
		parts = append(parts, "read_only, where it allows more,")
	}
	if len(parts) > 0 {
		settings.Notes = append(settings.Notes, text.NewLine("Changes of "+strings.Join(parts, ", ")+" hold from the next start on."))
	}
	return cfg, settings, nil
}

// tighten makes read only at once what a changed configuration calls so. What it no longer calls so stays until the next
// start, or until somebody unlocks it: then it tells so.
func tighten(running, cfg *config.Config, a *app.App) (looser bool) {
	if cfg.ReadOnly && !running.ReadOnly {
		a.SetReadOnly("", true, time.Time{})
	}
	looser = running.ReadOnly && !cfg.ReadOnly
	was := make(map[soc.TenantID]bool)
	for _, t := range running.Registry.All() {
		was[t.ID] = t.ReadOnly
	}
	for _, t := range cfg.Registry.All() {
		if before, known := was[t.ID]; known && t.ReadOnly && !before {
			a.SetReadOnly(t.ID, true, time.Time{})
		} else if before && !t.ReadOnly {
			looser = true
		}
	}
	return looser
}

// incidentJSON is an incident as `incidents list --output json` has it.
func incidentJSON(a *app.App, i *soc.Incident, now time.Time) string {
	data, err := json.Marshal(newIncidentRecord(a, i, now), jsontext.WithIndent("  "))
	if err != nil {
		return ""
	}
	return string(data)
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

// links gives the console its links.
type links struct{ app *app.App }

// Link makes the link of an incident.
func (l links) Link(i *soc.Incident) ui.Link {
	p := l.app.Link(i)
	return ui.Link{URL: p.URL, Note: p.Why}
}

// signInSession gives the console its sign-in.
type signInSession struct{ app *app.App }

// SignIn signs in, and shows what a person has to do for it.
func (s signInSession) SignIn(ctx context.Context, show func(ui.Prompt)) error {
	return s.app.SignIn(ctx, func(d signin.DeviceCode) { show(promptOf(d)) })
}

func promptOf(d signin.DeviceCode) ui.Prompt {
	return ui.Prompt{Code: d.UserCode, URL: d.VerificationURL, Tenant: text.NewLine(string(d.Tenant)), Client: text.NewLine(d.ClientID), Expires: d.Expires}
}
