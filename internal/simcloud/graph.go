package simcloud

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/simcloud/entra"
	"github.com/socctl/socctl/internal/simcloud/estate"
)

// graphCall is one request to Graph.
type graphCall struct {
	cloud   *Cloud
	claims  entra.Claims // zero where the token is not valid
	refused error        // why it is not
	tenant  Tenant
	w       http.ResponseWriter
	r       *http.Request
	id      string // of the object that the path names, as it is written
	late    bool   // the client asked for unknown enumeration members
}

// graphRequest looks at the token of a request; serve answers it.
func (c *Cloud) graphRequest(r *http.Request) *graphCall {
	g := &graphCall{cloud: c, r: r}
	token, ok := bearer(r)
	if !ok || token == "" {
		g.refused = entra.ErrEmpty
		return g
	}
	claims, err := c.authority.Verify(token, rootOf(r), entra.Graph, entra.GraphID)
	if err != nil {
		g.refused = err
		return g
	}
	g.claims = claims
	if g.tenant, ok = c.estate.Tenant(claims.TenantID); !ok {
		g.tenant = c.Home()
	}
	return g
}

// resource is a path that Graph answers.
type resource struct {
	permissions []string // one of them is needed
	workload    bool     // answers only where Defender is in use
	serve       func(*graphCall)
}

// resources are the paths below /v1.0; {} stands for an id.
func resources() map[string]resource {
	incident := []string{"SecurityIncident.Read.All", "SecurityIncident.ReadWrite.All"}
	alert := []string{"SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All"}
	org := []string{"Organization.Read.All", "Directory.Read.All", "User.Read"}
	return map[string]resource{
		"security/incidents":           {incident, true, (*graphCall).listIncidents},
		"security/incidents/{}":        {incident, true, (*graphCall).getIncident},
		"security/incidents/{}/alerts": {alert, true, (*graphCall).listIncidentAlerts},
		"security/alerts_v2":           {alert, true, (*graphCall).listAlerts},
		"security/alerts_v2/{}":        {alert, true, (*graphCall).getAlert},
		"me":                           {[]string{"User.Read"}, false, (*graphCall).me},
		"organization":                 {org, false, (*graphCall).listOrganizations},
		"organization/{}":              {org, false, (*graphCall).getOrganization},
	}
}

// route finds the resource of a path. Segments are compared without regard to case, ids are kept.
func (g *graphCall) route() (resource, bool) {
	parts := strings.Split(strings.Trim(g.r.URL.Path, "/"), "/")
	if !strings.EqualFold(parts[0], "v1.0") {
		return resource{}, false
	}
	parts = parts[1:]
	for pattern, res := range resources() {
		want := strings.Split(pattern, "/")
		if len(want) != len(parts) {
			continue
		}
		id := ""
		match := true
		for i, segment := range want {
			if segment == "{}" {
				id = parts[i]
			} else if !strings.EqualFold(segment, parts[i]) {
				match = false
				break
			}
		}
		if match {
			g.id = id
			return res, true
		}
	}
	return resource{}, false
}

// serve answers, with the checks in the order in which the service makes them.
func (g *graphCall) serve(w http.ResponseWriter, r *http.Request) {
	g.w, g.r = w, r
	g.identify()
	g.late = slices.ContainsFunc(r.Header.Values("Prefer"), func(v string) bool { return strings.Contains(strings.ToLower(v), "include-unknown-enum-members") })
	if g.refused != nil {
		g.unauthorized()
		return
	}
	if claims := g.cloud.authority.Wanted(g.claims); claims != "" {
		g.challenge(claims)
		return
	}
	wait(r.Context(), g.latency())
	if b := g.cloud.budgets[g.tenant.ID]; b != nil {
		if seconds, ok := b.spend(g.cloud.options.Now()); !ok {
			g.tooManyRequests(seconds)
			return
		}
	}
	res, ok := g.route()
	switch {
	case !ok:
		g.fail(http.StatusNotFound, "ResourceNotFound", "Resource not found for the segment '"+lastSegment(r.URL.Path)+"'.")
	case r.Method != http.MethodGet:
		w.Header().Set("Allow", http.MethodGet)
		g.fail(http.StatusMethodNotAllowed, "MethodNotAllowed", "The requested resource does not support http method '"+r.Method+"'.")
	case res.workload && g.tenant.Code == estate.HomeCode:
		g.fail(http.StatusForbidden, "Forbidden", "Unauthorized request - Account is not provisioned.")
	case !g.permitted(res.permissions):
		g.missing(res.permissions)
	default:
		if res.workload {
			w.Header().Set("OData-Version", "4.0")
		}
		res.serve(g)
	}
}

// identify sets the headers that every answer has.
func (g *graphCall) identify() {
	id := newID()
	client := g.r.Header.Get("client-request-id")
	if client == "" {
		client = id
	}
	h := g.w.Header()
	h.Set("request-id", id)
	h.Set("client-request-id", client)
	h.Set("x-ms-ags-diagnostic", `{"ServerInfo":{"DataCenter":"Simulated","Slice":"E","Ring":"0","ScaleUnit":"000","RoleInstance":"SIM00000000"}}`)
	h.Set("Cache-Control", "no-cache")
	h.Set("Strict-Transport-Security", "max-age=31536000")
	h.Set("Date", g.cloud.options.Now().UTC().Format(http.TimeFormat))
}

// latency is how long this answer takes: half to one and a half of the usual, more for slow customers.
func (g *graphCall) latency() time.Duration {
	base := g.cloud.options.Latency
	if base <= 0 {
		return 0
	}
	if g.tenant.Profile == Slow {
		base *= slowFactor
	}
	return base/2 + jitter(base)
}

func (g *graphCall) permitted(one []string) bool {
	return slices.ContainsFunc(g.claims.Permissions(), func(have string) bool { return slices.Contains(one, have) })
}

// send writes an answer in one piece.
func (g *graphCall) send(status int, body []byte) {
	h := g.w.Header()
	h.Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	g.w.WriteHeader(status)
	_, _ = g.w.Write(body) //nolint:gosec // JSON, and hostile on purpose; a client that left needs no answer
}

func lastSegment(path string) string {
	path = strings.Trim(path, "/")
	return path[strings.LastIndex(path, "/")+1:]
}
