package transport

import (
	"errors"
	"net/http"
	"testing"

	"github.com/socctl/socctl/internal/soc"
)

func TestUnauthorised(t *testing.T) {
	t.Parallel()
	challenge := `Bearer realm="", error="insufficient_claims", claims="eyJ9"`
	cases := []struct {
		name     string
		method   string
		list     []func() (*http.Response, error)
		fixed    bool // the source cannot renew
		requests int
		renewed  int
		status   int
		kind     soc.ProblemKind
	}{
		{"expired, fresh token works", "GET", []func() (*http.Response, error){status(401), status(200)}, false, 2, 1, 200, ""},
		{"fresh token is refused too", "GET", []func() (*http.Response, error){status(401)}, false, 2, 2, 401, ""},
		{"source without Invalidate", "GET", []func() (*http.Response, error){status(401)}, true, 1, 0, 401, ""},
		{"write is not repeated", "POST", []func() (*http.Response, error){status(401)}, false, 1, 1, 401, ""},
		{"challenge", "GET", []func() (*http.Response, error){status(401, "WWW-Authenticate", challenge)}, false, 1, 1, 0, soc.ProblemSignIn},
		{"challenge on a write", "PATCH", []func() (*http.Response, error){status(401, "WWW-Authenticate", challenge)}, false, 1, 1, 0, soc.ProblemSignIn},
		{"challenge on the second line", "GET", []func() (*http.Response, error){status(401, "WWW-Authenticate", "Basic", "WWW-Authenticate", challenge)}, false, 1, 1, 0, soc.ProblemSignIn},
		{"unquoted claims", "GET", []func() (*http.Response, error){status(401, "WWW-Authenticate", "Bearer claims=")}, false, 1, 1, 0, soc.ProblemSignIn},
		{"claims without a value", "GET", []func() (*http.Response, error){status(401, "WWW-Authenticate", "claims"), status(200)}, false, 2, 1, 200, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			base, src := script(c.list...), &tokens{give: []string{jwt(tenantA)}}
			cl := client(t, base, func(o *Options) {
				o.Tokens = src
				if c.fixed {
					o.Tokens = onlyTokens{src}
				}
			})
			got, _, err := send(t, cl, c.method, graphPage, "")
			// The second 401 of a call is passed on, so it does not renew again.
			if want := min(c.renewed, 1); src.refused != want {
				t.Errorf("the token was renewed %d times, want %d", src.refused, want)
			}
			if got != c.status || base.count() != c.requests {
				t.Errorf("status %d after %d requests, want %d after %d (%v)", got, base.count(), c.status, c.requests, err)
			}
			if c.kind != "" {
				wantProblem(t, err, c.kind)
			}
		})
	}
}

func TestTokenProblemReachesTheCaller(t *testing.T) {
	t.Parallel()
	base := answers(200, "")
	own := &soc.Problem{Kind: soc.ProblemNoAccess}
	for name, c := range map[string]struct {
		err  error
		kind soc.ProblemKind
	}{
		"problem": {own, soc.ProblemNoAccess},
		"error":   {errors.New("broken"), soc.ProblemSignIn},
	} {
		_, _, err := send(t, client(t, base, func(o *Options) { o.Tokens = &tokens{err: c.err} }), http.MethodGet, graphPage, "")
		var p *soc.Problem
		if !errors.As(err, &p) || p.Kind != c.kind || !errors.Is(err, c.err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if base.count() != 0 {
		t.Error("a request left without a token")
	}
}

func FuzzChallenge(f *testing.F) {
	f.Add(`Bearer claims="x"`)
	f.Add(`claims`)
	f.Add(`xclaims=claims claims =`)
	f.Fuzz(func(_ *testing.T, line string) {
		challenged(http.Header{"Www-Authenticate": {line, line}})
	})
}
