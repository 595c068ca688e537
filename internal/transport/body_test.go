package transport

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// closeSpy counts Close.
type closeSpy struct {
	io.ReadCloser
	closed *int
}

func (c *closeSpy) Close() error { *c.closed++; return c.ReadCloser.Close() }

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	const limit = 1000
	for _, c := range []struct {
		name   string
		size   int
		length int64 // as announced; -1 is unknown
		ok     bool
	}{
		{"empty", 0, -1, true},
		{"under", limit - 1, -1, true},
		{"exactly", limit, -1, true},
		{"one over", limit + 1, -1, false},
		{"far over", 50 * limit, -1, false},
		{"announced", 50 * limit, 50 * limit, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base := &wireSpy{answer: func(int, *http.Request) (*http.Response, error) {
				resp := reply(200, strings.Repeat("a", c.size))
				resp.ContentLength = c.length
				return resp, nil
			}}
			_, body, err := send(t, client(t, base, func(o *Options) { o.MaxBody = limit }), http.MethodGet, graphPage, "")
			if (err == nil) != c.ok || len(body) > limit {
				t.Fatalf("%d bytes, %v", len(body), err)
			}
			if err != nil {
				wantProblem(t, err, soc.ProblemUnsafe)
			}
		})
	}
}

func TestRefusedAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		status int
		header []string
		kind   soc.ProblemKind
	}{
		{"moved", 301, []string{"Location", "https://evil.example/"}, soc.ProblemUnsafe},
		{"found, same host", 302, []string{"Location", graphPage + "?x"}, soc.ProblemUnsafe},
		{"temporary", 307, []string{"Location", "https://evil.example/"}, soc.ProblemUnsafe},
		{"permanent", 308, nil, soc.ProblemUnsafe},
		{"not modified", 304, nil, soc.ProblemUnsafe},
		{"gzip nobody asked for", 200, []string{"Content-Encoding", "gzip"}, soc.ProblemBadAnswer},
		{"brotli", 200, []string{"Content-Encoding", "br"}, soc.ProblemBadAnswer},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base := answers(c.status, "x", c.header...)
			_, _, err := send(t, client(t, base, nil), http.MethodPost, graphPage, "secret body")
			p := wantProblem(t, err, c.kind)
			if base.count() != 1 || strings.Contains(p.Error(), "evil") {
				t.Errorf("%d requests, %v", base.count(), p)
			}
		})
	}
}

// drip is a body that gives one byte per interval, for ever, or nothing when the interval is zero.
type drip struct {
	ctx   context.Context
	every time.Duration
}

func (d drip) Read(p []byte) (int, error) {
	var tick <-chan time.Time
	if d.every > 0 {
		tick = time.After(d.every)
	}
	select {
	case <-tick:
		p[0] = 'a'
		return 1, nil
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
}

func (d drip) Close() error { return nil }

func TestSlowBodiesEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		every time.Duration
		after time.Duration
	}{
		{"silent", 0, idleRead},
		{"dripping", time.Second, wholeRead},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				base := &wireSpy{answer: func(_ int, r *http.Request) (*http.Response, error) {
					resp := reply(200, "")
					resp.ContentLength = -1
					resp.Body = drip{r.Context(), c.every}
					return resp, nil
				}}
				start := time.Now()
				_, _, err := send(t, client(t, base, nil), http.MethodGet, graphPage, "")
				wantProblem(t, err, soc.ProblemUnavailable)
				if got := time.Since(start); got != c.after {
					t.Errorf("it ended after %v, want %v", got, c.after)
				}
			})
		})
	}
}

// TestHostileBodiesOverTheWire meets a gzip bomb, an endless body and a truncated one over a real connection.
func TestHostileBodiesOverTheWire(t *testing.T) {
	t.Parallel()
	bomb := bytes.Repeat(gzipped(make([]byte, 1<<20)), 1024) // 1 GiB in 1 MB: gzip members follow each other
	mux := http.NewServeMux()
	mux.HandleFunc("/v1.0/bomb", func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			t.Error("gzip was not asked for")
		}
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb)
	})
	mux.HandleFunc("/v1.0/good", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(gzipped([]byte(`{"value":[]}`)))
	})
	mux.HandleFunc("/v1.0/endless", func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/v1.0/truncated", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half")
	})
	mux.HandleFunc("/v1.0/header", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Big", strings.Repeat("a", 2*maxHeader))
	})
	server := httptest.NewTLSServer(mux)
	t.Cleanup(server.Close)
	base, err := NewBase(BaseOptions{CAPEM: caOf(server)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(base.CloseIdleConnections)
	c := client(t, base, func(o *Options) { o.Allow, o.MaxBody = []string{server.URL + "/v1.0"}, 1<<20 })

	if _, body, err := send(t, c, http.MethodPost, server.URL+"/v1.0/good", ""); err != nil || body != `{"value":[]}` {
		t.Errorf("good: %q %v", body, err)
	}
	for path, kind := range map[string]soc.ProblemKind{
		"bomb": soc.ProblemUnsafe, "endless": soc.ProblemUnsafe, "truncated": soc.ProblemUnavailable, "header": soc.ProblemUnavailable,
	} {
		_, body, err := send(t, c, http.MethodPost, server.URL+"/v1.0/"+path, "")
		wantProblem(t, err, kind)
		if len(body) > 1<<20 {
			t.Errorf("%s: %d bytes came through", path, len(body))
		}
	}
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func TestObserve(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var calls []Call
		base := script(
			status(503, "request-id", "r-1"), fails(errors.New("boom https://graph.microsoft.com/?secret")),
			func() (*http.Response, error) { return reply(200, "hello", "request-id", "r-3"), nil })
		c := client(t, base, func(o *Options) {
			o.NewID = func() string { return "id-1" }
			o.Observe = func(c Call) { mu.Lock(); calls = append(calls, c); mu.Unlock() }
		})
		if _, _, err := send(t, c, http.MethodGet, graphPage+"?$filter=upn eq 'kai'", ""); err != nil {
			t.Fatal(err)
		}
		if len(calls) != 3 {
			t.Fatalf("%d calls were observed, want 3", len(calls))
		}
		for i, call := range calls {
			if call.Attempt != i+1 || call.Tenant != tenantA || call.Method != "GET" || call.Host != "graph.microsoft.com" ||
				call.Path != "/v1.0/security/incidents" || call.ClientRequestID.String() != "id-1" {
				t.Errorf("call %d is %+v", i+1, call)
			}
			if s := call.Path + call.Error.String(); strings.Contains(s, "kai") || strings.Contains(s, "secret") {
				t.Errorf("call %d holds the query: %q", i+1, s)
			}
		}
		last := calls[2]
		if last.Status != 200 || last.Bytes != 5 || last.RequestID.String() != "r-3" || !last.Error.IsZero() || calls[1].Error.IsZero() {
			t.Errorf("last %+v, second %+v", last, calls[1])
		}
	})
}

func TestHeadersOfEveryCall(t *testing.T) {
	t.Parallel()
	base := answers(200, "{}")
	c := client(t, base, func(o *Options) { o.Version = "1.2.3" })
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, graphPage, strings.NewReader("{}"))
	for _, h := range []string{"SdkVersion", "Idempotency-Key", "X-Idempotency-Key", "Accept-Encoding", "Cookie", "User-Agent"} {
		req.Header.Set(h, "x")
	}
	req.Header["idempotency-key"] = []string{"x"}
	req.Header.Set("Prefer", "include-unknown-enum-members")
	before := len(req.Header)
	if _, _, err := do(c, req); err != nil {
		t.Fatal(err)
	}
	got := base.seen[0].Header
	if got.Get("User-Agent") != "socctl/1.2.3" || len(got.Get("client-request-id")) != 36 || got.Get("Prefer") == "" {
		t.Errorf("headers are %v", got)
	}
	for _, h := range []string{"SdkVersion", "Idempotency-Key", "X-Idempotency-Key", "Accept-Encoding", "Cookie"} {
		if len(headerValues(got, h)) > 0 {
			t.Errorf("%s left", h)
		}
	}
	if len(req.Header) != before || base.bodies[0] != "{}" {
		t.Error("the caller's request was changed")
	}
	req, _ = http.NewRequestWithContext(t.Context(), http.MethodGet, graphPage, nil)
	req.Header.Set("client-request-id", "mine")
	_, _, _ = do(c, req)
	if got := base.seen[1].Header.Get("client-request-id"); got != "mine" {
		t.Errorf("the caller's request id became %q", got)
	}
}
