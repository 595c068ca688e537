package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/socctl/socctl/internal/secret"
	"github.com/socctl/socctl/internal/soc"
)

func nobody(context.Context, Prompt) error { return nil }

// fakeAZ puts an az on the path that prints what a script says.
func fakeAZ(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "az"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/bin:/usr/bin")
}

func TestAzureCLI(t *testing.T) {
	tokens := map[soc.TenantID]string{}
	for _, tenant := range []soc.TenantID{home, contos} {
		tokens[tenant] = unsigned(map[string]any{
			"tid": string(tenant), "aud": "https://graph.microsoft.com", "exp": time.Now().Add(time.Hour).Unix(), "upn": "kai@northwind.example", "idtyp": "user",
		})
	}
	fakeAZ(t, fmt.Sprintf(`case "$*" in
*"--resource https://graph.microsoft.com --tenant %s"*) echo '{"accessToken":"%s","expires_on":%d}';;
*"--tenant %s"*) echo '{"accessToken":"%s","expires_on":%d}';;
*) echo "ERROR: AADSTS50020: User hunter2~Very.Secret~value does not exist" >&2; exit 1;;
esac`, home, tokens[home], time.Now().Add(time.Hour).Unix(), contos, tokens[contos], time.Now().Add(time.Hour).Unix()))
	i := identity(t, newAuthority(), func(o *Options) { o.Method, o.Ask, o.ClientID = MethodAzureCLI, nobody, "" })
	if err := i.SignIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := i.Account(); a.App || a.UPN.String() != "kai@northwind.example" {
		t.Errorf("the account is %+v", a)
	}
	if got, err := i.For(contos, scope).Token(t.Context()); err != nil || got != tokens[contos] {
		t.Errorf("contoso: %v", err)
	}
	i.For(contos, scope).Invalidate() // az is asked again, without the claims that it does not take
	if got, err := i.For(contos, scope).Token(t.Context()); err != nil || got != tokens[contos] {
		t.Errorf("contoso after a refusal: %v", err)
	}
	err := i.For(contos, scope).Challenge(t.Context(), tokens[contos], challengeOf(revoked))
	if !errors.Is(err, ErrStepUp) || !contains(soc.ProblemOf(err).Next.String(), "az login --tenant "+string(contos)) {
		t.Errorf("a challenge: %v", err)
	}
	_, err = i.For(fabrik, scope).Token(t.Context())
	p := wantProblem(t, err, soc.ProblemNoAccess)
	if p.Code.String() != "AADSTS50020" || !contains(p.Next.String(), "az login --tenant "+string(fabrik)) || contains(printed(p), theKey) {
		t.Errorf("%+v", p)
	}
}

func TestAzureCLITrouble(t *testing.T) {
	for _, c := range []struct {
		name, script, has string
		kind              soc.ProblemKind
	}{
		{"nobody", `echo "Please run 'az login' to setup account." >&2; exit 1`, "nobody is signed in to the Azure CLI", soc.ProblemSignIn},
		{"odd", `echo "` + theKey + `" >&2; exit 1`, "got no token", soc.ProblemUnavailable},
		{"missing", `exit 127`, "not on the path", soc.ProblemRefused},
	} {
		t.Run(c.name, func(t *testing.T) {
			fakeAZ(t, c.script)
			i := identity(t, newAuthority(), func(o *Options) { o.Method, o.Ask = MethodAzureCLI, nobody })
			p := wantProblem(t, i.SignIn(t.Context()), c.kind)
			if !contains(p.Summary.String(), c.has) || contains(printed(p), theKey) {
				t.Errorf("%v", p)
			}
		})
	}
}

func TestWorkloadIdentity(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("federated-token"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newAuthority()
	i := identity(t, s, func(o *Options) {
		o.Method, o.Ask = MethodWorkloadIdentity, nobody
		*o, _ = WithEnvironment(*o, func(name string) string { return map[string]string{"AZURE_FEDERATED_TOKEN_FILE": file}[name] })
	})
	for _, tenant := range []soc.TenantID{home, contos} {
		if token, err := i.For(tenant, scope).Token(t.Context()); err != nil || tenantOf(t, token) != tenant {
			t.Fatal(err)
		}
	}
	if f := s.last("token").form; f.Get("client_assertion") != "federated-token" || f.Get("client_secret") != "" {
		t.Errorf("the request was %v", f)
	}
}

func TestManagedIdentity(t *testing.T) {
	var header http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		answer(w, 200, map[string]any{"token_type": "Bearer", "resource": r.URL.Query().Get("resource"), "expires_on": fmt.Sprint(time.Now().Add(time.Hour).Unix()),
			"access_token": unsigned(map[string]any{"tid": string(home), "aud": "https://graph.microsoft.com", "exp": time.Now().Add(time.Hour).Unix(), "idtyp": "app", "appid": clientID})})
	}))
	defer server.Close()
	t.Setenv("IDENTITY_ENDPOINT", server.URL)
	t.Setenv("IDENTITY_HEADER", "header-secret")
	i := identity(t, newAuthority(), func(o *Options) {
		o.Method, o.Ask, o.Base, o.ClientID = MethodManagedIdentity, nobody, broken{os.ErrClosed}, uuid.NewString()
	})
	if err := i.SignIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := i.Account(); !a.App || a.Tenant != home || header.Get("X-Identity-Header") != "header-secret" || header.Get("User-Agent") != "socctl/dev" {
		t.Errorf("%+v, %v", a, header)
	}
	_, err := i.For(contos, scope).Token(t.Context())
	if p := wantProblem(t, err, soc.ProblemRefused); !contains(p.Summary.String(), "its own tenant only") {
		t.Errorf("%v", p)
	}
	t.Setenv("IDENTITY_ENDPOINT", "http://192.0.2.1/evil")
	// MSAL keeps these tokens for the whole process, by client id: hence one for each run.
	i = identity(t, newAuthority(), func(o *Options) { o.Method, o.Ask, o.ClientID = MethodManagedIdentity, nobody, uuid.NewString() })
	wantProblem(t, i.SignIn(t.Context()), soc.ProblemUnsafe)
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	pem := filepath.Join(t.TempDir(), "c.pem")
	if err := os.WriteFile(pem, []byte("PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"AZURE_TENANT_ID": string(home), "AZURE_CLIENT_ID": clientID, "AZURE_CLIENT_SECRET": theKey, "AZURE_CLIENT_CERTIFICATE_PATH": pem,
		"AZURE_CLIENT_CERTIFICATE_PASSWORD": "pw", "AZURE_AUTHORITY_HOST": "https://login.test/", "AZURE_FEDERATED_TOKEN_FILE": "/f",
	}
	get := func(name string) string { return env[name] }
	o, err := WithEnvironment(Options{Method: MethodClientSecret}, get)
	if err != nil || o.Home != home || o.ClientID != clientID || o.Secret.Reveal() != theKey || o.Authority != "https://login.test/" || o.TokenFile != "/f" || !o.Certificate.IsZero() {
		t.Errorf("%+v, %v", o, err)
	}
	o, err = WithEnvironment(Options{Method: MethodClientCertificate, ClientID: "mine", Authority: "https://mine"}, get)
	if err != nil || o.Certificate.Reveal() != "PEM" || o.CertificatePassword.Reveal() != "pw" || o.ClientID != "mine" || o.Authority != "https://mine" || !o.Secret.IsZero() {
		t.Errorf("%+v, %v", o, err)
	}
	if o, err = WithEnvironment(Options{Method: MethodClientSecret, Secret: secret.New("mine")}, get); err != nil || o.Secret.Reveal() != "mine" {
		t.Errorf("the environment won (%v)", err)
	}
	env["AZURE_CLIENT_CERTIFICATE_PATH"] = "/dev/zero"
	if _, err = WithEnvironment(Options{Method: MethodClientCertificate}, get); err == nil || !strings.Contains(err.Error(), "AZURE_CLIENT_CERTIFICATE_PATH") {
		t.Errorf("%v", err)
	}
}
