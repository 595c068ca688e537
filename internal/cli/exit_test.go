package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/simcloud"
)

// troubled is a cloud in which one customer is closed, one throttles, one cannot give alerts, and five are well.
func troubled(t *testing.T) *lab {
	t.Helper()
	l := newLab(t, func(o *simcloud.Options) {
		o.Profiles = map[string]simcloud.Profile{"WING": simcloud.NoAccess, "WOOD": simcloud.Expand500}
	})
	l.Inject(simcloud.Fault{Tenant: "TAIL", PathPrefix: "/v1.0", Count: -1, Status: 429, RetryAfter: "120"})
	return l
}

func TestPartialListsPrintWhatCame(t *testing.T) {
	t.Parallel()
	l := troubled(t)
	well := l.run("incidents", "list", "-t", "CONT,FABR,ADAT,LITW,PROS", "-o", "json").exits(exitDone).json().of()
	well["WOOD"] = l.run("incidents", "list", "-t", "WOOD", "-o", "json").exits(exitPartial).json().of()["WOOD"]
	r := l.run("incidents", "list", "-o", "json").exits(exitPartial)
	r.says("WING (Wingtip Toys): no access: ", ". Next: ", "TAIL (Tailspin Toys): throttled: the Graph service asked to wait until ",
		"WOOD (Woodgrove Bank): partial: the service does not give the alerts of ", "3 of 8 customers could not be read completely")
	a := r.json()
	if a.Complete {
		t.Error("the list calls itself complete")
	}
	for code, state := range map[string]string{"WING": "no access", "TAIL": "throttled", "CONT": "fresh", "WOOD": "partial"} {
		c := a.customer(code)
		if c.State != state || (c.Error == "") != (code == "CONT") {
			t.Errorf("%s is %q with %q", code, c.State, c.Error)
		}
		if (c.AgeSeconds == nil) != (state == "no access" || state == "throttled") {
			t.Errorf("%s: age %v", code, c.AgeSeconds)
		}
	}
	for code, n := range well {
		if got := a.of()[code]; got != n || n == 0 {
			t.Errorf("%s has %d incidents, want %d", code, got, n)
		}
	}
	if n := len(a.of()); n != len(well) {
		t.Errorf("incidents of %d customers, want %d", n, len(well))
	}
	for _, i := range a.Items {
		if (i.AlertCount == nil) != (i.Tenant.Code == "WOOD") {
			t.Errorf("%s has %v alerts", i.Ref, i.AlertCount)
		}
	}
	for _, form := range []string{"ndjson", "csv", "table"} {
		if r := l.run("incidents", "list", "-o", form).exits(exitPartial).says("WING", "TAIL"); strings.Count(r.out, "\n") < len(a.Items) {
			t.Errorf("%s: %d lines for %d incidents", form, strings.Count(r.out, "\n"), len(a.Items))
		}
	}
}

func TestPartialAlertsAndCustomers(t *testing.T) {
	t.Parallel()
	l := troubled(t)
	for _, noun := range []string{"alerts", "tenants"} {
		r := l.run(noun, "list", "-o", "json").exits(exitPartial).says("WING (Wingtip Toys): no access: ", "TAIL (Tailspin Toys): throttled: ")
		if a := r.json(); a.Complete || len(a.Items) < 6 || a.customer("WING").Error == "" {
			t.Errorf("%s: complete %v, %d items, WING: %q", noun, a.Complete, len(a.Items), a.customer("WING").Error)
		}
	}
	l.run("tenants", "list", "-t", "CONT").exits(exitDone)
}

func TestNobodyLetsUsIn(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *simcloud.Options) {
		for _, code := range newLab(t).codes() {
			o.Profiles[code] = simcloud.NoAccess
		}
	})
	for _, noun := range []string{"incidents", "alerts", "tenants"} {
		r := l.run(noun, "list", "-o", "json").exits(exitAccess).says("CONT (Contoso Ltd): no access", "no customer let you in")
		if a := r.json(); a.Complete || len(a.Tenants) != 8 || (noun != "tenants" && len(a.Items) != 0) {
			t.Errorf("%s: complete %v, %d customers, %d items", noun, a.Complete, len(a.Tenants), len(a.Items))
		}
	}
	l.run("incidents", "show", "28282").exits(exitAccess).silent().says("no customer let you in")
}

func TestSignInFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		secret string
		fault  *simcloud.Fault
		code   int
		says   []string
	}{
		"wrong secret":          {"wrong", nil, exitAccess, []string{"sign in to sim", "the client secret is wrong", "next: check the secret"}},
		"no secret":             {"", nil, exitError, []string{"SOCCTL_CLIENT_SECRET"}},
		"not found in home":     {simcloud.ClientSecret, &simcloud.Fault{Status: 400, Body: `{"error":"unauthorized_client","error_description":"AADSTS700016: Application not found","error_codes":[700016]}`}, exitAccess, []string{"the console's app is not in this tenant yet", "next: "}},
		"a rule of access":      {simcloud.ClientSecret, &simcloud.Fault{Status: 400, Body: `{"error":"invalid_grant","error_description":"AADSTS53003: Access has been blocked","error_codes":[53003]}`}, exitAccess, []string{"Conditional Access", "next: "}},
		"a web page":            {simcloud.ClientSecret, &simcloud.Fault{Body: "<html>captive portal</html>", ContentType: "text/html"}, exitError, []string{"the sign-in service", "next: "}},
		"elsewhere":             {simcloud.ClientSecret, &simcloud.Fault{Status: 302}, exitError, []string{"wants to send the sign-in elsewhere"}},
		"too much":              {simcloud.ClientSecret, &simcloud.Fault{Body: strings.Repeat(" ", 2<<20)}, exitError, []string{"more than 1 MiB"}},
		"nothing":               {simcloud.ClientSecret, &simcloud.Fault{Status: 200}, exitError, []string{"the sign-in service"}},
		"a token of a stranger": {simcloud.ClientSecret, &simcloud.Fault{Body: `{"token_type":"Bearer","expires_in":3600,"access_token":"eyJhbGciOiJub25lIn0.eyJ0aWQiOiJ4In0.c2ln"}`}, exitError, []string{"sign in to sim"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			if c.fault != nil {
				c.fault.Tenant, c.fault.PathPrefix, c.fault.Count = "NORT", "/oauth2/v2.0/token", -1
				l.Inject(*c.fault)
			}
			h := bareHost(l.dir)
			if c.secret != "" {
				h.Environ = append(h.Environ, "SOCCTL_CLIENT_SECRET="+c.secret)
			}
			r := l.runOn(h, "incidents", "list", "-o", "json").exits(c.code).silent().says(c.says...)
			if n := len(l.asked()); n != 0 {
				t.Errorf("%d customers were asked", n)
			}
			if strings.Contains(r.err, "eyJ") {
				t.Errorf("a token shows: %s", r.err)
			}
		})
	}
}

// decider answers a device code as soon as it is shown.
type decider struct {
	strings.Builder
	decide func(code string) error
	err    error
}

func (d *decider) Write(p []byte) (int, error) {
	if _, rest, ok := strings.Cut(string(p), "enter the code "); ok {
		code, _, _ := strings.Cut(rest, " ")
		d.err = d.decide(code)
	}
	return d.Builder.Write(p)
}

func TestDeviceCodes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		decide func(*lab) func(string) error
		code   int
		says   string
	}{
		"approved": {func(l *lab) func(string) error {
			return func(code string) error { return l.Approve(code, simcloud.Kai) }
		}, exitDone, "To sign in to tenant"},
		"denied": {func(l *lab) func(string) error { return l.Deny }, exitAccess, "the sign-in was declined"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, func(o *simcloud.Options) { o.AutoApprove, o.PollInterval = false, time.Second })
			h := bareHost(l.dir)
			var out strings.Builder
			errs := &decider{decide: c.decide(l)}
			h.Out, h.Err = &out, errs
			code := runInto(t, h, "--config", l.file("device.yaml", string(l.yaml("device-code"))), "incidents", "list", "-f", "owner:me", "-o", "json")
			if errs.err != nil || code != c.code || !strings.Contains(errs.String(), c.says) {
				t.Fatalf("exit code %d, want %d (%v):\n%s", code, c.code, errs.err, errs.String())
			}
			if code != exitDone {
				return
			}
			mine := decode[answer](t, out.String()).Items
			for _, i := range mine {
				if !strings.HasPrefix(i.AssignedTo, "kai") && !strings.HasPrefix(i.AssignedTo, "Kai") {
					t.Errorf("%s is %q's, not mine", i.Ref, i.AssignedTo)
				}
			}
			if len(mine) == 0 {
				t.Error("nothing is mine")
			}
		})
	}
}

func TestConfigurationsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	good := string(l.yaml("client-secret"))
	for name, c := range map[string]struct {
		content, environ string
		says             []string
	}{
		"unknown key":      {strings.Replace(good, "tenants:", "tennants:", 1), "", []string{"broken.yaml:", `"tennants"`, `did you mean "tenants"?`, "nothing was loaded"}},
		"broken YAML":      {"home: [", "", []string{"broken.yaml:", "not YAML"}},
		"bad id":           {strings.Replace(good, "0a1b2c3d-0000", "zzzzzzzz-0000", 1), "", []string{"broken.yaml:", "zzzzzzzz-0000"}},
		"duplicate code":   {strings.Replace(good, "code: FABR", "code: CONT", 1), "", []string{"broken.yaml:", "CONT"}},
		"empty":            {"", "", []string{"broken.yaml", "home"}},
		"unknown variable": {good, "SOCCTL_HOME_TENNANT=x", []string{"SOCCTL_HOME_TENNANT", `did you mean "SOCCTL_HOME_TENANT"?`}},
		"not built yet":    {string(l.yaml("paste")), "", []string{"sign_in: paste is not built yet", "device-code"}},
		"no such CA":       {strings.Replace(good, "ca.pem", "no.pem", 1), "", []string{"no.pem"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := *l
			r.t, r.dir = t, t.TempDir()
			h := l.host()
			h.Environ = append(h.Environ, c.environ)
			r.runOn(h, "incidents", "list", "--config", r.file("broken.yaml", c.content)).exits(exitError).silent().says(c.says...)
		})
	}
}

func TestNoConfiguration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := bareHost(dir)
	run(t, h, "incidents", "list").exits(exitError).silent().says(filepath.Join(dir, ".config", "socctl", "config.yaml"), "socctl demo", "configuration.md")
	run(t, h, "link", "CONT-1", "--config", filepath.Join(dir, "none.yaml")).exits(exitError).silent().says("none.yaml", "--config")
	h.Environ = append(h.Environ, "SOCCTL_CONFIG="+filepath.Join(dir, "other.yaml"))
	run(t, h, "tenants", "list").exits(exitError).silent().says("other.yaml", "$SOCCTL_CONFIG")
	run(t, bareHost(""), "tenants", "list").exits(exitError).silent().says("--config")
}

func TestConfigurationThatOthersCanChange(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	if err := os.Chmod(l.config, 0o666); err != nil {
		t.Fatal(err)
	}
	l.run("incidents", "list").exits(exitError).silent().says("chmod go-w")
}

func TestNoTerminal(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.run().exits(exitUsage).silent().says("needs a terminal", "socctl incidents list --output json")
	l.run("demo").exits(exitUsage).silent().says("needs a terminal", "socctl simcloud --ca-out ca.pem --config-out sim.yaml", "socctl --config sim.yaml incidents list")
	h := l.host()
	h.OutTTY = true // and no input
	l.runOn(h).exits(exitUsage).silent().says("needs a terminal")
	if n := len(l.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestHelpAndVersion(t *testing.T) {
	t.Parallel()
	h := bareHost(t.TempDir())
	h.Commit = "0123abc"
	run(t, h, "--version").exits(exitDone).prints("1.2.3 (0123abc)")
	for _, args := range []string{"--help", "help", "incidents --help", "incidents list --help", "simcloud -h"} {
		run(t, h, strings.Fields(args)...).exits(exitDone).prints("--help")
	}
}

// A read that is stopped says so and prints no half list as if it were whole.
func TestStopped(t *testing.T) {
	t.Parallel()
	for _, noun := range []string{"incidents", "alerts", "tenants"} {
		l := newLab(t)
		l.Inject(simcloud.Fault{Tenant: "FABR", PathPrefix: "/v1.0", Count: -1, Delay: time.Hour})
		ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
		r := runUntil(ctx, t, l.host(), "--config", l.config, noun, "list", "-o", "json")
		cancel()
		r.exits(exitError).silent().says("stopped before everything was read")
	}
}
