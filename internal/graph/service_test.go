package graph

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// testNow is the clock of all tests.
var testNow = time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)

// answer is what the test service sends.
type answer struct {
	status int // 200 where 0
	header map[string]string
	body   string
}

// testService answers over TLS and remembers what it was asked.
type testService struct {
	*httptest.Server
	mu    sync.Mutex
	asked []*http.Request
}

// serve starts a service that answers by path and query, in which {root} stands for its own address. A request that
// none of the routes knows gets 404.
func serve(t *testing.T, routes map[string]answer) *testService {
	t.Helper()
	return serveFunc(t, func(r *http.Request) answer {
		uri, _ := url.QueryUnescape(r.URL.RequestURI())
		if a, ok := routes[uri]; ok {
			return a
		}
		return answer{status: http.StatusNotFound, body: `{"error":{"code":"NotFound","message":"no route for ` + uri + `"}}`}
	})
}

func serveFunc(t *testing.T, route func(*http.Request) answer) *testService {
	t.Helper()
	s := &testService{}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r)
		s.mu.Unlock()
		a := route(r)
		w.Header().Set("Content-Type", "application/json;odata.metadata=minimal")
		for k, v := range a.header {
			w.Header().Set(k, v)
		}
		if a.status != 0 {
			w.WriteHeader(a.status)
		}
		_, _ = w.Write([]byte(strings.ReplaceAll(a.body, "{root}", s.URL)))
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *testService) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*http.Request(nil), s.asked...)
}

// uris are the requests in order, decoded.
func (s *testService) uris() []string {
	var list []string
	for _, r := range s.requests() {
		u, _ := url.QueryUnescape(r.URL.RequestURI())
		list = append(list, u)
	}
	return list
}

func (s *testService) client(t *testing.T) *Client {
	t.Helper()
	c, err := New(Options{Tenant: testTenant(), Root: s.URL, HTTP: s.Client(), Now: func() time.Time { return testNow }, MaxPages: 5})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// list runs Incidents and gathers what it gives.
func list(t *testing.T, c *Client, q Query) ([]*soc.Incident, Result, error) {
	t.Helper()
	var all []*soc.Incident
	res, err := c.Incidents(context.Background(), q, func(page []*soc.Incident) error {
		all = append(all, page...)
		return nil
	})
	if res.Seen != len(all) {
		t.Errorf("Seen = %d, but yield got %d", res.Seen, len(all))
	}
	return all, res, err
}

// wantProblem checks an error's problem and gives it.
func wantProblem(t *testing.T, err error, kind soc.ProblemKind, words ...string) soc.Problem {
	t.Helper()
	var p *soc.Problem
	if !errors.As(err, &p) {
		t.Fatalf("error %v holds no problem", err)
	}
	if p.Kind != kind {
		t.Errorf("kind = %q (%s), want %q", p.Kind, p.Summary, kind)
	}
	for _, w := range words {
		if !strings.Contains(p.Summary.String(), w) {
			t.Errorf("summary %q does not say %q", p.Summary, w)
		}
	}
	return *p
}

// sample reads a published payload; SOURCES.md beside it says where it comes from.
func sample(t *testing.T, name string) []byte {
	t.Helper()
	dir := os.Getenv("SOCCTL_SHARED")
	if dir == "" {
		t.Skip("SOCCTL_SHARED is not set: the published payloads are not here")
	}
	b, err := os.ReadFile(filepath.Join(dir, "samples", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// decodeIncidents reads a page or a single incident without a service.
func decodeIncidents(t *testing.T, body []byte, d depth) []*soc.Incident {
	t.Helper()
	r := &incidentReader{reader: newReader(body, newLineCache()), tenant: testTenant(), depth: d, digest: newDigester()}
	var all []*soc.Incident
	item := func() {
		if i, ok := r.incident(); ok {
			all = append(all, i.Incident)
		}
	}
	if !strings.Contains(string(body), `"value":`) && !strings.Contains(string(body), `"value" :`) {
		item()
		if err := r.end(); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if _, err := r.readPage(body, item); err != nil {
		t.Fatal(err)
	}
	return all
}
