package entra

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Tenant is a directory that can issue tokens.
type Tenant struct {
	ID, Name, Domain string
	// Closed tenants know neither the provider's users nor its applications.
	Closed bool
}

// User is a member of the home tenant and a guest in every other tenant that is not closed.
type User struct{ UPN, Name string }

// App is a registered application.
type App struct {
	ID, Name    string
	Secret      string            // empty: a public client
	Certificate *x509.Certificate // of a confidential client that signs its assertions; may be nil
}

// Config describes the directories.
type Config struct {
	Home    Tenant
	Tenants []Tenant // the others
	Users   []User   // the first one is who AutoApprove signs in
	Apps    []App
	// Permissions are those that every tenant has consented to, delegated and application alike.
	Permissions []string
	Now         func() time.Time
	AutoApprove bool          // a device code is approved after its first poll
	Click       bool          // the page of a sign-in waits for a click
	Interval    time.Duration // between two polls of a device code
	Lifetime    time.Duration // of access tokens
}

// Authority is the sign-in service. Use New.
type Authority struct {
	config  Config
	tenants map[string]Tenant
	apps    map[string]App
	users   map[string]User
	key     *ecdsa.PrivateKey
	keyID   string
	seal    [32]byte // of refresh tokens

	mu       sync.Mutex
	devices  map[string]*device // by device code
	codes    map[string]*grant  // by authorisation code
	policies map[string]Policy  // by tenant
	moments  map[string]moments // by tenant; "" for all
	proofs   map[string]proof   // by user
}

// New makes an authority with fresh keys.
func New(c Config) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	a := &Authority{
		config: c, tenants: map[string]Tenant{}, apps: map[string]App{}, users: map[string]User{}, key: key, keyID: randomText(16),
		devices: map[string]*device{}, codes: map[string]*grant{},
		policies: map[string]Policy{}, moments: map[string]moments{}, proofs: map[string]proof{},
	}
	_, _ = rand.Read(a.seal[:])
	for _, t := range append([]Tenant{c.Home}, c.Tenants...) {
		a.tenants[t.ID] = t
	}
	for _, app := range c.Apps {
		a.apps[app.ID] = app
	}
	for _, u := range c.Users {
		a.users[strings.ToLower(u.UPN)] = u
	}
	return a, nil
}

// Handles reports whether a path belongs to the authority rather than to Graph.
func Handles(path string) bool {
	tenant, rest := split(path)
	switch {
	case tenant == "devicelogin":
		return true
	case tenant == "common" && strings.EqualFold(rest, "discovery/instance"):
		return true
	}
	_, ok := endpoints()[strings.ToLower(rest)]
	return ok
}

// TenantOf gives the tenant that a path names, as it is written there.
func TenantOf(path string) string {
	tenant, _ := split(path)
	return tenant
}

// split cuts a path into its first segment and the rest, without slashes around.
func split(path string) (first, rest string) {
	first, rest, _ = strings.Cut(strings.Trim(path, "/"), "/")
	return strings.ToLower(first), rest
}

type endpoint func(*Authority, http.ResponseWriter, *http.Request, Tenant)

// endpoints are the paths below a tenant, in lower case.
func endpoints() map[string]endpoint {
	return map[string]endpoint{
		"v2.0/.well-known/openid-configuration": (*Authority).configuration,
		"discovery/v2.0/keys":                   (*Authority).keys,
		"oauth2/v2.0/devicecode":                (*Authority).deviceCode,
		"oauth2/v2.0/token":                     (*Authority).token,
		"oauth2/v2.0/authorize":                 (*Authority).authorize,
	}
}

// ServeHTTP answers for every tenant.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, rest := split(r.URL.Path)
	rest = strings.ToLower(rest)
	switch {
	case name == "devicelogin":
		a.devicePage(w, r)
		return
	case name == "common" && rest == "discovery/instance":
		a.instances(w, r)
		return
	}
	serve, ok := endpoints()[rest]
	if !ok {
		http.NotFound(w, r)
		return
	}
	tenant, err := a.tenant(name, rest)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	serve(a, w, r, tenant)
}

// tenant finds the tenant of a path. The placeholders stand for any tenant, but only discovery works with them.
func (a *Authority) tenant(name, rest string) (Tenant, *Error) {
	if t, ok := a.tenants[name]; ok {
		return t, nil
	}
	if name == "common" || name == "organizations" {
		if strings.Contains(rest, ".well-known") || strings.Contains(rest, "discovery") {
			return Tenant{ID: name}, nil
		}
		return Tenant{}, errNoTenant()
	}
	for _, t := range a.tenants {
		if strings.EqualFold(t.Domain, name) {
			return t, nil
		}
	}
	return Tenant{}, errUnknownTenant(name)
}

// randomText gives an unguessable text of n bytes of entropy.
func randomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return encode(b)
}
