package cli_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/simcloud"
)

func TestShowOneIncident(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	want := l.run("incidents", "list", "-t", "CONT", "-n", "1", "-o", "json").exits(exitDone).json().Items[0]
	number := strings.TrimPrefix(want.Ref, "CONT-")
	for name, ref := range map[string]string{"as printed": want.Ref, "small letters": strings.ToLower(want.Ref), "bare number": number, "spaces": " " + want.Ref + " "} {
		t.Run(name, func(t *testing.T) {
			l.ForgetRequests()
			got := decode[struct {
				item
				Alerts []item
			}](t, l.run("incidents", "show", ref, "-o", "json").exits(exitDone).out)
			if got.Ref != want.Ref || got.Title != want.Title || len(got.Alerts) != *want.AlertCount {
				t.Errorf("%s %q with %d alerts, want %s %q with %d", got.Ref, got.Title, len(got.Alerts), want.Ref, want.Title, *want.AlertCount)
			}
			if name == "as printed" && len(l.asked()) != 1 {
				t.Errorf("%v were asked for one customer's incident", l.asked())
			}
		})
	}
	l.run("incidents", "show", want.Ref).exits(exitDone).prints(want.Ref+"  "+want.Title, "Contoso Ltd (CONT)", want.PortalURL)
}

func TestShowSaysWhereAnIncidentWent(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *simcloud.Options) { o.Incidents = 100 })
	merged := l.run("incidents", "list", "-f", "status:redirected", "-o", "json").exits(exitDone).json().Items
	if len(merged) == 0 {
		t.Fatal("the estate has no merged incident")
	}
	if merged[0].RedirectTo == "" || !strings.HasPrefix(merged[0].RedirectTo, merged[0].Tenant.Code+"-") {
		t.Fatalf("%s was merged into %q", merged[0].Ref, merged[0].RedirectTo)
	}
	l.run("incidents", "show", merged[0].Ref).exits(exitDone).prints("redirected", "merged into "+merged[0].RedirectTo)
	l.run("incidents", "show", merged[0].RedirectTo).exits(exitDone)
}

func TestNumbersThatDoNotSayWhose(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.run("incidents", "show", "999999999").exits(exitUsage).silent().says("no customer has an incident 999999999")
	l.run("link", "999999999").exits(exitUsage).silent()
	l.serve("CONT", record{"id": "1001"})
	l.serve("FABR", record{"id": "1001"})
	l.run("incidents", "show", "1001").exits(exitUsage).silent().says("2 customers", "CONT-1001 or FABR-1001")
	l.run("open", "1001").exits(exitUsage).silent().says("CONT-1001 or FABR-1001")
	l.run("incidents", "show", "FABR-1001").exits(exitDone).prints("FABR-1001", "Fabrikam")
}

// Where a customer could not be asked, nobody knows whether it has the number too.
func TestNumbersAreNotGuessed(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *simcloud.Options) { o.Profiles = map[string]simcloud.Profile{"WING": simcloud.NoAccess} })
	ref := l.run("incidents", "list", "-t", "CONT", "-n", "1", "-o", "json").exits(exitDone).json().Items[0].Ref
	number := strings.TrimPrefix(ref, "CONT-")
	l.run("incidents", "show", number).exits(exitUsage).silent().says("WING (Wingtip Toys): no access", "write "+ref)
	l.run("incidents", "show", "999999999").exits(exitUsage).silent().says("write CODE-999999999")
	l.run("incidents", "show", ref).exits(exitDone)
}

// A person who signs in for a number signs in once.
func TestANumberSignsInOnce(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	ref := l.run("incidents", "list", "-t", "CONT", "-n", "1", "-o", "json").json().Items[0].Ref
	h := l.host()
	r := l.runOn(h, "incidents", "show", strings.TrimPrefix(ref, "CONT-"), "--config", l.file("device.yaml", string(l.yaml("device-code")))).exits(exitDone).prints(ref)
	if n := strings.Count(r.err, "enter the code"); n != 1 {
		t.Errorf("%d codes were shown:\n%s", n, r.err)
	}
	r.says("To sign in to tenant "+l.Home().ID, simcloud.PublicClientID, l.server.URL()+"/devicelogin")
}

func TestShowOfNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *simcloud.Options) { o.Profiles = map[string]simcloud.Profile{"WING": simcloud.NoAccess} })
	r := l.run("incidents", "show", "CONT-99").exits(exitError).silent().says("Contoso Ltd (CONT)", "CONT-99", "404")
	if strings.Count(r.err, "CONT-99") != 1 {
		t.Errorf("the error says it twice: %s", r.err)
	}
	l.run("incidents", "show", "WING-99").exits(exitAccess).silent().says("Wingtip Toys (WING)", "next: the customer's administrator can let it in at ")
	for _, odd := range []string{"CONT-../me", "CONT-1/alerts", "CONT-", "CONT-1?x=1", "CONT-%2e%2e", "-1", "CONT 1"} {
		before := len(l.Requests())
		if r := l.run("incidents", "show", "--", odd); r.code != exitUsage || len(l.Requests()) != before {
			t.Errorf("%q: exit code %d, %d requests", odd, r.code, len(l.Requests())-before)
		}
	}
}

func TestLinksNeedNoSignIn(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	h := bareHost(l.dir)
	config := l.file("device.yaml", string(l.yaml("device-code")))
	contoso, _ := l.Tenant("CONT")
	want := "https://security.microsoft.com/incidents/28282?tid=" + contoso.ID + "\n"
	for _, ref := range []string{"CONT-28282", "cont-28282"} {
		if r := l.runOn(h, "link", ref, "--config", config).exits(exitDone); r.out != want || r.err != "" {
			t.Errorf("link %s: %q %q", ref, r.out, r.err)
		}
	}
	if n := len(l.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestEveryLinkNamesItsCustomer(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for _, noun := range []string{"incidents", "alerts"} {
		for _, i := range l.run(noun, "list", "-o", "json").exits(exitDone).json().Items {
			if !strings.HasPrefix(i.PortalURL, "https://security.microsoft.com/") || !strings.Contains(i.PortalURL, "tid="+i.Tenant.ID) {
				t.Errorf("%s %s of %s leads to %s", noun, i.Ref, i.Tenant.Code, i.PortalURL)
			}
		}
	}
}

func TestOpenWithoutABrowser(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for name, environ := range map[string][]string{
		"over SSH":          {"SSH_CONNECTION=192.0.2.1 1 192.0.2.2 22", "DISPLAY=:0"},
		"without a desktop": nil,
	} {
		t.Run(name, func(t *testing.T) {
			if environ == nil && runtime.GOOS != "linux" {
				t.Skip("this system always has a desktop")
			}
			h := l.host()
			h.Environ = append(h.Environ, environ...)
			r := l.runOn(h, "open", "CONT-28282").exits(exitDone).says("No browser", "CONT-28282")
			if link := l.run("link", "CONT-28282").out; r.out != link {
				t.Errorf("standard output has %q, want the link alone", r.out)
			}
		})
	}
}

// The link reaches the browser as one argument, and no shell sees it.
func TestOpenWithABrowser(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the browser is xdg-open only on Linux")
	}
	for name, code := range map[string]int{"works": 0, "fails": 3} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			note := filepath.Join(l.dir, "opened")
			script := "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" >" + note + "\nexit " + strconv.Itoa(code) + "\n"
			if err := os.WriteFile(filepath.Join(l.dir, "xdg-open"), []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", l.dir+":"+os.Getenv("PATH"))
			h := l.host()
			h.Environ = append(h.Environ, "DISPLAY=:0")
			link := l.run("link", "CONT-28282").out
			r := l.runOn(h, "open", "CONT-28282")
			if code == 0 {
				r.exits(exitDone).silent()
			} else if r.exits(exitError).says("CONT-28282"); r.out != link {
				t.Errorf("the link is not there to be copied: %q", r.out)
			}
			if got, err := os.ReadFile(note); err != nil || string(got) != "1\n"+link {
				t.Errorf("the browser was given %q, %v", got, err)
			}
		})
	}
}
