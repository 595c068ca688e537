package doctor_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"go.uber.org/goleak"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/doctor"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/text/hostile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const yaml = `home:
  tenant: 8f0b1c5e-0000-4000-8000-000000000001
  client_id: 3d6b0f0c-0000-4000-8000-000000000002
  sign_in: device-code
tenants:
  - {code: CONT, name: Contoso Ltd, id: 0a1b2c3d-0000-4000-8000-000000000003}
`

// now is when the tests look.
var now = time.Date(2026, 11, 22, 14, 22, 0, 0, time.UTC)

// answers is a network that answers every request.
type answers func(*http.Request) (*http.Response, error)

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }

// answer is what a service says.
func answer(status int, body string, date time.Time) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Date": {date.Format(http.TimeFormat)}}, Body: io.NopCloser(strings.NewReader(body))}
}

const discovery = `{"token_endpoint":"https://login.microsoftonline.com/x/oauth2/v2.0/token"}`

func well(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration") {
		return answer(http.StatusOK, discovery, now), nil
	}
	return answer(http.StatusUnauthorized, "", now), nil
}

// network is a way to every cloud.
func network(a answers) func(tenants.Cloud) (http.RoundTripper, error) {
	return func(tenants.Cloud) (http.RoundTripper, error) { return a, nil }
}

// patient is a place where everything is as it should be, in tmux over SSH.
type patient struct {
	doctor.Options
	t    *testing.T
	dir  string
	tmux map[string]string
}

func newPatient(t *testing.T, change ...string) *patient {
	t.Helper()
	p := &patient{t: t, dir: t.TempDir(), tmux: map[string]string{
		"-V": "tmux 3.3a", "set-clipboard": "on", "escape-time": "10", "focus-events": "on", "allow-passthrough": "off",
		"extended-keys": "off", "default-terminal": "tmux-256color", "display-message": "256,RGB,title"}}
	if err := os.Chmod(p.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	p.Options = doctor.Options{
		Environ: []string{"HOME=" + p.dir, "TERM=tmux-256color", "COLORTERM=truecolor", "LANG=en_GB.UTF-8", "TMUX=/tmp/tmux-1000/default,1,0",
			"SSH_CONNECTION=203.0.113.7 51234 10.0.0.1 22", "SSH_TTY=/dev/pts/0"},
		InTTY: true, OutTTY: true, Width: 160, Height: 50,
		Ask: func() (doctor.Answer, func()) {
			return doctor.Answer{Asked: true, Complete: true, Attributes: "62;22", Sync: doctor.SyncKnown, Took: 3 * time.Millisecond}, func() {}
		},
		LogFile:   filepath.Join(p.dir, "state", "socctl", "socctl.log"),
		Transport: network(well),
		Prepare:   func() error { return nil },
	}
	p.System = doctor.Process(p.Environ)
	p.GOOS, p.Now = "linux", func() time.Time { return now }
	p.Terminfo = func(string) colorprofile.Profile { return colorprofile.ANSI }
	p.Free = func(string) (uint64, error) { return 12 << 30, nil }
	p.Parents = func() []string { return []string{"bash", "tmux: server"} }
	p.Tmux = func(_ context.Context, args ...string) (string, error) {
		for _, a := range []string{args[len(args)-1], args[0]} {
			if v, ok := p.tmux[a]; ok {
				return v, nil
			}
		}
		return "", errors.New("exit status 1")
	}
	p.load(change...)
	return p
}

// load reads the configuration after a change of its text.
func (p *patient) load(change ...string) {
	p.t.Helper()
	path := filepath.Join(p.dir, "config.yaml")
	p.write("config.yaml", strings.NewReplacer(change...).Replace(yaml), 0o600)
	p.Config, p.ConfigErr = config.Load(config.Options{Path: path, Environ: p.Environ})
}

func (p *patient) write(name, content string, mode os.FileMode) string {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// set gives a variable another value.
func (p *patient) set(name, value string) { p.Environ = append(p.Environ, name+"="+value) }

func (p *patient) run() *doctor.Report { return doctor.Run(p.t.Context(), p.Options) }

// find gives the rows of an id.
func find(r *doctor.Report, id string) []doctor.Check {
	return slices.DeleteFunc(slices.Clone(r.Checks), func(c doctor.Check) bool { return c.ID != id })
}

// has checks that a report has a row.
func has(t *testing.T, r *doctor.Report, id string, v doctor.Verdict, found, fix string) {
	t.Helper()
	rows := find(r, id)
	for _, c := range rows {
		if c.Verdict == v && strings.Contains(c.Found.String(), found) && strings.Contains(c.Fix.String(), fix) && (fix != "" || c.Fix.IsZero()) {
			return
		}
	}
	t.Errorf("no row %s %s with %q and the fix %q, but %v", id, v, found, fix, rows)
}

func TestAllIsWell(t *testing.T) {
	t.Parallel()
	r := newPatient(t).run()
	if r.Warnings+r.Failures > 0 {
		t.Errorf("%d warnings, %d failures", r.Warnings, r.Failures)
	}
	seen := map[string]bool{}
	for n, c := range r.Checks {
		seen[c.ID] = true
		if c.Verdict == doctor.Warn || c.Verdict == doctor.Fail || c.Found.IsZero() || c.Name.IsZero() {
			t.Errorf("%v", c)
		}
		if n > 0 && c.ID < r.Checks[n-1].ID {
			t.Errorf("%s stands behind %s", c.ID, r.Checks[n-1].ID)
		}
	}
	if len(seen) < 25 || r.OK+r.Skipped != len(r.Checks) || r.OK < 24 {
		t.Errorf("%d ids, %d ok, %d skipped of %d", len(seen), r.OK, r.Skipped, len(r.Checks))
	}
	has(t, r, "DR01", doctor.OK, "tmux-256color, 160x50, 256 colours, synchronized output", "")
	has(t, r, "DR05", doctor.OK, "over SSH from 203.0.113.7", "")
	has(t, r, "DR13", doctor.OK, "config.yaml: 1 customer in 1 cloud", "")
	has(t, r, "DR24", doctor.OK, "no proxy", "")
	has(t, r, "DR25", doctor.OK, "login.microsoftonline.com: answered 200 in", "")
	has(t, r, "DR26", doctor.OK, "graph.microsoft.com: answered 401 in", "")
}

// The names in JSON, written down by hand.
func TestJSONNamesAreTheContract(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(newPatient(t).run())
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Checks                          []map[string]string
		OK, Warnings, Failures, Skipped *int
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	for _, c := range got.Checks {
		for _, name := range []string{"id", "name", "verdict", "found", "fix"} {
			if _, ok := c[name]; !ok || len(c) != 5 {
				t.Fatalf("%v", c)
			}
		}
	}
	if len(got.Checks) == 0 || got.OK == nil || got.Warnings == nil || got.Failures == nil || got.Skipped == nil {
		t.Errorf("%s", data)
	}
}

func TestTheTerminal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change     func(*patient)
		id         string
		verdict    doctor.Verdict
		found, fix string
	}{
		"no terminal":      {func(p *patient) { p.OutTTY = false }, "DR01", doctor.Skip, "not a terminal", ""},
		"dumb":             {func(p *patient) { p.set("TERM", "dumb") }, "DR01", doctor.Warn, "dumb, 160x50, no colours", "export TERM="},
		"no TERM":          {func(p *patient) { p.set("TERM", "") }, "DR01", doctor.Warn, "TERM is not set", "export TERM="},
		"too small":        {func(p *patient) { p.Height = 10 }, "DR01", doctor.Warn, "160x10", "60x15"},
		"true colour":      {func(p *patient) { p.set("TERM", "xterm-256color") }, "DR02", doctor.OK, "true colour", ""},
		"true by terminfo": {func(p *patient) { p.Terminfo = trueColour }, "DR01", doctor.OK, "true colour", ""},
		"sixteen":          {func(p *patient) { p.set("TERM", "xterm"); p.set("COLORTERM", "") }, "DR02", doctor.OK, "16 colours: SSH does not bring COLORTERM", ""},
		"NO_COLOR":         {func(p *patient) { p.set("NO_COLOR", "1") }, "DR02", doctor.OK, "no colours: NO_COLOR is set", ""},
		"NO_COLOR=yes":     {func(p *patient) { p.set("NO_COLOR", "yes") }, "DR02", doctor.Warn, "only 1 and true", "export NO_COLOR=1"},
		"no input":         {func(p *patient) { p.InTTY = false }, "DR03", doctor.Skip, "not asked", ""},
		"Apple":            {func(p *patient) { p.set("TERM_PROGRAM", "Apple_Terminal") }, "DR03", doctor.Skip, "not asked", ""},
		"cannot be asked":  {func(p *patient) { p.Ask = nil }, "DR03", doctor.Skip, "not asked", ""},
		"silent":           {func(p *patient) { p.answers(doctor.Answer{Asked: true}) }, "DR03", doctor.Warn, "no answer within 300 ms", ""},
		"no mode":          {func(p *patient) { p.answers(doctor.Answer{Asked: true, Complete: true}) }, "DR03", doctor.OK, "no synchronized output", ""},
		"background":       {func(p *patient) { p.answers(doctor.Answer{Err: errors.New("not in the foreground")}) }, "DR03", doctor.Skip, "foreground", ""},
		"LC_ALL is first":  {func(p *patient) { p.set("LC_ALL", "C") }, "DR04", doctor.Warn, "LC_ALL=C is not UTF-8", "export LC_ALL=C.UTF-8"},
		"utf8":             {func(p *patient) { p.set("LC_ALL", "de_DE.utf8") }, "DR04", doctor.OK, "de_DE.utf8", ""},
		"no locale":        {func(p *patient) { p.set("LANG", "") }, "DR04", doctor.Warn, "none of", "export"},
		"Windows":          {func(p *patient) { p.GOOS = "windows" }, "DR04", doctor.Skip, "", ""},
		"not over SSH":     {func(p *patient) { p.set("SSH_CONNECTION", ""); p.set("SSH_TTY", "") }, "DR05", doctor.OK, "not over SSH", ""},
		"without SSH_TTY":  {func(p *patient) { p.set("SSH_TTY", "") }, "DR05", doctor.OK, "SSH_TTY is not set", ""},
		"a browser":        {func(p *patient) { p.Browser = true }, "DR06", doctor.OK, "links open", ""},
		"no browser":       {func(p *patient) { p.set("SSH_CONNECTION", ""); p.set("SSH_TTY", "") }, "DR06", doctor.OK, "no desktop", ""},
		"screen":           {func(p *patient) { p.set("TMUX", ""); p.set("STY", "1.a"); p.set("TERM", "screen") }, "DR11", doctor.Warn, "GNU screen", "maptimeout"},
		"screen elsewhere": {func(p *patient) { p.set("TMUX", ""); p.set("TERM", "screen-256color") }, "DR11", doctor.Skip, "where you came from", ""},
		"mosh":             {func(p *patient) { p.Parents = func() []string { return []string{"bash", "mosh-server"} } }, "DR11", doctor.Warn, "mosh 1.4", "ssh"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			c.change(p)
			has(t, p.run(), c.id, c.verdict, c.found, c.fix)
		})
	}
}

func trueColour(string) colorprofile.Profile { return colorprofile.TrueColor }

func (p *patient) answers(a doctor.Answer) {
	p.Ask = func() (doctor.Answer, func()) { return a, func() {} }
}

// The terminal is asked once, brought back before anybody signs in, and not asked where that would show.
func TestTheTerminalIsBroughtBack(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	asked, back := 0, 0
	p.Ask = func() (doctor.Answer, func()) {
		asked++
		return doctor.Answer{Asked: true}, func() { back++ }
	}
	p.SignIn = func(context.Context) (doctor.SignedIn, error) {
		if back != 1 {
			t.Errorf("the terminal was brought back %d times before the sign-in", back)
		}
		return doctor.SignedIn{}, nil
	}
	p.run()
	p.set("TERM", "dumb")
	p.run()
	if asked != 1 || back != 1 {
		t.Errorf("asked %d times, brought back %d times", asked, back)
	}
}

func TestTmux(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		option, value string
		id            string
		verdict       doctor.Verdict
		found, fix    string
	}{
		"clipboard external": {"set-clipboard", "external", "DR07", doctor.Warn, "set-clipboard is external", "tmux set -g set-clipboard on"},
		"clipboard off":      {"set-clipboard", "off", "DR07", doctor.Warn, "set-clipboard is off", "tmux set -g set-clipboard on"},
		"no server":          {"set-clipboard", "", "DR07", doctor.Warn, "the server does not answer", "unset TMUX"},
		"escape-time":        {"escape-time", "500", "DR08", doctor.Warn, "escape-time is 500 ms", "tmux set -g escape-time 10"},
		"escape-time at 50":  {"escape-time", "50", "DR08", doctor.OK, "escape-time is 50 ms", ""},
		"escape-time hidden": {"escape-time", "", "DR08", doctor.Skip, "", ""},
		"focus":              {"focus-events", "off", "DR09", doctor.OK, "focus-events is off: socctl does without", ""},
		"few colours":        {"default-terminal", "screen", "DR10", doctor.Warn, "few colours", "tmux-256color"},
		"no true colour":     {"display-message", "256,title", "DR10", doctor.OK, "terminal-features", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			if p.tmux[c.option] = c.value; c.value == "" {
				delete(p.tmux, c.option)
			}
			has(t, p.run(), c.id, c.verdict, c.found, c.fix)
		})
	}
	old := newPatient(t)
	old.tmux["-V"], old.tmux["set-clipboard"] = "tmux 3.1c", "external"
	has(t, old.run(), "DR07", doctor.Warn, "copying will not reach you", "set-clipboard on")
	old.tmux["allow-passthrough"] = "all"
	has(t, old.run(), "DR07", doctor.OK, "allow-passthrough", "")
	outside := newPatient(t)
	outside.Tmux = func(context.Context, ...string) (string, error) {
		t.Error("tmux was asked outside of it")
		return "", nil
	}
	outside.set("TMUX", "")
	has(t, outside.run(), "DR07", doctor.Skip, "tmux runs where you came from", "(there)")
	outside.set("TERM", "xterm")
	has(t, outside.run(), "DR07", doctor.Skip, "not in tmux", "")
	gone := newPatient(t)
	gone.Tmux = func(context.Context, ...string) (string, error) { return "", context.DeadlineExceeded }
	has(t, gone.run(), "DR07", doctor.Warn, "did not answer in time", "")
}

// What comes from outside is shown, and obeyed by nobody.
func TestHostileTextIsShownAndNotObeyed(t *testing.T) {
	t.Parallel()
	const evil = "\x1b]52;c;ZXZpbA==\a\x1b[2J\u202egpj.exe\r\nsecond"
	p := newPatient(t)
	for _, v := range []string{"TERM", "LANG", "SSH_CONNECTION", "TZ", "XDG_STATE_HOME", "SOCTL_CONFIG" + evil, "SOCCTL_" + evil} {
		p.set(v, "/"+evil)
	}
	for o := range p.tmux {
		p.tmux[o] += evil
	}
	p.Config, p.ConfigErr = nil, errors.New("config: "+evil)
	p.LogFile = filepath.Join(p.dir, evil, "log")
	p.Files = []doctor.FileCheck{{Name: evil, Path: evil, Check: func() error { return errors.New(evil) }}}
	p.answers(doctor.Answer{Asked: true, Complete: true, Attributes: evil})
	for _, c := range p.run().Checks {
		for _, s := range []string{c.Name.String(), c.Found.String(), c.Fix.String()} {
			if err := hostile.ScanBytes([]byte(s)); err != nil || strings.Contains(s, "\n") {
				t.Errorf("%s: %q: %v", c.ID, s, err)
			}
		}
	}
}

// A check that panics hides none of the others.
func TestAPanicIsOneFailure(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.Free = func(string) (uint64, error) { panic("broken") }
	r := p.run()
	has(t, r, "DR99", doctor.Fail, "broken", "report it")
	has(t, r, "DR25", doctor.OK, "answered", "")
	if r.Failures != 1 {
		t.Errorf("%d failures", r.Failures)
	}
}

func TestTheSignIn(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	r := p.run()
	has(t, r, "DR12", doctor.OK, "device-code", "")
	has(t, r, "DR21", doctor.Skip, "not asked", "socctl doctor --sign-in")
	p.Prepare = func() error { return errors.New("sign_in: browser is not built yet") }
	r = p.run()
	has(t, r, "DR12", doctor.Fail, "not built yet", "home.sign_in")
	if r.AccessOnly() {
		t.Error("a configuration that cannot work is no matter of access")
	}
	p = newPatient(t, "device-code", "browser")
	has(t, p.run(), "DR12", doctor.Warn, "none can be opened here", "paste")
	p.Browser = true
	has(t, p.run(), "DR12", doctor.OK, "browser", "")
}

func TestSigningInNamesEveryCustomerThatFails(t *testing.T) {
	t.Parallel()
	tenant := func(code soc.Code) *soc.Tenant { return &soc.Tenant{Code: code} }
	good := soc.Status{Tenant: tenant("CONT"), Health: soc.HealthFresh}
	closed := soc.Status{Tenant: tenant("TAIL"), Health: soc.HealthNoAccess, Problem: text.NewLine("AADSTS50020: not a guest"), Next: text.NewLine("ask to be invited")}
	down := soc.Status{Tenant: tenant("WOOD"), Health: soc.HealthStale, Problem: text.NewLine("the Graph service answered 503")}
	slow := soc.Status{Tenant: tenant("FABR"), Health: soc.HealthThrottled, Problem: text.NewLine("throttled")}
	unread := soc.Status{Tenant: tenant("WING"), Health: soc.HealthStarting}
	p := newPatient(t)
	in, fails := doctor.SignedIn{Who: text.NewLine("kai@northwind.example")}, error(nil)
	p.SignIn = func(context.Context) (doctor.SignedIn, error) { return in, fails }
	in.Customers = []soc.Status{good}
	has(t, p.run(), "DR21", doctor.OK, "all 1 answered", "")
	in.Customers = []soc.Status{good, closed, slow}
	r := p.run()
	has(t, r, "DR12", doctor.OK, "kai@northwind.example by device-code, 3 tenants", "")
	has(t, r, "DR21", doctor.Fail, "AADSTS50020: not a guest", "ask to be invited")
	has(t, r, "DR21", doctor.Warn, "throttled", "")
	if rows := find(r, "DR21"); len(rows) != 2 || rows[0].Name.String() != "TAIL" || !r.AccessOnly() {
		t.Errorf("%v, access only: %v", rows, r.AccessOnly())
	}
	in.Customers = []soc.Status{closed, down, unread}
	r = p.run()
	has(t, r, "DR21", doctor.Fail, "503", "")
	has(t, r, "DR21", doctor.Fail, "it was not read", "")
	if r.AccessOnly() {
		t.Error("a service that is down is no matter of access")
	}
	for kind, access := range map[soc.ProblemKind]bool{soc.ProblemSignIn: true, soc.ProblemRefused: true, soc.ProblemUnavailable: false} {
		fails = &soc.Problem{Kind: kind, Summary: text.NewLine("no token"), Next: text.NewLine("sign in again")}
		r = p.run()
		has(t, r, "DR12", doctor.Fail, "no token", "sign in again")
		if r.AccessOnly() != access {
			t.Errorf("%s: access only is %v", kind, r.AccessOnly())
		}
	}
}

// skipOnWindows skips where files have no modes.
func skipOnWindows(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes here")
	}
}
