package soc

import (
	"time"

	"github.com/socctl/socctl/internal/text"
)

// Call is one request to a customer's cloud or to its sign-in, as the page of activity shows it. It says where a request
// went and how it ended, never what it carried: no header, no body, and of the query only the names of its parameters.
type Call struct {
	Seq       uint64 // counts the calls of this process from 1, in the order in which they ended
	At        time.Time
	Took      time.Duration
	Tenant    TenantID // empty where a call belongs to none, such as the search for the authority
	Code      Code
	Method    string
	Path      text.Line // "/v1.0/security/incidents?$expand&$filter"; of a sign-in with the authority's host in front
	Status    int       // 0 where there was no answer
	RequestID text.Line // the service's, which support asks for
	Err       text.Line // why there was no usable answer; empty where there was one, whatever its status
	Attempt   int       // counts from 1
	Bytes     int64     // of the answer's body, as far as it was read
}

// Task is something that runs right now.
type Task struct {
	What   text.Line // "reading incidents"
	Tenant TenantID  // empty where it is about no single customer
	Code   Code
	Since  time.Time
}
