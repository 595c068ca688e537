// Package odata reads the part of OData's $filter language that Microsoft Graph's security collections accept:
// and, or, not, parentheses, and comparisons of one property with one literal (eq, ne, gt, ge, lt, le).
//
// Strings and enumeration members are quoted, times are not, as Graph wants them:
//
//	status eq 'active' and lastUpdateDateTime ge 2026-11-01T00:00:00Z
//
// The caller names the properties that a collection can filter on, and their kinds; anything else is a *SyntaxError
// with a message in the manner of the service. Parsing takes linear time, its depth is bounded, and an Expr is
// immutable: it may be used from many goroutines.
package odata

import "time"

// Kind is the type of a property, which decides the literals and operators that it takes.
type Kind int

// The kinds of property that the security collections filter on.
const (
	String Kind = iota // a quoted literal or null; every operator
	Enum               // a quoted member or null; eq and ne only
	Time               // an unquoted RFC 3339 literal; every operator
)

// Property describes a property that can be filtered on.
type Property struct {
	Kind Kind
	// Members are the values of an Enum, as the schema spells them.
	Members []string
}

// Schema maps the names of the properties that can be filtered on. Names are matched without regard to case.
type Schema map[string]Property

// Value is the value of a property of one object. Null is a value of its own.
type Value struct {
	Null bool
	Text string
	Time time.Time
}

// Row gives the value of a property, by the name that the Schema spells.
type Row func(property string) Value
