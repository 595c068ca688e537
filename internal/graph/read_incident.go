package graph

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// depth says how much of an incident's alerts is kept.
type depth int

const (
	depthQueue depth = iota // their sum
	depthFull               // all of them, with all of their evidence
)

// incidentReader reads incidents of one tenant out of one answer.
type incidentReader struct {
	*reader
	tenant *soc.Tenant
	depth  depth
	digest *digester
}

// incidentRecord is an incident with what the domain has no place for.
type incidentRecord struct {
	*soc.Incident
	tags       []text.Line // "tags", which older documentation has for customTags
	moreAlerts string      // alerts@odata.nextLink: the expanded list goes on there
	counted    bool        // the service told how many alerts there are
}

// roomy is an incident with the one source that nearly all have, in one piece of memory: the allocator would round each of
// them up.
type roomy struct {
	soc.Incident
	source [1]soc.SourceRef
}

// incident reads a microsoft.graph.security.incident (graph-api 1.3). It tells false where the record has no id that a
// reference can carry, or is no object.
func (r *incidentReader) incident() (incidentRecord, bool) {
	if r.peek() != jsontext.KindBeginObject {
		r.skip()
		return incidentRecord{}, false
	}
	room := &roomy{Incident: soc.Incident{
		Ref:      soc.Ref{Tenant: r.tenant.ID, Code: r.tenant.Code, Source: soc.SourceDefender},
		Tenant:   r.tenant,
		Severity: soc.SeverityUnknown, State: soc.StateUnknown, Priority: -1, AlertCount: -1,
		Classification: soc.ClassificationUnknown, Determination: soc.ParseDetermination(""),
	}}
	i := incidentRecord{Incident: &room.Incident}
	for name := range r.members {
		if !r.incidentText(&i, name) && !r.incidentFact(&i, name) && !r.incidentAlerts(&i, name) {
			r.skip()
		}
	}
	if i.CustomTags == nil {
		i.CustomTags = i.tags
	}
	if i.RedirectTo == i.Ref.ID {
		i.RedirectTo = ""
	}
	room.source[0] = soc.SourceRef{Kind: soc.SourceDefender, ID: i.Ref.ID}
	i.Sources = room.source[:]
	return i, soc.ValidID(i.Ref.ID)
}

// incidentText reads what people wrote or read of an incident, where name is one of those properties.
func (r *incidentReader) incidentText(i *incidentRecord, name []byte) bool {
	switch string(name) {
	case "displayName":
		i.Title = r.line()
	case "description":
		i.Description = r.block()
	case "summary":
		i.Summary = r.block()
	case "assignedTo":
		i.AssignedTo = r.sharedLine()
	case "resolvingComment":
		i.ResolvingComment = r.line()
	case "customTags":
		i.CustomTags = r.textList()
	case "tags":
		i.tags = r.textList()
	case "systemTags":
		i.SystemTags = r.textList()
	case "comments":
		i.Comments = r.comments()
	case "lastModifiedBy":
		i.ModifiedBy = r.sharedLine()
	default:
		return false
	}
	return true
}

// incidentFact reads the ids, links, enums, numbers and times of an incident.
func (r *incidentReader) incidentFact(i *incidentRecord, name []byte) bool {
	switch string(name) {
	case "id":
		i.Ref.ID = r.string()
	case "tenantId":
		i.ForeignTenant = r.foreignTenant(r.tenant.ID)
	case "redirectIncidentId":
		if id := r.string(); soc.ValidID(id) {
			i.RedirectTo = id
		}
	case "incidentWebUrl":
		i.WebURL = r.rawString()
	case "severity":
		i.Severity = soc.ParseSeverity(r.string())
	case "status":
		i.State = soc.ParseState(r.string())
	case "classification":
		i.Classification = soc.ParseClassification(r.string())
	case "determination":
		i.Determination = soc.ParseDetermination(r.string())
	case "priorityScore":
		if p := r.number(-1); p >= 0 && p <= 100 {
			i.Priority = p
		}
	case "createdDateTime":
		i.Created = r.time()
	case "lastUpdateDateTime":
		i.Updated = r.time()
	default:
		return false
	}
	return true
}

// incidentAlerts reads the alerts of an incident to the depth that is wanted.
func (r *incidentReader) incidentAlerts(i *incidentRecord, name []byte) bool {
	switch string(name) {
	case "alerts":
		if r.depth == depthFull {
			var n int
			i.Alerts, n = r.alerts()
			i.AlertCount, i.Digest = max(i.AlertCount, n), digestOf(i.Alerts)
			return true
		}
		r.digest.begin()
		i.AlertCount = max(i.AlertCount, r.alertHeads(r.digest))
		i.Digest = r.digest.end()
	case "alerts@odata.count":
		i.AlertCount = max(i.AlertCount, r.number(-1))
		i.counted = i.AlertCount >= 0
	case "alerts@odata.nextLink":
		i.moreAlerts = r.rawString()
	default:
		return false
	}
	return true
}

// alerts reads a list of alerts, and gives its length, or -1 where there is no list.
func (r *incidentReader) alerts() ([]soc.Alert, int) {
	if r.peek() != jsontext.KindBeginArray {
		r.skip()
		return nil, -1
	}
	var list []soc.Alert
	for range r.elements {
		if a, ok := r.alert(r.tenant.ID); ok {
			list = append(list, a)
		}
	}
	return list, len(list)
}
