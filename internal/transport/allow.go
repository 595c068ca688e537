package transport

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// origin is a base URL taken apart: where requests may go.
type origin struct {
	host string // lower case, always with its port
	path string // without a slash at the end; "" allows every path
}

// allowList holds the addresses of one tenant's cloud.
type allowList []origin

func newAllowList(bases []string) (allowList, error) {
	if len(bases) == 0 {
		return nil, errors.New("no address is allowed: name the base URLs of the tenant's cloud")
	}
	list := make(allowList, 0, len(bases))
	for _, b := range bases {
		o, err := parseOrigin(b)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// parseOrigin reads a base URL from the configuration.
func parseOrigin(base string) (origin, error) {
	u, err := url.Parse(base)
	if err != nil {
		return origin{}, fmt.Errorf("%s is not a URL", text.Quote(base))
	}
	if u.RawQuery != "" {
		return origin{}, fmt.Errorf("the base URL %s has a query", text.Quote(base))
	}
	host, err := cleanURL(u)
	if err != nil {
		return origin{}, fmt.Errorf("base URL %s: %w", text.Quote(base), err)
	}
	return origin{host: host, path: strings.TrimRight(u.Path, "/")}, nil
}

// check tells why a URL is not one of the allowed addresses, or nil.
func (l allowList) check(u *url.URL) error {
	host, err := cleanURL(u)
	if err != nil {
		return err
	}
	for _, o := range l {
		if o.host == host && o.covers(u.Path) {
			return nil
		}
	}
	return fmt.Errorf("%s is not an address of this customer's cloud", text.Quote(shorten(u.Host+u.Path, 120)))
}

// covers tells whether a path lies under the origin's. Case counts: a service that ignores it hands out its own case.
func (o origin) covers(path string) bool {
	return o.path == "" || path == o.path || strings.HasPrefix(path, o.path+"/")
}

// cleanURL refuses every URL that two parsers could read differently, and gives its host with the port.
func cleanURL(u *url.URL) (string, error) {
	switch {
	case u == nil:
		return "", errors.New("there is no address")
	case !strings.EqualFold(u.Scheme, "https"):
		return "", errors.New("the scheme is not https")
	case u.Opaque != "" || u.Host == "":
		return "", errors.New("there is no host")
	case u.User != nil:
		return "", errors.New("it carries a user name")
	case u.Fragment != "":
		return "", errors.New("it carries a fragment")
	}
	if err := cleanPath(u.Path); err != nil {
		return "", err
	}
	return hostPort(u)
}

// hostPort gives host:port in lower case; 443 is filled in. Only ASCII passes: an internationalised name would be
// translated further down, after the check.
func hostPort(u *url.URL) (string, error) {
	name, port := strings.ToLower(u.Hostname()), u.Port()
	if name == "" || strings.HasSuffix(u.Host, ":") {
		return "", errors.New("the host is not complete")
	}
	for _, r := range name {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.-:", r) {
			return "", errors.New("the host has unusual characters")
		}
	}
	if port == "" {
		port = "443"
	}
	if len(port) > 5 || port[0] == '0' {
		return "", errors.New("the port is not one")
	}
	return name + ":" + port, nil
}

// cleanPath refuses paths that climb: a prefix means nothing when /v1.0/../ follows it, in any encoding.
func cleanPath(path string) error {
	for range 3 { // decoded once by url.Parse; servers behind proxies decode again
		if strings.ContainsAny(path, "\\\x00") {
			return errors.New("the path has unusual characters")
		}
		for _, part := range strings.Split(path, "/") {
			if part == ".." || part == "." {
				return errors.New("the path climbs")
			}
		}
		next, err := url.PathUnescape(path)
		if err != nil || next == path {
			return nil //nolint:nilerr // what cannot be decoded again is not decoded by anybody
		}
		path = next
	}
	return nil
}

// admit is the first step: a request to any other address ends here, before a token is asked for.
func admit(o Options, allow allowList, next step) step {
	return func(x *exchange) (*http.Response, error) {
		if err := checkRequest(allow, x.req); err != nil {
			return nil, unsafe(o.Service, err)
		}
		return next(x)
	}
}

// checkRequest checks the URL and that the Host header will be its host.
func checkRequest(allow allowList, req *http.Request) error {
	if err := allow.check(req.URL); err != nil {
		return err
	}
	if len(headerValues(req.Header, "Host")) > 0 || req.Host != "" && !strings.EqualFold(req.Host, req.URL.Host) {
		return errors.New("its Host header names another host")
	}
	return nil
}

// unsafe is the problem of a request that we did not send.
func unsafe(service string, cause error) *soc.Problem {
	return &soc.Problem{
		Kind:    soc.ProblemUnsafe,
		Summary: text.NewLine("a request to " + service + " was stopped before it left: " + cause.Error()),
		Next:    text.NewLine("nothing was sent; check the customer's cloud in the configuration, and report it"),
		Err:     cause,
	}
}
