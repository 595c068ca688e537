package transport

import (
	"errors"
	"net/http"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// invalidator is what a TokenSource may also be.
type invalidator interface{ Invalidate() }

// authorise sets a token on every attempt. After a 401 it has the token renewed, and repeats a read once.
func authorise(o Options, next step) step {
	return func(x *exchange) (*http.Response, error) {
		resp, err := withToken(o, x, next)
		if err != nil || resp.StatusCode != http.StatusUnauthorized {
			return resp, err
		}
		source, renewable := o.Tokens.(invalidator)
		if renewable {
			source.Invalidate()
		}
		if challenged(resp.Header) {
			p := challenge(o.Service, resp)
			discard(resp)
			return nil, p
		}
		if !renewable || !reads(x.req) {
			return resp, nil
		}
		discard(resp)
		return withToken(o, x, next)
	}
}

// withToken sends a copy of the request that carries the token of this moment.
func withToken(o Options, x *exchange, next step) (*http.Response, error) {
	token, err := o.Tokens.Token(x.req.Context())
	if err != nil {
		var p *soc.Problem
		if errors.As(err, &p) {
			return nil, err
		}
		return nil, &soc.Problem{
			Kind:    soc.ProblemSignIn,
			Summary: text.NewLine("there is no token for " + o.Service),
			Next:    text.NewLine("sign in again"),
			Err:     err,
		}
	}
	req := x.req.Clone(x.req.Context())
	req.Header.Set("Authorization", "Bearer "+token)
	return next(&exchange{req: req, attempt: x.attempt})
}

// challenged tells whether a 401 asks for claims (continuous access evaluation, graph-api 9.4). It looks for the
// parameter in every header line and leaves the value alone.
func challenged(h http.Header) bool {
	for _, line := range h.Values("WWW-Authenticate") {
		rest := strings.ToLower(line)
		for {
			before, after, found := strings.Cut(rest, "claims")
			if !found {
				break
			}
			starts := before == "" || strings.ContainsAny(before[len(before)-1:], " ,\t")
			if starts && strings.HasPrefix(strings.TrimLeft(after, " \t"), "=") {
				return true
			}
			rest = after
		}
	}
	return false
}

func challenge(service string, resp *http.Response) *soc.Problem {
	return &soc.Problem{
		Kind:      soc.ProblemSignIn,
		Summary:   text.NewLine(service + " wants a new sign-in for this customer: access was changed or has to be proved again"),
		Next:      text.NewLine("sign in again"),
		RequestID: requestID(resp, ""),
		Code:      text.NewLine("insufficient_claims"),
		Status:    resp.StatusCode,
	}
}
