package simcloud_test

import (
	"bytes"
	"crypto/sha256"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/socctl/socctl/internal/simcloud"
)

// shared is the directory with the published contract and samples. Tests that need it are skipped without.
func shared(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("SOCCTL_SHARED")
	if dir == "" {
		t.Skip("SOCCTL_SHARED is not set: no published contract and samples to compare with")
	}
	return dir
}

// contract validates values against the published types.
type contract struct {
	t        *testing.T
	compiler *jsonschema.Compiler
	types    map[string]*jsonschema.Schema
	seen     map[[32]byte]bool
	kinds    map[string]bool
	valid    int            // different objects that hold
	odd      map[string]int // deliberately outside of the contract, by reason
}

func newContract(t *testing.T) *contract {
	dir := shared(t)
	f, err := os.Open(filepath.Join(dir, "contract", "graph-v1.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("graph.json", doc); err != nil {
		t.Fatal(err)
	}
	return &contract{t: t, compiler: c, types: map[string]*jsonschema.Schema{}, seen: map[[32]byte]bool{}, kinds: map[string]bool{}, odd: map[string]int{}}
}

// check validates one answer that was not seen before. Alerts and evidence are taken out and checked by their own types,
// which says the same and is fifty times as fast.
func (c *contract) check(typeName string, body []byte) {
	c.t.Helper()
	sum := sha256.Sum256(body)
	if c.seen[sum] {
		return
	}
	c.seen[sum] = true
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		c.t.Fatalf("not JSON: %v", err)
	}
	c.value(typeName, v.(map[string]any))
}

func (c *contract) value(typeName string, v map[string]any) {
	c.t.Helper()
	if alerts, ok := v["alerts"].([]any); ok {
		for _, a := range alerts {
			c.value(alertType, a.(map[string]any))
		}
		v["alerts"] = []any{}
	}
	if evidence, ok := v["evidence"].([]any); ok {
		for _, e := range evidence {
			piece := e.(map[string]any)
			kind := strings.TrimPrefix(piece["@odata.type"].(string), "#")
			c.kinds[kind] = true
			if strings.Contains(kind, "quantumEntanglement") {
				c.odd["unknown evidence type"]++
				continue
			}
			c.value(kind, piece)
		}
		v["evidence"] = []any{}
	}
	s := c.types[typeName]
	if s == nil {
		var err error
		if s, err = c.compiler.Compile("graph.json#/$defs/" + typeName); err != nil {
			c.t.Fatal(err)
		}
		c.types[typeName] = s
	}
	if err := s.Validate(v); err != nil {
		c.t.Errorf("%s: %v\n%v", typeName, err, v)
		return
	}
	c.valid++
}

const (
	incidentType = "microsoft.graph.security.incident"
	alertType    = "microsoft.graph.security.alert"
)

// TestEveryAnswerFollowsTheContract reads everything that every customer has, in every form, at the start and after a
// while of history.
func TestEveryAnswerFollowsTheContract(t *testing.T) {
	t.Parallel()
	c := newContract(t)
	profiles := map[string]simcloud.Profile{"WOOD": simcloud.Expand500}
	l := start(t, simcloud.Options{Customers: 9, Incidents: 260, Profiles: profiles})
	for range 2 {
		for _, tenant := range l.Tenants() {
			token := l.token(tenant.Code)
			for _, prefer := range []string{"", preferUnknown} {
				c.tenant(l, tenant, token, prefer)
			}
		}
		l.clock.Advance(30 * time.Minute)
	}
	t.Logf("%d objects valid, %d evidence types, odd on purpose: %v", c.valid, len(c.kinds), c.odd)
	if len(c.kinds) < 49 {
		t.Errorf("only %d evidence types in the estate", len(c.kinds))
	}
	if c.odd["unknown evidence type"] == 0 {
		t.Error("no evidence of an unknown type")
	}
}

func (c *contract) tenant(l *lab, tenant simcloud.Tenant, token, prefer string) {
	paths := map[string]string{"/v1.0/security/incidents": incidentType, "/v1.0/security/alerts_v2?$top=1000": alertType, "/v1.0/organization": "microsoft.graph.organization"}
	if tenant.Profile != simcloud.Expand500 {
		paths["/v1.0/security/incidents?$expand=alerts"] = incidentType
	}
	for path, typeName := range paths {
		for n, raw := range l.all(token, path, "Prefer", prefer) {
			c.check(typeName, raw)
			if typeName == incidentType && n%7 == 0 && !strings.Contains(path, "expand") {
				id := decode[item](c.t, raw).ID
				c.check(incidentType, l.get(token, "/v1.0/security/incidents/"+id, "Prefer", prefer).body)
				for _, a := range l.all(token, "/v1.0/security/incidents/"+id+"/alerts", "Prefer", prefer) {
					c.check(alertType, a)
				}
			}
			if typeName == alertType && n%19 == 0 {
				id := decode[item](c.t, raw).ID
				c.check(alertType, l.get(token, "/v1.0/security/alerts_v2/"+url.PathEscape(id), "Prefer", prefer).body)
			}
		}
	}
	c.check("microsoft.graph.organization", l.get(token, "/v1.0/organization/"+tenant.ID).body)
	if a := l.get(token, "/v1.0/me"); a.status == http.StatusOK {
		c.check("microsoft.graph.user", a.body)
	} else {
		c.t.Errorf("me: %d", a.status)
	}
}
