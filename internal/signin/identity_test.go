package signin

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/secret"
	"github.com/socctl/socctl/internal/soc"
)

func TestClientSecretOverTLS(t *testing.T) {
	t.Parallel()
	s := newAuthority()
	base := overTLS(t, s)
	i := identity(t, s, func(o *Options) { o.Base, o.Authority, o.Version = base, s.base, "1.2.3" })
	if err := i.SignIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := i.Account(); !a.App || a.Tenant != home || a.AppID.String() != clientID || !a.UPN.IsZero() {
		t.Errorf("account is %+v", a)
	}
	for _, tenant := range []soc.TenantID{home, contos, fabrik} {
		token, err := i.For(tenant, scope).Token(t.Context())
		if err != nil || tenantOf(t, token) != tenant {
			t.Errorf("%s: %v", tenant, err)
		}
	}
	last := s.last("token")
	if last.form.Get("client_secret") != theKey || !strings.Contains(last.form.Get("claims"), "CP1") {
		t.Errorf("the request was %v", last.form)
	}
	for name := range last.header {
		if strings.HasPrefix(strings.ToLower(name), "x-client-") {
			t.Errorf("%s was sent", name)
		}
	}
	if got := last.header.Get("User-Agent"); got != "socctl/1.2.3" {
		t.Errorf("the user agent is %q", got)
	}
}

func TestClientCertificate(t *testing.T) {
	t.Parallel()
	s := newAuthority()
	i := identity(t, s, func(o *Options) { o.Method, o.Certificate = MethodClientCertificate, secret.New(certificate(t)) })
	token, err := i.For(contos, scope).Token(t.Context())
	if err != nil || tenantOf(t, token) != contos {
		t.Fatal(err)
	}
	if f := s.last("token").form; f.Get("client_assertion") == "" || f.Get("client_secret") != "" {
		t.Errorf("the request was %v", f)
	}
}

func certificate(t *testing.T) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "socctl"}, NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	_ = pem.Encode(&out, &pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
	return out.String()
}

func TestDeviceCodeOverTLS(t *testing.T) {
	t.Parallel()
	s := newAuthority()
	s.pending = 1
	base := overTLS(t, s)
	var shown []DeviceCode
	i := identity(t, s, func(o *Options) {
		o.Method, o.Base, o.Authority = MethodDeviceCode, base, s.base
		o.Prompt = func(_ context.Context, c DeviceCode) error { shown = append(shown, c); return nil }
	})
	_, err := i.For(contos, scope).Token(t.Context())
	if p := wantProblem(t, err, soc.ProblemSignIn); s.count("", "") != 0 || p.Next.String() != "sign in" {
		t.Errorf("before the sign-in: %d requests, %v", s.count("", ""), p)
	}
	if err := i.SignIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(shown) != 1 {
		t.Fatalf("the code was shown %d times", len(shown))
	}
	c := shown[0]
	if c.UserCode.String() != "ABCD-EFGH" || c.VerificationURL.String() != s.uri || c.Tenant != home || c.ClientID != clientID || c.Message.IsZero() {
		t.Errorf("shown was %+v", c)
	}
	if left := time.Until(c.Expires); left < 14*time.Minute || left > 15*time.Minute {
		t.Errorf("the code expires in %v", left)
	}
	if a := i.Account(); a.UPN.String() != "kai@northwind.example" || a.Name.String() != "Kai Carter" || a.App || a.Tenant != home {
		t.Errorf("account is %+v", a)
	}
	token, err := i.For(fabrik, scope).Token(t.Context())
	if err != nil || tenantOf(t, token) != fabrik {
		t.Fatal(err)
	}
	if last := s.last("token"); last.tenant != string(fabrik) || last.form.Get("grant_type") != "refresh_token" || !strings.Contains(last.form.Get("claims"), "CP1") {
		t.Errorf("the second tenant was asked with %v", last.form)
	}
	if len(shown) != 1 {
		t.Error("a second tenant prompted")
	}
}

func TestDeviceCodeEnds(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		setup func(*authority, *Options)
		kind  soc.ProblemKind
		has   string
		took  time.Duration
	}{
		{"nobody enters it", func(s *authority, _ *Options) { s.pending, s.expires = -1, 60 }, soc.ProblemSignIn, "not finished in time", time.Minute},
		{"declined", func(s *authority, _ *Options) { s.fault = tokenFault(400, "authorization_declined", 0) }, soc.ProblemSignIn, "declined", 0},
		{"expired there", func(s *authority, _ *Options) { s.fault = tokenFault(400, "expired_token", 70020) }, soc.ProblemSignIn, "code has expired", 0},
		{"flow is blocked", func(s *authority, _ *Options) { s.fault = tokenFault(400, "invalid_grant", 530036) }, soc.ProblemNoAccess, "device code", 0},
		{"page is not https", func(s *authority, _ *Options) { s.uri = "http://login.test/device" }, soc.ProblemUnsafe, "not a page to trust", 0},
		{"page is a script", func(s *authority, _ *Options) { s.uri = "javascript:alert(1)" }, soc.ProblemUnsafe, "not a page to trust", 0},
		{"page has a user", func(s *authority, _ *Options) { s.uri = "https://microsoft.com@evil.example/" }, soc.ProblemUnsafe, "not a page to trust", 0},
		{"prompt fails", func(_ *authority, o *Options) {
			o.Prompt = func(context.Context, DeviceCode) error { return errors.New("no terminal") }
		}, soc.ProblemSignIn, "stopped", 0},
		{"another tenant's token", func(s *authority, _ *Options) { s.claims = constant("tid", string(alien)) }, soc.ProblemUnsafe, string(home), 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, start := newAuthority(), time.Now()
				i := identity(t, s, func(o *Options) { byDeviceCode(o); c.setup(s, o) })
				p := wantProblem(t, i.SignIn(t.Context()), c.kind)
				if !strings.Contains(p.Summary.String(), c.has) {
					t.Errorf("summary is %q", p.Summary)
				}
				if c.took != 0 && time.Since(start) != c.took {
					t.Errorf("it took %v", time.Since(start))
				}
				if i.Account().Known() {
					t.Error("somebody is signed in")
				}
			})
		})
	}
}

func TestSignInEndsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newAuthority()
		s.pending = -1
		i := identity(t, s, byDeviceCode)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		err := i.SignIn(ctx)
		if p := wantProblem(t, err, soc.ProblemUnavailable); !errors.Is(p, context.DeadlineExceeded) {
			t.Errorf("%v", p)
		}
	})
}

// TestSecondSignInKeepsTheFirst: while somebody types a new code, the tenants go on with the old sign-in; afterwards
// nothing of the old one is handed out.
func TestSecondSignInKeepsTheFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newAuthority()
		i := identity(t, s, byDeviceCode)
		if err := i.SignIn(t.Context()); err != nil {
			t.Fatal(err)
		}
		old, err := i.For(contos, scope).Token(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s.mu.Lock()
		s.pending = 5
		s.mu.Unlock()
		done := make(chan error)
		go func() { done <- i.SignIn(t.Context()) }()
		synctest.Wait()
		if _, err := i.For(fabrik, scope).Token(t.Context()); err != nil {
			t.Errorf("while somebody types: %v", err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if now, err := i.For(contos, scope).Token(t.Context()); err != nil || now == old {
			t.Errorf("the old sign-in's token was handed out (%v)", err)
		}
	})
}

// TestLateTokenOfAnEarlierSignIn: a token that arrives after somebody else has signed in is not handed out.
func TestLateTokenOfAnEarlierSignIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newAuthority()
		s.fault = func(_ http.ResponseWriter, _ *http.Request, a asked) bool {
			if a.tenant == string(contos) {
				pass(2 * time.Second)
			}
			return false
		}
		i := identity(t, s, byDeviceCode)
		if err := i.SignIn(t.Context()); err != nil {
			t.Fatal(err)
		}
		late := make(chan error)
		go func() {
			_, err := i.For(contos, scope).Token(t.Context())
			late <- err
		}()
		synctest.Wait()
		if err := i.SignIn(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantProblem(t, <-late, soc.ProblemUnavailable)
	})
}

func TestUnknownTenantIsRefusedHere(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Options){"app": nil, "person": byDeviceCode} {
		s := newAuthority()
		i := identity(t, s, change)
		for _, tenant := range []soc.TenantID{alien, "common", "*", "", "organizations"} {
			tt := i.For(tenant, scope)
			tt.Invalidate()
			_, err := tt.Token(t.Context())
			wantProblem(t, err, soc.ProblemUnsafe)
		}
		if s.count("", "") != 0 {
			t.Errorf("%s: %d requests", name, s.count("", ""))
		}
	}
}

func TestNewChecksItsOptions(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, has string
		spoil     func(*Options)
	}{
		{"browser", "not built yet; use device-code, client-secret or client-certificate", func(o *Options) { o.Method = MethodBrowser }},
		{"paste", "not built yet", func(o *Options) { o.Method = MethodPaste }},
		{"azure-cli", "not built yet", func(o *Options) { o.Method = MethodAzureCLI }},
		{"workload identity", "not built yet", func(o *Options) { o.Method = MethodWorkloadIdentity }},
		{"managed identity", "not built yet", func(o *Options) { o.Method = MethodManagedIdentity }},
		{"unknown method", "not a way to sign in", func(o *Options) { o.Method = "password" }},
		{"home is a domain", "tenant id", func(o *Options) { o.Home = "contoso.com" }},
		{"wildcard", "tenant id", func(o *Options) { o.Tenants = []soc.TenantID{"*"} }},
		{"no client id", "client_id", func(o *Options) { o.ClientID = "" }},
		{"no base", "base", func(o *Options) { o.Base = nil }},
		{"no secret", "needs a secret", func(o *Options) { o.Secret = secret.Value{} }},
		{"no certificate", "needs a certificate", func(o *Options) { o.Method = MethodClientCertificate }},
		{"bad certificate", "PEM or PKCS#12", func(o *Options) { o.Method, o.Certificate = MethodClientCertificate, secret.New(theKey) }},
		{"no prompt", "show the code", func(o *Options) { o.Method, o.Prompt = MethodDeviceCode, nil }},
		{"authority over http", "authority", func(o *Options) { o.Authority = "http://login.test" }},
		{"authority with a path", "authority", func(o *Options) { o.Authority = "https://login.test/common" }},
		{"authority with a user", "authority", func(o *Options) { o.Authority = "https://a@login.test" }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			o := Options{Home: home, ClientID: clientID, Method: MethodClientSecret, Secret: secret.New(theKey), Base: http.DefaultTransport}
			c.spoil(&o)
			_, err := New(o)
			if err == nil || !strings.Contains(err.Error(), c.has) || strings.Contains(err.Error(), theKey) {
				t.Errorf("error is %v, want %q in it", err, c.has)
			}
		})
	}
}

// tokenFault makes the token endpoint refuse.
func tokenFault(status int, name string, code int) func(http.ResponseWriter, *http.Request, asked) bool {
	return func(w http.ResponseWriter, _ *http.Request, a asked) bool {
		if a.what != "token" {
			return false
		}
		if code == 0 {
			answer(w, status, map[string]any{"error": name, "error_description": "In words.", "correlation_id": "corr-77"})
		} else {
			refuse(w, status, name, code)
		}
		return true
	}
}

func constant(name string, value any) func(asked) map[string]any {
	return func(asked) map[string]any { return map[string]any{name: value} }
}
