package config

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

func TestVariablesOverrideTheFile(t *testing.T) {
	t.Parallel()
	file := strings.Replace(small, "000003}", "000003, groups: [eu-gold, plain]}", 1) + `refresh: 20s
sla: {eu-gold: {high: 1h, low: 3h}}
clouds: {my-lab: {authority: https://a.example, graph: https://a.example, resource_manager: https://a.example, portal: https://a.example}}
`
	c := mustParse(t, file,
		"SOCCTL_HOME_TENANT=8f0b1c5e-0000-4000-8000-00000000000a", "SOCCTL_HOME_CLIENT_ID=8f0b1c5e-0000-4000-8000-00000000000b",
		"SOCCTL_HOME_SIGN_IN=paste", "SOCCTL_HOME_CLOUD=my-lab", "SOCCTL_REFRESH=30s", "SOCCTL_READ_ONLY=true", "SOCCTL_LOG_FILE=/var/log/x.log",
		"SOCCTL_SLA_EU_GOLD_HIGH=30m", "SOCCTL_SLA_PLAIN_MEDIUM=2h", "SOCCTL_CLOUDS_MY_LAB_GRAPH=https://b.example/",
		"SOCCTL_CLOUDS_MY_LAB_RESOURCE_MANAGER=https://c.example", "SOCCTL_VIEWS=[{name: All}, {name: Old, sort: age}]",
		"SOCCTL_CONFIG=x", "SOCCTL_SHARED=1", "PATH=/bin", "NONSENSE", "=x", "SOCCTL_PROXY=",
	)
	h := c.Home
	if h.Tenant != "8f0b1c5e-0000-4000-8000-00000000000a" || h.ClientID != "8f0b1c5e-0000-4000-8000-00000000000b" || h.SignIn != SignInPaste ||
		h.Cloud.Name != "my-lab" || h.Cloud.Graph != "https://b.example" || h.Cloud.ResourceManager != "https://c.example" || h.Cloud.Portal != "https://a.example" {
		t.Errorf("home is %+v", h)
	}
	if c.Refresh != 30*time.Second || !c.ReadOnly || c.LogFile != "/var/log/x.log" || len(c.Views) != 2 || c.Views[1].Sort != soc.OrderAge {
		t.Errorf("%+v", c)
	}
	want := soc.SLATargets{soc.SeverityHigh: 30 * time.Minute, soc.SeverityMedium: 2 * time.Hour, soc.SeverityLow: 3 * time.Hour}
	if got := c.Registry.All()[0].SLA; !maps.Equal(got, want) {
		t.Errorf("the targets are %v", got)
	}
}

func TestVariablesAlone(t *testing.T) {
	t.Parallel()
	c, err := Parse("", nil, []string{
		"SOCCTL_HOME_TENANT=8f0b1c5e-0000-4000-8000-000000000001", "SOCCTL_HOME_CLIENT_ID=3d6b0f0c-0000-4000-8000-000000000002",
		`SOCCTL_TENANTS=[{"code": "CONT", "name": "Contoso", "id": "0a1b2c3d-0000-4000-8000-000000000003", "groups": ["gold"]}]`,
		"SOCCTL_CLOUDS_LAB_AUTHORITY=https://127.0.0.1:1", "SOCCTL_CLOUDS_LAB_GRAPH=https://127.0.0.1:1",
		"SOCCTL_CLOUDS_LAB_RESOURCE_MANAGER=https://127.0.0.1:1", "SOCCTL_CLOUDS_LAB_PORTAL=https://127.0.0.1:1", "SOCCTL_SLA_GOLD_HIGH=1h",
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.File != "" || c.Clouds["lab"].Portal != "https://127.0.0.1:1" || c.Registry.All()[0].SLA[soc.SeverityHigh] != time.Hour {
		t.Errorf("%+v", c)
	}
}

func TestFaultsOfVariables(t *testing.T) {
	t.Parallel()
	lab := "clouds: {my-lab: {authority: https://a.example, graph: https://a.example, resource_manager: https://a.example, portal: https://a.example}}\n"
	for _, tc := range []struct{ name, variable, want string }{
		{"a bad GUID", "SOCCTL_HOME_TENANT=x", `SOCCTL_HOME_TENANT: "x" is not a GUID: it has the form 0a1b2c3d-0000-4000-8000-000000000003`},
		{"a bad choice", "SOCCTL_HOME_SIGN_IN=past", `SOCCTL_HOME_SIGN_IN: "past" is none of browser, paste, device-code, azure-cli, client-secret, client-certificate, workload-identity, managed-identity: did you mean "paste"?`},
		{"an unknown cloud", "SOCCTL_HOME_CLOUD=my-labb", `SOCCTL_HOME_CLOUD: there is no cloud "my-labb": did you mean "my-lab"?`},
		{"a time out of range", "SOCCTL_REFRESH=1s", `SOCCTL_REFRESH: refresh: it has to be between 10s and 1h`},
		{"a list that is none", "SOCCTL_TENANTS=CONT", `SOCCTL_TENANTS: tenants wants a list, not a single value`},
		{"broken YAML in a list", "SOCCTL_TENANTS=[{", `SOCCTL_TENANTS:1: this is not YAML: did not find expected node content`},
		{"an anchor in a list", "SOCCTL_VIEWS=[&a x]", `SOCCTL_VIEWS:1:2: anchors and aliases (& and *) are not allowed: write the value out, or put it between quotation marks`},
		{"a bad value in a list", "SOCCTL_VIEWS=[{name: a, sort: x}]", `SOCCTL_VIEWS: sort: "x" is none of ` + strings.Join(words(soc.Orders()), ", ") + `, which may have a minus in front`},
		{"a code twice in a list", "SOCCTL_TENANTS=[{code: AA, name: a, id: 0a1b2c3d-0000-4000-8000-000000000003}, {code: AA, name: b, id: 0a1b2c3d-0000-4000-8000-000000000004}]",
			`SOCCTL_TENANTS: code: AA is already the code of the customer in SOCCTL_TENANTS`},
		{"a group that nobody is in", "SOCCTL_SLA_GOLD_HIGH=1h", `SOCCTL_SLA_GOLD_HIGH: sla: no customer is in the group gold`},
		{"a cloud without the rest", "SOCCTL_CLOUDS_NEW_CA_FILE=/none", `SOCCTL_CLOUDS_NEW_CA_FILE: authority is missing: where to sign in: Microsoft Entra`},
		{"an unknown one", "SOCCTL_HOME_TENNANT=x", `SOCCTL_HOME_TENNANT: unknown variable: did you mean "SOCCTL_HOME_TENANT"?`},
		{"an unknown one that is empty", "SOCCTL_HOME_TENNANT=", `SOCCTL_HOME_TENNANT: unknown variable: did you mean "SOCCTL_HOME_TENANT"?`},
		{"an unknown one with nothing near", "SOCCTL_BANANA=x", `SOCCTL_BANANA: unknown variable`},
		{"an unknown key of a cloud", "SOCCTL_CLOUDS_MY_LAB_GRAF=x", `SOCCTL_CLOUDS_MY_LAB_GRAF: unknown variable: did you mean "SOCCTL_CLOUDS_MY_LAB_GRAPH"?`},
		{"a key of an entry", "SOCCTL_TENANTS_CODE=x", `SOCCTL_TENANTS_CODE: unknown variable`},
		{"an object", "SOCCTL_HOME=x", `SOCCTL_HOME: unknown variable`},
		{"small letters", "SOCCTL_refresh=10s", `SOCCTL_refresh: unknown variable: did you mean "SOCCTL_REFRESH"?`},
		{"a secret at the wrong place", "SOCCTL_HOME_CLIENT_SECRET=hunter2", `SOCCTL_HOME_CLIENT_SECRET: unknown variable: did you mean "SOCCTL_CLIENT_SECRET"?`},
		{"a control character", "SOCCTL_LOG_FILE=a\x1b[2J", `SOCCTL_LOG_FILE: there is a line break or an invisible character in the value`},
		{"bytes", "SOCCTL_LOG_FILE=a\xff", `SOCCTL_LOG_FILE: there is a line break or an invisible character in the value`},
		{"a proxy by another protocol", "HTTPS_PROXY=ftp://a.example", `HTTPS_PROXY: this is not the URL of a proxy`},
		{"a proxy that is none", "HTTPS_PROXY=http://u:hunter2@a b", `HTTPS_PROXY: this is not the URL of a proxy`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, err := Parse("config.yaml", []byte(small+lab), []string{tc.variable})
			got := faultsOf(t, c, err)
			if !slices.Contains(got, tc.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), tc.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Error("the error shows a secret")
			}
		})
	}
}

func TestProxy(t *testing.T) {
	t.Parallel()
	graph := &url.URL{Scheme: "https", Host: "graph.microsoft.com"}
	for _, tc := range []struct {
		name, key string
		environ   []string
		target    *url.URL
		want      string
	}{
		{"none", "", nil, graph, ""},
		{"from the variable", "", []string{"HTTPS_PROXY=http://env.example:1"}, graph, "http://env.example:1"},
		{"from the variable in small letters", "", []string{"https_proxy=http://env.example:1"}, graph, "http://env.example:1"},
		{"with a password from the variable", "", []string{"HTTPS_PROXY=http://u:p@env.example:1"}, graph, "http://u:p@env.example:1"},
		{"without a scheme from the variable", "", []string{"HTTPS_PROXY=env.example:1"}, graph, "http://env.example:1"},
		{"the key comes first", "proxy: http://key.example:2\n", []string{"HTTPS_PROXY=http://env.example:1"}, graph, "http://key.example:2"},
		{"not for the excluded", "proxy: http://key.example:2\n", []string{"NO_PROXY=.microsoft.com"}, graph, ""},
		{"not for loopback", "proxy: http://key.example:2\n", nil, &url.URL{Scheme: "https", Host: "127.0.0.1:8443"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := mustParse(t, small+tc.key, tc.environ...).ProxyFor(tc.target)
			if err != nil || (got == nil) != (tc.want == "") || (got != nil && got.String() != tc.want) {
				t.Errorf("got %v, %v; want %q", got, err, tc.want)
			}
		})
	}
}
