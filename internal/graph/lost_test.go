package graph

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// The functions here hold a payload against what was read from it, property by property: a property that says something
// and has no place in the domain, or another value there, is an error.

// place tells whether the domain has the value.
type place func(v any) bool

func places(t *testing.T, path string, payload object, known map[string]place) {
	t.Helper()
	for name, v := range payload {
		if saysNothing(v) || strings.Contains(name, "@odata.") {
			continue
		}
		switch has, ok := known[name]; {
		case !ok:
			t.Errorf("%s.%s has no place in the domain", path, name)
		case !has(v):
			t.Errorf("%s.%s: %v is lost", path, name, v)
		}
	}
}

func saysNothing(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case object:
		return len(v) == 0
	}
	return false
}

func isText(got fmt.Stringer) place { return func(v any) bool { return got.String() == plain(v) } }
func isString(got string) place     { return func(v any) bool { return got == plain(v) } }
func isEnum[E ~string](got E) place {
	return func(v any) bool { return strings.EqualFold(string(got), v.(string)) }
}
func isTime(got time.Time) place {
	return func(v any) bool {
		want, err := time.Parse(time.RFC3339, v.(string))
		return err == nil && got.Equal(want)
	}
}
func isList(got []text.Line) place {
	return func(v any) bool {
		list := v.([]any)
		for i := range list {
			if i >= len(got) || got[i].String() != text.Escape(plain(list[i])) {
				return false
			}
		}
		return len(list) == len(got)
	}
}
func isTenant(foreign text.Line) place {
	return func(v any) bool { return v == testTenantID || foreign.String() == v }
}

// isFact takes an enum whose word unknown means nothing.
func isFact[E ~string](got E) place {
	return func(v any) bool { return isEnum(got)(v) || got == "" && strings.HasPrefix(v.(string), "unknown") }
}

// plain writes a scalar as it stands in JSON.
func plain(v any) string {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case jsontext.Value:
		return string(v)
	}
	return fmt.Sprint(v)
}

func incidentLoses(t *testing.T, payload object, i *soc.Incident, full bool) {
	t.Helper()
	state := func(v any) bool { return soc.ParseState(v.(string)) == i.State && i.State != soc.StateUnknown }
	places(t, "incident", payload, map[string]place{
		"id": isString(i.Ref.ID), "tenantId": isTenant(i.ForeignTenant), "status": state, "severity": isEnum(i.Severity),
		"priorityScore": isString(strconv.Itoa(i.Priority)), "displayName": isText(i.Title),
		"description": isText(i.Description), "summary": isText(i.Summary), "assignedTo": isText(i.AssignedTo),
		"classification": isEnum(i.Classification), "determination": isEnum(i.Determination),
		"customTags": isList(i.CustomTags), "tags": isList(i.CustomTags), "systemTags": isList(i.SystemTags),
		"createdDateTime": isTime(i.Created), "lastUpdateDateTime": isTime(i.Updated),
		"lastModifiedBy": isText(i.ModifiedBy), "resolvingComment": isText(i.ResolvingComment),
		"redirectIncidentId": isString(i.RedirectTo), "incidentWebUrl": isString(i.WebURL),
		"comments": func(v any) bool { return commentsLose(t, v.([]any), i.Comments) },
		"alerts": func(v any) bool {
			list := v.([]any)
			if i.AlertCount != len(list) || len(i.Digest.Heads) != len(list) {
				return false
			}
			for n := range list {
				if full {
					alertLoses(t, list[n].(object), &i.Alerts[n])
				}
			}
			return full || i.Alerts == nil
		},
	})
}

func commentsLose(t *testing.T, payload []any, got []soc.Comment) bool {
	t.Helper()
	if len(payload) != len(got) {
		return false
	}
	for n, c := range got {
		places(t, "comment", payload[n].(object), map[string]place{
			"comment": isText(c.Text), "createdByDisplayName": isText(c.By), "createdBy": isText(c.By),
			"createdDateTime": isTime(c.At), "createdTime": isTime(c.At),
		})
	}
	return true
}

func alertLoses(t *testing.T, payload object, a *soc.Alert) {
	t.Helper()
	block := func(v any) bool { return a.RecommendedActions.String() == text.NewBlock(v.(string)).String() }
	places(t, "alert", payload, map[string]place{
		"id": isString(a.ID), "providerAlertId": isString(a.ProviderID), "incidentId": isString(a.IncidentID),
		"tenantId": isTenant(a.ForeignTenant), "title": isText(a.Title), "description": isText(a.Description),
		"recommendedActions": block, "category": isText(a.Category), "categories": isList(a.Categories),
		"mitreTechniques": isList(a.Techniques), "severity": isEnum(a.Severity), "status": isEnum(a.State),
		"classification": isEnum(a.Classification), "determination": isEnum(a.Determination),
		"assignedTo": isText(a.AssignedTo), "serviceSource": isFact(a.Service), "detectionSource": isFact(a.Detection),
		"productName": isText(a.ProductName), "detectorId": isText(a.DetectorID), "alertPolicyId": isText(a.PolicyID),
		"actorDisplayName": isText(a.Actor), "threatDisplayName": isText(a.Threat), "threatFamilyName": isText(a.Family),
		"investigationState": isText(a.Investigation), "systemTags": isList(a.SystemTags),
		"createdDateTime": isTime(a.Created), "lastUpdateDateTime": isTime(a.Updated),
		"firstActivityDateTime": isTime(a.FirstActivity), "lastActivityDateTime": isTime(a.LastActivity),
		"resolvedDateTime": isTime(a.Resolved), "alertWebUrl": isString(a.WebURL),
		// The incident's own link is in the incident, and is rebuilt from its number anyway.
		"incidentWebUrl": func(any) bool { return true },
		"comments":       func(v any) bool { return commentsLose(t, v.([]any), a.Comments) },
		"additionalData": func(v any) bool { return fieldsLose(t, "additionalData", v, a.Extra) },
		"customDetails":  func(v any) bool { return fieldsLose(t, "customDetails", v, a.Extra) },
		"evidence": func(v any) bool {
			list := v.([]any)
			if len(list) != len(a.Evidence) {
				return false
			}
			for n := range list {
				evidenceLoses(t, list[n].(object), &a.Evidence[n])
			}
			return true
		},
	})
}

func evidenceLoses(t *testing.T, payload object, e *soc.Evidence) {
	t.Helper()
	known := map[string]place{
		"createdDateTime": isTime(e.Created), "verdict": isText(e.Verdict), "remediationStatus": isText(e.Remediation),
		"remediationStatusDetails": isText(e.Details), "roles": isList(e.Roles), "detailedRoles": isList(e.DetailedRoles),
		"tags": isList(e.Tags),
	}
	for name := range payload {
		if _, base := known[name]; !base {
			known[name] = func(v any) bool { return fieldsLose(t, name, v, e.Fields) }
		}
	}
	places(t, e.Kind+"Evidence", payload, known)
}

// fieldsLose looks for every scalar below v among the flattened fields.
func fieldsLose(t *testing.T, path string, v any, fields []soc.Field) bool {
	t.Helper()
	if saysNothing(v) {
		return true
	}
	switch v := v.(type) {
	case object:
		all := true
		for name, sub := range v {
			all = (strings.Contains(name, "@odata.") || fieldsLose(t, path+"."+name, sub, fields)) && all
		}
		return all
	case []any:
		all := true
		for i, sub := range v {
			all = fieldsLose(t, fmt.Sprintf("%s[%d]", path, i), sub, fields) && all
		}
		return all
	}
	for _, f := range fields {
		if f.Name.String() == path && f.Value.String() == text.Escape(plain(v)) {
			return true
		}
	}
	t.Errorf("%s: %v is in no field", path, v)
	return false
}

// unmarshal reads a payload generically.
func unmarshal(t *testing.T, body []byte) object {
	t.Helper()
	var v object
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
