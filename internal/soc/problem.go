package soc

import (
	"errors"
	"time"

	"github.com/socctl/socctl/internal/text"
)

// ProblemKind sorts what can go wrong between us and a customer by what follows from it.
type ProblemKind string

// The kinds of problem.
const (
	ProblemNoAccess    ProblemKind = "no access"   // the customer does not let us in: retrying is useless, asking helps
	ProblemSignIn      ProblemKind = "sign-in"     // the analyst has to sign in (again)
	ProblemThrottled   ProblemKind = "throttled"   // the service said when to come back
	ProblemUnavailable ProblemKind = "unavailable" // no answer, or a 5xx: worth another try
	ProblemBadAnswer   ProblemKind = "bad answer"  // an answer that is not what the service promises
	ProblemRefused     ProblemKind = "refused"     // the service understood and said no (400, 404, 409, 412)
	ProblemUnsafe      ProblemKind = "unsafe"      // we refused: another host, another tenant, too large
)

// Problem is an error about one customer that a person will read. Summary says what happened, Next what to do; both
// are safe to show. Who wraps it adds the customer.
type Problem struct {
	Kind      ProblemKind
	Summary   text.Line // "the Graph service answered 503"
	Next      text.Line // "trying again by itself", "ask for the Tier 1 access package"; may be empty
	RequestID text.Line // the service's request or correlation id, or empty
	Code      text.Line // the service's own code: AADSTS50020, TooManyRequests; or empty
	Status    int       // HTTP status, 0 where there was no answer
	Until     time.Time // throttled: not before this time
	Err       error     // the cause, or nil
}

// Error gives the summary with the request id, for example: the Graph service answered 503 (request 7d1f).
func (p *Problem) Error() string {
	s := p.Summary.String()
	if !p.RequestID.IsZero() {
		s += " (request " + p.RequestID.String() + ")"
	}
	return s
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Err }

// ProblemOf finds the problem in an error, or makes one of the error's text.
func ProblemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return &Problem{Kind: ProblemUnavailable, Summary: text.NewLine(err.Error()), Err: err}
}
