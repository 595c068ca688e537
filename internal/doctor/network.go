package doctor

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"

	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/transport"
)

const (
	// callTimeout bounds one look at one service.
	callTimeout = 5 * time.Second
	// maxBody is how much of an answer is read.
	maxBody = 256 << 10
)

// Transport makes connections as the program makes them: with a cloud's ca_file and the configured proxy.
func Transport(proxy func(*url.URL) (*url.URL, error), readFile func(string) ([]byte, error)) func(tenants.Cloud) (http.RoundTripper, error) {
	return func(c tenants.Cloud) (http.RoundTripper, error) {
		var ca []byte
		if c.CAFile != "" {
			data, err := readFile(c.CAFile)
			if err != nil {
				return nil, fmt.Errorf("ca_file: %w", err)
			}
			ca = data
		}
		base, err := transport.NewBase(transport.BaseOptions{CAPEM: ca})
		if err != nil {
			return nil, err
		}
		base.Proxy = func(r *http.Request) (*url.URL, error) { return proxy(r.URL) }
		return base, nil
	}
}

// service is one address of a cloud.
type service struct {
	id, name  string
	cloud     tenants.Cloud
	root, url string
	authority bool
}

// clouds calls every service of every cloud in use, side by side, and takes the time from the first that tells it.
func (d *doctor) clouds(ctx context.Context) []Check {
	if d.Config == nil {
		const why = "there is no configuration that says which clouds are in use"
		return []Check{d.clock(time.Time{}, time.Time{}, ""), check(Skip, idAuthority, "authority", why, ""), check(Skip, idGraph, "graph", why, "")}
	}
	var list []service
	for _, c := range d.configured() {
		discovery := c.Authority + "/" + url.PathEscape(string(d.Config.Home.Tenant)) + "/v2.0/.well-known/openid-configuration"
		list = append(list,
			service{idAuthority, "authority " + c.Name, c, c.Authority, discovery, true},
			service{idGraph, "graph " + c.Name, c, c.Graph, c.Graph + "/", false})
	}
	visits, groups := make([]visit, len(list)), make([]group, len(list))
	for n, s := range list {
		groups[n] = group{s.name, func() []Check {
			visits[n] = d.visit(ctx, s)
			return []Check{visits[n].check(s)}
		}}
	}
	rows := together(groups)
	for n, s := range list {
		if v := &visits[n]; s.authority && v.err == nil && !v.date.IsZero() {
			return append(rows, d.clock(v.date, v.arrived, host(s.root)))
		}
	}
	return append(rows, d.clock(time.Time{}, time.Time{}, ""))
}

// visit is what one call came to.
type visit struct {
	err     error
	unsent  bool // the error is our own, from before the call
	stage   stage
	proxy   string // through which it went, or empty
	took    time.Duration
	status  int
	odd     string    // what is wrong with the answer's content
	date    time.Time // as the service has it
	arrived time.Time // as we have it
	tls     *tls.ConnectionState
}

// visit calls a service once, following nothing, without a token.
func (d *doctor) visit(ctx context.Context, s service) (v visit) {
	rt, err := d.Transport(s.cloud)
	if err != nil {
		return visit{err: err, unsent: true}
	}
	if c, ok := rt.(interface{ CloseIdleConnections() }); ok {
		defer c.CloseIdleConnections()
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	w := &watch{}
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, w.trace()), http.MethodGet, s.url, nil)
	if err != nil {
		return visit{err: errors.New("its address cannot be used"), unsent: true}
	}
	if p, err := d.Config.ProxyFor(req.URL); err == nil && p != nil {
		v.proxy = p.Host
	}
	req.Header.Set("Accept", "application/json")
	start := time.Now()
	resp, err := rt.RoundTrip(req)
	v.took, v.arrived = time.Since(start), d.Now()
	v.stage = w.reached()
	if err != nil {
		v.err = err
		return v
	}
	defer func() { _ = resp.Body.Close() }()
	v.status, v.tls = resp.StatusCode, resp.TLS
	v.date, _ = http.ParseTime(resp.Header.Get("Date"))
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if s.authority && v.status == http.StatusOK {
		v.odd = oddDiscovery(body, err)
	}
	return v
}

// oddDiscovery says why an answer is not the authority's description of itself (OpenID Connect Discovery 1.0), or nothing.
func oddDiscovery(body []byte, err error) string {
	var found struct {
		TokenEndpoint string `json:"token_endpoint"`
	}
	switch {
	case err != nil:
		return "its answer broke off"
	case json.Unmarshal(body, &found) != nil, found.TokenEndpoint == "":
		return "something else answers in its place: a proxy or a login page"
	}
	return ""
}

// check puts a visit into words.
func (v *visit) check(s service) Check {
	name := host(s.root)
	if v.err != nil {
		found, fix := explain(v, s)
		return check(Fail, s.id, s.name, found, fix)
	}
	found := fmt.Sprintf("%s: %s%sanswered %d in %d ms", name, through(v.proxy), tlsWords(v.tls), v.status, v.took.Milliseconds())
	switch {
	case v.odd != "":
		return check(Fail, s.id, s.name, name+": "+v.odd, "open "+s.url)
	case v.status >= http.StatusInternalServerError, v.status == http.StatusTooManyRequests:
		return check(Warn, s.id, s.name, found, "try again in a while")
	case v.status == http.StatusProxyAuthRequired:
		return check(Fail, s.id, s.name, found, "HTTPS_PROXY with a name and a password")
	case s.authority && v.status != http.StatusOK:
		return check(Fail, s.id, s.name, found+": it does not know the home tenant", "home.tenant")
	}
	return check(OK, s.id, s.name, found, "")
}

func through(proxy string) string {
	if proxy == "" {
		return ""
	}
	return "through " + proxy + ", "
}

// tlsWords names the version and who vouches for the certificate.
func tlsWords(s *tls.ConnectionState) string {
	if s == nil {
		return ""
	}
	by := ""
	if len(s.PeerCertificates) > 0 {
		by = " by " + issuer(s.PeerCertificates[0])
	}
	return tls.VersionName(s.Version) + by + ", "
}

// host gives the host of a base URL, which came from the configuration.
func host(root string) string {
	u, err := url.Parse(root)
	if err != nil {
		return root
	}
	return u.Host
}

// The differences from the time of the authority that a token may not survive, and that clocks may have.
const (
	maxSkew   = 5 * time.Minute
	someSkew  = 30 * time.Second
	smallSkew = 2 * time.Second // the header counts whole seconds
)

// clock compares our clock with that of an authority, whose certificate was trusted.
func (d *doctor) clock(theirs, ours time.Time, who string) Check {
	const name, fix = "clock", "timedatectl set-ntp true"
	now := d.Now()
	zone := now.Format("15:04 MST (UTC-07:00)")
	if tz := d.env["TZ"]; tz != "" {
		zone += ", TZ=" + tz
	}
	if theirs.IsZero() {
		return check(Skip, idClock, name, "no authority told the time; here it is "+zone, "")
	}
	skew := ours.Sub(theirs)
	words := "as at " + who
	if size := skew.Abs(); size >= smallSkew {
		side := "ahead of"
		if skew < 0 {
			side = "behind"
		}
		words = fmt.Sprintf("%s %s %s", size.Round(time.Second), side, who)
	}
	switch {
	case skew.Abs() > maxSkew:
		return check(Fail, idClock, name, words+": tokens will be refused", fix)
	case skew.Abs() > someSkew:
		return check(Warn, idClock, name, words+": ages and clocks are wrong by that", fix)
	}
	return check(OK, idClock, name, words+"; here it is "+zone, "")
}
