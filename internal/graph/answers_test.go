package graph

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/socctl/socctl/internal/soc"
)

func TestAnswersThatAreNotWhatWasPromised(t *testing.T) {
	t.Parallel()
	good := string(queuePage(t, 2, 1, 5))
	for _, tc := range []struct {
		name, body, says string
	}{
		{"nothing", "", "an empty answer"},
		{"white space", " \r\n\t", "an empty answer"},
		{"a web page", "<!DOCTYPE html><html><body>Sign in to the proxy</body></html>", "a web page instead of JSON"},
		{"text", "Service \x1b[31munavailable", `something that is not JSON and begins with Service \u{1b}[31munavailable`},
		{"an array", `[{"id":"1"}]`, "JSON that is not an object"},
		{"a string", `"value"`, "JSON that is not an object"},
		{"null", `null`, "JSON that is not an object"},
		{"no list", `{"error":{"code":"x"}}`, "JSON without the list"},
		{"a list that is text", `{"value":"none"}`, "JSON without the list"},
		{"a list that is null", `{"value":null}`, "JSON without the list"},
		{"cut in the middle", good[:len(good)/2], "JSON that ends in the middle"},
		{"cut before the end", good[:len(good)-1], "JSON that ends in the middle"},
		{"broken", `{"value":[{"id":"1",}]}`, "JSON that is broken at byte"},
		{"something behind it", `{"value":[]}{"value":[]}`, "something behind its end"},
		{"too deep", `{"value":[{"id":"1","x":` + strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000) + `}]}`, "JSON that is broken at byte"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]answer{"/v1.0/security/incidents?$top=50": {body: tc.body}})
			all, _, err := list(t, s.client(t), Query{})
			p := wantProblem(t, err, soc.ProblemBadAnswer, tc.says)
			if len(all) != 0 || len(p.Summary.String()) > 200 || p.Next.IsZero() {
				t.Errorf("%d incidents, summary %q, next %q", len(all), p.Summary, p.Next)
			}
		})
	}
}

func TestOddButReadableAnswersAreRead(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"names twice":        `{"value":[{"id":"9","id":"1","displayName":"a","displayName":"b"}]}`,
		"bytes not in UTF-8": "{\"value\":[{\"id\":\"1\",\"displayName\":\"a\xff\xfeb\"}]}",
		"escaped names":      `{"val\u0075e":[{"i\u0064":"1"}]}`,
		"nulls in the list":  `{"value":[null,{"id":"1"},7,"x",[]]}`,
		"unknown names":      `{"a":{"b":[1,{"c":null}]},"value":[{"id":"1","new":{"x":[[]]}}],"z":1e400}`,
		"an id as a number":  `{"value":[{"id":1}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]answer{"/v1.0/security/incidents?$top=50": {body: body}})
			all, _, err := list(t, s.client(t), Query{})
			if err != nil || len(all) != 1 || all[0].Ref.ID != "1" {
				t.Fatalf("got %d incidents, %v", len(all), err)
			}
		})
	}
}

func TestAnEndlessAnswerIsCutOff(t *testing.T) {
	t.Parallel()
	chunk := []byte(strings.Repeat(" ", 64<<10))
	sent := 0
	http2 := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for { // until the client hangs up
			n, err := w.Write(chunk)
			if sent += n; err != nil || sent > 1<<30 {
				return
			}
		}
	})
	s := serveFunc(t, nil)
	s.Config.Handler = http2
	c, err := newClient(Options{Tenant: testTenant(), Root: s.URL, HTTP: s.Client()}, 3<<20)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Incident(context.Background(), "1")
	wantProblem(t, err, soc.ProblemUnsafe, "more than 3 MB")
}

func TestErrorsOfTheService(t *testing.T) {
	t.Parallel()
	envelope := func(code, message string) string {
		return `{"error":{"code":"` + code + `","message":"` + message + `","innerError":{"date":"2026-11-22T14:00:00","request-id":"7d1f"}}}`
	}
	for _, tc := range []struct {
		name   string
		answer answer
		kind   soc.ProblemKind
		says   string
		until  time.Duration
	}{
		{"400", answer{status: 400, body: envelope("BadRequest", "Invalid filter clause")}, soc.ProblemRefused, "Invalid filter clause", 0},
		{"401", answer{status: 401, body: envelope("InvalidAuthenticationToken", "expired")}, soc.ProblemSignIn, "401", 0},
		{"401 with a challenge that panics kiota", answer{status: 401, header: map[string]string{"WWW-Authenticate": "Bearer claims=abc"}, body: envelope("InvalidAuthenticationToken", "expired")}, soc.ProblemSignIn, "", 0},
		{"403", answer{status: 403, body: envelope("Forbidden", "no role")}, soc.ProblemNoAccess, "no role", 0},
		{"403 without Defender", answer{status: 403, body: envelope("UnknownError", "Unauthorized request - Account is not provisioned.")}, soc.ProblemNoAccess, "Defender XDR", 0},
		{"403 without consent", answer{status: 403, body: envelope("Forbidden", "Missing application roles. API required roles: SecurityIncident.Read.All,SecurityIncident.ReadWrite.All, application roles: User.Read.All.")}, soc.ProblemNoAccess, "lacks a permission", 0},
		{"404", answer{status: 404, body: envelope("NotFound", "gone")}, soc.ProblemRefused, "404", 0},
		{"409", answer{status: 409, body: envelope("Conflict", "busy")}, soc.ProblemRefused, "409", 0},
		{"429", answer{status: 429, header: map[string]string{"Retry-After": "17"}, body: envelope("TooManyRequests", "wait")}, soc.ProblemThrottled, "429", 17 * time.Second},
		{"429 without Retry-After", answer{status: 429, body: envelope("TooManyRequests", "wait")}, soc.ProblemThrottled, "429", time.Second},
		{"502 as a web page", answer{status: 502, body: "<html>bad \x1b]52;c;x\a gateway</html>"}, soc.ProblemUnavailable, "502", 0},
		{"503", answer{status: 503, body: ""}, soc.ProblemUnavailable, "503", 0},
		{"a redirect", answer{status: 302, header: map[string]string{"Location": "https://login.example.net/"}}, soc.ProblemUnsafe, "302", 0},
		{"nothing with 204", answer{status: 204}, soc.ProblemBadAnswer, "an empty answer", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]answer{"/v1.0/security/incidents?$top=50": tc.answer})
			_, _, err := list(t, s.client(t), Query{})
			p := wantProblem(t, err, tc.kind, tc.says)
			if len(s.requests()) != 1 {
				t.Errorf("%d requests, want 1", len(s.requests()))
			}
			if tc.until > 0 && !p.Until.Equal(testNow.Add(tc.until)) {
				t.Errorf("Until = %v, want %v later than now", p.Until, tc.until)
			}
			if strings.Contains(tc.answer.body, "7d1f") && p.RequestID.String() != "7d1f" {
				t.Errorf("request id = %q", p.RequestID)
			}
			if tc.answer.status != 204 && p.Status != tc.answer.status {
				t.Errorf("status = %d", p.Status)
			}
		})
	}
}

func TestPublishedErrorsKeepTheirMessage(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		file   string
		status int
		kind   soc.ProblemKind
		says   string
		id     string
	}{
		{"errors/graph_400_incidents_top_exceeded.json", 400, soc.ProblemRefused, "The limit of '50' for Top query has been exceeded", "65fe78a8-cade-409c-9e18-61374c132118"},
		{"errors/graph_429.json", 429, soc.ProblemThrottled, "429", "94fb3b52-452a-4535-a601-69e0a90e3aa2"},
		{"errors/pim_400_acrs_challenge.json", 400, soc.ProblemSignIn, "stronger sign-in", ""},
		{"errors/pim_400_policy_rules.json", 400, soc.ProblemRefused, `JustificationRule`, ""},
		{"errors/token_400_authorization_pending.json", 400, soc.ProblemRefused, "AADSTS70016", "543970af-30fa-446a-b99f-946c4360a36e"},
	} {
		t.Run(tc.file, func(t *testing.T) {
			t.Parallel()
			s := serve(t, map[string]answer{"/v1.0/security/alerts_v2/a1": {status: tc.status, body: string(sample(t, tc.file))}})
			_, err := s.client(t).Alert(context.Background(), "a1")
			p := wantProblem(t, err, tc.kind, tc.says)
			if p.RequestID.String() != tc.id {
				t.Errorf("request id = %q, want %q", p.RequestID, tc.id)
			}
		})
	}
}

func TestThePublishedClaimsChallengeIsAskedOnce(t *testing.T) {
	t.Parallel()
	var published struct {
		Status  int               `json:"status"`
		Headers map[string]string `json:"headers"`
	}
	if err := json.Unmarshal(sample(t, "errors/cae_401_claims_challenge.headers.json"), &published); err != nil {
		t.Fatal(err)
	}
	s := serve(t, map[string]answer{"/v1.0/security/incidents?$top=50": {status: published.Status, header: published.Headers}})
	_, _, err := list(t, s.client(t), Query{})
	p := wantProblem(t, err, soc.ProblemSignIn, "401")
	if p.RequestID.String() != "3dbc2007-5022-418c-a3ca-8c38ab4d7694" || len(s.requests()) != 1 {
		t.Errorf("request id %q after %d requests", p.RequestID, len(s.requests()))
	}
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestWhatTheTransportSaysReachesTheCaller(t *testing.T) {
	t.Parallel()
	own := &soc.Problem{Kind: soc.ProblemThrottled, Until: testNow}
	for _, tc := range []struct {
		name string
		do   roundTrip
		kind soc.ProblemKind
	}{
		{"a problem", func(*http.Request) (*http.Response, error) { return nil, own }, soc.ProblemThrottled},
		{"no network", func(*http.Request) (*http.Response, error) { return nil, errors.New("dial \x1b[2J") }, soc.ProblemUnavailable},
		{"a panic", func(*http.Request) (*http.Response, error) { panic("boom \x1b]52;c;x\a") }, soc.ProblemBadAnswer},
		{"a body that breaks off", func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: brokenBody{}}, nil
		}, soc.ProblemUnavailable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, err := New(Options{Tenant: testTenant(), Root: "https://graph.example", HTTP: &http.Client{Transport: tc.do}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Me(context.Background())
			wantProblem(t, err, tc.kind)
			if strings.ContainsRune(err.Error(), '\x1b') {
				t.Errorf("the error is not safe: %q", err)
			}
		})
	}
}

type brokenBody struct{}

func (brokenBody) Read([]byte) (int, error) { return 0, errors.New("connection reset") }
func (brokenBody) Close() error             { return nil }

func TestNewRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"no tenant":  {Root: "https://graph.microsoft.com", HTTP: http.DefaultClient},
		"no client":  {Root: "https://graph.microsoft.com", Tenant: testTenant()},
		"no root":    {HTTP: http.DefaultClient, Tenant: testTenant()},
		"plain http": {Root: "http://graph.microsoft.com", HTTP: http.DefaultClient, Tenant: testTenant()},
		"a query":    {Root: "https://graph.microsoft.com?x=1", HTTP: http.DefaultClient, Tenant: testTenant()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := New(o); err == nil {
				t.Error("New took it")
			}
		})
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]answer{"/v1.0/security/incidents?$top=50": {body: `{"value":[{"id":"1"}]}`}})
	done := make(chan error, 100)
	for range cap(done) {
		go func() {
			c, err := New(Options{Tenant: testTenant(), Root: s.URL, HTTP: s.Client()})
			if err == nil {
				_, err = c.Incidents(context.Background(), Query{}, func([]*soc.Incident) error { return nil })
			}
			done <- err
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
