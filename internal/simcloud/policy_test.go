package simcloud_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/simcloud"
)

const cp1 = `{"access_token":{"xms_cc":{"values":["cp1"]}}}`

// CP1 is how Microsoft's libraries write the capability.
const contextC1 = `{"access_token":{"xms_cc":{"values":["CP1"]},"acrs":{"essential":true,"value":"c1"}}}`

const loopback = "http://localhost:51234"

// page is the address of a sign-in.
func (l *lab) page(tenant, claims string) string {
	return "/" + tenant + "/oauth2/v2.0/authorize?" + url.Values{"client_id": {simcloud.PublicClientID}, "response_type": {"code"}, "redirect_uri": {loopback},
		"state": {"s"}, "scope": {l.URL() + "/.default openid offline_access"}, "claims": {claims}}.Encode()
}

// browser signs in with a browser, and gives the last answer.
func (l *lab) browser(tenant, claims string) answer {
	l.t.Helper()
	to, err := url.Parse(l.get("", l.page(tenant, claims)).header.Get("Location"))
	if err != nil || to.Query().Get("code") == "" {
		return answer{status: http.StatusFound, body: []byte(to.Query().Get("error_description"))}
	}
	return l.post(tokenPath(tenant), url.Values{"grant_type": {"authorization_code"}, "client_id": {simcloud.PublicClientID}, "code": {to.Query().Get("code")},
		"redirect_uri": {loopback}, "claims": {claims}})
}

// silent redeems a refresh token.
func (l *lab) silent(tenant, refresh, claims string) answer {
	l.t.Helper()
	return l.post(tokenPath(tenant), url.Values{"grant_type": {"refresh_token"}, "client_id": {simcloud.PublicClientID}, "refresh_token": {refresh},
		"scope": {l.URL() + "/.default openid offline_access"}, "claims": {claims}})
}

// code reads the AADSTS code of an answer; 0 stands for success.
func code(t *testing.T, a answer) int {
	t.Helper()
	if a.status == http.StatusOK {
		return 0
	}
	return decode[entraError](t, a.body).Codes[0]
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name                    string
		policy                  simcloud.Policy
		browser, device, silent int // the codes; browser -1 is a refusal that comes with the redirect
		afterwards              int // silently, once the analyst has signed in to the tenant
	}{
		{"nothing", simcloud.Policy{}, 0, 0, 0, 0},
		{"not a guest", simcloud.Policy{NotGuest: true}, -1, 50020, 50020, 50020},
		{"no consent", simcloud.Policy{NoConsent: true}, -1, 65001, 65001, 65001},
		{"blocked", simcloud.Policy{Blocked: true}, -1, 53003, 53003, 53003},
		{"no device code", simcloud.Policy{NoDeviceCode: true}, 0, 530036, 0, 0},
		{"MFA", simcloud.Policy{MFA: true}, 0, 0, 50076, 0},
		{"sign-in frequency", simcloud.Policy{Frequency: time.Hour}, 0, 0, 70043, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := start(t, simcloud.Options{Customers: 8, Incidents: -1, Speed: -1, AutoApprove: true})
			home, tenant, other := l.Home().ID, l.Tenants()[0].ID, l.Tenants()[1].ID
			first := decode[granted](t, l.browser(home, cp1).body)
			byDevice := l.signIn(home, simcloud.Kai)
			l.clock.Advance(2 * time.Hour)
			l.SetPolicy(l.Tenants()[0].Code, c.policy)
			if got := code(t, l.silent(tenant, first.RefreshToken, cp1)); got != c.silent {
				t.Errorf("silently: %d", got)
			}
			if got := code(t, l.silent(other, first.RefreshToken, cp1)); got != 0 {
				t.Errorf("another tenant: %d", got)
			}
			if got := code(t, l.silent(tenant, byDevice.RefreshToken, cp1)); c.device != 0 && got != c.device {
				t.Errorf("with a device code: %d", got)
			}
			second := l.browser(tenant, cp1)
			if c.browser == -1 {
				if second.status != http.StatusFound || !strings.HasPrefix(string(second.body), "AADSTS") {
					t.Errorf("in a browser: %d %s", second.status, second.body)
				}
				return
			}
			if got := code(t, second); got != c.browser {
				t.Fatalf("in a browser: %d", got)
			}
			if got := code(t, l.silent(tenant, decode[granted](t, second.body).RefreshToken, cp1)); got != c.afterwards {
				t.Errorf("afterwards: %d", got)
			}
		})
	}
}

// wanted reads the claims of a challenge.
func wanted(t *testing.T, a answer) string {
	t.Helper()
	_, after, ok := strings.Cut(a.header.Get("WWW-Authenticate"), `error="insufficient_claims", claims="`)
	value, _, _ := strings.Cut(after, `"`)
	b, err := base64.StdEncoding.DecodeString(value)
	if a.status != http.StatusUnauthorized || !ok || err != nil {
		t.Fatalf("%d %v %s", a.status, a.header, a.body)
	}
	return string(b)
}

func TestTokensAreRevoked(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	tenant, other := l.Tenants()[0].ID, l.Tenants()[1].ID
	const path = "/v1.0/security/incidents?$top=1"
	first := decode[granted](t, l.browser(l.Home().ID, cp1).body)
	token := func(tenant, claims string) string {
		return decode[granted](t, l.silent(tenant, first.RefreshToken, claims).body).AccessToken
	}
	held, plain, elsewhere := token(tenant, cp1), token(tenant, ""), token(other, cp1)
	l.clock.Advance(time.Minute)
	l.Reevaluate(l.Tenants()[0].Code)
	if claims := wanted(t, l.get(held, path)); !strings.Contains(claims, `"nbf"`) {
		t.Errorf("the challenge is %s", claims)
	}
	if a, b := l.get(plain, path), l.get(elsewhere, path); a.status != 200 || b.status != 200 {
		t.Errorf("without cp1: %d, elsewhere: %d", a.status, b.status)
	}
	l.clock.Advance(time.Second)
	if a := l.get(token(tenant, cp1), path); a.status != 200 {
		t.Errorf("after a silent renewal: %d %s", a.status, a.body)
	}
	l.RevokeSessions("")
	_ = wanted(t, l.get(elsewhere, path))
	if got := code(t, l.silent(other, first.RefreshToken, cp1)); got != 50173 {
		t.Errorf("silently after a revocation: %d", got)
	}
	l.clock.Advance(time.Second)
	again := decode[granted](t, l.browser(other, cp1).body)
	if a := l.get(again.AccessToken, path); a.status != 200 {
		t.Errorf("after a new sign-in: %d %s", a.status, a.body)
	}
}

func TestStepUpContext(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	tenant := l.Tenants()[0].ID
	const path = "/v1.0/security/incidents?$top=1"
	first := decode[granted](t, l.browser(l.Home().ID, cp1).body)
	l.SetPolicy(tenant, simcloud.Policy{Context: "c1"})
	token := decode[granted](t, l.silent(tenant, first.RefreshToken, cp1).body)
	if claims := wanted(t, l.get(token.AccessToken, path)); !strings.Contains(claims, `"acrs":{"essential":true,"value":"c1"}`) {
		t.Errorf("the challenge is %s", claims)
	}
	refused := l.silent(tenant, first.RefreshToken, contextC1)
	if got := decode[struct{ Claims string }](t, refused.body).Claims; code(t, refused) != 50076 || !strings.Contains(got, `"acrs"`) {
		t.Errorf("silently: %s", refused.body)
	}
	stepped := decode[granted](t, l.browser(tenant, contextC1).body)
	if a := l.get(stepped.AccessToken, path); a.status != 200 {
		t.Errorf("after a step-up: %d %s", a.status, a.body)
	}
	if a := l.get(decode[granted](t, l.silent(tenant, stepped.RefreshToken, cp1).body).AccessToken, path); a.status != 200 {
		t.Errorf("the refresh token of a step-up: %d %s", a.status, a.body)
	}
}

func TestPageWaitsForAClick(t *testing.T) {
	t.Parallel()
	l := start(t, simcloud.Options{Customers: 2, Incidents: -1, Speed: -1, Click: true})
	page := l.page(l.Home().ID, cp1)
	if a := l.get("", page); a.status != 200 || !strings.Contains(string(a.body), "Approve") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for decision, want := range map[string]string{"approve": "code", "deny": "error"} {
		a := l.post(page, url.Values{"decision": {decision}, "login_hint": {simcloud.Mira}})
		to, err := url.Parse(a.header.Get("Location"))
		if err != nil || a.status != http.StatusFound || to.Query().Get(want) == "" || to.Query().Get("state") != "s" {
			t.Errorf("%s: %d %v", decision, a.status, a.header)
		}
	}
}

func TestTokenLatency(t *testing.T) {
	t.Parallel()
	l := start(t, simcloud.Options{Customers: 2, Incidents: -1, Speed: -1, TokenLatency: 30 * time.Millisecond})
	begin := time.Now()
	_ = l.post(tokenPath(l.Tenants()[0].ID), secretForm(l))
	if took := time.Since(begin); took < 30*time.Millisecond {
		t.Errorf("it took %v", took)
	}
}
