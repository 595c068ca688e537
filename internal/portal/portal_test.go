package portal

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/soc"
)

const (
	contoso  soc.TenantID = "0a1b2c3d-0000-4000-8000-000000000003"
	fabrikam soc.TenantID = "0a1b2c3d-0000-4000-8000-000000000004"
	public                = "https://security.microsoft.com"
	withTid               = "?tid=0a1b2c3d-0000-4000-8000-000000000003"
	device                = "0123456789abcdef0123456789abcdef01234567"
	sha256                = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

func open(t testing.TB, base string) Portal {
	t.Helper()
	p, err := New(base)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNew(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, base, host string }{
		{"public", public, "security.microsoft.com"},
		{"capitals and a slash", "https://Security.Microsoft.com/", "security.microsoft.com"},
		{"the default port", "https://security.microsoft.us:443", "security.microsoft.us"},
		{"another port", "https://127.0.0.1:8443", "127.0.0.1:8443"},
		{"an address of version 6", "https://[::1]:8443", "[::1]:8443"},
		{"a name on one level", "https://localhost", "localhost"},
		{"http", "http://security.microsoft.com", ""},
		{"no scheme", "security.microsoft.com", ""},
		{"a path", "https://security.microsoft.com/incidents", ""},
		{"a query", "https://security.microsoft.com?", ""},
		{"a fragment", "https://security.microsoft.com#", ""},
		{"a user", "https://user@security.microsoft.com", ""},
		{"an empty user", "https://@security.microsoft.com", ""},
		{"no host", "https://", ""},
		{"a dot at the end", "https://security.microsoft.com.", ""},
		{"a letter beyond ascii", "https://seсurity.microsoft.com", ""},
		{"a dash in front", "https://-x.example", ""},
		{"port 0", "https://security.microsoft.com:0", ""},
		{"a port too large", "https://security.microsoft.com:65536", ""},
		{"an empty port", "https://security.microsoft.com:", ""},
		{"a zone", "https://[fe80::1%25eth0]", ""},
		{"a space", "https://security.microsoft.com ", ""},
		{"a line break", "https://security.microsoft.com\n", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, err := New(tc.base)
			if p.Host() != tc.host || (err == nil) != (tc.host != "") {
				t.Errorf("New(%q) = %q, %v", tc.base, p.Host(), err)
			}
		})
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	p := open(t, public)
	for _, tc := range []struct {
		name string
		link Link
		want string // after the host
		why  string // a part of it
	}{
		{"home", p.Home(contoso), "/" + withTid, ""},
		{"queue", p.Queue(contoso), "/incidents" + withTid, ""},
		{"hunting", p.HuntingEmpty(contoso), "/v2/advanced-hunting" + withTid, ""},
		{"incident", p.Incident(contoso, "28282", ""), "/incidents/28282" + withTid, ""},
		{"incident without a number", p.Incident(contoso, "", ""), "/incidents" + withTid, "no number"},
		{"incident that is a folder", p.Incident(contoso, "..", ""), "/incidents" + withTid, "no number"},
		{"alert", p.Alert(contoso, "da637551227677560813_-961444813", ""), "/alerts/da637551227677560813_-961444813" + withTid, ""},
		{"alert with a slash", p.Alert(contoso, "../x?tid=1", ""), "/alerts/..%2Fx%3Ftid=1" + withTid, ""},
		{"alert that is a folder", p.Alert(contoso, "..", ""), "/incidents" + withTid, "no id"},
		{"alert without an id", p.Alert(contoso, "", ""), "/incidents" + withTid, "no id"},
		{"alert with a line break", p.Alert(contoso, "a\r\nb", ""), "/incidents" + withTid, "no id"},
		{"alert with a huge id", p.Alert(contoso, strings.Repeat("a", 257), ""), "/incidents" + withTid, "no id"},
		{"device", p.Device(contoso, strings.ToUpper(device)), "/machines/v2/" + device + "/overview" + withTid, ""},
		{"device by its Entra id", p.Device(contoso, string(fabrikam)), "/" + withTid, "no id of Defender"},
		{"user by both", p.User(contoso, string(fabrikam), "kai+x@contoso.com"),
			"/user?aad=" + string(fabrikam) + "&tab=overview&tid=" + string(contoso) + "&upn=kai%2Bx%40contoso.com", ""},
		{"user by UPN", p.User(contoso, "", "a&tid=b"), "/user?tab=overview&tid=" + string(contoso) + "&upn=a%26tid%3Db", ""},
		{"user by nothing", p.User(contoso, "nonsense", ""), "/" + withTid, "neither"},
		{"user with a huge UPN", p.User(contoso, "", strings.Repeat("a", 3000)), "/" + withTid, "too long"},
		{"address", p.IP(contoso, "203.0.113.7"), "/ip/203.0.113.7/overview" + withTid, ""},
		{"address of version 6", p.IP(contoso, "2001:DB8::1"), "/ip/2001%3Adb8%3A%3A1/overview" + withTid, ""},
		{"address with a zone", p.IP(contoso, "fe80::1%../x"), "/" + withTid, "not an IP"},
		{"no address", p.IP(contoso, "evil.example"), "/" + withTid, "not an IP"},
		{"URL", p.URL(contoso, "http://evil.example/?a=1&tid=2#x"),
			"/url/overview?tid=" + string(contoso) + "&url=http%3A%2F%2Fevil.example%2F%3Fa%3D1%26tid%3D2%23x", ""},
		{"no URL", p.URL(contoso, ""), "/" + withTid, "empty"},
		{"huge URL", p.URL(contoso, strings.Repeat("/", 800)), "/" + withTid, "too long"},
		{"domain", p.Domain(contoso, "evil.example"), "/domains/overview?tid=" + string(contoso) + "&urlDomain=evil.example", ""},
		{"no domain", p.Domain(contoso, ""), "/" + withTid, "empty"},
		{"file by SHA-1", p.File(contoso, device), "/file/" + device + "/" + withTid, ""},
		{"file by SHA-256", p.File(contoso, strings.ToUpper(sha256)), "/file/" + sha256 + "/" + withTid, ""},
		{"file by MD5", p.File(contoso, device[:32]), "/" + withTid, "neither"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if want := public + tc.want; tc.link.URL != want {
				t.Errorf("got  %s\nwant %s", tc.link.URL, want)
			}
			if tc.link.Host != "security.microsoft.com" || tc.link.Rebuilt || (tc.why == "") != (tc.link.Why == "") ||
				!strings.Contains(tc.link.Why, tc.why) {
				t.Errorf("%+v, want %q", tc.link, tc.why)
			}
		})
	}
}

func TestWithoutTenantThereIsNoLink(t *testing.T) {
	t.Parallel()
	p := open(t, public)
	good := public + "/incidents/1" + withTid
	for name, l := range map[string]Link{
		"no tenant":           p.Incident("", "1", good),
		"a tenant that is no": p.Incident("x&tid=y", "1", good),
		"no tenant, no id":    p.Incident("", "", good),
		"no portal":           Portal{}.Incident(contoso, "1", good),
		"no portal, alert":    Portal{}.Alert(contoso, "1", good),
		"device":              p.Device("", "x"),
		"user":                p.User("", "", "kai"),
		"home":                Portal{}.Home(contoso),
	} {
		if l.URL != "" || l.Host != "" || l.Rebuilt || l.Why != "the customer's tenant is not known" {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

func TestGivenLinkIsUsed(t *testing.T) {
	t.Parallel()
	p := open(t, public)
	upper := "?tid=" + strings.ToUpper(string(contoso))
	for _, tc := range []struct{ name, given, want string }{
		{"as documented", public + "/incidents/29" + withTid, "/incidents/29" + withTid},
		{"the form of 2026", public + "/incident2/29/overview" + withTid, "/incident2/29/overview" + withTid},
		{"host in capitals", "HTTPS://Security.Microsoft.COM/incidents/29" + withTid, "/incidents/29" + withTid},
		{"default port", public + ":443/incidents/29" + withTid, "/incidents/29" + withTid},
		{"tid in capitals", public + "/incidents/29" + upper, "/incidents/29" + withTid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l := p.Incident(contoso, "29", tc.given)
			if l.URL != public+tc.want || l.Rebuilt || l.Why != "" || l.Host != "security.microsoft.com" {
				t.Errorf("%+v", l)
			}
		})
	}
	if l := p.Alert(contoso, "da1_-2", public+"/alerts/da1_-2"+withTid); l.Rebuilt || l.URL != public+"/alerts/da1_-2"+withTid {
		t.Errorf("alert: %+v", l)
	}
	lab := open(t, "https://127.0.0.1:8443")
	if l := lab.Incident(contoso, "1", "https://127.0.0.1:8443/incidents/1"+withTid); l.Rebuilt {
		t.Errorf("on a port: %+v", l)
	}
}

func TestGivenLinkIsRefusedWithTheReason(t *testing.T) {
	t.Parallel()
	p := open(t, public)
	for given, why := range map[string]string{
		public + "/incidents/29?tid=" + string(fabrikam):                         whyForeignTenant,
		public + "/incidents/29?tid=":                                            whyForeignTenant,
		public + "/incidents/29":                                                 whyNoTenant,
		public + "/incidents/29?tenantId=" + string(contoso):                     whyNoTenant,
		public + "/incidents/29" + withTid + "&tid=" + string(contoso):           whyManyTenants,
		public + "/incidents/29" + withTid + "&TID=" + string(fabrikam):          whyManyTenants,
		public + "/incidents/29" + withTid + "&x=1":                              whyMore,
		public + "/incidents/29" + withTid + "#x":                                whyMore,
		public + "/incidents/28" + withTid:                                       whyOtherPage,
		"https://evil.example/incidents/29" + withTid:                            whyOtherHost,
		"http://security.microsoft.com/incidents/29" + withTid:                   whyNotHTTPS,
		public + "/incidents/29 " + withTid:                                      whyCharacters,
		public + "/incidents/29" + withTid + strings.Repeat("a", maxURL):         whyTooLong,
		public + "/incidents/29" + withTid + ";tid=" + string(fabrikam):          whyUnusable,
		public + "/incidents/" + withTid:                                         whyOtherPage,
		public + "/incidents/29%2F" + withTid:                                    whyOtherPage,
		"https://security.microsoft.com:8443/incidents/29" + withTid:             whyOtherHost,
		"https://kai@security.microsoft.com/incidents/29" + withTid:              whyOtherHost,
		"https://security.microsoft.com.evil.example/x?" + withTid:               whyOtherHost,
		public + "/incidents/29?tid=%30a1b2c3d-0000-4000-8000-00000000000" + "3": whyMore,
	} {
		l := p.Incident(contoso, "29", given)
		if !l.Rebuilt || l.Why != why || l.URL != public+"/incidents/29"+withTid {
			t.Errorf("%q: %+v, want %q", given, l, why)
		}
	}
	if l := p.Incident(contoso, "..", "https://evil.example"); !l.Rebuilt || l.URL != public+"/incidents"+withTid {
		t.Errorf("a link for an incident without a number: %+v", l)
	}
}

func TestPortOfAnotherCloudIsNoDefault(t *testing.T) {
	t.Parallel()
	lab := open(t, "https://127.0.0.1:8443")
	for _, given := range []string{"https://127.0.0.1/incidents/1", "https://127.0.0.1:8443:443/incidents/1", "https://127.0.0.1:443/incidents/1"} {
		if l := lab.Incident(contoso, "1", given+withTid); !l.Rebuilt || l.Why != whyOtherHost {
			t.Errorf("%s: %+v", given, l)
		}
	}
}

func TestAllowedHosts(t *testing.T) {
	t.Parallel()
	got := AllowedHosts(open(t, public), open(t, "https://security.apps.mil"), open(t, public), Portal{})
	if !slices.Equal(got, []string{"security.apps.mil", "security.microsoft.com"}) {
		t.Error(got)
	}
}

// holds checks the promise of the package on one link.
func holds(t interface{ Fatalf(string, ...any) }, p Portal, tenant soc.TenantID, l Link) {
	u, err := url.Parse(l.URL)
	if err != nil {
		t.Fatalf("%q does not parse: %v", l.URL, err)
	}
	query, err := url.ParseQuery(u.RawQuery)
	tids := 0
	for key, values := range query {
		if strings.EqualFold(key, "tid") {
			tids += len(values)
		}
	}
	switch {
	case err != nil || tids != 1 || query.Get("tid") != string(tenant):
		t.Fatalf("%q has not the customer's tid, once: %v", l.URL, err)
	case u.Scheme != "https" || u.Host != p.Host() || u.User != nil || strings.Contains(l.URL, "#") || l.Host != p.Host():
		t.Fatalf("%q does not lead to %s", l.URL, p.Host())
	case len(l.URL) > maxURL:
		t.Fatalf("%q is too long", l.URL)
	case strings.IndexFunc(l.URL, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' || r == '"' || r == '<' }) >= 0:
		t.Fatalf("%q has characters that a link cannot have", l.URL)
	case u.JoinPath().EscapedPath() != u.EscapedPath():
		t.Fatalf("%q has a path that changes when it is cleaned", l.URL)
	}
}
