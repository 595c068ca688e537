package graph

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
)

// schema is as much of JSON Schema as the description of the evidence types needs.
type schema struct {
	Ref        string            `json:"$ref"`
	Type       any               `json:"type"`
	AnyOf      []schema          `json:"anyOf"`
	Enum       []any             `json:"enum"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	Pattern    string            `json:"pattern"`
	Defs       map[string]schema `json:"$defs"`
}

// readSchema reads the description of Graph's types that the evidence is generated from.
func readSchema(t *testing.T) map[string]schema {
	t.Helper()
	dir := os.Getenv("SOCCTL_SHARED")
	if dir == "" {
		t.Skip("SOCCTL_SHARED is not set: the schema of the Graph types is not here")
	}
	body, err := os.ReadFile(filepath.Join(dir, "contract", "graph-v1.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(body, &s); err != nil {
		t.Fatal(err)
	}
	return s.Defs
}

// generator makes payloads in which every property has a value of its own.
type generator struct {
	defs map[string]schema
	n    int
}

func (g *generator) value(s schema, deep int) any {
	if s.Ref != "" {
		return g.value(g.defs[strings.TrimPrefix(s.Ref, "#/$defs/")], deep)
	}
	for _, alt := range s.AnyOf {
		if v := g.value(alt, deep); v != nil {
			return v
		}
	}
	g.n++
	kind := fmt.Sprint(s.Type)
	switch {
	case len(s.Enum) > 0:
		return s.Enum[g.n%len(s.Enum)]
	case s.Properties != nil && deep < 3:
		o := object{}
		for name, p := range s.Properties {
			if name == "@odata.type" {
				continue
			}
			if v := g.value(p, deep+1); v != nil {
				o[name] = v
			}
		}
		return o
	case s.Items != nil && deep < 3:
		return []any{g.value(*s.Items, deep+1), g.value(*s.Items, deep+1)}
	case strings.Contains(kind, "boolean"):
		return true
	case strings.Contains(kind, "integer"):
		return float64(g.n)
	case strings.Contains(kind, "number"):
		return float64(g.n) + 0.5
	case s.Pattern != "" && strings.Contains(s.Pattern, "T"):
		return "2026-11-20T08:00:00.1234567Z"
	case strings.Contains(kind, "string"):
		return fmt.Sprintf("value %d", g.n)
	}
	return nil
}

func TestEvidenceOfEveryTypeLosesNothing(t *testing.T) {
	t.Parallel()
	g := &generator{defs: readSchema(t)}
	types := 0
	for full, s := range g.defs {
		kind, ok := strings.CutSuffix(strings.TrimPrefix(full, "microsoft.graph.security."), "Evidence")
		if !ok || kind == "alert" {
			continue
		}
		types++
		payload, ok := g.value(s, 0).(object)
		if !ok {
			t.Fatalf("%s is no object", full)
		}
		shorten(payload)
		payload["@odata.type"] = "#" + full
		body := mustJSON(t, payload)
		r := newReader(body, newLineCache())
		e, ok := r.evidence(newEvidenceReader(r))
		if !ok || r.err != nil {
			t.Fatalf("%s: not read: %v", full, r.err)
		}
		if e.Kind != kind || e.Name.IsZero() {
			t.Errorf("%s: kind %q, name %q", full, e.Kind, e.Name)
		}
		evidenceLoses(t, unmarshal(t, body), &e)

		if light := newReader(body, newLineCache()).entity(); light.Name != e.Name || light.Kind != namingOf(kind).kind {
			t.Errorf("%s: the queue calls it %q, the incident %q", full, light.Name, e.Name)
		}
	}
	if types < 48 {
		t.Errorf("only %d types of evidence in the schema", types)
	}
}

// shorten keeps a generated payload within the bound of fields by leaving lists of objects with one element.
func shorten(v any) any {
	switch v := v.(type) {
	case object:
		for name := range v {
			v[name] = shorten(v[name])
		}
	case []any:
		if _, ok := v[0].(object); ok {
			v = v[:1]
		}
		for i := range v {
			v[i] = shorten(v[i])
		}
		return v
	}
	return v
}

func TestEvidenceNames(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, json string
		kind, says string
	}{
		{name: "device by DNS name", json: `{"@odata.type":"#microsoft.graph.security.deviceEvidence","hostName":"pc-23","deviceDnsName":"pc-23.contoso.com"}`, kind: "device", says: "device pc-23.contoso.com"},
		{name: "device by host name", json: `{"@odata.type":"#microsoft.graph.security.deviceEvidence","hostName":"pc-23","deviceDnsName":null}`, kind: "device", says: "device pc-23"},
		{name: "user by UPN", json: `{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"accountName":"kai","userPrincipalName":"kai@contoso.com"}}`, kind: "user", says: "user kai@contoso.com"},
		{name: "user by account", json: `{"@odata.type":"#microsoft.graph.security.userEvidence","userAccount":{"displayName":"Kai","accountName":"SYSTEM","userPrincipalName":""}}`, kind: "user", says: "user SYSTEM"},
		{name: "process by image", json: `{"@odata.type":"#microsoft.graph.security.processEvidence","processCommandLine":"x","imageFile":{"fileName":"evil.exe"}}`, kind: "process", says: "file evil.exe"},
		{name: "message by subject", json: `{"@odata.type":"#microsoft.graph.security.analyzedMessageEvidence","subject":"Invoice"}`, kind: "analyzedMessage", says: "other Invoice"},
		{name: "app by number", json: `{"@odata.type":"#microsoft.graph.security.cloudApplicationEvidence","appId":20893}`, kind: "cloudApplication", says: "app 20893"},
		{name: "type last", json: `{"deviceDnsName":"pc-1","@odata.type":"#microsoft.graph.security.deviceEvidence"}`, kind: "device", says: "device pc-1"},
		{name: "type missing", json: `{"displayName":"thing"}`, says: "other thing"},
		{name: "type of tomorrow", json: `{"@odata.type":"#microsoft.graph.security.quantumEvidence","name":"q","spin":{"up":true}}`, kind: "quantum", says: "other q"},
		{name: "name of another type", json: `{"@odata.type":"#microsoft.graph.security.ipEvidence","ipAddress":{"ipAddress":"1.1.1.1"}}`, kind: "ip", says: "ip "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newReader([]byte(tc.json), newLineCache())
			e, _ := r.evidence(newEvidenceReader(r))
			light := newReader([]byte(tc.json), newLineCache()).entity()
			if got := string(light.Kind) + " " + light.Name.String(); got != tc.says || e.Name != light.Name || e.Kind != tc.kind {
				t.Errorf("queue %q, incident %q %q, want %q", got, e.Kind, e.Name, tc.says)
			}
		})
	}
}

func TestFieldsAreBounded(t *testing.T) {
	t.Parallel()
	wide := `{"@odata.type":"#x.wideEvidence","list":[` + strings.Repeat(`"v",`, 5000) + `"v"]}`
	r := newReader([]byte(wide), newLineCache())
	e, _ := r.evidence(newEvidenceReader(r))
	if len(e.Fields) != maxFields+1 || e.Fields[maxFields].Value.String() != "4801 more values are not kept" {
		t.Errorf("%d fields, the last %q", len(e.Fields), e.Fields[len(e.Fields)-1].Value)
	}
	deep := `{"@odata.type":"#x.deepEvidence","d":` + strings.Repeat(`{"a":`, 500) + `"bottom"` + strings.Repeat(`}`, 500) + `}`
	r = newReader([]byte(deep), newLineCache())
	e, _ = r.evidence(newEvidenceReader(r))
	if len(e.Fields) != 1 || len(e.Fields[0].Value.String()) > maxOdd || !strings.HasPrefix(e.Fields[0].Value.String(), `{"a":`) {
		t.Errorf("fields %v", e.Fields)
	}
	if r.err != nil {
		t.Error(r.err)
	}
}
