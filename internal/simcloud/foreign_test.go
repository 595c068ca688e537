package simcloud_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/simcloud"
)

// TestMicrosoftsJavaScriptClients runs testdata/foreign/clients.mjs. SOCCTL_FOREIGN_DIR is a directory where the packages
// of testdata/foreign/package.json were installed.
func TestMicrosoftsJavaScriptClients(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("SOCCTL_FOREIGN_DIR")
	if dir == "" {
		t.Skip("SOCCTL_FOREIGN_DIR is not set: no directory with the packages of testdata/foreign/package.json")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	script, err := filepath.Abs("testdata/foreign/clients.mjs")
	if err != nil {
		t.Fatal(err)
	}
	l := start(t, simcloud.Options{Customers: 6, Incidents: 240, Speed: -1, PollInterval: time.Second, Profiles: map[string]simcloud.Profile{}, Now: time.Now})
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, l.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, tenant := range l.Tenants()[:3] {
		ids = append(ids, tenant.ID)
	}
	run := exec.CommandContext(t.Context(), node, script)
	run.Dir = dir
	run.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+ca, "SIM_URL="+l.URL(), "SIM_HOME="+l.Home().ID, "SIM_TENANTS="+strings.Join(ids, ","),
		"SIM_PUBLIC_CLIENT="+simcloud.PublicClientID, "SIM_CLIENT="+simcloud.ConfidentialClientID, "SIM_SECRET="+simcloud.ClientSecret)
	run.Stderr = os.Stderr
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	type pages struct{ Count, Pages int }
	got := decode[struct {
		Secret map[string]pages
		Device struct {
			Me        string
			Customers map[string]pages
		}
		Refused struct {
			Status int
			Code   string
		}
	}](t, out)
	for _, id := range ids {
		want := len(l.all(l.token(id), incidents))
		if got.Secret[id].Count != want || got.Device.Customers[id].Count != want || got.Secret[id].Pages != (want+19)/20 {
			t.Errorf("%s has %d incidents: %+v", id, want, got)
		}
	}
	if got.Device.Me != simcloud.Kai || got.Refused.Status != 401 || got.Refused.Code != "InvalidAuthenticationToken" {
		t.Errorf("%+v", got)
	}
}
