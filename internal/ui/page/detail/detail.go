// Package detail shows one incident whole: what it is, its alerts with their evidence, its comments. It draws what it
// was given and does no I/O; the console fetches the incident and hands it over.
package detail

import (
	"fmt"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Page is an opened incident.
type Page struct {
	Incident *soc.Incident // from the queue at first, then as it was fetched
	Fetched  time.Time     // zero while only the queue's record is there
	Problem  string        // why the fetch failed, with what to do
	newer    bool          // the queue knows a later change than what was fetched

	lines []string // drawn for width
	width int
	top   int
	rows  int // lines that had room when it was last drawn

	word string // what is searched for, in lower case
	hits []int  // lines that have it
	hit  int    // the one that the search stands on, in hits
}

// New opens an incident with what the queue knows of it.
func New(i *soc.Incident) *Page { return &Page{Incident: i} }

// Take takes the fetched incident, or the reason that there is none.
func (p *Page) Take(i *soc.Incident, problem string, now time.Time) {
	p.Problem = problem
	if i != nil {
		p.Incident, p.Fetched, p.newer = i, now, false
	}
	p.lines = nil
}

// Follow looks at the queue for a later change of the incident. While the incident was not fetched, it takes the queue's.
func (p *Page) Follow(snap *soc.Snapshot) {
	i, ok := snap.Find(p.Incident.Ref)
	if !ok || !i.Updated.After(p.Incident.Updated) {
		return
	}
	p.lines = nil
	if p.Fetched.IsZero() {
		p.Incident = i
		return
	}
	p.newer = true
}

// Move scrolls the text as f moves the cursor of a list.
func (p *Page) Move(f func(*table.View)) {
	v := table.View{Cursor: p.top, Top: p.top, Height: max(1, p.rows), Len: len(p.lines)}
	f(&v)
	p.scroll(v.Cursor)
}

// scroll puts a line at the top, as far as there are lines below it.
func (p *Page) scroll(top int) { p.top = max(0, min(top, len(p.lines)-p.rows)) }

// Redraw makes the next Draw write the lines anew, for a new theme.
func (p *Page) Redraw() { p.lines = nil }

// Look is what an incident is drawn with. The Incident is the page's own, or its masked copy; Link makes text a hyperlink
// to its portal page; Down, Search and Again are the keys for more lines, for the search, and for reading it again.
type Look struct {
	Theme    *style.Theme
	Me       soc.Analyst
	Now      time.Time
	Incident *soc.Incident
	Link     func(string) string
	Hide     func(string) string // masks what the page says of itself
	Down     string
	Again    string
}

// Draw gives exactly height lines.
func (p *Page) Draw(l Look, width, height int) []string {
	if p.lines == nil || p.width != width {
		p.width, p.lines = width, p.write(l, width)
		p.hits = find(p.lines, p.word)
	}
	p.rows = height
	p.scroll(p.top)
	end := min(len(p.lines), p.top+height)
	lines := append([]string(nil), p.lines[p.top:end]...)
	if p.hit < len(p.hits) {
		if at := p.hits[p.hit] - p.top; at >= 0 && at < len(lines) {
			lines[at] = l.Theme.On(style.Accent, ">") + strings.TrimPrefix(lines[at], " ")
		}
	}
	for len(lines) < height {
		lines = append(lines, "")
	}
	if end < len(p.lines) && height > 1 {
		lines[height-1] = l.Theme.On(style.Subtle, fmt.Sprintf("  %d more lines: %s", len(p.lines)-end+1, l.Down))
	}
	return lines
}

// writer collects lines of one width.
type writer struct {
	theme *style.Theme
	width int
	lines []string
}

func (p *Page) write(l Look, width int) []string {
	theme, me, now, i := l.Theme, l.Me, l.Now, l.Incident
	w := &writer{theme: theme, width: width}
	w.title(i)
	w.reference(i, l.Link)
	if !p.unread() {
		w.facts(i, me, now)
	}
	if p.newer {
		w.blank()
		w.add("  " + theme.On(style.Medium, fit.Cut("It was changed since it was read "+soc.Ago(now.Sub(p.Fetched))+". "+l.Again+" reads it again.", width-3)))
	}
	if why := i.AlertsProblem.String(); why != "" {
		w.blank()
		for _, s := range fit.Wrap("Not all alerts could be read: "+why+". "+l.Again+" tries again.", width-4, 4) {
			w.add("  " + theme.On(style.High, s))
		}
	}
	if p.Problem != "" {
		w.blank()
		for _, s := range fit.Wrap(l.Hide(p.Problem), width-4, 6) {
			w.add("  " + theme.On(style.High, s))
		}
	} else if p.Fetched.IsZero() {
		w.blank()
		w.add("  " + theme.On(style.Subtle, "Reading alerts and evidence."))
	}
	w.alerts(i, now)
	w.comments(i.Comments, now)
	return w.lines
}

// unread tells whether nothing is known of the incident but its reference.
func (p *Page) unread() bool {
	return p.Fetched.IsZero() && p.Incident.Created.IsZero() && p.Incident.Updated.IsZero()
}

// facts says what the incident is.
func (w *writer) facts(i *soc.Incident, me soc.Analyst, now time.Time) {
	w.fact("status", queue.StateWord(i.State)+" · "+ownerOf(i, me)+" · "+soc.Reason(i, now))
	w.fact("opened", when(i.Created, now)+"     changed "+when(i.Updated, now)+by(i.ModifiedBy))
	if c := i.Classification; c != "" && c != soc.ClassificationUnknown {
		w.fact("verdict", string(c)+", "+string(i.Determination))
	}
	w.list("reached", entityNames(i))
	w.list("techniques", lines(i.Digest.Techniques))
	w.list("tags", append(lines(i.CustomTags), lines(i.SystemTags)...))
	w.paragraph("summary", i.Summary.String(), i.Summary.Escaped())
	w.paragraph("description", i.Description.String(), i.Description.Escaped())
}

func (w *writer) add(line string) { w.lines = append(w.lines, line) }

func (w *writer) blank() { w.add("") }

func (w *writer) title(i *soc.Incident) {
	mark := queue.SeverityMark(i.Severity)
	for n, l := range fit.Wrap(i.Title.String(), w.width-fit.Width(mark)-6, 4) {
		if n > 0 {
			w.add(strings.Repeat(" ", fit.Width(mark)+3) + w.theme.On(style.Title, l))
			continue
		}
		w.add(" " + w.theme.On(queue.SeverityPaint(i.Severity), mark) + " " + w.flag(i.Title.Altered()) + w.theme.On(style.Title, l))
	}
	w.blank()
}

// flag is the mark in front of altered text, or the blank in its place.
func (w *writer) flag(altered bool) string {
	if altered {
		return w.theme.On(style.Medium, "!")
	}
	return " "
}

// label is as wide as the names of facts.
const label = 12

func (w *writer) fact(name, value string) {
	w.add("  " + w.theme.On(style.Subtle, fit.Left(name, label)) + fit.Cut(value, w.width-label-3))
}

func (w *writer) reference(i *soc.Incident, link func(string) string) {
	ref := fit.Cut(i.Ref.String(), w.width-label-3)
	w.fact("reference", "")
	w.lines[len(w.lines)-1] += link(w.theme.On(style.Accent, ref)) + fit.Cut("  "+i.Tenant.Name.String(), min(62, w.width-label-3-fit.Width(ref)))
}

// list writes items one after the other, over as many lines as they need.
func (w *writer) list(name string, items []string) {
	if len(items) == 0 {
		return
	}
	room := w.width - label - 4
	line := ""
	for _, item := range items {
		item = fit.Cut(item, room)
		if line != "" && fit.Width(line)+2+fit.Width(item) > room {
			w.fact(name, line)
			name, line = "", ""
		}
		if line != "" {
			line += "  "
		}
		line += item
	}
	w.fact(name, line)
}

func (w *writer) paragraph(name, body string, altered bool) {
	if strings.TrimSpace(body) == "" {
		return
	}
	for n, l := range fit.Wrap(body, w.width-label-4, 40) {
		if n > 0 {
			name, altered = "", false
		}
		w.add(" " + w.flag(altered) + w.theme.On(style.Subtle, fit.Left(name, label)) + l)
	}
}

func (w *writer) alerts(i *soc.Incident, now time.Time) {
	if len(i.Alerts) == 0 {
		for _, h := range i.Digest.Heads {
			w.blank()
			w.add("  " + w.theme.On(style.Subtle, queue.Moment(h.At, now)+"Z") + " " + w.flag(h.Title.Altered()) + fit.Cut(h.Title.String(), w.width-19))
		}
		return
	}
	for n := range i.Alerts {
		w.alert(&i.Alerts[n], now)
	}
}

// activity is when what an alert tells of began; the preview shows the same time.
func activity(a *soc.Alert) time.Time {
	if a.FirstActivity.IsZero() {
		return a.Created
	}
	return a.FirstActivity
}

func (w *writer) alert(a *soc.Alert, now time.Time) {
	w.blank()
	w.add("  " + w.theme.On(style.Subtle, queue.Moment(activity(a), now)+"Z") + " " + w.theme.On(queue.SeverityPaint(a.Severity), queue.SeverityMark(a.Severity)) +
		" " + w.flag(a.Title.Altered()) + w.theme.On(style.Title, fit.Cut(a.Title.String(), w.width-27)))
	what := strings.Join(append([]string{queue.ProductWord(a.Service), string(a.State)}, lines(a.Techniques)...), " · ")
	w.add("         " + w.theme.On(style.Subtle, fit.Cut(what, w.width-10)))
	for n := range a.Evidence {
		w.evidence(&a.Evidence[n])
	}
}

func (w *writer) evidence(e *soc.Evidence) {
	facts := append([]string{}, lines(e.Roles)...)
	if v := e.Verdict.String(); v != "" && v != "unknown" {
		facts = append(facts, v)
	}
	if r := e.Remediation.String(); r != "" && r != "none" {
		facts = append(facts, r)
	}
	note := fit.Cut(strings.Join(facts, ", "), max(0, w.width-34-10))
	name := w.width - 34 - fit.Width(note)
	w.add("         " + w.theme.On(style.Subtle, fit.Left(text.Escape(e.Kind), 18)) + " " + w.flag(e.Name.Altered()) +
		fit.Cut(e.Name.String(), name) + "  " + w.theme.On(style.Subtle, note))
}

func (w *writer) comments(list []soc.Comment, now time.Time) {
	if len(list) == 0 {
		return
	}
	w.blank()
	w.add("  " + w.theme.On(style.Title, "Comments"))
	for _, c := range list {
		w.add(" " + w.flag(c.By.Altered()) + w.theme.On(style.Subtle, fit.Cut(when(c.At, now)+"  "+c.By.String(), w.width-3)))
		for _, l := range fit.Wrap(c.Text.String(), w.width-6, 20) {
			w.add("    " + w.flag(c.Text.Escaped()) + l)
		}
	}
}

func ownerOf(i *soc.Incident, me soc.Analyst) string {
	if i.AssignedTo.IsZero() {
		return "unassigned"
	}
	if me.Owns(i.AssignedTo.String()) {
		return "yours"
	}
	return fit.Cut(i.AssignedTo.String(), 60)
}

func when(t, now time.Time) string {
	if t.IsZero() {
		return "-"
	}
	if now.Sub(t) < 24*time.Hour {
		return t.UTC().Format("15:04Z") + " (" + soc.Ago(now.Sub(t)) + ")"
	}
	return t.UTC().Format("2 Jan 15:04Z") + " (" + soc.Ago(now.Sub(t)) + ")"
}

func by(who text.Line) string {
	if who.IsZero() {
		return ""
	}
	return " by " + fit.Cut(who.String(), 60)
}

func lines(list []text.Line) []string {
	out := make([]string, len(list))
	for n, l := range list {
		out[n] = l.String()
	}
	return out
}

// mostEntities is how many things that an incident reaches are named before its alerts.
const mostEntities = 40

func entityNames(i *soc.Incident) []string {
	var out []string
	for n, e := range i.Digest.Entities {
		if n == mostEntities {
			return append(out, fmt.Sprintf("and %d more, named by the alerts", len(i.Digest.Entities)-n))
		}
		out = append(out, string(e.Kind)+" "+e.Name.String())
	}
	return out
}
