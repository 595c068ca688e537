package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/page/activity"
	"github.com/socctl/socctl/internal/ui/page/detail"
	"github.com/socctl/socctl/internal/ui/page/queue"
)

// stage is a console with one incident of one customer whose texts are put in place by tests, between harmless ones.
type stage struct {
	b      *bench
	i      *soc.Incident
	status *soc.Status
	width  int
}

func line(s string) text.Line { return text.NewLine(s) }

func stageOf(t *testing.T) *stage {
	t.Helper()
	snap := estate()
	s := &stage{b: newBench(t, snap, 80, 24), i: snap.Parts[0].Incidents[0], status: &snap.Parts[2].Status}
	a := soc.Alert{Title: line("Alert"), Severity: soc.SeverityLow, State: "new", Service: "microsoftDefenderForEndpoint", Created: noon().Add(-time.Hour)}
	a.Evidence = []soc.Evidence{{Kind: "device", Name: line("PC-23"), Verdict: line("suspicious"), Roles: []text.Line{line("source")}}, {Kind: "file", Name: line("evil.exe")}}
	s.i.Alerts = []soc.Alert{a, {Title: line("Another alert"), Severity: soc.SeverityHigh, State: "new", Created: noon()}}
	s.i.Summary, s.i.Description = text.NewBlock("A summary."), text.NewBlock("A description.")
	s.i.CustomTags = []text.Line{line("tag")}
	s.i.Comments = []soc.Comment{{Text: text.NewBlock("First."), By: line("mira@northwind.example"), At: noon()}, {Text: text.NewBlock("Second."), By: line("jon@northwind.example"), At: noon()}}
	return s
}

// place is where a console shows a text from outside.
type spot struct {
	name string
	open func(*stage)
	set  func(*stage, string)
	flow bool // the text takes as many lines as it needs
	tall bool
	more []string // further harmless texts, where the field's place depends on the text's length
}

// height is that of the screen; a page with a text that flows shows all of it.
func (p spot) height() int {
	if p.flow || p.tall {
		return 170
	}
	return 30
}

func places() []spot {
	all := append(listPlaces(), previewPlaces()...)
	all = append(all, detailPlaces()...)
	all = append(all, customerPlaces()...)
	return append(all, linePlaces()...)
}

func listPlaces() []spot {
	list := func(s *stage) { s.b.press("p") } // the preview has places of its own
	return []spot{
		{name: "title in the list", open: list, set: func(s *stage, v string) { s.i.Title = line(v) }},
		{name: "owner in the list", open: list, set: func(s *stage, v string) { s.i.AssignedTo = line(v) }},
		{name: "severity in the list", open: list, set: func(s *stage, v string) { s.i.Severity = soc.ParseSeverity(v) }},
		{name: "status in the list", open: list, set: func(s *stage, v string) { s.i.State = soc.ParseState(v) }},
	}
}

func previewPlaces() []spot {
	cursor := func(s *stage) {
		for n := 0; n < 9 && s.b.cursor() != s.i.Ref.String(); n++ {
			s.b.press("j")
		}
		s.b.pass(time.Second)
	}
	in := func(name string, set func(*stage, string)) spot {
		return spot{name: name + " in the preview", open: cursor, set: set}
	}
	head := func(s *stage) *soc.AlertHead { return &s.i.Digest.Heads[0] }
	return []spot{
		in("owner", func(s *stage, v string) { s.i.AssignedTo = line(v) }),
		in("severity", func(s *stage, v string) { s.i.Severity = soc.ParseSeverity(v) }),
		in("classification", func(s *stage, v string) { s.i.Classification = soc.ParseClassification(v) }),
		in("technique", func(s *stage, v string) { s.i.Digest.Techniques[0] = line(v) }),
		in("device", func(s *stage, v string) { s.i.Digest.Entities[0].Name, head(s).Reached[0] = line(v), line(v) }),
		in("alert title", func(s *stage, v string) { head(s).Title = line(v) }),
		in("product", func(s *stage, v string) { head(s).Service = soc.Product(text.Escape(v)) }),
		in("foreign tenant", func(s *stage, v string) { s.i.ForeignTenant = line(v) }),
		in("customer name", func(s *stage, v string) { s.i.Tenant.Name = line(v) }),
	}
}

func detailPlaces() []spot {
	opened := func(s *stage) {
		s.b.m.detail = detail.New(s.i)
		s.b.m.detail.Take(s.i, "", noon())
	}
	in := func(name string, set func(*stage, string)) spot {
		return spot{name: name + " in the incident", open: opened, set: set, flow: true}
	}
	alert := func(s *stage) *soc.Alert { return &s.i.Alerts[0] }
	all := []spot{
		in("title", func(s *stage, v string) { s.i.Title = line(v) }),
		{name: "customer name in the incident", open: opened, more: lengths(), set: func(s *stage, v string) { s.i.Tenant.Name = line(v) }},
		in("severity", func(s *stage, v string) { s.i.Severity = soc.ParseSeverity(v) }),
		in("status", func(s *stage, v string) { s.i.State = soc.ParseState(v) }),
		in("owner", func(s *stage, v string) { s.i.AssignedTo = line(v) }),
		in("last editor", func(s *stage, v string) { s.i.ModifiedBy = line(v) }),
		in("verdict", func(s *stage, v string) { s.i.Classification = soc.ParseClassification(v + "x") }),
		in("determination", func(s *stage, v string) {
			s.i.Classification, s.i.Determination = soc.ClassificationTruePositive, soc.ParseDetermination(v)
		}),
		in("device", func(s *stage, v string) { s.i.Digest.Entities[0].Name = line(v) }),
		in("technique", func(s *stage, v string) { s.i.Digest.Techniques[0] = line(v) }),
		in("tag", func(s *stage, v string) { s.i.CustomTags[0] = line(v) }),
		in("summary", func(s *stage, v string) { s.i.Summary = text.NewBlock("A " + v) }),
		in("description", func(s *stage, v string) { s.i.Description = text.NewBlock("A " + v) }),
		in("alert title", func(s *stage, v string) { alert(s).Title = line(v) }),
		in("alert status", func(s *stage, v string) { alert(s).State = soc.ParseAlertState(v) }),
		in("alert product", func(s *stage, v string) { alert(s).Service = soc.Product(text.Escape(v)) }),
		in("alert technique", func(s *stage, v string) { alert(s).Techniques = []text.Line{line(v), line("T1059")} }),
		in("evidence name", func(s *stage, v string) { alert(s).Evidence[0].Name = line(v) }),
		in("evidence kind", func(s *stage, v string) { alert(s).Evidence[0].Kind = v }),
		in("evidence role", func(s *stage, v string) { alert(s).Evidence[0].Roles[0] = line(v) }),
		in("evidence verdict", func(s *stage, v string) { alert(s).Evidence[0].Verdict = line(v) }),
		in("evidence remediation", func(s *stage, v string) { alert(s).Evidence[0].Remediation = line(v) }),
		in("comment", func(s *stage, v string) { s.i.Comments[0].Text = text.NewBlock("A " + v) }),
		in("comment's author", func(s *stage, v string) { s.i.Comments[0].By = line(v) }),
		in("open error", func(s *stage, v string) { s.b.m.opened(openedMsg{ref: s.i.Ref, err: problem(v)}) }),
		in("raw open error", func(s *stage, v string) { s.b.m.opened(openedMsg{ref: s.i.Ref, err: rawError(v)}) }),
	}
	heads := in("alert title of the queue", func(s *stage, v string) { s.i.Digest.Heads[0].Title = line(v) })
	heads.open = func(s *stage) {
		s.i.Alerts = nil
		opened(s)
	}
	return append(all, heads)
}

func customerPlaces() []spot {
	panel := func(s *stage) { s.b.press("D") }
	again := func(s *stage) { s.b.m.openSwitch() }
	switched := func(set func(*stage, string)) func(*stage, string) {
		return func(s *stage, v string) {
			set(s, v)
			again(s)
		}
	}
	name := func(s *stage, v string) { s.status.Tenant.Name = line(v) }
	trouble := func(s *stage, v string) { s.status.Problem = line(v) }
	return []spot{
		{name: "name in the customers' list", open: panel, set: name},
		{name: "problem in the customers' list", open: panel, set: trouble},
		{name: "next step in the customers' list", open: panel, set: func(s *stage, v string) { s.status.Next = line(v) }},
		{name: "missing part in the customers' list", open: panel, set: func(s *stage, v string) {
			s.status.Health, s.status.Problem, s.status.Partial = soc.HealthFresh, text.Line{}, line(v)
		}},
		{name: "name in the switch", open: again, set: switched(name)},
		{name: "problem in the switch", open: again, set: switched(trouble)},
		{name: "customer name in the header", more: lengths(), open: func(s *stage) {}, set: func(s *stage, v string) {
			s.status.Tenant.Name = line(v)
			s.b.m.queue.Where = tenantWhere(s.status.Tenant)
		}},
		{name: "problem in the header", open: func(s *stage) { s.b.m.queue.Where = tenantWhere(s.status.Tenant) }, set: trouble},
	}
}

func called(s *stage) { s.b.m.activity = activity.New(nil) }

// call makes the only call of the page of activity anew.
func call(change func(*soc.Call)) []soc.Call {
	c := soc.Call{Seq: 1, At: noon(), Code: "CONT", Method: "GET", Path: line("/v1.0/security/incidents"), Status: 200, RequestID: line("7d1f")}
	change(&c)
	return []soc.Call{c}
}

func linePlaces() []spot {
	nothing := func(*stage) {}
	ask := func(change func(*Prompt, string)) func(*stage, string) {
		return func(s *stage, v string) {
			p := Prompt{Code: line("ABCD"), URL: line("https://security.microsoft.com/device"), Tenant: line("t"), Client: line("c"), Expires: noon()}
			change(&p, v)
			s.b.m.signIn = &p
		}
	}
	return []spot{
		{name: "user's name in the header", open: nothing, set: func(s *stage, v string) { s.b.m.snap.Analyst.UPN = line(v) }},
		{name: "sign-in error", open: nothing, set: func(s *stage, v string) { s.b.m.signedIn(problem(v)) }},
		{name: "raw sign-in error", open: nothing, set: func(s *stage, v string) { s.b.m.signedIn(rawError(v)) }},
		{name: "sign-in error in the help", tall: true, open: func(s *stage) { s.b.m.session.done = false }, set: func(s *stage, v string) {
			s.b.m.choice = nil
			s.b.m.signedIn(problem(v))
			s.b.m.message = message{}
			s.b.press("?")
		}},
		{name: "palette", open: nothing, tall: true, set: func(s *stage, v string) {
			s.b.m.session.problem = "not signed in: " + text.Escape(v)
			s.b.m.session.done = false
			s.b.m.openPalette()
		}},
		{name: "call's path", open: called, set: func(s *stage, v string) {
			s.b.m.activity = activity.New(nil)
			s.b.m.activity.Take(call(func(c *soc.Call) { c.Path = line(v) }), nil)
		}},
		{name: "call's request id", open: called, set: func(s *stage, v string) {
			s.b.m.activity = activity.New(nil)
			s.b.m.activity.Take(call(func(c *soc.Call) { c.RequestID = line(v) }), nil)
		}},
		{name: "call's error", open: called, set: func(s *stage, v string) {
			s.b.m.activity = activity.New(nil)
			s.b.m.activity.Take(call(func(c *soc.Call) { c.Err = line(v) }), nil)
		}},
		{name: "task", open: called, set: func(s *stage, v string) { s.b.m.activity.Take(nil, []soc.Task{{What: line(v), Since: noon()}}) }},
		{name: "paste into a command", more: append(lengths(), ""), open: nothing, set: func(s *stage, v string) {
			s.b.m.openCommand("")
			s.b.m.paste(tea.PasteMsg{Content: v})
		}},
		{name: "paste into a section's name", more: append(lengths(), ""), open: nothing, set: func(s *stage, v string) {
			s.b.m.openSave()
			s.b.m.paste(tea.PasteMsg{Content: v})
		}},
		{name: "paste into the search of a page", more: append(lengths(), ""), open: nothing, set: func(s *stage, v string) {
			s.b.m.activity = activity.New(nil)
			s.b.m.openFilter()
			s.b.m.paste(tea.PasteMsg{Content: v})
		}},
		{name: "a broken section", flow: true, open: nothing, set: func(s *stage, v string) {
			s.b.m.queue.Sections[0].Broken = line("x" + v)
			s.b.m.renew(soc.Ref{})
			s.b.m.queue.Take(queue.Compute(s.b.m.queue.Renew(s.b.m.snap, noon(), soc.Ref{})))
		}},
		{name: "error of the files", open: nothing, set: func(s *stage, v string) { s.b.m.reloaded(reloadedMsg{err: rawError(v)}) }},
		{name: "copy error", open: nothing, set: func(s *stage, v string) { s.b.m.copied(copiedMsg{"link", rawError(v)}) }},
		{name: "device code", open: nothing, set: ask(func(p *Prompt, v string) { p.Code = line(v) })},
		{name: "address of the sign-in", open: nothing, set: ask(func(p *Prompt, v string) { p.URL = line(v) })},
		{name: "https address of the sign-in", open: nothing, set: ask(func(p *Prompt, v string) { p.URL = line(allowed + v) })},
		{name: "tenant of the sign-in", open: nothing, set: ask(func(p *Prompt, v string) { p.Tenant = line(v) })},
		{name: "application of the sign-in", open: nothing, set: ask(func(p *Prompt, v string) { p.Client = line(v) })},
		{name: "note of a link", flow: true, open: nothing, set: func(s *stage, v string) {
			s.b.m.link = &linkBox{ref: s.i.Ref, link: Link{URL: "https://security.microsoft.com/incidents/1", Note: text.Escape(v)}}
		}},
		{name: "paste into the filter", more: append(lengths(), ""), open: nothing, set: func(s *stage, v string) {
			s.b.m.openFilter()
			s.b.m.paste(tea.PasteMsg{Content: v})
		}},
		{name: "paste into the switch", more: []string{"", "o", "f"}, open: nothing, set: func(s *stage, v string) {
			s.b.m.openSwitch()
			s.b.m.paste(tea.PasteMsg{Content: v})
		}},
	}
}

// lengths are harmless texts of every length, also such that a filter cannot understand.
func lengths() []string {
	var all []string
	for n := range 160 {
		all = append(all, strings.Repeat("m", n+1), "m:"+strings.Repeat("m", n))
	}
	return all
}

// allowed begins an address to which hyperlinks may lead in tests.
const allowed = "https://security.microsoft.com/"
