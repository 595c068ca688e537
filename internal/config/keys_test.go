package config

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryKeyIsDescribed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{"": true}
	variables := map[string]bool{}
	for _, k := range Keys() {
		parent := k.Path[:max(0, strings.LastIndex(k.Path, "."))]
		if list, ok := strings.CutSuffix(k.Path, "[]"); ok {
			parent = list
		}
		if !seen[parent] || seen[k.Path] {
			t.Errorf("%s stands before what it belongs to, or twice", k.Path)
		}
		seen[k.Path] = true
		if k.Description == "" || strings.HasSuffix(k.Description, ".") || (k.Type.scalar() && k.Example == "") {
			t.Errorf("%s has no description or no example", k.Path)
		}
		if (k.Type == TypeList || k.Type == TypeMap) != (k.Max > 0) {
			t.Errorf("%s has the bound %d", k.Path, k.Max)
		}
		if k.Variable != "" && variables[k.Variable] {
			t.Errorf("two keys have the variable %s", k.Variable)
		}
		variables[k.Variable] = true
	}
	for _, want := range []string{
		"SOCCTL_HOME_TENANT", "SOCCTL_HOME_CLIENT_ID", "SOCCTL_HOME_SIGN_IN", "SOCCTL_HOME_CLOUD", "SOCCTL_CLOUDS_<NAME>_GRAPH",
		"SOCCTL_SLA_<GROUP>_<SEVERITY>", "SOCCTL_TENANTS", "SOCCTL_VIEWS", "SOCCTL_REFRESH", "SOCCTL_READ_ONLY", "SOCCTL_PROXY", "SOCCTL_LOG_FILE",
	} {
		if !variables[want] {
			t.Errorf("there is no variable %s", want)
		}
	}
}

// An example or a default that does not load would be copied all the same.
func TestExamplesAndDefaultsAreValid(t *testing.T) {
	t.Parallel()
	for _, k := range Keys() {
		if !k.Type.scalar() {
			continue
		}
		if _, err := parseScalar(k, k.Example); err != nil {
			t.Errorf("%s: the example: %v", k.Path, err)
		}
		if k.Default == "" || k.Default == "HTTPS_PROXY" || k.Default == "home.cloud" || k.Default == "read_only" {
			continue
		}
		if _, err := parseScalar(k, k.Default); err != nil {
			t.Errorf("%s: the default: %v", k.Path, err)
		}
	}
	c := mustParse(t, small)
	defaults := map[string]string{"home.sign_in": string(c.Home.SignIn), "home.cloud": c.Home.Cloud.Name, "read_only": "false"}
	for _, k := range Keys() {
		if got, ok := defaults[k.Path]; ok && k.Default != got {
			t.Errorf("%s: the default is %s, the table says %s", k.Path, got, k.Default)
		}
	}
	if d, err := parseDuration(keyOf("refresh").Default); err != nil || d != c.Refresh {
		t.Errorf("refresh: %v, %v", d, err)
	}
}

func keyOf(path string) Key {
	keys := Keys()
	return keys[slices.IndexFunc(keys, func(k Key) bool { return k.Path == path })]
}
