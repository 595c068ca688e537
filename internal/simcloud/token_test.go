package simcloud_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/simcloud"
)

// entraError is Entra's error envelope.
type entraError struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
}

// granted is a token answer.
type granted struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token"`
	ClientInfo   string `json:"client_info"`
	Scope        string `json:"scope"`
	ExpiresIn    int    `json:"expires_in"`
}

func tokenPath(tenant string) string { return "/" + tenant + "/oauth2/v2.0/token" }

// claims reads a token without trusting it.
func claims(t testing.TB, token string) map[string]any {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	return decode[map[string]any](t, b)
}

func secretForm(l *lab) url.Values {
	return url.Values{"grant_type": {"client_credentials"}, "client_id": {simcloud.ConfidentialClientID}, "client_secret": {simcloud.ClientSecret}, "scope": {l.URL() + "/.default"}}
}

// with returns a copy of a form with other values; an empty value removes the key.
func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			out.Del(pairs[i])
		}
	}
	return out
}

// refusal is a token request and the answer that it must get.
type refusal struct {
	name, tenant string
	form         url.Values
	status       int
	oauth        string
	code         int
}

func (c refusal) check(t *testing.T, a answer) {
	t.Helper()
	e := decode[entraError](t, a.body)
	if a.status != c.status || e.Error != c.oauth || len(e.Codes) != 1 || e.Codes[0] != c.code {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if !strings.HasPrefix(e.Description, fmt.Sprintf("AADSTS%d: ", c.code)) || e.TraceID == "" || e.CorrelationID == "" || e.Timestamp != "2026-11-22 12:00:00Z" ||
		!strings.Contains(e.Description, "Trace ID: "+e.TraceID) {
		t.Errorf("envelope: %s", a.body)
	}
}

func TestEntraRefuses(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	contoso, closed := l.Tenants()[0].ID, tenantWith(t, l, simcloud.NoAccess).ID
	user := l.signIn(l.Home().ID, simcloud.Kai)
	refresh := url.Values{"grant_type": {"refresh_token"}, "client_id": {simcloud.PublicClientID}, "refresh_token": {user.RefreshToken}, "scope": {"SecurityIncident.Read.All openid offline_access"}}
	device := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "client_id": {simcloud.PublicClientID}, "device_code": {l.device(contoso)["device_code"].(string)}}
	declined := l.device(contoso)
	if err := l.Deny(declined["user_code"].(string)); err != nil {
		t.Fatal(err)
	}
	stranger := l.device(contoso)
	if err := l.Approve(stranger["user_code"].(string), "nobody@northwind.example"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []refusal{
		{"wrong secret", contoso, with(secretForm(l), "client_secret", "x"), 401, "invalid_client", 7000215},
		{"no secret", contoso, with(secretForm(l), "client_secret", ""), 401, "invalid_client", 7000218},
		{"public client without a user", contoso, with(secretForm(l), "client_id", simcloud.PublicClientID), 401, "invalid_client", 7000218},
		{"forged assertion", contoso, with(secretForm(l), "client_secret", "", "client_assertion", "e30.e30.AA"), 401, "invalid_client", 700027},
		{"unknown application", contoso, with(secretForm(l), "client_id", "00000000-0000-4000-8000-00000000dead"), 400, "unauthorized_client", 700016},
		{"unknown tenant", "00000000-0000-4000-8000-00000000dead", secretForm(l), 400, "invalid_request", 90002},
		{"no tenant", "organizations", secretForm(l), 400, "invalid_request", 50059},
		{"short scope for an application", contoso, with(secretForm(l), "scope", "User.Read"), 400, "invalid_scope", 70011},
		{"unknown resource", contoso, with(secretForm(l), "scope", "https://vault.example/.default"), 400, "invalid_resource", 500011},
		{"application in a closed tenant", closed, secretForm(l), 400, "unauthorized_client", 700016},
		{"user in a closed tenant", closed, refresh, 400, "invalid_grant", 50020},
		{"no consent", contoso, with(refresh, "scope", "Mail.Read"), 400, "invalid_grant", 65001},
		{"forged refresh token", contoso, with(refresh, "refresh_token", user.RefreshToken+"x"), 400, "invalid_grant", 9002313},
		{"refresh token of another client", contoso, with(refresh, "client_id", simcloud.ConfidentialClientID, "client_secret", simcloud.ClientSecret), 400, "invalid_grant", 70000},
		{"device code is pending", contoso, device, 400, "authorization_pending", 70016},
		{"device code in another tenant", l.Tenants()[1].ID, device, 400, "bad_verification_code", 70019},
		{"unknown device code", contoso, with(device, "device_code", "x"), 400, "bad_verification_code", 70019},
		{"declined", contoso, with(device, "device_code", declined["device_code"].(string)), 400, "authorization_declined", 70018},
		{"unknown user", contoso, with(device, "device_code", stranger["device_code"].(string)), 400, "invalid_grant", 50034},
		{"unknown grant", contoso, with(secretForm(l), "grant_type", "password"), 400, "unsupported_grant_type", 70003},
		{"no grant", contoso, with(secretForm(l), "grant_type", ""), 400, "invalid_request", 900144},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(t, l.post(tokenPath(c.tenant), c.form)) })
	}
	t.Run("expired device code", func(t *testing.T) {
		l.clock.Advance(16 * time.Minute)
		if e := decode[entraError](t, l.post(tokenPath(contoso), device).body); e.Error != "expired_token" || e.Codes[0] != 70020 {
			t.Errorf("%+v", e)
		}
	})
	t.Run("refresh token not used for 90 days", func(t *testing.T) {
		l.clock.Advance(91 * 24 * time.Hour)
		if e := decode[entraError](t, l.post(tokenPath(contoso), refresh).body); e.Codes[0] != 700082 {
			t.Errorf("%+v", e)
		}
	})
}

// device starts a device code sign-in.
func (l *lab) device(tenant string) map[string]any {
	l.t.Helper()
	a := l.post("/"+tenant+"/oauth2/v2.0/devicecode", url.Values{"client_id": {simcloud.PublicClientID}, "scope": {"SecurityIncident.Read.All User.Read openid profile offline_access"}})
	if a.status != http.StatusOK {
		l.t.Fatalf("device code: %d %s", a.status, a.body)
	}
	return decode[map[string]any](l.t, a.body)
}

// signIn goes through a device code.
func (l *lab) signIn(tenant, upn string) granted {
	l.t.Helper()
	d := l.device(tenant)
	if err := l.Approve(d["user_code"].(string), upn); err != nil {
		l.t.Fatal(err)
	}
	a := l.post(tokenPath(tenant), url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "client_id": {simcloud.PublicClientID}, "device_code": {d["device_code"].(string)},
		"claims": {`{"access_token":{"xms_cc":{"values":["cp1"]}}}`}})
	if a.status != http.StatusOK {
		l.t.Fatalf("sign in: %d %s", a.status, a.body)
	}
	return decode[granted](l.t, a.body)
}

func tenantWith(t testing.TB, l *lab, p simcloud.Profile) simcloud.Tenant {
	t.Helper()
	for _, tenant := range l.Tenants() {
		if tenant.Profile == p {
			return tenant
		}
	}
	t.Fatalf("no customer is %q", p)
	return simcloud.Tenant{}
}

func TestTokensSayWhoAndWhere(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	home := l.signIn(l.Home().ID, simcloud.Kai)
	c := claims(t, home.AccessToken)
	for name, want := range map[string]string{"tid": l.Home().ID, "upn": simcloud.Kai, "scp": "SecurityIncident.Read.All User.Read", "appid": simcloud.PublicClientID, "azp": simcloud.PublicClientID, "aud": l.URL(), "name": "Kai Castellano", "xms_cc": "[cp1]"} {
		if got := fmt.Sprint(c[name]); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if life := c["exp"].(float64) - c["iat"].(float64); life < 3600 || life > 5400 || home.ExpiresIn != int(life) {
		t.Errorf("lives %v s, says %d s", life, home.ExpiresIn)
	}
	id := claims(t, home.IDToken)
	if id["aud"] != simcloud.PublicClientID || id["tid"] != l.Home().ID || id["oid"] != c["oid"] || id["preferred_username"] != simcloud.Kai {
		t.Errorf("id token: %v", id)
	}
	info, err := base64.RawURLEncoding.DecodeString(home.ClientInfo)
	if who := decode[map[string]string](t, info); err != nil || who["uid"] != c["oid"] || who["utid"] != l.Home().ID {
		t.Errorf("client info: %s %v", info, err)
	}
	contoso := l.Tenants()[0]
	a := l.post(tokenPath(contoso.ID), url.Values{"grant_type": {"refresh_token"}, "client_id": {simcloud.PublicClientID}, "refresh_token": {home.RefreshToken}, "scope": {"https://graph.microsoft.com/.default openid"}})
	guest := decode[granted](t, a.body)
	g := claims(t, guest.AccessToken)
	if g["tid"] != contoso.ID || g["oid"] == c["oid"] || g["aud"] != "https://graph.microsoft.com" || guest.ClientInfo != home.ClientInfo || guest.RefreshToken == home.RefreshToken || guest.RefreshToken == "" {
		t.Errorf("guest: %v", g)
	}
	if _, ok := g["xms_cc"]; ok {
		t.Error("cp1 without asking")
	}
	app := claims(t, decode[granted](t, l.post(tokenPath(contoso.ID), secretForm(l)).body).AccessToken)
	if app["idtyp"] != "app" || app["scp"] != nil || len(app["roles"].([]any)) == 0 {
		t.Errorf("application: %v", app)
	}
}

// TestTokenIsolation tries every customer's token on every customer's objects.
func TestTokenIsolation(t *testing.T) {
	t.Parallel()
	l := start(t, simcloud.Options{Customers: 6, Incidents: 120, Speed: -1, Profiles: map[string]simcloud.Profile{}})
	first := map[string]item{}
	for _, tenant := range l.Tenants() {
		first[tenant.ID] = decode[item](t, l.all(l.token(tenant.ID), "/v1.0/security/alerts_v2?$top=1")[0])
	}
	for _, caller := range l.Tenants() {
		for _, owner := range l.Tenants() {
			want := http.StatusNotFound
			if caller.ID == owner.ID {
				want = http.StatusOK
			}
			for _, path := range []string{"/v1.0/security/alerts_v2/" + first[owner.ID].ID, "/v1.0/organization/" + owner.ID} {
				if a := l.get(l.token(caller.ID), path); a.status != want {
					t.Errorf("%s asks for %s of %s: %d", caller.Code, path, owner.Code, a.status)
				}
			}
		}
	}
}

func TestGraphRefusesTokens(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	mint := func(s simcloud.TokenSpec) string {
		token, err := l.Token(s)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	other := start(t, small())
	good := l.token("CONT")
	parts := strings.Split(good, ".")
	body, _ := base64.RawURLEncoding.DecodeString(parts[1])
	forged := base64.RawURLEncoding.EncodeToString([]byte(strings.ReplaceAll(string(body), l.Tenants()[0].ID, l.Tenants()[1].ID)))
	for _, c := range []struct {
		name, token, path string
		status            int
		code, says        string
	}{
		{"none", "", "/v1.0/security/incidents", 401, "InvalidAuthenticationToken", "Access token is empty."},
		{"garbage", "abc", "/v1.0/security/incidents", 401, "InvalidAuthenticationToken", "CompactToken"},
		{"of another cloud", other.token("CONT"), "/v1.0/security/incidents", 401, "InvalidAuthenticationToken", "Signing key"},
		{"changed tenant", parts[0] + "." + forged + "." + parts[2], "/v1.0/security/incidents", 401, "InvalidAuthenticationToken", "Signing key"},
		{"unsigned", "eyJhbGciOiJub25lIn0." + parts[1] + ".", "/v1.0/security/incidents", 401, "InvalidAuthenticationToken", "Signing key"},
		{"expired", mint(simcloud.TokenSpec{Tenant: "CONT", Lifetime: -time.Minute}), "/v1.0/security/incidents", 401, "InvalidAuthenticationToken", "expired"},
		{"other audience", mint(simcloud.TokenSpec{Tenant: "CONT", Audience: "https://management.azure.com"}), "/v1.0/security/incidents", 401, "InvalidAuthenticationToken", "audience"},
		{"scope missing", mint(simcloud.TokenSpec{Tenant: "CONT", User: simcloud.Kai, Permissions: []string{"User.Read"}}), "/v1.0/security/incidents", 403, "Forbidden", "Missing application scopes."},
		{"role missing", mint(simcloud.TokenSpec{Tenant: "CONT", Permissions: []string{"SecurityAlert.Read.All"}}), "/v1.0/security/incidents", 403, "Forbidden",
			"Missing application roles. API required roles: SecurityIncident.Read.All,SecurityIncident.ReadWrite.All, application roles: SecurityAlert.Read.All."},
		{"alerts need their own", mint(simcloud.TokenSpec{Tenant: "CONT", Permissions: []string{"SecurityIncident.Read.All"}}), "/v1.0/security/alerts_v2", 403, "Forbidden", "SecurityAlert.Read.All"},
		{"home has no Defender", mint(simcloud.TokenSpec{Tenant: "NORT"}), "/v1.0/security/incidents", 403, "Forbidden", "Unauthorized request - Account is not provisioned."},
		{"me without a user", mint(simcloud.TokenSpec{Tenant: "CONT"}), "/v1.0/me", 400, "BadRequest", "delegated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := l.get(c.token, c.path)
			e := decode[graphError](t, a.body).Error
			if a.status != c.status || e.Code != c.code || !strings.Contains(e.Message, c.says) {
				t.Errorf("%d %s", a.status, a.body)
			}
			if challenge := a.header.Get("WWW-Authenticate"); (a.status == 401) != strings.HasPrefix(challenge, `Bearer realm="", authorization_uri="`) {
				t.Errorf("challenge %q", challenge)
			}
		})
	}
}

func TestAuthorizationCodeNeedsItsVerifier(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	home, verifier := l.Home().ID, strings.Repeat("v", 43)
	sum := sha256.Sum256([]byte(verifier))
	back := "http://localhost:51234/"
	ask := url.Values{"client_id": {simcloud.PublicClientID}, "response_type": {"code"}, "redirect_uri": {back}, "state": {"s t/1"}, "nonce": {"n1"}, "login_hint": {simcloud.Mira},
		"scope": {"User.Read openid offline_access"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}
	code := func() string {
		a := l.get("", "/"+home+"/oauth2/v2.0/authorize?"+ask.Encode())
		to, err := url.Parse(a.header.Get("Location"))
		if a.status != http.StatusFound || err != nil || !strings.HasPrefix(to.String(), back) || to.Query().Get("state") != "s t/1" {
			t.Fatalf("%d %v %s", a.status, a.header, a.body)
		}
		return to.Query().Get("code")
	}
	redeem := func(code, verifier string) answer {
		return l.post(tokenPath(home), url.Values{"grant_type": {"authorization_code"}, "client_id": {simcloud.PublicClientID}, "code": {code}, "redirect_uri": {back}, "code_verifier": {verifier}})
	}
	good := code()
	first := redeem(good, verifier)
	token := decode[granted](t, first.body)
	if first.status != 200 || claims(t, token.AccessToken)["upn"] != simcloud.Mira || claims(t, token.IDToken)["nonce"] != "n1" || token.RefreshToken == "" {
		t.Fatalf("%d %s", first.status, first.body)
	}
	for name, c := range map[string]struct {
		answer answer
		code   int
	}{"again": {redeem(good, verifier), 54005}, "wrong verifier": {redeem(code(), "x"), 501481}, "unknown": {redeem("x", verifier), 9002313}} {
		if e := decode[entraError](t, c.answer.body); e.Codes[0] != c.code {
			t.Errorf("%s: %s", name, c.answer.body)
		}
	}
	if a := l.get("", "/"+home+"/oauth2/v2.0/authorize?"+with(ask, "redirect_uri", "https://evil.example/").Encode()); a.status != 400 || decode[entraError](t, a.body).Codes[0] != 50011 {
		t.Errorf("foreign redirect: %d %s", a.status, a.body)
	}
}

func TestCertificateAssertion(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o := small()
	o.Certificate = &x509.Certificate{PublicKey: &key.PublicKey}
	l := start(t, o)
	sign := func(issuer string, expires time.Time) string {
		payload, _ := json.Marshal(map[string]any{"iss": issuer, "sub": issuer, "exp": expires.Unix()})
		text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload)
		sum := sha256.Sum256([]byte(text))
		r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return text + "." + base64.RawURLEncoding.EncodeToString(append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...))
	}
	for _, c := range []struct {
		name, assertion string
		status          int
	}{
		{"good", sign(simcloud.ConfidentialClientID, noon.Add(time.Minute)), 200},
		{"other application", sign(simcloud.PublicClientID, noon.Add(time.Minute)), 401},
		{"expired", sign(simcloud.ConfidentialClientID, noon.Add(-time.Minute)), 401},
	} {
		if a := l.post(tokenPath(l.Tenants()[0].ID), with(secretForm(l), "client_secret", "", "client_assertion", c.assertion)); a.status != c.status {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
	}
}

func TestAutoApproveAndTheDevicePage(t *testing.T) {
	t.Parallel()
	o := small()
	o.AutoApprove = true
	l := start(t, o)
	poll := func(d map[string]any) answer {
		return l.post(tokenPath(l.Home().ID), url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "client_id": {simcloud.PublicClientID}, "device_code": {d["device_code"].(string)}})
	}
	d := l.device(l.Home().ID)
	if first, second := poll(d), poll(d); first.status != 400 || second.status != 200 {
		t.Errorf("polls: %d, %d", first.status, second.status)
	}
	d = l.device(l.Home().ID)
	if page := l.get("", "/devicelogin?code="+d["user_code"].(string)); page.status != 200 || !strings.Contains(string(page.body), d["user_code"].(string)) {
		t.Errorf("page: %d %s", page.status, page.body)
	}
	if a := l.post("/devicelogin", url.Values{"code": {d["user_code"].(string)}, "upn": {simcloud.Jon}}); a.status != 200 {
		t.Errorf("approve: %d %s", a.status, a.body)
	}
	if a := poll(d); a.status != 200 || claims(t, decode[granted](t, a.body).AccessToken)["upn"] != simcloud.Jon {
		t.Errorf("poll: %d %s", a.status, a.body)
	}
	if a := l.post("/devicelogin", url.Values{"code": {"NOSUCH"}}); a.status != 404 {
		t.Errorf("unknown code: %d", a.status)
	}
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	for _, tenant := range []string{l.Home().ID, l.Tenants()[0].ID, "common", "organizations"} {
		a := l.get("", "/"+tenant+"/v2.0/.well-known/openid-configuration")
		d := decode[map[string]any](t, a.body)
		if a.status != 200 || d["token_endpoint"] != l.URL()+tokenPath(tenant) || !strings.HasPrefix(d["issuer"].(string), l.URL()+"/") {
			t.Errorf("%s: %d %s", tenant, a.status, a.body)
		}
	}
	keys := decode[struct{ Keys []map[string]string }](t, l.get("", "/"+l.Home().ID+"/discovery/v2.0/keys").body)
	if len(keys.Keys) != 1 || keys.Keys[0]["kid"] == "" || keys.Keys[0]["alg"] != "ES256" {
		t.Errorf("keys: %v", keys)
	}
	a := l.get("", "/common/discovery/instance?api-version=1.1&authorization_endpoint="+url.QueryEscape(l.URL()+"/"+l.Home().ID+"/oauth2/v2.0/authorize"))
	if a.status != 200 || !strings.Contains(string(a.body), `"preferred_network":"`+strings.TrimPrefix(l.URL(), "https://")) {
		t.Errorf("instances: %d %s", a.status, a.body)
	}
}
