package transport

import (
	"regexp"
	"strings"
)

// webToken finds what looks like a JSON Web Token, or the beginning of one: its first part is always base64 of {".
var webToken = regexp.MustCompile(`eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)*`)

// Redact takes tokens out of what a service said: a proxy that repeats the headers of a request in its error page must not
// put them on a screen or into a log.
func Redact(s string) string {
	if !strings.Contains(s, "eyJ") {
		return s // nearly always; the expression would allocate for each call that is written down
	}
	return webToken.ReplaceAllString(s, "[redacted]")
}
