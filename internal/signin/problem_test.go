package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/secret"
	"github.com/socctl/socctl/internal/soc"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

// TestEveryCode walks over graph-api 9.3: the kind decides what the console does.
func TestEveryCode(t *testing.T) {
	t.Parallel()
	want := map[soc.ProblemKind][]int{
		soc.ProblemNoAccess: {50020, 50034, 50053, 50057, 50105, 53000, 53001, 53003, 530031, 530032, 530033, 530034, 530035, 530036, 65001, 90072, 500011, 500212, 500213, 700016},
		soc.ProblemSignIn:   {16000, 50055, 50058, 50059, 50072, 50074, 50076, 50079, 50097, 50131, 50158, 50173, 70008, 70016, 70020, 70043, 70044, 700082},
		soc.ProblemRefused:  {65004, 90002, 700027, 7000215, 7000218, 7000222, 50194},
	}
	for kind, codes := range want {
		for _, code := range codes {
			t.Run(fmt.Sprint(code), func(t *testing.T) {
				t.Parallel()
				s := newAuthority()
				s.fault = tokenFault(400, "invalid_grant", code)
				_, err := identity(t, s, nil).For(contos, scope).Token(t.Context())
				p := wantProblem(t, err, kind)
				if p.Code.String() != fmt.Sprintf("AADSTS%d", code) || p.RequestID.String() != "corr-77" || p.Next.IsZero() || p.Status != 400 {
					t.Errorf("got %+v", p)
				}
				if contains(p.Summary.String(), "Something in words") || contains(p.Next.String(), "{") {
					t.Errorf("summary %q, next %q", p.Summary, p.Next)
				}
			})
		}
	}
}

func TestRulesAreConsistent(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range rules() {
		keys := slices.Clone(r.names)
		for _, c := range r.codes {
			keys = append(keys, fmt.Sprint(c))
		}
		for _, k := range keys {
			if seen[k] {
				t.Errorf("%s occurs twice", k)
			}
			seen[k] = true
		}
		if len(keys) == 0 || r.kind == "" || r.what == "" || r.next == "" {
			t.Errorf("a rule is not complete: %+v", r)
		}
	}
}

func TestSilentRefusalKeepsItsReason(t *testing.T) {
	t.Parallel()
	methods(t, func(t *testing.T, s *authority, i *Identity) {
		s.mu.Lock()
		s.fault = tokenFault(400, "invalid_grant", 65001)
		s.mu.Unlock()
		_, err := i.For(contos, scope).Token(t.Context())
		p := wantProblem(t, err, soc.ProblemNoAccess)
		if want := "https://login.test/" + string(contos) + "/adminconsent?client_id=" + clientID; !contains(p.Next.String(), want) {
			t.Errorf("next is %q", p.Next)
		}
	})
}

func TestAnswersOfTheAuthority(t *testing.T) {
	t.Parallel()
	raw := func(status int, body string) func(http.ResponseWriter, *http.Request, asked) bool {
		return func(w http.ResponseWriter, _ *http.Request, a asked) bool {
			if a.what == "token" {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			}
			return a.what == "token"
		}
	}
	cases := []struct {
		name  string
		fault func(http.ResponseWriter, *http.Request, asked) bool
		kind  soc.ProblemKind
		has   string
	}{
		{"unknown code", tokenFault(400, "invalid_grant", 99999), soc.ProblemSignIn, "AADSTS99999: Something in words."},
		{"unknown code, bad client", tokenFault(401, "invalid_client", 99998), soc.ProblemRefused, "AADSTS99998"},
		{"unknown name", tokenFault(400, "odd", 0), soc.ProblemRefused, "odd: In words."},
		{"code only in words", raw(400, `{"error":"invalid_grant","error_description":"AADSTS50020: x"}`), soc.ProblemNoAccess, "not in this tenant yet"},
		{"codes of another type", raw(400, `{"error":5,"error_codes":"x","error_description":"AADSTS50020: x"}`), soc.ProblemNoAccess, "not in this tenant yet"},
		{"throttled", tokenFault(429, "odd", 0), soc.ProblemThrottled, "odd"},
		{"503", raw(503, ""), soc.ProblemUnavailable, "503"},
		{"HTML 502", raw(502, "<html><b>Bad Gateway"), soc.ProblemUnavailable, "502"},
		{"HTML 200", raw(200, "<html>hello"), soc.ProblemBadAnswer, "cannot be used"},
		{"empty 200", raw(200, ""), soc.ProblemBadAnswer, "cannot be used"},
		{"no token in it", raw(200, `{"expires_in":3600}`), soc.ProblemBadAnswer, "cannot be used"},
		{"opaque token", raw(200, `{"token_type":"Bearer","expires_in":3600,"access_token":"opaque"}`), soc.ProblemUnsafe, "not a JWT"},
		{"null", raw(200, "null"), soc.ProblemBadAnswer, "cannot be used"},
		{"a million brackets", raw(200, strings.Repeat("[", 900000)), soc.ProblemBadAnswer, "cannot be used"},
		{"too large", raw(200, strings.Repeat("x", maxAnswer+1)), soc.ProblemBadAnswer, "1 MiB"},
		{"too large error", raw(400, strings.Repeat("x", maxAnswer+1)), soc.ProblemBadAnswer, "1 MiB"},
		{"redirect", func(w http.ResponseWriter, r *http.Request, a asked) bool {
			http.Redirect(w, r, "https://evil.example/", http.StatusTemporaryRedirect)
			return true
		}, soc.ProblemUnsafe, "elsewhere"},
		{"endpoints elsewhere", func(w http.ResponseWriter, _ *http.Request, a asked) bool {
			answer(w, 200, map[string]any{
				"issuer": "https://login.test/" + a.tenant + "/v2.0", "token_endpoint": "https://evil.example/token",
				"authorization_endpoint": "https://evil.example/authorize",
			})
			return true
		}, soc.ProblemUnsafe, "evil.example"},
		{"unknown tenant at discovery", func(w http.ResponseWriter, _ *http.Request, _ asked) bool {
			refuse(w, 400, "invalid_tenant", 90002)
			return true
		}, soc.ProblemRefused, "no such tenant"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newAuthority()
				s.fault = c.fault
				_, err := identity(t, s, nil).For(contos, scope).Token(t.Context())
				p := wantProblem(t, err, c.kind)
				if !contains(p.Summary.String(), c.has) || len(p.Summary.String()) > 600 {
					t.Errorf("summary is %q, want %q in it", p.Summary, c.has)
				}
			})
		})
	}
}

// TestTokensLeaveOnlyToTheAuthority counts what reaches another host.
func TestTokensLeaveOnlyToTheAuthority(t *testing.T) {
	t.Parallel()
	s := newAuthority()
	s.fault = func(w http.ResponseWriter, r *http.Request, a asked) bool {
		if r.URL.Host != "login.test" {
			t.Errorf("a request went to %s", r.URL.Host)
		}
		if a.what != "openid-configuration" {
			return false
		}
		answer(w, 200, map[string]any{
			"issuer": "https://login.test/" + a.tenant + "/v2.0", "token_endpoint": "https://login.test:8443/token", "authorization_endpoint": "https://x.example/",
		})
		return true
	}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := identity(t, s, nil).For(contos, scope).Token(t.Context())
		wantProblem(t, err, soc.ProblemUnsafe)
		if s.count("", "token") != 0 {
			t.Error("the secret left")
		}
		if time.Since(start) != 0 {
			t.Errorf("what was refused was tried again after %v", time.Since(start))
		}
	})
}

type broken struct{ err error }

func (b broken) RoundTrip(*http.Request) (*http.Response, error) { return nil, b.err }

func TestNetworkTrouble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newAuthority()
		i := identity(t, s, func(o *Options) { o.Base = broken{syscall.ECONNREFUSED} })
		start := time.Now()
		_, err := i.For(contos, scope).Token(t.Context())
		if p := wantProblem(t, err, soc.ProblemUnavailable); !contains(p.Summary.String(), "connection refused") {
			t.Errorf("summary is %q", p.Summary)
		}
		if time.Since(start) > 2*time.Second {
			t.Errorf("it took %v", time.Since(start))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = i.For(contos, scope).Token(ctx)
		wantProblem(t, err, soc.ProblemUnavailable)
	})
}

// TestEndlessAnswerEnds meets an authority that sends without end, and one that says nothing, over a real socket.
func TestEndlessAnswerEnds(t *testing.T) {
	t.Parallel()
	s := newAuthority()
	s.fault = func(w http.ResponseWriter, r *http.Request, a asked) bool {
		for a.what == "token" && r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				break
			}
		}
		return a.what == "token"
	}
	base := overTLS(t, s)
	i := identity(t, s, func(o *Options) { o.Base, o.Authority = base, s.base })
	_, err := i.For(contos, scope).Token(t.Context())
	wantProblem(t, err, soc.ProblemBadAnswer)
}

// TestNoSecretIsPrinted looks for the secret, the certificate and the tokens in everything that can be printed, also
// when the authority repeats what it was sent.
func TestNoSecretIsPrinted(t *testing.T) {
	t.Parallel()
	s := newAuthority()
	i := identity(t, s, nil)
	token, err := i.For(contos, scope).Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var errs []error
	for _, code := range []int{99999, 7000215} {
		for _, body := range []string{`{"error":"invalid_client","error_codes":[%d],"error_description":"wrong: %s","correlation_id":"%s"}`, `%d <b>%s %s`} {
			s.fault = func(w http.ResponseWriter, _ *http.Request, a asked) bool {
				if a.what != "token" {
					return false
				}
				w.WriteHeader(401)
				secret := a.form.Get("client_secret")
				_, _ = fmt.Fprintf(w, body, code, secret, secret)
				return true
			}
			_, err := i.For(fabrik, scope).Token(t.Context())
			errs = append(errs, err)
		}
	}
	s.fault = func(w http.ResponseWriter, _ *http.Request, a asked) bool {
		_, _ = io.WriteString(w, `{"access_token":"`+token+`",`) // malformed: MSAL's error quotes it
		return a.what == "token"
	}
	_, err = i.For(fabrik, scope).Token(t.Context())
	errs = append(errs, err)
	opts := Options{Secret: secret.New(theKey), Certificate: secret.New(theKey), CertificatePassword: secret.New(theKey)}
	type wrapper struct {
		hidden secret.Value
		Shown  secret.Value
		Who    *Identity
		Tokens *TenantTokens
	}
	values := []any{secret.New(theKey), opts, &opts, wrapper{secret.New(theKey), secret.New(theKey), i, i.For(contos, scope)}, i, i.For(contos, scope), i.Account()}
	for _, e := range errs {
		p := soc.ProblemOf(e)
		values = append(values, e, *p, p.Summary, p.Next, p.Code, p.RequestID)
	}
	for n, v := range values {
		if out := printed(v); contains(out, theKey) || contains(out, token) || contains(out, "hunter2") {
			t.Errorf("value %d (%T) tells a secret", n, v)
		}
	}
}

// printed is a value in every form that ends up in a log or on a screen.
func printed(v any) string {
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		_, _ = fmt.Fprintf(&out, verb+"\n", v)
	}
	b, _ := json.Marshal(v)
	out.Write(b)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
	return out.String()
}

func FuzzReadClaims(f *testing.F) {
	f.Add(unsigned(map[string]any{"tid": string(home), "aud": "x", "exp": 1}))
	f.Add("a.b.c")
	f.Fuzz(func(t *testing.T, token string) {
		_, p := checkToken(token, home, scope, time.Unix(1, 0))
		if c, err := ReadClaims(token); p == nil && (err != nil || c.Tenant != home) {
			t.Error("a token passed that does not say what it should")
		}
	})
}

func FuzzEntraError(f *testing.F) {
	f.Add(`{"error":"invalid_grant","error_codes":[50020],"error_description":"AADSTS50020: x"}`)
	f.Fuzz(func(t *testing.T, body string) {
		if e, ok := readEntraError(body); ok && e.label() == "" {
			t.Error("an error without a label")
		}
	})
}
