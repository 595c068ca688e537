package entra

import (
	"crypto/rand"
	"errors"
	"fmt"
	"html"
	"net/http"
	"strings"
	"time"
)

// deviceLifetime is how long a device code waits.
const deviceLifetime = 15 * time.Minute

// device is a device code on its way.
type device struct {
	userCode, app, tenant, scope string
	expires                      time.Time
	polled                       bool
	user                         string // who approved
	declined                     bool
}

// ErrNoCode means that no device code of that name waits.
var ErrNoCode = errors.New("no such user code")

// deviceCode is the device authorisation endpoint.
func (a *Authority) deviceCode(w http.ResponseWriter, r *http.Request, t Tenant) {
	_ = r.ParseForm() // an empty form is answered below
	app, ok := a.apps[strings.ToLower(r.Form.Get("client_id"))]
	if !ok {
		a.fail(w, r, errUnknownApp(r.Form.Get("client_id"), t))
		return
	}
	if _, fault := parseScope(r.Form.Get("scope"), rootOf(r), t); fault != nil {
		a.fail(w, r, fault)
		return
	}
	now := a.config.Now()
	code, d := randomText(32), &device{userCode: userCode(), app: app.ID, tenant: t.ID, scope: r.Form.Get("scope"), expires: now.Add(deviceLifetime)}
	a.mu.Lock()
	for old, o := range a.devices {
		if now.After(o.expires.Add(deviceLifetime)) {
			delete(a.devices, old)
		}
	}
	a.devices[code] = d
	a.mu.Unlock()
	page := rootOf(r) + "/devicelogin"
	writeJSON(w, r, http.StatusOK, map[string]any{
		"user_code": d.userCode, "device_code": code, "verification_uri": page, "expires_in": int(deviceLifetime / time.Second),
		"interval": int(a.config.Interval / time.Second),
		"message":  fmt.Sprintf("To sign in, use a web browser to open the page %s and enter the code %s to authenticate.", page, d.userCode),
	})
}

// userCode gives nine letters without those that look alike.
func userCode() string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	b := make([]byte, 9)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return string(b)
}

// poll redeems a device code.
func (a *Authority) poll(r *http.Request, t Tenant, app App, q request) (*answer, *Error) {
	code := r.PostForm.Get("device_code")
	if code == "" {
		code = r.PostForm.Get("code")
	}
	d, fault := a.pollState(code, t, app)
	if fault != nil {
		return nil, fault
	}
	if len(q.raw) == 0 {
		if q, fault = parseScope(d.scope, rootOf(r), t); fault != nil {
			return nil, fault
		}
	}
	out, fault := a.user(r, t, app, q, login{upn: d.user, session: a.interactive(d.user, t, r.Form.Get("claims"), true)})
	if fault == nil {
		a.mu.Lock()
		delete(a.devices, code)
		a.mu.Unlock()
	}
	return out, fault
}

// pollState gives a copy of an approved device code, or why it is not.
func (a *Authority) pollState(code string, t Tenant, app App) (device, *Error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	d := a.devices[code]
	switch {
	case d == nil || d.app != app.ID || d.tenant != t.ID:
		return device{}, errBadDeviceCode()
	case a.config.Now().After(d.expires):
		return device{}, errDeviceExpired()
	case d.declined:
		return device{}, errDeclined()
	case d.user != "":
		return *d, nil
	}
	if a.config.AutoApprove && d.polled {
		d.user = a.config.Users[0].UPN
		return *d, nil
	}
	d.polled = true
	return device{}, errPending()
}

// Approve lets a user sign in on the device that shows the code.
func (a *Authority) Approve(userCode, upn string) error {
	return a.decide(userCode, func(d *device) { d.user = upn })
}

// Deny refuses the sign-in on the device that shows the code.
func (a *Authority) Deny(userCode string) error {
	return a.decide(userCode, func(d *device) { d.declined = true })
}

func (a *Authority) decide(userCode string, f func(*device)) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, d := range a.devices {
		if strings.EqualFold(d.userCode, strings.TrimSpace(userCode)) {
			f(d)
			return nil
		}
	}
	return fmt.Errorf("approve %q: %w", userCode, ErrNoCode)
}

// devicePage is where a person enters the code: GET shows a form, POST approves or declines.
func (a *Authority) devicePage(w http.ResponseWriter, r *http.Request) {
	code := r.FormValue("code")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.Method != http.MethodPost {
		_, _ = fmt.Fprintf(w, `<!doctype html><title>Sign in</title><h1>Enter code</h1><form method="post">`+
			`<input name="code" value="%s"><input name="upn" value="%s"><button name="decision" value="approve">Approve</button>`+
			`<button name="decision" value="deny">Deny</button></form>`, html.EscapeString(code), html.EscapeString(a.config.Users[0].UPN))
		return
	}
	upn := r.FormValue("upn")
	if upn == "" {
		upn = a.config.Users[0].UPN
	}
	err := a.Approve(code, upn)
	if r.FormValue("decision") == "deny" {
		err = a.Deny(code)
	}
	if err != nil {
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, "<!doctype html><title>Sign in</title><p>That code is not known. Check it and try again.")
		return
	}
	_, _ = fmt.Fprint(w, "<!doctype html><title>Sign in</title><p>Done. You can close this page.")
}
