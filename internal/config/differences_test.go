package config

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestDifferences(t *testing.T) {
	t.Parallel()
	base := strings.Replace(small, "000003}", "000003, groups: [gold]}", 1) + `sla: {gold: {high: 1h}}
clouds: {lab: {authority: https://a.example, graph: https://a.example, resource_manager: https://a.example, portal: https://a.example}}
`
	swap := func(old, to string) string {
		if !strings.Contains(base, old) {
			t.Fatal(old)
		}
		return strings.Replace(base, old, to, 1)
	}
	fabrikam := "  - {code: FABR, name: b, id: " + secondTenant + "}\n"
	for _, tc := range []struct {
		name, data string
		environ    []string
		want       string
	}{
		{"nothing", base, nil, ""},
		{"what can be taken over", swap("groups", "read_only: true, groups") + "read_only: true\nviews: [{name: a}]\nconsole: {theme: light, mouse: true}\n", nil, ""},
		{"what is a default", base + "refresh: 60s\nread_only: false\n", nil, ""},
		{"the home tenant", swap("8f0b1c5e", "8f0b1c5f"), nil, "home"},
		{"the sign-in", swap("tenants:", "  sign_in: paste\ntenants:"), nil, "home"},
		{"the home cloud", swap("tenants:", "  cloud: gcc\ntenants:"), nil, "home, tenants"},
		{"a cloud", swap("graph: https://a.example", "graph: https://b.example"), nil, "clouds"},
		{"a customer's name", swap("Contoso", "Fabrikam"), nil, "tenants"},
		{"another customer", swap("sla:", fabrikam+"sla:"), nil, "tenants"},
		{"a customer's group", swap("[gold]", "[gold, emea]"), nil, "tenants"},
		{"a customer's package", swap("groups", "access: {tier1: {package: "+secondTenant+"}}, groups"), nil, "tenants"},
		{"a target", swap("1h", "2h"), nil, "sla"},
		{"no target", swap("sla: {gold: {high: 1h}}", "sla: {gold: {}}"), nil, "sla"},
		{"much", swap("Contoso", "Fabrikam") + "refresh: 2m\nproxy: http://proxy.example:1\nlog_file: x.log\n", nil, "tenants, refresh, proxy, log_file"},
		{"a proxy by variable", base, []string{"HTTPS_PROXY=http://proxy.example:1"}, "proxy"},
	} {
		before, after := mustParse(t, base), mustParse(t, tc.data, tc.environ...)
		for _, got := range [][]string{Differences(before, after), Differences(after, before)} {
			if strings.Join(got, ", ") != tc.want {
				t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
			}
		}
	}
	secret := strings.Replace(base, "tenants:", "  sign_in: client-secret\ntenants:", 1)
	if got := Differences(mustParse(t, secret, "SOCCTL_CLIENT_SECRET=a"), mustParse(t, secret, "SOCCTL_CLIENT_SECRET=b")); !slices.Equal(got, []string{"home"}) {
		t.Errorf("a secret: %q", got)
	}
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	head, contoso, _ := strings.Cut(small, "tenants:\n")
	head += "tenants:\n"
	fabrikam := "  - {code: FABR, name: b, id: " + secondTenant + "}\n"
	one := mustParse(t, head+contoso+fabrikam).Fingerprint()
	if !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(one) {
		t.Errorf("%q", one)
	}
	for data, same := range map[string]bool{
		head + fabrikam + contoso: true,
		head + strings.Replace(contoso, "Contoso", "Other", 1) + fabrikam + "refresh: 2m\n": true,
		head + contoso: false,
		strings.Replace(head, "8f0b1c5e", "8f0b1c5f", 1) + contoso + fabrikam: false,
	} {
		if got := mustParse(t, data).Fingerprint(); (got == one) != same {
			t.Errorf("%s\ngives %s beside %s", data, got, one)
		}
	}
	if got := mustParse(t, small).Fingerprint(); got != "88551869c79f8b6f" {
		t.Errorf("the fingerprint is %s: saved sessions would be taken for another configuration's", got)
	}
}
