package simcloud_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/simcloud"
)

// graphError is Graph's error envelope.
type graphError struct {
	Error struct {
		Code, Message string
		InnerError    struct {
			Date      string
			RequestID string `json:"request-id"`
			Client    string `json:"client-request-id"`
		}
	}
}

func TestTooLargeTopHasTheLiveAnswer(t *testing.T) {
	t.Parallel()
	sample, err := os.ReadFile(filepath.Join(shared(t), "samples", "errors", "graph_400_incidents_top_exceeded.json"))
	if err != nil {
		t.Fatal(err)
	}
	l := start(t, small())
	got := l.get(l.token("CONT"), "/v1.0/security/incidents?$top=100")
	if got.status != http.StatusBadRequest {
		t.Fatalf("status %d", got.status)
	}
	var want bytes.Buffer
	if err := json.Compact(&want, sample); err != nil {
		t.Fatal(err)
	}
	mask := regexp.MustCompile(`"(date|request-id|client-request-id)":"[^"]*"`)
	if g, w := mask.ReplaceAllString(string(got.body), "$1"), mask.ReplaceAllString(want.String(), "$1"); g != w {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

func TestGraphRefuses(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	for _, c := range []struct {
		name, method, path string
		status             int
		code, says         string
	}{
		{"select", "GET", "/v1.0/security/incidents?$select=id", 400, "BadRequest", "Query option 'Select' is not allowed"},
		{"search", "GET", "/v1.0/security/incidents?$search=x", 400, "BadRequest", "$search"},
		{"filter on another property", "GET", "/v1.0/security/incidents?$filter=" + url.QueryEscape("displayName eq 'x'"), 400, "BadRequest", "displayName"},
		{"service source is of alerts only", "GET", "/v1.0/security/incidents?$filter=" + url.QueryEscape("serviceSource eq 'unknown'"), 400, "BadRequest", "serviceSource"},
		{"negative skip", "GET", "/v1.0/security/incidents?$skip=-1", 400, "BadRequest", "$skip"},
		{"unsorted property", "GET", "/v1.0/security/incidents?$orderby=severity", 400, "BadRequest", "severity"},
		{"expand of something else", "GET", "/v1.0/security/incidents?$expand=comments", 400, "BadRequest", "comments"},
		{"forged skip token", "GET", "/v1.0/security/incidents?$skiptoken=zzz", 400, "BadRequest", "skip token"},
		{"option twice", "GET", "/v1.0/security/incidents?$top=1&$top=2", 400, "BadRequest", "more than once"},
		{"alerts top", "GET", "/v1.0/security/alerts_v2?$top=1001", 400, "", "The limit of '1000'"},
		{"unknown incident", "GET", "/v1.0/security/incidents/1", 404, "ResourceNotFound", "not found"},
		{"alerts of an unknown incident", "GET", "/v1.0/security/incidents/1/alerts", 404, "ResourceNotFound", "not found"},
		{"unknown alert", "GET", "/v1.0/security/alerts_v2/x", 404, "ResourceNotFound", "not found"},
		{"another organisation", "GET", "/v1.0/organization/0", 404, "Request_ResourceNotFound", "does not exist"},
		{"unknown path", "GET", "/v1.0/groups", 404, "ResourceNotFound", "'groups'"},
		{"beta", "GET", "/beta/security/incidents", 404, "ResourceNotFound", ""},
		{"root", "GET", "/", 404, "ResourceNotFound", ""},
		{"delete", "DELETE", "/v1.0/security/incidents/1", 405, "MethodNotAllowed", "DELETE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := l.send(c.method, l.token("CONT"), c.path, "client-request-id", "11111111-2222-4333-8444-555555555555")
			e := decode[graphError](t, a.body).Error
			if a.status != c.status || e.Code != c.code || !strings.Contains(e.Message, c.says) {
				t.Errorf("got %d %+v", a.status, e)
			}
			if e.InnerError.Client != "11111111-2222-4333-8444-555555555555" || a.header.Get("client-request-id") != e.InnerError.Client ||
				e.InnerError.RequestID == "" || e.InnerError.RequestID != a.header.Get("request-id") || e.InnerError.Date != "2026-11-22T12:00:00" {
				t.Errorf("correlation: %+v %v", e.InnerError, a.header)
			}
		})
	}
}

func TestPathsIgnoreCase(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	if a := l.get(l.token("CONT"), "/V1.0/Security/Incidents?%24top=1"); a.status != http.StatusOK || len(decode[list](t, a.body).Value) != 1 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestFilterNarrowsTheList(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	token := l.token("CONT")
	all := l.items(token, "/v1.0/security/incidents")
	if len(all) <= 50 {
		t.Fatalf("only %d incidents: the first customer must need two pages", len(all))
	}
	for _, c := range []struct {
		name, filter string
		want         func(item) bool
	}{
		{"status", "status eq 'active'", func(i item) bool { return i.Status == "active" }},
		{"not high", "severity ne 'high'", func(i item) bool { return i.Severity != "high" }},
		{"unassigned and fresh", "assignedTo eq null and createdDateTime ge 2026-11-22T00:00:00Z", func(i item) bool {
			return i.AssignedTo == "" && !i.CreatedDateTime.Before(noon.Add(-12*time.Hour))
		}},
		{"waiting for us", "status eq 'awaitingAction'", func(i item) bool { return i.Status == "unknownFutureValue" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := 0
			for _, i := range all {
				if c.want(i) {
					want++
				}
			}
			a := l.get(token, "/v1.0/security/incidents?$top=10&$count=true&$filter="+url.QueryEscape(c.filter))
			if n := decode[list](t, a.body).Count; n == nil || *n != want {
				t.Errorf("@odata.count: %s, want %d", a.body[:120], want)
			}
			got := l.items(token, "/v1.0/security/incidents?$filter="+url.QueryEscape(c.filter))
			if len(got) != want || slices.ContainsFunc(got, func(i item) bool { return !c.want(i) }) {
				t.Errorf("%d incidents, want %d", len(got), want)
			}
		})
	}
}

func TestOrderAndSkip(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	token := l.token("CONT")
	newest := l.items(token, "/v1.0/security/incidents")
	if !slices.IsSortedFunc(newest, func(a, b item) int { return b.CreatedDateTime.Compare(a.CreatedDateTime) }) {
		t.Error("the default order is not newest first")
	}
	updated := l.items(token, "/v1.0/security/incidents?$top=7&$orderby=lastUpdateDateTime%20asc")
	if len(updated) != len(newest) || !slices.IsSortedFunc(updated, func(a, b item) int { return a.LastUpdateDateTime.Compare(b.LastUpdateDateTime) }) {
		t.Error("not ordered by lastUpdateDateTime")
	}
	skipped := l.items(token, "/v1.0/security/incidents?$skip=5&$top=20")
	if len(skipped) != len(newest)-5 || skipped[0].ID != newest[5].ID {
		t.Errorf("skip: %d of %d", len(skipped), len(newest))
	}
	if a := l.get(token, "/v1.0/security/incidents?$top=0"); len(decode[list](t, a.body).Value) != 0 {
		t.Error("$top=0 gives objects")
	}
}

// TestPagingWhileTheEstateLives pages slowly through a list that changes all the time: what did not change comes exactly
// once, and the pages end.
func TestPagingWhileTheEstateLives(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"", "&$orderby=lastUpdateDateTime%20desc", "&$orderby=lastUpdateDateTime%20asc", "&$orderby=createdDateTime%20asc"} {
		t.Run("order"+order, func(t *testing.T) {
			t.Parallel()
			l := start(t, simcloud.Options{Customers: 1, Incidents: 120, Profiles: map[string]simcloud.Profile{}})
			token := l.token("CONT")
			before := l.items(token, "/v1.0/security/incidents")
			seen := map[string]int{}
			pages := 0
			for path := "/v1.0/security/incidents?$top=7" + order; path != ""; pages++ {
				if pages > 100 {
					t.Fatal("paging does not end")
				}
				p := decode[list](t, l.get(token, path).body)
				for _, raw := range p.Value {
					i := decode[item](t, raw)
					seen[i.ID+i.LastUpdateDateTime.String()]++
				}
				path = p.Next
				l.clock.Advance(11 * time.Second)
			}
			after := map[string]time.Time{}
			for _, i := range l.items(token, "/v1.0/security/incidents") {
				after[i.ID] = i.LastUpdateDateTime
			}
			changed := 0
			for _, i := range before {
				switch {
				case !after[i.ID].Equal(i.LastUpdateDateTime):
					changed++
				case seen[i.ID+i.LastUpdateDateTime.String()] != 1:
					t.Errorf("incident %s did not change and came %d times", i.ID, seen[i.ID+i.LastUpdateDateTime.String()])
				}
			}
			if changed == 0 || pages < 10 {
				t.Errorf("%d changes over %d pages: nothing was proven", changed, pages)
			}
		})
	}
}

func TestPreferDecidesAboutLateMembers(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	waiting, sentinel, experts := 0, 0, 0
	for _, tenant := range l.Tenants() {
		if tenant.Profile != simcloud.Normal {
			continue
		}
		token := l.token(tenant.Code)
		plain, full := l.items(token, "/v1.0/security/incidents"), l.items(token, "/v1.0/security/incidents", "Prefer", "odata.maxpagesize=50, "+preferUnknown)
		for n := range full {
			if full[n].Status == "awaitingAction" {
				waiting++
				if plain[n].Status != "unknownFutureValue" {
					t.Errorf("without Prefer: %s", plain[n].Status)
				}
			}
			if slices.Contains(full[n].SystemTags, "Defender Experts") {
				experts++
			}
		}
		plain, full = l.items(token, "/v1.0/security/alerts_v2"), l.items(token, "/v1.0/security/alerts_v2", "Prefer", preferUnknown)
		for n := range full {
			if full[n].ServiceSource == "microsoftSentinel" {
				sentinel++
				if plain[n].ServiceSource != "unknownFutureValue" || plain[n].DetectionSource != "unknownFutureValue" {
					t.Errorf("without Prefer: %s %s", plain[n].ServiceSource, plain[n].DetectionSource)
				}
			}
		}
	}
	if waiting == 0 || sentinel == 0 || experts == 0 {
		t.Errorf("waiting %d, sentinel %d, experts %d: all must occur", waiting, sentinel, experts)
	}
}

func TestMergedIncidentsPointToTheirTarget(t *testing.T) {
	t.Parallel()
	l := start(t, simcloud.Options{Customers: 2, Incidents: 60, Profiles: map[string]simcloud.Profile{}})
	token := l.token("CONT")
	count := func() int {
		n := 0
		for _, i := range l.items(token, "/v1.0/security/incidents?$expand=alerts&$filter=status%20eq%20'redirected'") {
			n++
			target := decode[item](t, l.get(token, "/v1.0/security/incidents/"+i.RedirectIncidentID).body)
			if target.ID != i.RedirectIncidentID || len(i.Alerts) != 0 {
				t.Errorf("incident %s: target %+v, %d alerts", i.ID, target, len(i.Alerts))
			}
		}
		return n
	}
	before := count()
	l.clock.Advance(time.Hour)
	if after := count(); before == 0 || after <= before {
		t.Errorf("%d merged before, %d after an hour", before, after)
	}
	for _, a := range l.items(token, "/v1.0/security/alerts_v2?$top=1000") {
		if i := decode[item](t, l.get(token, "/v1.0/security/incidents/"+a.IncidentID).body); i.ID != a.IncidentID || i.Status == "redirected" {
			t.Fatalf("alert %s belongs to incident %+v", a.ID, i)
		}
	}
}

func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	l := start(t, simcloud.Options{Customers: 1, Incidents: 3, Speed: -1, LogSize: 3})
	for range 3 {
		l.get("", "/v1.0/me")
	}
	l.get(l.token("CONT"), "/v1.0/security/incidents?$top=1", "client-request-id", "abc", "Prefer", preferUnknown)
	log := l.Requests()
	if len(log) != 3 || log[0].Status != 401 || log[0].Authorization || log[0].Tenant != "" {
		t.Fatalf("%+v", log)
	}
	got := log[2]
	got.Time, got.UserAgent = time.Time{}, ""
	want := simcloud.Request{Tenant: "CONT", TokenTenant: l.Tenants()[0].ID, Method: "GET", Path: "/v1.0/security/incidents", Query: "$top=1", Status: 200, Authorization: true, Prefer: preferUnknown, ClientRequestID: "abc"}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
