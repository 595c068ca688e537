package queue

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// look is what cells are written with besides the incident.
type look struct {
	me       soc.Analyst
	now      time.Time
	troubled bool // the customer's rows may no longer be what the service has
}

// cells writes one row, a cell for each of the columns.
func cells(list []Column, i *soc.Incident, l look) []table.Cell {
	out := make([]table.Cell, len(list))
	for n := range list {
		out[n] = cell(list[n].ID, i, l)
	}
	return out
}

func cell(id string, i *soc.Incident, l look) table.Cell {
	switch id {
	case "sev":
		return table.Cell{Text: SeverityMark(i.Severity), Paint: SeverityPaint(i.Severity)}
	case "left":
		sla := soc.SLAOf(i, l.now)
		return table.Cell{Text: left(sla), Paint: leftPaint(sla)}
	case "cust":
		return table.Cell{Text: string(i.Ref.Code), Paint: l.customer(), Altered: !i.ForeignTenant.IsZero(), Old: l.troubled}
	case "id":
		return table.Cell{Text: i.Ref.Number()}
	case "title":
		return table.Cell{Text: i.Title.String(), Altered: i.Title.Altered()}
	case "alerts":
		return table.Cell{Text: AlertCount(i)}
	case "entities":
		return table.Cell{Text: Reached(&i.Digest)}
	case "status":
		return table.Cell{Text: StateWord(i.State), Paint: statePaint(i)}
	case "owner":
		return table.Cell{Text: Owner(i, l.me), Paint: ownerPaint(i, l.me), Altered: i.AssignedTo.Altered()}
	case "src":
		return table.Cell{Text: sources(i)}
	}
	return rareCell(id, i, l)
}

// rareCell writes the columns that no section has by itself.
func rareCell(id string, i *soc.Incident, l look) table.Cell {
	switch id {
	case "age":
		return table.Cell{Text: since(i.Created, l.now)}
	case "updated":
		return table.Cell{Text: since(i.Updated, l.now)}
	case "customer":
		return table.Cell{Text: i.Tenant.Name.String(), Paint: l.customer(), Altered: i.Tenant.Name.Altered()}
	case "verdict":
		if i.Classification == "" || i.Classification == soc.ClassificationUnknown {
			return table.Cell{Text: "-", Paint: style.Faint}
		}
		return table.Cell{Text: string(i.Classification) + " " + string(i.Determination)}
	case "tech":
		return table.Cell{Text: words(i.Digest.Techniques), Altered: altered(i.Digest.Techniques)}
	case "tags":
		tags := append(append([]text.Line(nil), i.CustomTags...), i.SystemTags...)
		return table.Cell{Text: words(tags), Altered: altered(tags)}
	}
	return table.Cell{}
}

func (l look) customer() style.Token {
	if l.troubled {
		return style.Medium
	}
	return style.Text
}

func since(t, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return soc.Short(now.Sub(t))
}

func altered(list []text.Line) bool {
	return slices.ContainsFunc(list, func(l text.Line) bool { return l.Altered() })
}

// SeverityMark is a severity's shape and word: no meaning rests on colour.
func SeverityMark(s soc.Severity) string {
	switch s {
	case soc.SeverityHigh:
		return "■ High"
	case soc.SeverityMedium:
		return "▲ Med"
	case soc.SeverityLow:
		return "● Low"
	case soc.SeverityInformational:
		return "○ Info"
	case soc.SeverityUnknown:
		return "? -"
	}
	return fit.Cut("? "+string(s), 20) // one that this version does not know
}

// SeverityPaint is the colour that goes with the shape.
func SeverityPaint(s soc.Severity) style.Token {
	switch s {
	case soc.SeverityHigh:
		return style.High
	case soc.SeverityMedium:
		return style.Medium
	case soc.SeverityLow:
		return style.Low
	}
	return style.Info
}

func left(s soc.SLA) string {
	switch s.State {
	case soc.SLANone, soc.SLADone:
		return "-"
	}
	return soc.Clock(s.Left)
}

func leftPaint(s soc.SLA) style.Token {
	switch s.State {
	case soc.SLAMissed:
		return style.High
	case soc.SLARisk:
		return style.Medium
	case soc.SLARuns:
		return style.Text
	}
	return style.Faint
}

// AlertCount writes the number of alerts; a source that did not tell is not zero.
func AlertCount(i *soc.Incident) string {
	if i.AlertCount < 0 {
		return "?"
	}
	return fmt.Sprint(i.AlertCount)
}

// Reached sums up what an incident reaches: 3 dev 2 usr.
func Reached(d *soc.Digest) string {
	var parts []string
	for _, k := range []struct {
		kind soc.EntityKind
		word string
	}{{soc.EntityDevice, "dev"}, {soc.EntityUser, "usr"}, {soc.EntityMailbox, "mbx"}, {soc.EntityApp, "app"}} {
		if n := d.Count(k.kind); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, k.word))
		}
	}
	if len(parts) == 0 && len(d.Entities) > 0 {
		parts = append(parts, fmt.Sprintf("%d other", len(d.Entities)))
	}
	return strings.Join(parts, " ")
}

// StateWord is a state as people read it.
func StateWord(s soc.State) string {
	switch s {
	case soc.StateNew:
		return "New"
	case soc.StateActive:
		return "Active"
	case soc.StateAwaiting:
		return "Awaiting"
	case soc.StateResolved:
		return "Resolved"
	case soc.StateRedirected:
		return "Merged"
	case soc.StateUnknown:
		return "?"
	}
	return string(s)
}

func statePaint(i *soc.Incident) style.Token {
	switch {
	case !i.State.Open():
		return style.Faint
	case i.State == soc.StateAwaiting:
		return style.Experts
	}
	return style.Text
}

// Owner is who has an incident: you, Experts, the name in front of the at sign, or a dash.
func Owner(i *soc.Incident, me soc.Analyst) string {
	who := i.AssignedTo.String()
	switch {
	case who == "":
		return "-"
	case me.Owns(who):
		return "you"
	case strings.EqualFold(who, "Defender Experts"):
		return "Experts"
	}
	name, _, _ := strings.Cut(who, "@")
	if guest, _, ok := strings.Cut(name, "#EXT#"); ok {
		name, _, _ = strings.Cut(guest, "_")
	}
	return name
}

func ownerPaint(i *soc.Incident, me soc.Analyst) style.Token {
	switch {
	case me.Owns(i.AssignedTo.String()):
		return style.Accent
	case strings.EqualFold(i.AssignedTo.String(), "Defender Experts"):
		return style.Experts
	}
	return style.Text
}

// sources writes which services know the incident: D, S or D+S.
func sources(i *soc.Incident) string {
	var d, s bool
	for _, r := range i.Sources {
		d = d || r.Kind == soc.SourceDefender
		s = s || r.Kind == soc.SourceSentinel
	}
	switch {
	case d && s:
		return "D+S"
	case s || (!d && i.Ref.Source == soc.SourceSentinel):
		return "S"
	}
	return "D"
}
