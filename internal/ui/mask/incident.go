package mask

import (
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Incident is an incident as it is shown. Its key is masked as well: it is for drawing alone. Incidents never change, so one that
// was masked before is given again.
func (m *Mask) Incident(i *soc.Incident, me soc.Analyst) *soc.Incident {
	if m == nil || i == nil {
		return i
	}
	if m.shown == nil || len(m.shown) >= mostShown || m.me != me {
		m.shown, m.me = make(map[*soc.Incident]*soc.Incident, mostShown), me
	}
	out, ok := m.shown[i]
	if !ok {
		out = m.hide(i, me)
		m.shown[i] = out
	}
	return out
}

func (m *Mask) hide(i *soc.Incident, me soc.Analyst) *soc.Incident {
	h := hider{m: m, me: me}
	h.know(i)
	out := *i
	out.Ref, out.Tenant = m.Ref(i.Ref), m.Tenant(i.Tenant)
	out.Title, out.Description, out.Summary = h.line(i.Title), h.block(i.Description), h.block(i.Summary)
	out.AssignedTo, out.ModifiedBy = h.owner(i.AssignedTo), h.person(i.ModifiedBy)
	out.ForeignTenant, out.AlertsProblem = h.foreign(i.ForeignTenant), h.line(i.AlertsProblem)
	out.ResolvingComment = h.line(i.ResolvingComment)
	out.CustomTags, out.SystemTags = h.lines(i.CustomTags), h.lines(i.SystemTags)
	out.Comments = h.comments(i.Comments)
	out.WebURL = "" // it names the tenant, and nothing that is drawn needs it
	out.Alerts = slices.Clone(i.Alerts)
	for n := range out.Alerts {
		h.alert(&out.Alerts[n])
	}
	out.Digest = h.digest(i.Digest)
	return &out
}

// Within is a text as it is shown where it is about an incident: whom that names is hidden too.
func (m *Mask) Within(i *soc.Incident, me soc.Analyst, s string) string {
	if m == nil {
		return s
	}
	h := hider{m: m, me: me}
	h.know(i)
	return h.m.text(s, &h.own)
}

// hider masks the texts of one incident.
type hider struct {
	m   *Mask
	me  soc.Analyst
	own few // whom the incident names, and its customer's code in any case
}

// know collects whom an incident names.
func (h *hider) know(i *soc.Incident) {
	h.own.list = make([]name, 0, 8)
	if i.Tenant != nil {
		h.own.add(name{find: strings.ToLower(string(i.Tenant.Code)), put: string(h.m.code(i.Ref.Tenant)), word: true})
	}
	for _, e := range i.Digest.Entities {
		if e.Kind == soc.EntityUser || e.Kind == soc.EntityMailbox {
			h.user(e.Name.String())
		}
	}
	h.people(i.Comments)
	h.somebody(i.AssignedTo.String())
	h.somebody(i.ModifiedBy.String())
	h.display(h.me.Name.String(), "you")
	for a := range i.Alerts {
		alert := &i.Alerts[a]
		h.somebody(alert.AssignedTo.String())
		h.people(alert.Comments)
		for e := range alert.Evidence {
			h.evidence(&alert.Evidence[e])
		}
	}
}

// user knows an account, also without its domain.
func (h *hider) user(who string) {
	if who != "" {
		h.own.add(newName(who, "user"))
		if local := local(who); local != who {
			h.own.add(newName(local, "user"))
		}
	}
}

// display knows a person's name, and the parts of it.
func (h *hider) display(who, put string) {
	if who == "" {
		return
	}
	h.own.add(newName(who, put))
	for word := range strings.FieldsSeq(who) {
		if word = strings.Trim(word, ",.()"); len(word) >= shortWord {
			h.own.add(newName(word, put))
		}
	}
}

// somebody knows who did something. That may be an application too, whose name is part of other texts.
func (h *hider) somebody(who string) {
	switch {
	case strings.EqualFold(who, experts), strings.HasPrefix(who, "Microsoft"), h.me.Owns(who):
	case strings.Contains(who, "@"), !strings.Contains(who, " "):
		h.user(who)
	default:
		h.display(who, "user")
	}
}

func (h *hider) people(list []soc.Comment) {
	for n := range list {
		h.somebody(list[n].By.String())
	}
}

// evidence knows whom a piece of evidence names. The fields are those of userAccount in Microsoft Graph.
func (h *hider) evidence(e *soc.Evidence) {
	person := ofPerson(e.Kind)
	if person {
		h.user(e.Name.String())
	}
	for n := range e.Fields {
		field, value := e.Fields[n].Name.String(), e.Fields[n].Value.String()
		switch field[strings.LastIndexByte(field, '.')+1:] {
		case "userPrincipalName", "accountName", "upn", "primaryAddress", "mailboxPrimaryAddress", "login":
			h.user(value)
		case "displayName":
			if person || strings.Contains(field, "userAccount.") {
				h.display(value, "user")
			}
		}
	}
}

// ofPerson tells whether a kind of evidence is named after a person.
func ofPerson(kind string) bool {
	switch kind {
	case "user", "mailbox", "mailboxConfiguration", "cloudLogonSession", "hostLogonSession", "gitHubUser":
		return true
	}
	return false
}

const experts = "Defender Experts"

// owner is who has something: the analyst's own name stays, so that the screen can say "you".
func (h *hider) owner(who text.Line) text.Line {
	switch {
	case who.IsZero(), strings.EqualFold(who.String(), experts):
		return who
	case h.me.Owns(who.String()):
		return h.me.UPN
	}
	return masked(who, h.m.somebody)
}

// person is who did something.
func (h *hider) person(who text.Line) text.Line {
	if h.me.Owns(who.String()) {
		return masked(who, h.m.you)
	}
	return h.owner(who)
}

// masked puts a word in the place of a text, with the mark of one that was altered.
func masked(l, word text.Line) text.Line {
	if l.Altered() {
		return l.Masked(word.String())
	}
	return word
}

func (h *hider) line(l text.Line) text.Line {
	s := l.String()
	if shown := h.m.text(s, &h.own); shown != s {
		return l.Masked(shown)
	}
	return l
}

func (h *hider) block(b text.Block) text.Block {
	s := b.String()
	if shown := h.m.text(s, &h.own); shown != s {
		return b.Masked(shown)
	}
	return b
}

// foreign is the id of a tenant that is nobody's here: it may be that of a customer of somebody else.
func (h *hider) foreign(l text.Line) text.Line {
	if shown := h.line(l); l.IsZero() || shown != l {
		return shown
	}
	return l.Masked("hidden")
}

// lines masks a list. One in which nothing is hidden is given back.
func (h *hider) lines(list []text.Line) []text.Line {
	out := list
	for n, l := range list {
		shown := h.line(l)
		if shown == l {
			continue
		}
		if &out[0] == &list[0] {
			out = slices.Clone(list)
		}
		out[n] = shown
	}
	return out
}

func (h *hider) comments(list []soc.Comment) []soc.Comment {
	out := slices.Clone(list)
	for n := range out {
		out[n].By, out[n].Text = h.person(out[n].By), h.block(out[n].Text)
	}
	return out
}

func (h *hider) alert(a *soc.Alert) {
	a.Title, a.Description, a.RecommendedActions = h.line(a.Title), h.block(a.Description), h.block(a.RecommendedActions)
	for _, l := range []*text.Line{&a.Category, &a.ProductName, &a.DetectorID, &a.PolicyID, &a.Actor, &a.Threat, &a.Family, &a.Investigation} {
		*l = h.line(*l)
	}
	a.Categories, a.Techniques, a.SystemTags = h.lines(a.Categories), h.lines(a.Techniques), h.lines(a.SystemTags)
	a.AssignedTo, a.Comments, a.Extra, a.ForeignTenant = h.owner(a.AssignedTo), h.comments(a.Comments), h.fields(a.Extra), h.foreign(a.ForeignTenant)
	a.WebURL = ""
	a.Evidence = slices.Clone(a.Evidence)
	for n := range a.Evidence {
		e := &a.Evidence[n]
		if ofPerson(e.Kind) {
			e.Name = masked(e.Name, h.m.user)
		} else {
			e.Name = h.line(e.Name)
		}
		e.Verdict, e.Remediation, e.Details = h.line(e.Verdict), h.line(e.Remediation), h.line(e.Details)
		e.Roles, e.DetailedRoles, e.Tags, e.Fields = h.lines(e.Roles), h.lines(e.DetailedRoles), h.lines(e.Tags), h.fields(e.Fields)
	}
}

func (h *hider) fields(list []soc.Field) []soc.Field {
	out := slices.Clone(list)
	for n := range out {
		out[n].Value = h.line(out[n].Value)
	}
	return out
}

func (h *hider) digest(d soc.Digest) soc.Digest {
	d.Heads = slices.Clone(d.Heads)
	for n := range d.Heads {
		d.Heads[n].Title, d.Heads[n].Reached = h.line(d.Heads[n].Title), h.lines(d.Heads[n].Reached)
	}
	d.Entities = slices.Clone(d.Entities)
	for n := range d.Entities {
		e := &d.Entities[n]
		if e.Kind == soc.EntityUser || e.Kind == soc.EntityMailbox {
			e.Name = masked(e.Name, h.m.user)
		} else {
			e.Name = h.line(e.Name)
		}
	}
	return d
}

// Status is a customer's state as it is shown.
func (m *Mask) Status(s *soc.Status) *soc.Status {
	if m == nil {
		return s
	}
	out := *s
	out.Tenant = m.Tenant(s.Tenant)
	h := hider{m: m}
	out.Partial, out.Problem, out.Next = h.line(s.Partial), h.line(s.Problem), h.line(s.Next)
	return &out
}

// local is the part of an account's name in front of its domain.
func local(who string) string {
	who, _, _ = strings.Cut(who, "@")
	if _, after, ok := strings.Cut(who, `\`); ok {
		who = after
	}
	return who
}
