package queue

import (
	"fmt"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// Preview draws an incident below the list: a rule with its reference, what it is, and its alerts. link is a function
// that makes text a hyperlink to the incident's portal page.
func Preview(l Look, i *soc.Incident, width, height int, link func(string) string) []string {
	theme, snap, now := l.Theme, l.Snap, l.Now
	lines := append([]string{rule(theme, i, age(snap, i.Ref.Tenant, now), width, link)}, facts(theme, i, snap.Analyst, now, width)...)
	if note := warnings(i); note != "" {
		lines = append(lines, "  "+theme.On(style.Medium, fit.Cut(note, width-2)))
	}
	if head, room := i.Digest.Heads, height-len(lines); room > 0 {
		lines = append(lines, heads(l, i, head, width, room)...)
	}
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines[:height]
}

// age says how old a troubled customer's rows are, or nothing.
func age(snap *soc.Snapshot, id soc.TenantID, now time.Time) string {
	part, ok := snap.Part(id)
	if !ok || !troubled(snap, id) || part.Status.LastGood.IsZero() {
		return ""
	}
	return " · as of " + part.Status.LastGood.UTC().Format("15:04Z") + ", " + soc.Ago(part.Status.Age(now))
}

func rule(theme *style.Theme, i *soc.Incident, age string, width int, link func(string) string) string {
	ref, name := i.Ref.String(), " · "+i.Tenant.Name.String()
	name = fit.Cut(fit.Narrow(name), max(0, width-8-fit.Width(ref)-fit.Width(age)))
	rest := max(0, width-6-fit.Width(ref)-fit.Width(name)-fit.Width(age))
	return theme.On(style.Faint, " ── ") + link(theme.On(style.Accent, ref)) + name + theme.On(style.Medium, age) + " " +
		theme.On(style.Faint, strings.Repeat("─", rest))
}

// facts is the line that sums an incident up, with the reason for its place to the right, or below it where that has no room.
func facts(theme *style.Theme, i *soc.Incident, me soc.Analyst, now time.Time, width int) []string {
	mark := SeverityMark(i.Severity)
	why := "why: " + soc.Reason(i, now)
	body := " · " + summed(i, me, now)
	room := width - 2 - fit.Width(mark)
	if fit.Width(body)+fit.Width(why)+3 > room {
		return []string{"  " + theme.On(SeverityPaint(i.Severity), mark) + fit.Cut(body, room), "  " + theme.On(style.Subtle, fit.Cut(why, width-3))}
	}
	return []string{"  " + theme.On(SeverityPaint(i.Severity), mark) + fit.Left(body, room-fit.Width(why)-1) + theme.On(style.Subtle, why) + " "}
}

// summed is what an incident is, in a line without its severity.
func summed(i *soc.Incident, me soc.Analyst, now time.Time) string {
	owner := Owner(i, me)
	if owner == "-" {
		owner = "unassigned"
	}
	parts := []string{StateWord(i.State), owner}
	if !i.Created.IsZero() {
		parts = append(parts, i.Created.UTC().Format("15:04Z")+" ("+soc.Short(now.Sub(i.Created))+")")
	}
	if !i.Updated.IsZero() {
		parts = append(parts, "updated "+soc.Ago(now.Sub(i.Updated)))
	}
	if c := i.Classification; c != soc.ClassificationUnknown && c != "" {
		parts = append(parts, string(c))
	}
	if t := words(i.Digest.Techniques); t != "" {
		parts = append(parts, t)
	}
	return strings.Join(parts, " · ")
}

// warnings says what is odd about the record itself.
func warnings(i *soc.Incident) string {
	var parts []string
	if !i.ForeignTenant.IsZero() {
		parts = append(parts, "this record names another tenant ("+i.ForeignTenant.String()+"); it came from "+string(i.Ref.Code))
	}
	if i.Altered() {
		parts = append(parts, "! marks text with hidden or control characters, shown as codes")
	}
	if i.Title.Suspicious() {
		parts = append(parts, "the title mixes alphabets or draws shapes")
	}
	if i.State == soc.StateRedirected {
		parts = append(parts, "merged into "+string(i.Ref.Code)+"-"+i.RedirectTo)
	}
	if i.AlertCount < 0 {
		parts = append(parts, "the service did not give its alerts")
	}
	return strings.Join(parts, " · ")
}

// heads draws the alerts, one a line.
func heads(l Look, i *soc.Incident, list []soc.AlertHead, width, room int) []string {
	var lines []string
	at := momentWidth(list[:min(len(list), room)], l.Now)
	for n, h := range list {
		if n == room-1 && len(list) > room {
			return append(lines, l.Theme.On(style.Subtle, fmt.Sprintf("  and %d more: %s opens %s", len(list)-n, l.Keys.Open, i.Ref)))
		}
		if n == room {
			break
		}
		lines = append(lines, headLine(l.Theme, h, fit.Left(Moment(h.At, l.Now), at), width))
	}
	return lines
}

// Moment is a time of day, with its date where that is another day than now's.
func Moment(t, now time.Time) string {
	if t = t.UTC(); t.Format(time.DateOnly) != now.UTC().Format(time.DateOnly) {
		return t.Format("2 Jan 15:04")
	}
	return t.Format("15:04")
}

// momentWidth is the cells that the times of a list of alerts take.
func momentWidth(list []soc.AlertHead, now time.Time) int {
	w := 0
	for n := range list {
		w = max(w, len(Moment(list[n].At, now)))
	}
	return w
}

func headLine(theme *style.Theme, h soc.AlertHead, at string, width int) string {
	const service = 10
	reached := 36
	rest := width - 4 - len(at) - service - 2
	title := rest - reached
	if title < 30 {
		reached = max(0, rest-30)
		title = rest - reached
	}
	mark := " "
	if h.Title.Altered() {
		mark = theme.On(style.Medium, "!")
	}
	return "  " + theme.On(style.Subtle, at) + " " + mark + fit.Left(fit.Narrow(h.Title.String()), title) + " " +
		theme.On(style.Subtle, fit.Left(ProductWord(h.Service), service)) + " " + fit.Cut(fit.Narrow(words(h.Reached)), reached)
}

// mostNamed is how many names stand in a row.
const mostNamed = 4

func words(list []text.Line) string {
	var b strings.Builder
	for n, l := range list {
		if n == mostNamed {
			b.WriteString(" …")
			break
		}
		if n > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(l.String())
	}
	return b.String()
}

// ProductWord is a short name of the workload that detected.
func ProductWord(p soc.Product) string {
	switch p {
	case "microsoftDefenderForEndpoint":
		return "Endpoint"
	case "microsoftDefenderForIdentity":
		return "Identity"
	case "microsoftDefenderForCloudApps":
		return "CloudApps"
	case "microsoftDefenderForOffice365":
		return "Office365"
	case "microsoft365Defender":
		return "XDR"
	case "azureAdIdentityProtection":
		return "Entra"
	case "microsoftAppGovernance":
		return "Apps"
	case "dataLossPrevention", "microsoftDataLossPrevention":
		return "DLP"
	case "microsoftDefenderForCloud":
		return "Cloud"
	case "microsoftInsiderRiskManagement":
		return "Insider"
	case "microsoftThreatIntelligence":
		return "Intel"
	case "microsoftSecurityForAI":
		return "AI"
	case "microsoftSentinel":
		return "Sentinel"
	case "", "unknown":
		return "-"
	}
	return string(p)
}
