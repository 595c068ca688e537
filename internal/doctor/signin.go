package doctor

import (
	"context"
	"errors"
	"fmt"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/soc"
)

// signIn says whether the way to sign in can work here, and, where asked, signs in and reads every customer.
func (d *doctor) signIn(ctx context.Context) []Check {
	const name = "sign-in"
	if d.Config == nil {
		return []Check{check(Skip, idSignIn, name, "there is no configuration", "")}
	}
	if d.Prepare != nil {
		if err := d.Prepare(); err != nil {
			return []Check{check(Fail, idSignIn, name, errorWords(err), "check home.sign_in and what it names")}
		}
	}
	if d.SignIn == nil {
		way := d.way()
		return []Check{way, check(Skip, idCustomers, "customers", "not asked", "socctl doctor --sign-in")}
	}
	in, err := d.SignIn(ctx)
	if err != nil {
		p := soc.ProblemOf(err)
		found := errorWords(err)
		if ctx.Err() != nil {
			found = "stopped before it was done"
		}
		c := check(Fail, idSignIn, name, found, p.Next.String())
		c.access = p.Kind == soc.ProblemNoAccess || p.Kind == soc.ProblemSignIn || p.Kind == soc.ProblemRefused
		return []Check{c, check(Skip, idCustomers, "customers", "nobody is signed in", "")}
	}
	who := in.Who.String()
	if who == "" {
		who = "an application"
	}
	found := fmt.Sprintf("%s by %s, %s", who, d.Config.Home.SignIn, count(len(in.Customers), "tenant"))
	return append([]Check{check(OK, idSignIn, name, found, "")}, customers(in.Customers)...)
}

// way says what the configured sign-in needs of this place.
func (d *doctor) way() Check {
	const name = "sign-in"
	way := d.Config.Home.SignIn
	switch way {
	case config.SignInBrowser:
		if !d.Browser {
			return check(Warn, idSignIn, name, "browser: none can be opened here; over SSH the page's answer needs a forwarded port", "home.sign_in: paste")
		}
	case config.SignInDeviceCode:
		return check(OK, idSignIn, name, "device-code: nothing is needed here, but many tenants' policies refuse it", "")
	case config.SignInClientSecret, config.SignInClientCertificate, config.SignInWorkloadIdentity, config.SignInManagedIdentity:
		return check(OK, idSignIn, name, string(way)+": an application, meant for the export to a SIEM", "")
	}
	return check(OK, idSignIn, name, string(way), "")
}

// customers gives a row for each customer that is not well, or one for all where all are.
func customers(list []soc.Status) []Check {
	var rows []Check
	for n := range list {
		s := &list[n]
		if s.Good() {
			continue
		}
		found := s.Problem
		if found.IsZero() {
			found = s.Partial
		}
		c := check(Fail, idCustomers, string(s.Tenant.Code), found.String(), s.Next.String())
		switch {
		case found.IsZero():
			c = check(Fail, idCustomers, string(s.Tenant.Code), "it was not read", "")
		case s.Health == soc.HealthThrottled, s.Health == soc.HealthFresh:
			c.Verdict = Warn
		}
		var p *soc.Problem
		c.access = s.Health == soc.HealthNoAccess || errors.As(s.Err, &p) && (p.Kind == soc.ProblemNoAccess || p.Kind == soc.ProblemSignIn)
		rows = append(rows, c)
	}
	if rows == nil {
		return []Check{check(OK, idCustomers, "customers", fmt.Sprintf("all %d answered", len(list)), "")}
	}
	return rows
}
