package entra

import (
	"fmt"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/simcloud/estate"
)

// Mint describes a token that is issued without a sign-in.
type Mint struct {
	Tenant, User, App string // no User: an application's token
	Permissions       []string
	Audience          string
	Lifetime          time.Duration
	CAE               bool
}

// Mint issues an access token for a known tenant, whether it is closed or not.
func (a *Authority) Mint(m Mint) (string, error) {
	t, ok := a.tenants[m.Tenant]
	if !ok {
		return "", fmt.Errorf("mint token: no tenant %q", m.Tenant)
	}
	now := a.config.Now()
	c := Claims{
		Audience: m.Audience, Issuer: "https://sts.windows.net/" + t.ID + "/", IssuedAt: now.Unix(), NotBefore: now.Add(-5 * time.Minute).Unix(),
		Expires: now.Add(m.Lifetime).Unix(), AppID: m.App, TenantID: t.ID, Version: "1.0", TokenID: randomText(12),
	}
	if m.CAE {
		c.Caps = []string{"cp1"}
	}
	if m.User == "" {
		c.Type, c.Roles, c.ObjectID = "app", m.Permissions, estate.StableGUID("service principal", m.App, t.ID)
		return a.sign(c)
	}
	u := a.users[strings.ToLower(m.User)]
	c.Type, c.Scopes, c.Name, c.Username = "user", strings.Join(m.Permissions, " "), u.Name, m.User
	c.Issued = now.UnixMicro()
	c.UPN, c.ObjectID = UPNIn(m.User, t, a.config.Home), ObjectID(m.User, t.ID)
	return a.sign(c)
}
