package transport

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/socctl/socctl/internal/soc"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	tenantA soc.TenantID = "0a1b2c3d-0000-4000-8000-00000000000a"
	tenantB soc.TenantID = "0a1b2c3d-0000-4000-8000-00000000000b"

	graphBase = "https://graph.microsoft.com/v1.0"
	graphPage = graphBase + "/security/incidents"
)

// jwt is an unsigned token of a tenant.
func jwt(tenant soc.TenantID) string { return jwtOf(fmt.Sprintf(`{"tid":%q}`, tenant)) }

func jwtOf(payload string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"none"}`)) + "." + enc([]byte(payload)) + ".sig"
}

// tokens is a TokenSource that counts.
type tokens struct {
	mu      sync.Mutex
	give    []string // one after the other; the last one stays
	err     error
	asked   int
	refused int
}

func (s *tokens) Token(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.err != nil {
		return "", s.err
	}
	return s.give[min(s.refused, len(s.give)-1)], nil
}

func (s *tokens) Invalidate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused++
}

// onlyTokens hides Invalidate.
type onlyTokens struct{ TokenSource }

// wireSpy is a base that records what reaches it and answers by a function.
type wireSpy struct {
	mu     sync.Mutex
	seen   []*http.Request
	bodies []string
	answer func(n int, r *http.Request) (*http.Response, error)
}

func (w *wireSpy) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		b, _ := io.ReadAll(r.Body)
		_ = r.Body.Close()
		body = string(b)
	}
	w.mu.Lock()
	w.seen = append(w.seen, r)
	w.bodies = append(w.bodies, body)
	n := len(w.seen)
	w.mu.Unlock()
	resp, err := w.answer(n, r)
	if resp != nil && resp.Request == nil {
		resp.Request = r
	}
	return resp, err
}

func (w *wireSpy) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.seen)
}

// answers makes a base that gives the same answer every time.
func answers(status int, body string, header ...string) *wireSpy {
	return &wireSpy{answer: func(int, *http.Request) (*http.Response, error) { return reply(status, body, header...), nil }}
}

// script makes a base that gives these answers in turn; the last one stays.
func script(list ...func() (*http.Response, error)) *wireSpy {
	return &wireSpy{answer: func(n int, _ *http.Request) (*http.Response, error) { return list[min(n, len(list))-1]() }}
}

func status(code int, header ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return reply(code, "{}", header...), nil }
}

func fails(err error) func() (*http.Response, error) {
	return func() (*http.Response, error) { return nil, err }
}

func reply(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Add(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// client makes a client of tenant A over a base.
func client(t *testing.T, base http.RoundTripper, change func(*Options)) *http.Client {
	t.Helper()
	o := Options{
		Tenant: tenantA, Service: "the Graph service", Allow: []string{graphBase},
		Tokens: &tokens{give: []string{jwt(tenantA)}}, Base: base, Writes: func() error { return nil },
	}
	if change != nil {
		change(&o)
	}
	c, err := NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// send sends one request and reads the answer.
func send(t *testing.T, c *http.Client, method, url, body string) (int, string, error) {
	t.Helper()
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, r)
	if err != nil {
		t.Fatal(err)
	}
	return do(c, req)
}

func do(c *http.Client, req *http.Request) (int, string, error) {
	resp, err := c.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), err
}

// wantProblem fails unless the error is a problem of the kind.
func wantProblem(t *testing.T, err error, kind soc.ProblemKind) *soc.Problem {
	t.Helper()
	var p *soc.Problem
	if !errors.As(err, &p) {
		t.Fatalf("error %v is no problem", err)
	}
	if p.Kind != kind {
		t.Fatalf("kind is %q, want %q: %v", p.Kind, kind, p)
	}
	if p.Summary.IsZero() {
		t.Fatal("the problem has no summary")
	}
	return p
}

// pass lets time go by; in a bubble of synctest that costs none.
func pass(d time.Duration) { <-time.After(d) }
