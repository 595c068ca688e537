package transport

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

func TestGateHoldsTheBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var times []time.Time
		base := &wireSpy{answer: func(int, *http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			times = append(times, time.Now())
			return reply(200, "{}"), nil
		}}
		c := client(t, base, func(o *Options) { o.Budget.PerMinute = 60 })
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		var wg sync.WaitGroup
		for range 4 { // four parts of the console that keep asking
			wg.Go(func() {
				for ctx.Err() == nil {
					req, _ := http.NewRequestWithContext(ctx, http.MethodGet, graphPage, nil)
					if _, _, err := do(c, req); err != nil {
						return
					}
				}
			})
		}
		wg.Wait()
		worst := 0
		for i := range times {
			n := 0
			for j := i; j < len(times) && times[j].Sub(times[i]) < time.Minute; j++ {
				n++
			}
			worst = max(worst, n)
		}
		// 60 % of 60, and a burst of ten seconds' worth.
		if worst > 36+6+1 || worst < 36 {
			t.Errorf("%d requests in one minute, want about 36", worst)
		}
	})
}

func TestGateSaysWhenItTakesTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := client(t, answers(200, "{}"), func(o *Options) { o.Budget.PerMinute = 1 })
		if _, _, err := send(t, c, http.MethodGet, graphPage, ""); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		_, _, err := send(t, c, http.MethodGet, graphPage, "")
		p := wantProblem(t, err, soc.ProblemThrottled)
		if time.Since(start) != 0 || !p.Until.After(start.Add(maxWait)) {
			t.Errorf("said so after %v, until in %v", time.Since(start), p.Until.Sub(start))
		}
		// The turn was given back: it is free when it was announced.
		pass(time.Until(p.Until))
		if _, _, err := send(t, c, http.MethodGet, graphPage, ""); err != nil {
			t.Error(err)
		}
	})
}

func TestGateWaitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := client(t, answers(200, "{}"), func(o *Options) { o.Budget.PerMinute = 24 })
		for range 2 { // what the budget allows at once
			if _, _, err := send(t, c, http.MethodGet, graphPage, ""); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, graphPage, nil)
		_, _, err := do(c, req)
		wantProblem(t, err, soc.ProblemUnavailable)
		if time.Since(start) != time.Second {
			t.Errorf("it waited %v", time.Since(start))
		}
	})
}

// TestThrottledTenantDelaysNobody: a Retry-After closes the gate of its own tenant alone, over one shared base.
func TestThrottledTenantDelaysNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		base := &wireSpy{answer: func(_ int, r *http.Request) (*http.Response, error) {
			if r.Header.Get("Authorization") == "Bearer "+jwt(tenantA) {
				return reply(429, "{}", "Retry-After", "600"), nil
			}
			return reply(200, "{}"), nil
		}}
		a := client(t, base, nil)
		b := client(t, base, func(o *Options) { o.Tenant, o.Tokens = tenantB, &tokens{give: []string{jwt(tenantB)}} })
		_, _, err := send(t, a, http.MethodGet, graphPage, "")
		wantProblem(t, err, soc.ProblemThrottled)
		start := time.Now()
		for range 5 {
			if got, _, err := send(t, b, http.MethodGet, graphPage, ""); err != nil || got != 200 {
				t.Fatalf("tenant B: %d %v", got, err)
			}
		}
		if time.Since(start) != 0 {
			t.Errorf("tenant B waited %v", time.Since(start))
		}
	})
}
