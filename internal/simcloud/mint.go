package simcloud

import (
	"fmt"
	"time"

	"github.com/socctl/socctl/internal/simcloud/entra"
)

// TokenSpec describes an access token for a test that does not care how it was obtained.
type TokenSpec struct {
	Tenant      string        // code or id
	User        string        // UPN; empty means an application's token
	Permissions []string      // nil means everything that the tenants consented to
	Audience    string        // empty means Graph
	Lifetime    time.Duration // 0 means Options.TokenLifetime; below zero is expired
	CAE         bool          // the client says that it can handle claims challenges
}

// Token issues an access token without a sign-in. Profiles do not matter: even a tenant without access gives one.
func (c *Cloud) Token(spec TokenSpec) (string, error) {
	id := spec.Tenant
	if t, ok := c.estate.Tenant(spec.Tenant); ok {
		id = t.ID
	} else if home := c.Home(); spec.Tenant == home.Code {
		id = home.ID
	}
	if spec.Permissions == nil {
		spec.Permissions = c.options.Permissions
	}
	if spec.Audience == "" {
		spec.Audience = entra.Graph
	}
	if spec.Lifetime == 0 {
		spec.Lifetime = c.options.TokenLifetime
	}
	token, err := c.authority.Mint(entra.Mint{
		Tenant: id, User: spec.User, App: ConfidentialClientID, Permissions: spec.Permissions, Audience: spec.Audience, Lifetime: spec.Lifetime, CAE: spec.CAE,
	})
	if err != nil {
		return "", fmt.Errorf("token for %s: %w", spec.Tenant, err)
	}
	return token, nil
}
