package signin

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/socctl/socctl/internal/soc"
)

// methods runs a test for an application and for a person who has signed in.
func methods(t *testing.T, test func(t *testing.T, s *authority, i *Identity)) {
	for name, change := range map[string]func(*Options){"app": nil, "person": byDeviceCode} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newAuthority()
				i := identity(t, s, change)
				if err := i.SignIn(t.Context()); err != nil {
					t.Fatal(err)
				}
				test(t, s, i)
			})
		})
	}
}

func TestTokenIsKeptAndRenewed(t *testing.T) {
	t.Parallel()
	methods(t, func(t *testing.T, s *authority, i *Identity) {
		tt := i.For(contos, scope)
		get := func() string {
			token, err := tt.Token(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		first := get()
		pass(54 * time.Minute)
		if get() != first || s.count(contos, "token") != 1 {
			t.Error("a token with 6 minutes left was renewed")
		}
		pass(90 * time.Second)
		second := get()
		if second == first || s.count(contos, "token") != 2 {
			t.Error("a token with less than 5 minutes left was not renewed")
		}
		tt.Invalidate()
		if third := get(); third == second || s.count(contos, "token") != 3 {
			t.Error("a refused token was handed out again")
		}
		if i.For(contos, scope) != tt {
			t.Error("the same tenant and scope gave other tokens")
		}
	})
}

func TestOldTokenServesWhileTheAuthorityIsDown(t *testing.T) {
	t.Parallel()
	methods(t, func(t *testing.T, s *authority, i *Identity) {
		tt := i.For(contos, scope)
		first, err := tt.Token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		s.fault = tokenFault(503, "temporarily_unavailable", 0)
		s.mu.Unlock()
		pass(56 * time.Minute)
		for range 20 {
			if got, err := tt.Token(t.Context()); err != nil || got != first {
				t.Fatalf("with 4 minutes left: %v", err)
			}
		}
		if n := s.count(contos, "token"); n > 3 {
			t.Errorf("the authority was asked %d times at once", n-1)
		}
		pass(4 * time.Minute)
		_, err = tt.Token(t.Context())
		wantProblem(t, err, soc.ProblemUnavailable)
	})
}

func TestOneFlightPerTenant(t *testing.T) {
	t.Parallel()
	methods(t, func(t *testing.T, s *authority, i *Identity) {
		s.mu.Lock()
		s.fault = func(_ http.ResponseWriter, _ *http.Request, a asked) bool {
			if a.what == "token" {
				pass(time.Second)
			}
			return false
		}
		s.mu.Unlock()
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if _, err := i.For(fabrik, scope).Token(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := s.count(fabrik, "token"); n != 1 {
			t.Errorf("50 callers made %d requests", n)
		}
	})
}

// TestSlowTenantBlocksNoToken: a tenant whose authority hangs delays no tenant that has a token, and in the case of an
// application none at all.
func TestSlowTenantBlocksNoToken(t *testing.T) {
	t.Parallel()
	methods(t, func(t *testing.T, s *authority, i *Identity) {
		if _, err := i.For(contos, scope).Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		s.fault = func(_ http.ResponseWriter, r *http.Request, a asked) bool {
			if a.tenant == string(fabrik) && a.what == "token" {
				<-r.Context().Done()
				return true
			}
			return false
		}
		s.mu.Unlock()
		slow := make(chan error)
		go func() {
			_, err := i.For(fabrik, scope).Token(t.Context())
			slow <- err
		}()
		synctest.Wait()
		start := time.Now()
		if _, err := i.For(contos, scope).Token(t.Context()); err != nil || time.Since(start) != 0 {
			t.Errorf("a held token took %v (%v)", time.Since(start), err)
		}
		if i.app != nil {
			if _, err := i.For(contos, "https://management.azure.com/.default").Token(t.Context()); err != nil || time.Since(start) != 0 {
				t.Errorf("another tenant's fetch took %v (%v)", time.Since(start), err)
			}
		}
		// Who waits for the slow tenant's turn may stop waiting.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := i.For(fabrik, scope).Token(ctx)
		if p := wantProblem(t, err, soc.ProblemUnavailable); time.Since(start) != time.Second || !errors.Is(p, context.DeadlineExceeded) {
			t.Errorf("waiting ended after %v: %v", time.Since(start), p)
		}
		wantProblem(t, <-slow, soc.ProblemUnavailable)
		if took := time.Since(start); took > tokenTimeout {
			t.Errorf("the slow tenant held the credential for %v", took)
		}
	})
}

func TestWrongTokensAreRefused(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		claims map[string]any
		ok     bool
	}{
		{"as it should be", nil, true},
		{"tenant in capitals", map[string]any{"tid": "0A1B2C3D-0000-4000-8000-000000000002"}, true},
		{"audience with a slash", map[string]any{"aud": "https://graph.microsoft.com/"}, true},
		{"audience as an id", map[string]any{"aud": "00000003-0000-0000-c000-000000000000"}, true},
		{"just expired", map[string]any{"exp": -60}, true},
		{"another tenant", map[string]any{"tid": string(fabrik)}, false},
		{"home tenant", map[string]any{"tid": string(home)}, false},
		{"no tenant", map[string]any{"tid": ""}, false},
		{"tenant is a number", map[string]any{"tid": 5}, false},
		{"another service", map[string]any{"aud": "https://management.azure.com"}, false},
		{"another service's id", map[string]any{"aud": "797f4846-ba00-4fd7-ba43-dac1f8f63013"}, false},
		{"another host", map[string]any{"aud": "https://graph.microsoft.com.evil.example"}, false},
		{"no audience", map[string]any{"aud": ""}, false},
		{"expired", map[string]any{"exp": -600}, false},
		{"no expiry", map[string]any{"exp": 0}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newAuthority()
			s.claims = func(asked) map[string]any {
				out := map[string]any{}
				for k, v := range c.claims {
					if n, ok := v.(int); ok && k == "exp" && n != 0 {
						v = time.Now().Add(time.Duration(n) * time.Second).Unix()
					}
					out[k] = v
				}
				return out
			}
			token, err := identity(t, s, nil).For(contos, scope).Token(t.Context())
			if (err == nil) != c.ok {
				t.Fatalf("error is %v", err)
			}
			if err != nil {
				wantProblem(t, err, soc.ProblemUnsafe)
				if token != "" {
					t.Error("the token was handed out all the same")
				}
			}
		})
	}
}

func TestGetToken(t *testing.T) {
	t.Parallel()
	methods(t, func(t *testing.T, s *authority, i *Identity) {
		tt := i.For(contos, scope)
		first, err := tt.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{scope}, TenantID: string(contos)})
		if err != nil || first.ExpiresOn.Before(time.Now()) {
			t.Fatal(err)
		}
		const challenge = `{"access_token":{"nbf":{"essential":true,"value":"1729756830"}}}`
		second, err := tt.GetToken(t.Context(), policy.TokenRequestOptions{Claims: challenge})
		if err != nil || second.Token == first.Token {
			t.Errorf("a challenge gave the old token (%v)", err)
		}
		if got := s.last("token").form.Get("claims"); !contains(got, "1729756830") || !contains(got, "CP1") {
			t.Errorf("the claims were %s", got)
		}
		for name, o := range map[string]policy.TokenRequestOptions{
			"tenant": {TenantID: string(fabrik)},
			"scope":  {Scopes: []string{"https://management.azure.com/.default"}},
		} {
			if _, err := tt.GetToken(t.Context(), o); err == nil {
				t.Errorf("another %s was served", name)
			} else {
				wantProblem(t, err, soc.ProblemUnsafe)
			}
		}
	})
}

// TestDeviceCodePolicyIsAskedOnce is figure F9: AADSTS530036 is not tried again before another sign-in, and no tenant
// opens a prompt by itself.
func TestDeviceCodePolicyIsAskedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, prompts := newAuthority(), 0
		i := identity(t, s, func(o *Options) {
			byDeviceCode(o)
			o.Prompt = func(context.Context, DeviceCode) error { prompts++; return nil }
		})
		if err := i.SignIn(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		s.fault = func(w http.ResponseWriter, r *http.Request, a asked) bool {
			return a.tenant == string(contos) && tokenFault(400, "invalid_grant", 530036)(w, r, a)
		}
		s.mu.Unlock()
		for range 10 {
			_, err := i.For(contos, scope).Token(t.Context())
			wantProblem(t, err, soc.ProblemNoAccess)
			pass(time.Hour)
		}
		if n := s.count(contos, "token"); n != 1 || prompts != 1 {
			t.Errorf("%d requests and %d prompts, want one of each", n, prompts)
		}
		if _, err := i.For(fabrik, scope).Token(t.Context()); err != nil {
			t.Errorf("the other tenant: %v", err)
		}
		s.mu.Lock()
		s.fault = nil
		s.mu.Unlock()
		if err := i.SignIn(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := i.For(contos, scope).Token(t.Context()); err != nil {
			t.Errorf("after another sign-in: %v", err)
		}
	})
}

func TestShortLivedTokensAreKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newAuthority()
		s.lives = 4 * time.Minute
		tt := identity(t, s, nil).For(contos, scope)
		for range 5 {
			if _, err := tt.Token(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := s.count(contos, "token"); n != 1 {
			t.Errorf("%d requests for one token", n)
		}
	})
}
