package signin

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// many are the customers of a large provider.
func many(n int) []soc.TenantID {
	out := make([]soc.TenantID, n)
	for i := range out {
		out[i] = soc.TenantID(fmt.Sprintf("0a1b2c3d-0000-4000-9000-%012d", i))
	}
	return out
}

func signedIn(t testing.TB, s *authority, list []soc.TenantID, change func(*Options)) *Identity {
	t.Helper()
	o := Options{
		Home: home, ClientID: clientID, Method: MethodDeviceCode, Authority: s.base, DisableInstanceDiscovery: true, Tenants: list, Base: memory{s},
		Ask: func(context.Context, Prompt) error { return nil },
	}
	if change != nil {
		change(&o)
	}
	i, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.SignIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	return i
}

// slow makes every request to the authority take its time.
func slow(s *authority, d time.Duration) {
	s.fault = func(_ http.ResponseWriter, r *http.Request, _ asked) bool {
		select {
		case <-time.After(d):
		case <-r.Context().Done():
		}
		return false
	}
}

// TestFiveHundredTenants is the figure: all silent tokens within 15 s at 50 ms a request. The bubble's clock shows what
// the waiting costs; see BenchmarkWarm for the computing.
func TestFiveHundredTenants(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, list := newAuthority(), many(500)
		slow(s, 50*time.Millisecond)
		i := signedIn(t, s, list, nil)
		start, bad := time.Now(), 0
		var mu sync.Mutex
		i.Warm(t.Context(), scope, list, func(tenant soc.TenantID, err error) {
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				bad++
			}
		})
		took := time.Since(start)
		if bad != 0 || took > 15*time.Second {
			t.Errorf("%d failed, it took %v", bad, took)
		}
		t.Logf("500 tenants took %v of waiting", took)
		for _, tenant := range list {
			token, err := i.For(tenant, scope).Token(t.Context())
			if err != nil || tenantOf(t, token) != tenant || s.count(tenant, "token") != 1 {
				t.Fatalf("%s: %v, %d requests", tenant, err, s.count(tenant, "token"))
			}
		}
	})
}

// TestKeepRenewsAhead: tokens in use are renewed before anybody has to wait, spread over time; what nobody uses is
// left alone, and so is a tenant that refuses for good.
func TestKeepRenewsAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, list := newAuthority(), many(202)
		unused, blocked := list[200], list[201]
		i := signedIn(t, s, list, nil)
		s.mu.Lock()
		s.fault = func(w http.ResponseWriter, r *http.Request, a asked) bool {
			return a.tenant == string(blocked) && tokenFault(400, "invalid_grant", 530036)(w, r, a)
		}
		s.mu.Unlock()
		i.Warm(t.Context(), scope, list, nil)
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Hour)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() { i.Keep(ctx) })
		seen, times := map[soc.TenantID]string{}, []time.Duration{}
		for ctx.Err() == nil {
			synctest.Wait() // Keep has done what is due at this moment
			before := s.count("", "token")
			for _, tenant := range list[:200] {
				token, err := i.For(tenant, scope).Token(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if seen[tenant] != "" && seen[tenant] != token && time.Since(start) <= 56*time.Minute {
					times = append(times, time.Since(start))
				}
				seen[tenant] = token
			}
			if n := s.count("", "token"); n != before {
				t.Fatalf("somebody had to wait for %d tokens", n-before)
			}
			pass(time.Minute)
		}
		wg.Wait()
		if slices.Sort(times); len(times) < 199 || times[0] < 27*time.Minute || times[len(times)-1]-times[0] < 20*time.Minute {
			t.Errorf("%d renewals between %v and %v", len(times), times[0], times[len(times)-1])
		}
		if n, m := s.count(unused, "token"), s.count(blocked, "token"); n != 1 || m != 1 {
			t.Errorf("%d requests for a tenant that nobody uses, %d for one that refuses", n, m)
		}
		if n := s.count(list[0], "token"); n < 4 || n > 8 {
			t.Errorf("%d requests in three hours", n)
		}
	})
}

// TestOneTenantsTroubleIsItsOwn: tenants that hang or fail delay no other.
func TestOneTenantsTroubleIsItsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, list := newAuthority(), many(100)
		i := signedIn(t, s, list, nil)
		s.mu.Lock()
		s.fault = func(_ http.ResponseWriter, r *http.Request, a asked) bool {
			if slices.Index(list, soc.TenantID(a.tenant)) >= 20 {
				return false
			}
			<-r.Context().Done()
			return true
		}
		s.mu.Unlock()
		start := time.Now()
		var mu sync.Mutex
		var late time.Duration
		i.Warm(t.Context(), scope, list, func(tenant soc.TenantID, err error) {
			mu.Lock()
			defer mu.Unlock()
			if slices.Index(list, tenant) < 20 {
				wantProblem(t, err, soc.ProblemUnavailable)
			} else if err != nil {
				t.Error(err)
			} else {
				late = max(late, time.Since(start))
			}
		})
		if late != 0 {
			t.Errorf("the last good tenant waited %v", late)
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	list := many(500)
	i := signedIn(b, newAuthority(), list, nil)
	i.Warm(b.Context(), scope, list, nil)
	tokens := i.For(list[250], scope)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := tokens.Token(b.Context()); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkFor(b *testing.B) {
	list := many(500)
	i := signedIn(b, newAuthority(), list, nil)
	for b.Loop() {
		i.For(list[499], scope)
	}
}

// BenchmarkWarm is what 500 tokens cost without a network.
func BenchmarkWarm(b *testing.B) {
	list := many(500)
	for b.Loop() {
		b.StopTimer()
		i := signedIn(b, newAuthority(), list, nil)
		b.StartTimer()
		i.Warm(b.Context(), scope, list, nil)
	}
}
