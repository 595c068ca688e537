package estate

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Payload is a published object that is served byte for byte. Exactly one of the two is set.
type Payload struct {
	Incident *Incident
	Alert    *Alert
}

// wire has the fields that tell what an object is and where it stands in a list.
type wire struct {
	ID, IncidentID, Status, Severity, AssignedTo, Classification, Determination *string
	DisplayName, Title, ServiceSource, DetectionSource, RedirectIncidentID      *string
	CreatedDateTime, LastUpdateDateTime                                         *time.Time
	Alerts                                                                      []json.RawMessage
}

// ReadPayload recognises an incident or an alert_v2 by its fields.
func ReadPayload(body []byte) (Payload, error) {
	var w wire
	if err := json.Unmarshal(body, &w); err != nil {
		return Payload{}, fmt.Errorf("read payload: %w", err)
	}
	switch {
	case w.ID == nil || *w.ID == "" || w.CreatedDateTime == nil || w.LastUpdateDateTime == nil:
		return Payload{}, fmt.Errorf("read payload: neither an incident nor an alert")
	case w.DisplayName != nil && w.Status != nil && w.Title == nil:
		i := w.incident(body)
		for _, raw := range w.Alerts {
			if p, err := ReadPayload(raw); err == nil && p.Alert != nil {
				i.Alerts = append(i.Alerts, p.Alert)
			}
		}
		return Payload{Incident: i}, nil
	case w.Title != nil && w.IncidentID != nil:
		return Payload{Alert: w.alert(body)}, nil
	default:
		return Payload{}, fmt.Errorf("read payload: neither an incident nor an alert")
	}
}

func (w wire) incident(body []byte) *Incident {
	return &Incident{
		ID: *w.ID, Title: *w.DisplayName, Status: enum(w.Status), Severity: enum(w.Severity), AssignedTo: deref(w.AssignedTo),
		Classification: enum(w.Classification), Determination: enum(w.Determination), Redirect: deref(w.RedirectIncidentID),
		Created: *w.CreatedDateTime, Updated: *w.LastUpdateDateTime, Verbatim: body,
	}
}

func (w wire) alert(body []byte) *Alert {
	return &Alert{
		ID: *w.ID, IncidentID: *w.IncidentID, Title: *w.Title, Status: enum(w.Status), Severity: enum(w.Severity),
		ServiceSource: enum(w.ServiceSource), DetectionSource: enum(w.DetectionSource), AssignedTo: deref(w.AssignedTo),
		Classification: enum(w.Classification), Determination: enum(w.Determination),
		Created: *w.CreatedDateTime, Updated: *w.LastUpdateDateTime, Verbatim: body,
	}
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// enum spells a member in camelCase, which old documentation does not.
func enum(s *string) string {
	v := deref(s)
	if v == "" {
		return ""
	}
	return strings.ToLower(v[:1]) + v[1:]
}

// key is unique among the objects that one tenant can have.
func (p Payload) key() string {
	if p.Incident != nil {
		return "incident " + p.Incident.ID
	}
	return "alert " + p.Alert.ID
}

// deal gives the payloads to the first tenants: each goes to the first one that has no incident of that id yet.
func deal(payloads []Payload, tenants int) [][]Payload {
	out := make([][]Payload, tenants)
	taken := make([]map[string]bool, tenants)
	for _, p := range payloads {
		key := p.key()
		for i := range tenants {
			if taken[i] == nil {
				taken[i] = map[string]bool{}
			}
			if !taken[i][key] {
				taken[i][key] = true
				out[i] = append(out[i], p)
				break
			}
		}
	}
	return out
}

// publish adds the published records to those that were made up.
func (b *book) publish() {
	for _, p := range b.payloads {
		if p.Alert != nil {
			b.records.addAlert(nil, p.Alert)
			continue
		}
		i := *p.Incident
		i.Alerts = nil
		if !b.records.addIncident(&i) {
			continue
		}
		for _, a := range p.Incident.Alerts {
			b.records.addAlert(&i, a)
		}
	}
}
