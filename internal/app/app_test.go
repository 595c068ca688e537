package app_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/graph"
	"github.com/socctl/socctl/internal/signin"
	"github.com/socctl/socctl/internal/simcloud"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
)

// Every test closes its App and its cloud: what still runs at the end was leaked by one of them.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// lab is a simulated cloud whose clock stands.
type lab struct {
	*simcloud.Cloud
	server *simcloud.Server
	t      *testing.T
	ca     string
}

func newLab(t *testing.T, profiles map[string]simcloud.Profile) *lab {
	t.Helper()
	now := time.Now()
	if profiles == nil {
		profiles = map[string]simcloud.Profile{}
	}
	cloud, err := simcloud.New(simcloud.Options{Customers: 8, Incidents: 60, Speed: -1, AutoApprove: true, Profiles: profiles, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{Cloud: cloud, t: t, ca: filepath.Join(t.TempDir(), "ca.pem")}
	if l.server, err = l.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.server.Close(); err != nil {
			t.Errorf("close the cloud: %v", err)
		}
	})
	if err := os.WriteFile(l.ca, l.server.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return l
}

// config reads the lab's configuration, after a change of its text.
func (l *lab) config(signIn, secret string, change ...string) *config.Config {
	l.t.Helper()
	yaml := strings.NewReplacer(change...).Replace(string(l.server.ConfigYAML(simcloud.ConfigOptions{SignIn: signIn, CAFile: l.ca})))
	c, err := config.Parse("lab.yaml", []byte(yaml), []string{"SOCCTL_CLIENT_SECRET=" + secret})
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

// open makes an App that is closed at the end of the test.
func (l *lab) open(c *config.Config, change ...func(*app.Options)) *app.App {
	l.t.Helper()
	o := app.Options{Config: c, Version: "test", Log: slog.New(slog.DiscardHandler), Once: true}
	for _, f := range change {
		f(&o)
	}
	a, err := app.New(o)
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(a.Close)
	return a
}

// timely bounds what a test waits for.
func timely(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func nobody(signin.DeviceCode) {}

// read signs in and reads everybody once.
func read(t *testing.T, a *app.App) *soc.Snapshot {
	t.Helper()
	if err := a.SignIn(timely(t), nobody); err != nil {
		t.Fatal(err)
	}
	if err := a.Run(timely(t)); err != nil {
		t.Fatal(err)
	}
	return a.Snapshot()
}

func TestEveryIncidentStandsWithItsOwnCustomer(t *testing.T) {
	t.Parallel()
	for _, signIn := range []string{"client-secret", "device-code"} {
		t.Run(signIn, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, nil)
			a := l.open(l.config(signIn, simcloud.ClientSecret))
			snap := read(t, a)
			if !snap.Complete() || snap.Len() < 20 {
				t.Fatalf("complete %v, %d incidents", snap.Complete(), snap.Len())
			}
			for _, p := range snap.Parts {
				for _, i := range p.Incidents {
					want := "https://security.microsoft.com/incidents/" + i.Ref.ID + "?tid=" + string(p.Status.Tenant.ID)
					if i.Ref.Tenant != p.Status.Tenant.ID || i.Tenant != p.Status.Tenant || i.Ref.Code != p.Status.Tenant.Code || a.Link(i).URL != want {
						t.Errorf("%s of %s stands with %s and leads to %s", i.Ref, i.Ref.Tenant, p.Status.Tenant.Code, a.Link(i).URL)
					}
				}
			}
			if known := snap.Analyst.Known(); known != (signIn == "device-code") {
				t.Errorf("the analyst is known: %v", known)
			}
			if signIn == "device-code" && snap.Analyst.UPN.String() != simcloud.Kai {
				t.Errorf("the analyst is %s", snap.Analyst.UPN)
			}
			for _, r := range l.Requests() {
				if owner, ok := l.Tenant(r.Tenant); strings.HasPrefix(r.Path, "/v1.0/security") && (!ok || owner.ID != r.TokenTenant) {
					t.Errorf("%s was asked with the token of %q", r.Path, r.TokenTenant)
				}
			}
		})
	}
}

// A sign-in that failed is everybody's trouble, and nobody is asked.
func TestASignInThatFailsShowsAtEveryCustomer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signIn, secret string
		fault          simcloud.Fault
		kind           soc.ProblemKind
	}{
		"wrong secret":     {"client-secret", "wrong", simcloud.Fault{Tenant: "FABR", PathPrefix: "/nothing"}, soc.ProblemRefused},
		"code refused":     {"device-code", "", simcloud.Fault{PathPrefix: "/oauth2/v2.0/devicecode", Count: -1, Status: 400, Body: `{"error":"invalid_client","error_codes":[7000218]}`}, soc.ProblemRefused},
		"code not entered": {"device-code", "", simcloud.Fault{PathPrefix: "/oauth2/v2.0/token", Count: -1, Status: 400, Body: `{"error":"expired_token","error_codes":[70020]}`}, soc.ProblemSignIn},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, nil)
			l.Inject(c.fault)
			a := l.open(l.config(c.signIn, c.secret))
			err := a.SignIn(timely(t), nobody)
			var p *soc.Problem
			if !errors.As(err, &p) || p.Kind != c.kind || p.Next.IsZero() {
				t.Fatalf("the sign-in: %v", err)
			}
			if err := a.Run(timely(t)); err != nil {
				t.Fatal(err)
			}
			for _, part := range a.Snapshot().Parts {
				if st := part.Status; st.Good() || st.Problem.IsZero() || st.Next.IsZero() || len(part.Incidents) != 0 {
					t.Errorf("%s: %s, %q, next %q, %d incidents", st.Tenant.Code, st.Health, st.Problem, st.Next, len(part.Incidents))
				}
			}
			for _, r := range l.Requests() {
				if strings.HasPrefix(r.Path, "/v1.0") {
					t.Errorf("%s was asked for", r.Path)
				}
			}
		})
	}
}

// Run waits for the sign-in: until it was tried, no customer is asked for a token.
func TestNobodyIsAskedBeforeTheSignIn(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	a := l.open(l.config("client-secret", simcloud.ClientSecret))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := a.Run(ctx); err != nil {
		t.Error(err)
	}
	if n := len(l.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestOnlyTheChosenCustomers(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.config("client-secret", simcloud.ClientSecret)
	contoso, err := c.Registry.ByCode("CONT")
	if err != nil {
		t.Fatal(err)
	}
	a := l.open(c, func(o *app.Options) { o.Only = []*tenants.Tenant{contoso} })
	if snap := read(t, a); len(snap.Parts) != 1 || snap.Parts[0].Status.Tenant.Code != "CONT" {
		t.Errorf("%d customers were read", len(snap.Parts))
	}
	fabrikam, _ := l.Tenant("FABR")
	other := soc.TenantID(fabrikam.ID)
	if _, err := a.Incident(timely(t), soc.Ref{Tenant: other, Code: "FABR", Source: soc.SourceDefender, ID: "1001"}); err == nil {
		t.Error("an incident of a customer that is not read was opened")
	}
	if _, err := a.Alerts(timely(t), other, graph.AlertQuery{}, func([]soc.Alert) error { return nil }); err == nil {
		t.Error("the alerts of a customer that is not read were read")
	}
	if l := a.Link(&soc.Incident{Ref: soc.Ref{Tenant: other, ID: "1001"}}); l.URL != "" || l.Why == "" {
		t.Errorf("a link of a customer that is not read: %+v", l)
	}
	for _, r := range l.Requests() {
		if r.Tenant == "FABR" {
			t.Errorf("Fabrikam was asked for %s", r.Path)
		}
	}
}

// until waits for a snapshot in which a customer is in a state.
func until(t *testing.T, a *app.App, id soc.TenantID, want soc.Health) *soc.Part {
	t.Helper()
	ctx := timely(t)
	for {
		if p, ok := a.Snapshot().Part(id); ok && p.Status.Health == want {
			return p
		}
		select {
		case <-ctx.Done():
			p, _ := a.Snapshot().Part(id)
			t.Fatalf("%s is %s, never %s", id, p.Status.Health, want)
		case <-a.Changed():
		}
	}
}

// The feed gets over whatever a service does, by itself or when somebody asks for it, and keeps the rows that it has.
func TestTheFeedRecovers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault simcloud.Fault
		state soc.Health
	}{
		"unavailable":   {simcloud.Fault{Status: 500}, soc.HealthStale},
		"a web page":    {simcloud.Fault{Body: "<html>"}, soc.HealthStale},
		"broken off":    {simcloud.Fault{Truncate: true}, soc.HealthStale},
		"access denied": {simcloud.Fault{Status: 403}, soc.HealthNoAccess},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, nil)
			a := l.open(l.config("client-secret", simcloud.ClientSecret), func(o *app.Options) { o.Once = false })
			ctx, stop := context.WithCancel(timely(t))
			ended := make(chan error, 1)
			go func() { ended <- a.Run(ctx) }()
			if err := a.SignIn(ctx, nobody); err != nil {
				t.Fatal(err)
			}
			fabrikam, _ := l.Tenant("FABR")
			id := soc.TenantID(fabrikam.ID)
			rows := len(until(t, a, id, soc.HealthFresh).Incidents)
			c.fault.Tenant, c.fault.PathPrefix, c.fault.Count = "FABR", "/v1.0", -1
			l.Inject(c.fault)
			a.Refresh(id)
			if p := until(t, a, id, c.state); p.Status.Problem.IsZero() || len(p.Incidents) != rows || p.Status.LastGood.IsZero() {
				t.Errorf("%q, %d of %d incidents, last good %v", p.Status.Problem, len(p.Incidents), rows, p.Status.LastGood)
			}
			l.ClearFaults()
			a.Refresh(id)
			if p := until(t, a, id, soc.HealthFresh); !p.Status.Problem.IsZero() || len(p.Incidents) != rows {
				t.Errorf("%q, %d of %d incidents", p.Status.Problem, len(p.Incidents), rows)
			}
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// A cloud that does not let us in takes its own customers along, and not those of home's cloud.
func TestAnotherCloudFailsAlone(t *testing.T) {
	t.Parallel()
	l, other := newLab(t, nil), newLab(t, nil)
	other.Inject(simcloud.Fault{PathPrefix: "/oauth2/v2.0/token", Count: -1, Status: 400, Body: `{"error":"unauthorized_client","error_codes":[700016]}`})
	cloud := "clouds:\n  far:\n    authority: " + other.server.URL() + "\n    graph: " + other.server.URL() + "\n    resource_manager: " + other.server.URL() +
		"\n    portal: https://security.microsoft.us\n    ca_file: " + other.ca + "\n"
	a := l.open(l.config("client-secret", simcloud.ClientSecret, "clouds:\n", cloud, "  - code: FABR\n", "  - code: FABR\n    cloud: far\n"))
	snap := read(t, a)
	for _, p := range snap.Parts {
		if far := p.Status.Tenant.Code == "FABR"; p.Status.Good() == far || (len(p.Incidents) == 0) != far {
			t.Errorf("%s: %s, %q, %d incidents", p.Status.Tenant.Code, p.Status.Health, p.Status.Problem, len(p.Incidents))
		}
	}
	hosts := a.PortalHosts()
	if !slices.Contains(hosts, "security.microsoft.com") || !slices.Contains(hosts, "security.microsoft.us") {
		t.Errorf("links may lead to %v", hosts)
	}
	for _, r := range other.Requests() {
		if strings.HasPrefix(r.Path, "/v1.0") {
			t.Errorf("the other cloud was asked for %s", r.Path)
		}
	}
}

func TestFilesThatAreMissing(t *testing.T) {
	t.Parallel()
	l := newLab(t, nil)
	c := l.config("client-secret", simcloud.ClientSecret)
	if err := os.Remove(l.ca); err != nil {
		t.Fatal(err)
	}
	if _, err := app.New(app.Options{Config: c, Log: slog.New(slog.DiscardHandler)}); err == nil || !strings.Contains(err.Error(), "cloud sim: ca_file") {
		t.Errorf("%v", err)
	}
}
