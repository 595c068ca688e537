package signin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

// errFinal is the cause of problems that stay until somebody signs in in another way.
var errFinal = errors.New("only another sign-in helps")

// problem says why there is no token. It goes by what the door saw. The error itself is only asked for its type: the
// text of azidentity's errors quotes answers, and with a malformed one that means tokens.
func (i *Identity) problem(ctx context.Context, t soc.TenantID, seen *note, err error) *soc.Problem {
	seen.mu.Lock()
	noted, prompt, status := seen.problem, seen.prompt, seen.status
	seen.mu.Unlock()
	var required *azidentity.AuthenticationRequiredError
	var own *soc.Problem
	switch {
	case ctx.Err() != nil:
		return transport.ProblemOfError(service, ctx.Err())
	case prompt != nil:
		return promptProblem(prompt)
	case noted != nil:
		return noted
	case status >= 400:
		return i.refusal(t, seen)
	case errors.As(err, &own):
		return own
	case errors.As(err, &required):
		return notSignedIn()
	case errors.Is(err, context.DeadlineExceeded):
		return transport.ProblemOfError(service, context.DeadlineExceeded)
	case status != 0:
		return &soc.Problem{
			Kind:    soc.ProblemBadAnswer,
			Summary: text.NewLine(service + " gave an answer that cannot be used"),
			Next:    text.NewLine("check the proxy and the authority in the configuration"),
			Status:  status,
		}
	}
	return &soc.Problem{
		Kind:    soc.ProblemRefused,
		Summary: text.NewLine("no token could be asked for"),
		Next:    text.NewLine("check home and tenants in the configuration"),
	}
}

func promptProblem(err error) *soc.Problem {
	var p *soc.Problem
	if errors.As(err, &p) {
		return p
	}
	return &soc.Problem{
		Kind:    soc.ProblemSignIn,
		Summary: text.NewLine("the sign-in was stopped before anybody was asked"),
		Next:    text.NewLine("sign in again"),
		Err:     err,
	}
}

// entraError is the envelope of a token error (graph-api 9.3), as far as it is used.
type entraError struct {
	name        string // invalid_grant
	description string
	code        int // of AADSTS50076; 0 where there is none
	suberror    string
	correlation string
}

// refusal says what an error answer of the authority means for a tenant.
func (i *Identity) refusal(t soc.TenantID, seen *note) *soc.Problem {
	seen.mu.Lock()
	resp, raw := &http.Response{StatusCode: seen.status, Header: seen.header}, string(seen.body)
	seen.mu.Unlock()
	p := transport.ProblemOfResponse(service, resp, []byte(seen.redact(raw)), i.opts.Now())
	e, ok := readEntraError(raw)
	if !ok {
		return p
	}
	p.RequestID = text.NewLine(clip(seen.redact(e.correlation), 64))
	p.Code = text.NewLine(clip(seen.redact(e.label()), 60))
	if r, known := ruleFor(e); known {
		p.Kind = r.kind
		p.Summary = text.NewLine(r.what)
		p.Next = text.NewLine(strings.ReplaceAll(r.next, "{consent}", i.consentURL(t)))
		if r.final {
			p.Err = errFinal
		}
		return p
	}
	p.Summary = text.NewLine(service + " answered " + p.Code.String() + ": " + clip(seen.redact(e.reason()), 300))
	switch p.Kind {
	case soc.ProblemThrottled, soc.ProblemUnavailable:
	default:
		p.Kind, p.Next = kindOfName(e), text.NewLine("look the code up, or ask the customer's administrator")
	}
	return p
}

// consentURL is where an administrator of a tenant lets the app in.
func (i *Identity) consentURL(t soc.TenantID) string {
	return strings.TrimRight(i.opts.Authority, "/") + "/" + string(t) + "/adminconsent?client_id=" + url.QueryEscape(i.opts.ClientID)
}

var aadsts = regexp.MustCompile(`AADSTS([0-9]{3,9})`)

// readEntraError reads the envelope. Its fields may be missing or of another type.
func readEntraError(body string) (entraError, bool) {
	var fields map[string]jsontext.Value
	if json.Unmarshal([]byte(body), &fields, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) != nil {
		return entraError{}, false
	}
	str := func(name string) string {
		var s string
		if v := fields[name]; v.Kind() != '"' || json.Unmarshal(v, &s, jsontext.AllowInvalidUTF8(true)) != nil {
			return ""
		}
		return s
	}
	e := entraError{
		name: str("error"), description: str("error_description"), suberror: str("suberror"), correlation: str("correlation_id"),
	}
	var codes []int
	if json.Unmarshal(fields["error_codes"], &codes) == nil && len(codes) > 0 {
		e.code = codes[0]
	} else if m := aadsts.FindStringSubmatch(e.description); m != nil {
		e.code, _ = strconv.Atoi(m[1])
	}
	return e, e.name != "" || e.code != 0
}

// label is the code as people look it up.
func (e entraError) label() string {
	if e.code != 0 {
		return "AADSTS" + strconv.Itoa(e.code)
	}
	return e.name
}

// reason is the description without its code and without the ids and the time that follow it.
func (e entraError) reason() string {
	s, _, _ := strings.Cut(e.description, "Trace ID:")
	s = strings.TrimLeft(strings.TrimPrefix(s, "AADSTS"+strconv.Itoa(e.code)), ": ")
	if s = strings.TrimSpace(s); s != "" {
		return s
	}
	return e.name
}
