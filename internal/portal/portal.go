package portal

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Portal is the Defender portal of one cloud. The zero value makes no links.
type Portal struct {
	host string // in lower case, with the port where it is not 443
}

// Link leads to a page of the portal.
type Link struct {
	URL     string // empty where no link can be made; Why says why
	Host    string // of the URL: the visible text of the link
	Rebuilt bool   // the service gave a link that was not used
	Why     string // why it was not used, or why the page is not the one that was asked for; else empty
}

var hostname = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// New makes the links' maker from the base URL of a cloud's portal, such as https://security.microsoft.com.
func New(base string) (Portal, error) {
	u, err := url.Parse(base)
	if err != nil {
		return Portal{}, fmt.Errorf("the portal %s is not a URL", text.Quote(base))
	}
	host, port := strings.ToLower(u.Hostname()), u.Port()
	switch {
	case u.Scheme != "https":
		err = errors.New("it does not start with https://")
	case u.User != nil || u.Opaque != "" || strings.TrimSuffix(u.Path, "/") != "" || strings.ContainsAny(base, "?#"):
		err = errors.New("it has more than a host")
	case !validHost(host):
		err = errors.New("its host is not a plain name or address")
	case !validPort(port) || strings.HasSuffix(u.Host, ":"):
		err = errors.New("its port is none")
	}
	if err != nil {
		return Portal{}, fmt.Errorf("the portal %s cannot be used: %w", text.Quote(base), err)
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port != "" && port != "443" {
		host += ":" + port
	}
	return Portal{host: host}, nil
}

// validHost takes names in ASCII and addresses, which covers the simulator on loopback.
func validHost(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Zone() == ""
	}
	return len(host) <= 253 && hostname.MatchString(host)
}

func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || (err == nil && n > 0)
}

// Host is the portal's host, with its port where that is not 443.
func (p Portal) Host() string { return p.host }

// AllowedHosts lists the hosts that links may lead to, sorted, each once; the last check before a browser is started.
func AllowedHosts(portals ...Portal) []string {
	var hosts []string
	for _, p := range portals {
		if p.host != "" {
			hosts = append(hosts, p.host)
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// link makes a URL of escaped path segments and query values; the tid is added here, and nowhere else.
func (p Portal) link(t soc.TenantID, path string, query url.Values) Link {
	id, err := soc.ParseTenantID(string(t))
	if err != nil || p.host == "" {
		return Link{Why: "the customer's tenant is not known"}
	}
	if query == nil {
		query = url.Values{}
	}
	query.Set("tid", string(id))
	return Link{URL: "https://" + p.host + path + "?" + query.Encode(), Host: p.host}
}

// instead is the link to another page than the one that was asked for.
func instead(l Link, why string) Link {
	if l.URL != "" {
		l.Why = why
	}
	return l
}
