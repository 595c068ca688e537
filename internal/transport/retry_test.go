package transport

import (
	"context"
	"errors"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

func TestRetry(t *testing.T) {
	t.Parallel()
	reset := fails(syscall.ECONNRESET)
	cases := []struct {
		name     string
		method   string
		list     []func() (*http.Response, error)
		requests int
		status   int // 0: a problem
	}{
		{"first try", "GET", []func() (*http.Response, error){status(200)}, 1, 200},
		{"503 passes", "GET", []func() (*http.Response, error){status(503), status(200)}, 2, 200},
		{"502 passes", "GET", []func() (*http.Response, error){status(502), status(502), status(200)}, 3, 200},
		{"504 stays", "GET", []func() (*http.Response, error){status(504)}, 3, 504},
		{"408 stays", "GET", []func() (*http.Response, error){status(408)}, 3, 408},
		{"429 stays", "GET", []func() (*http.Response, error){status(429, "Retry-After", "1")}, 3, 429},
		{"500 once more", "GET", []func() (*http.Response, error){status(500)}, 2, 500},
		{"400 is final", "GET", []func() (*http.Response, error){status(400)}, 1, 400},
		{"403 is final", "GET", []func() (*http.Response, error){status(403)}, 1, 403},
		{"404 is final", "GET", []func() (*http.Response, error){status(404)}, 1, 404},
		{"501 is final", "GET", []func() (*http.Response, error){status(501)}, 1, 501},
		{"reset passes", "GET", []func() (*http.Response, error){reset, status(200)}, 2, 200},
		{"reset stays", "GET", []func() (*http.Response, error){reset}, 3, 0},
		{"HEAD as GET", "HEAD", []func() (*http.Response, error){status(503), status(200)}, 2, 200},
		{"POST 429", "POST", []func() (*http.Response, error){status(429, "Retry-After", "1")}, 1, 429},
		{"POST 503", "POST", []func() (*http.Response, error){status(503)}, 1, 503},
		{"POST reset", "POST", []func() (*http.Response, error){reset}, 1, 0},
		{"PATCH 504", "PATCH", []func() (*http.Response, error){status(504)}, 1, 504},
		{"PATCH 429, long", "PATCH", []func() (*http.Response, error){status(429, "Retry-After", "300")}, 1, 429},
		{"PUT reset", "PUT", []func() (*http.Response, error){reset}, 1, 0},
		{"DELETE 502", "DELETE", []func() (*http.Response, error){status(502)}, 1, 502},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				base := script(c.list...)
				body := ""
				if c.method != "GET" && c.method != "HEAD" {
					body = `{"comment":"x"}`
				}
				got, _, err := send(t, client(t, base, nil), c.method, graphPage, body)
				if got != c.status || base.count() != c.requests {
					t.Errorf("status %d after %d requests, want %d after %d (%v)", got, base.count(), c.status, c.requests, err)
				}
				if c.status == 0 {
					wantProblem(t, err, soc.ProblemUnavailable)
				}
			})
		})
	}
}

func TestRetryClosesWhatItDiscards(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		closed := 0
		base := &wireSpy{answer: func(n int, _ *http.Request) (*http.Response, error) {
			resp := reply(503, "busy")
			if n == 3 {
				resp = reply(200, "{}")
			}
			resp.Body = &closeSpy{ReadCloser: resp.Body, closed: &closed}
			return resp, nil
		}}
		if _, _, err := send(t, client(t, base, nil), http.MethodGet, graphPage, ""); err != nil || closed != 3 {
			t.Errorf("%d of 3 bodies were closed (%v)", closed, err)
		}
	})
}

func TestBackoffGrowsWithJitter(t *testing.T) {
	t.Parallel()
	var waits []time.Duration
	base := answers(503, "")
	c := client(t, base, func(o *Options) {
		o.Rand = func() float64 { return 0.5 }
		o.Sleep = func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
	})
	_, _, _ = send(t, c, http.MethodGet, graphPage, "")
	if len(waits) != 2 || waits[0] != 250*time.Millisecond || waits[1] != 500*time.Millisecond {
		t.Errorf("waits are %v", waits)
	}
}

// TestRetryBudget holds the share of retries under 10 %, save for the few that are always allowed.
func TestRetryBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		base := answers(502, "")
		c := client(t, base, func(o *Options) { o.Budget.PerMinute = 1e6 })
		const calls = 200
		for range calls {
			_, _, _ = send(t, c, http.MethodGet, graphPage, "")
		}
		if retries := base.count() - calls; retries < retryReserve || retries > calls/10+retryReserve {
			t.Errorf("%d retries in %d calls", retries, calls)
		}
	})
}

func TestCallThatIsStoppedIsNotRetried(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	base := &wireSpy{answer: func(int, *http.Request) (*http.Response, error) {
		cancel()
		return nil, context.Canceled
	}}
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, graphPage, nil)
	_, _, err := do(client(t, base, nil), req)
	if !errors.Is(err, context.Canceled) || base.count() != 1 {
		t.Errorf("%d requests, %v", base.count(), err)
	}
	wantProblem(t, err, soc.ProblemUnavailable)
}

func TestLongRetryAfterNamesTheTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		base := answers(429, `{"error":{"code":"TooManyRequests","message":"slow down"}}`, "Retry-After", "120", "request-id", "r-7")
		c := client(t, base, func(o *Options) { o.Rand = func() float64 { return 0 } })
		_, _, err := send(t, c, http.MethodGet, graphPage, "")
		p := wantProblem(t, err, soc.ProblemThrottled)
		if got := time.Until(p.Until); got != 2*time.Minute || p.RequestID.String() != "r-7" || p.Status != 429 {
			t.Errorf("until in %v, request %v, status %d", got, p.RequestID, p.Status)
		}
		// While the gate is closed, nothing reaches the service.
		_, _, err = send(t, c, http.MethodPost, graphPage, "{}")
		wantProblem(t, err, soc.ProblemThrottled)
		if base.count() != 1 {
			t.Errorf("%d requests left", base.count())
		}
	})
}

func TestDeadlineBeforeRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		start := time.Now()
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, graphPage, nil)
		_, _, err := do(client(t, answers(503, "", "Retry-After", "20"), nil), req)
		wantProblem(t, err, soc.ProblemThrottled)
		if time.Since(start) > 0 {
			t.Errorf("it took %v to say so", time.Since(start))
		}
	})
}

func TestTokenFailureIsNotRetried(t *testing.T) {
	t.Parallel()
	src := &tokens{err: &soc.Problem{Kind: soc.ProblemUnavailable, Err: syscall.ECONNRESET}}
	_, _, err := send(t, client(t, answers(200, ""), func(o *Options) { o.Tokens = src }), http.MethodGet, graphPage, "")
	var p *soc.Problem
	if !errors.As(err, &p) || src.asked != 1 {
		t.Errorf("asked %d times, %v", src.asked, err)
	}
}
