package cli_test

import (
	"bytes"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/simcloud"
)

// stranger is a server that the lab's clients would trust, and that must never hear of them.
type stranger struct {
	url   string
	calls atomic.Int64
}

func newStranger(l *lab) *stranger {
	l.t.Helper()
	s := &stranger{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"value":[]}`)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.calls.Add(1)
		}
	}
	server.StartTLS()
	l.t.Cleanup(server.Close)
	s.url = server.URL
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	l.file("ca.pem", string(bytes.Join([][]byte{l.server.CAPEM(), cert}, nil)))
	return s
}

// badServers are the ways in which the incidents of one customer can be answered wrongly. {stranger} is another host.
func badServers() map[string]struct {
	fault simcloud.Fault
	state string
	says  string
} {
	long := strings.Repeat("x", 128<<10)
	return map[string]struct {
		fault simcloud.Fault
		state string
		says  string
	}{
		"a web page":                {simcloud.Fault{Body: "<!DOCTYPE html><title>Sign in</title>", ContentType: "text/html"}, "stale", "sent a web page instead of JSON"},
		"a web page as an error":    {simcloud.Fault{Status: 502, Body: "<html>bad gateway</html>", ContentType: "text/html"}, "stale", "answered 502"},
		"nothing":                   {simcloud.Fault{Status: 200}, "stale", "an empty answer"},
		"no content":                {simcloud.Fault{Status: 204}, "stale", "an empty answer"},
		"garbage":                   {simcloud.Fault{Body: `{"value": [}`}, "stale", "JSON that is broken at byte"},
		"plain words":               {simcloud.Fault{Body: "upstream connect error", ContentType: "text/plain"}, "stale", "not JSON and begins with upstream connect error"},
		"binary":                    {simcloud.Fault{Body: "\x1f\x8b\x08\x00\xff\xfe", ContentType: "application/octet-stream"}, "stale", "not JSON"},
		"gzip that is none":         {simcloud.Fault{Body: `{"value":[]}`, Header: http.Header{"Content-Encoding": {"gzip"}}}, "stale", ""},
		"null":                      {simcloud.Fault{Body: "null"}, "stale", "JSON that is not an object"},
		"a number":                  {simcloud.Fault{Body: "42"}, "stale", "JSON that is not an object"},
		"no list":                   {simcloud.Fault{Body: `{"hello":"world"}`}, "stale", "JSON without the list"},
		"an object for a list":      {simcloud.Fault{Body: `{"value":{}}`}, "stale", "JSON without the list"},
		"two answers":               {simcloud.Fault{Body: `{"value":[]}{"value":[]}`}, "stale", "behind its end"},
		"nested without end":        {simcloud.Fault{Body: strings.Repeat("[", 200_000)}, "stale", ""},
		"nested in the list":        {simcloud.Fault{Body: `{"value":[{"id":"1","x":` + strings.Repeat("[", 200_000)}, "stale", ""},
		"records of nothing":        {simcloud.Fault{Body: `{"value":[1,"two",null,{}]}`}, "fresh", "records could not be read"},
		"an id that is a path":      {simcloud.Fault{Body: `{"value":[{"id":"../me"}]}`}, "fresh", "1 records could not be read"},
		"broken off":                {simcloud.Fault{Truncate: true}, "stale", "broke off"},
		"never ending":              {simcloud.Fault{Endless: true}, "stale", ""},
		"dropped":                   {simcloud.Fault{Drop: true}, "stale", "could not be reached"},
		"another host next":         {simcloud.Fault{NextLink: "{stranger}/v1.0/security/incidents?$skiptoken=1"}, "stale", ""},
		"without TLS next":          {simcloud.Fault{NextLink: "http://{host}/v1.0/security/incidents?$skiptoken=1"}, "stale", ""},
		"another version next":      {simcloud.Fault{NextLink: "https://{host}/beta/security/incidents?$skiptoken=1"}, "stale", ""},
		"another host by userinfo":  {simcloud.Fault{NextLink: "https://{host}@{strangerhost}/v1.0/security/incidents"}, "stale", ""},
		"a path upwards next":       {simcloud.Fault{NextLink: "https://{host}/v1.0/../beta/security/incidents"}, "stale", ""},
		"a relative next":           {simcloud.Fault{NextLink: "//{strangerhost}/v1.0/security/incidents"}, "stale", ""},
		"itself next":               {simcloud.Fault{NextLink: "self"}, "stale", ""},
		"a redirect":                {simcloud.Fault{Status: 302, Header: http.Header{"Location": {"{stranger}/v1.0/security/incidents"}}}, "stale", "answered 302"},
		"a redirect that keeps all": {simcloud.Fault{Status: 307, Header: http.Header{"Location": {"{stranger}/v1.0/security/incidents"}}}, "stale", "answered 307"},
		"a huge message":            {simcloud.Fault{Status: 400, Body: `{"error":{"code":"BadRequest","message":"` + long + `"}}`}, "stale", "answered 400"},
		"429, wait minus five":      {simcloud.Fault{Status: 429, RetryAfter: "-5"}, "throttled", "too many requests"},
		"429, wait for ever":        {simcloud.Fault{Status: 429, RetryAfter: "1e300"}, "throttled", "asked to wait until"},
		"429, wait nonsense":        {simcloud.Fault{Status: 429, RetryAfter: "soon"}, "throttled", "too many requests"},
		"503 for ever":              {simcloud.Fault{Status: 503}, "stale", "answered 503"},
		"503 with a date":           {simcloud.Fault{Status: 503, RetryAfter: "Fri, 31 Dec 2100 23:59:59 GMT"}, "throttled", "asked to wait until"},
		"500 for ever":              {simcloud.Fault{Status: 500}, "stale", "answered 500"},
		"401":                       {simcloud.Fault{Status: 401, Body: `{"error":{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed"}}`}, "no access", ""},
		"401, odd challenge":        {simcloud.Fault{Status: 401, Header: http.Header{"Www-Authenticate": {`Bearer claims=`, `Bearer error="insufficient_claims", claims="!!!"`}}}, "no access", ""},
		"403":                       {simcloud.Fault{Status: 403, Body: `{"error":{"code":"Forbidden","message":"Missing application roles. API required roles: SecurityIncident.Read.All"}}`}, "no access", "lacks a permission in this tenant"},
		"403, no Defender":          {simcloud.Fault{Status: 403, Body: `{"error":{"code":"Forbidden","message":"User account is not provisioned. Please provision."}}`}, "no access", "has no Microsoft Defender XDR"},
		"404":                       {simcloud.Fault{Status: 404}, "stale", "answered 404"},
		"418":                       {simcloud.Fault{Status: 418}, "stale", "answered 418"},
		"an unheard-of status":      {simcloud.Fault{Status: 799, Body: "?"}, "stale", "answered 799"},
	}
}

// fill puts the addresses of this run into a fault.
func (f *filler) fill(fault simcloud.Fault) simcloud.Fault {
	r := strings.NewReplacer("{strangerhost}", strings.TrimPrefix(f.stranger, "https://"), "{stranger}", f.stranger, "{host}", strings.TrimPrefix(f.own, "https://"))
	fault.NextLink = r.Replace(fault.NextLink)
	if where := fault.Header.Get("Location"); where != "" {
		fault.Header = http.Header{"Location": {r.Replace(where)}}
	}
	return fault
}

type filler struct{ own, stranger string }

// One customer's service answers wrongly: its trouble is named, everybody else's incidents are there, no token goes to
// a stranger, and it ends.
func TestOneBadServerHarmsNobodyElse(t *testing.T) {
	t.Parallel()
	for name, c := range badServers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, func(o *simcloud.Options) { o.Customers, o.Incidents = 3, 30 })
			s := newStranger(l)
			fault := (&filler{l.server.URL(), s.url}).fill(c.fault)
			fault.Tenant, fault.PathPrefix, fault.Count = "FABR", "/v1.0/security", -1
			l.Inject(fault)
			start := time.Now()
			r := l.run("incidents", "list", "-f", "", "-o", "json").exits(exitPartial)
			if took := time.Since(start); took > 4*time.Minute {
				t.Errorf("it took %s", took)
			}
			state := c.state
			if state == "fresh" {
				state = "partial"
			}
			r.says("FABR (Fabrikam): "+state+": ", c.says, "1 of 3 customers could not be read completely")
			if len(r.err) > 2000 {
				t.Errorf("the message has %d bytes: %.300s", len(r.err), r.err)
			}
			a := r.json()
			if f := a.customer("FABR"); a.Complete || f.State != state || f.Error == "" {
				t.Errorf("complete %v, Fabrikam is %q with %q", a.Complete, f.State, f.Error)
			}
			for _, code := range []string{"CONT", "WOOD"} {
				if other := a.customer(code); other.State != "fresh" || other.Error != "" || a.of()[code] == 0 {
					t.Errorf("%s is %s with %q and %d incidents", code, other.State, other.Error, a.of()[code])
				}
			}
			l.noStranger(s)
		})
	}
}

// noStranger checks that nobody but the cloud was called, and that without exception the token was for who was asked.
func (l *lab) noStranger(s *stranger) {
	l.t.Helper()
	if n := s.calls.Load(); n != 0 {
		l.t.Errorf("the stranger was called %d times", n)
	}
	for _, r := range l.Requests() {
		if !strings.HasPrefix(r.Path, "/v1.0/") {
			if r.Authorization {
				l.t.Errorf("a token went to %s", r.Path)
			}
			continue
		}
		if t, ok := l.Tenant(r.Tenant); !r.Authorization || !ok || r.TokenTenant != t.ID {
			l.t.Errorf("%s of %q was asked for with the token of %q", r.Path, r.Tenant, r.TokenTenant)
		}
	}
}

// The authority hands out a good token of another customer: it is not used.
func TestATokenOfAnotherCustomerIsNotUsed(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]string{"another customer": "CONT", "home": "NORT"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			token, err := l.Token(simcloud.TokenSpec{Tenant: of, Audience: l.server.URL()})
			if err != nil {
				t.Fatal(err)
			}
			l.Inject(simcloud.Fault{Tenant: "FABR", PathPrefix: "/oauth2/v2.0/token", Count: -1,
				Body: `{"token_type":"Bearer","expires_in":3600,"ext_expires_in":3600,"access_token":"` + token + `"}`})
			r := l.run("incidents", "list", "-o", "json").exits(exitPartial).says("FABR (Fabrikam): ")
			if n := r.json().of()["FABR"]; n != 0 {
				t.Errorf("%d incidents are Fabrikam's", n)
			}
			queries := map[string]int{}
			for _, q := range l.Requests() {
				if strings.HasPrefix(q.Path, "/v1.0/") {
					queries[q.Tenant]++
				}
			}
			if queries["FABR"] != 0 || queries["NORT"] != 0 || queries["CONT"] != queries["ADAT"] {
				t.Errorf("requests by the token's tenant: %v", queries)
			}
		})
	}
}

// A record that names another tenant stays with the customer that was asked, and says so.
func TestForeignRecordsStayWhereTheyWereFound(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	contoso, _ := l.Tenant("CONT")
	fabrikam, _ := l.Tenant("FABR")
	l.serve("FABR", record{"id": "1001", "tenantId": contoso.ID, "incidentWebUrl": "https://security.microsoft.com/incidents/1001?tid=" + contoso.ID})
	i := l.run("incidents", "list", "-t", "FABR", "-o", "json").exits(exitDone).json().Items[0]
	if i.Ref != "FABR-1001" || i.Tenant.ID != fabrikam.ID || i.PortalURL != "https://security.microsoft.com/incidents/1001?tid="+fabrikam.ID {
		t.Errorf("%s of %s leads to %s", i.Ref, i.Tenant.ID, i.PortalURL)
	}
	l.run("incidents", "show", "FABR-1001").exits(exitDone).prints("the record names another tenant: " + contoso.ID)
}

// Trouble that passes by itself is not told.
func TestPassingTroubleIsWaitedOut(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]simcloud.Fault{
		"one 503":              {Status: 503},
		"one 429":              {Status: 429, RetryAfter: "1"},
		"one lost connection":  {Drop: true},
		"one refused":          {Status: 500},
		"one token that fails": {Status: 503, PathPrefix: "/oauth2/v2.0/token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			f.Tenant, f.Count = "FABR", 1
			if f.PathPrefix == "" {
				f.PathPrefix = "/v1.0"
			}
			l.Inject(f)
			if r := l.run("incidents", "list").exits(exitDone); r.err != "" {
				t.Errorf("it says %q", r.err)
			}
		})
	}
}

// A header that is longer than any sane one is not read, and does not end the connection that the others use too.
func TestAHugeHeaderHarmsNobody(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.Inject(simcloud.Fault{Tenant: "FABR", PathPrefix: "/v1.0", Count: -1, Body: `{"value":[]}`, Header: http.Header{"X-Long": {strings.Repeat("x", 256<<10)}}})
	l.run("incidents", "list").exits(exitDone)
}

func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.Inject(simcloud.Fault{PathPrefix: "/v1.0", Count: -1, Drop: true})
	l.run("incidents", "list", "-t", "CONT,FABR").exits(exitPartial).silent().says("CONT (Contoso Ltd): stale: the Graph service could not be reached",
		"FABR (Fabrikam): stale: ", "2 of 2 customers")
	closed := httptest.NewUnstartedServer(nil)
	address := "https://" + closed.Listener.Addr().String()
	closed.Close()
	path := l.file("away.yaml", strings.ReplaceAll(string(l.yaml("client-secret")), l.server.URL(), address))
	l.run("incidents", "list", "--config", path).exits(exitError).silent().says("sign in to sim: the sign-in service could not be reached: connection refused", "next: ")
}
