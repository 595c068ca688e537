package signin

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxClaims bounds the claims of a challenge; Entra's are below 1 KB.
const maxClaims = 16 << 10

// ClaimsOf finds the claims that a 401 asks for (continuous access evaluation, graph-api 9.4), as JSON. They may stand
// in any header line, behind any other parameter or scheme, quoted or not, in base64 or base64url, padded or not.
func ClaimsOf(h http.Header) (string, bool) {
	for _, line := range h.Values("WWW-Authenticate") {
		for rest := line; rest != ""; {
			var name, value string
			name, value, rest = nextParameter(rest)
			if strings.EqualFold(name, "claims") {
				if claims, ok := decodeClaims(value); ok {
					return claims, true
				}
			}
		}
	}
	return "", false
}

// nextParameter takes one name="value" off a challenge (RFC 9110, 11.2). A scheme is a name without a value.
func nextParameter(s string) (name, value, rest string) {
	s = strings.TrimLeft(s, ", \t")
	end := strings.IndexAny(s, "=, \t\"")
	if end < 0 {
		return s, "", ""
	}
	name, rest = s[:end], strings.TrimLeft(s[end:], " \t")
	if !strings.HasPrefix(rest, "=") {
		if rest == s { // a stray quote
			rest = rest[1:]
		}
		return name, "", rest
	}
	rest = strings.TrimLeft(rest[1:], " \t")
	if !strings.HasPrefix(rest, `"`) {
		end = strings.IndexAny(rest, ", \t")
		if end < 0 {
			end = len(rest)
		}
		return name, rest[:end], rest[end:]
	}
	var b strings.Builder
	for i := 1; i < len(rest); i++ {
		switch rest[i] {
		case '"':
			return name, b.String(), rest[i+1:]
		case '\\':
			if i++; i < len(rest) {
				b.WriteByte(rest[i])
			}
		default:
			b.WriteByte(rest[i])
		}
	}
	return name, b.String(), "" // the quote is never closed
}

// ClaimsIn finds the claims that the message of an error asks for: PIM writes them into a 400, URL-encoded, as
// &claims=%7B… (graph-api 5.3).
func ClaimsIn(message string) (string, bool) {
	for {
		_, after, found := strings.Cut(message, "claims=")
		if !found {
			return "", false
		}
		value := after
		if end := strings.IndexAny(value, "& \t\r\n\"'"); end >= 0 && !strings.HasPrefix(value, "{") {
			value = value[:end]
		}
		if claims, ok := decodeClaims(value); ok {
			return claims, true
		}
		message = after
	}
}

// decodeClaims reads claims in any of their spellings, and gives them as JSON in one line.
func decodeClaims(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 2*maxClaims {
		return "", false
	}
	if strings.ContainsRune(s, '%') {
		u, err := url.QueryUnescape(s)
		if err != nil {
			return "", false
		}
		s = u
	}
	if !strings.HasPrefix(s, "{") {
		plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(s, "="))
		b, err := base64.RawStdEncoding.DecodeString(plain)
		if err != nil {
			return "", false
		}
		s = string(b)
	}
	v := jsontext.Value(s)
	if v.Kind() != '{' || v.Compact() != nil || len(v) > maxClaims {
		return "", false
	}
	return string(v), true
}
