package entra

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const root = "https://127.0.0.1:8443"

func TestScopeNamesOneResource(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, scope, resource, permissions string
		all, openID, offline               bool
		code                               int
	}{
		{name: "this cloud", scope: root + "/.default", resource: root, all: true},
		{name: "graph", scope: "https://graph.microsoft.com/.default", resource: Graph, all: true},
		{name: "graph by id", scope: GraphID + "/.default", resource: GraphID, all: true},
		{name: "double slash", scope: "https://graph.microsoft.com//.default", resource: Graph, all: true},
		{name: "short names", scope: "User.Read SecurityAlert.Read.All openid profile offline_access", resource: root, permissions: "User.Read SecurityAlert.Read.All", openID: true, offline: true},
		{name: "long names", scope: "https://graph.microsoft.com/User.Read", resource: Graph, permissions: "User.Read"},
		{name: "nothing", scope: "openid", resource: root, openID: true},
		{name: "two resources", scope: root + "/.default https://management.azure.com/.default", code: 28000},
		{name: "unknown resource", scope: "https://vault.example/.default", code: 500011},
		{name: "no permission", scope: root + "/", code: 70011},
	} {
		q, fault := parseScope(c.scope, root, Tenant{Name: "Contoso"})
		if c.code != 0 {
			if fault == nil || fault.Code != c.code {
				t.Errorf("%s: %v, want AADSTS%d", c.name, fault, c.code)
			}
			continue
		}
		if fault != nil || q.resource != c.resource || strings.Join(q.permissions, " ") != c.permissions || q.all != c.all || q.openID != c.openID || q.offline != c.offline {
			t.Errorf("%s: %+v, %v", c.name, q, fault)
		}
	}
}

func newAuthority(t *testing.T) *Authority {
	t.Helper()
	a, err := New(Config{Home: Tenant{ID: "h", Name: "Home"}, Tenants: []Tenant{{ID: "c", Name: "Contoso"}}, Users: []User{{UPN: "kai@home.example"}}, Now: time.Now, Lifetime: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAnyChangeBreaksTheSignature changes one letter of a good token.
func TestAnyChangeBreaksTheSignature(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	token, err := a.Mint(Mint{Tenant: "c", Audience: Graph, Lifetime: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Verify(token, Graph); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		i := rapid.IntRange(0, len(token)-1).Draw(t, "position")
		letter := rapid.SampledFrom([]byte("ABCDxyz019-_.")).Draw(t, "letter")
		if token[i] == letter {
			t.Skip("the same letter")
		}
		if c, err := a.Verify(token[:i]+string(letter)+token[i+1:], Graph); err == nil {
			t.Fatalf("position %d as %q is accepted: %+v", i, letter, c)
		}
	})
}

func TestNobodyApprovesAnUnknownCode(t *testing.T) {
	t.Parallel()
	if err := newAuthority(t).Approve("NOSUCHONE", "kai@home.example"); !errors.Is(err, ErrNoCode) {
		t.Errorf("%v", err)
	}
}

func TestAuthorityAnswersOnlyItsOwnPaths(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"/c/oauth2/v2.0/token": true, "/C/OAuth2/V2.0/Token": true, "/common/discovery/instance": true, "/devicelogin": true, "/c/v2.0/.well-known/openid-configuration": true,
		"/v1.0/security/incidents": false, "/": false, "/c/oauth2/token": false, "/v1.0/me": false,
	} {
		if got := Handles(path); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
	w := httptest.NewRecorder()
	newAuthority(t).ServeHTTP(w, httptest.NewRequest("GET", "/c/nothing", nil))
	if w.Code != 404 {
		t.Errorf("an unknown path: %d", w.Code)
	}
}
