package doctor

import (
	"net/url"
	"slices"
	"strings"
)

// proxies says for each cloud which proxy its calls go through. A password is never shown.
func (d *doctor) proxies() []Check {
	const name = "proxy"
	var rows []Check
	if d.Config == nil {
		rows = append(rows, check(Skip, idProxy, name, "there is no configuration that says which clouds are in use", ""))
	}
	for _, c := range d.configured() {
		rows = append(rows, d.proxy(name+" "+c.Name, c.Authority, c.Graph))
	}
	if unread := d.unreadProxy(); unread != "" {
		rows = append(rows, check(Warn, idProxy, name, unread+" is set, but socctl reads only HTTPS_PROXY and NO_PROXY", "export HTTPS_PROXY=\"$"+unread+"\""))
	}
	return rows
}

// unreadProxy names a variable that other programs take a proxy from and socctl does not, where it has no proxy at all.
func (d *doctor) unreadProxy() string {
	if d.env["HTTPS_PROXY"] != "" || d.env["https_proxy"] != "" {
		return ""
	}
	for _, c := range d.configured() {
		if u, err := url.Parse(c.Graph); err == nil {
			if p, err := d.Config.ProxyFor(u); err != nil || p != nil {
				return ""
			}
		}
	}
	for _, unread := range []string{"ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"} {
		if d.env[unread] != "" {
			return unread
		}
	}
	return ""
}

func (d *doctor) proxy(name string, addresses ...string) Check {
	var ways []string
	for _, address := range addresses {
		way := "no proxy"
		u, err := url.Parse(address)
		if err != nil {
			continue
		}
		switch p, err := d.Config.ProxyFor(u); {
		case err != nil:
			return check(Fail, idProxy, name, "the proxy is not a URL", "HTTPS_PROXY=http://proxy.example:3128")
		case p != nil:
			way = proxyWords(p)
		}
		if !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
	}
	if len(ways) > 1 { // NO_PROXY holds for one of the two
		return check(Warn, idProxy, name, "authority: "+ways[0]+"; graph: "+ways[1], "check NO_PROXY")
	}
	return check(OK, idProxy, name, strings.Join(ways, ""), "")
}

// proxyWords writes a proxy without its name and password.
func proxyWords(p *url.URL) string {
	words := p.Scheme + "://" + p.Host
	if p.User != nil {
		words += " with a name and a password"
	}
	return words
}
