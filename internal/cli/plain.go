package cli

import (
	"context"
	"os/signal"
	"syscall"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/plain"
	"github.com/socctl/socctl/internal/signin"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui"
)

// runPlain shows the console as lines.
func (c *command) runPlain(ctx context.Context, cfg *config.Config, a *app.App, s ui.Settings, notice string) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stop()
	o := plain.Options{Queue: a, Incidents: a, Links: plainLinks{a}, Session: plainSession{a}, Vocabulary: cfg.Registry.Vocabulary(),
		Tenants: customers(cfg), Notice: notice, In: c.host.In, Out: c.host.Out, Interactive: c.host.InTTY, Now: c.host.Now, Report: a.Report}
	for _, q := range s.Sections {
		if q.Broken.IsZero() {
			o.Sections = append(o.Sections, plain.Section{Name: q.Name, Filter: q.Filter, Order: q.Order})
			continue
		}
		s.Notes = append(s.Notes, q.Broken)
	}
	if s.Privacy {
		s.Notes = append(s.Notes, text.NewLine("Names are not masked: lines do not know the privacy mode."))
	}
	for _, n := range s.Notes {
		o.Notice += "\n" + n.String()
	}
	return plain.Run(ctx, o)
}

type plainLinks struct{ app *app.App }

// Link makes the link of an incident.
func (l plainLinks) Link(i *soc.Incident) plain.Link {
	p := l.app.Link(i)
	return plain.Link{URL: p.URL, Note: p.Why}
}

type plainSession struct{ app *app.App }

// SignIn signs in, and says what a person has to do for it.
func (s plainSession) SignIn(ctx context.Context, show func(plain.Prompt)) error {
	return s.app.SignIn(ctx, func(d signin.DeviceCode) { show(plain.Prompt(promptOf(d))) })
}
