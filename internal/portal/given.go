package portal

import (
	"net/url"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/soc"
)

// The reasons for which a link from the service is not used.
const (
	whyForeignTenant = "the service's link names another tenant"
	whyNoTenant      = "the service's link names no tenant"
	whyManyTenants   = "the service's link names a tenant more than once"
	whyOtherHost     = "the service's link leads to another host"
	whyNotHTTPS      = "the service's link is not https"
	whyOtherPage     = "the service's link leads to another page"
	whyCharacters    = "the service's link has characters that a link cannot have"
	whyTooLong       = "the service's link is too long"
	whyMore          = "the service's link carries more than the tenant"
	whyUnusable      = "the service's link cannot be used"
)

// choose takes the given link if it leads to one of the paths, and makes the first of them otherwise.
func (p Portal) choose(t soc.TenantID, given string, paths ...string) Link {
	l := p.link(t, paths[0], nil)
	if given == "" || l.URL == "" {
		return unused(l, given)
	}
	path, why := p.check(t, given, paths)
	if why != "" {
		l.Rebuilt, l.Why = true, why
		return l
	}
	// Written anew even so: what was compared without regard to case then leaves in one spelling.
	return p.link(t, path, nil)
}

// unused marks a link beside which a given one was not even looked at.
func unused(l Link, given string) Link {
	l.Rebuilt = given != "" && l.URL != ""
	return l
}

// check says which of the paths a given link leads to, or why it is not to be used. It compares the bytes as they
// stand, since each parser of URLs (ours, the terminal's, the browser's) reads doubtful ones in its own way.
func (p Portal) check(t soc.TenantID, given string, paths []string) (path, why string) {
	if why := wrongBytes(given); why != "" {
		return "", why
	}
	rest, ok := cutPrefixFold(given, "https://")
	if !ok {
		return "", whyNotHTTPS
	}
	n := strings.IndexAny(rest, "/?#")
	if n < 0 {
		n = len(rest)
	}
	if !p.isHost(rest[:n]) {
		return "", whyOtherHost
	}
	u, err := url.Parse(given)
	if err != nil || u.User != nil || u.Opaque != "" {
		return "", whyUnusable
	}
	if strings.Contains(rest, "#") {
		return "", whyMore
	}
	path, query, _ := strings.Cut(rest[n:], "?")
	if !slices.Contains(paths, path) {
		return "", whyOtherPage
	}
	return path, checkQuery(t, query)
}

// wrongBytes refuses what no link in ASCII has, before anything is parsed.
func wrongBytes(given string) string {
	if len(given) > maxURL {
		return whyTooLong
	}
	if strings.IndexFunc(given, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune("\\\"<>^`{|}", r) }) >= 0 {
		return whyCharacters
	}
	return ""
}

// isHost compares the part of a URL between the slashes with the portal's host; 443 may be named.
func (p Portal) isHost(authority string) bool {
	if strings.EqualFold(authority, p.host) {
		return true
	}
	if (&url.URL{Host: p.host}).Port() != "" {
		return false
	}
	return strings.EqualFold(authority, p.host+":443")
}

// checkQuery wants the customer's tid and nothing beside it. Only tid counts: the portal ignores tenantId.
func checkQuery(t soc.TenantID, query string) string {
	values, err := url.ParseQuery(query)
	tids := 0
	for key, list := range values {
		if strings.EqualFold(key, "tid") {
			tids += len(list)
		}
	}
	switch {
	case err != nil:
		return whyUnusable
	case tids == 0:
		return whyNoTenant
	case tids > 1:
		return whyManyTenants
	case !strings.EqualFold(values.Get("tid"), string(t)):
		return whyForeignTenant
	case !strings.EqualFold(query, "tid="+string(t)):
		return whyMore
	}
	return ""
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}
