package portal

import (
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/socctl/socctl/internal/soc"
)

// maxURL bounds a link in bytes: longer ones break in terminals, browsers and chats.
const maxURL = 2048

// maxSegment bounds one id within a path.
const maxSegment = 256

// Home is the portal's first page in the customer's tenant.
func (p Portal) Home(t soc.TenantID) Link { return p.link(t, "/", nil) }

// Queue is the customer's list of incidents.
func (p Portal) Queue(t soc.TenantID) Link { return p.link(t, "/incidents", nil) }

// HuntingEmpty is the page for advanced hunting, without a query.
func (p Portal) HuntingEmpty(t soc.TenantID) Link { return p.link(t, "/v2/advanced-hunting", nil) }

// Incident is the page of an incident. The link that the service gave, or "" where it gave none, is used if it leads
// to this incident of this customer. Without a usable number the link leads to the customer's queue.
func (p Portal) Incident(t soc.TenantID, id, given string) Link {
	if !soc.ValidID(id) {
		return unused(instead(p.Queue(t), "the incident has no number that a link can carry"), given)
	}
	s := url.PathEscape(id)
	return p.choose(t, given, "/incidents/"+s, "/incident2/"+s+"/overview")
}

// Alert is the page of an alert; like Incident. Without a usable id the link leads to the customer's queue.
func (p Portal) Alert(t soc.TenantID, id, given string) Link {
	if !segment(id) {
		return unused(instead(p.Queue(t), "the alert has no id that a link can carry"), given)
	}
	return p.choose(t, given, "/alerts/"+url.PathEscape(id))
}

// segment tells whether an opaque id can be one segment of a path: printable, and no name of a folder.
func segment(id string) bool {
	if id == "" || len(id) > maxSegment || strings.Trim(id, ".") == "" {
		return false
	}
	return strings.IndexFunc(id, func(r rune) bool { return r <= ' ' || r >= 0x7f }) < 0
}

var (
	mdeDevice = regexp.MustCompile(`^[0-9a-fA-F]{40}$`)
	fileHash  = regexp.MustCompile(`^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$`)
)

// Device is the page of a device, by its id in Defender for Endpoint (40 hexadecimal digits), not the one in Entra.
func (p Portal) Device(t soc.TenantID, mdeDeviceID string) Link {
	if !mdeDevice.MatchString(mdeDeviceID) {
		return instead(p.Home(t), "the device has no id of Defender for Endpoint")
	}
	return p.link(t, "/machines/v2/"+strings.ToLower(mdeDeviceID)+"/overview", nil)
}

// User is the page of a user, by the object id in the customer's tenant, the UPN, or both.
func (p Portal) User(t soc.TenantID, oid, upn string) Link {
	query := url.Values{"tab": {"overview"}}
	if id, err := soc.ParseTenantID(oid); err == nil { // object ids are GUIDs as well
		query.Set("aad", string(id))
	}
	if upn != "" {
		query.Set("upn", upn)
	}
	if len(query) == 1 {
		return instead(p.Home(t), "the user has neither an object id nor a UPN")
	}
	return p.short(t, "/user", query)
}

// IP is the page of an address.
func (p Portal) IP(t soc.TenantID, ip string) Link {
	addr, err := netip.ParseAddr(ip)
	if err != nil || addr.Zone() != "" {
		return instead(p.Home(t), "the address is not an IP address")
	}
	return p.link(t, "/ip/"+strings.ReplaceAll(addr.String(), ":", "%3A")+"/overview", nil)
}

// URL is the page about a URL that was seen at the customer; it does not lead to that URL.
func (p Portal) URL(t soc.TenantID, seen string) Link {
	if seen == "" {
		return instead(p.Home(t), "the URL is empty")
	}
	return p.short(t, "/url/overview", url.Values{"url": {seen}})
}

// Domain is the page about a domain that was seen at the customer.
func (p Portal) Domain(t soc.TenantID, domain string) Link {
	if domain == "" {
		return instead(p.Home(t), "the domain is empty")
	}
	return p.short(t, "/domains/overview", url.Values{"urlDomain": {domain}})
}

// File is the page of a file, by its SHA-1 or SHA-256.
func (p Portal) File(t soc.TenantID, hash string) Link {
	if !fileHash.MatchString(hash) {
		return instead(p.Home(t), "the file has neither a SHA-1 nor a SHA-256")
	}
	return p.link(t, "/file/"+strings.ToLower(hash)+"/", nil)
}

// short is link for values from an attacker's hand, which may have any length.
func (p Portal) short(t soc.TenantID, path string, query url.Values) Link {
	l := p.link(t, path, query)
	if len(l.URL) > maxURL {
		return instead(p.Home(t), "the link would be too long")
	}
	return l
}
