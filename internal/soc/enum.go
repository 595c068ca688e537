package soc

import (
	"strings"

	"github.com/socctl/socctl/internal/text"
)

// The enumerations are evolvable: Microsoft adds members. A value that this version does not know is kept, made safe,
// so that it can be shown and survives a round trip.

// Severity is how bad the source thinks it is.
type Severity string

// The severities, worst first.
const (
	SeverityHigh          Severity = "high"
	SeverityMedium        Severity = "medium"
	SeverityLow           Severity = "low"
	SeverityInformational Severity = "informational"
	SeverityUnknown       Severity = "unknown"
)

// Rank orders severities: higher is worse. An unknown one stands above informational, so that it is looked at.
func (s Severity) Rank() int {
	switch s {
	case SeverityHigh:
		return 4
	case SeverityMedium:
		return 3
	case SeverityLow:
		return 2
	case SeverityInformational:
		return 0
	}
	return 1
}

// ParseSeverity reads a severity in any case.
func ParseSeverity(s string) Severity {
	return parse(s, SeverityUnknown, Severities()...)
}

// State is where an incident stands, in the words of the queue: Graph's active is new, its inProgress is active.
type State string

// The states of an incident.
const (
	StateNew        State = "new"
	StateActive     State = "active"
	StateAwaiting   State = "awaiting" // Defender Experts wait on us
	StateResolved   State = "resolved"
	StateRedirected State = "redirected" // merged into another incident
	StateUnknown    State = "unknown"
)

// Open tells whether the incident still wants somebody.
func (s State) Open() bool { return s != StateResolved && s != StateRedirected }

// ParseState reads Graph's incidentStatus, in any case and with the words of older documentation.
func ParseState(s string) State {
	switch strings.ToLower(s) {
	case "active", "new":
		return StateNew
	case "inprogress":
		return StateActive
	case "awaitingaction":
		return StateAwaiting
	case "resolved", "closed":
		return StateResolved
	case "redirected":
		return StateRedirected
	case "", "unknown", "unknownfuturevalue":
		return StateUnknown
	}
	return State(text.Escape(s))
}

// Classification is the analyst's verdict: Graph's alertClassification.
type Classification string

// The classifications.
const (
	ClassificationUnknown       Classification = "unknown"
	ClassificationTruePositive  Classification = "truePositive"
	ClassificationFalsePositive Classification = "falsePositive"
	ClassificationInformational Classification = "informationalExpectedActivity"
)

// ParseClassification reads a classification in any case.
func ParseClassification(s string) Classification {
	return parse(s, ClassificationUnknown, ClassificationTruePositive, ClassificationFalsePositive, ClassificationInformational)
}

// Determination is the reason behind a classification: Graph's alertDetermination.
type Determination string

// ParseDetermination reads a determination in any case; the four names of older documentation become today's.
func ParseDetermination(s string) Determination {
	switch strings.ToLower(s) {
	case "compromiseduser":
		return "compromisedAccount"
	case "clean":
		return "notMalicious"
	case "insufficientdata":
		return "notEnoughDataToValidate"
	case "confirmeduseractivity":
		return "confirmedActivity"
	}
	return parse(s, Determination("unknown"), Determinations()...)
}

// Determinations lists what Graph v1.0 knows, in the order of its schema (CSDL of 2026-08-20).
func Determinations() []Determination {
	return []Determination{
		"apt", "malware", "securityPersonnel", "securityTesting", "unwantedSoftware", "other", "multiStagedAttack",
		"compromisedAccount", "phishing", "maliciousUserActivity", "notMalicious", "notEnoughDataToValidate",
		"confirmedActivity", "lineOfBusinessApplication",
	}
}

// parse finds s among the known values without regard to case. Nothing and Graph's own "unknown" words give unknown;
// any other value is kept, made safe.
func parse[E ~string](s string, unknown E, known ...E) E {
	switch strings.ToLower(s) {
	case "", "unknown", "unknownfuturevalue":
		return unknown
	}
	for _, k := range known {
		if strings.EqualFold(s, string(k)) {
			return k
		}
	}
	return E(text.Escape(s))
}

// Severities lists the known severities, worst first.
func Severities() []Severity {
	return []Severity{SeverityHigh, SeverityMedium, SeverityLow, SeverityInformational, SeverityUnknown}
}
