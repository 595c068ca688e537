package queue

import (
	"fmt"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// columns of the list, and the order in which narrow screens do without them. The codes and numbers get the width that
// the longest of them has.
func columns(code, number int) []table.Column {
	return []table.Column{
		{Title: "SEV", Width: 6},
		{Title: "LEFT", Width: 6, Right: true},
		{Title: "CUST", Width: max(4, min(code, 8))},
		{Title: "ID", Width: max(5, min(number, 14)), Plain: true},
		{Title: "TITLE", Width: 28, Flex: true},
		{Title: "ALERTS", Width: 6, Right: true, Drop: 2},
		{Title: "ENTITIES", Width: 12, Drop: 3},
		{Title: "STATUS", Width: 8},
		{Title: "OWNER", Width: 8, Drop: 1},
		{Title: "SRC", Width: 3, Drop: 4},
	}
}

// cells writes one row, in the order of columns. troubled says that the customer's rows may no longer be what the
// service has.
func cells(i *soc.Incident, me soc.Analyst, now time.Time, troubled bool) []table.Cell {
	sla := soc.SLAOf(i, now)
	customer := style.Text
	if troubled {
		customer = style.Medium
	}
	return []table.Cell{
		{Text: SeverityMark(i.Severity), Paint: SeverityPaint(i.Severity)},
		{Text: left(sla), Paint: leftPaint(sla)},
		{Text: string(i.Ref.Code), Paint: customer, Altered: !i.ForeignTenant.IsZero()},
		{Text: i.Ref.Number()},
		{Text: i.Title.String(), Altered: i.Title.Altered()},
		{Text: AlertCount(i)},
		{Text: Reached(&i.Digest)},
		{Text: StateWord(i.State), Paint: statePaint(i)},
		{Text: Owner(i, me), Paint: ownerPaint(i, me), Altered: i.AssignedTo.Altered()},
		{Text: sources(i)},
	}
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
