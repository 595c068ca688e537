package entra

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/simcloud/estate"
)

// refreshLifetime is how long a refresh token lives without use.
const refreshLifetime = 90 * 24 * time.Hour

// answer is a successful token response.
type answer struct {
	Type         string `json:"token_type"`
	Scope        string `json:"scope"`
	ExpiresIn    int    `json:"expires_in"`
	ExtExpiresIn int    `json:"ext_expires_in"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
	ClientInfo   string `json:"client_info,omitempty"`
}

// token is the token endpoint.
func (a *Authority) token(w http.ResponseWriter, r *http.Request, t Tenant) {
	if r.Method != http.MethodPost {
		a.fail(w, r, requestError(900561, "The endpoint only accepts POST requests. Received a %s request.", r.Method))
		return
	}
	if err := r.ParseForm(); err != nil {
		a.fail(w, r, requestError(90023, "The request body could not be read."))
		return
	}
	result, fault := a.grant(r, t)
	if fault != nil {
		a.fail(w, r, fault)
		return
	}
	writeJSON(w, r, http.StatusOK, result)
}

// grant answers one grant type.
func (a *Authority) grant(r *http.Request, t Tenant) (*answer, *Error) {
	kind := r.PostForm.Get("grant_type")
	if kind == "" {
		return nil, errMissing("grant_type")
	}
	app, fault := a.client(r, t)
	if fault != nil {
		return nil, fault
	}
	q, fault := parseScope(r.PostForm.Get("scope"), rootOf(r), t)
	if fault != nil {
		return nil, fault
	}
	switch kind {
	case "client_credentials":
		return a.clientCredentials(r, t, app, q)
	case "refresh_token":
		return a.refresh(r, t, app, q)
	case "authorization_code":
		return a.redeem(r, t, app, q)
	case "urn:ietf:params:oauth:grant-type:device_code", "device_code":
		return a.poll(r, t, app, q)
	default:
		return nil, &Error{http.StatusBadRequest, "unsupported_grant_type", 70003, "The app requested an unsupported grant type '" + kind + "'.", ""}
	}
}

// client finds the application and checks its credentials.
func (a *Authority) client(r *http.Request, t Tenant) (App, *Error) {
	id, secret := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	if user, password, ok := r.BasicAuth(); ok {
		id, _ = url.QueryUnescape(user)
		secret, _ = url.QueryUnescape(password)
	}
	if id == "" {
		return App{}, errMissing("client_id")
	}
	app, ok := a.apps[strings.ToLower(id)]
	if !ok {
		return App{}, errUnknownApp(id, t)
	}
	assertion := r.PostForm.Get("client_assertion")
	switch {
	case app.Secret == "" && app.Certificate == nil:
		return app, nil
	case assertion != "":
		return app, verifyAssertion(assertion, app, a.config.Now())
	case secret == "":
		return app, errNoSecret()
	case !hmac.Equal([]byte(secret), []byte(app.Secret)):
		return app, errWrongSecret(app)
	}
	return app, nil
}

func (a *Authority) clientCredentials(r *http.Request, t Tenant, app App, q request) (*answer, *Error) {
	switch {
	case app.Secret == "" && app.Certificate == nil:
		return nil, errNoSecret()
	case t.Closed:
		return nil, errUnknownApp(app.ID, t)
	case !q.all:
		return nil, errBadScope(strings.Join(q.raw, " "))
	}
	c := a.claims(r, t, app, q)
	c.Type, c.Roles = "app", a.config.Permissions
	c.ObjectID = estate.StableGUID("service principal", app.ID, t.ID)
	c.Subject = c.ObjectID
	return a.issue(c, q)
}

// claims are those that every access token has.
func (a *Authority) claims(r *http.Request, t Tenant, app App, q request) Claims {
	now := a.config.Now()
	c := Claims{
		Audience: q.resource, Issuer: rootOf(r) + "/" + t.ID + "/v2.0", IssuedAt: now.Unix(), NotBefore: now.Unix(),
		Expires: now.Add(a.config.Lifetime).Unix(), AppID: app.ID, Party: app.ID, AppName: app.Name, TenantID: t.ID, Version: "2.0", TokenID: randomText(12),
	}
	var wish struct {
		AccessToken struct {
			Caps struct{ Values []string } `json:"xms_cc"`
		} `json:"access_token"`
	}
	if json.Unmarshal([]byte(r.Form.Get("claims")), &wish) == nil && slices.ContainsFunc(wish.AccessToken.Caps.Values, func(v string) bool { return strings.EqualFold(v, "cp1") }) {
		c.Caps = []string{"cp1"}
	}
	return c
}

// login is somebody who signs in.
type login struct {
	upn, nonce string
	session    session
	silent     bool // with a refresh token
}

// user signs a user in to a tenant, with everything that the scopes ask for.
func (a *Authority) user(r *http.Request, t Tenant, app App, q request, who login) (*answer, *Error) {
	u, ok := a.users[strings.ToLower(who.upn)]
	if !ok {
		return nil, errUnknownUser(who.upn, t)
	}
	if fault := a.admit(r, u, t, app, who.session, who.silent); fault != nil {
		return nil, fault
	}
	scopes, fault := a.grants(q, app)
	if fault != nil {
		return nil, fault
	}
	c := a.claims(r, t, app, q)
	c.Type, c.Name, c.Scopes = "user", u.Name, strings.Join(scopes, " ")
	c.Contexts, c.Issued = who.session.contexts(t.ID), a.config.Now().UnixMicro()
	c.UPN, c.Username = UPNIn(u.UPN, t, a.config.Home), u.UPN
	c.ObjectID, c.Subject = ObjectID(u.UPN, t.ID), encode([]byte(estate.StableGUID("sub", u.UPN, t.ID, app.ID)))
	out, fault := a.issue(c, q)
	if fault != nil {
		return nil, fault
	}
	home := a.config.Home.ID
	info, _ := json.Marshal(map[string]string{"uid": ObjectID(u.UPN, home), "utid": home})
	out.ClientInfo = encode(info)
	if q.offline {
		out.RefreshToken = a.sealRefresh(refreshToken{u.UPN, app.ID, a.config.Now().Add(refreshLifetime).Unix(), randomText(6), who.session})
	}
	if q.openID {
		id := c
		id.Audience, id.Scopes, id.AppID, id.Party, id.AppName, id.Type, id.Caps, id.UPN, id.Nonce = app.ID, "", "", "", "", "", nil, "", who.nonce
		id.Contexts, id.Issued = nil, 0
		signed, err := a.sign(id)
		if err != nil {
			return nil, &Error{http.StatusInternalServerError, "server_error", 90033, err.Error(), ""}
		}
		out.IDToken = signed
	}
	return out, nil
}

func (a *Authority) issue(c Claims, q request) (*answer, *Error) {
	signed, err := a.sign(c)
	if err != nil {
		return nil, &Error{http.StatusInternalServerError, "server_error", 90033, err.Error(), ""}
	}
	seconds := int(a.config.Lifetime / time.Second)
	return &answer{Type: "Bearer", Scope: strings.Join(q.raw, " "), ExpiresIn: seconds, ExtExpiresIn: seconds, AccessToken: signed}, nil
}

// ObjectID is the oid of a user in a tenant.
func ObjectID(upn, tenantID string) string {
	return estate.StableGUID("user", strings.ToLower(upn), tenantID)
}

// UPNIn is the name that a user has in a tenant: guests carry their home name inside.
func UPNIn(upn string, t, home Tenant) string {
	if t.ID == home.ID {
		return upn
	}
	return strings.Replace(upn, "@", "_", 1) + "#EXT#@" + t.Domain
}

// refreshToken is what a refresh token remembers. Like those of Entra it belongs to user and application, not to a tenant,
// and a used one stays valid, so that several tenants can be redeemed from the same one at once.
type refreshToken struct {
	User, App string
	Expires   int64
	Nonce     string
	Session   session
}

// sealRefresh makes the opaque form of a refresh token.
func (a *Authority) sealRefresh(t refreshToken) string {
	b, _ := json.Marshal(t)
	return "1." + encode(b) + "." + encode(a.mac(b))
}

func (a *Authority) mac(b []byte) []byte {
	m := hmac.New(sha256.New, a.seal[:])
	_, _ = m.Write(b)
	return m.Sum(nil)
}

func (a *Authority) refresh(r *http.Request, t Tenant, app App, q request) (*answer, *Error) {
	sealed := r.PostForm.Get("refresh_token")
	if sealed == "" {
		return nil, errMissing("refresh_token")
	}
	bad := grantError(9002313, "Invalid request. Request is malformed or invalid.")
	parts := strings.Split(sealed, ".")
	if len(parts) != 3 {
		return nil, bad
	}
	b, err1 := decode(parts[1])
	m, err2 := decode(parts[2])
	var token refreshToken
	if err1 != nil || err2 != nil || !hmac.Equal(m, a.mac(b)) || json.Unmarshal(b, &token) != nil {
		return nil, bad
	}
	switch now := a.config.Now(); {
	case token.App != app.ID:
		return nil, grantError(70000, "Provided grant is invalid or malformed. The refresh token was issued to another client.")
	case now.After(time.Unix(token.Expires, 0)):
		return nil, grantError(700082, "The refresh token has expired due to inactivity. The token was issued on %s and was inactive for 90.00:00:00.", time.Unix(token.Expires, 0).Add(-refreshLifetime).UTC().Format(time.RFC3339))
	}
	q.offline = true
	return a.user(r, t, app, q, login{upn: token.User, session: token.Session, silent: true})
}
