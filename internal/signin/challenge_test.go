package signin

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

const (
	revoked  = `{"access_token":{"nbf":{"essential":true,"value":"1729756830"},"xms_caeerror":{"value":"20001??>>~~"}}}`
	context1 = `{"access_token":{"acrs":{"essential":true,"value":"c1"}}}`
)

func TestClaimsOf(t *testing.T) {
	t.Parallel()
	std, raw := base64.StdEncoding.EncodeToString([]byte(revoked)), base64.RawURLEncoding.EncodeToString([]byte(revoked))
	padded := base64.URLEncoding.EncodeToString([]byte(revoked))
	for name, lines := range map[string][]string{
		"as documented":         {`Bearer realm="", authorization_uri="https://x/authorize", client_id="0", error="insufficient_claims", claims="` + std + `"`},
		"first":                 {`Bearer claims="` + std + `", error="insufficient_claims", realm=""`},
		"no padding":            {`Bearer error="insufficient_claims", claims="` + raw + `"`},
		"base64url":             {`Bearer claims="` + padded + `"`},
		"unquoted":              {`Bearer error=insufficient_claims, claims=` + std},
		"unquoted, not last":    {`Bearer claims=` + std + `, realm=""`},
		"another line":          {`Negotiate`, `Bearer realm=""`, `Bearer claims="` + std + `"`},
		"another scheme before": {`PoP nonce="a,b", Bearer claims="` + std + `"`},
		"claims in a text":      {`Bearer error_description="we want claims=\"bad\", sorry", claims="` + std + `"`},
		"capitals and spaces":   {`bearer CLAIMS = "` + std + `"`},
		"no commas":             {`Bearer error="insufficient_claims" claims="` + std + `"`},
		"quote not closed":      {`Bearer claims="` + std},
		"a bad one before":      {`Bearer claims="%%%", claims="` + std + `"`},
	} {
		h := http.Header{"Www-Authenticate": lines}
		if got, ok := ClaimsOf(h); !ok || got != revoked {
			t.Errorf("%s: %q", name, got)
		}
	}
	for name, line := range map[string]string{
		"none": `Bearer realm="", error="invalid_token"`, "empty": "", "only quotes": `"""""`, "not base64": `Bearer claims="!!!"`, "no object": `Bearer claims="W10="`,
		"in a text only": `Bearer error_description="claims=` + std + `"`, "another name": `Bearer xclaims="` + std + `"`,
		"huge": `Bearer claims="` + base64.StdEncoding.EncodeToString(make([]byte, 3*maxClaims)) + `"`,
	} {
		if got, ok := ClaimsOf(http.Header{"Www-Authenticate": {line}}); ok {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestClaimsIn(t *testing.T) {
	t.Parallel()
	const encoded = `%7B%22access_token%22%3A%7B%22acrs%22%3A%7B%22essential%22%3Atrue%2C%20%22value%22%3A%22c1%22%7D%7D%7D`
	for name, message := range map[string]string{
		"as documented": "&claims=" + encoded, "in a sentence": `AcrsValidationFailed "&claims=` + encoded + `" was wanted`,
		"followed": "?claims=" + encoded + "&x=1", "after a bad one": "claims=none claims=" + encoded,
	} {
		if got, ok := ClaimsIn(message); !ok || got != context1 {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got, ok := ClaimsIn("no claims here, claims="); ok {
		t.Errorf("%q", got)
	}
}

func FuzzClaimsOf(f *testing.F) {
	f.Add(`Bearer claims="` + base64.StdEncoding.EncodeToString([]byte(revoked)) + `"`)
	f.Add(`a="\`)
	f.Fuzz(func(t *testing.T, line string) {
		if got, ok := ClaimsOf(http.Header{"Www-Authenticate": {line}}); ok && (got[0] != '{' || len(got) > maxClaims) {
			t.Errorf("%q", got)
		}
		_, _ = ClaimsIn(line)
	})
}

func challengeOf(claims string) http.Header {
	return http.Header{"Www-Authenticate": {`Bearer error="insufficient_claims", claims="` + base64.StdEncoding.EncodeToString([]byte(claims)) + `"`}}
}

// wants makes tenants refuse what is asked silently with these claims.
func wants(s *authority, claims string, code int, only ...soc.TenantID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = func(w http.ResponseWriter, _ *http.Request, a asked) bool {
		if a.what != "token" || a.form.Get("grant_type") != "refresh_token" || !slices.Contains(only, soc.TenantID(a.tenant)) ||
			claims != "" && !contains(a.form.Get("claims"), claims) {
			return false
		}
		refuse(w, 400, "interaction_required", code)
		return true
	}
}

// stepper signs in by pasting at once, and counts how often somebody was asked.
func stepper(t *testing.T, asked *[]Prompt) func(*Options) {
	return func(o *Options) {
		o.Method = MethodPaste
		o.Ask = func(_ context.Context, p Prompt) error {
			*asked = append(*asked, p)
			return p.Answer(pageOf(t, p).answer(nil))
		}
	}
}

func token(t *testing.T, tt *TenantTokens) string {
	t.Helper()
	out, err := tt.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestSilentAttemptIsEnough: a challenge that the authority fulfils silently asks nobody, and many who meet it make
// one request.
func TestSilentAttemptIsEnough(t *testing.T) {
	t.Parallel()
	for name, claims := range map[string]string{"revoked": revoked, "context": context1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var prompts []Prompt
				s, list := newAuthority(), many(2)
				i := signedIn(t, s, list, stepper(t, &prompts))
				tt := i.For(list[0], scope)
				first := token(t, tt)
				for range 20 {
					if err := tt.Challenge(t.Context(), first, challengeOf(claims)); err != nil {
						t.Fatal(err)
					}
				}
				if second := token(t, tt); second == first || s.count(list[0], "token") != 2 || len(prompts) != 1 {
					t.Errorf("%d requests, %d prompts", s.count(list[0], "token"), len(prompts))
				}
				if got := s.last("token").form.Get("claims"); !contains(got, "essential") || !contains(got, "CP1") {
					t.Errorf("the claims were %s", got)
				}
			})
		})
	}
}

func TestStepUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var prompts []Prompt
		s, list := newAuthority(), many(3)
		i := signedIn(t, s, list, stepper(t, &prompts))
		tt, other := i.For(list[0], scope), i.For(list[1], scope)
		first := token(t, tt)
		old := token(t, other)
		wants(s, "nbf", 50076, list[0])
		err := tt.Challenge(t.Context(), first, challengeOf(revoked))
		p := wantProblem(t, err, soc.ProblemSignIn)
		if !errors.Is(err, ErrStepUp) || !contains(p.Next.String(), "this customer") || !slices.Equal(i.StepUps(), list[:1]) {
			t.Errorf("%v, next %q, waiting %v", p, p.Next, i.StepUps())
		}
		before := s.count("", "token")
		for range 20 {
			_, err := tt.Token(t.Context())
			wantProblem(t, err, soc.ProblemSignIn)
			wantProblem(t, tt.Challenge(t.Context(), first, challengeOf(revoked)), soc.ProblemSignIn)
		}
		if s.count("", "token") != before || len(prompts) != 1 {
			t.Errorf("%d requests and %d prompts while it waits", s.count("", "token")-before, len(prompts))
		}
		if token(t, other) != old {
			t.Error("another customer lost its token")
		}
		if err := i.StepUp(t.Context(), list[0]); err != nil {
			t.Fatal(err)
		}
		q := pageOf(t, prompts[1]).Query()
		if prompts[1].Tenant != list[0] || q.Get("login_hint") != "kai@northwind.example" || !contains(q.Get("claims"), "nbf") || !contains(prompts[1].URL.String(), string(list[0])) {
			t.Errorf("the prompt is %+v", prompts[1])
		}
		kept := token(t, tt)
		if kept == first || len(i.StepUps()) != 0 || s.last("token").form.Get("grant_type") != "authorization_code" {
			t.Error("the stepped-up token is not used")
		}
		_ = token(t, i.For(list[2], scope)) // with the refresh token that the step-up brought: the fourth
		if got := s.given(list[2]); len(got) != 1 || got[0] != "refresh-4-secret" {
			t.Errorf("the refresh token of the step-up is not used: %v", got)
		}
		// The service is not content with the very token that was asked for: nobody goes round in circles.
		before = s.count("", "token")
		if err := tt.Challenge(t.Context(), kept, challengeOf(revoked)); !errors.Is(err, ErrStepUp) || s.count("", "token") != before {
			t.Errorf("%v, %d requests", err, s.count("", "token")-before)
		}
	})
}

// TestContextKeepsTheToken: what one action needs does not take the token away from all others, nor its renewal.
func TestContextKeepsTheToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var prompts []Prompt
		s, list := newAuthority(), many(1)
		i := signedIn(t, s, list, stepper(t, &prompts))
		tt := i.For(list[0], scope)
		first := token(t, tt)
		wants(s, "acrs", 50076, list[0])
		if err := tt.Satisfy(t.Context(), first, context1); !errors.Is(err, ErrStepUp) {
			t.Fatal(err)
		}
		if token(t, tt) != first {
			t.Error("the token is gone")
		}
		pass(58 * time.Minute)
		if token(t, tt) == first {
			t.Error("the token was not renewed")
		}
	})
}

// TestTenantThatWantsItsAnalystIsLeftAlone: without a challenge as well, for a while; then it is worth a try.
func TestTenantThatWantsItsAnalystIsLeftAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var prompts []Prompt
		s, list := newAuthority(), many(2)
		i := signedIn(t, s, list, stepper(t, &prompts))
		wants(s, "", 50076, list...)
		ask := func(tenant soc.TenantID) error { _, err := i.For(tenant, scope).Token(t.Context()); return err }
		for range 14 {
			if err := ask(list[0]); !errors.Is(err, ErrStepUp) {
				t.Fatal(err)
			}
			pass(time.Minute)
		}
		if n := s.count(list[0], "token"); n != 1 {
			t.Errorf("%d requests in 14 minutes", n)
		}
		pass(time.Minute)
		_ = ask(list[0])
		if n := s.count(list[0], "token"); n != 2 {
			t.Errorf("%d requests after 15 minutes", n)
		}
		// Who proves themselves to one tenant may be good enough for the other: it is tried once, silently.
		_ = ask(list[1])
		if err := i.StepUp(t.Context(), list[0]); err != nil {
			t.Fatal(err)
		}
		wants(s, "", 0)
		if err := ask(list[1]); err != nil || len(prompts) != 2 {
			t.Errorf("%v, %d prompts", err, len(prompts))
		}
	})
}

func TestStepUpBySomebodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var prompts []Prompt
		s, list := newAuthority(), many(2)
		i := signedIn(t, s, list, stepper(t, &prompts))
		s.mu.Lock()
		s.user = "mira"
		s.mu.Unlock()
		wantProblem(t, i.StepUp(t.Context(), list[0]), soc.ProblemUnsafe)
		_ = token(t, i.For(list[1], scope))
		if got := s.given(list[1]); got[0] != "refresh-1-secret" {
			t.Errorf("somebody else's refresh token is used: %v", got)
		}
		wantProblem(t, i.StepUp(t.Context(), alien), soc.ProblemUnsafe)
	})
}

func TestStepUpNeedsAPerson(t *testing.T) {
	t.Parallel()
	i := identity(t, newAuthority(), nil)
	wantProblem(t, i.StepUp(t.Context(), contos), soc.ProblemRefused)
	i = identity(t, newAuthority(), byDeviceCode)
	wantProblem(t, i.StepUp(t.Context(), contos), soc.ProblemSignIn)
}

// TestBlockedAtHome: the home tenant's refusal of device codes ends the use of the refresh token altogether.
func TestBlockedAtHome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, list := newAuthority(), many(1)
		i := signedIn(t, s, list, nil)
		s.mu.Lock()
		s.fault = tokenFault(400, "invalid_grant", 530036)
		s.mu.Unlock()
		i.For(home, scope).Invalidate()
		_, err := i.For(home, scope).Token(t.Context())
		wantProblem(t, err, soc.ProblemNoAccess)
		before := s.count("", "token")
		_, err = i.For(list[0], scope).Token(t.Context())
		if p := wantProblem(t, err, soc.ProblemSignIn); s.count("", "token") != before {
			t.Errorf("the useless refresh token was used again: %v", p)
		}
	})
}
