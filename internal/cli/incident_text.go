package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

type commentRecord struct {
	Text text.Block `json:"text"`
	By   text.Line  `json:"by"`
	At   *time.Time `json:"at"`
}

type fieldRecord struct {
	Name  text.Line `json:"name"`
	Value text.Line `json:"value"`
}

type evidenceRecord struct {
	Kind          string        `json:"kind"`
	Name          text.Line     `json:"name"`
	Created       *time.Time    `json:"created"`
	Verdict       text.Line     `json:"verdict"`
	Remediation   text.Line     `json:"remediation"`
	Details       text.Line     `json:"remediation_details"`
	Roles         []text.Line   `json:"roles"`
	DetailedRoles []text.Line   `json:"detailed_roles"`
	Tags          []text.Line   `json:"tags"`
	Fields        []fieldRecord `json:"fields"`
}

type alertRecord struct {
	ID             text.Line          `json:"id"`
	Tenant         tenantRecord       `json:"tenant"`
	Incident       text.Line          `json:"incident"`
	Title          text.Line          `json:"title"`
	Description    text.Block         `json:"description"`
	Severity       soc.Severity       `json:"severity"`
	Status         soc.AlertState     `json:"status"`
	Classification soc.Classification `json:"classification"`
	Determination  soc.Determination  `json:"determination"`
	AssignedTo     text.Line          `json:"assigned_to"`
	Category       text.Line          `json:"category"`
	Techniques     []text.Line        `json:"techniques"`
	Service        soc.Product        `json:"service_source"`
	Detection      soc.Detection      `json:"detection_source"`
	Created        *time.Time         `json:"created"`
	Updated        *time.Time         `json:"updated"`
	FirstActivity  *time.Time         `json:"first_activity"`
	LastActivity   *time.Time         `json:"last_activity"`
	PortalURL      string             `json:"portal_url"`
	Evidence       []evidenceRecord   `json:"evidence"`
}

// incidentDetail is an incident with all that was read of it.
type incidentDetail struct {
	incidentRecord
	Description      text.Block      `json:"description"`
	Summary          text.Block      `json:"summary"`
	ResolvingComment text.Line       `json:"resolving_comment"`
	ModifiedBy       text.Line       `json:"modified_by"`
	Comments         []commentRecord `json:"comments"`
	Alerts           []alertRecord   `json:"alerts"`
}

func newIncidentDetail(a *app.App, i *soc.Incident, now time.Time) incidentDetail {
	d := incidentDetail{incidentRecord: newIncidentRecord(a, i, now), Description: i.Description, Summary: i.Summary,
		ResolvingComment: i.ResolvingComment, ModifiedBy: i.ModifiedBy, Comments: []commentRecord{}, Alerts: []alertRecord{}}
	for _, c := range i.Comments {
		d.Comments = append(d.Comments, commentRecord{c.Text, c.By, moment(c.At)})
	}
	for n := range i.Alerts {
		d.Alerts = append(d.Alerts, newAlertRecord(a, i.Tenant, &i.Alerts[n]))
	}
	return d
}

func newAlertRecord(a *app.App, t *soc.Tenant, al *soc.Alert) alertRecord {
	r := alertRecord{
		ID: text.NewLine(al.ID), Tenant: tenantRecord{t.Code, t.ID, t.Name}, Incident: text.NewLine(al.IncidentID), Title: al.Title,
		Description: al.Description, Severity: al.Severity, Status: al.State, Classification: al.Classification,
		Determination: al.Determination, AssignedTo: al.AssignedTo, Category: al.Category, Techniques: list(al.Techniques),
		Service: al.Service, Detection: al.Detection, Created: moment(al.Created), Updated: moment(al.Updated),
		FirstActivity: moment(al.FirstActivity), LastActivity: moment(al.LastActivity), PortalURL: a.AlertLink(t.ID, al).URL,
		Evidence: []evidenceRecord{},
	}
	if soc.ValidID(al.IncidentID) {
		r.Incident = text.NewLine(soc.Ref{Code: t.Code, Source: soc.SourceDefender, ID: al.IncidentID}.String())
	}
	for _, e := range al.Evidence {
		er := evidenceRecord{Kind: e.Kind, Name: e.Name, Created: moment(e.Created), Verdict: e.Verdict, Remediation: e.Remediation,
			Details: e.Details, Roles: list(e.Roles), DetailedRoles: list(e.DetailedRoles), Tags: list(e.Tags), Fields: []fieldRecord{}}
		for _, f := range e.Fields {
			er.Fields = append(er.Fields, fieldRecord(f))
		}
		r.Evidence = append(r.Evidence, er)
	}
	return r
}

// printIncident writes an incident for people.
func printIncident(h Host, i *soc.Incident, d incidentDetail) error {
	now := h.Now()
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", i.Ref, i.Title)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %-13s %s\n", name, value)
		}
	}
	row("customer", fmt.Sprintf("%s (%s), tenant %s", i.Tenant.Name, i.Tenant.Code, i.Tenant.ID))
	row("severity", string(i.Severity))
	row("status", string(i.State))
	row("why", soc.Reason(i, now))
	row("owner", i.AssignedTo.String())
	row("opened", ago(i.Created, now))
	row("changed", strings.TrimSuffix(ago(i.Updated, now)+" by "+i.ModifiedBy.String(), " by "))
	row("merged into", d.RedirectTo)
	if i.Classification != soc.ClassificationUnknown {
		row("verdict", string(i.Classification)+", "+string(i.Determination))
	}
	row("portal", d.PortalURL)
	if !i.ForeignTenant.IsZero() {
		row("warning", "the record names another tenant: "+i.ForeignTenant.String())
	}
	row("summary", indent(i.Summary.String()))
	row("description", indent(i.Description.String()))
	for n := range i.Alerts {
		writeAlert(&b, &i.Alerts[n])
	}
	for _, c := range i.Comments {
		fmt.Fprintf(&b, "\n%s  %s\n  %s\n", stamp(c.At), c.By, strings.ReplaceAll(c.Text.String(), "\n", "\n  "))
	}
	_, err := fmt.Fprint(h.Out, b.String())
	return err
}

// ago is a time with its distance, or nothing where the service gave none.
func ago(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t) + " (" + soc.Ago(now.Sub(t)) + ")"
}

func indent(s string) string { return strings.ReplaceAll(s, "\n", "\n                ") }

func writeAlert(b *strings.Builder, a *soc.Alert) {
	var techniques []string
	for _, t := range a.Techniques {
		techniques = append(techniques, t.String())
	}
	fmt.Fprintf(b, "\n%s  %s  %s\n", stamp(a.Created), a.Severity, a.Title)
	source := string(a.Service)
	if d := string(a.Detection); d != source {
		source += ", " + d
	}
	fmt.Fprintf(b, "  %s, %s  %s\n", a.State, source, strings.Join(techniques, " "))
	for _, e := range a.Evidence {
		fmt.Fprintf(b, "  %-22s %s", text.Escape(e.Kind), e.Name)
		if v := e.Verdict.String(); v != "" && v != "unknown" {
			fmt.Fprintf(b, "  (%s)", v)
		}
		b.WriteByte('\n')
	}
}
