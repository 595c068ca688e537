package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http/httptrace"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/transport"
)

// stage is how far a call came.
type stage int

const (
	stageStart stage = iota
	stageDNS
	stageConnect
	stageTLS
	stageSent
)

// watch follows a call. Its functions are called from several goroutines.
type watch struct {
	mu    sync.Mutex
	stage stage
}

func (w *watch) at(s stage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stage = max(w.stage, s)
}

func (w *watch) reached() stage {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stage
}

func (w *watch) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSStart:          func(httptrace.DNSStartInfo) { w.at(stageDNS) },
		ConnectStart:      func(string, string) { w.at(stageConnect) },
		TLSHandshakeStart: func() { w.at(stageTLS) },
		WroteRequest:      func(httptrace.WroteRequestInfo) { w.at(stageSent) },
	}
}

// explain says in plain words why a call got no answer, and what to do. An error's own text is not shown: it may quote
// what a stranger sent.
func explain(v *visit, s service) (found, fix string) {
	name := host(s.root)
	if v.unsent {
		return name + ": " + errorWords(v.err), "check the cloud in the configuration"
	}
	via := ""
	if v.proxy != "" {
		via = " through the proxy " + v.proxy
	}
	if found, fix := certificateWords(v.err, s.cloud); found != "" {
		return name + via + ": " + found, fix
	}
	var (
		dns   *net.DNSError
		op    *net.OpError
		timed net.Error
	)
	proxied := errors.As(v.err, &op) && op.Op == "proxyconnect" || v.proxy != "" && v.stage <= stageConnect
	what, settings := name, "check the network; where there is a proxy, set proxy or HTTPS_PROXY"
	if proxied {
		what, settings = "the proxy "+v.proxy, "check proxy, HTTPS_PROXY and NO_PROXY"
	}
	switch {
	case errors.Is(v.err, context.Canceled):
		return name + ": stopped before it answered", ""
	case errors.As(v.err, &dns) && dns.IsTimeout:
		return "the DNS server did not answer for " + what, "check the network and the DNS server"
	case errors.As(v.err, &dns):
		return "DNS does not know " + what, settings
	case errors.Is(v.err, syscall.ECONNREFUSED):
		return what + " refused the connection", settings
	case errors.Is(v.err, context.DeadlineExceeded), errors.Is(v.err, os.ErrDeadlineExceeded), errors.As(v.err, &timed) && timed.Timeout():
		return fmt.Sprintf("%s: no answer within %.0f s %s", what, callTimeout.Seconds(), slow(v.stage)), settings
	}
	p := transport.ProblemOfError(name, v.err)
	return p.Summary.String(), p.Next.String()
}

// slow says what took too long.
func slow(s stage) string {
	switch s {
	case stageDNS:
		return "from DNS"
	case stageConnect:
		return "to the connection: a firewall may drop it"
	case stageTLS:
		return "to the TLS handshake: something between may hold it back"
	}
	return "to the request"
}

// certificateWords says why the other side's certificate is not accepted, and whose it is: behind a proxy that opens TLS
// the issuer is the organisation that runs it.
func certificateWords(err error, c tenants.Cloud) (found, fix string) {
	var (
		verify  *tls.CertificateVerificationError
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
	)
	by, ended := "", ""
	if errors.As(err, &verify) && len(verify.UnverifiedCertificates) > 0 {
		leaf := verify.UnverifiedCertificates[0]
		by = ", issued by " + issuer(leaf)
		ended = fmt.Sprintf(" (from %s to %s)", leaf.NotBefore.UTC().Format(time.DateOnly), leaf.NotAfter.UTC().Format(time.DateOnly))
	}
	switch {
	case errors.As(err, &unknown):
		return "its certificate is not trusted here" + by + ": does a proxy open TLS?", trustFix(c)
	case errors.As(err, &name):
		return "its certificate is for another name" + by, "check the address of the cloud, and the proxy"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate is not valid at this time" + ended + by, "check the clock of this machine"
	case errors.As(err, &invalid), errors.As(err, &verify):
		return "its certificate is not valid" + by, trustFix(c)
	case errors.As(err, &record):
		return "it does not speak TLS", "check the address of the cloud, and the proxy"
	}
	return "", ""
}

// trustFix says where to put an authority's certificate. The clouds that are built in take no ca_file.
func trustFix(c tenants.Cloud) string {
	if _, builtin := tenants.BuiltinClouds()[c.Name]; builtin {
		return "if so, add its authority to the system's, or name it in SSL_CERT_FILE"
	}
	return "clouds." + c.Name + ".ca_file: its authority's certificate in PEM"
}

// issuer names who vouches for a certificate, shortly.
func issuer(c *x509.Certificate) string {
	name := c.Issuer.CommonName
	if len(c.Issuer.Organization) > 0 && c.Issuer.Organization[0] != name {
		name = c.Issuer.Organization[0] + " (" + name + ")"
	}
	if name == "" {
		name = "nobody in particular"
	}
	const most = 80
	if r := []rune(name); len(r) > most {
		return string(r[:most]) + "…"
	}
	return name
}
