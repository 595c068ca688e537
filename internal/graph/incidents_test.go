package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

func TestIncidentsAsksForWhatTheQueryWants(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 11, 20, 10, 0, 0, 123456789, time.FixedZone("CET", 3600))
	for _, tc := range []struct {
		name  string
		query Query
		uri   string
	}{
		{"all", Query{}, "/v1.0/security/incidents?$top=50"},
		{"a smaller page", Query{PageSize: 7}, "/v1.0/security/incidents?$top=7"},
		{"a page larger than allowed", Query{PageSize: 1000}, "/v1.0/security/incidents?$top=50"},
		{"since", Query{Since: since}, "/v1.0/security/incidents?$filter=lastUpdateDateTime ge 2026-11-20T09:00:00.1234567Z&$top=50"},
		{"open", Query{Open: true}, "/v1.0/security/incidents?$filter=(status eq 'active' or status eq 'inProgress' or status eq 'awaitingAction')&$top=50"},
		{"with alerts", Query{WithAlerts: true}, "/v1.0/security/incidents?$expand=alerts&$top=50"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]answer{tc.uri: {body: `{"value":[{"id":"1"}]}`}})
			all, _, err := list(t, s.client(t), tc.query)
			if err != nil || len(all) != 1 {
				t.Fatalf("got %d incidents, %v; asked %q", len(all), err, s.uris())
			}
			r := s.requests()[0]
			if got := r.Header.Get("Prefer"); got != "include-unknown-enum-members" {
				t.Errorf("Prefer = %q", got)
			}
			if r.Method != http.MethodGet || r.Header.Get("Accept") != "application/json" {
				t.Errorf("%s with Accept %q", r.Method, r.Header.Get("Accept"))
			}
		})
	}
}

func TestIncidentsFollowsPagesToTheEnd(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]answer{
		"/v1.0/security/incidents?$top=50":        {body: `{"value":[{"id":"1","lastUpdateDateTime":"2026-11-20T08:00:00Z"}],"@odata.nextLink":"{root}/v1.0/security/incidents?$skiptoken=a%2Fb"}`},
		"/v1.0/security/incidents?$skiptoken=a/b": {body: `{"@odata.nextLink":"{root}/v1.0/security/incidents?$skiptoken=c","value":[]}`},
		"/v1.0/security/incidents?$skiptoken=c":   {body: `{"value":[{"id":"2","lastUpdateDateTime":"2026-11-21T08:00:00.1234567Z"},{"id":"bad id"},{"id":"3"}]}`},
	})
	all, res, err := list(t, s.client(t), Query{})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 3 || all[2].Ref.String() != "CONT-3" || all[0].Ref.Tenant != testTenantID {
		t.Errorf("got %d incidents", len(all))
	}
	if want := time.Date(2026, 11, 21, 8, 0, 0, 123456700, time.UTC); !res.Newest.Equal(want) {
		t.Errorf("Newest = %v, want %v", res.Newest, want)
	}
	if res.Unreadable != 1 {
		t.Errorf("Unreadable = %d, want 1", res.Unreadable)
	}
	last := s.requests()[2]
	if last.Header.Get("Prefer") == "" {
		t.Error("the next page was asked for without Prefer")
	}
	if raw := s.requests()[1].URL.RawQuery; raw != "$skiptoken=a%2Fb" {
		t.Errorf("the nextLink was not followed verbatim: %s", raw)
	}
}

func TestIncidentsRefusesLinksThatLeadAstray(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]string{
		"another host":   "https://graph.example.net/v1.0/security/incidents?$skiptoken=x",
		"another port":   "https://127.0.0.1:1/v1.0/security/incidents?$skiptoken=x",
		"plain http":     "http://127.0.0.1/v1.0/security/incidents",
		"out of v1.0":    "{root}/beta/security/incidents",
		"up and away":    "{root}/v1.0/../admin",
		"itself":         "{root}/v1.0/security/incidents?%24top=50",
		"no address":     "://",
		"relative":       "/v1.0/security/incidents?$skiptoken=x",
		"with a user":    "https://u:p@127.0.0.1/v1.0/security/incidents",
		"control in it":  "{root}/v1.0/security/incidents?\\u001b]52;c;x\\u0007",
		"another scheme": "file:///etc/passwd",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]answer{"/v1.0/security/incidents?$top=50": {body: `{"value":[{"id":"1"}],"@odata.nextLink":"` + link + `"}`}})
			all, _, err := list(t, s.client(t), Query{})
			wantProblem(t, err, soc.ProblemUnsafe)
			if len(all) != 1 || len(s.requests()) != 1 {
				t.Errorf("%d incidents, %d requests, want 1 and 1", len(all), len(s.requests()))
			}
		})
	}
}

func TestIncidentsEndsAListingThatDoesNot(t *testing.T) {
	t.Parallel()
	n := 0
	s := serveFunc(t, func(*http.Request) answer {
		n++
		return answer{body: fmt.Sprintf(`{"value":[],"@odata.nextLink":"{root}/v1.0/security/incidents?$skiptoken=%d"}`, n)}
	})
	_, _, err := list(t, s.client(t), Query{})
	wantProblem(t, err, soc.ProblemUnsafe, "5 pages")
	if len(s.requests()) != 5 {
		t.Errorf("%d requests, want 5", len(s.requests()))
	}
	ring := serve(t, map[string]answer{
		"/v1.0/security/incidents?$top=50":      {body: `{"value":[],"@odata.nextLink":"{root}/v1.0/security/incidents?$skiptoken=a"}`},
		"/v1.0/security/incidents?$skiptoken=a": {body: `{"value":[],"@odata.nextLink":"{root}/v1.0/security/incidents?$skiptoken=b"}`},
		"/v1.0/security/incidents?$skiptoken=b": {body: `{"value":[],"@odata.nextLink":"{root}/v1.0/security/incidents?$skiptoken=a"}`},
	})
	_, _, err = list(t, ring.client(t), Query{})
	wantProblem(t, err, soc.ProblemUnsafe)
	if len(ring.requests()) != 3 {
		t.Errorf("%d requests in a ring of two, want 3", len(ring.requests()))
	}
}

const internalError = `{"error":{"code":"InternalServerError","message":"boom"}}`

func TestIncidentsGoesOnWithoutAlertsThatTheServiceCannotGive(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]answer{
		"/v1.0/security/incidents?$expand=alerts&$top=50": {body: `{"value":[{"id":"1","alerts":[{"id":"a"}]},{"id":"2","alerts":[]}],"@odata.nextLink":"{root}/v1.0/security/incidents?$skiptoken=x"}`},
		"/v1.0/security/incidents?$skiptoken=x":           {status: 500, body: internalError},
		"/v1.0/security/incidents?$top=50":                {body: `{"value":[{"id":"1"},{"id":"2"},{"id":"3"}],"@odata.nextLink":"{root}/v1.0/security/incidents?$skiptoken=y"}`},
		"/v1.0/security/incidents?$skiptoken=y":           {body: `{"value":[{"id":"4"}]}`},
	})
	all, res, err := list(t, s.client(t), Query{WithAlerts: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range all {
		got = append(got, fmt.Sprintf("%s:%d", i.Ref.ID, i.AlertCount))
	}
	if want := []string{"1:1", "2:0", "3:-1", "4:-1"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if !res.AlertsMissing {
		t.Error("the result does not say that alerts are missing")
	}
}

func TestIncidentsGivesUpWhereTheListFailsWithoutAlertsToo(t *testing.T) {
	t.Parallel()
	s := serveFunc(t, func(*http.Request) answer { return answer{status: 500, body: internalError} })
	_, _, err := list(t, s.client(t), Query{WithAlerts: true})
	wantProblem(t, err, soc.ProblemUnavailable, "500", "boom")
	if len(s.requests()) != 2 {
		t.Errorf("%d requests, want 2", len(s.requests()))
	}
	if !strings.HasPrefix(err.Error(), "list incidents of CONT: ") {
		t.Errorf("the error does not say whose list: %v", err)
	}
}

func TestIncidentsStopsWhenTheCallerSaysSo(t *testing.T) {
	t.Parallel()
	stop := errors.New("enough")
	s := serve(t, map[string]answer{
		"/v1.0/security/incidents?$expand=alerts&$top=50": {body: `{"value":[{"id":"1"}],"@odata.nextLink":"{root}/v1.0/security/incidents?$skiptoken=x"}`},
	})
	_, err := s.client(t).Incidents(context.Background(), Query{WithAlerts: true}, func([]*soc.Incident) error { return stop })
	if !errors.Is(err, stop) || len(s.requests()) != 1 {
		t.Errorf("got %v after %d requests, want yield's error after 1", err, len(s.requests()))
	}
}

func TestIncidentsKeepsTheEndOfAContext(t *testing.T) {
	t.Parallel()
	s := serve(t, nil)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.client(t).Incidents(ctx, Query{}, func([]*soc.Incident) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled in it", err)
	}
}
