package soc

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/socctl/socctl/internal/text"
)

// TenantID names one Microsoft Entra tenant: a GUID in lower case. It is part of the key of every object, so that an
// object of one customer can never stand for another's.
type TenantID string

// ParseTenantID reads a GUID in any case and refuses everything else.
func ParseTenantID(s string) (TenantID, error) {
	l := strings.ToLower(s)
	if !isGUID(l) {
		return "", fmt.Errorf("%s is not a tenant id: it has the form 0a1b2c3d-0000-4000-8000-000000000003", text.Quote(s))
	}
	return TenantID(l), nil
}

// isGUID tells whether s is a GUID in lower case. Like ValidID it is asked for too often for a regular expression.
func isGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c-'0' > 9 && c-'a' > 'f'-'a':
			return false
		}
	}
	return true
}

// Code is a customer's short code, 2 to 8 capital letters and digits, as the provider chose it: CONT.
type Code string

var code = regexp.MustCompile(`^[A-Z][A-Z0-9]{1,7}$`)

// ParseCode reads a code in any case.
func ParseCode(s string) (Code, error) {
	u := strings.ToUpper(s)
	if !code.MatchString(u) {
		return "", fmt.Errorf("%s is not a customer code: it has 2 to 8 letters and digits and starts with a letter", text.Quote(s))
	}
	return Code(u), nil
}

// Source tells which Microsoft service numbered an incident.
type Source string

// The sources of incidents.
const (
	SourceDefender Source = "defender" // Defender XDR, through Microsoft Graph
	SourceSentinel Source = "sentinel" // Sentinel alone, through Azure Lighthouse
)

// Ref is the key of an incident: the tenant that was asked, the source, and the number that the source gave it. The
// code is the tenant's, carried so that a Ref prints without a look-up.
type Ref struct {
	Tenant TenantID
	Code   Code
	Source Source
	ID     string
}

// String gives the reference as people write it: CONT-28282, or CONT-S104 for an incident that only Sentinel has.
func (r Ref) String() string {
	if r.IsZero() {
		return ""
	}
	if r.Source == SourceSentinel {
		return string(r.Code) + "-S" + r.ID
	}
	return string(r.Code) + "-" + r.ID
}

// Number is the part of the reference after the code.
func (r Ref) Number() string {
	if r.Source == SourceSentinel {
		return "S" + r.ID
	}
	return r.ID
}

// IsZero tells whether the reference names nothing.
func (r Ref) IsZero() bool { return r.ID == "" }

// ErrBareNumber is returned by ParseRef for a number without a customer code, which more than one customer may have.
var ErrBareNumber = errors.New("a number alone does not say whose incident it is")

var digits = regexp.MustCompile(`^[0-9]{1,20}$`)

// maxID is how long a source's id may be, in bytes.
const maxID = 128

// ValidID tells whether a source's id is one that a reference, a path and a link can carry as it is: letters, digits and
// ._~:- alone.
func ValidID(id string) bool {
	if id == "" || len(id) > maxID || id == "." || id == ".." {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if c-'0' > 9 && c|0x20-'a' > 'z'-'a' && strings.IndexByte("._~:-", c) < 0 {
			return false
		}
	}
	return true
}

// ParseRef reads CODE-ID or CODE-SID. The tenant is not known yet: the registry fills it in. For a bare number it
// returns the number with ErrBareNumber, so that the caller can name the customers who have it.
func ParseRef(s string) (Ref, error) {
	s = strings.TrimSpace(s)
	if digits.MatchString(s) {
		return Ref{Source: SourceDefender, ID: s}, fmt.Errorf("%s: %w", s, ErrBareNumber)
	}
	head, id, ok := strings.Cut(s, "-")
	c, err := ParseCode(head)
	if !ok || err != nil || !ValidID(id) {
		return Ref{}, fmt.Errorf("%s is not an incident: write it as CODE-NUMBER, for example CONT-28282", text.Quote(s))
	}
	if rest, isSentinel := strings.CutPrefix(strings.ToUpper(id), "S"); isSentinel && digits.MatchString(rest) {
		return Ref{Code: c, Source: SourceSentinel, ID: rest}, nil
	}
	return Ref{Code: c, Source: SourceDefender, ID: id}, nil
}
