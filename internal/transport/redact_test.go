package transport

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRedactTakesTokensOut(t *testing.T) {
	t.Parallel()
	const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJ4In0.c2lnbmF0dXJl-_"
	for name, c := range map[string]struct{ said, want string }{
		"alone":         {jwt, "[redacted]"},
		"in a header":   {"Authorization: Bearer " + jwt + " was not understood", "Authorization: Bearer [redacted] was not understood"},
		"two":           {jwt + "," + jwt, "[redacted],[redacted]"},
		"its beginning": {"got " + jwt[:16], "got [redacted]"},
		"no token":      {"eyJ is how they begin, eyjolfur is a name", "eyJ is how they begin, eyjolfur is a name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Redact(c.said); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestProblemsRepeatNoToken(t *testing.T) {
	t.Parallel()
	const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJ4In0.c2lnbmF0dXJl"
	for name, body := range map[string]string{
		"envelope": `{"error":{"code":"` + jwt + `","message":"Bearer ` + jwt + `","innerError":{"request-id":"` + jwt + `"}}}`,
		"entra":    `{"error":"invalid_grant","error_description":"` + jwt + `","correlation_id":"` + jwt + `"}`,
		"a page":   "<pre>Authorization: Bearer " + jwt + "</pre>",
	} {
		resp := &http.Response{StatusCode: 400, Header: http.Header{"Request-Id": {jwt}}}
		p := ProblemOfResponse("the service", resp, []byte(body), time.Now())
		if said := p.Error() + p.Code.String() + p.RequestID.String() + p.Next.String(); strings.Contains(said, "eyJ") {
			t.Errorf("%s: %s", name, said)
		}
	}
}
