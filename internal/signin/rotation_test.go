package signin

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// given lists the refresh tokens that were redeemed in a tenant.
func (s *authority) given(tenant soc.TenantID) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, a := range s.seen {
		if rt := a.form.Get("refresh_token"); rt != "" && a.tenant == string(tenant) {
			out = append(out, rt)
		}
	}
	return out
}

// TestNewestRefreshTokenWins: each answer brings a new refresh token, which all tenants use from then on; one that
// comes late from a request that began earlier does not bring back an older one.
func TestNewestRefreshTokenWins(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, list := newAuthority(), many(4)
		i := signedIn(t, s, list, nil)
		s.mu.Lock()
		s.fault = func(_ http.ResponseWriter, _ *http.Request, a asked) bool {
			if a.tenant == string(list[0]) && a.what == "token" {
				pass(5 * time.Second) // its answer is the fourth: refresh-4-secret
			}
			return false
		}
		s.mu.Unlock()
		get := func(n int) {
			if _, err := i.For(list[n], scope).Token(t.Context()); err != nil {
				t.Error(err)
			}
		}
		var wg sync.WaitGroup
		wg.Go(func() { get(0) })
		synctest.Wait()
		get(1) // redeems 1, brings 2
		get(2) // redeems 2, brings 3
		wg.Wait()
		get(3)
		for n, want := range []string{"refresh-1-secret", "refresh-1-secret", "refresh-2-secret", "refresh-3-secret"} {
			if got := s.given(list[n]); len(got) != 1 || got[0] != want {
				t.Errorf("tenant %d redeemed %v, want %s", n, got, want)
			}
		}
	})
}

// onlyOnce is an authority that takes each refresh token once.
func onlyOnce(s *authority, used map[string]bool) func(http.ResponseWriter, *http.Request, asked) bool {
	return func(w http.ResponseWriter, _ *http.Request, a asked) bool {
		if a.what != "token" || a.form.Get("refresh_token") == "" {
			return false
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		rt := a.form.Get("refresh_token")
		if used[rt] {
			refuse(w, 400, "invalid_grant", 70000)
			return true
		}
		used[rt] = true
		return false
	}
}

// TestSpentRefreshTokenIsFollowed: an authority that takes each refresh token once refuses whoever comes second; the
// request goes on with the newer one, and nobody is asked to sign in.
func TestSpentRefreshTokenIsFollowed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, list, used := newAuthority(), many(2), map[string]bool{}
		i := signedIn(t, s, list, nil)
		s.mu.Lock()
		once := onlyOnce(s, used)
		s.fault = func(w http.ResponseWriter, r *http.Request, a asked) bool {
			if a.what == "token" && a.tenant == string(list[0]) {
				pass(time.Second)
			}
			return once(w, r, a)
		}
		s.mu.Unlock()
		done := make(chan error)
		go func() {
			_, err := i.For(list[0], scope).Token(t.Context())
			done <- err
		}()
		synctest.Wait()
		if _, err := i.For(list[1], scope).Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Errorf("the slower one: %v", err)
		}
		if got := s.given(list[0]); len(got) != 2 || got[0] == got[1] {
			t.Errorf("it redeemed %v", got)
		}
	})
}

// TestRefusedRefreshTokenIsNotRepeated: where there is no newer one, one request is enough.
func TestRefusedRefreshTokenIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, list := newAuthority(), many(1)
		i := signedIn(t, s, list, nil)
		s.mu.Lock()
		s.fault = tokenFault(400, "invalid_grant", 700082)
		s.mu.Unlock()
		_, err := i.For(list[0], scope).Token(t.Context())
		wantProblem(t, err, soc.ProblemSignIn)
		if n := s.count(list[0], "token"); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

// TestRefusalOfTheTenantIsNotRepeated: a newer refresh token does not help where the tenant itself says no.
func TestRefusalOfTheTenantIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, list := newAuthority(), many(2)
		i := signedIn(t, s, list, nil)
		s.mu.Lock()
		s.fault = func(w http.ResponseWriter, r *http.Request, a asked) bool {
			if a.what != "token" || a.tenant != string(list[0]) {
				return false
			}
			pass(time.Second)
			return tokenFault(400, "invalid_grant", 65001)(w, r, a)
		}
		s.mu.Unlock()
		done := make(chan error)
		go func() {
			_, err := i.For(list[0], scope).Token(t.Context())
			done <- err
		}()
		synctest.Wait()
		if _, err := i.For(list[1], scope).Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantProblem(t, <-done, soc.ProblemNoAccess)
		if n := s.count(list[0], "token"); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}
