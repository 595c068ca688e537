package entra

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Policy is what a tenant demands of those who sign in. The zero Policy demands nothing.
type Policy struct {
	NotGuest     bool          // the tenant does not know the provider's people: AADSTS50020
	NoConsent    bool          // nobody has consented to the applications: AADSTS65001
	Blocked      bool          // Conditional Access blocks every sign-in: AADSTS53003
	NoDeviceCode bool          // nothing that began with a device code: AADSTS530036
	MFA          bool          // people have to prove themselves to this very tenant: AADSTS50076 until then
	Frequency    time.Duration // how old a sign-in may be: AADSTS70043; 0 is any age
	Context      string        // an authentication context, such as c1, that Graph wants in tokens; empty wants none
}

// SetPolicy gives a tenant another policy, from the next request on.
func (a *Authority) SetPolicy(tenantID string, p Policy) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.policies[tenantID] = p
}

// PolicyOf is the policy of a tenant.
func (a *Authority) PolicyOf(tenantID string) Policy {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.policies[tenantID]
}

// moments are what ended earlier tokens in a tenant.
type moments struct {
	revoked time.Time // sign-ins before it are void there
	changed time.Time // tokens before it are void there; a sign-in may bring new ones silently
}

// Revoke ends all sessions in a tenant; "" means everywhere. Whoever wants to go on has to sign in again.
func (a *Authority) Revoke(tenantID string) { a.ended(tenantID, true) }

// Reevaluate voids the tokens of a tenant, as when its policy or the analyst's network has changed: the next ones come
// silently.
func (a *Authority) Reevaluate(tenantID string) { a.ended(tenantID, false) }

func (a *Authority) ended(tenantID string, revoked bool) {
	now := a.config.Now()
	a.mu.Lock()
	defer a.mu.Unlock()
	m := a.moments[tenantID]
	m.changed = now
	if revoked {
		m.revoked = now
	}
	a.moments[tenantID] = m
}

// Wanted gives the claims that a token has to be renewed with, as JSON; empty where it is good. Tokens without the
// capability cp1 are left alone until they expire, as those of Entra are.
func (a *Authority) Wanted(c Claims) string {
	if !slices.Contains(c.Caps, "cp1") || !c.Delegated() {
		return ""
	}
	a.mu.Lock()
	void := latest(a.moments[c.TenantID].changed, a.moments[""].changed)
	context := a.policies[c.TenantID].Context
	a.mu.Unlock()
	issued := time.UnixMicro(c.Issued)
	wish := map[string]any{}
	if !void.IsZero() && !issued.After(void) {
		wish["nbf"] = map[string]any{"essential": true, "value": unixText(void)}
		wish["xms_caeerror"] = map[string]any{"value": "20001"}
	}
	if context != "" && !slices.Contains(c.Contexts, context) {
		wish["acrs"] = map[string]any{"essential": true, "value": context}
	}
	if len(wish) == 0 {
		return ""
	}
	b, err := json.Marshal(map[string]any{"access_token": wish})
	if err != nil {
		return ""
	}
	return string(b)
}

// proof is what a person has shown in their browser, as its session remembers it.
type proof struct {
	tenants  []string // to which tenants
	contexts []string // authentication contexts, as tenant/context
}

func (p proof) with(q proof) proof {
	return proof{tenants: union(p.tenants, q.tenants), contexts: union(p.contexts, q.contexts)}
}

func union(a, b []string) []string {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// interactive remembers that a user has signed in to a tenant themselves, and gives the session. A device code proves
// no context: another device may have entered it.
func (a *Authority) interactive(upn string, t Tenant, claims string, device bool) session {
	p := proof{tenants: []string{t.ID}}
	if want := wantedContext(claims); want != "" && !device {
		p.contexts = []string{t.ID + "/" + want}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	key := strings.ToLower(upn)
	if !device {
		p = p.with(a.proofs[key])
		a.proofs[key] = p
	}
	return session{At: a.config.Now().UnixMicro(), Device: device, Proved: p.tenants, Contexts: p.contexts}
}

// wantedContext reads the authentication context out of a claims parameter.
func wantedContext(claims string) string {
	var wish struct {
		AccessToken struct {
			Acrs struct{ Value string } `json:"acrs"`
		} `json:"access_token"`
	}
	if json.Unmarshal([]byte(claims), &wish) != nil {
		return ""
	}
	return wish.AccessToken.Acrs.Value
}

// session is what a refresh token carries from one redemption to the next.
type session struct {
	At       int64 // when the user signed in, in microseconds since 1970
	Device   bool  // with a device code
	Proved   []string
	Contexts []string
}

// admit tells whether a tenant lets a user in with a session. silent means that nobody is in front of a browser.
func (a *Authority) admit(r *http.Request, u User, t Tenant, app App, s session, silent bool) *Error {
	a.mu.Lock()
	p, revoked := a.policies[t.ID], latest(a.moments[t.ID].revoked, a.moments[""].revoked)
	a.mu.Unlock()
	signedIn := time.UnixMicro(s.At)
	claims := r.Form.Get("claims")
	switch want := wantedContext(claims); {
	case t.Closed || p.NotGuest:
		return errNotGuest(u, a.config.Home, t, app)
	case p.NoConsent:
		return errNoConsent(app)
	case p.Blocked:
		return errBlocked()
	case p.NoDeviceCode && s.Device:
		return errDeviceCodeBlocked()
	case !silent:
		return nil
	case !revoked.IsZero() && !signedIn.After(revoked):
		return errRevoked(revoked)
	case p.Frequency > 0 && a.config.Now().Sub(signedIn) > p.Frequency:
		return errFrequency(signedIn, p.Frequency)
	case p.MFA && !slices.Contains(s.Proved, t.ID):
		return errMFA("")
	case want != "" && !slices.Contains(s.Contexts, t.ID+"/"+want):
		return errMFA(`{"access_token":{"acrs":{"essential":true,"value":"` + url.PathEscape(want) + `"}}}`)
	}
	return nil
}

// contexts are those of a session that count in a tenant.
func (s session) contexts(tenantID string) []string {
	var out []string
	for _, c := range s.Contexts {
		if name, ok := strings.CutPrefix(c, tenantID+"/"); ok {
			out = append(out, name)
		}
	}
	return out
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
