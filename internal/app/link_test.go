package app

import (
	"testing"

	"github.com/socctl/socctl/internal/portal"
	"github.com/socctl/socctl/internal/soc"
)

func TestOnlyLinksThatSayNothingNewAreForgotten(t *testing.T) {
	t.Parallel()
	const tenant soc.TenantID = "0a1b2c3d-0000-4000-8000-000000000003"
	p, err := portal.New("https://security.microsoft.com")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		given string
		kept  bool
	}{
		"none":             {"", false},
		"the usual one":    {"https://security.microsoft.com/incidents/7?tid=" + string(tenant), false},
		"the other page":   {"https://security.microsoft.com/incident2/7/overview?tid=" + string(tenant), true},
		"another tenant":   {"https://security.microsoft.com/incidents/7?tid=0a1b2c3d-0000-4000-8000-000000000004", true},
		"another host":     {"https://evil.example/incidents/7?tid=" + string(tenant), true},
		"another incident": {"https://security.microsoft.com/incidents/8?tid=" + string(tenant), true},
		"garbage":          {"javascript:alert(1)", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := &soc.Incident{Ref: soc.Ref{Tenant: tenant, Code: "CONT", Source: soc.SourceDefender, ID: "7"}, WebURL: c.given}
			before := p.Incident(tenant, "7", i.WebURL)
			dropPlainLink(p, i)
			if (i.WebURL != "") != c.kept {
				t.Errorf("kept %q", i.WebURL)
			}
			if after := p.Incident(tenant, "7", i.WebURL); after != before {
				t.Errorf("the link was %+v and is %+v", before, after)
			}
		})
	}
}
