package graph

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

func TestAlertsAsksForWhatTheQueryWants(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		query AlertQuery
		uri   string
		want  int
	}{
		{"all", AlertQuery{}, "/v1.0/security/alerts_v2?$top=100", 3},
		{"a few", AlertQuery{Limit: 2}, "/v1.0/security/alerts_v2?$top=2", 2},
		{"many", AlertQuery{Limit: 1000}, "/v1.0/security/alerts_v2?$top=100", 3},
		{"one severity since", AlertQuery{Since: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Severities: []soc.Severity{soc.SeverityHigh}},
			"/v1.0/security/alerts_v2?$filter=lastUpdateDateTime ge 2026-11-01T00:00:00Z and severity eq 'high'&$top=100", 3},
		{"two severities and one that nobody knows", AlertQuery{Severities: []soc.Severity{"high", "x' or 1 eq 1", "unknown"}},
			"/v1.0/security/alerts_v2?$filter=(severity eq 'high' or severity eq 'unknown')&$top=100", 3},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]answer{
				tc.uri:                                  {body: `{"value":[{"id":"a"},null,{"id":"b"}],"@odata.nextLink":"{root}/v1.0/security/alerts_v2?$skiptoken=x"}`},
				"/v1.0/security/alerts_v2?$skiptoken=x": {body: `{"value":[{"id":"c"}]}`},
			})
			var ids []string
			_, err := s.client(t).Alerts(context.Background(), tc.query, func(page []soc.Alert) error {
				for _, a := range page {
					ids = append(ids, a.ID)
				}
				return nil
			})
			if err != nil || !slices.Equal(ids, []string{"a", "b", "c"}[:tc.want]) {
				t.Errorf("got %v, %v; asked %q", ids, err, s.uris())
			}
		})
	}
}

func TestAlertsPassesErrorsOn(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]answer{"/v1.0/security/alerts_v2?$top=100": {body: `{"value":[{"id":"a"}],"@odata.nextLink":"{root}/v1.0/security/alerts_v2?$skiptoken=x"}`}})
	stop := errors.New("enough")
	if _, err := s.client(t).Alerts(context.Background(), AlertQuery{}, func([]soc.Alert) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("got %v, want yield's own error", err)
	}
	_, err := s.client(t).Alerts(context.Background(), AlertQuery{}, func([]soc.Alert) error { return nil })
	wantProblem(t, err, soc.ProblemRefused, "404")
	if !strings.HasPrefix(err.Error(), "list alerts of CONT: ") {
		t.Errorf("the error does not say whose list: %v", err)
	}
}

func TestAlertIsReadWhole(t *testing.T) {
	t.Parallel()
	payload := alertObject(1, 2, 5)
	id := payload["id"].(string)
	payload["additionalData"] = object{"a": 1.5, "b": object{"c": []any{true, "x"}}}
	payload["customDetails"] = object{"host": "pc-1"}
	payload["investigationState"], payload["alertPolicyId"] = "running", "p1"
	payload["categories"], payload["systemTags"] = []string{"Malware"}, []string{"Defender Experts"}
	payload["actorDisplayName"], payload["threatDisplayName"], payload["threatFamilyName"] = "Storm-1", "Emotet", "Emo"
	payload["comments"] = []object{{"comment": "two\nlines", "createdByDisplayName": "kai", "createdDateTime": at(1)}}
	body := mustJSON(t, payload)
	s := serve(t, map[string]answer{"/v1.0/security/alerts_v2/" + id: {body: string(body)}, "/v1.0/security/alerts_v2/other": {body: string(body)}})
	a, err := s.client(t).Alert(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	alertLoses(t, unmarshal(t, body), &a)
	if a.Tenant != testTenantID || len(a.Extra) != 4 {
		t.Errorf("tenant %s, extra %v", a.Tenant, a.Extra)
	}
	_, err = s.client(t).Alert(context.Background(), "other")
	wantProblem(t, err, soc.ProblemBadAnswer, "something else")
}

func TestWhoAndWhere(t *testing.T) {
	t.Parallel()
	const me, org = "/v1.0/me?$select=userPrincipalName,displayName", "/v1.0/organization?$select=id,displayName"
	s := serve(t, map[string]answer{
		me:  {body: `{"@odata.context":"x","displayName":"Kai C","userPrincipalName":"kai@mssp.example"}`},
		org: {body: `{"value":[{"id":"` + strings.ToUpper(testTenantID) + `","displayName":"Contoso \u202eLtd"}]}`},
	})
	who, err := s.client(t).Me(context.Background())
	if err != nil || who.UPN.String() != "kai@mssp.example" || who.Name.String() != "Kai C" {
		t.Errorf("who: %v, %v; asked %q", who, err, s.uris())
	}
	name, id, err := s.client(t).Organization(context.Background())
	if err != nil || id != testTenantID || name.String() != `Contoso \u{202e}Ltd` {
		t.Errorf("where: %q %s, %v; asked %q", name, id, err, s.uris())
	}
	for name, body := range map[string]string{"nobody": `{}`, "null": `{"userPrincipalName":null,"value":[]}`, "not a guid": `{"value":[{"id":"x"}]}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]answer{me: {body: body}, org: {body: body}})
			_, err := s.client(t).Me(context.Background())
			wantProblem(t, err, soc.ProblemBadAnswer)
			_, _, err = s.client(t).Organization(context.Background())
			wantProblem(t, err, soc.ProblemBadAnswer)
		})
	}
}
