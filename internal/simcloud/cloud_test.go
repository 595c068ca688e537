package simcloud_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/socctl/socctl/internal/simcloud"
)

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]simcloud.Options{
		"too many customers": {Customers: 501}, "no customers": {Customers: -1}, "too many incidents": {Incidents: 1 << 20}, "no such directory": {PayloadDir: "testdata/none"},
	} {
		if _, err := simcloud.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestCustomersAreUnique(t *testing.T) {
	t.Parallel()
	c, err := simcloud.New(simcloud.Options{Customers: 500})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{c.Home().Code: "home", c.Home().ID: "home"}
	for _, tenant := range c.Tenants() {
		for _, name := range []string{tenant.Code, tenant.Name, tenant.ID, tenant.Domain} {
			if other, taken := seen[name]; taken {
				t.Errorf("%s of %s is taken by %s", name, tenant.Code, other)
			}
			seen[name] = tenant.Code
		}
		if len(tenant.Code) != 4 || strings.ToUpper(tenant.Code) != tenant.Code || len(tenant.Groups) != 2 {
			t.Errorf("%+v", tenant)
		}
	}
}

// TestHistoryDoesNotDependOnWhoLooks compares two clouds of one seed that are looked at in different steps.
func TestHistoryDoesNotDependOnWhoLooks(t *testing.T) {
	t.Parallel()
	o := simcloud.Options{Customers: 5, Incidents: 80, Seed: 7, Profiles: map[string]simcloud.Profile{}}
	a, b := start(t, o), start(t, o)
	for range 60 {
		a.clock.Advance(37 * time.Second)
		a.get(a.token("CONT"), incidents+"?$top=1")
		a.get(a.token("FABR"), incidents+"?$top=1&$expand=alerts")
	}
	b.clock.Advance(60 * 37 * time.Second)
	for _, tenant := range a.Tenants() {
		for _, path := range []string{incidents + "?$expand=alerts", "/v1.0/security/alerts_v2?$top=1000"} {
			left, right := a.all(a.token(tenant.Code), path), b.all(b.token(tenant.Code), path)
			if len(left) != len(right) {
				t.Errorf("%s %s: %d and %d objects", tenant.Code, path, len(left), len(right))
				continue
			}
			for n := range left {
				if !bytes.Equal(left[n], right[n]) {
					t.Errorf("%s %s: object %d differs", tenant.Code, path, n)
				}
			}
		}
	}
	o.Seed = 8
	other := start(t, o)
	if bytes.Equal(other.get(other.token("CONT"), incidents).body, b.get(b.token("CONT"), incidents).body) {
		t.Error("another seed gives the same estate")
	}
}

// TestEventsComeAtTheirRate counts what happens in an hour.
func TestEventsComeAtTheirRate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		speed    float64
		low, top int
	}{{"demo", 0, 60, 300}, {"ten times", 10, 400, 3000}, {"still", -1, 0, 0}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := start(t, simcloud.Options{Customers: 10, Incidents: 100, Speed: c.speed, Profiles: map[string]simcloud.Profile{}})
			count := func() (n int) {
				for _, tenant := range l.Tenants() {
					n += len(l.all(l.token(tenant.Code), incidents))
				}
				return n
			}
			before := count()
			l.clock.Advance(time.Hour)
			if arrived := count() - before; arrived < c.low || arrived > c.top {
				t.Errorf("%d incidents arrived in an hour, want %d to %d", arrived, c.low, c.top)
			}
		})
	}
}

// TestOddRecords looks for everything that is wrong on purpose.
func TestOddRecords(t *testing.T) {
	t.Parallel()
	l := start(t, simcloud.Options{Customers: 20, Incidents: 1200, Speed: -1})
	foreignID, foreignURL, hostile, open, fresh, total := 0, 0, 0, 0, 0, 0
	for _, tenant := range l.Tenants() {
		if tenant.Profile != simcloud.Normal {
			continue
		}
		for _, raw := range l.all(l.token(tenant.Code), incidents+"?$expand=alerts") {
			i := decode[item](t, raw)
			total++
			if i.TenantID != tenant.ID {
				foreignID++
			}
			if !strings.HasSuffix(i.IncidentWebURL, "?tid="+tenant.ID) {
				foreignURL++
			}
			if bytes.Contains(raw, []byte(`\u001b`)) || bytes.ContainsRune(raw, '\u202e') || bytes.ContainsRune(raw, '\u200b') {
				hostile++
			}
			if i.Status == "active" || i.Status == "inProgress" {
				open++
			}
			if noon.Sub(i.CreatedDateTime) < 72*time.Hour {
				fresh++
			}
			if i.CreatedDateTime.After(noon) || i.LastUpdateDateTime.After(noon) || i.LastUpdateDateTime.Before(i.CreatedDateTime) {
				t.Errorf("%s %s: created %v, updated %v", tenant.Code, i.ID, i.CreatedDateTime, i.LastUpdateDateTime)
			}
		}
	}
	t.Logf("%d incidents: %d open, %d of the last three days, %d with hostile text", total, open, fresh, hostile)
	if foreignID != 1 || foreignURL != 1 || hostile < 4 || open < total/5 || open > total*7/10 || fresh < total/2 {
		t.Errorf("foreign ids %d, foreign links %d, hostile %d, open %d, fresh %d of %d", foreignID, foreignURL, hostile, open, fresh, total)
	}
}

// TestPublishedPayloadsAreServedByteForByte serves a file of each shape and two that are neither.
func TestPublishedPayloadsAreServedByteForByte(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	incident := `{ "id":"77001",  "displayName":"Published \u0041", "status":"Active","severity":"High", "tags":["Demo"], "tenantId":"", "createdDateTime":"2024-03-26T13:34:15.0433333Z","lastUpdateDateTime":"2024-03-26T13:35:45.23Z",` +
		`"alerts":[{"id":"published-1","title":"Old","incidentId":"28282","status":"new","severity":"low","createdDateTime":"2021-04-27T12:19:27.7211305Z","lastUpdateDateTime":"2021-05-02T14:19:01.3266667Z"}] }`
	for name, body := range map[string]string{"a.json": `{"value":[` + incident + `]}`, "b.json": incident, "c.json": `{"error":{}}`, "d.json": `[`, "e.txt": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o := small()
	o.PayloadDir = dir
	l := start(t, o)
	if n := l.Notices(); len(n) != 2 || !strings.HasPrefix(n[0], "c.json") || !strings.HasPrefix(n[1], "d.json") {
		t.Errorf("notices: %q", n)
	}
	for _, code := range []string{"CONT", "FABR"} {
		found := false
		for _, raw := range l.all(l.token(code), incidents+"?$filter=severity%20eq%20'high'") {
			found = found || string(raw) == incident
		}
		if !found {
			t.Errorf("%s does not list the published incident", code)
		}
	}
	if a := l.get(l.token("CONT"), "/v1.0/security/alerts_v2/published-1"); a.status != 200 {
		t.Errorf("the alert inside: %d", a.status)
	}
}

func TestSharedPayloadsAreServed(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(shared(t), "samples", "security")
	o := small()
	o.PayloadDir = dir
	l := start(t, o)
	for _, n := range l.Notices() {
		t.Log(n)
	}
	body, err := os.ReadFile(filepath.Join(dir, "incident_get_2026.json"))
	if err != nil {
		t.Fatal(err)
	}
	if a := l.get(l.token("CONT"), incidents+"/29"); string(a.body) != strings.TrimSpace(string(body)) {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestConfigurationNamesEverything(t *testing.T) {
	t.Parallel()
	o := small()
	o.Customers = 60
	l := start(t, o)
	for _, c := range []struct{ signIn, client string }{{"", simcloud.PublicClientID}, {"client-secret", simcloud.ConfidentialClientID}} {
		var got struct {
			Home    struct{ Tenant, ClientID, SignIn, Cloud string }
			Clouds  map[string]map[string]string
			SLA     map[string]map[string]string `yaml:"sla"`
			Tenants []struct {
				Code, Name, ID, Domain string
				Groups                 []string
			}
		}
		text := l.ConfigYAML(simcloud.ConfigOptions{SignIn: c.signIn, CAFile: "/tmp/a b/ca: #1.pem"})
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("client_id"), []byte("clientid")), []byte("sign_in"), []byte("signin"))
		if err := yaml.Unmarshal(text, &got); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		sim := got.Clouds["sim"]
		if got.Home.Tenant != l.Home().ID || got.Home.ClientID != c.client || got.Home.Cloud != "sim" || sim["authority"] != l.URL() || sim["graph"] != l.URL() ||
			sim["resource_manager"] != l.URL() || sim["portal"] != "https://security.microsoft.com" || sim["ca_file"] != "/tmp/a b/ca: #1.pem" || got.SLA["gold"]["high"] != "30m" {
			t.Errorf("%+v", got)
		}
		for n, tenant := range l.Tenants() {
			g := got.Tenants[n]
			if g.Code != tenant.Code || g.Name != tenant.Name || g.ID != tenant.ID || g.Domain != tenant.Domain || strings.Join(g.Groups, " ") != strings.Join(tenant.Groups, " ") {
				t.Errorf("%+v is written as %+v", tenant, g)
			}
		}
	}
}

func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		c, err := simcloud.New(simcloud.Options{Customers: 48, Incidents: 2000})
		if err != nil {
			b.Fatal(err)
		}
		s, err := c.Start("127.0.0.1:0")
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFirstLook(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		l := start(b, simcloud.Options{Customers: 48, Incidents: 2000})
		token := l.token("CONT")
		l.get("", "/v1.0/me")
		b.StartTimer()
		l.get(token, incidents)
	}
}

func BenchmarkList(b *testing.B) {
	for _, path := range []string{incidents + "?$top=1", incidents, incidents + "?$expand=alerts", "/v1.0/security/alerts_v2"} {
		b.Run(strings.TrimPrefix(path, "/v1.0/security/"), func(b *testing.B) {
			l := start(b, simcloud.Options{Customers: 48, Incidents: 2000, Speed: -1})
			token := l.token("CONT")
			for b.Loop() {
				b.SetBytes(int64(len(l.get(token, path).body)))
			}
		})
	}
}
