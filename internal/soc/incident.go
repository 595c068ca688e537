package soc

import (
	"slices"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/text"
)

// Incident is one case of one customer, the same whichever service told of it. It is immutable once it stands in a
// Snapshot: whoever changes one, copies it first.
type Incident struct {
	Ref    Ref
	Tenant *Tenant

	Title       text.Line
	Description text.Block
	Summary     text.Block // the attack overview; Defender Experts write here
	Severity    Severity
	State       State
	Priority    int // Microsoft's score, 0 to 100; -1 where it gave none

	Classification   Classification
	Determination    Determination
	AssignedTo       text.Line // free text: a UPN, a display name, "Defender Experts", an application
	ResolvingComment text.Line
	CustomTags       []text.Line
	SystemTags       []text.Line
	Comments         []Comment

	Created, Updated time.Time
	ModifiedBy       text.Line
	RedirectTo       string // the number of the incident that this one was merged into, of the same customer

	WebURL        string    // as the API handed it out: unchecked, for package portal alone
	ForeignTenant text.Line // a tenant id that the payload claims and that is not Ref.Tenant; the row is marked
	Sources       []SourceRef

	AlertCount    int       // -1 where the source did not tell
	AlertsProblem text.Line // why Alerts are missing or only the beginning, where the incident was opened; else empty
	Alerts        []Alert
	Digest        Digest
}

// SourceRef names an incident in one of the services that know it.
type SourceRef struct {
	Kind Source
	ID   string
}

// Comment is a remark on an incident or alert.
type Comment struct {
	Text text.Block
	By   text.Line
	At   time.Time
}

// Alert is one detection. Its Evidence is there only when the incident was opened.
type Alert struct {
	ID, ProviderID, IncidentID string // opaque ids; not for screens, except through text
	Tenant                     TenantID
	Title                      text.Line
	Description                text.Block
	RecommendedActions         text.Block
	Category                   text.Line
	Categories                 []text.Line
	Techniques                 []text.Line
	Severity                   Severity
	State                      AlertState
	Classification             Classification
	Determination              Determination
	AssignedTo                 text.Line
	Comments                   []Comment
	Service                    Product   // serviceSource
	Detection                  Detection // detectionSource
	ProductName                text.Line
	DetectorID, PolicyID       text.Line
	Actor, Threat, Family      text.Line
	Investigation              text.Line // investigationState
	SystemTags                 []text.Line
	Created, Updated           time.Time
	FirstActivity              time.Time
	LastActivity               time.Time
	Resolved                   time.Time
	WebURL                     string // unchecked, for package portal alone
	ForeignTenant              text.Line
	Evidence                   []Evidence
	Extra                      []Field // additionalData and customDetails
}

// AlertState is Graph's alertStatus: new, inProgress, resolved, unknown.
type AlertState string

// ParseAlertState reads an alertStatus in any case.
func ParseAlertState(s string) AlertState {
	return parse(s, AlertState("unknown"), "new", "inProgress", "resolved")
}

// Product is the workload that detected: Graph's serviceSource.
type Product string

// Detection is the engine that detected: Graph's detectionSource.
type Detection string

// DetectionExperts marks what Defender Experts found by hunting.
const DetectionExperts Detection = "microsoftThreatExperts"

// Evidence is one thing that an alert points at.
type Evidence struct {
	Kind          string    // the last part of @odata.type without "Evidence": device, user, ip, file
	Name          text.Line // what an analyst calls it: PC-23, kai@contoso.com, evil.exe
	Created       time.Time
	Verdict       text.Line
	Remediation   text.Line // remediationStatus
	Details       text.Line // remediationStatusDetails
	Roles         []text.Line
	DetailedRoles []text.Line
	Tags          []text.Line
	Fields        []Field // everything else that came, in its order, nested names joined by dots
}

// Field is a named value of a piece of evidence.
type Field struct {
	Name, Value text.Line
}

// EntityKind sorts the things that incidents reach.
type EntityKind string

// The kinds of entity that the queue counts.
const (
	EntityDevice  EntityKind = "device"
	EntityUser    EntityKind = "user"
	EntityMailbox EntityKind = "mailbox"
	EntityIP      EntityKind = "ip"
	EntityFile    EntityKind = "file"
	EntityURL     EntityKind = "url"
	EntityApp     EntityKind = "app"
	EntityOther   EntityKind = "other"
)

// Entity is a thing that one or more alerts point at.
type Entity struct {
	Kind EntityKind
	Name text.Line
}

// AlertHead is what a list shows of an alert.
type AlertHead struct {
	Title    text.Line
	At       time.Time
	Severity Severity
	Service  Product
	Reached  []text.Line // the names of its first devices, users and addresses
}

// Digest is what the queue keeps of an incident's alerts.
type Digest struct {
	Heads         []AlertHead
	Entities      []Entity
	Techniques    []text.Line
	Detections    []Detection
	Services      []Product
	FirstActivity time.Time
	LastActivity  time.Time
}

// Experts tells whether Defender Experts work on the incident or found it (graph-api 1.9).
func (i *Incident) Experts() bool {
	if i.State == StateAwaiting || strings.EqualFold(i.AssignedTo.String(), "Defender Experts") {
		return true
	}
	for _, t := range i.SystemTags {
		if strings.EqualFold(t.String(), "Defender Experts") {
			return true
		}
	}
	return slices.Contains(i.Digest.Detections, DetectionExperts)
}

// Altered tells whether any text of the row had to be neutralised.
func (i *Incident) Altered() bool {
	if i.Title.Altered() || i.AssignedTo.Altered() {
		return true
	}
	for _, e := range i.Digest.Entities {
		if e.Name.Altered() {
			return true
		}
	}
	return false
}

// Count is the number of entities of a kind.
func (d *Digest) Count(k EntityKind) int {
	n := 0
	for _, e := range d.Entities {
		if e.Kind == k {
			n++
		}
	}
	return n
}
