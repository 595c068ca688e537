package entra

import (
	"crypto/sha256"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// codeLifetime is how long an authorisation code can be redeemed.
const codeLifetime = 10 * time.Minute

// grant is an authorisation code on its way.
type grant struct {
	app, tenant, user, redirect, scope, nonce string
	challenge, method                         string // PKCE
	session                                   session
	expires                                   time.Time
	used                                      bool
}

// authorize is the page that a browser opens. It signs login_hint, or the first user, in at once, or after a click, and
// sends the browser back to the client on loopback.
func (a *Authority) authorize(w http.ResponseWriter, r *http.Request, t Tenant) {
	_ = r.ParseForm()
	app, ok := a.apps[strings.ToLower(r.Form.Get("client_id"))]
	if !ok {
		a.fail(w, r, errUnknownApp(r.Form.Get("client_id"), t))
		return
	}
	back, err := url.Parse(r.Form.Get("redirect_uri"))
	if err != nil || !loopback(back) {
		a.fail(w, r, requestError(50011, "The redirect URI '%s' specified in the request does not match the redirect URIs configured for the application '%s'.", r.Form.Get("redirect_uri"), app.ID))
		return
	}
	if a.config.Click && r.Method != http.MethodPost {
		a.consentPage(w, r, t, app)
		return
	}
	answer := back.Query()
	if state := r.Form.Get("state"); state != "" {
		answer.Set("state", state)
	}
	if r.PostForm.Get("decision") == "deny" {
		answer.Set("error", "access_denied")
		answer.Set("error_description", "AADSTS65004: User declined to consent to access the app.")
	} else if fault := a.begin(r, t, app, answer); fault != nil {
		answer.Set("error", fault.Name)
		answer.Set("error_description", fault.Error())
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound) //nolint:gosec // only to loopback, as checked above
}

// consentPage asks a person. Its form comes back to the same address with everything that the client sent.
func (a *Authority) consentPage(w http.ResponseWriter, r *http.Request, t Tenant, app App) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	user := r.Form.Get("login_hint")
	if user == "" {
		user = a.config.Users[0].UPN
	}
	_, _ = fmt.Fprintf(w, `<!doctype html><title>Sign in</title><h1>%s</h1><p>%s wants to sign you in.</p><form method="post">`+
		`<input name="login_hint" value="%s"><button name="decision" value="approve">Approve</button>`+
		`<button name="decision" value="deny">Deny</button></form>`, html.EscapeString(t.Name), html.EscapeString(app.Name), html.EscapeString(user))
}

// begin makes the code for a valid request and puts it into the answer.
func (a *Authority) begin(r *http.Request, t Tenant, app App, answer url.Values) *Error {
	user := r.Form.Get("login_hint")
	if user == "" {
		user = a.config.Users[0].UPN
	}
	switch method := r.Form.Get("code_challenge_method"); {
	case r.Form.Get("response_type") != "code":
		return &Error{http.StatusBadRequest, "unsupported_response_type", 700054, "response_type '" + r.Form.Get("response_type") + "' is not enabled for the application.", ""}
	case a.users[strings.ToLower(user)].UPN == "":
		return errUnknownUser(user, t)
	case r.Form.Get("code_challenge") != "" && method != "S256" && method != "plain" && method != "":
		return requestError(501491, "Invalid code_challenge_method '%s'.", method)
	}
	if _, fault := parseScope(r.Form.Get("scope"), rootOf(r), t); fault != nil {
		return fault
	}
	if fault := a.admit(r, a.users[strings.ToLower(user)], t, app, session{}, false); fault != nil {
		return fault
	}
	shown := a.interactive(user, t, r.Form.Get("claims"), false)
	code := randomText(32)
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.config.Now()
	for old, g := range a.codes {
		if now.After(g.expires) {
			delete(a.codes, old)
		}
	}
	a.codes[code] = &grant{
		app: app.ID, tenant: t.ID, user: user, redirect: r.Form.Get("redirect_uri"), scope: r.Form.Get("scope"), nonce: r.Form.Get("nonce"),
		challenge: r.Form.Get("code_challenge"), method: r.Form.Get("code_challenge_method"), expires: now.Add(codeLifetime),
		session: shown,
	}
	answer.Set("code", code)
	answer.Set("session_state", randomText(12))
	return nil
}

// loopback reports whether a redirect goes to the client's own machine, as a native application's does.
func loopback(u *url.URL) bool {
	if u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	switch u.Hostname() {
	case "localhost", "127.0.0.1", "::1":
		return true
	}
	return false
}

// redeem exchanges an authorisation code.
func (a *Authority) redeem(r *http.Request, t Tenant, app App, q request) (*answer, *Error) {
	code := r.PostForm.Get("code")
	if code == "" {
		return nil, errMissing("code")
	}
	a.mu.Lock()
	g, known := a.codes[code]
	used := known && g.used
	if known {
		g.used = true
	}
	a.mu.Unlock()
	switch {
	case !known || g.app != app.ID || g.tenant != t.ID:
		return nil, grantError(9002313, "Invalid request. Request is malformed or invalid.")
	case used:
		return nil, grantError(54005, "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.")
	case a.config.Now().After(g.expires):
		return nil, grantError(70008, "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.")
	case r.PostForm.Get("redirect_uri") != g.redirect:
		return nil, grantError(500112, "The reply address '%s' does not match the reply address '%s' provided when requesting Authorization code.", r.PostForm.Get("redirect_uri"), g.redirect)
	case !g.proves(r.PostForm.Get("code_verifier")):
		return nil, grantError(501481, "The Code_Verifier does not match the code_challenge supplied in the authorization request.")
	}
	if len(q.raw) == 0 {
		var fault *Error
		if q, fault = parseScope(g.scope, rootOf(r), t); fault != nil {
			return nil, fault
		}
	}
	return a.user(r, t, app, q, login{upn: g.user, nonce: g.nonce, session: g.session})
}

// proves checks the PKCE verifier of RFC 7636.
func (g *grant) proves(verifier string) bool {
	switch {
	case g.challenge == "":
		return true
	case g.method == "S256":
		sum := sha256.Sum256([]byte(verifier))
		return encode(sum[:]) == strings.TrimRight(g.challenge, "=")
	default:
		return verifier == g.challenge
	}
}
