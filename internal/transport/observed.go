package transport

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// Observed tells of the requests that pass to a base without a chain: those of the sign-in. Of each it gives the host and
// the path, in which Entra ID names the tenant, and never the query, which names accounts, or the body, which holds
// secrets. The call ends with the answer's body, which the caller has to close.
func Observed(base http.RoundTripper, service string, observe func(Call)) http.RoundTripper {
	return &observed{base: base, service: service, observe: observe}
}

type observed struct {
	base    http.RoundTripper
	service string
	observe func(Call)
}

// RoundTrip sends the request as it is.
func (o *observed) RoundTrip(req *http.Request) (*http.Response, error) {
	call := Call{Tenant: tenantOfPath(req.URL.Path), Service: o.service, Method: req.Method, Host: req.URL.Host, Path: req.URL.EscapedPath(),
		Attempt: 1, Start: time.Now(), signIn: true}
	resp, err := o.base.RoundTrip(req)
	if err != nil {
		call.Duration, call.Error = time.Since(call.Start), ProblemOfError(o.service, err).Summary
		o.observe(call)
		return nil, err
	}
	call.Status, call.RequestID = resp.StatusCode, requestID(resp, "")
	if resp.Body == nil {
		resp.Body = http.NoBody
	}
	resp.Body = &observedBody{ReadCloser: resp.Body, call: call, observe: o.observe}
	return resp, nil
}

// tenantOfPath reads the tenant that a sign-in is for: /{tenant}/oauth2/v2.0/token.
func tenantOfPath(path string) soc.TenantID {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	id, err := soc.ParseTenantID(first)
	if err != nil {
		return "" // "common", or no tenant at all
	}
	return id
}

// observedBody counts what is read and tells of the call when it is closed. One goroutine reads and closes it.
type observedBody struct {
	io.ReadCloser
	call    Call
	observe func(Call)
	once    sync.Once
}

func (b *observedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.call.Bytes += int64(n)
	return n, err
}

func (b *observedBody) Close() error {
	b.once.Do(func() {
		b.call.Duration = time.Since(b.call.Start)
		b.observe(b.call)
	})
	return b.ReadCloser.Close()
}
