package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/simcloud"
)

// jwt finds what looks like a token.
var jwt = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}`)

// keeps checks that a text gives none of the secrets away.
func keeps(t *testing.T, where, s string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if i := strings.Index(s, secret); i >= 0 {
			t.Errorf("%s has the secret: %.200s", where, s[max(0, i-80):])
		}
	}
	if token := jwt.FindString(s); token != "" {
		t.Errorf("%s has a token: %s", where, token)
	}
}

// Neither what a command prints nor what it logs has a secret or a token, however it ends and whatever the services
// throw back at it.
func TestSecretsAreShownNowhere(t *testing.T) {
	t.Parallel()
	const echo = `{"error":"invalid_client","error_description":"AADSTS7000299: what you sent was %s","error_codes":[7000299]}`
	for name, c := range map[string]struct {
		args  string
		fault simcloud.Fault
	}{
		"all is well":                {"incidents list -o json", simcloud.Fault{Tenant: "FABR", PathPrefix: "/nothing"}},
		"alerts":                     {"alerts list -o yaml", simcloud.Fault{Tenant: "FABR", PathPrefix: "/nothing"}},
		"no token":                   {"incidents list", simcloud.Fault{Tenant: "FABR", PathPrefix: "/oauth2/v2.0/token", Status: 500, Count: -1}},
		"the authority echoes":       {"incidents list", simcloud.Fault{Tenant: "FABR", PathPrefix: "/oauth2/v2.0/token", Status: 401, Count: -1, Body: fmt.Sprintf(echo, simcloud.ClientSecret)}},
		"home's authority echoes":    {"incidents list", simcloud.Fault{Tenant: "NORT", PathPrefix: "/oauth2/v2.0/token", Status: 401, Count: -1, Body: fmt.Sprintf(echo, simcloud.ClientSecret)}},
		"the authority echoes HTML":  {"tenants list", simcloud.Fault{Tenant: "FABR", PathPrefix: "/oauth2/v2.0/token", Status: 400, Count: -1, ContentType: "text/html", Body: "<pre>client_secret=" + simcloud.ClientSecret + "</pre>"}},
		"Graph echoes the header":    {"incidents list -o csv", simcloud.Fault{Tenant: "FABR", PathPrefix: "/v1.0", Status: 400, Count: -1, Body: `{"error":{"code":"BadRequest","message":"header Authorization: Bearer {token} was not understood"}}`}},
		"Graph echoes without words": {"incidents list", simcloud.Fault{Tenant: "FABR", PathPrefix: "/v1.0", Status: 403, Count: -1, Body: `GET / Authorization: Bearer {token}`, ContentType: "text/plain"}},
		"Graph answers with a token": {"incidents list", simcloud.Fault{Tenant: "FABR", PathPrefix: "/v1.0", Count: -1, Body: `{token}`, ContentType: "text/plain"}},
		"in the request id":          {"incidents show FABR-1", simcloud.Fault{Tenant: "FABR", PathPrefix: "/v1.0", Status: 400, Count: -1, Header: map[string][]string{"Request-Id": {"{token}"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			token, err := l.Token(simcloud.TokenSpec{Tenant: "FABR"})
			if err != nil {
				t.Fatal(err)
			}
			fill := strings.NewReplacer("{token}", token)
			c.fault.Body = fill.Replace(c.fault.Body)
			if id := c.fault.Header.Get("Request-Id"); id != "" {
				c.fault.Header.Set("Request-Id", fill.Replace(id))
			}
			l.Inject(c.fault)
			logFile := filepath.Join(l.dir, "log", "socctl.log")
			r := l.run(append([]string{"--log-file", logFile}, strings.Fields(c.args)...)...)
			keeps(t, "standard output", r.out, simcloud.ClientSecret)
			keeps(t, "standard error", r.err, simcloud.ClientSecret)
			log, err := os.ReadFile(logFile)
			if err != nil || (len(log) == 0 && !strings.HasPrefix(name, "home")) {
				t.Fatalf("the log has %d bytes, %v", len(log), err)
			}
			keeps(t, "the log", string(log), simcloud.ClientSecret)
		})
	}
}

func TestTheLogIsForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files have no mode there")
	}
	l := newLab(t)
	path := filepath.Join(l.dir, "new", "socctl.log")
	l.run("--log-file", path, "incidents", "list").exits(exitDone)
	if err := os.Chmod(path, 0o644); err != nil { // as an older version or an editor may have left it
		t.Fatal(err)
	}
	l.run("--log-file", path, "incidents", "list").exits(exitDone)
	for p, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): os.ModeDir | 0o700} {
		if info, err := os.Stat(p); err != nil || info.Mode() != want {
			t.Errorf("%s: mode %v, %v", p, info.Mode(), err)
		}
	}
	l.run("--log-file", l.dir, "incidents", "list").exits(exitError).silent().says("log file")
}

// A log says whom it called and how it went, and nothing of what was asked or answered.
func TestTheLogHasEveryCall(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	path := filepath.Join(l.dir, "socctl.log")
	l.run("--log-file", path, "incidents", "list", "-t", "CONT").exits(exitDone)
	log, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for line := range strings.Lines(string(log)) {
		entry := decode[struct{ Msg, Customer, Path, Query string }](t, line)
		if entry.Msg == "call" && entry.Customer == "CONT" && entry.Path == "/v1.0/security/incidents" {
			calls++
		}
		if strings.Contains(line, "$filter") || strings.Contains(line, "displayName") {
			t.Errorf("the log has what was asked: %s", line)
		}
	}
	if calls < 2 {
		t.Errorf("%d calls are in the log:\n%s", calls, log)
	}
}

func TestSecretsFromAFile(t *testing.T) {
	t.Parallel()
	const secret = "a-secret-that-nobody-knows"
	for name, c := range map[string]struct {
		content string
		mode    os.FileMode
		code    int
		says    string
	}{
		"right":             {simcloud.ClientSecret + "\n", 0o600, exitDone, ""},
		"wrong":             {secret, 0o600, exitAccess, "the client secret is wrong"},
		"others can read":   {secret, 0o644, exitError, "chmod 600"},
		"more than a line":  {secret + "\n" + secret, 0o600, exitError, "on one line"},
		"nothing in it":     {"\n", 0o600, exitError, "on one line"},
		"not a text at all": {secret + "\x00", 0o600, exitError, "on one line"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			if err := os.Chmod(l.file("secret.txt", c.content), c.mode); err != nil {
				t.Fatal(err)
			}
			config := l.file("socctl.yaml", strings.Replace(string(l.yaml("client-secret")), "  cloud: sim", "  client_secret_file: secret.txt\n  cloud: sim", 1))
			logFile := filepath.Join(l.dir, "socctl.log")
			r := l.runOn(bareHost(l.dir), "--config", config, "--log-file", logFile, "incidents", "list").exits(c.code).says(c.says)
			log, _ := os.ReadFile(logFile) // which is not there where the configuration is wrong
			keeps(t, "everything", r.out+r.err+string(log), secret, simcloud.ClientSecret)
		})
	}
}

// The code that a person enters is meant to be seen; the one that the program polls with, and what it gets, are not.
func TestADeviceCodeSignInKeepsItsSecrets(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	logFile := filepath.Join(l.dir, "socctl.log")
	r := l.runOn(bareHost(l.dir), "--config", l.file("device.yaml", string(l.yaml("device-code"))), "--log-file", logFile, "incidents", "list").exits(exitDone)
	log, err := os.ReadFile(logFile)
	if err != nil {
		t.Fatal(err)
	}
	keeps(t, "everything", r.out+r.err+string(log), "refresh_token", "device_code", "Bearer")
}
