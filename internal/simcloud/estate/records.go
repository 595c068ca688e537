package estate

import (
	"strings"
	"time"

	"github.com/socctl/socctl/internal/simcloud/odata"
)

// Records are the incidents and alerts of one tenant at one moment. Slices are in the order of creation.
type Records struct {
	Incidents []*Incident
	Alerts    []*Alert
	incidents map[string]*Incident
	alerts    map[string]*Alert
}

// Incident finds an incident by id, nil when there is none.
func (r *Records) Incident(id string) *Incident { return r.incidents[id] }

// Alert finds an alert by id, nil when there is none.
func (r *Records) Alert(id string) *Alert { return r.alerts[id] }

func (r *Records) addIncident(i *Incident) bool {
	if r.incidents == nil {
		r.incidents = map[string]*Incident{}
	}
	if r.incidents[i.ID] != nil {
		return false
	}
	r.incidents[i.ID] = i
	r.Incidents = append(r.Incidents, i)
	return true
}

func (r *Records) addAlert(i *Incident, a *Alert) {
	if r.alerts == nil {
		r.alerts = map[string]*Alert{}
	}
	if r.alerts[a.ID] == nil {
		r.alerts[a.ID] = a
		r.Alerts = append(r.Alerts, a)
	}
	if i != nil {
		i.Alerts = append(i.Alerts, a)
	}
}

// Incident is microsoft.graph.security.incident. An empty string stands for null.
type Incident struct {
	ID               string
	TenantID         string
	WebURL           string
	Redirect         string
	Status           string
	Severity         string
	Priority         int // below zero: null
	Title            string
	Description      string
	Summary          string
	AssignedTo       string
	Classification   string
	Determination    string
	ResolvingComment string
	LastModifiedBy   string
	CustomTags       []string
	SystemTags       []string
	Comments         []Comment
	Created, Updated time.Time
	Alerts           []*Alert
	// Verbatim holds the published bytes where the record is a published one.
	Verbatim []byte

	scene *scene
	json  [2][]byte // without and with late enumeration members; nil after a change
}

// Comment is microsoft.graph.security.alertComment.
type Comment struct {
	Text, By string
	At       time.Time
}

// Open reports whether somebody still has to work on the incident.
func (i *Incident) Open() bool {
	return i.Status == "active" || i.Status == "inProgress" || i.Status == "awaitingAction"
}

// touch notes a change.
func (i *Incident) touch(at time.Time, by string) {
	i.Updated, i.LastModifiedBy = at, by
	i.json = [2][]byte{}
}

// JSON is the incident without its alerts. The bytes are shared: do not change them.
func (i *Incident) JSON(includeUnknown bool) []byte {
	if i.Verbatim != nil {
		return i.Verbatim
	}
	cached := &i.json[index(includeUnknown)]
	if *cached == nil {
		e := encoder{includeUnknown: includeUnknown}
		e.object(i.object())
		*cached = e.buf
	}
	return *cached
}

// ExpandedJSON is the incident with its alerts inside, as $expand=alerts gives it.
func (i *Incident) ExpandedJSON(includeUnknown bool) []byte {
	body := i.JSON(includeUnknown)
	if i.Verbatim != nil {
		return body
	}
	b := append([]byte(nil), body[:len(body)-1]...)
	b = append(b, `,"alerts":[`...)
	for n, a := range i.Alerts {
		if n > 0 {
			b = append(b, ',')
		}
		b = append(b, a.JSON(includeUnknown)...)
	}
	return append(b, "]}"...)
}

func (i *Incident) object() object {
	var status any = i.Status
	if i.Status == "awaitingAction" {
		status = late(i.Status)
	}
	var priority any
	if i.Priority >= 0 {
		priority = i.Priority
	}
	return object{
		{"id", i.ID}, {"tenantId", i.TenantID}, {"status", status}, {"incidentWebUrl", i.WebURL},
		{"redirectIncidentId", nullable(i.Redirect)}, {"displayName", i.Title},
		{"createdDateTime", i.Created}, {"lastUpdateDateTime", i.Updated}, {"assignedTo", nullable(i.AssignedTo)},
		{"classification", nullable(i.Classification)}, {"determination", nullable(i.Determination)},
		{"severity", i.Severity}, {"customTags", i.CustomTags}, {"systemTags", i.SystemTags},
		{"description", nullable(i.Description)}, {"lastModifiedBy", nullable(i.LastModifiedBy)},
		{"resolvingComment", nullable(i.ResolvingComment)}, {"summary", nullable(i.Summary)},
		{"priorityScore", priority}, {"comments", commentObjects(i.Comments)},
	}
}

func commentObjects(list []Comment) []object {
	out := make([]object, 0, len(list))
	for _, c := range list {
		out = append(out, object{{"comment", c.Text}, {"createdByDisplayName", c.By}, {"createdDateTime", c.At}})
	}
	return out
}

func index(includeUnknown bool) int {
	if includeUnknown {
		return 1
	}
	return 0
}

// Value gives the properties that a list of incidents can be filtered on.
func (i *Incident) Value(property string) odata.Value {
	switch strings.ToLower(property) {
	case "createddatetime":
		return odata.Value{Time: i.Created}
	case "lastupdatedatetime":
		return odata.Value{Time: i.Updated}
	case "status":
		return odata.Value{Text: i.Status}
	case "severity":
		return odata.Value{Text: i.Severity}
	case "assignedto":
		return textValue(i.AssignedTo)
	case "classification":
		return textValue(i.Classification)
	case "determination":
		return textValue(i.Determination)
	default:
		return odata.Value{Null: true}
	}
}

func textValue(s string) odata.Value { return odata.Value{Null: s == "", Text: s} }

// Key is the id, which orders incidents of the same time.
func (i *Incident) Key() string { return i.ID }
