package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/http/httpproxy"
)

// BaseOptions says how connections are made.
type BaseOptions struct {
	CAPEM   []byte // certificates that are trusted besides the system's (ca_file)
	Proxy   string // a proxy's URL; "" takes HTTPS_PROXY and NO_PROXY from the environment, as it is now
	NoProxy string // hosts that Proxy is not for; only with Proxy
}

const (
	dialTimeout   = 10 * time.Second
	headerTimeout = 30 * time.Second
	maxHeader     = 1 << 20 // generous: over HTTP/2 a longer header ends the connection, which all customers share
	maxConns      = 64      // to one host; with HTTP/2 a handful carries all customers
)

// NewBase makes the transport under all clients. There is one per process: 500 customers share its connections. The
// owner calls CloseIdleConnections at the end.
func NewBase(o BaseOptions) (*http.Transport, error) {
	proxy, err := proxyOf(o)
	if err != nil {
		return nil, err
	}
	roots, err := rootsOf(o.CAPEM)
	if err != nil {
		return nil, err
	}
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  proxy,
		OnProxyConnectResponse: checkProxy,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    dialTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConns:           maxConns,
		MaxIdleConnsPerHost:    maxConns / 4,
		MaxConnsPerHost:        maxConns,
		MaxResponseHeaderBytes: maxHeader,
		ForceAttemptHTTP2:      true,
		// A jump host's firewall forgets idle connections silently: ping them before they are trusted with a request.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 10 * time.Second},
	}, nil
}

// proxyOf decides on the proxy once, so that a test or a program can have its own; net/http would remember the first
// environment that it saw.
func proxyOf(o BaseOptions) (func(*http.Request) (*url.URL, error), error) {
	config := httpproxy.FromEnvironment()
	if o.Proxy != "" {
		u, err := url.Parse(o.Proxy)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5") {
			// Not quoted: a proxy's URL may hold a password.
			return nil, errors.New("the proxy is not a URL: write it as http://proxy.example:3128")
		}
		config = &httpproxy.Config{HTTPSProxy: o.Proxy, NoProxy: o.NoProxy}
	}
	decide := config.ProxyFunc()
	return func(r *http.Request) (*url.URL, error) { return decide(r.URL) }, nil
}

// checkProxy gives a proxy's refusal a type of its own.
func checkProxy(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return &proxyError{status: resp.StatusCode}
	}
	return nil
}

// rootsOf adds certificates to the system's; nil leaves the choice to crypto/tls.
func rootsOf(pem []byte) (*x509.CertPool, error) {
	if len(pem) == 0 {
		return nil, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a machine without a store still trusts the file that it was given
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, errors.New("ca_file holds no certificate in PEM form") // not quoted: it may be a key by mistake
	}
	return pool, nil
}
