package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// proxyError is a proxy's answer to CONNECT that is not 200.
type proxyError struct{ status int }

func (e *proxyError) Error() string { return fmt.Sprintf("the proxy answered %d", e.status) }

// ProblemOfError says in plain words why there was no answer. It never quotes the error, which may hold a URL with its
// query; the error stays the problem's cause, so that errors.Is finds a context's end in it.
func ProblemOfError(service string, err error) *soc.Problem {
	var p *soc.Problem
	if errors.As(err, &p) {
		return p
	}
	what, next := networkWords(err)
	return &soc.Problem{
		Kind:    soc.ProblemUnavailable,
		Summary: text.NewLine(service + " " + what),
		Next:    text.NewLine(next),
		Err:     err,
	}
}

func networkWords(err error) (what, next string) {
	var (
		proxy *proxyError
		op    *net.OpError
		dns   *net.DNSError
		timed net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "was not waited for: the call was stopped", ""
	case errors.As(err, &proxy):
		return fmt.Sprintf("could not be reached: the proxy answered %d", proxy.status), "check HTTPS_PROXY and the proxy's rules"
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return "could not be reached: the proxy does not answer", "check HTTPS_PROXY"
	case tlsWords(err) != "":
		return "could not be trusted: " + tlsWords(err), "if a proxy or a private cloud stands between, name its certificate authority as ca_file"
	case errors.As(err, &dns):
		return "could not be found: no such host", "check the network and the customer's cloud in the configuration"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &timed) && timed.Timeout():
		return "did not answer in time", "try again in a moment"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "could not be reached: connection refused", "check the network, HTTPS_PROXY and the customer's cloud in the configuration"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "could not be reached: there is no way to it from here", "check the network and HTTPS_PROXY"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "could not be reached: the connection was cut", "try again in a moment"
	}
	return "could not be reached: the connection failed", "try again in a moment"
}

// tlsWords says what is wrong with the other side's certificate, or nothing.
func tlsWords(err error) string {
	var (
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
		verify  *tls.CertificateVerificationError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &unknown):
		return "its certificate is not trusted here"
	case errors.As(err, &host):
		return "its certificate is for another name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate is not valid at this time"
	case errors.As(err, &invalid), errors.As(err, &verify):
		return "its certificate is not valid"
	case errors.As(err, &record):
		return "it does not speak TLS"
	}
	return ""
}

// passing tells whether a network error may go away by itself: a certificate does not.
func passing(err error) bool {
	var (
		wire  *lost
		proxy *proxyError
	)
	return errors.As(err, &wire) && tlsWords(err) == "" && !errors.As(err, &proxy) && !errors.Is(err, context.Canceled)
}
