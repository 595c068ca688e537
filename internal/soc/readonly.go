package soc

import (
	"time"

	"github.com/socctl/socctl/internal/text"
)

// ReadOnly tells whether anything may be changed at a customer, or at all of them.
type ReadOnly struct {
	On    bool
	All   bool      // it is on for all customers: unlocking this one alone does not help
	Why   text.Line // why it is on: "the configuration says so", "relocked", "switched on here"; else empty
	Until time.Time // where it is off, when it locks itself again; zero for never
}
