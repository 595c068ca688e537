package transport

import (
	"encoding/base64"
	"errors"
	"strings"

	"github.com/go-json-experiment/json"
)

// maxToken bounds a bearer token; a token with 200 groups is about 6 KB.
const maxToken = 64 << 10

var errNoJWT = errors.New("the token is not a JWT, so nobody can tell whose it is")

// TokenPayload decodes the payload of a JWT without checking its signature. That is enough for what it is for: the
// token came over TLS from the authority that we chose, and we ask it only what it was made for, so as not to send it
// to the wrong place. Whether it is genuine is for the service to decide.
func TokenPayload(token string) ([]byte, error) {
	if len(token) > maxToken {
		return nil, errors.New("the token is too large")
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" {
		return nil, errNoJWT
	}
	payload, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
	if err != nil {
		return nil, errNoJWT
	}
	return payload, nil
}

// tokenTenant reads the tenant that a token was issued for. A payload in which a name occurs twice is refused, since two
// readers could see two tenants in it.
func tokenTenant(token string) (string, error) {
	payload, err := TokenPayload(token)
	if err != nil {
		return "", err
	}
	var claims struct {
		Tenant string `json:"tid"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return "", errNoJWT
	}
	if claims.Tenant == "" {
		return "", errors.New("the token names no tenant")
	}
	return claims.Tenant, nil
}
