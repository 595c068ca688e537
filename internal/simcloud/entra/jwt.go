package entra

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// Claims are what a token says, as far as Graph looks at it.
type Claims struct {
	Audience  string   `json:"aud"`
	Issuer    string   `json:"iss"`
	IssuedAt  int64    `json:"iat"`
	NotBefore int64    `json:"nbf"`
	Expires   int64    `json:"exp"`
	AppID     string   `json:"appid,omitempty"`
	Party     string   `json:"azp,omitempty"`
	AppName   string   `json:"app_displayname,omitempty"`
	Type      string   `json:"idtyp,omitempty"`
	Name      string   `json:"name,omitempty"`
	UPN       string   `json:"upn,omitempty"`
	Username  string   `json:"preferred_username,omitempty"`
	Nonce     string   `json:"nonce,omitempty"`
	ObjectID  string   `json:"oid"`
	Subject   string   `json:"sub"`
	TenantID  string   `json:"tid"`
	Scopes    string   `json:"scp,omitempty"`
	Roles     []string `json:"roles,omitempty"`
	Version   string   `json:"ver"`
	Caps      []string `json:"xms_cc,omitempty"`
	TokenID   string   `json:"uti,omitempty"`
	Contexts  []string `json:"acrs,omitempty"`    // authentication contexts
	Issued    int64    `json:"sim_iat,omitempty"` // in microseconds: iat is too coarse for tests of revocation
}

// Delegated reports whether a user stands behind the token.
func (c Claims) Delegated() bool { return c.Type != "app" }

// Permissions are the scopes of a user's token, or the roles of an application's.
func (c Claims) Permissions() []string {
	if c.Delegated() {
		return strings.Fields(c.Scopes)
	}
	return c.Roles
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// decode is strict: no two texts stand for the same bytes.
func decode(s string) ([]byte, error) {
	return base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(s, "="))
}

// sign makes a JWT.
func (a *Authority) sign(c Claims) (string, error) {
	header, err := json.Marshal(map[string]string{"typ": "JWT", "alg": "ES256", "kid": a.keyID})
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	payload, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	signed := encode(header) + "." + encode(payload)
	sum := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, a.key, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	var signature [64]byte
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signed + "." + encode(signature[:]), nil
}

// Refusal is why Graph refuses a token, in the words of the service.
type Refusal string

func (r Refusal) Error() string { return string(r) }

// The refusals.
const (
	ErrEmpty     Refusal = "Access token is empty."
	ErrMalformed Refusal = "CompactToken parsing failed with error code: 80049217"
	ErrSignature Refusal = "Signing key is invalid."
	ErrExpired   Refusal = "Lifetime validation failed, the token is expired."
	ErrEarly     Refusal = "Lifetime validation failed, the token is not yet valid."
	ErrAudience  Refusal = "Access token validation failure. Invalid audience."
	ErrIssuer    Refusal = "Access token validation failure. Invalid issuer."
)

// Verify checks an access token for one of the given audiences and returns what it says.
func (a *Authority) Verify(token string, audiences ...string) (Claims, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return Claims{}, ErrMalformed
	}
	signature, err := decode(parts[2])
	if err != nil || len(signature) != 64 {
		return Claims{}, ErrSignature
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
	if !ecdsa.Verify(&a.key.PublicKey, sum[:], r, s) {
		return Claims{}, ErrSignature
	}
	payload, err := decode(parts[1])
	if err != nil {
		return Claims{}, ErrMalformed
	}
	var c Claims
	if err := json.Unmarshal(payload, &c); err != nil {
		return Claims{}, ErrMalformed
	}
	now := a.config.Now()
	switch {
	case now.After(time.Unix(c.Expires, 0)):
		return c, ErrExpired
	case now.Add(5 * time.Minute).Before(time.Unix(c.NotBefore, 0)):
		return c, ErrEarly
	case !slices.Contains(audiences, c.Audience):
		return c, ErrAudience
	case a.tenants[c.TenantID].ID == "" || !strings.Contains(c.Issuer, c.TenantID):
		return c, ErrIssuer
	}
	return c, nil
}

// verifyAssertion checks a client assertion of RFC 7523 against the registered certificate.
func verifyAssertion(assertion string, app App, now time.Time) *Error {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return errBadAssertion("The assertion is not a JWT.")
	}
	var header struct{ Alg string }
	var claims struct {
		Iss, Sub string
		Exp      int64
	}
	signature, err := decode(parts[2])
	if err != nil || unmarshal(parts[0], &header) != nil || unmarshal(parts[1], &claims) != nil {
		return errBadAssertion("The assertion is not a JWT.")
	}
	switch {
	case app.Certificate == nil || !verified(app.Certificate, header.Alg, parts[0]+"."+parts[1], signature):
		return errBadAssertion("The key was not found.")
	case claims.Iss != app.ID || claims.Sub != app.ID:
		return errBadAssertion("Issuer and subject must be the application.")
	case now.After(time.Unix(claims.Exp, 0)):
		return clientError(700024, "Client assertion is not within its valid time range.")
	}
	return nil
}

func unmarshal(part string, v any) error {
	b, err := decode(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v)
}

// verified checks a signature with the algorithms that Microsoft's libraries use.
func verified(c *x509.Certificate, alg, signed string, signature []byte) bool {
	sum := sha256.Sum256([]byte(signed))
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		if alg == "PS256" {
			return rsa.VerifyPSS(key, crypto.SHA256, sum[:], signature, nil) == nil
		}
		return alg == "RS256" && rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
	case *ecdsa.PublicKey:
		if alg != "ES256" || len(signature) != 64 {
			return false
		}
		return ecdsa.Verify(key, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
	default:
		return false
	}
}
