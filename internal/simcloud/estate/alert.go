package estate

import (
	"strings"
	"time"

	"github.com/socctl/socctl/internal/simcloud/odata"
)

// Alert is microsoft.graph.security.alert. An empty string stands for null. Its evidence is made when it is first
// encoded, from a seed of its own: lists that nobody opens cost nothing.
type Alert struct {
	ID               string
	IncidentID       string
	TenantID         string
	Title            string
	Description      string
	Category         string
	Severity         string
	Status           string
	ServiceSource    string
	DetectionSource  string
	Product          string
	Classification   string
	Determination    string
	AssignedTo       string
	Investigation    string
	Threat, Actor    string
	Techniques       []string
	Comments         []Comment
	Created, Updated time.Time
	First, Last      time.Time
	Resolved         time.Time // zero: null
	// Verbatim holds the published bytes where the record is a published one.
	Verbatim []byte

	scene *scene
	kinds []string
	seed  uint64
	json  [2][]byte
}

func (a *Alert) touch(at time.Time) {
	a.Updated = at
	a.json = [2][]byte{}
}

// resolve closes the alert with the verdict of its incident.
func (a *Alert) resolve(at time.Time, classification, determination string) {
	a.Status, a.Classification, a.Determination, a.Resolved = "resolved", classification, determination, at
	a.touch(at)
}

// JSON is the alert with its evidence. The bytes are shared: do not change them.
func (a *Alert) JSON(includeUnknown bool) []byte {
	if a.Verbatim != nil {
		return a.Verbatim
	}
	cached := &a.json[index(includeUnknown)]
	if *cached == nil {
		e := encoder{includeUnknown: includeUnknown}
		e.object(a.object())
		*cached = e.buf
	}
	return *cached
}

func (a *Alert) object() object {
	base := "https://security.microsoft.com/"
	tid := "?tid=" + a.TenantID
	var resolved any
	if !a.Resolved.IsZero() {
		resolved = a.Resolved
	}
	return object{
		{"id", a.ID}, {"providerAlertId", a.ID}, {"incidentId", a.IncidentID}, {"status", a.Status},
		{"severity", a.Severity}, {"classification", nullable(a.Classification)},
		{"determination", nullable(a.Determination)}, {"serviceSource", lateSource(a.ServiceSource)},
		{"detectionSource", lateDetection(a.DetectionSource)}, {"productName", nullable(a.Product)},
		{"detectorId", StableGUID("detector", a.Title)}, {"tenantId", a.TenantID}, {"title", a.Title},
		{"description", nullable(a.Description)}, {"recommendedActions", nullable(recommendedActions(a))},
		{"category", a.Category}, {"categories", []string{a.Category}}, {"assignedTo", nullable(a.AssignedTo)},
		{"alertWebUrl", base + "alerts/" + a.ID + tid}, {"incidentWebUrl", base + "incidents/" + a.IncidentID + tid},
		{"actorDisplayName", nullable(a.Actor)}, {"threatDisplayName", nullable(a.Threat)}, {"threatFamilyName", nil},
		{"mitreTechniques", a.Techniques}, {"investigationState", nullable(a.Investigation)},
		{"createdDateTime", a.Created}, {"lastUpdateDateTime", a.Updated}, {"resolvedDateTime", resolved},
		{"firstActivityDateTime", a.First}, {"lastActivityDateTime", a.Last}, {"systemTags", []string{}},
		{"alertPolicyId", nil}, {"comments", commentObjects(a.Comments)}, {"evidence", a.evidence()},
	}
}

func recommendedActions(a *Alert) string {
	if a.Severity == "informational" {
		return ""
	}
	return "A. Validate the alert.\n1. Review the timeline around the first activity.\n2. Check whether the account or device is expected to do this.\n" +
		"B. Scope.\n1. Look for the same indicators on other assets.\nC. Contain and mitigate."
}

// lateSource marks the members of serviceSource that only clients with the Prefer header read.
func lateSource(s string) any {
	switch s {
	case "microsoftDefenderForCloud", "microsoftSentinel", "microsoftInsiderRiskManagement", "microsoftThreatIntelligence", "microsoftSecurityForAI":
		return late(s)
	default:
		return s
	}
}

// lateDetection marks the members of detectionSource that come after unknownFutureValue in the schema.
func lateDetection(s string) any {
	switch s {
	case "unknown", "microsoftDefenderForEndpoint", "antivirus", "smartScreen", "customTi", "microsoftDefenderForOffice365",
		"automatedInvestigation", "microsoftThreatExperts", "customDetection", "microsoftDefenderForIdentity", "cloudAppSecurity",
		"microsoft365Defender", "azureAdIdentityProtection", "manual", "microsoftDataLossPrevention", "appGovernancePolicy", "appGovernanceDetection":
		return s
	default:
		return late(s)
	}
}

// Value gives the properties that a list of alerts can be filtered on.
func (a *Alert) Value(property string) odata.Value {
	switch strings.ToLower(property) {
	case "createddatetime":
		return odata.Value{Time: a.Created}
	case "lastupdatedatetime":
		return odata.Value{Time: a.Updated}
	case "status":
		return odata.Value{Text: a.Status}
	case "severity":
		return odata.Value{Text: a.Severity}
	case "servicesource":
		return odata.Value{Text: a.ServiceSource}
	case "assignedto":
		return textValue(a.AssignedTo)
	case "classification":
		return textValue(a.Classification)
	case "determination":
		return textValue(a.Determination)
	default:
		return odata.Value{Null: true}
	}
}

// Key is the id, which orders alerts of the same time.
func (a *Alert) Key() string { return a.ID }
