package transport

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// guard is the last look before the wire. It trusts nothing above it: it reads the header that is really set, and
// checks the address again, so that one customer's token never leaves towards another, whatever went wrong.
func guard(o Options, allow allowList, next step) step {
	return func(x *exchange) (*http.Response, error) {
		if err := checkRequest(allow, x.req); err != nil {
			return nil, unsafe(o.Service, err)
		}
		if err := checkToken(o, headerValues(x.req.Header, "Authorization")); err != nil {
			return nil, unsafe(o.Service, err)
		}
		return next(x)
	}
}

// headerValues finds a header in whatever case its key was put into the map: net/http writes every key as it stands.
func headerValues(h http.Header, name string) []string {
	var all []string
	for k, v := range h {
		if strings.EqualFold(k, name) {
			all = append(all, v...)
		}
	}
	return all
}

func checkToken(o Options, headers []string) error {
	if len(headers) != 1 {
		return errors.New("it does not carry exactly one token")
	}
	token, ok := strings.CutPrefix(headers[0], "Bearer ")
	if !ok || token == "" {
		return errors.New("it carries no token")
	}
	tenant, err := tokenTenant(token)
	if err != nil {
		return err
	}
	if !strings.EqualFold(tenant, string(o.Tenant)) {
		return fmt.Errorf("its token belongs to tenant %s, not to %s", text.Quote(shorten(tenant, 60)), o.Tenant)
	}
	return nil
}

// readOnly stands below everything that could decide otherwise: a write passes only with leave, asked for at the moment
// in which it would be sent.
func readOnly(o Options, next step) step {
	return func(x *exchange) (*http.Response, error) {
		if !reads(x.req) {
			if err := leave(o); err != nil {
				return nil, err
			}
		}
		return next(x)
	}
}

// leave asks whether a write may be sent.
func leave(o Options) error {
	cause := errors.New("this client only reads, and this would change something")
	if o.Writes != nil {
		err := o.Writes()
		var p *soc.Problem
		if err == nil || errors.As(err, &p) {
			return err
		}
		cause = err
	}
	p := unsafe(o.Service, cause)
	p.Next = text.NewLine("nothing was sent, and nothing was changed")
	return p
}
