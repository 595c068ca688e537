package transport

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, token string
		ok          bool
	}{
		{"own tenant", jwt(tenantA), true},
		{"own tenant in capitals", jwt(soc.TenantID(strings.ToUpper(string(tenantA)))), true},
		{"more claims", jwtOf(fmt.Sprintf(`{"aud":"x","tid":%q,"groups":["a"],"exp":1}`, tenantA)), true},
		{"another tenant", jwt(tenantB), false},
		{"no token", "", false},
		{"opaque", "EwBgA8l6BAAU", false},
		{"two parts", "a.b", false},
		{"encrypted, five parts", "a.b.c.d.e", false},
		{"payload is not base64", "e30.!!!.x", false},
		{"payload is not JSON", jwtOf("hello"), false},
		{"payload is an array", jwtOf("[]"), false},
		{"payload is null", jwtOf("null"), false},
		{"no tid", jwtOf(`{"aud":"x"}`), false},
		{"tid is a number", jwtOf(`{"tid":1}`), false},
		{"tid is empty", jwtOf(`{"tid":""}`), false},
		{"tid twice", jwtOf(fmt.Sprintf(`{"tid":%q,"tid":%q}`, tenantB, tenantA)), false},
		{"tid in other case", jwtOf(fmt.Sprintf(`{"TID":%q}`, tenantA)), false},
		{"tid deeper", jwtOf(fmt.Sprintf(`{"x":{"tid":%q}}`, tenantA)), false},
		{"common", jwtOf(`{"tid":"common"}`), false},
		{"too large", jwtOf(fmt.Sprintf(`{"tid":%q,"x":%q}`, tenantA, strings.Repeat("a", maxToken))), false},
		{"a million brackets", jwtOf(strings.Repeat("[", 40000)), false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base := answers(200, "{}")
			cl := client(t, base, func(o *Options) { o.Tokens = &tokens{give: []string{c.token}} })
			_, _, err := send(t, cl, http.MethodGet, graphPage, "")
			if (err == nil) != c.ok || (base.count() == 1) != c.ok {
				t.Fatalf("%d requests left, %v", base.count(), err)
			}
			if err != nil {
				p := wantProblem(t, err, soc.ProblemUnsafe)
				if c.token != "" && strings.Contains(p.Error()+p.Next.String(), c.token) {
					t.Error("the problem quotes the token")
				}
			}
		})
	}
}

// TestCallersCannotSetAToken: what a caller puts into the header does not leave, in no spelling.
func TestCallersCannotSetAToken(t *testing.T) {
	t.Parallel()
	base := answers(200, "{}")
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, graphPage, nil)
	req.Header["authorization"] = []string{"Bearer " + jwt(tenantB)}
	req.Header["AUTHORIZATION"] = []string{"Bearer " + jwt(tenantB)}
	req.Header.Set("Authorization", "Bearer "+jwt(tenantB))
	if _, _, err := do(client(t, base, nil), req); err != nil {
		t.Fatal(err)
	}
	if got := headerValues(base.seen[0].Header, "authorization"); len(got) != 1 || got[0] != "Bearer "+jwt(tenantA) {
		t.Errorf("%d tokens left", len(got))
	}
}

// TestForeignTokenNeverLeaves is figure F10 for the transport: over random tenants, tokens, methods, answers and
// mix-ups of the token source, no request leaves whose token names another tenant than the client's.
func TestForeignTokenNeverLeaves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		tenants := rapid.SliceOfNDistinct(rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}`), 2, 6, rapid.ID[string]).Draw(rt, "tenants")
		pick := rapid.SampledFrom(tenants)
		var own string
		base := &wireSpy{answer: func(_ int, r *http.Request) (*http.Response, error) {
			got, err := tokenTenant(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
			if err != nil || got != own {
				rt.Fatalf("a request to %s left with the token of %q (%v)", own, got, err)
			}
			return reply(rapid.SampledFrom([]int{200, 401, 404, 503}).Draw(rt, "status"), "{}"), nil
		}}
		for range rapid.IntRange(1, 8).Draw(rt, "operations") {
			own = pick.Draw(rt, "client")
			src := &tokens{give: []string{jwt(soc.TenantID(pick.Draw(rt, "first token"))), jwt(soc.TenantID(pick.Draw(rt, "next token")))}}
			c, err := NewClient(Options{
				Tenant: soc.TenantID(own), Allow: []string{graphBase}, Tokens: src, Base: base,
				Rand: func() float64 { return 0 }, Now: time.Now,
			})
			if err != nil {
				rt.Fatal(err)
			}
			req, _ := http.NewRequestWithContext(t.Context(), rapid.SampledFrom([]string{"GET", "POST", "PATCH"}).Draw(rt, "method"), graphPage, nil)
			_, _, _ = do(c, req)
		}
	})
}

func TestOnlyReadsPassWithoutLeave(t *testing.T) {
	t.Parallel()
	refusals := map[string]func() error{
		"nobody was asked": nil,
		"an error":         func() error { return errors.New("not on Sundays") },
		"a problem":        func() error { return &soc.Problem{Kind: soc.ProblemUnsafe, Summary: text.NewLine("CONT is read-only")} },
	}
	for _, method := range []string{"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS", "get"} {
		for name, writes := range refusals {
			t.Run(method+", "+name, func(t *testing.T) {
				t.Parallel()
				base := answers(200, "")
				_, _, err := send(t, client(t, base, func(o *Options) { o.Writes = writes }), method, graphPage, "")
				allowed := method == "GET" || method == "HEAD"
				if (err == nil) != allowed || (base.count() == 1) != allowed {
					t.Fatalf("%d requests left, %v", base.count(), err)
				}
				if err == nil {
					return
				}
				p := wantProblem(t, err, soc.ProblemUnsafe)
				if own := p.Summary.String() == "CONT is read-only"; own != (name == "a problem") {
					t.Errorf("the refusal reads %q", p.Summary)
				}
			})
		}
	}
}

// A read that carries a body is none: somebody could hide a write in it.
func TestAReadWithABodyNeedsLeave(t *testing.T) {
	t.Parallel()
	base := answers(200, "")
	_, _, err := send(t, client(t, base, func(o *Options) { o.Writes = nil }), http.MethodGet, graphPage, "{}")
	wantProblem(t, err, soc.ProblemUnsafe)
	if base.count() != 0 {
		t.Error("it was sent")
	}
}

// Leave is asked for at the moment of sending: what was allowed a moment ago may be over after the wait for a token.
func TestLeaveIsAskedForEachWrite(t *testing.T) {
	t.Parallel()
	base, open := answers(503, ""), true
	c := client(t, base, func(o *Options) {
		o.Writes = func() error {
			if !open {
				return errors.New("relocked")
			}
			return nil
		}
	})
	if status, _, err := send(t, c, http.MethodPatch, graphPage, "{}"); status != 503 || err != nil || base.count() != 1 {
		t.Fatalf("%d, %v after %d requests: a write is sent once", status, err, base.count())
	}
	open = false
	_, _, err := send(t, c, http.MethodPatch, graphPage, "{}")
	wantProblem(t, err, soc.ProblemUnsafe)
	if base.count() != 1 {
		t.Error("it was sent all the same")
	}
}

func FuzzTokenPayload(f *testing.F) {
	f.Add(jwt(tenantA))
	f.Add("a.b.c")
	f.Add("e30.e30.")
	f.Fuzz(func(t *testing.T, token string) {
		tenant, err := tokenTenant(token)
		if err == nil && tenant == "" {
			t.Error("no tenant and no error")
		}
	})
}

// TestGuardStandsAlone sends past the first step, as a mistake in the chain would: the last one refuses by itself.
func TestGuardStandsAlone(t *testing.T) {
	t.Parallel()
	allow, err := newAllowList([]string{graphBase})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, url string
		headers   []string
		ok        bool
	}{
		{"right", graphPage, []string{"Bearer " + jwt(tenantA)}, true},
		{"another host", "https://evil.example/v1.0/x", []string{"Bearer " + jwt(tenantA)}, false},
		{"another prefix", "https://graph.microsoft.com/beta/x", []string{"Bearer " + jwt(tenantA)}, false},
		{"another tenant", graphPage, []string{"Bearer " + jwt(tenantB)}, false},
		{"two tokens", graphPage, []string{"Bearer " + jwt(tenantA), "Bearer " + jwt(tenantB)}, false},
		{"no token", graphPage, nil, false},
		{"another scheme", graphPage, []string{"Basic " + jwt(tenantA)}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			passed := false
			last := guard(Options{Tenant: tenantA, Service: "x"}, allow, func(*exchange) (*http.Response, error) {
				passed = true
				return reply(200, ""), nil
			})
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url, nil)
			req.Header["Authorization"] = c.headers
			if _, err := last(&exchange{req: req, attempt: 1}); (err == nil) != c.ok || passed != c.ok {
				t.Errorf("passed: %v, %v", passed, err)
			}
		})
	}
}
