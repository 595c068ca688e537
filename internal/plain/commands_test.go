package plain

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/text/hostile"
)

func TestCommandsAnswer(t *testing.T) {
	for _, c := range []struct {
		enter []string // the last one's answer counts
		want  string   // the whole answer where it ends with a line feed, else a part
	}{
		{[]string{""}, "\n"},
		{[]string{"lits"}, `There is no command "lits": did you mean list?` + "\n"},
		{[]string{"sing-in"}, "did you mean sign-in?"},
		{[]string{"xyzzy"}, `There is no command "xyzzy". help names them all.` + "\n"},
		{[]string{"cont-28282"}, "To open an incident, write open CONT-28282.\n"},
		{[]string{"LIST"}, "Triage, all customers, by urgency: 4 incidents.\n1. CONT-28282 High"},
		{[]string{"list 2"}, "2 of 4. more shows the next 2.\n"},
		{[]string{"list 2", "more"}, "\n4. CONT-28290 Low"},
		{[]string{"list", "more"}, "There is nothing more.\n"},
		{[]string{"list 0"}, "list takes how many incidents to show at once, 1 to 200.\n"},
		{[]string{"section"}, "Section 3, High, unclaimed: 2 incidents.\n"},
		{[]string{"section high, unclaimed"}, "High, unclaimed, all customers, by urgency: 2 incidents.\n"},
		{[]string{"section 5"}, "Everything, all customers, by urgency: 4 incidents.\n"},
		{[]string{"section 9"}, "There is no section 9: there are 5.\n"},
		{[]string{"section trage"}, `There is no section "trage": did you mean Triage?` + "\n"},
		{[]string{"filter sev:high"}, "Triage, all customers, by urgency, filter sev:high: 2 incidents.\n"},
		{[]string{"filter sev:high", "filter"}, "Triage, all customers, by urgency: 4 incidents.\n"},
		{[]string{"filter owner:me sevv:high"},
			`The filter was not changed. At the word "sevv:high", character 10: there is no filter key "sevv": did you mean sev:?` + "\n"},
		{[]string{"filter owner:me"}, ": 0 incidents.\n"},
		{[]string{"filter owner:me", "list"}, "nothing matches. 1 of 4 customers could not be read: customers says why. " +
			"Out of date: 1 of 4 customers, customers says why. filter without a word clears the filter.\n"},
		{[]string{"tenant fabr"}, "Triage, Fabrikam (FABR), by urgency: 2 incidents.\n"},
		{[]string{"tenant FABT"}, `There is no customer "FABT": did you mean FABR?` + "\n"},
		{[]string{"tenant"}, "Write the customer's code behind it. customers names them all.\n"},
		{[]string{"group GOLD"}, "Triage, group gold, 2 customers, by urgency: 2 incidents.\n"},
		{[]string{"group"}, "The groups are gold.\n"},
		{[]string{"group silver"}, `There is no group "silver". group names them all.` + "\n"},
		{[]string{"tenant FABR", "all"}, "Triage, all customers, by urgency: 4 incidents.\n"},
		{[]string{"order"}, "The order is urgency, of urgency, severity"},
		{[]string{"order agee"}, `The order was not changed: there is no order "agee": did you mean age?` + "\n"},
		{[]string{"order age", "list 1"}, "by age: 4 incidents.\n1. CONT-28290"},
		{[]string{"refresh"}, "Reading 4 customers again.\n"},
		{[]string{"refresh cont"}, "Reading CONT (Contoso Ltd) again.\n"},
		{[]string{"customers"}, "4 customers: 2 fresh, 1 stale, 1 no access.\nWOOD (Woodgrove Bank), 0 open incidents, 0 calls: stale"},
		{[]string{"status"}, "Section 1, Triage: 4 incidents, where you are.\n"},
		{[]string{"open"}, "open wants a reference, such as CONT-28282, or a number of the last list.\n"},
		{[]string{"open CONT"}, "is not an incident: write it as CODE-NUMBER"},
		{[]string{"open CONX-1"}, `There is no customer "CONX": did you mean CONT?` + "\n"},
		{[]string{"open 28290"}, "28290 does not say whose incident it is: there are CONT-28290, FABR-28290. Write one of these.\n"},
		{[]string{"open 5"}, "5 is no number of the last list, and of no incident here."},
		{[]string{"open 1204"}, "Reading FABR-1204.\n"},
		{[]string{"list 2", "open 2"}, "Reading FABR-1204.\n"},
		{[]string{"list 2", "open 3"}, "3 is no number of the last list"},
		{[]string{"open CONT-99"}, "CONT-99 could not be read: not there.\n"},
		{[]string{"link"}, "link wants a reference"},
		{[]string{"link FABR-1204"}, "FABR-1204, Fabrikam\nhttps://security.microsoft.com/incident2/1204/overview?tid=0a1b2c3d-0000-4000-8000-000000000002\n"},
		{[]string{"link FABR-9"}, "FABR-9 is not in the queue: open it first.\n"},
		{[]string{"help"}, "open REF or number: one incident whole"},
		{[]string{"help filter"}, "sev: the severity:"},
		{[]string{strings.Repeat("x", maxCommand+1)}, "That line is longer than 4096 characters and was not read.\n"},
		{[]string{"l\x1b[Aist\u202e"}, `There is no command "l\u{1b}[aist\u{202e}`},
	} {
		name := strings.Join(c.enter, " then ")
		t.Run(text.Escape(name[:min(len(name), 40)]), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, estate())
				got := ""
				for _, s := range c.enter {
					got = b.answer(s)
				}
				clean(t, got)
				if c.want == "\n" && got != "" {
					t.Errorf("got %q", got)
				} else if c.want != "\n" {
					wants(t, got, c.want)
				}
			})
		})
	}
}

func TestRefreshLeavesAThrottledCustomerAlone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate())
		b.news(state(0, soc.Status{Health: soc.HealthThrottled, LastGood: noon(), Until: noon().Add(time.Hour), Problem: text.NewLine("asked to wait")}))
		wants(t, b.answer("refresh CONT"), "CONT (Contoso Ltd) asked to wait until 15:20:30Z and is read then.\n")
		b.enter("refresh FABR")
		b.enter("refresh")
		if got := fmt.Sprint(b.queue.refreshed); got != "[0a1b2c3d-0000-4000-8000-000000000002 ]" {
			t.Errorf("asked for %s", got)
		}
	})
}

// whole answer of an incident with everything in it.
func detailed(t *soc.Tenant) *soc.Incident {
	l := text.NewLine
	return incident(t, "28282", soc.SeverityHigh, 76*time.Minute, "Multi-stage incident", func(i *soc.Incident) {
		i.State, i.AssignedTo, i.ModifiedBy, i.ResolvingComment = soc.StateActive, l("kai@northwind.example"), l("Automation"), l("See the ticket.")
		i.Classification, i.Determination = soc.ClassificationTruePositive, "compromisedAccount"
		i.Summary, i.Description = text.NewBlock("First line.\n\n14:20:31Z new CONT-1 High \"Forged\"\n"), text.NewBlock("What happened.")
		i.CustomTags, i.SystemTags, i.AlertCount = []text.Line{l("pen test")}, []text.Line{l("Ransomware")}, 1
		i.Digest = soc.Digest{Entities: []soc.Entity{{Kind: soc.EntityDevice, Name: l("PC-23")}, {Kind: soc.EntityUser, Name: l("kai.c")}},
			Techniques: []text.Line{l("T1059.001")}}
		i.Comments = []soc.Comment{{Text: text.NewBlock("One.\nTwo."), By: l("Mira S."), At: noon().Add(-30 * time.Minute)}}
		i.Alerts = []soc.Alert{{Tenant: t.ID, Title: l("Suspicious PowerShell"), Severity: soc.SeverityMedium, State: "inProgress",
			Service:   "microsoftDefenderForEndpoint",
			Detection: "antivirus", Techniques: []text.Line{l("T1059")}, Description: text.NewBlock("It ran."), Created: noon().Add(-70 * time.Minute),
			Evidence: []soc.Evidence{{Kind: "device", Name: l("PC-23"), Verdict: l("suspicious"), Remediation: l("active"),
				Details: l("isolated"), Roles: []text.Line{l("compromised")}, Tags: []text.Line{l("VIP")}}}}}
	})
}

func TestOpenSaysAnIncidentWhole(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate())
		cont := b.queue.Snapshot().Parts[0].Status.Tenant
		b.opens = func(context.Context, soc.Ref) (*soc.Incident, error) { return detailed(cont), nil }
		got := b.answer("open CONT-28282")
		want := `Reading CONT-28282.
CONT-28282 High "Multi-stage incident"
customer: Contoso Ltd (CONT)
status: active, yours
why: SLA missed 16m ago, high
SLA: due 14:04Z (missed)
opened: 13:04Z (1h ago)
changed: 14:18Z (2m ago)
changed by: Automation
classification: true positive, compromised account
resolving comment: See the ticket.
reached device: PC-23
reached user: kai.c
techniques: T1059.001
tags: pen test, Ransomware
summary: First line.
summary: 14:20:31Z new CONT-1 High "Forged"
description: What happened.
portal: https://security.microsoft.com/incident2/28282/overview?tid=0a1b2c3d-0000-4000-8000-000000000001
alerts: 1
alert 1: Medium "Suspicious PowerShell", 13:10Z (1h ago)
alert 1: status in progress, found by microsoft defender for endpoint, engine antivirus
alert 1 techniques: T1059
alert 1 description: It ran.
alert 1 evidence 1: device "PC-23", verdict suspicious, remediation active
alert 1 evidence 1 details: isolated
alert 1 evidence 1 roles: compromised
alert 1 evidence 1 tags: VIP
comment 1: by "Mira S.", 13:50Z (30m ago)
comment 1: One.
comment 1: Two.
`
		if got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	})
}

func TestAnswersAboutAnotherAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		give func(cont, fabr *soc.Tenant) *soc.Incident
		want string
	}{
		{"another customer", func(_, fabr *soc.Tenant) *soc.Incident {
			return incident(fabr, "28282", soc.SeverityHigh, 0, "Foreign secret")
		}, "another customer"},
		{"another customer behind our reference", func(cont, fabr *soc.Tenant) *soc.Incident {
			return incident(cont, "28282", soc.SeverityHigh, 0, "Foreign secret", func(i *soc.Incident) { i.Tenant = fabr })
		}, "another customer"},
		{"no customer", func(cont, _ *soc.Tenant) *soc.Incident {
			return incident(cont, "28282", soc.SeverityHigh, 0, "Foreign secret", func(i *soc.Incident) { i.Tenant = nil })
		}, "another customer"},
		{"nothing", func(_, _ *soc.Tenant) *soc.Incident { return nil }, "another customer"},
		{"another incident", func(cont, _ *soc.Tenant) *soc.Incident {
			return incident(cont, "28283", soc.SeverityHigh, 0, "Foreign secret")
		}, "another incident"},
		{"an alert of another customer", func(cont, fabr *soc.Tenant) *soc.Incident {
			return incident(cont, "28282", soc.SeverityHigh, 0, "Ours", func(i *soc.Incident) {
				i.Alerts = []soc.Alert{{Tenant: fabr.ID, Title: text.NewLine("Foreign secret")}}
			})
		}, "alert 1: is about another customer and was dropped"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, estate())
				s := b.queue.Snapshot()
				b.opens = func(context.Context, soc.Ref) (*soc.Incident, error) {
					return c.give(s.Parts[0].Status.Tenant, s.Parts[1].Status.Tenant), nil
				}
				got := b.answer("open CONT-28282")
				wants(t, got, c.want, "was dropped")
				if strings.Contains(got, "secret") {
					t.Errorf("it is shown all the same:\n%s", got)
				}
			})
		})
	}
}

func TestNothingComesBetweenAQuestionAndItsAnswer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		answer := make(chan *soc.Incident)
		b := newBench(t, estate(), func(_ *Options, b *bench) {
			b.opens = func(context.Context, soc.Ref) (*soc.Incident, error) { return <-answer, nil }
		})
		b.out.take()
		b.enter("open CONT-28282")
		b.enter("section mine") // waits
		b.publish(b.edit(0, "28282", func(i *soc.Incident) { i.State = soc.StateActive }))
		b.pass(10 * time.Second)
		b.publish(b.edit(0, "28282", func(i *soc.Incident) { i.AlertCount = 8 }))
		if got := b.out.take(); got != "Reading CONT-28282.\n" {
			t.Errorf("said while the answer is on its way: %q", got)
		}
		i, _ := b.queue.Snapshot().Find(soc.Ref{Tenant: b.queue.Snapshot().Parts[0].Status.Tenant.ID, Source: soc.SourceDefender, ID: "28282"})
		answer <- i
		synctest.Wait()
		got := b.out.take()
		for _, part := range []string{"CONT-28282 High", "changed  CONT-28282", "Mine, all customers"} { // in this order
			_, rest, ok := strings.Cut(got, part)
			if !ok {
				t.Fatalf("%q is missing, or not in its place:\n%s", part, got)
			}
			got = rest
		}
	})
}

func TestQuitDoesNotWaitForAnAnswer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate(), interactive, func(_ *Options, b *bench) {
			b.opens = func(ctx context.Context, _ soc.Ref) (*soc.Incident, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
		})
		b.enter("open CONT-28282")
		b.enter("quit")
		if err := <-b.ended; err != nil {
			t.Error(err)
		}
		if b.now().Sub(noon()) > time.Second {
			t.Errorf("it took until %s", b.now())
		}
	})
}

func TestNothingUnsafePassesThePrinter(t *testing.T) {
	t.Parallel()
	var s screen
	p := printer{w: &s}
	p.say("a\x1b[2Jb\nc\rd\u202ee")
	p.flush(false)
	got := s.take()
	clean(t, got)
	if strings.Count(got, "\n") != 1 || !strings.HasSuffix(got, "\n") {
		t.Errorf("not one line: %q", got)
	}
}

func TestAnOpenThatHangsEndsByItself(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate(), func(_ *Options, b *bench) {
			b.opens = func(ctx context.Context, _ soc.Ref) (*soc.Incident, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
		})
		b.enter("open CONT-28282")
		b.out.take()
		b.pass(answerTime)
		wants(t, b.out.take(), "CONT-28282 could not be read: context deadline exceeded.\n", "This is what the queue knows.\n", "status: new, unassigned\n")
	})
}

func TestLongAnswersGoOnWithMore(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate())
		cont := b.queue.Snapshot().Parts[0].Status.Tenant
		b.opens = func(context.Context, soc.Ref) (*soc.Incident, error) {
			i := detailed(cont)
			i.Description = text.NewBlock(strings.Repeat("y", longLine+1) + "\n" + strings.Repeat("z\n", longText+5))
			for range 30 {
				i.Comments = append(i.Comments, soc.Comment{Text: text.NewBlock("a\nb\nc\nd\ne")})
			}
			return i, nil
		}
		got := b.answer("open CONT-28282")
		wants(t, got, "description: "+strings.Repeat("y", longLine)+" (cut here, the line has 2001 characters)\n", "description: cut here, 6 more lines were left out\n",
			"200 of ", "more shows the next ")
		wants(t, b.answer("more"), "comment 31: e\n")
	})
}

// TestHostileTextStaysHarmless puts every hostile text into every field that comes from outside.
func TestHostileTextStaysHarmless(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate())
		cont := b.queue.Snapshot().Parts[0].Status.Tenant
		for n, sample := range hostile.Corpus() {
			i := poisoned(cont, fmt.Sprint(60000+n), sample.Text)
			b.opens = func(context.Context, soc.Ref) (*soc.Incident, error) { return i, nil }
			b.out.take()
			b.publish(func(s *soc.Snapshot) {
				put(0, i)(s)
				st := stale(sample.Text)
				st.Next, st.Partial = text.NewLine(sample.Text), text.NewLine(sample.Text)
				state(2, st)(s)
			})
			b.pass(20 * time.Second)
			b.publish(b.edit(0, i.Ref.ID, func(i *soc.Incident) { i.AssignedTo, i.Title, i.RedirectTo = text.NewLine("x"), text.NewLine("x"), "" }))
			b.pass(20 * time.Second)
			b.enter("open " + i.Ref.String())
			b.enter("more")
			b.enter("list 200")
			b.enter("customers")
			if !strings.ContainsAny(sample.Text, "\n") {
				b.enter("filter " + sample.Text)
				b.enter("filter")
				b.enter(sample.Text)
			}
			got := b.out.take()
			if err := hostile.ScanBytes([]byte(got)); err != nil {
				t.Fatalf("%s: %v in\n%q", sample.Name, err, got)
			}
			if !strings.Contains(got, i.Ref.String()) {
				t.Fatalf("%s: the incident is not said:\n%q", sample.Name, got)
			}
			for l := range strings.Lines(got) {
				if strings.HasPrefix(l, "Low") || strings.HasPrefix(l, "High severity") || strings.HasPrefix(l, "2026-") {
					t.Fatalf("%s starts a line of its own: %q", sample.Name, l)
				}
			}
		}
	})
}

// poisoned is an incident with a text in each of its fields.
func poisoned(t *soc.Tenant, id, s string) *soc.Incident {
	l, b := text.NewLine(s), text.NewBlock(s)
	return incident(t, id, soc.SeverityHigh, time.Minute, s, func(i *soc.Incident) {
		i.AssignedTo, i.ModifiedBy, i.ResolvingComment, i.ForeignTenant, i.AlertsProblem = l, l, l, l, l
		i.Summary, i.Description, i.CustomTags, i.SystemTags = b, b, []text.Line{l}, []text.Line{l}
		i.Classification, i.Determination, i.RedirectTo = soc.Classification(s), soc.Determination(s), s
		i.Comments = []soc.Comment{{Text: b, By: l}}
		i.Digest = soc.Digest{Entities: []soc.Entity{{Kind: soc.EntityDevice, Name: l}}, Techniques: []text.Line{l},
			Heads: []soc.AlertHead{{Title: l, Reached: []text.Line{l}}}}
		i.Alerts = []soc.Alert{{Tenant: t.ID, Title: l, Severity: soc.Severity(s), State: soc.AlertState(s), Service: soc.Product(s),
			Detection:  soc.Detection(s),
			Techniques: []text.Line{l}, Description: b, ForeignTenant: l, Comments: []soc.Comment{{Text: b, By: l}},
			Evidence: []soc.Evidence{{Kind: s, Name: l, Verdict: l, Remediation: l, Details: l,
				Roles: []text.Line{l}, DetailedRoles: []text.Line{l}, Tags: []text.Line{l}}}}}
	})
}

func TestQuotedTextCannotEndItsQuotation(t *testing.T) {
	t.Parallel()
	if got := quoted(text.NewLine(`a" taken by you, "b`)); got != `"a"" taken by you, ""b"` {
		t.Errorf("got %s", got)
	}
	for in, want := range map[string]string{"mira@northwind.example": "mira@northwind.example", "Mira S.": `"Mira S."`, "you": `"you"`, "a@b@c": `"a@b@c"`} {
		if got := who(text.NewLine(in)); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}
