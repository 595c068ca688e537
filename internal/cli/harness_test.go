package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/socctl/socctl/internal/cli"
	"github.com/socctl/socctl/internal/simcloud"
)

// asProgram is the variable that makes the test binary be socctl, for tests that start it as a process. The configuration
// refuses variables of its own prefix that it does not know.
const asProgram = "TEST_AS_SOCCTL"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main(cli.Process("1.2.3", ""), os.Args[1:]))
	}
	goleak.VerifyTestMain(m)
}

// The exit codes that scripts rely on.
const (
	exitDone    = 0
	exitError   = 1
	exitUsage   = 2
	exitPartial = 3
	exitAccess  = 4
)

// lab is a simulated cloud whose clock stands, and a configuration for it.
type lab struct {
	*simcloud.Cloud
	server *simcloud.Server
	t      testing.TB
	dir    string
	config string // signs in with a client secret
	now    time.Time
}

// newLab starts a cloud of eight customers, all well unless a test changes that.
func newLab(t testing.TB, change ...func(*simcloud.Options)) *lab {
	t.Helper()
	l := &lab{t: t, dir: t.TempDir(), now: time.Now().UTC().Truncate(time.Second)}
	o := simcloud.Options{Customers: 8, Incidents: 30, Speed: -1, AutoApprove: true, Profiles: map[string]simcloud.Profile{},
		Now: func() time.Time { return l.now }}
	for _, c := range change {
		c(&o)
	}
	var err error
	if l.Cloud, err = simcloud.New(o); err != nil {
		t.Fatal(err)
	}
	if l.server, err = l.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.server.Close(); err != nil {
			t.Errorf("close the cloud: %v", err)
		}
	})
	l.file("ca.pem", string(l.server.CAPEM()))
	l.config = l.file("socctl.yaml", string(l.yaml("client-secret")))
	return l
}

func (l *lab) yaml(signIn string) []byte {
	return l.server.ConfigYAML(simcloud.ConfigOptions{SignIn: signIn, CAFile: filepath.Join(l.dir, "ca.pem")})
}

// file writes a file of the lab and gives its path.
func (l *lab) file(name, content string) string {
	l.t.Helper()
	path := filepath.Join(l.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		l.t.Fatal(err)
	}
	return path
}

// host is a process without a terminal that knows the client secret.
func (l *lab) host() cli.Host {
	h := bareHost(l.dir)
	h.Environ = append(h.Environ, "SOCCTL_CLIENT_SECRET="+simcloud.ClientSecret)
	h.Now = func() time.Time { return l.now }
	return h
}

// bareHost is a process without a terminal and without any configuration.
func bareHost(home string) cli.Host {
	return cli.Host{Version: "1.2.3", In: strings.NewReader(""), Environ: []string{"HOME=" + home}, Now: time.Now}
}

// result is what a command left behind.
type result struct {
	t        testing.TB
	args     []string
	code     int
	out, err string
}

// patience bounds every command: none may hang.
const patience = 90 * time.Second

// run runs a command against the lab's cloud.
func (l *lab) run(args ...string) result {
	l.t.Helper()
	return l.runOn(l.host(), args...)
}

func (l *lab) runOn(h cli.Host, args ...string) result {
	l.t.Helper()
	if !slices.Contains(args, "--config") {
		args = append([]string{"--config", l.config}, args...)
	}
	return run(l.t, h, args...)
}

// run runs a command in this process.
func run(t testing.TB, h cli.Host, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r := runUntil(ctx, t, h, args...)
	if ctx.Err() != nil {
		t.Errorf("socctl %s did not end in %s", strings.Join(args, " "), patience)
	}
	return r
}

func runUntil(ctx context.Context, t testing.TB, h cli.Host, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	h.Out, h.Err = &out, &errs
	code := cli.Run(ctx, h, args)
	return result{t, args, code, out.String(), errs.String()}
}

// runInto runs a command that writes to the host's own streams.
func runInto(t testing.TB, h cli.Host, args ...string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return cli.Run(ctx, h, args)
}

// exits checks the exit code.
func (r result) exits(code int) result {
	r.t.Helper()
	if r.code != code {
		r.t.Fatalf("socctl %s: exit code %d, want %d\nstdout: %.600s\nstderr: %s", strings.Join(r.args, " "), r.code, code, r.out, r.err)
	}
	return r
}

// says checks that standard error has all of these.
func (r result) says(words ...string) result {
	r.t.Helper()
	for _, w := range words {
		if !strings.Contains(r.err, w) {
			r.t.Errorf("socctl %s: standard error lacks %q:\n%s", strings.Join(r.args, " "), w, r.err)
		}
	}
	return r
}

// prints checks that standard output has all of these.
func (r result) prints(words ...string) result {
	r.t.Helper()
	for _, w := range words {
		if !strings.Contains(r.out, w) {
			r.t.Errorf("socctl %s: standard output lacks %q:\n%.2000s", strings.Join(r.args, " "), w, r.out)
		}
	}
	return r
}

// silent checks that nothing was printed.
func (r result) silent() result {
	r.t.Helper()
	if r.out != "" {
		r.t.Errorf("socctl %s printed %.600q", strings.Join(r.args, " "), r.out)
	}
	return r
}

// item is what the tests look at in incidents, alerts and customers.
type item struct {
	Ref, Title, Severity, Status, Code, Name, State string
	AssignedTo                                      string `json:"assigned_to"`
	RedirectTo                                      string `json:"redirect_to"`
	PortalURL                                       string `json:"portal_url"`
	Created, Updated                                *time.Time
	AlertCount                                      *int `json:"alert_count"`
	Tenant                                          struct{ Code, ID, Name string }
	Incident, ID                                    string
}

// customer is an entry of tenants.
type customer struct {
	Code, ID, State, Error string
	AgeSeconds             *int64 `json:"age_seconds"`
}

// answer is the JSON of every list.
type answer struct {
	Items    []item
	Tenants  []customer
	Complete bool
}

// json reads the list that was printed.
func (r result) json() answer {
	r.t.Helper()
	return decode[answer](r.t, r.out)
}

func decode[T any](t testing.TB, s string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("not JSON: %v\n%.600s", err, s)
	}
	return v
}

// of counts the items of each customer.
func (a answer) of() map[string]int {
	n := map[string]int{}
	for _, i := range a.Items {
		n[i.Tenant.Code]++
	}
	return n
}

// customer finds an entry of tenants.
func (a answer) customer(code string) customer {
	for _, c := range a.Tenants {
		if c.Code == code {
			return c
		}
	}
	return customer{}
}

// codes lists the codes of the lab's customers.
func (l *lab) codes() []string {
	var codes []string
	for _, t := range l.Tenants() {
		codes = append(codes, t.Code)
	}
	return codes
}
