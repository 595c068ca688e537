package portal

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/socctl/socctl/internal/soc"
)

// everyPage makes each kind of link from the same hostile values.
func everyPage(p Portal, t soc.TenantID, id, given string) []Link {
	return []Link{
		p.Incident(t, id, given), p.Alert(t, id, given), p.Queue(t), p.Home(t), p.Device(t, id), p.User(t, id, given),
		p.User(t, given, id), p.IP(t, id), p.URL(t, given), p.Domain(t, given), p.File(t, id), p.HuntingEmpty(t),
	}
}

func TestEveryLinkKeepsThePromise(t *testing.T) {
	t.Parallel()
	portals := []Portal{open(t, public), open(t, "https://security.apps.mil"), open(t, "https://127.0.0.1:8443"), open(t, "https://[::1]:8443")}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(portals).Draw(t, "portal")
		tenant := soc.TenantID(fmt.Sprintf("%08x-0000-4000-8000-000000000003", rapid.Uint32().Draw(t, "tenant")))
		id := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{1,6}`), rapid.StringMatching(`[./%\\?#&=:a-f0-9]{0,12}`),
			rapid.SampledFrom([]string{"..", ".", "%2e%2e", "?tid=1", "#", device, sha256, "::1", "fe80::1%25x"})).Draw(t, "id")
		parts := []string{"https://", "http://", p.Host(), "security.microsoft.com", "evil.example", "/incidents/", "/incident2/", "/overview",
			"/alerts/", id, "?", "&", "tid=", "tenantId=", string(tenant), string(fabrikam), "#", "@", ":443", "\\", "\r\n", "%2F", " ", ";"}
		given := strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(parts), rapid.String()), 0, 10).Draw(t, "given"), "")
		for _, l := range everyPage(p, tenant, id, given) {
			holds(t, p, tenant, l)
		}
	})
}

func TestARightLinkIsAlwaysUsed(t *testing.T) {
	t.Parallel()
	p := open(t, public)
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[0-9]{1,12}`).Draw(t, "id")
		alert := rapid.StringMatching(`[a-z]{2}[0-9]{1,20}_-?[0-9]{1,10}`).Draw(t, "alert")
		for _, l := range []Link{
			p.Incident(contoso, id, p.Incident(contoso, id, "").URL),
			p.Incident(contoso, id, public+"/incident2/"+id+"/overview"+withTid),
			p.Alert(contoso, alert, p.Alert(contoso, alert, "").URL),
		} {
			if l.Rebuilt || l.Why != "" {
				t.Fatalf("%+v", l)
			}
		}
	})
}

func FuzzIncident(f *testing.F) {
	p := open(f, public)
	f.Add("29", public+"/incidents/29"+withTid)
	f.Add("29", public+"/incident2/29/overview"+withTid+"&tid="+string(fabrikam))
	f.Add("..", "https://evil.example/")
	f.Add("da1_-2", "https://user@security.microsoft.com:443/alerts/da1_-2"+withTid+"#x")
	f.Add("%2e", "javascript:alert(1)")
	f.Fuzz(func(t *testing.T, id, given string) {
		for _, l := range everyPage(p, contoso, id, given) {
			holds(t, p, contoso, l)
		}
		if _, err := New(given); err == nil && !strings.HasPrefix(strings.ToLower(given), "https://") {
			t.Fatalf("%q is taken as a portal", given)
		}
	})
}
