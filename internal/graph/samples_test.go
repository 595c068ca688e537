package graph

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/soc"
)

func TestPublishedIncidentsLoseNothing(t *testing.T) {
	t.Parallel()
	for _, file := range []string{
		"incident_get_2026", "incident_redirected_live", "incident_update.response",
		"incidents_expand_alerts_docs", "incidents_list_docs", "incidents_list_live",
	} {
		for _, d := range []depth{depthQueue, depthFull} {
			t.Run(file+map[depth]string{depthQueue: "/queue", depthFull: "/full"}[d], func(t *testing.T) {
				t.Parallel()
				body := sample(t, "security/"+file+".json")
				got := decodeIncidents(t, body, d)
				payload := unmarshal(t, body)
				records, ok := payload["value"].([]any)
				if !ok {
					records = []any{payload}
				}
				if len(got) != len(records) {
					t.Fatalf("%d of %d incidents were read", len(got), len(records))
				}
				for n := range records {
					incidentLoses(t, records[n].(object), got[n], d == depthFull)
				}
			})
		}
	}
}

func TestThePublishedAlertLosesNothing(t *testing.T) {
	t.Parallel()
	body := sample(t, "security/alert_v2_minimal.json")
	a, ok := newReader(body, newLineCache()).alert(testTenantID)
	if !ok {
		t.Fatal("not read")
	}
	alertLoses(t, unmarshal(t, body), &a)
}

func TestPublishedCommentsLoseNothing(t *testing.T) {
	t.Parallel()
	body := sample(t, "security/incident_comment.response.json")
	r := newReader(body, newLineCache())
	var got []soc.Comment
	if _, err := r.readPage(body, func() {
		if c, ok := r.comment(); ok {
			got = append(got, c)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if !commentsLose(t, unmarshal(t, body)["value"].([]any), got) {
		t.Errorf("read %v", got)
	}
}

// TestEveryPublishedPayloadIsReadOrRefused shows whatever Microsoft sends to every way of reading.
func TestEveryPublishedPayloadIsReadOrRefused(t *testing.T) {
	t.Parallel()
	sample(t, "SOURCES.md")
	files, err := filepath.Glob(filepath.Join(os.Getenv("SOCCTL_SHARED"), "samples", "*", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no payloads", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range []depth{depthQueue, depthFull} {
			r := &incidentReader{reader: newReader(body, newLineCache()), tenant: testTenant(), depth: d, digest: newDigester()}
			_, err := r.readPage(body, func() { r.incident() })
			if err != nil && !strings.Contains(err.Error(), "without the list") {
				t.Errorf("%s: %v", filepath.Base(file), err)
			}
		}
	}
}

func TestThePublishedRowsReadAsAnAnalystExpects(t *testing.T) {
	t.Parallel()
	i := decodeIncidents(t, sample(t, "security/incidents_expand_alerts_docs.json"), depthQueue)[0]
	if i.State != soc.StateNew || i.Severity != soc.SeverityMedium || i.Priority != -1 || !i.Experts() {
		t.Errorf("state %s, severity %s, priority %d, experts %t", i.State, i.Severity, i.Priority, i.Experts())
	}
	if i.ForeignTenant.IsZero() || i.Ref.Tenant != testTenantID || i.Tenant.Code != "CONT" {
		t.Errorf("the payload's tenant moved the incident: %v, foreign %q", i.Ref, i.ForeignTenant)
	}
	var entities []string
	for _, e := range i.Digest.Entities {
		entities = append(entities, string(e.Kind)+" "+e.Name.String())
	}
	if got, want := strings.Join(entities, ", "), `device tempDns, file MsSense.exe, other SYSTEM\CONTROLSET001\CONTROL\WMI\AUTOLOGGER\SENSEAUDITLOGGER`; got != want {
		t.Errorf("entities: %s, want %s", got, want)
	}
	h := i.Digest.Heads[0]
	if h.Title.String() != "Suspicious execution of hidden file" || h.At.IsZero() || h.Service != "microsoftDefenderForEndpoint" || len(h.Reached) != 1 {
		t.Errorf("head %+v", h)
	}
	if len(i.Digest.Techniques) != 1 || i.Digest.FirstActivity.IsZero() || i.Digest.LastActivity.IsZero() {
		t.Errorf("digest %+v", i.Digest)
	}
}
