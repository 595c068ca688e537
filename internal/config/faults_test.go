package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/soc"
)

// customers is the head of a document that has only its customers to check.
const customers = `home: {tenant: 8f0b1c5e-0000-4000-8000-000000000001, client_id: 3d6b0f0c-0000-4000-8000-000000000002}
tenants:
`

const secondTenant = "0a1b2c3d-0000-4000-8000-000000000004"

func TestFaults(t *testing.T) {
	t.Parallel()
	lab := "clouds: {lab: {authority: %s, graph: https://a.example, resource_manager: https://a.example, portal: https://a.example}}\n"
	for _, tc := range []struct {
		name, yaml string
		want       string // the lines, without the file's name
	}{
		{"an unknown key", strings.Replace(small, "tenants:", "tennants:", 1),
			`4:1: unknown key "tennants": did you mean "tenants"?`},
		{"an unknown key below", small + "sla:\nviews:\n  - nam: x\n",
			`8:5: unknown key "nam": did you mean "name"?`},
		{"an unknown key with nothing near", small + "banana: 1\n", `6:1: unknown key "banana"`},
		{"a key twice", small + "refresh: 10s\nrefresh: 20s\n", `7:1: the key "refresh" is given twice, first in line 6`},
		{"a list for a key", small + "[a]: 1\n", `6:1: a key has to be a word, not a list`},
		{"a list for the whole", "- a\n", `1:1: the configuration wants keys below it, not a list`},
		{"a word for the whole", "hello\n", `1:1: the configuration wants keys below it, not a single value`},
		{"nothing", "", `1:1: home is missing: the provider's own tenant, and how its people sign in|1:1: tenants is missing: the customers, in the order of display`},
		{"empty home", "home:\n" + small[strings.Index(small, "tenants"):],
			`1:6: home.tenant is missing: the id of the provider's own tenant|1:6: home.client_id is missing: the id of the provider's multi-tenant application`},
		{"a list for an object", "home: [a]\n" + small[strings.Index(small, "tenants"):], `1:7: home wants keys below it, not a list`},
		{"keys for a value", small + "refresh: {a: b}\n", `6:10: refresh wants a single value, not keys`},
		{"a value for a list", small + "views: Triage\n", `6:8: views wants a list, not a single value`},
		{"a value for a map", small + "sla: gold\n", `6:6: sla wants names with something below them, not a single value`},
		{"no value", small + "refresh:\n", `6:9: refresh has no value`},
		{"an empty value", small + "log_file: ''\n", `6:11: log_file has no value`},
		{"no customers", "home: {tenant: 8f0b1c5e-0000-4000-8000-000000000001, client_id: 3d6b0f0c-0000-4000-8000-000000000002}\ntenants: []\n",
			`2:10: tenants has no entry: the customers, in the order of display`},
		{"a GUID that is none", strings.Replace(small, "8f0b1c5e-", "8f0b1c5-", 1),
			`2:11: tenant: "8f0b1c5-0000-4000-8000-000000000001" is not a GUID: it has the form 0a1b2c3d-0000-4000-8000-000000000003`},
		{"a GUID of zeros", strings.Replace(small, "3d6b0f0c-0000-4000-8000-000000000002", "00000000-0000-0000-0000-000000000000", 1),
			`3:14: client_id: the GUID of zeros names nothing`},
		{"an unknown sign-in", strings.Replace(small, "tenants:", "  sign_in: brwoser\ntenants:", 1),
			`4:12: sign_in: "brwoser" is none of browser, paste, device-code, azure-cli, client-secret, client-certificate, workload-identity, managed-identity: did you mean "browser"?`},
		{"an unknown cloud", strings.Replace(small, "tenants:", "  cloud: gcc-hihg\ntenants:", 1), `4:10: there is no cloud "gcc-hihg": did you mean "gcc-high"?`},
		{"a customer's unknown cloud", customers + "  - {code: CONT, name: a, id: " + secondTenant + ", cloud: pubic}\n", `3:76: there is no cloud "pubic": did you mean "public"?`},
		{"the cloud in China", strings.Replace(small, "tenants:", "  cloud: china\ntenants:", 1),
			`4:10: the cloud china cannot be used: Microsoft Graph offers no security incidents in the cloud operated by 21Vianet`},
		{"a built-in cloud again", small + strings.Replace(fmt.Sprintf(lab, "https://a.example"), "lab", "public", 1),
			`6:18: the cloud public is built in and cannot be changed: choose another name`},
		{"a secret", strings.Replace(small, "tenants:", "  client_secret: hunter2\ntenants:", 1),
			`4:3: a secret does not belong into the configuration: set SOCCTL_CLIENT_SECRET, or name a file with home.client_secret_file`},
		{"a sign-in without its secret", strings.Replace(small, "tenants:", "  sign_in: client-secret\ntenants:", 1),
			`4:12: sign_in: client-secret wants the variable SOCCTL_CLIENT_SECRET or home.client_secret_file`},
		{"a sign-in without its certificate", strings.Replace(small, "tenants:", "  sign_in: client-certificate\ntenants:", 1),
			`4:12: sign_in: client-certificate wants home.client_certificate_file`},
		{"a code that is none", strings.Replace(small, "CONT", "C-1", 1), `5:12: code: "C-1" is not a customer code: it has 2 to 8 letters and digits and starts with a letter`},
		{"a name with an escaped control", strings.Replace(small, "Contoso Ltd", `"Contoso\e[2J"`, 1), `5:24: name: there is a line break or an invisible character in the value`},
		{"a domain that is none", strings.Replace(small, "000003}", "000003, domain: https://x}", 1), `5:87: domain: "https://x" is not a domain: it has the form contoso.onmicrosoft.com`},
		{"a code twice", small + "  - {code: cont, name: b, id: " + secondTenant + "}\n", `6:12: code: CONT is already the code of the customer in line 5`},
		{"an id twice", small + "  - {code: FABR, name: b, id: 0A1B2C3D-0000-4000-8000-000000000003}\n",
			`6:31: id: 0a1b2c3d-0000-4000-8000-000000000003 is already the id of the customer in line 5`},
		{"a group that is none", strings.Replace(small, "000003}", "000003, groups: [Gold_1]}", 1),
			`5:88: an entry of groups: "Gold_1" is not a name: it has small letters, digits and single dashes, at most 32`},
		{"an unknown tier", strings.Replace(small, "000003}", "000003, access: {teir1: {package: "+secondTenant+"}}}", 1),
			`5:88: tier: "teir1" is none of tier1, tier2: did you mean "tier1"?`},
		{"an empty tier", strings.Replace(small, "000003}", "000003, access: {tier1: {}}}", 1), `5:95: tier1: it wants a package or a pim_group`},
		{"a policy alone", strings.Replace(small, "000003}", "000003, access: {tier1: {policy: "+secondTenant+"}}}", 1), `5:104: policy: it belongs to a package, and there is none beside it`},
		{"a package that is none", strings.Replace(small, "000003}", "000003, access: {tier1: {package: 5b1e...}}}", 1),
			`5:105: package: "5b1e..." is not a GUID: it has the form 0a1b2c3d-0000-4000-8000-000000000003`},
		{"an unknown severity", strings.Replace(small, "000003}", "000003, groups: [gold]}", 1) + "sla: {gold: {hihg: 1h}}\n",
			`6:14: severity: "hihg" is none of high, medium, low, informational: did you mean "high"?`},
		{"a group that nobody is in", strings.Replace(small, "000003}", "000003, groups: [gold]}", 1) + "sla: {golf: {high: 1h}}\n",
			`6:13: sla: no customer is in the group golf: did you mean "gold"?`},
		{"a number for a time", small + "refresh: 60\n", `6:10: refresh: "60" is not a time: write 90s, 30m, 4h or 2d`},
		{"a time too short", small + "refresh: 5s\n", `6:10: refresh: it has to be between 10s and 1h`},
		{"no time at all", small + "refresh: 0s\n", `6:10: refresh: "0s" is out of range: it has to be more than nothing and at most 366d`},
		{"yes for true", small + "read_only: yes\n", `6:12: read_only: "yes" is neither true nor false`},
		{"an unknown order", small + "views: [{name: a, sort: urgncy}]\n",
			`6:25: sort: "urgncy" is none of ` + strings.Join(words(soc.Orders()), ", ") + `, which may have a minus in front: did you mean "urgency"?`},
		{"a view twice", small + "views: [{name: a}, {name: a}]\n", `6:27: name: there is a view "a" already, in line 6`},
		{"a proxy with a password", small + "proxy: http://kai:hunter2@proxy.example:3128\n",
			`6:8: proxy: a password does not belong into the configuration: set HTTPS_PROXY instead`},
		{"a proxy by another protocol", small + "proxy: ftp://proxy.example\n", `6:8: proxy: "ftp://proxy.example" starts with none of http://, https:// and socks5://`},
		{"http", small + fmt.Sprintf(lab, "http://a.example"), `6:27: authority: http is refused, since tokens would travel in the clear: it has to be https`},
		{"a URL with a path", small + fmt.Sprintf(lab, "https://a.example/common"),
			`6:27: authority: "https://a.example/common" has a path or a query: only the host is wanted, such as https://127.0.0.1:8443`},
		{"a cloud without an address", small + "clouds: {lab: {authority: https://a.example, graph: https://a.example, portal: https://a.example}}\n",
			`6:15: resource_manager is missing: Azure Resource Manager`},
		{"a cloud's name that is none", small + "clouds: {La b: {}}\n", `6:10: name: "La b" is not a name: it has small letters, digits and single dashes, at most 32`},
		{"an anchor", strings.Replace(small, "home:", "home: &a", 1),
			`1:7: anchors and aliases (& and *) are not allowed: write the value out, or put it between quotation marks`},
		{"an alias", small + "proxy: *a\n", ` this is not YAML: unknown anchor 'a' referenced`},
		{"a tag", small + "proxy: !!str x\n", `6:8: tags (!) are not allowed: put the value between quotation marks`},
		{"a merge", small + "<<: {refresh: 60s}\n", `6:1: unknown key "<<"`},
		{"two documents", small + "---\nhome:\n", `6:1: a second document starts here: there can be only one`},
		{"a broken second document", small + "---\n{\n", `7: this is not YAML: did not find expected node content`},
		{"broken YAML", small + "views: [\n", `6: this is not YAML: did not find expected node content`},
		{"a tab", small + "views:\n\t- name: x\n", `7: this is not YAML: found character that cannot start any token`},
		{"a NUL", "home:\n  a: b\x00\n", `2:7: there is an invisible character here: '\x00'`},
		{"an escape sequence", "# \x1b[2J\n", `1:3: there is an invisible character here: '\x1b'`},
		{"reordered text", "# é\u202ehome\n", `1:4: there is an invisible character here: '\u202e'`},
		{"a line's end for some", "home:\u2028", `1:6: there is an invisible character here: '\u2028'`},
		{"another encoding", "\xff\xfeh\x00", `1:1: this is not UTF-8`},
		{"a huge file", strings.Repeat("#", maxFile+1), ` is larger than 4 MiB`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, err := Parse("config.yaml", []byte(tc.yaml), nil)
			got := faultsOf(t, c, err)
			want := strings.Split(tc.want, "|")
			for i := range want {
				want[i] = "config.yaml:" + want[i]
			}
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

func TestFilterOfAViewIsChecked(t *testing.T) {
	t.Parallel()
	for filter, want := range map[string]string{
		"status:nwe":  `config.yaml:6:27: filter: there is no status`,
		"tenant:CONS": `config.yaml:6:27: filter: there is no customer`,
		`"open`:       `config.yaml:6:27: filter: a quotation mark is never closed`,
	} {
		c, err := Parse("config.yaml", []byte(small+"views: [{name: a, filter: '"+filter+"'}]\n"), nil)
		if got := faultsOf(t, c, err); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: %v", filter, got)
		}
	}
}

func TestManyFaultsAreCounted(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 33 {
		fmt.Fprintf(&b, "key%d: 1\n", i)
	}
	c, err := Parse("config.yaml", []byte(small+b.String()), nil)
	got := faultsOf(t, c, err)
	if len(got) != maxFaults+1 || got[maxFaults] != "and 13 more" {
		t.Errorf("%d lines, the last is %q", len(got), got[len(got)-1])
	}
}

func TestFaultsStandInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	c, err := Parse("config.yaml", []byte("refresh: x\nproxy: y\n"+small+"read_only: z\n"), []string{"SOCCTL_HOME_CLOUD=q", "SOCCTL_A=b"})
	got := faultsOf(t, c, err)
	var heads []string
	for _, l := range got {
		head, _, _ := strings.Cut(l, ": ")
		heads = append(heads, head)
	}
	if want := []string{"config.yaml:1:10", "config.yaml:2:8", "config.yaml:8:12", "SOCCTL_A", "SOCCTL_HOME_CLOUD"}; !slices.Equal(heads, want) {
		t.Errorf("%q", got)
	}
}

func TestAByteOrderMarkIsFine(t *testing.T) {
	t.Parallel()
	mustParse(t, "\ufeff"+strings.ReplaceAll(small, "\n", "\r\n"))
}
