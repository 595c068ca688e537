package plain

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// What is said about text that is not what came, or not what it seems.
const (
	wasAltered   = "was altered: hidden or control characters are shown as codes"
	isSuspicious = "title may mislead: it mixes alphabets or draws shapes"
)

// counted writes a number with its word.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func incidents(n int) string { return counted(n, "incident", "incidents") }

// clock writes a time, with its day where that is not today.
func clock(t, now time.Time) string {
	t, now = t.UTC(), now.UTC()
	switch {
	case t.Year() != now.Year():
		return t.Format("2 Jan 2006 15:04Z")
	case t.YearDay() != now.YearDay():
		return t.Format("2 Jan 15:04Z")
	}
	return t.Format("15:04Z")
}

// ago is a time with its distance, or nothing where the service gave none.
func ago(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	return clock(t, now) + " (" + soc.Ago(now.Sub(t)) + ")"
}

// quoted puts text from outside between quotation marks; its own are doubled, so that it cannot end them.
func quoted(l text.Line) string { return `"` + strings.ReplaceAll(l.String(), `"`, `""`) + `"` }

// who names a person. Only what has the form of an address goes without quotation marks: a name could be anything.
func who(l text.Line) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@._-+", r)
	}
	s := l.String()
	if strings.Count(s, "@") == 1 && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return quoted(l)
}

// spoken takes the names of the service's enumerations apart: truePositive becomes true positive.
func spoken(s string) string {
	var b strings.Builder
	for n, r := range text.Escape(s) {
		if unicode.IsUpper(r) && n > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// severity is a severity's word.
func severity(s soc.Severity) string {
	switch s {
	case soc.SeverityHigh:
		return "High"
	case soc.SeverityMedium:
		return "Medium"
	case soc.SeverityLow:
		return "Low"
	case soc.SeverityInformational:
		return "Informational"
	case soc.SeverityUnknown, "":
		return "Unknown"
	}
	return text.Quote(string(s)) // one that this version does not know
}

// status is a state's word.
func status(s soc.State) string {
	switch s {
	case soc.StateRedirected:
		return "merged"
	case soc.StateAwaiting:
		return "awaiting: Experts wait on us"
	case soc.StateNew, soc.StateActive, soc.StateResolved, soc.StateUnknown:
		return string(s)
	}
	return text.Quote(string(s))
}

// owner says who has an incident.
func owner(l text.Line, me soc.Analyst) string {
	switch {
	case l.IsZero():
		return "unassigned"
	case me.Owns(l.String()):
		return "yours"
	case strings.EqualFold(l.String(), "Defender Experts"):
		return "with Defender Experts"
	}
	return "assigned to " + who(l)
}

// takenBy names an owner behind a verb.
func takenBy(l text.Line, me soc.Analyst) string {
	switch {
	case me.Owns(l.String()):
		return "you"
	case strings.EqualFold(l.String(), "Defender Experts"):
		return "Defender Experts"
	}
	return who(l)
}

// alerts says how many alerts an incident has; a source that did not tell is not zero.
func alerts(n int) string {
	if n < 0 {
		return "alerts not known"
	}
	return counted(n, "alert", "alerts")
}

// sla says when an incident is due, or nothing where no clock runs.
func sla(i *soc.Incident, now time.Time) string {
	switch s := soc.SLAOf(i, now); s.State {
	case soc.SLARuns:
		return "SLA due " + clock(s.Due, now)
	case soc.SLARisk, soc.SLAMissed:
		return "SLA due " + clock(s.Due, now) + " (" + string(s.State) + ")"
	}
	return ""
}

// verdict is a classification with its determination, or nothing where there is none.
func verdict(c soc.Classification, d soc.Determination) string {
	if c == "" || c == soc.ClassificationUnknown {
		return ""
	}
	if d == "" || d == "unknown" {
		return spoken(string(c))
	}
	return spoken(string(c)) + ", " + spoken(string(d))
}

// merged names the incident that another one was merged into; a merge never leaves the customer.
func merged(i *soc.Incident) string { return string(i.Ref.Code) + "-" + text.Escape(i.RedirectTo) }

// head is what every line about an incident starts with.
func head(i *soc.Incident) string {
	return fmt.Sprintf("%s %s %s", i.Ref, severity(i.Severity), quoted(i.Title))
}

// row is an incident in one line.
func row(i *soc.Incident, me soc.Analyst, now time.Time) string {
	parts := []string{owner(i.AssignedTo, me), alerts(i.AlertCount)}
	switch {
	case i.State == soc.StateRedirected:
		parts = append([]string{"merged into " + merged(i)}, parts...)
	case i.State != soc.StateNew:
		parts = append([]string{status(i.State)}, parts...)
	}
	if s := sla(i, now); s != "" {
		parts = append(parts, s)
	}
	return head(i) + " " + strings.Join(append(parts, warnings(i)...), ", ")
}

// warnings say what is odd about a record.
func warnings(i *soc.Incident) []string {
	var all []string
	if !i.ForeignTenant.IsZero() {
		all = append(all, "warning: the record names another tenant, "+quoted(i.ForeignTenant)+"; it came from "+string(i.Ref.Code))
	}
	if i.Title.Altered() {
		all = append(all, "title "+wasAltered)
	}
	if i.Title.Suspicious() {
		all = append(all, isSuspicious)
	}
	if i.AssignedTo.Altered() {
		all = append(all, "owner "+wasAltered)
	}
	return all
}

// problemText says what happened and what to do, in sentences.
func problemText(err error) string {
	p := soc.ProblemOf(err)
	s := text.Escape(p.Error()) + "."
	if !p.Next.IsZero() {
		s += " Next: " + p.Next.String() + "."
	}
	return s
}
