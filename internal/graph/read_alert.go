package graph

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// alert reads a microsoft.graph.security.alert with everything that it holds (graph-api 2.2). It tells false for what
// is no alert at all.
func (r *reader) alert(tenant soc.TenantID) (soc.Alert, bool) {
	if r.peek() != jsontext.KindBeginObject {
		r.skip()
		return soc.Alert{}, false
	}
	a := soc.Alert{
		Tenant: tenant, Severity: soc.SeverityUnknown, State: soc.ParseAlertState(""),
		Classification: soc.ClassificationUnknown, Determination: soc.ParseDetermination(""),
	}
	extra := flattener{r: r}
	for name := range r.members {
		if !r.alertText(&a, name) && !r.alertFact(&a, name) && !r.alertTime(&a, name) {
			switch string(name) {
			case "additionalData", "customDetails":
				extra.member(name, 0)
			default:
				r.skip()
			}
		}
	}
	a.Extra = extra.done()
	return a, true
}

// alertText reads what people read of an alert, where name is one of those properties.
func (r *reader) alertText(a *soc.Alert, name []byte) bool {
	switch string(name) {
	case "title":
		a.Title = r.line()
	case "description":
		a.Description = r.block()
	case "recommendedActions":
		a.RecommendedActions = r.block()
	case "category":
		a.Category = r.sharedLine()
	case "categories":
		a.Categories = r.textList()
	case "mitreTechniques":
		a.Techniques = r.textList()
	case "assignedTo":
		a.AssignedTo = r.sharedLine()
	case "comments":
		a.Comments = r.comments()
	case "productName":
		a.ProductName = r.sharedLine()
	case "detectorId":
		a.DetectorID = r.sharedLine()
	case "alertPolicyId":
		a.PolicyID = r.sharedLine()
	case "actorDisplayName":
		a.Actor = r.sharedLine()
	case "threatDisplayName":
		a.Threat = r.sharedLine()
	case "threatFamilyName":
		a.Family = r.sharedLine()
	case "systemTags":
		a.SystemTags = r.textList()
	case "evidence":
		a.Evidence = r.evidences()
	default:
		return false
	}
	return true
}

// alertFact reads the ids, links and enums of an alert.
func (r *reader) alertFact(a *soc.Alert, name []byte) bool {
	switch string(name) {
	case "id":
		a.ID = r.opaque()
	case "providerAlertId":
		a.ProviderID = r.opaque()
	case "incidentId":
		a.IncidentID = r.opaque()
	case "tenantId":
		a.ForeignTenant = r.foreignTenant(a.Tenant)
	case "alertWebUrl":
		a.WebURL = r.rawString()
	case "severity":
		a.Severity = soc.ParseSeverity(r.string())
	case "status":
		a.State = soc.ParseAlertState(r.string())
	case "classification":
		a.Classification = soc.ParseClassification(r.string())
	case "determination":
		a.Determination = soc.ParseDetermination(r.string())
	case "serviceSource":
		a.Service = parseProduct(r.text())
	case "detectionSource":
		a.Detection = parseDetection(r.text())
	case "investigationState":
		a.Investigation = r.sharedLine()
	default:
		return false
	}
	return true
}

func (r *reader) alertTime(a *soc.Alert, name []byte) bool {
	switch string(name) {
	case "createdDateTime":
		a.Created = r.time()
	case "lastUpdateDateTime":
		a.Updated = r.time()
	case "firstActivityDateTime":
		a.FirstActivity = r.time()
	case "lastActivityDateTime":
		a.LastActivity = r.time()
	case "resolvedDateTime":
		a.Resolved = r.time()
	default:
		return false
	}
	return true
}

func (r *reader) evidences() []soc.Evidence {
	var list []soc.Evidence
	er := newEvidenceReader(r)
	for range r.elements {
		if e, ok := r.evidence(er); ok {
			list = append(list, e)
		}
	}
	return list
}

// comments reads alertComment[], with the names of today's schema and those of older documentation.
func (r *reader) comments() []soc.Comment {
	var list []soc.Comment
	for range r.elements {
		if c, ok := r.comment(); ok {
			list = append(list, c)
		}
	}
	return list
}

func (r *reader) comment() (soc.Comment, bool) {
	var c soc.Comment
	if r.peek() != jsontext.KindBeginObject {
		c.Text = r.block()
		return c, !c.Text.IsZero()
	}
	for name := range r.members {
		switch string(name) {
		case "comment":
			c.Text = r.block()
		case "createdByDisplayName", "createdBy":
			if by := r.sharedLine(); !by.IsZero() {
				c.By = by
			}
		case "createdDateTime", "createdTime":
			if at := r.time(); !at.IsZero() {
				c.At = at
			}
		default:
			r.skip()
		}
	}
	return c, true
}

// foreignTenant reads a tenantId and keeps it only where it is not the tenant that was asked.
func (r *reader) foreignTenant(own soc.TenantID) text.Line {
	b := r.text()
	if len(b) == 0 || strings.EqualFold(string(b), string(own)) {
		return text.Line{}
	}
	return r.lines.of(b)
}

// opaque reads an id that is carried but not shown. One that could not stand in a path is kept escaped, so that it can
// be told apart but never be asked for.
func (r *reader) opaque() string {
	id := r.string()
	if id == "" || soc.ValidID(id) {
		return id
	}
	return text.Escape(id)
}

// rawString reads a string as it came, and nothing else.
func (r *reader) rawString() string {
	if r.peek() != jsontext.KindString {
		r.skip()
		return ""
	}
	return r.string()
}
