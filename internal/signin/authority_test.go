package signin

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/socctl/socctl/internal/secret"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	home   soc.TenantID = "8f0b1c5e-0000-4000-8000-000000000001"
	contos soc.TenantID = "0a1b2c3d-0000-4000-8000-000000000002"
	fabrik soc.TenantID = "0a1b2c3d-0000-4000-8000-000000000003"
	alien  soc.TenantID = "0a1b2c3d-0000-4000-8000-0000000000ff"

	clientID = "3d6b0f0c-0000-4000-8000-000000000002"
	theKey   = "hunter2~Very.Secret~value"
	scope    = publicScope
)

// asked is a request that the authority got.
type asked struct {
	tenant, what string // what: openid-configuration, devicecode, token
	form         url.Values
	header       http.Header
}

// authority is a login service as small as MSAL allows.
type authority struct {
	mu      sync.Mutex
	seen    []asked
	issued  int
	pending int // polls of a device code that are told to wait; negative: for ever
	uri     string
	expires int
	base    string // its own address

	user string // who signs in; "" is kai

	// fault answers a request itself and reports true.
	fault func(w http.ResponseWriter, r *http.Request, a asked) bool
	// claims changes what is in an access token.
	claims func(a asked) map[string]any
	// lives is how long tokens live; 0 is an hour.
	lives time.Duration
}

func newAuthority() *authority {
	return &authority{uri: "https://login.test/device", expires: 900, base: "https://login.test"}
}

func (s *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	_ = r.ParseForm()
	a := asked{tenant: parts[0], what: parts[len(parts)-1], form: r.PostForm, header: r.Header}
	s.mu.Lock()
	s.seen = append(s.seen, a)
	fault := s.fault
	s.mu.Unlock()
	if fault != nil && fault(w, r, a) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch a.what {
	case "openid-configuration":
		root := s.base + "/" + a.tenant
		answer(w, 200, map[string]any{
			"issuer": root + "/v2.0", "token_endpoint": root + "/oauth2/v2.0/token",
			"authorization_endpoint": root + "/oauth2/v2.0/authorize", "device_authorization_endpoint": root + "/oauth2/v2.0/devicecode",
		})
	case "devicecode":
		answer(w, 200, map[string]any{
			"device_code": "dev-code-123", "user_code": "ABCD-EFGH", "verification_uri": s.uri, "expires_in": s.expires,
			"interval": 5, "message": "To sign in, open the page and enter the code ABCD-EFGH.",
		})
	case "token":
		s.token(w, a)
	default:
		http.NotFound(w, r)
	}
}

func (s *authority) token(w http.ResponseWriter, a asked) {
	s.mu.Lock()
	defer s.mu.Unlock()
	user := a.form.Get("grant_type") != "client_credentials"
	if a.form.Get("device_code") != "" && s.pending != 0 {
		s.pending--
		refuse(w, 400, "authorization_pending", 70016)
		return
	}
	s.issued++
	lives := s.lives
	if lives == 0 {
		lives = time.Hour
	}
	claims := map[string]any{
		"tid": a.tenant, "aud": resourceOf(strings.Fields(a.form.Get("scope"))[0]), "exp": time.Now().Add(lives).Unix(),
		"jti": s.issued, "oid": "oid-1", "idtyp": "app", "appid": clientID,
	}
	out := map[string]any{"token_type": "Bearer", "expires_in": int(lives.Seconds()), "ext_expires_in": int(lives.Seconds())}
	if user {
		maps.Copy(claims, map[string]any{"idtyp": "user", "upn": "kai@northwind.example", "name": "Kai Carter", "oid": "oid-kai"})
		out["refresh_token"] = "refresh-" + fmt.Sprint(s.issued) + "-secret"
		out["client_info"] = encode(map[string]any{"uid": cmp.Or(s.user, "kai"), "utid": string(home)})
		out["id_token"] = unsigned(map[string]any{
			"iss": s.base + "/" + a.tenant + "/v2.0", "tid": a.tenant, "sub": "sub", "oid": "oid-kai", "aud": clientID,
			"preferred_username": "kai@northwind.example", "name": "Kai Carter", "exp": time.Now().Add(lives).Unix(),
		})
		out["scope"] = a.form.Get("scope")
	}
	if s.claims != nil {
		maps.Copy(claims, s.claims(a))
	}
	out["access_token"] = unsigned(claims)
	answer(w, 200, out)
}

// count tells how many requests of a kind came for a tenant; "" stands for all.
func (s *authority) count(tenant soc.TenantID, what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, a := range s.seen {
		if (tenant == "" || a.tenant == string(tenant)) && (what == "" || a.what == what) {
			n++
		}
	}
	return n
}

func (s *authority) last(what string) asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.seen) - 1; i >= 0; i-- {
		if s.seen[i].what == what {
			return s.seen[i]
		}
	}
	return asked{}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// refuse answers with Entra's error envelope.
func refuse(w http.ResponseWriter, status int, name string, code int) {
	answer(w, status, map[string]any{
		"error": name, "error_codes": []int{code}, "correlation_id": "corr-77", "trace_id": "trace-1", "timestamp": "2026-11-22 12:00:00Z",
		"error_description": fmt.Sprintf("AADSTS%d: Something in words. Trace ID: trace-1 Correlation ID: corr-77 Timestamp: 2026-11-22 12:00:00Z", code),
	})
}

func encode(v any) string {
	b, _ := json.Marshal(v)
	return base64.RawURLEncoding.EncodeToString(b)
}

func unsigned(claims map[string]any) string {
	return encode(map[string]any{"alg": "none"}) + "." + encode(claims) + ".sig"
}

// memory is a base that calls the authority without a network, so that a bubble's clock rules.
type memory struct{ handler http.Handler }

func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, r)
	if r.Body != nil {
		_ = r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	resp := w.Result()
	resp.Request = r
	return resp, nil
}

// identity makes an identity over an authority in memory.
func identity(t *testing.T, s *authority, change func(*Options)) *Identity {
	t.Helper()
	o := Options{
		Home: home, ClientID: clientID, Method: MethodClientSecret, Authority: s.base, DisableInstanceDiscovery: true,
		Tenants: []soc.TenantID{contos, fabrik}, Secret: secret.New(theKey), Base: memory{s},
		Prompt: func(context.Context, DeviceCode) error { return nil },
	}
	if change != nil {
		change(&o)
	}
	i, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func byDeviceCode(o *Options) { o.Method = MethodDeviceCode }

// overTLS starts the authority on a real socket and gives what its clients need.
func overTLS(t *testing.T, s *authority) http.RoundTripper {
	t.Helper()
	server := httptest.NewTLSServer(s)
	t.Cleanup(server.Close)
	s.base = server.URL
	s.uri = server.URL + "/device"
	base, err := transport.NewBase(transport.BaseOptions{
		CAPEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(base.CloseIdleConnections)
	return base
}

func wantProblem(t *testing.T, err error, kind soc.ProblemKind) *soc.Problem {
	t.Helper()
	var p *soc.Problem
	if !errors.As(err, &p) {
		t.Fatalf("error %v is no problem", err)
	}
	if p.Kind != kind || p.Summary.IsZero() {
		t.Fatalf("kind is %q, want %q: %v", p.Kind, kind, p)
	}
	return p
}

// tenantOf reads whose token it is.
func tenantOf(t *testing.T, token string) soc.TenantID {
	t.Helper()
	c, err := ReadClaims(token)
	if err != nil {
		t.Fatal(err)
	}
	return c.Tenant
}

// pass lets time go by; in a bubble of synctest that costs none.
func pass(d time.Duration) { <-time.After(d) }
