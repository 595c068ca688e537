package graph

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

const (
	expanded = "/v1.0/security/incidents/29?$expand=alerts"
	bare     = "/v1.0/security/incidents/29"
	under    = "/v1.0/security/incidents/29/alerts"
)

func TestIncidentOpensWithAlertsWheneverItCan(t *testing.T) {
	t.Parallel()
	failed := answer{status: 500, body: internalError}
	alerts := answer{body: `{"value":[{"id":"a"},{"id":"b","evidence":[{"@odata.type":"#microsoft.graph.security.ipEvidence","ipAddress":"1.1.1.1"}]}]}`}
	for _, tc := range []struct {
		name   string
		routes map[string]answer
		count  int
		alerts int
		asked  int
	}{
		{"expanded", map[string]answer{expanded: {body: `{"id":"29","alerts":[{"id":"a"},{"id":"b"}]}`}}, 2, 2, 1},
		{"without alerts", map[string]answer{expanded: {body: `{"id":"29","alerts":[]}`}}, 0, 0, 1},
		{"expansion fails", map[string]answer{expanded: failed, bare: {body: `{"id":"29"}`}, under: alerts}, 2, 2, 3},
		{"expansion left out", map[string]answer{expanded: {body: `{"id":"29"}`}, under: alerts}, 2, 2, 2},
		{"the beginning of the alerts", map[string]answer{
			expanded: {body: `{"id":"29","alerts@odata.nextLink":"{root}` + under + `?$skiptoken=x","alerts":[{"id":"a"}]}`}, under: alerts}, 2, 2, 2},
		{"alerts fail too", map[string]answer{expanded: failed, bare: {body: `{"id":"29"}`}, under: failed}, -1, 0, 3},
		{"the rest of the alerts fails", map[string]answer{
			expanded: {body: `{"id":"29","alerts@odata.nextLink":"x","alerts@odata.count":9,"alerts":[{"id":"a"}]}`}, under: failed}, 9, 1, 2},
		{"alerts on two pages", map[string]answer{expanded: failed, bare: {body: `{"id":"29"}`},
			under:                   {body: `{"value":[{"id":"a"}],"@odata.nextLink":"{root}` + under + `?$skiptoken=x"}`},
			under + "?$skiptoken=x": {body: `{"value":[{"id":"b"}]}`}}, 2, 2, 4},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, tc.routes)
			i, err := s.client(t).Incident(context.Background(), "29")
			if err != nil {
				t.Fatalf("%v; asked %q", err, s.uris())
			}
			if i.AlertCount != tc.count || len(i.Alerts) != tc.alerts || len(s.requests()) != tc.asked {
				t.Errorf("count %d, %d alerts, %d requests, want %d, %d, %d", i.AlertCount, len(i.Alerts), len(s.requests()), tc.count, tc.alerts, tc.asked)
			}
			if said, wanted := !i.AlertsProblem.IsZero(), strings.Contains(tc.name, "fail") && tc.name != "expansion fails"; said != wanted {
				t.Errorf("what is missing is said: %v (%s), want %v", said, i.AlertsProblem, wanted)
			}
			if len(i.Digest.Heads) != tc.alerts {
				t.Errorf("the digest has %d heads", len(i.Digest.Heads))
			}
			for _, r := range s.requests() {
				if r.Header.Get("Prefer") != "include-unknown-enum-members" {
					t.Errorf("%s was asked without Prefer", r.URL)
				}
			}
		})
	}
}

func TestIncidentRefusesWhatWasNotAskedFor(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"another incident": `{"id":"30","alerts":[]}`, "no id": `{"alerts":[]}`, "a list": `[{"id":"29"}]`,
		"more behind it": `{"id":"29","alerts":[]} {}`, "half of it": `{"id":"29","alerts":[`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]answer{expanded: {body: body}})
			_, err := s.client(t).Incident(context.Background(), "29")
			wantProblem(t, err, soc.ProblemBadAnswer)
		})
	}
	for _, id := range []string{"", "..", "1/2", "1?x", "1 2", "a\x1b", strings.Repeat("9", 200)} {
		t.Run("id "+id, func(t *testing.T) {
			t.Parallel()
			s := serve(t, nil)
			_, err := s.client(t).Incident(context.Background(), id)
			wantProblem(t, err, soc.ProblemUnsafe)
			_, err = s.client(t).Alert(context.Background(), id)
			wantProblem(t, err, soc.ProblemUnsafe)
			if len(s.requests()) != 0 {
				t.Errorf("asked %q", s.uris())
			}
		})
	}
}

func TestIncidentsAreReadTolerantly(t *testing.T) {
	t.Parallel()
	utc := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, tc := range []struct {
		name, json string
		ok         func(*soc.Incident) bool
	}{
		{"nothing but an id", `{"id":"1"}`, func(i *soc.Incident) bool {
			return i.Severity == soc.SeverityUnknown && i.State == soc.StateUnknown && i.Priority == -1 && i.AlertCount == -1 &&
				i.Classification == soc.ClassificationUnknown && i.Determination == "unknown" && len(i.Sources) == 1 && i.Created.IsZero()
		}},
		{"enums in any case", `{"id":"1","severity":"HIGH","status":"InProgress","classification":"TruePositive","determination":"CompromisedUser"}`, func(i *soc.Incident) bool {
			return i.Severity == "high" && i.State == soc.StateActive && i.Classification == "truePositive" && i.Determination == "compromisedAccount"
		}},
		{"enums of tomorrow", `{"id":"1","severity":"critical","status":"escalated","determination":"aliens"}`, func(i *soc.Incident) bool {
			return i.Severity == "critical" && i.State == "escalated" && i.Determination == "aliens"
		}},
		{"awaiting action", `{"id":"1","status":"awaitingAction"}`, func(i *soc.Incident) bool { return i.State == soc.StateAwaiting && i.Experts() }},
		{"old tags", `{"id":"1","tags":["a"],"customTags":[]}`, func(i *soc.Incident) bool { return len(i.CustomTags) == 1 }},
		{"both tags", `{"id":"1","tags":["a"],"customTags":["b",null,""]}`, func(i *soc.Incident) bool {
			return len(i.CustomTags) == 1 && i.CustomTags[0].String() == "b"
		}},
		{"old comments", `{"id":"1","comments":[{"comment":"x","createdBy":"kai","createdTime":"2026-11-20T08:00:00Z"},null]}`, func(i *soc.Incident) bool {
			return len(i.Comments) == 1 && i.Comments[0].By.String() == "kai" && i.Comments[0].At.Equal(utc("2026-11-20T08:00:00Z"))
		}},
		{"priority as text", `{"id":"1","priorityScore":"77"}`, func(i *soc.Incident) bool { return i.Priority == 77 }},
		{"priority as a fraction", `{"id":"1","priorityScore":77.0}`, func(i *soc.Incident) bool { return i.Priority == 77 }},
		{"priority out of range", `{"id":"1","priorityScore":9e99}`, func(i *soc.Incident) bool { return i.Priority == -1 }},
		{"not redirected", `{"id":"1","redirectIncidentId":""}`, func(i *soc.Incident) bool { return i.RedirectTo == "" }},
		{"redirected to itself", `{"redirectIncidentId":"1","id":"1"}`, func(i *soc.Incident) bool { return i.RedirectTo == "" }},
		{"redirected to nonsense", `{"id":"1","redirectIncidentId":"../2"}`, func(i *soc.Incident) bool { return i.RedirectTo == "" }},
		{"types of another kind", `{"id":"1","displayName":{"x":1},"assignedTo":7,"comments":"c","customTags":"t","alerts":{},"severity":[],"createdDateTime":5}`, func(i *soc.Incident) bool {
			return i.Title.String() == `{"x":1}` && i.AssignedTo.String() == "7" && len(i.CustomTags) == 1 && i.AlertCount == -1 && i.Created.IsZero()
		}},
		{"a foreign tenant", `{"id":"1","tenantId":"Other\u001b"}`, func(i *soc.Incident) bool {
			return i.Ref.Tenant == testTenantID && i.ForeignTenant.String() == `Other\u{1b}`
		}},
		{"its own tenant", `{"id":"1","tenantId":"` + strings.ToUpper(testTenantID) + `"}`, func(i *soc.Incident) bool { return i.ForeignTenant.IsZero() }},
		{"the empty tenant", `{"id":"1","tenantId":""}`, func(i *soc.Incident) bool { return i.ForeignTenant.IsZero() }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if i := decodeIncidents(t, []byte(tc.json), depthQueue)[0]; !tc.ok(i) {
				t.Errorf("read %+v", i)
			}
		})
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2026-02-25T16:29:33Z":         "2026-02-25T16:29:33Z",
		"2026-02-25T16:29:33.1Z":       "2026-02-25T16:29:33.1Z",
		"2021-08-13T08:43:35.5533333Z": "2021-08-13T08:43:35.5533333Z",
		"2025-01-11T19:43:26":          "2025-01-11T19:43:26Z",
		"2025-01-11T19:43:26.1234567":  "2025-01-11T19:43:26.1234567Z",
		"2025-01-11T19:43:26+02:00":    "2025-01-11T17:43:26Z",
		"2025-01-11 19:43:26Z":         "2025-01-11T19:43:26Z",
		"2025-13-11T19:43:26Z":         "0001-01-01T00:00:00Z",
		"yesterday, I believe it was":  "0001-01-01T00:00:00Z",
		"":                             "0001-01-01T00:00:00Z",
	} {
		if got := parseTime([]byte(in)); got.Format(time.RFC3339Nano) != want || got.Location() != time.UTC {
			t.Errorf("%q is read as %v, want %s", in, got, want)
		}
	}
}

func TestTheQueueCountsThingsOnce(t *testing.T) {
	t.Parallel()
	device := func(name string) string {
		return `{"@odata.type":"#microsoft.graph.security.deviceEvidence","deviceDnsName":"` + name + `"}`
	}
	body := `{"id":"1","alerts":[
		{"title":"second","firstActivityDateTime":"2026-11-20T09:00:00Z","lastActivityDateTime":"2026-11-20T10:00:00Z","severity":"low",
		 "serviceSource":"MicrosoftDefenderForEndpoint","detectionSource":"MicrosoftThreatExperts","mitreTechniques":["T1","T2"],
		 "evidence":[` + device("PC-23") + `,` + device("pc-23") + `,` + device("PC-23") + `,` + device("PC-24") + `,null,7]},
		{"title":"first","createdDateTime":"2026-11-20T08:00:00Z","lastActivityDateTime":"2026-11-20T09:00:00Z","serviceSource":"unknown",
		 "mitreTechniques":["T2"],"evidence":[` + device("PC-24") + `]}, null]}`
	for _, d := range []depth{depthQueue, depthFull} {
		i := decodeIncidents(t, []byte(body), d)[0]
		dg := i.Digest
		if i.AlertCount != 2 || dg.Count(soc.EntityDevice) != 2 || len(dg.Entities) != 2 {
			t.Errorf("%d alerts, entities %v", i.AlertCount, dg.Entities)
		}
		if dg.Heads[0].Title.String() != "first" || len(dg.Heads[1].Reached) != 3 {
			t.Errorf("heads %+v", dg.Heads)
		}
		if len(dg.Techniques) != 2 || len(dg.Detections) != 1 || dg.Detections[0] != soc.DetectionExperts || len(dg.Services) != 1 || !i.Experts() {
			t.Errorf("digest %+v", dg)
		}
		if dg.FirstActivity.Hour() != 9 || dg.LastActivity.Hour() != 10 {
			t.Errorf("from %v to %v", dg.FirstActivity, dg.LastActivity)
		}
	}
}

func TestNothingKeptPointsIntoThePage(t *testing.T) {
	t.Parallel()
	for _, d := range []depth{depthQueue, depthFull} {
		body := queuePage(t, 2, 2, 5)
		got, want := decodeIncidents(t, body, d), decodeIncidents(t, append([]byte(nil), body...), d)
		clear(body)
		for n := range got {
			if a, b := allText(got[n]), allText(want[n]); a != b {
				t.Errorf("the row changed with the buffer:\n%s\n%s", a, b)
			}
		}
	}
}

// allText gathers every text of an incident.
func allText(i *soc.Incident) string {
	var b strings.Builder
	eachText(i, func(name, s string) { b.WriteString(name + "=" + s + "\n") })
	return b.String()
}

// eachText visits every text of an incident that a person may see, and every enum.
func eachText(i *soc.Incident, visit func(name, s string)) {
	lines := func(name string, list []text.Line) {
		for _, l := range list {
			visit(name, l.String())
		}
	}
	comments := func(list []soc.Comment) {
		for _, c := range list {
			visit("comment", c.Text.String())
			visit("comment by", c.By.String())
		}
	}
	visit("id", i.Ref.String())
	visit("title", i.Title.String())
	visit("description", i.Description.String())
	visit("summary", i.Summary.String())
	visit("assigned", i.AssignedTo.String())
	visit("resolving", i.ResolvingComment.String())
	visit("modified", i.ModifiedBy.String())
	visit("foreign", i.ForeignTenant.String())
	visit("redirect", i.RedirectTo)
	visit("enums", string(i.Severity)+" "+string(i.State)+" "+string(i.Classification)+" "+string(i.Determination))
	lines("tags", i.CustomTags)
	lines("system tags", i.SystemTags)
	lines("techniques", i.Digest.Techniques)
	comments(i.Comments)
	for _, h := range i.Digest.Heads {
		visit("head", h.Title.String()+" "+string(h.Severity)+" "+string(h.Service))
		lines("reached", h.Reached)
	}
	for _, e := range i.Digest.Entities {
		visit("entity", string(e.Kind)+" "+e.Name.String())
	}
	for _, d := range i.Digest.Detections {
		visit("detection", string(d))
	}
	for n := range i.Alerts {
		eachAlertText(&i.Alerts[n], visit, lines)
		comments(i.Alerts[n].Comments)
	}
}

func eachAlertText(a *soc.Alert, visit func(name, s string), lines func(string, []text.Line)) {
	visit("ids", a.ID+" "+a.ProviderID+" "+a.IncidentID)
	visit("alert enums", string(a.Severity)+string(a.State)+string(a.Classification)+string(a.Determination)+string(a.Service)+string(a.Detection))
	visit("alert description", a.Description.String())
	visit("alert actions", a.RecommendedActions.String())
	lines("alert", []text.Line{a.Title, a.Category, a.AssignedTo, a.ProductName, a.DetectorID, a.PolicyID, a.Actor, a.Threat, a.Family, a.Investigation, a.ForeignTenant})
	lines("alert lists", a.Categories)
	lines("alert lists", a.Techniques)
	lines("alert lists", a.SystemTags)
	fields := append([]soc.Field(nil), a.Extra...)
	for _, e := range a.Evidence {
		visit("kind", e.Kind)
		lines("evidence", []text.Line{e.Name, e.Verdict, e.Remediation, e.Details})
		lines("evidence lists", e.Roles)
		lines("evidence lists", e.DetailedRoles)
		lines("evidence lists", e.Tags)
		fields = append(fields, e.Fields...)
	}
	for _, f := range fields {
		visit("field", f.Name.String()+": "+f.Value.String())
	}
}
