package signin

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

// Claims is what a token says about itself.
type Claims struct {
	Tenant   soc.TenantID // tid, in lower case; not necessarily a GUID
	Audience string       // aud, as it came: for comparing only
	ObjectID text.Line
	UPN      text.Line // upn, preferred_username or unique_name
	Name     text.Line
	AppID    text.Line
	App      bool // the token is an application's, not a person's
	Expires  time.Time
}

// ReadClaims reads the claims of a JWT without checking its signature. The token came over TLS from the authority that
// the configuration names; the claims only decide whether and where it is sent, and what the header of the screen
// says. Whether it is genuine is checked by the service that it is for, which alone has the keys to it.
func ReadClaims(jwt string) (Claims, error) {
	payload, err := transport.TokenPayload(jwt)
	if err != nil {
		return Claims{}, err
	}
	var c struct {
		Tenant    string `json:"tid"`
		Audience  string `json:"aud"`
		ObjectID  string `json:"oid"`
		UPN       string `json:"upn"`
		Preferred string `json:"preferred_username"`
		Unique    string `json:"unique_name"`
		Name      string `json:"name"`
		AppID     string `json:"appid"` // v1 tokens
		Azp       string `json:"azp"`   // v2 tokens
		Type      string `json:"idtyp"`
		Expires   int64  `json:"exp"`
	}
	if json.Unmarshal(payload, &c) != nil {
		return Claims{}, errors.New("the token's claims cannot be read")
	}
	out := Claims{
		Tenant:   soc.TenantID(strings.ToLower(c.Tenant)),
		Audience: c.Audience,
		ObjectID: text.NewLine(c.ObjectID),
		UPN:      text.NewLine(first(c.UPN, c.Preferred, c.Unique)),
		Name:     text.NewLine(c.Name),
		AppID:    text.NewLine(first(c.AppID, c.Azp)),
		App:      strings.EqualFold(c.Type, "app"),
	}
	if c.Expires > 0 {
		out.Expires = time.Unix(c.Expires, 0).UTC()
	}
	return out, nil
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// skew is how far this machine's clock may be off before a token counts as expired.
const skew = 5 * time.Minute

// checkToken refuses a token that was not made for this tenant and resource.
func checkToken(jwt string, tenant soc.TenantID, scope string, now time.Time) (Claims, *soc.Problem) {
	c, err := ReadClaims(jwt)
	if err != nil {
		return c, unsafeToken(err.Error(), "")
	}
	switch {
	case c.Tenant != tenant:
		return c, unsafeToken(fmt.Sprintf("it belongs to tenant %s, not to %s", text.Quote(clip(string(c.Tenant), 60)), tenant), "")
	case !audienceFits(c.Audience, scope):
		return c, unsafeToken("it is for "+text.Quote(clip(c.Audience, 100)), "")
	case c.Expires.IsZero() || c.Expires.Add(skew).Before(now):
		return c, unsafeToken("it has expired already", "check this machine's clock")
	}
	return c, nil
}

func unsafeToken(why, next string) *soc.Problem {
	return &soc.Problem{
		Kind:    soc.ProblemUnsafe,
		Summary: text.NewLine("the sign-in service handed out a token that was not used: " + why),
		Next:    text.NewLine(first(next, "check the cloud and the authority in the configuration, and report it")),
	}
}

// audienceFits tells whether a token's audience is the resource of a scope. Entra writes it as the resource's URL, with
// or without a slash, or as the application id behind it.
func audienceFits(audience, scope string) bool {
	want, got := resourceName(resourceOf(scope)), resourceName(audience)
	return want != "" && want == got
}

// resourceOf takes the permission off a scope: https://graph.microsoft.com/.default.
func resourceOf(scope string) string {
	if i := strings.LastIndex(scope, "/"); i > 0 {
		return scope[:i]
	}
	return scope
}

// resourceName gives every spelling of a resource one name. The ids are Microsoft's own and the same in all tenants.
func resourceName(s string) string {
	s = strings.ToLower(strings.TrimRight(s, "/"))
	if u, err := url.Parse(s); err == nil && u.Scheme == "https" && u.Port() == "443" {
		s = "https://" + u.Hostname()
	}
	switch s {
	case "00000003-0000-0000-c000-000000000000", "https://graph.microsoft.com", "https://graph.microsoft.us",
		"https://dod-graph.microsoft.us", "https://microsoftgraph.chinacloudapi.cn":
		return "graph"
	case "797f4846-ba00-4fd7-ba43-dac1f8f63013", "https://management.azure.com", "https://management.core.windows.net",
		"https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net":
		return "resource manager"
	case "fc780465-2017-40d4-a0c5-307022471b92", "https://api.securitycenter.microsoft.com",
		"https://api.security.microsoft.com", "https://securitycenter.onmicrosoft.com/windowsatpservice":
		return "defender for endpoint"
	}
	return s
}

// clip cuts s after n bytes, at a rune.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "") + "…"
}
