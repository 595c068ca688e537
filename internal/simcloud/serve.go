package simcloud

import (
	"net/http"
	"strings"

	"github.com/socctl/socctl/internal/simcloud/entra"
)

// serve answers one request: the authority or Graph, with a fault where one was injected, and an entry in the log.
func (c *Cloud) serve(w http.ResponseWriter, r *http.Request) {
	entry := Request{
		Time: c.options.Now(), Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Authorization: r.Header.Get("Authorization") != "",
		Prefer: r.Header.Get("Prefer"), ClientRequestID: r.Header.Get("client-request-id"), UserAgent: r.UserAgent(),
	}
	tracked := &statusWriter{ResponseWriter: w}
	defer func() {
		entry.Status = tracked.status
		c.log.add(entry)
	}()
	var tenantID string
	var usual http.HandlerFunc
	if entra.Handles(r.URL.Path) {
		tenantID, usual = entra.TenantOf(r.URL.Path), c.signIn
		if r.Method == http.MethodPost && r.ParseForm() == nil {
			entry.GrantType, entry.Scope, entry.Claims = r.PostForm.Get("grant_type"), r.PostForm.Get("scope"), r.PostForm.Get("claims")
		}
	} else {
		g := c.graphRequest(r)
		tenantID, usual = g.claims.TenantID, g.serve
		entry.TokenTenant = tenantID
	}
	entry.Tenant = c.codeOf(tenantID)
	if f := c.faults.strike(tenantID, r.URL.Path); f != nil {
		entry.Fault = true
		f.answer(tracked, r, usual)
		return
	}
	usual(tracked, r)
}

// signIn lets the authority answer, in its time.
func (c *Cloud) signIn(w http.ResponseWriter, r *http.Request) {
	wait(r.Context(), c.options.TokenLatency)
	c.authority.ServeHTTP(w, r)
}

// codeOf names a tenant in the log.
func (c *Cloud) codeOf(id string) string {
	if t, ok := c.estate.Tenant(id); ok && id != "" {
		return t.Code
	}
	if home := c.Home(); id == home.ID {
		return home.Code
	}
	return ""
}

// statusWriter remembers the status for the log.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController find the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// rootOf is the address that the client used.
func rootOf(r *http.Request) string {
	if r.TLS == nil {
		return "http://" + r.Host
	}
	return "https://" + r.Host
}

// bearer takes the token out of the Authorization header.
func bearer(r *http.Request) (string, bool) {
	kind, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(kind, "bearer")
}
