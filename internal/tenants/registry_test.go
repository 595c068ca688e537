package tenants_test

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/text"
)

func customer(code, name string, n int, groups ...string) tenants.Tenant {
	id := soc.TenantID(fmt.Sprintf("0a1b2c3d-0000-4000-8000-%012d", n))
	return tenants.Tenant{Tenant: soc.Tenant{ID: id, Code: soc.Code(code), Name: text.NewLine(name), Groups: groups}}
}

func three(t *testing.T) *tenants.Registry {
	t.Helper()
	r, err := tenants.New([]tenants.Tenant{
		customer("CONT", "Contoso Ltd", 3, "gold", "emea"),
		customer("FABR", "Fabrikam", 1, "silver", "emea"),
		customer("WOOD", "Woodgrove Bank", 2),
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBuiltinClouds(t *testing.T) {
	t.Parallel()
	clouds := tenants.BuiltinClouds()
	if got := slices.Sorted(maps.Keys(clouds)); !slices.Equal(got, []string{"china", "dod", "gcc", "gcc-high", "public"}) {
		t.Errorf("clouds are %v", got)
	}
	for name, c := range clouds {
		if c.Name != name || c.Supported != (c.Why == "") {
			t.Errorf("%s: %+v", name, c)
		}
		if !c.Supported {
			continue
		}
		for _, base := range []string{c.Authority, c.Graph, c.ResourceManager, c.Portal} {
			if u, err := url.Parse(base); err != nil || u.Scheme+"://"+u.Host != base || u.Scheme != "https" {
				t.Errorf("%s: %q is not a base URL", name, base)
			}
		}
	}
	clouds["public"] = tenants.Cloud{}
	if tenants.BuiltinClouds()["public"].Name == "" {
		t.Error("a caller can change the built-in clouds")
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	upperID := customer("FABR", "Fabrikam", 1)
	upperID.ID = soc.TenantID(strings.ToUpper(string(upperID.ID)))
	for _, tc := range []struct {
		name string
		list []tenants.Tenant
		want string
	}{
		{"a code twice", []tenants.Tenant{customer("CONT", "a", 1), customer("CONT", "b", 2)}, "two customers have the code CONT"},
		{"an id twice", []tenants.Tenant{customer("CONT", "a", 1), customer("FABR", "b", 1)}, "CONT and FABR have the same tenant id"},
		{"no code", []tenants.Tenant{{}}, "not a customer code"},
		{"a code in small letters", []tenants.Tenant{customer("cont", "a", 1)}, "not in capital letters"},
		{"no id", []tenants.Tenant{{Tenant: soc.Tenant{Code: "CONT"}}}, "customer CONT: "},
		{"an id in capitals", []tenants.Tenant{upperID}, "not in lower case"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := tenants.New(tc.list)
			if r != nil || err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("New = %v, %v; want an error with %q", r, err, tc.want)
			}
		})
	}
}

func TestRegistryIsACopy(t *testing.T) {
	t.Parallel()
	list := []tenants.Tenant{customer("CONT", "Contoso", 1, "gold")}
	list[0].SLA = soc.SLATargets{soc.SeverityHigh: 1}
	list[0].Access = map[string]tenants.Access{"tier1": {Package: "p"}}
	r, err := tenants.New(list)
	if err != nil {
		t.Fatal(err)
	}
	list[0].Groups[0], list[0].SLA[soc.SeverityHigh] = "changed", 2
	list[0].Access["tier1"] = tenants.Access{}
	r.All()[0] = nil
	r.Groups()[0] = "changed"
	got := r.All()[0]
	if got.Groups[0] != "gold" || got.SLA[soc.SeverityHigh] != 1 || got.Access["tier1"].Package != "p" || r.Groups()[0] != "gold" {
		t.Errorf("the registry changed with the list: %+v", got)
	}
}

func TestByCode(t *testing.T) {
	t.Parallel()
	r := three(t)
	for _, tc := range []struct{ name, word, want, wrong string }{
		{"as it is", "CONT", "CONT", ""},
		{"in small letters", "fabr", "FABR", ""},
		{"one letter wrong", "FABB", "", "no customer FABB; did you mean FABR (Fabrikam)?"},
		{"the name", "fabrikam", "", "no customer fabrikam; did you mean FABR (Fabrikam)?"},
		{"the beginning of the name", "woodgrove", "", "no customer woodgrove; did you mean WOOD (Woodgrove Bank)?"},
		{"nothing near", "ZZZZZZ", "", "no customer ZZZZZZ; there are CONT, FABR, WOOD"},
		{"empty", "", "", `no customer ""; there are CONT, FABR, WOOD`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := r.ByCode(tc.word)
			if tc.want != "" {
				if err != nil || string(got.Code) != tc.want {
					t.Errorf("ByCode(%q) = %v, %v", tc.word, got, err)
				}
				return
			}
			var unknown *tenants.UnknownError
			if !errors.As(err, &unknown) || err.Error() != tc.wrong {
				t.Errorf("ByCode(%q) gives %v; want %s", tc.word, err, tc.wrong)
			}
		})
	}
}

func TestByID(t *testing.T) {
	t.Parallel()
	r := three(t)
	if got, ok := r.ByID("0a1b2c3d-0000-4000-8000-000000000002"); !ok || got.Code != "WOOD" {
		t.Errorf("ByID = %v, %v", got, ok)
	}
	if _, ok := r.ByID("0a1b2c3d-0000-4000-8000-000000000009"); ok {
		t.Error("an unknown id is found")
	}
}

func TestInGroup(t *testing.T) {
	t.Parallel()
	r := three(t)
	got, err := r.InGroup("EMEA")
	if err != nil || len(got) != 2 || got[0].Code != "CONT" || got[1].Code != "FABR" {
		t.Errorf("InGroup = %v, %v", got, err)
	}
	for word, want := range map[string]string{
		"golf":   "no group golf; did you mean gold?",
		"platin": "no group platin; there are emea, gold, silver",
	} {
		var unknown *tenants.UnknownError
		if _, err := r.InGroup(word); !errors.As(err, &unknown) || err.Error() != want {
			t.Errorf("InGroup(%q) gives %v; want %s", word, err, want)
		}
	}
}

func TestManyCustomersAreNotListedInAnError(t *testing.T) {
	t.Parallel()
	var list []tenants.Tenant
	for i := range 20 {
		list = append(list, customer(fmt.Sprintf("AB%02d", i), "x", i+1))
	}
	r, err := tenants.New(list)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.ByCode("ZZZZZZ"); err.Error() != "no customer ZZZZZZ" {
		t.Error(err)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	r := three(t)
	ref, err := soc.ParseRef("fabr-1204")
	if err != nil {
		t.Fatal(err)
	}
	got, tenant, err := r.Resolve(ref)
	if err != nil || tenant.Code != "FABR" || got.Tenant != tenant.ID || got.String() != "FABR-1204" {
		t.Fatalf("Resolve = %+v, %v, %v", got, tenant, err)
	}
	if again, _, err := r.Resolve(got); err != nil || again != got {
		t.Errorf("a resolved reference does not resolve to itself: %+v, %v", again, err)
	}
	foreign := got
	foreign.Tenant = r.All()[0].ID
	for name, bad := range map[string]soc.Ref{
		"of another tenant": foreign, "unknown code": {Code: "NOPE", ID: "1"}, "no number": {Code: "CONT"},
	} {
		if ref, tenant, err := r.Resolve(bad); err == nil || tenant != nil || !ref.IsZero() {
			t.Errorf("%s: Resolve = %+v, %v, %v", name, ref, tenant, err)
		}
	}
}

func TestVocabulary(t *testing.T) {
	t.Parallel()
	v := three(t).Vocabulary()
	if !slices.Equal(v.Codes, []soc.Code{"CONT", "FABR", "WOOD"}) || !slices.Equal(v.Groups, []string{"emea", "gold", "silver"}) {
		t.Errorf("%+v", v)
	}
}
