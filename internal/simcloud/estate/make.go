package estate

import (
	"fmt"
	"strconv"
	"time"
)

// Names of those who work on incidents.
const (
	defenderExperts = "Defender Experts"
	correlation     = "Microsoft 365 Defender-AlertCorrelation"
	creation        = "Microsoft 365 Defender-IncidentCreation"
)

func analysts() []string {
	return []string{"kai@" + HomeDomain, "mira@" + HomeDomain, "jon@" + HomeDomain}
}

// maker makes the incidents of one tenant, in order; its source of accidents is its own.
type maker struct {
	rng
	tenant   Tenant
	families []family
	foreign  int // which of every hostileEvery incidents is hostile
	number   int // of the next incident
	made     int // incidents so far
}

// hostileEvery is how rare hostile incidents are.
const hostileEvery = 60

// incident makes an incident that was created at a time.
func (m *maker) incident(at time.Time, f family) *Incident {
	at = at.Truncate(tick)
	s := newScene(m.rng, m.tenant)
	if m.made%hostileEvery == m.foreign {
		s.makeHostile(m.made/hostileEvery + m.foreign)
	}
	id := strconv.Itoa(m.number)
	i := &Incident{
		ID: id, TenantID: m.tenant.ID, WebURL: webURL(id, m.tenant.ID), Status: "active", Title: s.fill(pick(m.rng, f.titles)),
		Severity: []string{"informational", "low", "medium", "high"}[m.weighted(f.severity[:]...)], Description: s.fill(f.description),
		CustomTags: []string{}, SystemTags: append([]string{}, f.tags...), Created: at, Updated: at, LastModifiedBy: creation, scene: s,
		Classification: "unknown", Determination: "unknown",
	}
	if m.chance(0.3) {
		i.Classification, i.Determination = "", ""
	}
	if s.hostile != "" && s.field == 0 {
		i.Title += " " + s.hostile
	}
	if s.hostile != "" && s.field == 5 {
		i.Comments = append(i.Comments, Comment{s.hostile, s.users[0].name, at})
	}
	i.Priority = m.priority(i.Severity)
	if f.forms[0].detection == "microsoftThreatExperts" {
		m.raiseByExperts(i)
	}
	m.number += m.between(1, 4)
	m.made++
	return i
}

func webURL(id, tid string) string {
	return "https://security.microsoft.com/incidents/" + id + "?tid=" + tid
}

// priority gives a score that follows the severity; older services send none.
func (m *maker) priority(severity string) int {
	switch severity {
	case "high":
		return m.between(70, 100)
	case "medium":
		return m.between(35, 85)
	case "low":
		return m.between(10, 40)
	default:
		if m.chance(0.5) {
			return -1
		}
		return m.between(0, 15)
	}
}

// raiseByExperts makes the incident one of Microsoft's analysts.
func (m *maker) raiseByExperts(i *Incident) {
	i.SystemTags = append(i.SystemTags, defenderExperts)
	i.AssignedTo = defenderExperts
	i.Summary = "Defender Experts has identified " + pick(m.rng, []string{"malicious activity", "hands-on-keyboard activity", "a compromised account"}) +
		". This incident has been raised for your awareness and should be investigated as usual."
	if m.chance(0.5) {
		i.Status = "awaitingAction"
		i.Summary += " Managed response: please confirm whether " + i.scene.users[0].upn + " may be disabled."
	}
}

// alerts adds the first alerts of an incident to the records; all makes every form of the family appear.
func (m *maker) alerts(records *Records, i *Incident, f family, all bool) {
	n := min(1+m.weighted(40, 25, 13, 8, 5, 3, 2, 1, 1, 1, 1, 1), 12)
	if all {
		n = max(n, len(f.forms))
	}
	for k := range n {
		at := i.Created.Add(-time.Duration(m.IntN(240)) * time.Second)
		if k > 0 {
			at = i.Created.Add(time.Duration(k*m.between(5, 400)) * time.Second)
		}
		if at.After(i.Updated) {
			at = i.Updated
		}
		records.addAlert(i, m.alert(i, f.forms[k%len(f.forms)], at))
	}
}

func (m *maker) alert(i *Incident, f form, at time.Time) *Alert {
	at = at.Truncate(tick)
	a := &Alert{
		ID: m.alertID(f.source), IncidentID: i.ID, TenantID: m.tenant.ID, Title: f.title, Category: f.category, Severity: i.Severity,
		Description: i.scene.fill("Detected on {dev} with {upn}. Review the evidence and the timeline."),
		Status:      "new", ServiceSource: f.source, DetectionSource: f.detection, Product: productName(f.source), Techniques: append([]string{}, f.techniques...),
		Threat: f.threat, Created: at, Updated: at, First: at.Add(-time.Duration(m.between(1, 90)) * time.Minute), Comments: nil,
		scene: i.scene, kinds: f.kinds, seed: m.Uint64(),
	}
	if m.chance(0.3) {
		a.Severity = pick(m.rng, []string{"informational", "low", "medium"})
	}
	a.Last = a.First.Add(time.Duration(m.IntN(int(at.Sub(a.First)/time.Second)+1)) * time.Second)
	if f.source == "microsoftDefenderForEndpoint" {
		a.Investigation = pick(m.rng, []string{"queued", "running", "benign", "pendingApproval", "unsupportedAlertType", "successfullyRemediated", "terminatedBySystem"})
	}
	if m.chance(0.6) {
		a.Classification, a.Determination = "unknown", "unknown"
	}
	return a
}

// alertID gives an id in the manner of the sensor.
func (m *maker) alertID(source string) string {
	switch source {
	case "microsoftDefenderForEndpoint":
		return fmt.Sprintf("da%d_%d", 637551227677560813+m.Int64N(1e15), -m.Int64N(2e9))
	case "microsoftSentinel":
		return "sn" + m.guid()
	case "dataLossPrevention":
		return "dl" + m.guid()
	case "microsoftDefenderForOffice365":
		return "fa" + m.guid()
	case "microsoftDefenderForIdentity":
		return "aa" + m.guid()
	case "microsoftDefenderForCloudApps":
		return "ca" + m.hex(24)
	case "azureAdIdentityProtection":
		return "ad" + m.hex(64)
	default:
		return "ra" + m.guid()
	}
}

// resolve closes an incident with a verdict, and its alerts with it.
func (m *maker) resolve(i *Incident, at time.Time, f family) {
	by := pick(m.rng, analysts())
	if i.AssignedTo == "" && m.chance(0.5) {
		i.AssignedTo = by
	}
	switch m.weighted(5, 3, 2, 2) {
	case 0:
		i.Classification, i.Determination = "truePositive", f.outcome
		if f.outcome == "notMalicious" || f.outcome == "notEnoughDataToValidate" || f.outcome == "securityTesting" || f.outcome == "confirmedActivity" || f.outcome == "lineOfBusinessApplication" {
			i.Determination = "other"
		}
	case 1:
		i.Classification, i.Determination = "falsePositive", pick(m.rng, []string{"notMalicious", "notEnoughDataToValidate", "other"})
	case 2:
		i.Classification, i.Determination = "informationalExpectedActivity", pick(m.rng, []string{"securityTesting", "confirmedActivity", "lineOfBusinessApplication"})
	default:
		i.Classification, i.Determination = "unknown", "unknown"
	}
	i.Status = "resolved"
	if m.chance(0.5) {
		i.ResolvingComment = pick(m.rng, []string{"Mailbox cleaned, user reset", "Expected: planned test", "Blocked before execution, no further activity", "Device reimaged", "User confirmed the travel"})
	}
	for _, a := range i.Alerts {
		a.resolve(at, i.Classification, i.Determination)
	}
	i.touch(at, "API-App:"+by)
}

// comment adds what an analyst writes down.
func (m *maker) comment(i *Incident, at time.Time) {
	by := pick(m.rng, analysts())
	texts := []string{"Looking into it", "Called the user, waiting for an answer", "Device isolated at {dev}", "{upn} confirmed that this was not them",
		"Same sender seen at another customer: {sender}", "No further activity since containment", "Blocked {domain} at the proxy", "Handed over to the day shift"}
	i.Comments = append(i.Comments, Comment{i.scene.fill(pick(m.rng, texts)), by, at})
	i.touch(at, "API-App:"+by)
}

// assign gives the incident to somebody who starts to work on it.
func (m *maker) assign(i *Incident, at time.Time) {
	i.AssignedTo = pick(m.rng, analysts())
	if m.chance(0.8) {
		i.Status = "inProgress"
		for _, a := range i.Alerts {
			if a.Status == "new" {
				a.Status = "inProgress"
				a.touch(at)
			}
		}
	}
	i.touch(at, "API-App:"+i.AssignedTo)
}
