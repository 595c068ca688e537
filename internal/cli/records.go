package cli

import (
	"time"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// The records below are what programs read. Their JSON names are a contract: adding one is fine, renaming or removing
// one breaks whoever reads them, and a test says so. All text in them is safe.

type tenantRecord struct {
	Code soc.Code     `json:"code"`
	ID   soc.TenantID `json:"id"`
	Name text.Line    `json:"name"`
}

type sourceRecord struct {
	Kind soc.Source `json:"kind"`
	ID   string     `json:"id"`
	URL  string     `json:"url"`
}

type entityRecord struct {
	Kind soc.EntityKind `json:"kind"`
	Name text.Line      `json:"name"`
}

type slaRecord struct {
	Due         *time.Time   `json:"due"`
	LeftSeconds *int64       `json:"left_seconds"`
	State       soc.SLAState `json:"state"`
}

type incidentRecord struct {
	Ref              string             `json:"ref"`
	Tenant           tenantRecord       `json:"tenant"`
	Sources          []sourceRecord     `json:"sources"`
	Title            text.Line          `json:"title"`
	Severity         soc.Severity       `json:"severity"`
	Status           soc.State          `json:"status"`
	Classification   soc.Classification `json:"classification"`
	Determination    soc.Determination  `json:"determination"`
	AssignedTo       text.Line          `json:"assigned_to"`
	Created          *time.Time         `json:"created"`
	Updated          *time.Time         `json:"updated"`
	FirstActivity    *time.Time         `json:"first_activity"`
	LastActivity     *time.Time         `json:"last_activity"`
	AlertCount       *int               `json:"alert_count"`
	Entities         []entityRecord     `json:"entities"`
	Tags             []text.Line        `json:"tags"`
	SystemTags       []text.Line        `json:"system_tags"`
	Techniques       []text.Line        `json:"techniques"`
	DetectionSources []soc.Detection    `json:"detection_sources"`
	RedirectTo       string             `json:"redirect_to"`
	PortalURL        string             `json:"portal_url"`
	SLA              slaRecord          `json:"sla"`
	AgeSeconds       *int64             `json:"age_seconds"`
	PriorityScore    *int               `json:"priority_score"`
	ForeignTenant    text.Line          `json:"foreign_tenant"`
	Altered          bool               `json:"altered"`
}

type stateRecord struct {
	Code       soc.Code     `json:"code"`
	ID         soc.TenantID `json:"id"`
	State      soc.Health   `json:"state"`
	AgeSeconds *int64       `json:"age_seconds"`
	Error      text.Line    `json:"error"`
}

func newIncidentRecord(a *app.App, i *soc.Incident, now time.Time) incidentRecord {
	url := a.Link(i).URL
	r := incidentRecord{
		Ref: i.Ref.String(), Tenant: tenantRecord{i.Tenant.Code, i.Tenant.ID, i.Tenant.Name}, Title: i.Title,
		Severity: i.Severity, Status: i.State, Classification: i.Classification, Determination: i.Determination,
		AssignedTo: i.AssignedTo, Created: moment(i.Created), Updated: moment(i.Updated),
		FirstActivity: moment(i.Digest.FirstActivity), LastActivity: moment(i.Digest.LastActivity),
		Entities: []entityRecord{}, Tags: list(i.CustomTags), SystemTags: list(i.SystemTags), Techniques: list(i.Digest.Techniques),
		DetectionSources: list(i.Digest.Detections), PortalURL: url, SLA: newSLARecord(soc.SLAOf(i, now)),
		ForeignTenant: i.ForeignTenant, Altered: i.Altered(),
		Sources: []sourceRecord{},
	}
	for _, s := range i.Sources {
		r.Sources = append(r.Sources, sourceRecord{s.Kind, s.ID, url})
	}
	for _, e := range i.Digest.Entities {
		r.Entities = append(r.Entities, entityRecord(e))
	}
	if !i.Created.IsZero() {
		age := int64(max(0, now.Sub(i.Created)) / time.Second)
		r.AgeSeconds = &age
	}
	if i.AlertCount >= 0 {
		r.AlertCount = &i.AlertCount
	}
	if i.Priority >= 0 {
		r.PriorityScore = &i.Priority
	}
	if i.RedirectTo != "" {
		r.RedirectTo = soc.Ref{Code: i.Ref.Code, Source: i.Ref.Source, ID: i.RedirectTo}.String()
	}
	return r
}

func newSLARecord(s soc.SLA) slaRecord {
	r := slaRecord{State: s.State, Due: moment(s.Due)}
	if s.State != soc.SLANone && s.State != soc.SLADone {
		left := int64(s.Left / time.Second)
		r.LeftSeconds = &left
	}
	return r
}

// statePartial stands for a customer whose rows came just now, but not all of them or not whole.
const statePartial soc.Health = "partial"

func newStateRecord(s *soc.Status, now time.Time) stateRecord {
	r := stateRecord{Code: s.Tenant.Code, ID: s.Tenant.ID, State: s.Health, Error: s.Problem}
	if r.Error.IsZero() {
		r.Error = s.Partial
	}
	if s.Health == soc.HealthFresh && !s.Partial.IsZero() {
		r.State = statePartial
	}
	if !s.LastGood.IsZero() {
		age := int64(s.Age(now) / time.Second)
		r.AgeSeconds = &age
	}
	return r
}

func stateRecords(snap *soc.Snapshot, now time.Time) []stateRecord {
	out := make([]stateRecord, len(snap.Parts))
	for n := range snap.Parts {
		out[n] = newStateRecord(&snap.Parts[n].Status, now)
	}
	return out
}

// moment is a time in UTC, or null.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}

// stamp writes a time for a cell, or nothing.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// list is never null in JSON.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
