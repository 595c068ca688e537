package plain

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

const (
	// answerTime bounds the wait for an incident.
	answerTime = time.Minute
	// longLine is the longest line of a text from outside, in characters.
	longLine = 2000
	// longText is the most lines of one text from outside.
	longText = 100
	// mostNamed is how many things one line names.
	mostNamed = 40
)

// open fetches an incident whole and says it.
func (c *console) open(ctx context.Context, arg string) {
	if arg == "" {
		c.out.say("open wants a reference, such as CONT-28282, or a number of the last list.")
		return
	}
	ref, ok := c.resolve(arg)
	if !ok {
		return
	}
	c.opening = true
	c.out.say("Reading %s.", ref)
	c.start("opening "+ref.String(), func() {
		var got *soc.Incident
		err := guard.Run("opening "+ref.String(), func() (err error) {
			ctx, cancel := context.WithTimeout(ctx, answerTime)
			defer cancel()
			got, err = c.o.Incidents.Incident(ctx, ref)
			return err
		})
		if err == nil {
			err = belongs(got, ref)
		}
		c.post(ctx, func() {
			c.opening = false
			c.answered(ref, got, err)
			c.resume(ctx)
		})
	})
}

// belongs refuses an answer that is not about what was asked for.
func belongs(i *soc.Incident, ref soc.Ref) error {
	switch {
	case i == nil || i.Tenant == nil || i.Ref.Tenant != ref.Tenant || i.Tenant.ID != ref.Tenant:
		return errors.New("the answer is about another customer and was dropped")
	case i.Ref.ID != ref.ID || i.Ref.Source != ref.Source:
		return errors.New("the answer is about another incident and was dropped")
	}
	return nil
}

// answered says an incident, or why it could not be read; then what the queue knows has to do.
func (c *console) answered(ref soc.Ref, i *soc.Incident, err error) {
	snap := c.o.Queue.Snapshot()
	if err != nil {
		c.o.Report(fmt.Errorf("open %s: %w", ref, err))
		c.out.say("%s could not be read: %s", ref, problemText(err))
		known, ok := snap.Find(ref)
		if !ok {
			return
		}
		c.out.say("This is what the queue knows.")
		i = known
	}
	c.opened = i
	now := c.o.Now()
	all := whole(i, snap.Analyst, now, c.o.Links.Link(i))
	c.turn(&pager{total: len(all), size: longPage, line: func(n int) string { return all[n] }})
}

// link says where an incident's portal page is.
func (c *console) link(arg string) {
	i := c.opened
	if arg != "" {
		ref, ok := c.resolve(arg)
		if !ok {
			return
		}
		found, ok := c.o.Queue.Snapshot().Find(ref)
		switch {
		case ok:
			i = found
		case i == nil || i.Ref != ref:
			c.out.say("%s is not in the queue: open it first.", ref)
			return
		}
	}
	if i == nil {
		c.out.say("link wants a reference, such as CONT-28282, or a number of the last list.")
		return
	}
	l := c.o.Links.Link(i)
	switch {
	case l.URL == "":
		c.out.say("%s has no link: %s.", i.Ref, text.Escape(l.Note))
		return
	case l.Note != "":
		c.out.say("%s, %s: %s", i.Ref, i.Tenant.Name, text.Escape(l.Note))
	default:
		c.out.say("%s, %s", i.Ref, i.Tenant.Name)
	}
	c.out.say("%s", l.URL)
}

// writer collects the lines of an incident. Each line has a label, so that no text from outside starts one.
type writer struct {
	lines []string
	now   time.Time
}

func (w *writer) fact(name, value string) {
	if value != "" {
		w.lines = append(w.lines, name+": "+value)
	}
}

// block says a text of several lines, each behind the label.
func (w *writer) block(name string, b text.Block) {
	if b.Escaped() {
		w.fact(name, wasAltered)
	}
	all := strings.Split(strings.Trim(b.String(), "\n"), "\n")
	said := 0
	for n, l := range all {
		if said == longText {
			w.fact(name, fmt.Sprintf("cut here, %s left out", counted(len(all)-n, "more line was", "more lines were")))
			return
		}
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		said++
		if r := []rune(l); len(r) > longLine {
			l = string(r[:longLine]) + fmt.Sprintf(" (cut here, the line has %d characters)", len(r))
		}
		w.fact(name, l)
	}
}

// list names things one after the other.
func (w *writer) list(name string, items []text.Line) {
	var all []string
	altered := false
	for n, i := range items {
		altered = altered || i.Altered()
		if n < mostNamed {
			all = append(all, i.String())
		}
	}
	if more := len(items) - mostNamed; more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	w.fact(name, strings.Join(all, ", "))
	if altered {
		w.fact(name, wasAltered)
	}
}

// whole is all that is known of an incident.
func whole(i *soc.Incident, me soc.Analyst, now time.Time, link Link) []string {
	w := &writer{now: now, lines: []string{head(i)}}
	for _, s := range warnings(i) {
		w.fact("note", s)
	}
	w.fact("customer", fmt.Sprintf("%s (%s)", i.Tenant.Name, i.Tenant.Code))
	w.fact("status", status(i.State)+", "+owner(i.AssignedTo, me))
	w.fact("why", text.Escape(soc.Reason(i, now)))
	w.fact("SLA", strings.TrimPrefix(sla(i, now), "SLA "))
	w.fact("opened", ago(i.Created, now))
	w.fact("changed", ago(i.Updated, now))
	if !i.ModifiedBy.IsZero() {
		w.list("changed by", []text.Line{i.ModifiedBy})
	}
	if i.RedirectTo != "" {
		w.fact("merged into", merged(i))
	}
	w.fact("classification", verdict(i.Classification, i.Determination))
	w.list("resolving comment", one(i.ResolvingComment))
	w.reached(i.Digest.Entities)
	w.list("techniques", i.Digest.Techniques)
	w.list("tags", append(append([]text.Line{}, i.CustomTags...), i.SystemTags...))
	w.block("summary", i.Summary)
	w.block("description", i.Description)
	w.fact("portal", link.URL)
	w.alerts(i)
	w.comments("comment", i.Comments)
	return w.lines
}

// one is a list of a text, without items where it is empty.
func one(l text.Line) []text.Line {
	if l.IsZero() {
		return nil
	}
	return []text.Line{l}
}

// reached names what the alerts point at, a line for each kind.
func (w *writer) reached(all []soc.Entity) {
	byKind := make(map[soc.EntityKind][]text.Line)
	for _, e := range all {
		byKind[e.Kind] = append(byKind[e.Kind], e.Name)
	}
	for _, k := range []soc.EntityKind{soc.EntityDevice, soc.EntityUser, soc.EntityMailbox, soc.EntityIP, soc.EntityFile, soc.EntityURL,
		soc.EntityApp, soc.EntityOther} {
		w.list("reached "+string(k), byKind[k])
	}
}

// alerts says each alert with its evidence; where they were not read, what the queue keeps of them.
func (w *writer) alerts(i *soc.Incident) {
	if !i.AlertsProblem.IsZero() {
		w.fact("note", "not all alerts could be read: "+i.AlertsProblem.String())
	}
	if len(i.Alerts) == 0 {
		known := "not known"
		if i.AlertCount >= 0 {
			known = fmt.Sprint(i.AlertCount)
		}
		w.fact("alerts", known)
		for n, h := range i.Digest.Heads {
			w.alertHead(n, h.Severity, h.Title, h.At)
			w.list(fmt.Sprintf("alert %d reached", n+1), h.Reached)
		}
		return
	}
	w.fact("alerts", fmt.Sprint(len(i.Alerts)))
	for n := range i.Alerts {
		a := &i.Alerts[n]
		if a.Tenant != "" && a.Tenant != i.Ref.Tenant {
			w.fact(fmt.Sprintf("alert %d", n+1), "is about another customer and was dropped")
			continue
		}
		w.alert(n, a)
	}
}

func (w *writer) alertHead(n int, s soc.Severity, title text.Line, at time.Time) {
	label := fmt.Sprintf("alert %d", n+1)
	say := severity(s) + " " + quoted(title)
	if t := ago(at, w.now); t != "" {
		say += ", " + t
	}
	w.fact(label, say)
	if title.Altered() {
		w.fact(label, "title "+wasAltered)
	}
	if title.Suspicious() {
		w.fact(label, isSuspicious)
	}
}

func (w *writer) alert(n int, a *soc.Alert) {
	at := a.FirstActivity
	if at.IsZero() {
		at = a.Created
	}
	w.alertHead(n, a.Severity, a.Title, at)
	label := fmt.Sprintf("alert %d", n+1)
	facts := []string{"status " + spoken(string(a.State))}
	if a.Service != "" {
		facts = append(facts, "found by "+spoken(string(a.Service)))
	}
	if a.Detection != "" && string(a.Detection) != string(a.Service) {
		facts = append(facts, "engine "+spoken(string(a.Detection)))
	}
	w.fact(label, strings.Join(facts, ", "))
	if !a.ForeignTenant.IsZero() {
		w.fact(label, "warning: the record names another tenant, "+quoted(a.ForeignTenant))
	}
	w.list(label+" techniques", a.Techniques)
	w.block(label+" description", a.Description)
	for k := range a.Evidence {
		w.evidence(fmt.Sprintf("%s evidence %d", label, k+1), &a.Evidence[k])
	}
	w.comments(label+" comment", a.Comments)
}

func (w *writer) evidence(label string, e *soc.Evidence) {
	facts := []string{spoken(e.Kind) + " " + quoted(e.Name)}
	if v := e.Verdict.String(); v != "" && v != "unknown" {
		facts = append(facts, "verdict "+spoken(v))
	}
	if r := e.Remediation.String(); r != "" && r != "none" {
		facts = append(facts, "remediation "+spoken(r))
	}
	w.fact(label, strings.Join(facts, ", "))
	if e.Name.Altered() {
		w.fact(label, "name "+wasAltered)
	}
	w.list(label+" details", one(e.Details))
	w.list(label+" roles", append(append([]text.Line{}, e.Roles...), e.DetailedRoles...))
	w.list(label+" tags", e.Tags)
}

func (w *writer) comments(label string, all []soc.Comment) {
	for n, c := range all {
		name := fmt.Sprintf("%s %d", label, n+1)
		say := "by " + who(c.By)
		if c.By.IsZero() {
			say = "by nobody named"
		}
		if t := ago(c.At, w.now); t != "" {
			say += ", " + t
		}
		w.fact(name, say)
		w.block(name, c.Text)
	}
}
