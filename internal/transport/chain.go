package transport

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// exchange is one request on its way down the chain.
type exchange struct {
	req     *http.Request
	attempt int // counts from 1
}

// step is one part of the chain: it passes the exchange to the next one, or answers itself.
type step func(*exchange) (*http.Response, error)

// chain is the RoundTripper that NewClient hands out.
type chain struct {
	opts  Options
	first step
}

// newChain joins the steps, innermost first; the package comment lists them from outside.
func newChain(o Options) (*chain, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	allow, err := newAllowList(o.Allow)
	if err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}
	s := wire(o)
	s = readOnly(o, s)
	s = guard(o, allow, s)
	s = authorise(o, s)
	g := newGate(o)
	s = g.step(s)
	s = newRetrier(o, g).step(s)
	return &chain{opts: o, first: admit(o, allow, s)}, nil
}

// RoundTrip sends a request through the chain. As the contract of RoundTripper wants, the request is not changed and
// its body is closed in every case.
func (c *chain) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.first(&exchange{req: c.prepare(req), attempt: 1})
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // what was refused before the wire has nobody else to close it
		}
		return nil, err
	}
	return resp, nil
}

// prepare copies the request and sets the headers that every call carries.
func (c *chain) prepare(req *http.Request) *http.Request {
	r := req.Clone(req.Context())
	if r.Header == nil {
		r.Header = make(http.Header)
	}
	for k := range r.Header {
		if ours(k) {
			delete(r.Header, k)
		}
	}
	r.Header.Set("User-Agent", "socctl/"+c.opts.Version)
	if r.Header.Get("client-request-id") == "" {
		r.Header.Set("client-request-id", c.opts.NewID())
	}
	return r
}

// ours tells whether a header is not the caller's to set. Authorization and cookies are the chain's business. SdkVersion
// tells the host's system and Go version. An idempotency key would make net/http replay writes. Without
// Accept-Encoding, net/http asks for gzip itself and hands out decoded bytes, which the limit then counts.
func ours(key string) bool {
	switch strings.ToLower(key) {
	case "authorization", "proxy-authorization", "cookie", "user-agent", "sdkversion",
		"idempotency-key", "x-idempotency-key", "accept-encoding":
		return true
	}
	return false
}

// reads tells whether a request changes nothing, so that it may be sent again.
func reads(req *http.Request) bool {
	return (req.Method == http.MethodGet || req.Method == http.MethodHead || req.Method == "") &&
		(req.Body == nil || req.Body == http.NoBody)
}

// drainLimit bounds what is read of an answer that nobody wants, to reuse its connection.
const drainLimit = 256 << 10

// discard ends an answer that is not passed on.
func discard(resp *http.Response) {
	if resp == nil || resp.Body == nil {
		return
	}
	_, _ = io.CopyN(io.Discard, resp.Body, drainLimit)
	_ = resp.Body.Close()
}
