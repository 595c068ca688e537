package cli_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/simcloud"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// finding is a row of the doctor's report.
type finding struct{ ID, Name, Verdict, Found, Fix string }

// report is what the doctor prints.
type report struct {
	Checks                          []finding
	OK, Warnings, Failures, Skipped int
}

// doctor runs the doctor over the lab's cloud with a clock that goes.
func (l *lab) doctor(code int, args ...string) report {
	l.t.Helper()
	h := l.host()
	h.Now = time.Now
	r := l.runOn(h, append([]string{"doctor", "-o", "json"}, args...)...).exits(code)
	if strings.Contains(r.out+r.err, simcloud.ClientSecret) || jwt.MatchString(r.out+r.err) {
		l.t.Errorf("the report has a secret: %s%s", r.out, r.err)
	}
	return decode[report](l.t, r.out)
}

// has checks that a report has a row.
func (r report) has(t *testing.T, id, name, verdict, found string) {
	t.Helper()
	if !slices.ContainsFunc(r.Checks, func(c finding) bool {
		return c.ID == id && strings.Contains(c.Name, name) && c.Verdict == verdict && strings.Contains(c.Found, found)
	}) {
		t.Errorf("no row %s %q %s %q in %v", id, name, verdict, found, r.Checks)
	}
}

func TestTheDoctorOfACloudThatIsWell(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	r := l.doctor(exitDone)
	r.has(t, "DR13", "configuration", "ok", "socctl.yaml: 8 customers in 1 cloud")
	r.has(t, "DR12", "sign-in", "ok", "client-secret")
	r.has(t, "DR14", "keys.yaml", "ok", "none at")
	r.has(t, "DR14", "views.yaml", "ok", "none at")
	r.has(t, "DR18", "ca_file sim", "ok", "1 certificate")
	r.has(t, "DR21", "customers", "skip", "not asked")
	r.has(t, "DR23", "clock", "ok", "as at 127.0.0.1")
	r.has(t, "DR25", "authority sim", "ok", "TLS 1.3 by")
	r.has(t, "DR26", "graph sim", "ok", "answered")
	if n := len(r.Checks); r.Failures != 0 || r.OK+r.Warnings+r.Skipped != n || n < 20 {
		t.Errorf("%+v", r)
	}
	for _, q := range l.Requests() {
		if strings.Contains(q.Path, "/oauth2/") || q.TokenTenant != "" {
			t.Errorf("%s was asked for, with a token of %q, though nobody wanted to sign in", q.Path, q.TokenTenant)
		}
	}
	if len(l.Requests()) != 2 {
		t.Errorf("%d requests", len(l.Requests()))
	}
}

func TestTheDoctorSignsInWhenAsked(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	r := l.doctor(exitDone, "--sign-in")
	r.has(t, "DR12", "sign-in", "ok", "an application by client-secret, 8 tenants")
	r.has(t, "DR21", "customers", "ok", "all 8 answered")

	l = newLab(t, func(o *simcloud.Options) { o.Profiles = map[string]simcloud.Profile{"WING": simcloud.NoAccess} })
	l.doctor(exitAccess, "--sign-in").has(t, "DR21", "WING", "fail", "")
	l.Inject(simcloud.Fault{Tenant: "FABR", PathPrefix: "/v1.0/security", Status: 500, Count: -1})
	r = l.doctor(exitError, "--sign-in")
	r.has(t, "DR21", "FABR", "fail", "500")
	r.has(t, "DR21", "WING", "fail", "")

	l = newLab(t)
	h := bareHost(l.dir)
	h.Environ = append(h.Environ, "SOCCTL_CLIENT_SECRET=wrong")
	l.runOn(h, "doctor", "--sign-in").exits(exitAccess).says("1 of").prints("fail\tDR12\tsign-in\t", "the client secret is wrong")
}

func TestTheDoctorOfABrokenConfiguration(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.file("broken.yaml", strings.Replace(string(l.yaml("client-secret")), "tenants:", "tennants:", 1))
	r := l.doctor(exitError, "--config", filepath.Join(l.dir, "broken.yaml"))
	r.has(t, "DR13", "configuration", "fail", `unknown key "tennants"`)
	r.has(t, "DR25", "authority", "skip", "no configuration")
	r.has(t, "DR20", "disk", "ok", "free at")
	r = l.doctor(exitError, "--config", filepath.Join(l.dir, "nowhere.yaml"))
	r.has(t, "DR13", "configuration", "fail", "there is none at")
	if n := len(l.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	l.file("keys.yaml", "keys:\n  no-such-action: x\n")
	l.file("views.yaml", "views:\n  - {name: Odd, filter: \"sevv:high\"}\n")
	r = l.doctor(exitError)
	r.has(t, "DR14", "keys.yaml", "fail", "no-such-action")
	r.has(t, "DR14", "views.yaml", "warn", "sevv")
	r.has(t, "DR25", "authority sim", "ok", "answered 200")
	l.file("themed.yaml", string(l.yaml("client-secret"))+"console:\n  theme: dusk\n")
	r = l.doctor(exitError, "--config", filepath.Join(l.dir, "themed.yaml"))
	r.has(t, "DR14", "dusk.yaml", "warn", "there is no theme")
}

func TestTheDoctorOfACloudThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	l, other := newLab(t), newLab(t)
	if err := os.WriteFile(filepath.Join(l.dir, "ca.pem"), other.server.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	r := l.doctor(exitError)
	r.has(t, "DR25", "authority sim", "fail", "its certificate is not trusted here, issued by")
	r.has(t, "DR23", "clock", "skip", "no authority told the time")
}

// A report fits every width, and loses no word.
func TestTheDoctorsScreen(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	draw := func(width int) string {
		h := l.host()
		h.Now, h.OutTTY, h.Width = time.Now, width > 0, width
		h.Environ = append(h.Environ, "TERM=dumb", "LC_ALL=C")
		return l.runOn(h, "doctor").exits(exitDone).out
	}
	for _, width := range []int{59, 80, 120, 160, 300} {
		out := draw(width)
		var tall int
		for line := range strings.Lines(out) {
			tall++
			if line = strings.TrimRight(line, "\n"); fit.Width(line) > width || strings.TrimRight(line, " ") != line {
				t.Errorf("at %d: %q", width, line)
			}
		}
		flat := strings.Join(strings.Fields(out), " ")
		for _, want := range []string{"warn DR04 locale LC_ALL=C is not UTF-8", "export LC_ALL=C.UTF-8", "socctl doctor --sign-in", " checks: ", " 0 failures, "} {
			if strings.HasPrefix(want, "warn") && width < 120 {
				continue // the row is broken between its words there
			}
			if !strings.Contains(flat, want) {
				t.Errorf("at %d there is no %q:\n%s", width, want, out)
			}
		}
		if width == 160 && tall > 50 {
			t.Errorf("%d lines at 160x50:\n%s", tall, out)
		}
	}
	out := draw(0)
	for line := range strings.Lines(out) {
		if strings.Count(line, "\t") != 4 {
			t.Errorf("without a terminal: %q", line)
		}
	}
}

func TestTheDoctorRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.run("doctor", "-o", "jsn").exits(exitUsage).silent().says("did you mean json")
	l.run("doctor", "tmux").exits(exitUsage).silent().says("takes flags only")
}
