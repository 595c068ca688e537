package simcloud_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/simcloud"
)

// noon is when tests take place.
var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// clock is the virtual time of a cloud.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: noon} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// lab is a running cloud and a client that trusts it.
type lab struct {
	*simcloud.Cloud
	*simcloud.Server
	clock  *clock
	client *http.Client
	t      testing.TB
}

func start(t testing.TB, o simcloud.Options) *lab {
	t.Helper()
	l := &lab{clock: newClock(), t: t}
	if o.Now == nil {
		o.Now = l.clock.Now
	}
	var err error
	if l.Cloud, err = simcloud.New(o); err != nil {
		t.Fatal(err)
	}
	if l.Server, err = l.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	l.client = trusting(t, l.CAPEM())
	t.Cleanup(func() {
		l.client.CloseIdleConnections()
		if err := l.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return l
}

// trusting is a client that trusts one authority and follows no redirects.
func trusting(t testing.TB, ca []byte) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca) {
		t.Fatal("no certificate in the PEM")
	}
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// small is an estate for tests that need only a few records.
func small() simcloud.Options {
	return simcloud.Options{Customers: 8, Incidents: 200, Speed: -1}
}

// token is a user's token for a tenant.
func (l *lab) token(tenant string) string {
	l.t.Helper()
	token, err := l.Token(simcloud.TokenSpec{Tenant: tenant, User: simcloud.Kai})
	if err != nil {
		l.t.Fatal(err)
	}
	return token
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// get asks Graph with a token; path may be absolute.
func (l *lab) get(token, path string, headers ...string) answer {
	l.t.Helper()
	return l.send(http.MethodGet, token, path, headers...)
}

func (l *lab) send(method, token, path string, headers ...string) answer {
	l.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = l.URL() + path
	}
	r, err := http.NewRequestWithContext(l.t.Context(), method, path, nil)
	if err != nil {
		l.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return l.do(r)
}

// post sends a form to a tenant's endpoint.
func (l *lab) post(path string, form url.Values) answer {
	l.t.Helper()
	r, err := http.NewRequestWithContext(l.t.Context(), http.MethodPost, l.URL()+path, strings.NewReader(form.Encode()))
	if err != nil {
		l.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return l.do(r)
}

func (l *lab) do(r *http.Request) answer {
	l.t.Helper()
	resp, err := l.client.Do(r)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, body}
}

// list is a page of a collection.
type list struct {
	Context string            `json:"@odata.context"`
	Count   *int              `json:"@odata.count"`
	Next    string            `json:"@odata.nextLink"`
	Value   []json.RawMessage `json:"value"`
}

// item has the fields that tests look at.
type item struct {
	ID, TenantID, Status, Severity, DisplayName, Title, IncidentWebURL, RedirectIncidentID string
	AssignedTo, Summary, ServiceSource, DetectionSource, IncidentID                        string
	CreatedDateTime, LastUpdateDateTime                                                    time.Time
	SystemTags                                                                             []string
	Alerts                                                                                 []json.RawMessage
	Evidence                                                                               []map[string]any
	Comments                                                                               []struct{ Comment string }
}

func decode[T any](t testing.TB, body []byte) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("decode %.200s: %v", body, err)
	}
	return v
}

// all reads every page of a list.
func (l *lab) all(token, path string, headers ...string) []json.RawMessage {
	l.t.Helper()
	var out []json.RawMessage
	for pages := 0; path != ""; pages++ {
		if pages > 10_000 {
			l.t.Fatal("paging does not end")
		}
		a := l.get(token, path, headers...)
		if a.status != http.StatusOK {
			l.t.Fatalf("GET %s: %d %.300s", path, a.status, a.body)
		}
		p := decode[list](l.t, a.body)
		out = append(out, p.Value...)
		path = p.Next
	}
	return out
}

// items reads every page of a list and decodes it.
func (l *lab) items(token, path string, headers ...string) []item {
	l.t.Helper()
	var out []item
	for _, raw := range l.all(token, path, headers...) {
		out = append(out, decode[item](l.t, raw))
	}
	return out
}

const preferUnknown = "include-unknown-enum-members"
