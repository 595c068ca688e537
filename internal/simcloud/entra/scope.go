package entra

import (
	"net/url"
	"slices"
	"strings"
)

// Resources that tokens can be asked for, beside the address of this cloud.
const (
	Graph   = "https://graph.microsoft.com"
	GraphID = "00000003-0000-0000-c000-000000000000"
)

// otherResources are known to every tenant, but are not Graph.
func otherResources() []string {
	return []string{"https://management.azure.com", "https://api.securitycenter.microsoft.com", "https://api.security.microsoft.com"}
}

// request is a scope parameter, taken apart.
type request struct {
	raw         []string // as asked, for the answer: MSAL refuses an answer that drops a scope
	resource    string   // the audience
	permissions []string // short names; empty with all
	all         bool     // .default
	openID      bool     // an id_token is wanted
	offline     bool     // a refresh token is wanted
}

// parseScope reads a scope parameter. Short names mean the Graph of this cloud, whose address is root.
func parseScope(scope, root string, t Tenant) (request, *Error) {
	q := request{}
	for _, s := range strings.Fields(scope) {
		q.raw = append(q.raw, s)
		switch s {
		case "openid", "profile", "email":
			q.openID = true
			continue
		case "offline_access":
			q.offline = true
			continue
		}
		resource, name := root, s
		if u, err := url.Parse(s); err == nil && u.Scheme != "" {
			cut := strings.LastIndex(s, "/")
			resource, name = strings.TrimRight(s[:cut], "/"), s[cut+1:]
		} else if before, after, ok := strings.Cut(s, "/"); ok {
			resource, name = before, after
		}
		if name == "" {
			return q, errBadScope(s)
		}
		if q.resource != "" && q.resource != resource {
			return q, &Error{400, "invalid_request", 28000, "Provided value for the input parameter scope is not valid because it contains more than one resource. Scope " + scope + " is not valid.", ""}
		}
		q.resource = resource
		if name == ".default" {
			q.all = true
		} else {
			q.permissions = append(q.permissions, name)
		}
	}
	if q.resource == "" {
		q.resource = root
	}
	known := append(otherResources(), root, Graph, GraphID)
	if !slices.Contains(known, q.resource) {
		return q, errNoResource(q.resource, t)
	}
	return q, nil
}

// grants picks the permissions of a token out of those that the tenant has consented to.
func (a *Authority) grants(q request, app App) ([]string, *Error) {
	if q.all || len(q.permissions) == 0 {
		return a.config.Permissions, nil
	}
	var out []string
	for _, want := range q.permissions {
		i := slices.IndexFunc(a.config.Permissions, func(have string) bool { return strings.EqualFold(have, want) })
		if i < 0 {
			return nil, errNoConsent(app)
		}
		out = append(out, a.config.Permissions[i])
	}
	return out, nil
}
