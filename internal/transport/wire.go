package transport

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Call is one attempt, as Options.Observe is told of it: when its answer was read to the end, closed, or did not come.
// It holds no header, no token and no value of a query.
type Call struct {
	Tenant          soc.TenantID
	Service         string
	Method          string
	Host, Path      string // without the query: filters may name people
	Query           string // the names of its parameters: $expand&$filter
	Status          int    // 0 where there was no answer
	Attempt         int    // counts from 1
	Start           time.Time
	Duration        time.Duration
	Bytes           int64     // of the decoded body
	RequestID       text.Line // the service's
	ClientRequestID text.Line // ours
	Error           text.Line // empty where all went well

	signIn bool // it went to an authority
}

// wire is the last step: the shared base, and what comes back from it.
func wire(o Options) step {
	return func(x *exchange) (*http.Response, error) {
		ctx, cancel := context.WithCancelCause(x.req.Context())
		call := newCall(o, x)
		resp, err := o.Base.RoundTrip(x.req.WithContext(ctx))
		if err != nil {
			cancel(nil)
			p := ProblemOfError(o.Service, err)
			p.Err = &lost{err}
			return nil, refuse(o, call, p)
		}
		call.Status, call.RequestID = resp.StatusCode, requestID(resp, "")
		if resp.Body == nil {
			resp.Body = http.NoBody
		}
		if p := checkAnswer(o, x.req, resp); p != nil {
			_ = resp.Body.Close()
			cancel(nil)
			return nil, refuse(o, call, p)
		}
		resp.Body = newBody(o, resp.Body, cancel, call)
		return resp, nil
	}
}

// lost marks an error of the wire itself. Only such a one is tried again: a token that could not be had was tried for
// in its own place.
type lost struct{ cause error }

func (l *lost) Error() string { return l.cause.Error() }
func (l *lost) Unwrap() error { return l.cause }

func newCall(o Options, x *exchange) Call {
	method := x.req.Method
	if method == "" {
		method = http.MethodGet
	}
	return Call{
		Tenant:          o.Tenant,
		Service:         o.Service,
		Method:          method,
		Host:            x.req.URL.Host,
		Path:            x.req.URL.EscapedPath(),
		Query:           queryNames(x.req.URL.RawQuery),
		Attempt:         x.attempt,
		Start:           o.Now(),
		ClientRequestID: text.NewLine(shorten(x.req.Header.Get("client-request-id"), 64)),
	}
}

// refuse observes an attempt that gave no answer to pass on.
func refuse(o Options, call Call, p *soc.Problem) *soc.Problem {
	call.Duration, call.Error = o.Now().Sub(call.Start), p.Summary
	o.Observe(call)
	return p
}

// checkAnswer refuses the answers that no caller may act on.
func checkAnswer(o Options, req *http.Request, resp *http.Response) *soc.Problem {
	p := &soc.Problem{Kind: soc.ProblemUnsafe, RequestID: requestID(resp, ""), Status: resp.StatusCode}
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		p.Summary = text.NewLine(fmt.Sprintf("%s answered %d: it wants to send the request elsewhere, which is refused", o.Service, resp.StatusCode))
		p.Next = text.NewLine("check the customer's cloud and the proxy in the configuration")
	case resp.StatusCode == http.StatusSwitchingProtocols:
		p.Kind = soc.ProblemBadAnswer
		p.Summary = text.NewLine(o.Service + " wants to speak another protocol")
	case !plain(resp.Header) && req.Method != http.MethodHead:
		p.Kind = soc.ProblemBadAnswer
		p.Summary = text.NewLine(o.Service + " answered in an encoding that nobody asked for")
	case resp.ContentLength > o.MaxBody && req.Method != http.MethodHead:
		return tooLarge(o, resp.StatusCode)
	default:
		return nil
	}
	return p
}

// plain tells whether the body is readable as it is: net/http has taken off the gzip that it asked for.
func plain(h http.Header) bool {
	for _, v := range h.Values("Content-Encoding") {
		if v = strings.TrimSpace(v); v != "" && !strings.EqualFold(v, "identity") {
			return false
		}
	}
	return true
}

func tooLarge(o Options, status int) *soc.Problem {
	return &soc.Problem{
		Kind:    soc.ProblemUnsafe,
		Summary: text.NewLine(fmt.Sprintf("%s answered with more than %s", o.Service, size(o.MaxBody))),
		Next:    text.NewLine("the rest was not read; report it if it stays"),
		Status:  status,
	}
}

func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}
