package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

func TestProblemOfResponse(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	cases := []struct {
		name    string
		status  int
		body    string
		header  []string
		kind    soc.ProblemKind
		code    string
		has     string // in the summary
		request string
		until   time.Duration
	}{
		{"Graph 400", 400, `{"error":{"code":"BadRequest","message":"Invalid filter clause","innerError":{"request-id":"abc"}}}`, nil, soc.ProblemRefused, "BadRequest", "Invalid filter clause", "abc", 0},
		{"empty code", 400, `{"error":{"code":"","message":"The limit of '50' for Top query has been exceeded."}}`, nil, soc.ProblemRefused, "", "limit of '50'", "", 0},
		{"old spelling", 404, `{"error":{"code":"NotFound","message":"x","innererror":{"request-id":"old"}}}`, nil, soc.ProblemRefused, "NotFound", "x", "old", 0},
		{"header beats body", 403, `{"error":{"code":"Forbidden","message":"x","innerError":{"request-id":"abc"}}}`, []string{"request-id", "hdr"}, soc.ProblemNoAccess, "Forbidden", "x", "hdr", 0},
		{"ARM request id", 403, `{"error":{"code":"AuthorizationFailed","message":"x"}}`, []string{"x-ms-request-id", "arm"}, soc.ProblemNoAccess, "AuthorizationFailed", "x", "arm", 0},
		{"ARM without envelope", 403, `{"code":"Gateway","message":"not here"}`, nil, soc.ProblemNoAccess, "Gateway", "not here", "", 0},
		{"401", 401, `{"error":{"code":"InvalidAuthenticationToken","message":"expired"}}`, nil, soc.ProblemSignIn, "InvalidAuthenticationToken", "expired", "", 0},
		{"not provisioned", 403, `{"error":{"code":"Forbidden","message":"Unauthorized request - Account is not provisioned."}}`, nil, soc.ProblemNoAccess, "Forbidden", "no Microsoft Defender XDR", "", 0},
		{"missing roles", 403, `{"error":{"code":"UnknownError","message":"Missing application roles. API required roles: SecurityIncident.Read.All"}}`, nil, soc.ProblemNoAccess, "UnknownError", "lacks a permission", "", 0},
		{"step-up", 400, `{"error":{"code":"RoleAssignmentRequestAcrsValidationFailed","message":"&claims=%7B%7D"}}`, nil, soc.ProblemSignIn, "RoleAssignmentRequestAcrsValidationFailed", "stronger sign-in", "", 0},
		{"step-up inside the message", 400, `{"error":{"code":"UnknownError","message":"GroupAssignmentRequestAcrsValidationFailed"}}`, nil, soc.ProblemSignIn, "UnknownError", "stronger sign-in", "", 0},
		{"MFA rule", 400, `{"error":{"code":"RoleAssignmentRequestPolicyValidationFailed","message":"The following policy rules failed: [\"MfaRule\"]"}}`, nil, soc.ProblemSignIn, "RoleAssignmentRequestPolicyValidationFailed", "multi-factor", "", 0},
		{"409", 409, `{"error":{"code":"Conflict","message":"x"}}`, nil, soc.ProblemRefused, "Conflict", "x", "", 0},
		{"412", 412, ``, nil, soc.ProblemRefused, "", "precondition failed", "", 0},
		{"429", 429, `{"error":{"code":"TooManyRequests","message":"x"}}`, []string{"Retry-After", "17"}, soc.ProblemThrottled, "TooManyRequests", "too many requests", "", 17 * time.Second},
		{"429 without a time", 429, ``, nil, soc.ProblemThrottled, "", "too many requests", "", time.Second},
		{"429 for an hour", 429, ``, []string{"Retry-After", "3600"}, soc.ProblemThrottled, "", "", "", 10 * time.Minute},
		{"503", 503, ``, nil, soc.ProblemUnavailable, "", "503", "", 0},
		{"503 with a time", 503, ``, []string{"Retry-After", "5"}, soc.ProblemThrottled, "", "503", "", 5 * time.Second},
		{"500", 500, `{"error":{"code":"InternalServerError","message":""}}`, nil, soc.ProblemUnavailable, "InternalServerError", "InternalServerError", "", 0},
		{"408", 408, ``, nil, soc.ProblemUnavailable, "", "408", "", 0},
		{"302", 302, ``, nil, soc.ProblemUnsafe, "", "302", "", 0},
		{"200 that could not be used", 200, `{"value":`, nil, soc.ProblemBadAnswer, "", "200", "", 0},
		{"Entra", 400, `{"error":"invalid_grant","error_description":"AADSTS50020: User account does not exist","error_codes":[50020],"correlation_id":"corr"}`, nil, soc.ProblemRefused, "AADSTS50020", "AADSTS50020", "corr", 0},
		{"HTML", 502, "<html>\n<head><title>502 Bad Gateway</title></head>", nil, soc.ProblemUnavailable, "", "502 Bad Gateway", "", 0},
		{"bytes", 500, "\xff\xfe\x00\x01", nil, soc.ProblemUnavailable, "", "500", "", 0},
		{"error is a number", 400, `{"error":5}`, nil, soc.ProblemRefused, "", "400", "", 0},
		{"error is null", 400, `{"error":null}`, nil, soc.ProblemRefused, "", "400", "", 0},
		{"code is a number", 400, `{"error":{"code":7,"message":["x"]}}`, nil, soc.ProblemRefused, "", "400", "", 0},
		{"array", 400, `[1,2]`, nil, soc.ProblemRefused, "", "400", "", 0},
		{"a million brackets", 400, strings.Repeat("[", 200000), nil, soc.ProblemRefused, "", "400", "", 0},
		{"deep in an object", 400, `{"error":` + strings.Repeat(`{"a":`, 40000), nil, soc.ProblemRefused, "", "400", "", 0},
		{"larger than an envelope", 400, `{"error":"` + strings.Repeat("x", maxEnvelope) + `"}`, nil, soc.ProblemRefused, "", "400", "", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := ProblemOfResponse("the Graph service", reply(c.status, "", c.header...), []byte(c.body), now)
			if p.Kind != c.kind || p.Code.String() != c.code || p.RequestID.String() != c.request || p.Status != c.status {
				t.Errorf("got %+v", p)
			}
			if !strings.Contains(p.Summary.String(), c.has) || len(p.Summary.String()) > 500 {
				t.Errorf("summary is %q, want %q in it", p.Summary, c.has)
			}
			if (c.until == 0) != p.Until.IsZero() || c.until != 0 && p.Until.Sub(now) != c.until {
				t.Errorf("until is %v", p.Until)
			}
		})
	}
}

func TestProblemOfError(t *testing.T) {
	t.Parallel()
	dial := func(e error) error {
		return &url.Error{Op: "Get", URL: graphPage + "?secret=1", Err: &net.OpError{Op: "dial", Net: "tcp", Err: e}}
	}
	cases := []struct {
		name string
		err  error
		has  string
	}{
		{"refused", dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), "connection refused"},
		{"unreachable", dial(syscall.ENETUNREACH), "no way"},
		{"reset", dial(syscall.ECONNRESET), "cut"},
		{"no such host", dial(&net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}), "no such host"},
		{"deadline", fmt.Errorf("x: %w", context.DeadlineExceeded), "in time"},
		{"io timeout", dial(os.ErrDeadlineExceeded), "in time"},
		{"cancelled", context.Canceled, "stopped"},
		{"proxy", &net.OpError{Op: "proxyconnect", Err: syscall.ECONNREFUSED}, "proxy"},
		{"unknown authority", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, "not trusted"},
		{"other name", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"}, "another name"},
		{"expired", x509.CertificateInvalidError{Cert: &x509.Certificate{}, Reason: x509.Expired}, "not valid at this time"},
		{"no TLS", tls.RecordHeaderError{Msg: "x"}, "does not speak TLS"},
		{"anything", errors.New("Get \"https://x/?secret=1\": odd"), "connection failed"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := ProblemOfError("the Graph service", c.err)
			if p.Kind != soc.ProblemUnavailable || !strings.Contains(p.Summary.String(), c.has) || !errors.Is(p, c.err) {
				t.Errorf("got %v", p)
			}
			if strings.Contains(p.Error()+p.Next.String(), "secret") {
				t.Errorf("the query is in %q", p.Error())
			}
		})
	}
	own := &soc.Problem{Kind: soc.ProblemUnsafe}
	if got := ProblemOfError("x", fmt.Errorf("wrapped: %w", own)); got != own {
		t.Error("a problem did not stay itself")
	}
}

func FuzzProblemOfResponse(f *testing.F) {
	f.Add(400, `{"error":{"code":"x","message":"y","innerError":{"request-id":"z"}}}`, "5")
	f.Add(503, "<html>", "NaN")
	f.Fuzz(func(t *testing.T, status int, body, header string) {
		p := ProblemOfResponse("x", reply(status, "", "Retry-After", header), []byte(body), time.Unix(0, 0))
		if p.Kind == "" || p.Summary.IsZero() {
			t.Error("an empty problem")
		}
	})
}

func TestRealConnectionErrors(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := "https://" + l.Addr().String()
	_ = l.Close()
	c := client(t, newBase(t, BaseOptions{}), func(o *Options) { o.Allow = []string{addr} })
	_, _, err = send(t, c, http.MethodPost, addr+"/x?secret=1", "{}")
	if p := wantProblem(t, err, soc.ProblemUnavailable); !strings.Contains(p.Summary.String(), "connection refused") {
		t.Errorf("summary is %q", p.Summary)
	}
}
