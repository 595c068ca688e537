package transport

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/soc"
)

// address is a URL that a nextLink or a caller may come with.
type address struct {
	name, url string
	ok        bool
}

// addresses is the matrix of figure F7. The base is graphBase, the current page graphPage.
func addresses() []address {
	return []address{
		{"next page", graphPage + "?$skiptoken=a", true},
		{"another collection", graphBase + "/security/alerts_v2?$skip=5", true},
		{"443 spelled out", "https://graph.microsoft.com:443/v1.0/security/incidents?p=2", true},
		{"host in capitals", "https://GRAPH.Microsoft.COM/v1.0/security/incidents?p=3", true},
		{"scheme in capitals", "HTTPS://graph.microsoft.com/v1.0/security/incidents?p=4", true},
		{"escaped space", graphBase + "/security/incidents%20x?p=5", true},
		{"escaped slash in an id", graphBase + "/security/incidents/a%2Fb", true},
		{"quoted function", graphBase + "/x/filterByCurrentUser(on='target')?p=6", true},
		{"dots inside a name", graphBase + "/users/a..b?p=7", true},
		{"only the base", graphBase, true},
		{"base with a slash", graphBase + "/", true},
		{"query with a URL", graphPage + "?x=https://evil.example/", true},

		{"other host", "https://evil.example/v1.0/security/incidents", false},
		{"other Microsoft host", "https://management.azure.com/v1.0/security/incidents", false},
		{"other cloud", "https://graph.microsoft.us/v1.0/security/incidents", false},
		{"suffix", "https://graph.microsoft.com.evil.example/v1.0/x", false},
		{"prefix", "https://evilgraph.microsoft.com/v1.0/x", false},
		{"subdomain", "https://a.graph.microsoft.com/v1.0/x", false},
		{"parent domain", "https://microsoft.com/v1.0/x", false},
		{"dot at the end", "https://graph.microsoft.com./v1.0/x", false},
		{"two dots", "https://graph..microsoft.com/v1.0/x", false},
		{"http", "http://graph.microsoft.com/v1.0/x", false},
		{"http with 443", "http://graph.microsoft.com:443/v1.0/x", false},
		{"ftp", "ftp://graph.microsoft.com/v1.0/x", false},
		{"file", "file:///v1.0/x", false},
		{"ws", "wss://graph.microsoft.com/v1.0/x", false},
		{"javascript", "javascript:alert(1)", false},
		{"data", "data:text/plain,x", false},
		{"no scheme", "//graph.microsoft.com/v1.0/x", false},
		{"relative path", "/v1.0/security/incidents?p=2", false},
		{"relative query", "?p=2", false},
		{"empty", "", false},
		{"opaque", "https:graph.microsoft.com/v1.0/x", false},
		{"one slash", "https:/graph.microsoft.com/v1.0/x", false},
		{"three slashes", "https:///graph.microsoft.com/v1.0/x", false},
		{"port 8443", "https://graph.microsoft.com:8443/v1.0/x", false},
		{"port 80", "https://graph.microsoft.com:80/v1.0/x", false},
		{"port 0443", "https://graph.microsoft.com:0443/v1.0/x", false},
		{"port 65979, 443 modulo 2^16", "https://graph.microsoft.com:65979/v1.0/x", false},
		{"port empty", "https://graph.microsoft.com:/v1.0/x", false},
		{"port in words", "https://graph.microsoft.com:https/v1.0/x", false},
		{"user", "https://kai@graph.microsoft.com/v1.0/x", false},
		{"user and password", "https://kai:pw@graph.microsoft.com/v1.0/x", false},
		{"host as user", "https://graph.microsoft.com@evil.example/v1.0/x", false},
		{"host and port as user", "https://graph.microsoft.com:443@evil.example/v1.0/x", false},
		{"empty user", "https://@graph.microsoft.com/v1.0/x", false},
		{"backslash host", `https://evil.example\@graph.microsoft.com/v1.0/x`, false},
		{"backslash path", `https://graph.microsoft.com/v1.0\..\beta`, false},
		{"fragment", graphPage + "#x", false},
		{"host behind a fragment", "https://evil.example#graph.microsoft.com/v1.0/x", false},
		{"host behind a query", "https://evil.example?graph.microsoft.com/v1.0/x", false},
		{"Cyrillic letter", "https://graph.micrоsoft.com/v1.0/x", false},
		{"punycode", "https://graph.xn--micrsoft-m3g.com/v1.0/x", false},
		{"fullwidth dot", "https://graph.microsoft。com/v1.0/x", false},
		{"escaped host", "https://graph%2emicrosoft.com/v1.0/x", false},
		{"soft hyphen", "https://graph.micro\u00adsoft.com/v1.0/x", false},
		{"tab in the host", "https://graph.micro\tsoft.com/v1.0/x", false},
		{"line feed", "https://graph.microsoft.com/v1.0/x\nHost: evil.example", false},
		{"space first", " https://graph.microsoft.com/v1.0/x", false},
		{"nul", "https://graph.microsoft.com\x00.evil.example/v1.0/x", false},
		{"IPv4", "https://20.190.128.1/v1.0/x", false},
		{"IPv6", "https://[::1]/v1.0/x", false},
		{"IPv6 zone", "https://[fe80::1%25eth0]/v1.0/x", false},
		{"other prefix", "https://graph.microsoft.com/beta/security/incidents", false},
		{"prefix in capitals", "https://graph.microsoft.com/V1.0/security/incidents", false},
		{"longer prefix", "https://graph.microsoft.com/v1.0evil/x", false},
		{"no path", "https://graph.microsoft.com", false},
		{"climbs", graphBase + "/../beta/x", false},
		{"climbs at the end", graphBase + "/..", false},
		{"climbs escaped", graphBase + "/%2e%2e/beta/x", false},
		{"climbs half escaped", graphBase + "/.%2E/beta/x", false},
		{"climbs over an escaped slash", graphBase + "/..%2fbeta/x", false},
		{"climbs escaped twice", graphBase + "/%252e%252e/beta/x", false},
		{"stays with a dot", graphBase + "/./x", false},
		{"slash before the prefix", "https://graph.microsoft.com//v1.0/x", false},
		{"escaped nul", graphBase + "/x%00", false},
		{"escaped backslash", graphBase + "/..%5cbeta", false},
		{"too long", graphPage + "?t=" + strings.Repeat("a", maxLink), false},
	}
}

func TestNextLinkMatrix(t *testing.T) {
	t.Parallel()
	list := addresses()
	if len(list) < 60 {
		t.Fatalf("the matrix has %d rows, figure F7 asks for 60", len(list))
	}
	for _, a := range list {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			err := CheckNextLink(graphBase, graphPage, a.url, map[string]bool{})
			if (err == nil) != a.ok {
				t.Fatalf("CheckNextLink(%q) = %v, want ok %v", a.url, err, a.ok)
			}
			if err != nil {
				wantProblem(t, err, soc.ProblemUnsafe)
			}
		})
	}
}

func TestNextLinkRing(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	steps := []struct {
		name, current, next string
		ok                  bool
	}{
		{"itself", graphPage, graphPage, false},
		{"itself, port spelled out", graphPage, "https://graph.microsoft.com:443/v1.0/security/incidents", false},
		{"second page", graphPage, graphPage + "?p=2", true},
		{"third page", graphPage + "?p=2", graphPage + "?p=3", true},
		{"back to the second", graphPage + "?p=3", "https://GRAPH.microsoft.com/v1.0/security/incidents?p=2", false},
		{"current page on another host", "https://evil.example/v1.0/x", graphPage + "?p=9", false},
	}
	for _, s := range steps {
		if err := CheckNextLink(graphBase, s.current, s.next, seen); (err == nil) != s.ok {
			t.Errorf("%s: %v", s.name, err)
		}
	}
	if err := CheckNextLink(graphBase, graphPage, graphPage+"?p=2", nil); err != nil {
		t.Errorf("a nil map: %v", err)
	}
	if err := CheckNextLink("ftp://x", graphPage, graphPage+"?p=2", nil); err == nil {
		t.Error("a base that is not https passed")
	}
}

// TestNoTokenLeavesTheAllowList sends a request with a body to every address that is not allowed.
func TestNoTokenLeavesTheAllowList(t *testing.T) {
	t.Parallel()
	for _, a := range addresses() {
		u, err := url.Parse(a.url)
		if a.ok || err != nil || a.name == "too long" {
			continue
		}
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			base, src := answers(200, "{}"), &tokens{give: []string{jwt(tenantA)}}
			c := client(t, base, func(o *Options) { o.Tokens = src })
			req := (&http.Request{Method: http.MethodPost, URL: u, Header: http.Header{}}).WithContext(t.Context())
			_, err := c.Transport.RoundTrip(req)
			wantProblem(t, err, soc.ProblemUnsafe)
			if base.count() != 0 || src.asked != 0 {
				t.Errorf("%d requests left and %d tokens were asked for, want none", base.count(), src.asked)
			}
		})
	}
}

func TestHostOverrideIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*http.Request){
		"field":                func(r *http.Request) { r.Host = "evil.example" },
		"field with a port":    func(r *http.Request) { r.Host = "graph.microsoft.com:8443" },
		"header":               func(r *http.Request) { r.Header.Set("Host", "evil.example") },
		"header in lower case": func(r *http.Request) { r.Header["host"] = []string{"evil.example"} },
	}
	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := answers(200, "{}")
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, graphPage, nil)
			change(req)
			_, _, err := do(client(t, base, nil), req)
			wantProblem(t, err, soc.ProblemUnsafe)
			if base.count() != 0 {
				t.Error("the request left")
			}
		})
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	good := func() Options {
		return Options{Tenant: tenantA, Allow: []string{graphBase}, Tokens: &tokens{}, Base: answers(200, "")}
	}
	cases := map[string]func(*Options){
		"no tenant":          func(o *Options) { o.Tenant = "" },
		"tenant is a domain": func(o *Options) { o.Tenant = "contoso.com" },
		"no tokens":          func(o *Options) { o.Tokens = nil },
		"no base":            func(o *Options) { o.Base = nil },
		"nothing allowed":    func(o *Options) { o.Allow = nil },
		"http allowed":       func(o *Options) { o.Allow = []string{"http://graph.microsoft.com"} },
		"not a URL":          func(o *Options) { o.Allow = []string{"https://["} },
		"base with a query":  func(o *Options) { o.Allow = []string{graphBase + "?x=1"} },
		"base with a user":   func(o *Options) { o.Allow = []string{"https://a@graph.microsoft.com"} },
		"base that climbs":   func(o *Options) { o.Allow = []string{graphBase + "/../x"} },
	}
	if _, err := NewClient(good()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := good()
			spoil(&o)
			if _, err := NewClient(o); err == nil {
				t.Error("the options passed")
			}
		})
	}
}

func FuzzNextLink(f *testing.F) {
	for _, a := range addresses() {
		f.Add(a.url)
	}
	f.Fuzz(func(t *testing.T, next string) {
		if CheckNextLink(graphBase, graphPage, next, nil) != nil {
			return
		}
		u, err := url.Parse(next)
		if err != nil || !strings.EqualFold(u.Hostname(), "graph.microsoft.com") || !strings.EqualFold(u.Scheme, "https") || u.User != nil {
			t.Errorf("%q passed", next)
		}
	})
}
