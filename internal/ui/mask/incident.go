package mask

import (
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Incident is an incident as it is shown. Its key is masked as well: it is for drawing alone.
func (m *Mask) Incident(i *soc.Incident, me soc.Analyst) *soc.Incident {
	if m == nil || i == nil {
		return i
	}
	h := hider{m, users(i)}
	out := *i
	out.Ref, out.Tenant = m.Ref(i.Ref), m.Tenant(i.Tenant)
	out.Title, out.Description, out.Summary = h.line(i.Title), h.block(i.Description), h.block(i.Summary)
	out.AssignedTo, out.ModifiedBy = m.person(i.AssignedTo, me), m.person(i.ModifiedBy, me)
	out.ForeignTenant, out.AlertsProblem = h.line(i.ForeignTenant), h.line(i.AlertsProblem)
	out.ResolvingComment = h.line(i.ResolvingComment)
	out.CustomTags, out.SystemTags = h.lines(i.CustomTags), h.lines(i.SystemTags)
	out.Comments = h.comments(i.Comments, me)
	out.Alerts = slices.Clone(i.Alerts)
	for n := range out.Alerts {
		h.alert(&out.Alerts[n], me)
	}
	out.Digest = h.digest(i.Digest)
	return &out
}

// person is a name in a field that holds one: the analyst's own stays, so that the screen can say "you".
func (m *Mask) person(who text.Line, me soc.Analyst) text.Line {
	switch {
	case who.IsZero(), strings.EqualFold(who.String(), "Defender Experts"):
		return who
	case me.Owns(who.String()):
		return me.UPN
	}
	return who.Masked("somebody")
}

// hider masks the texts of one incident.
type hider struct {
	m     *Mask
	users []name
}

func (h hider) line(l text.Line) text.Line    { return l.Masked(h.m.text(l.String(), h.users)) }
func (h hider) block(b text.Block) text.Block { return b.Masked(h.m.text(b.String(), h.users)) }

func (h hider) lines(list []text.Line) []text.Line {
	out := make([]text.Line, len(list))
	for n, l := range list {
		out[n] = h.line(l)
	}
	return out
}

func (h hider) comments(list []soc.Comment, me soc.Analyst) []soc.Comment {
	out := slices.Clone(list)
	for n := range out {
		out[n].By, out[n].Text = h.m.person(out[n].By, me), h.block(out[n].Text)
	}
	return out
}

func (h hider) alert(a *soc.Alert, me soc.Analyst) {
	a.Title, a.Description = h.line(a.Title), h.block(a.Description)
	a.RecommendedActions, a.Actor, a.Threat = h.block(a.RecommendedActions), h.line(a.Actor), h.line(a.Threat)
	a.AssignedTo, a.Comments, a.Extra = h.m.person(a.AssignedTo, me), h.comments(a.Comments, me), h.fields(a.Extra)
	a.Evidence = slices.Clone(a.Evidence)
	for n := range a.Evidence {
		e := &a.Evidence[n]
		if e.Kind == "user" || e.Kind == "mailbox" {
			e.Name = e.Name.Masked("user")
		} else {
			e.Name = h.line(e.Name)
		}
		e.Details, e.Tags, e.Fields = h.line(e.Details), h.lines(e.Tags), h.fields(e.Fields)
	}
}

func (h hider) fields(list []soc.Field) []soc.Field {
	out := slices.Clone(list)
	for n := range out {
		out[n].Value = h.line(out[n].Value)
	}
	return out
}

func (h hider) digest(d soc.Digest) soc.Digest {
	d.Heads = slices.Clone(d.Heads)
	for n := range d.Heads {
		d.Heads[n].Title, d.Heads[n].Reached = h.line(d.Heads[n].Title), h.lines(d.Heads[n].Reached)
	}
	d.Entities = slices.Clone(d.Entities)
	for n := range d.Entities {
		if k := d.Entities[n].Kind; k == soc.EntityUser || k == soc.EntityMailbox {
			d.Entities[n].Name = d.Entities[n].Name.Masked("user")
		} else {
			d.Entities[n].Name = h.line(d.Entities[n].Name)
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
	out.Partial, out.Problem, out.Next = m.line(s.Partial), m.line(s.Problem), m.line(s.Next)
	return &out
}

func (m *Mask) line(l text.Line) text.Line { return l.Masked(m.Text(l.String())) }
