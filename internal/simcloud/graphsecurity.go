package simcloud

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/socctl/socctl/internal/simcloud/estate"
	"github.com/socctl/socctl/internal/simcloud/odata"
)

// incidentList is what GET /security/incidents accepts.
func incidentList() collection {
	s := commonProperties()
	s["status"] = odata.Property{Kind: odata.Enum, Members: strings.Fields("active resolved inProgress redirected unknownFutureValue awaitingAction")}
	return collection{schema: s, maxTop: 50, expand: true}
}

// alertList is what GET /security/alerts_v2 accepts.
func alertList() collection {
	s := commonProperties()
	s["status"] = odata.Property{Kind: odata.Enum, Members: strings.Fields("unknown new inProgress resolved unknownFutureValue")}
	s["serviceSource"] = odata.Property{Kind: odata.Enum, Members: strings.Fields("unknown microsoftDefenderForEndpoint microsoftDefenderForIdentity " +
		"microsoftDefenderForCloudApps microsoftDefenderForOffice365 microsoft365Defender azureAdIdentityProtection microsoftAppGovernance " +
		"dataLossPrevention unknownFutureValue microsoftDefenderForCloud microsoftSentinel microsoftInsiderRiskManagement microsoftThreatIntelligence microsoftSecurityForAI")}
	return collection{schema: s, maxTop: 1000}
}

// commonProperties can be filtered on in both lists.
func commonProperties() odata.Schema {
	return odata.Schema{
		"assignedTo": {Kind: odata.String}, "createdDateTime": {Kind: odata.Time}, "lastUpdateDateTime": {Kind: odata.Time},
		"severity":       {Kind: odata.Enum, Members: strings.Fields("unknown informational low medium high unknownFutureValue")},
		"classification": {Kind: odata.Enum, Members: strings.Fields("unknown falsePositive truePositive informationalExpectedActivity unknownFutureValue")},
		"determination": {Kind: odata.Enum, Members: strings.Fields("unknown apt malware securityPersonnel securityTesting unwantedSoftware other multiStagedAttack " +
			"compromisedAccount phishing maliciousUserActivity notMalicious notEnoughDataToValidate confirmedActivity lineOfBusinessApplication unknownFutureValue")},
	}
}

// view lends the records of the caller's tenant, as of now.
func (g *graphCall) view(f func(*estate.Records)) {
	g.cloud.estate.View(g.tenant.ID, g.cloud.options.Now(), f)
}

func (g *graphCall) listIncidents() {
	q, ok := g.parse(incidentList())
	if !ok || g.expandFails(q.expand) {
		return
	}
	var p page[*estate.Incident]
	var values [][]byte
	g.view(func(r *estate.Records) {
		p = paginate(r.Incidents, q)
		for _, i := range p.items {
			if q.expand {
				values = append(values, i.ExpandedJSON(g.late))
			} else {
				values = append(values, i.JSON(g.late))
			}
		}
	})
	g.sendList("#security/incidents", q, values, p.total, p.next)
}

func (g *graphCall) getIncident() {
	q, ok := g.parse(incidentList())
	if !ok || g.expandFails(q.expand) {
		return
	}
	var body []byte
	g.view(func(r *estate.Records) {
		switch i := r.Incident(g.id); {
		case i == nil:
		case q.expand:
			body = i.ExpandedJSON(g.late)
		default:
			body = i.JSON(g.late)
		}
	})
	g.sendObject("#security/incidents/$entity", body)
}

// expandFails answers 500 for the customer whose incidents cannot be expanded.
func (g *graphCall) expandFails(expand bool) bool {
	if !expand || g.tenant.Profile != Expand500 {
		return false
	}
	g.fail(http.StatusInternalServerError, "InternalServerError", "Internal Server Error.")
	return true
}

func (g *graphCall) listIncidentAlerts() {
	q, ok := g.parse(alertList())
	if !ok {
		return
	}
	found := false
	var p page[*estate.Alert]
	var values [][]byte
	g.view(func(r *estate.Records) {
		if i := r.Incident(g.id); i != nil {
			found = true
			p = paginate(i.Alerts, q)
			values = alertValues(p.items, g.late)
		}
	})
	if !found {
		g.sendObject("", nil)
		return
	}
	g.sendList("#security/incidents('"+g.id+"')/alerts", q, values, p.total, p.next)
}

func (g *graphCall) listAlerts() {
	q, ok := g.parse(alertList())
	if !ok {
		return
	}
	var p page[*estate.Alert]
	var values [][]byte
	g.view(func(r *estate.Records) {
		p = paginate(r.Alerts, q)
		values = alertValues(p.items, g.late)
	})
	g.sendList("#security/alerts_v2", q, values, p.total, p.next)
}

func alertValues(alerts []*estate.Alert, late bool) [][]byte {
	out := make([][]byte, len(alerts))
	for i, a := range alerts {
		out[i] = a.JSON(late)
	}
	return out
}

func (g *graphCall) getAlert() {
	if _, ok := g.parse(alertList()); !ok {
		return
	}
	var body []byte
	g.view(func(r *estate.Records) {
		if a := r.Alert(g.id); a != nil {
			body = a.JSON(g.late)
		}
	})
	g.sendObject("#security/alerts_v2/$entity", body)
}

// sendList writes a collection.
func (g *graphCall) sendList(context string, q query, values [][]byte, total int, next *position) {
	size := 512
	for _, v := range values {
		size += len(v) + 1
	}
	b := append(make([]byte, 0, size), `{"@odata.context":`...)
	b = estate.AppendText(b, g.context(context))
	if q.count {
		b = append(b, `,"@odata.count":`...)
		b = strconv.AppendInt(b, int64(total), 10)
	}
	if next != nil {
		b = append(b, `,"@odata.nextLink":`...)
		b = estate.AppendText(b, g.nextLink(q, *next))
	}
	b = append(b, `,"value":[`...)
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, v...)
	}
	g.send(http.StatusOK, append(b, "]}"...))
}

// sendObject writes one object, or 404 where there is none. A published object that says its context keeps it.
func (g *graphCall) sendObject(context string, body []byte) {
	if body == nil {
		g.fail(http.StatusNotFound, "ResourceNotFound", "Resource not found.")
		return
	}
	if strings.Contains(string(body[:min(len(body), 64)]), `"@odata.context"`) {
		g.send(http.StatusOK, body)
		return
	}
	b := append(make([]byte, 0, len(body)+128), `{"@odata.context":`...)
	b = estate.AppendText(b, g.context(context))
	b = append(b, ',')
	g.send(http.StatusOK, append(b, body[1:]...))
}

func (g *graphCall) context(what string) string { return rootOf(g.r) + "/v1.0/$metadata" + what }
