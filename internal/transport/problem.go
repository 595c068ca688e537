package transport

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// ProblemOfResponse says what a non-2xx answer of Graph, ARM or Entra means. It reads the envelope where there is one
// (graph-api 9.5, 1.10, 5.3) and quotes what else came, shortly. A 2xx answer gives a bad answer: whoever asks, could
// not use it.
func ProblemOfResponse(service string, resp *http.Response, body []byte, now time.Time) *soc.Problem {
	env := readEnvelope([]byte(Redact(string(body))))
	p := &soc.Problem{
		Kind:      kindOfStatus(resp.StatusCode),
		Summary:   text.NewLine(summary(service, resp.StatusCode, env)),
		RequestID: requestID(resp, env.requestID),
		Code:      text.NewLine(shorten(env.code, 100)),
		Status:    resp.StatusCode,
	}
	p.Next = text.NewLine(nextOfKind(p.Kind, resp.StatusCode))
	if r, ok := ruleOf(env); ok {
		p.Kind, p.Next = r.kind, text.NewLine(r.next)
		if r.what != "" {
			p.Summary = text.NewLine(service + ": " + r.what)
		}
	}
	wait, asked := retryAfter(resp.Header, now)
	switch {
	case resp.StatusCode == http.StatusServiceUnavailable && asked:
		p.Kind, p.Until = soc.ProblemThrottled, now.Add(wait)
	case resp.StatusCode == http.StatusTooManyRequests:
		p.Until = now.Add(max(wait, minRetryAfter))
	}
	return p
}

func kindOfStatus(status int) soc.ProblemKind {
	switch {
	case status < 300:
		return soc.ProblemBadAnswer
	case status < 400:
		return soc.ProblemUnsafe
	case status == http.StatusUnauthorized:
		return soc.ProblemSignIn
	case status == http.StatusForbidden:
		return soc.ProblemNoAccess
	case status == http.StatusTooManyRequests:
		return soc.ProblemThrottled
	case status == http.StatusRequestTimeout, status >= 500:
		return soc.ProblemUnavailable
	}
	return soc.ProblemRefused
}

func nextOfKind(k soc.ProblemKind, status int) string {
	switch k {
	case soc.ProblemSignIn:
		return "sign in again"
	case soc.ProblemNoAccess:
		return "ask for access to this customer"
	case soc.ProblemThrottled:
		return "wait until the service takes requests again"
	case soc.ProblemUnavailable:
		return "try again in a moment"
	case soc.ProblemBadAnswer, soc.ProblemUnsafe:
		return "check the proxy and the customer's cloud in the configuration"
	}
	if status == http.StatusConflict || status == http.StatusPreconditionFailed {
		return "read it again: somebody changed it meanwhile"
	}
	return ""
}

// rule is what a service means by certain words in its code or message.
type rule struct {
	words string // lower case
	kind  soc.ProblemKind
	what  string
	next  string
}

// rules are looked through in order, over code and message: some answers carry the telling code inside the message and
// "UnknownError" outside.
func rules() []rule {
	return []rule{
		{"acrsvalidationfailed", soc.ProblemSignIn, "a stronger sign-in is needed for this", "sign in with the browser; a device code cannot satisfy it"},
		{"mfarule", soc.ProblemSignIn, "multi-factor authentication is needed for this", "sign in again with multi-factor authentication"},
		{"account is not provisioned", soc.ProblemNoAccess, "this customer has no Microsoft Defender XDR", "take the customer out of the list, or have Defender XDR set up in its tenant"},
		{"missing application roles", soc.ProblemNoAccess, "the console's app lacks a permission in this tenant", "have the customer's administrator consent to the app's permissions"},
		{"missing application scopes", soc.ProblemNoAccess, "the console's app lacks a permission in this tenant", "have the customer's administrator consent to the app's permissions"},
		{"permissionscopenotgranted", soc.ProblemNoAccess, "the console's app lacks a permission in this tenant", "have the customer's administrator consent to the app's permissions"},
	}
}

func ruleOf(env envelope) (rule, bool) {
	all := strings.ToLower(env.code + " " + env.message)
	for _, r := range rules() {
		if strings.Contains(all, r.words) {
			return r, true
		}
	}
	return rule{}, false
}

// summary is the sentence for an answer that no rule knows.
func summary(service string, status int, env envelope) string {
	s := fmt.Sprintf("%s answered %d", service, status)
	switch {
	case status == http.StatusTooManyRequests:
		return s + ": too many requests"
	case env.message != "":
		return s + ": " + shorten(env.message, 300)
	case env.code != "":
		return s + ": " + shorten(env.code, 100)
	case env.quote != "":
		return s + " with " + text.Quote(env.quote)
	case http.StatusText(status) != "":
		return s + ": " + strings.ToLower(http.StatusText(status))
	}
	return s
}

// requestID finds the id that support asks for: the service's own, else ours.
func requestID(resp *http.Response, inBody string) text.Line {
	ids := []string{resp.Header.Get("request-id"), resp.Header.Get("x-ms-request-id"), inBody, resp.Header.Get("client-request-id")}
	if resp.Request != nil {
		ids = append(ids, resp.Request.Header.Get("client-request-id"))
	}
	for _, id := range ids {
		if id = strings.TrimSpace(id); id != "" {
			return text.NewLine(shorten(Redact(id), 64))
		}
	}
	return text.Line{}
}

// shorten cuts s after n runes.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	i := 0
	for at := range s {
		if i == n {
			return s[:at] + "…"
		}
		i++
	}
	return s
}
