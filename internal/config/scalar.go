package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// guid is an id that is not a tenant's, in lower case.
type guid string

// name is a group or a cloud.
type name string

// parseScalar reads a value as its type says. The result is: for text and domain a text.Line, for GUID a guid, for
// code a soc.Code, for URL, path, filter, order and choice a string, for proxy a *url.URL, for duration a time.Duration, for boolean
// a bool, for name a name.
func parseScalar(k Key, s string) (any, error) {
	if strings.IndexFunc(s, invisible) >= 0 || !utf8.ValidString(s) {
		return nil, errors.New("there is a line break or an invisible character in the value")
	}
	switch k.Type {
	case TypeText:
		return parseText(s)
	case TypePath, TypeFilter, TypeOrder: // checked where they are used
		return parseLong(s)
	case TypeName:
		return parseName(s)
	case TypeGUID:
		return parseGUID(s)
	case TypeCode:
		return soc.ParseCode(s)
	case TypeDomain:
		return parseDomain(s)
	case TypeURL:
		return parseBase(s)
	case TypeProxy:
		return parseProxy(s)
	case TypeDuration:
		if k.Zero && zeroPattern.MatchString(s) {
			return time.Duration(0), nil
		}
		return parseDuration(s)
	case TypeBool:
		return parseBool(s)
	case TypeChoice:
		return parseChoice(s, k.Choices)
	case typeKey:
		return parseKey(s)
	case typeColor:
		return parseColor(s)
	}
	return nil, fmt.Errorf("values of type %s are not single", k.Type)
}

// maxText bounds names, in characters.
const maxText = 100

func parseText(s string) (any, error) {
	if s != strings.TrimSpace(s) || utf8.RuneCountInString(s) > maxText {
		return nil, fmt.Errorf("%s starts or ends with a space, or has more than %d characters", text.Quote(s), maxText)
	}
	return text.NewLine(s), nil
}

// Names take part in the names of variables, where a dash becomes an underscore; so they have no underscore.
var namePattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func parseName(s string) (any, error) {
	if len(s) > 32 || !namePattern.MatchString(s) {
		return nil, fmt.Errorf("%s is not a name: it has small letters, digits and single dashes, at most 32", text.Quote(s))
	}
	return name(s), nil
}

func parseGUID(s string) (any, error) {
	id, err := soc.ParseTenantID(s)
	if err != nil {
		return nil, fmt.Errorf("%s is not a GUID: it has the form 0a1b2c3d-0000-4000-8000-000000000003", text.Quote(s))
	}
	if strings.Trim(string(id), "0-") == "" {
		return nil, errors.New("the GUID of zeros names nothing")
	}
	return guid(id), nil
}

var domainPattern = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

func parseDomain(s string) (any, error) {
	l := strings.ToLower(s)
	if len(l) > 253 || !domainPattern.MatchString(l) {
		return nil, fmt.Errorf("%s is not a domain: it has the form contoso.onmicrosoft.com", text.Quote(s))
	}
	return text.NewLine(l), nil
}

// parseBase reads a base URL and gives it in one spelling: lower case, without 443 and without a slash at the end.
func parseBase(s string) (any, error) {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsAny(s, "\\ ") {
		return nil, fmt.Errorf("%s is not a URL", text.Quote(s))
	}
	switch {
	case u.Scheme == "http":
		return nil, errors.New("http is refused, since tokens would travel in the clear: it has to be https")
	case u.Scheme != "https":
		return nil, fmt.Errorf("%s does not start with https://", text.Quote(s))
	case u.User != nil:
		return nil, errors.New("a URL with a user or a password is refused")
	case strings.Trim(u.Path, "/") != "" || len(u.Path) > 1 || strings.ContainsAny(s, "?#"):
		return nil, fmt.Errorf("%s has a path or a query: only the host is wanted, such as https://127.0.0.1:8443", text.Quote(s))
	}
	host, err := hostPort(u)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be used: %w", text.Quote(s), err)
	}
	return "https://" + host, nil
}

// hostPort checks the host of a URL and gives it in one spelling.
func hostPort(u *url.URL) (string, error) {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	addr, err := netip.ParseAddr(host)
	switch {
	case err == nil && addr.Zone() != "", err != nil && host != "localhost" && !domainPattern.MatchString(host):
		return "", errors.New("its host is neither a plain name nor an address")
	case err == nil && addr.Is6():
		host = "[" + host + "]"
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if strings.HasSuffix(u.Host, ":") || (port != "" && (err != nil || n == 0)) {
		return "", errors.New("its port is none")
	}
	if port != "" && n != 443 {
		host += ":" + strconv.FormatUint(n, 10)
	}
	return host, nil
}

func parseProxy(s string) (any, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("this is not a URL") // not quoted: it may have a password
	case u.User != nil:
		return nil, errors.New("a password does not belong into the configuration: set HTTPS_PROXY instead")
	case u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5":
		return nil, fmt.Errorf("%s starts with none of http://, https:// and socks5://", text.Quote(s))
	case strings.Trim(u.Path, "/") != "" || strings.ContainsAny(s, "?#") || u.Hostname() == "" || strings.HasPrefix(u.Host, "-"):
		return nil, fmt.Errorf("%s is not a proxy: it has the form http://proxy.example:3128", text.Quote(s))
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

var zeroPattern = regexp.MustCompile(`^0[smhd]?$`)

var durationPattern = regexp.MustCompile(`^(?:([0-9]{1,4})d)?((?:[0-9]{1,6}[hms])*)$`)

// parseDuration reads 90s, 30m, 1h30m, 2d; more than nothing, at most a year.
func parseDuration(s string) (any, error) {
	m := durationPattern.FindStringSubmatch(s)
	if m == nil || s == "" {
		return nil, fmt.Errorf("%s is not a time: write 90s, 30m, 4h or 2d", text.Quote(s))
	}
	var d time.Duration
	if m[2] != "" {
		var err error
		if d, err = time.ParseDuration(m[2]); err != nil {
			return nil, fmt.Errorf("%s is not a time: write 90s, 30m, 4h or 2d", text.Quote(s))
		}
	}
	days, _ := strconv.Atoi(m[1]) // none where there are none
	d += time.Duration(days) * 24 * time.Hour
	if d <= 0 || d > 366*24*time.Hour {
		return nil, fmt.Errorf("%s is out of range: it has to be more than nothing and at most 366d", text.Quote(s))
	}
	return d, nil
}

func parseBool(s string) (any, error) {
	switch s {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return nil, fmt.Errorf("%s is neither true nor false", text.Quote(s))
}

// maxLong bounds paths and filters, in bytes.
const maxLong = 4096

func parseLong(s string) (any, error) {
	if len(s) > maxLong {
		return nil, errors.New("the value is too long")
	}
	return s, nil
}

func parseChoice(s string, choices []string) (any, error) {
	if !slices.Contains(choices, s) {
		return nil, fmt.Errorf("%s is none of %s", text.Quote(s), strings.Join(choices, ", "))
	}
	return s, nil
}
