package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
)

// small is the least that loads.
const small = `home:
  tenant: 8f0b1c5e-0000-4000-8000-000000000001
  client_id: 3d6b0f0c-0000-4000-8000-000000000002
tenants:
  - {code: CONT, name: Contoso Ltd, id: 0a1b2c3d-0000-4000-8000-000000000003}
`

// write puts a file that only its owner can read into a directory, and gives its path.
func write(t testing.TB, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// certificate makes a certificate of its own making, in PEM.
func certificate(t testing.TB) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func mustParse(t testing.TB, data string, environ ...string) *Config {
	t.Helper()
	c, err := Parse("config.yaml", []byte(data), environ)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// faultsOf wants an *Error and gives its lines.
func faultsOf(t testing.TB, c *Config, err error) []string {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || c != nil {
		t.Fatalf("got %v, %v; want an *Error alone", c, err)
	}
	return strings.Split(err.Error(), "\n")
}

func TestDesignExample(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "design.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := write(t, dir, "config.yaml", data)
	ca := write(t, dir, "lab-ca.pem", certificate(t))
	c, err := Load(Options{Path: file})
	if err != nil {
		t.Fatal(err)
	}
	h := c.Home
	if h.Tenant != "8f0b1c5e-0000-4000-8000-000000000001" || h.ClientID != "3d6b0f0c-0000-4000-8000-000000000002" ||
		h.SignIn != SignInBrowser || h.Cloud != tenants.BuiltinClouds()["public"] {
		t.Errorf("home is %+v", h)
	}
	lab := c.Clouds["lab"]
	if lab.Name != "lab" || lab.Authority != "https://127.0.0.1:8443" || lab.Graph != lab.Authority || lab.ResourceManager != lab.Authority ||
		lab.Portal != "https://security.microsoft.com" || lab.CAFile != ca || !lab.Supported {
		t.Errorf("lab is %+v", lab)
	}
	cont, err := c.Registry.ByCode("cont")
	if err != nil {
		t.Fatal(err)
	}
	if cont.Name.String() != "Contoso Ltd" || cont.Domain.String() != "contoso.onmicrosoft.com" || cont.Cloud.Name != "public" ||
		!slices.Equal(cont.Groups, []string{"gold", "emea"}) || cont.ID != "0a1b2c3d-0000-4000-8000-000000000003" {
		t.Errorf("CONT is %+v", cont)
	}
	if a := cont.Access["tier1"]; a.Package != "5b1e0000-0000-4000-8000-000000000004" || a.Policy != "77aa0000-0000-4000-8000-000000000005" || a.PIMGroup != "" {
		t.Errorf("tier1 is %+v", a)
	}
	if a := cont.Access["tier2"]; a.PIMGroup != "91bd0000-0000-4000-8000-000000000007" {
		t.Errorf("tier2 is %+v", a)
	}
	if s := cont.SLA; s[soc.SeverityHigh] != 30*time.Minute || s[soc.SeverityMedium] != 4*time.Hour || s[soc.SeverityLow] != 24*time.Hour || len(s) != 3 {
		t.Errorf("the targets are %v", s)
	}
	if v := c.Views; len(v) != 1 || v[0].Name.String() != "Triage" || v[0].Sort != soc.OrderUrgency || v[0].Filter.String() != "status:new,active -owner:experts" {
		t.Errorf("the views are %+v", v)
	}
	if c.File != file || c.Refresh != time.Minute || c.ReadOnly || c.LogFile != "" {
		t.Errorf("%+v", c)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c := mustParse(t, small)
	cont := c.Registry.All()[0]
	if c.Home.SignIn != SignInBrowser || c.Home.Cloud.Name != "public" || cont.Cloud.Name != "public" || c.Refresh != time.Minute ||
		c.Views != nil || cont.SLA != nil || cont.Access != nil || len(c.Clouds) != len(tenants.BuiltinClouds()) {
		t.Errorf("%+v", c)
	}
}

func TestCustomerFollowsTheHomeCloud(t *testing.T) {
	t.Parallel()
	c := mustParse(t, strings.Replace(small, "tenants:", "  cloud: gcc-high\ntenants:", 1)+
		"  - {code: FABR, name: Fabrikam, id: 0a1b2c3d-0000-4000-8000-000000000004, cloud: dod}\n")
	all := c.Registry.All()
	if c.Home.Cloud.Name != "gcc-high" || all[0].Cloud.Name != "gcc-high" || all[1].Cloud.Name != "dod" {
		t.Errorf("%+v", all)
	}
	if used := c.UsedClouds(); len(used) != 2 || used[0].Name != "gcc-high" || used[1].Name != "dod" {
		t.Errorf("used: %+v", used)
	}
}

func TestTheTightestTargetHolds(t *testing.T) {
	t.Parallel()
	c := mustParse(t, strings.Replace(small, "000003}", "000003, groups: [silver, gold, emea, gold]}", 1)+`sla:
  gold: {high: 30m, low: 2d}
  silver: {high: 1h, medium: 4h, low: 1d12h}
`)
	got := c.Registry.All()[0]
	want := soc.SLATargets{soc.SeverityHigh: 30 * time.Minute, soc.SeverityMedium: 4 * time.Hour, soc.SeverityLow: 36 * time.Hour}
	for s, d := range want {
		if got.SLA[s] != d {
			t.Errorf("%s: %v, want %v", s, got.SLA[s], d)
		}
	}
	if len(got.SLA) != len(want) || !slices.Equal(got.Groups, []string{"silver", "gold", "emea"}) {
		t.Errorf("%+v", got)
	}
}

func TestEverySignInLoads(t *testing.T) {
	t.Parallel()
	for _, way := range SignIns() {
		t.Run(string(way), func(t *testing.T) {
			t.Parallel()
			data := strings.Replace(small, "tenants:", "  client_certificate_file: c.pem\n  sign_in: "+string(way)+"\ntenants:", 1)
			if c := mustParse(t, data, "SOCCTL_CLIENT_SECRET=x"); c.Home.SignIn != way {
				t.Errorf("got %s", c.Home.SignIn)
			}
		})
	}
}

func TestClientIDIsNeededOnlyWhereItIsUsed(t *testing.T) {
	t.Parallel()
	without := strings.Replace(small, "client_id: 3d6b0f0c-0000-4000-8000-000000000002", "sign_in: SIGN-IN", 1)
	for way, ok := range map[SignIn]bool{SignInAzureCLI: true, SignInManagedIdentity: true, SignInBrowser: false, SignInPaste: false} {
		_, err := Parse("config.yaml", []byte(strings.Replace(without, "SIGN-IN", string(way), 1)), nil)
		if (err == nil) != ok {
			t.Errorf("%s: %v", way, err)
		}
	}
}
