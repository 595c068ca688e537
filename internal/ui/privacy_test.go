package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
)

// secrets are what no frame may show, in any case: names that stand nowhere else.
func secrets() []string {
	return []string{
		"zymurgia", "brauwerk", "zymo", "kwixel", "kwxl", "qwopper", "qwop", "4a7f9c00", // customers: names, codes, domains, ids
		"brennwald", "kbrenn", "northwind", // the analyst
		"solbakken", "mirasol", "jorunn", "vexlund", "postfach-x", "grettir", // users, mailboxes, guests
	}
}

// masked is an estate in which every text quotes whom it should not.
func masked() *soc.Snapshot {
	name := func(n int, code soc.Code, name, domain string) *soc.Tenant {
		t := customer(n, code, name)
		t.ID, t.Domain = soc.TenantID(fmt.Sprintf("4a7f9c00-0000-4000-8000-00000000000%d", n)), text.NewLine(domain)
		return t
	}
	zymo, kwxl, qwop := name(1, "ZYMO", "Zymurgia Brauwerk AG", "zymurgia.onmicrosoft.example"), name(2, "KWXL", "Kwixel", "kwixel.example"), name(3, "QWOP", "Qwopper Toys", "qwopper.example")
	quote := "MIRASOL at ZYMURGIA BRAUWERK ag, zymo, Zymo-28282, jorunn.vexlund@kwixel.example, Qwopper, QWOP, ZYMURGIA\\Grettir, vexlund_kwixel.example#EXT#@Zymurgia.onmicrosoft.example, Kai Brennwald"
	whole := func(i *soc.Incident) {
		l, b := text.NewLine(quote), text.NewBlock(quote)
		i.Title, i.Description, i.Summary, i.ResolvingComment = l, b, b, l
		i.AssignedTo, i.ModifiedBy = text.NewLine("Mira Solbakken"), text.NewLine("kbrenn@northwind.example")
		i.CustomTags, i.SystemTags, i.ForeignTenant = []text.Line{l}, []text.Line{text.NewLine("vip " + string(kwxl.ID))}, text.NewLine(string(qwop.ID))
		i.Comments = []soc.Comment{{By: text.NewLine("Jorunn Vexlund"), Text: b, At: noon()}, {By: text.NewLine("Kai Brennwald"), Text: b, At: noon()}}
		i.Digest = soc.Digest{Entities: entities("user", "mirasol", "user", `ZYMURGIA\grettir`, "mailbox", "postfach-x@zymurgia.onmicrosoft.example", "device", "ZYMURGIA-PC1", "device", "kwixel-pc", "other", quote),
			Heads: []soc.AlertHead{head(quote, time.Hour, "microsoftDefenderForEndpoint", "mirasol", "zymurgia-pc1", "postfach-x@zymurgia.onmicrosoft.example"), head("Another at Qwopper", time.Hour, "x")}}
		user := soc.Evidence{Kind: "user", Name: text.NewLine("mirasol"), Fields: []soc.Field{{Name: text.NewLine("userAccount.displayName"), Value: text.NewLine("Mira Solbakken")}}}
		i.Alerts = []soc.Alert{{Title: l, Description: b, AssignedTo: text.NewLine("Jorunn Vexlund"), Evidence: []soc.Evidence{user, {Kind: "process", Name: l, Roles: []text.Line{l}, Verdict: l, Remediation: l},
			{Kind: "mailboxConfiguration", Name: text.NewLine("Jorunn Vexlund")}}}}
	}
	plain := func(i *soc.Incident) {
		i.Digest.Entities = entities("user", "jorunn.vexlund@kwixel.example", "user", "mirasol", "device", "kwixel-pc")
		i.AssignedTo = text.NewLine("vexlund_kwixel.example#EXT#@zymurgia.onmicrosoft.example")
	}
	s := &soc.Snapshot{Version: 1, At: noon(), Analyst: soc.Analyst{UPN: text.NewLine("kbrenn@northwind.example"), Name: text.NewLine("Kai Brennwald")}}
	s.Parts = []soc.Part{
		{Status: fresh(zymo), Incidents: []*soc.Incident{incident(zymo, "28282", soc.SeverityHigh, 48*time.Minute, "", whole), incident(zymo, "28290", soc.SeverityLow, time.Hour, "Sign-in of JORUNN.vexlund", plain)}},
		{Status: soc.Status{Tenant: kwxl, Health: soc.HealthStale, LastGood: noon().Add(-time.Hour), Problem: text.NewLine("Kwixel (4A7F9C00-0000-4000-8000-000000000002) gave no answer to kbrenn@northwind.example"), Next: text.NewLine("ask KWXL")},
			Incidents: []*soc.Incident{incident(kwxl, "7", soc.SeverityMedium, time.Hour, "kwixel.example was named by mirasol", plain)}},
		{Status: soc.Status{Tenant: qwop, Health: soc.HealthNoAccess, Problem: text.NewLine("not a member of qwopper.example"), Next: text.NewLine("ask QWOP for access")}},
	}
	for n := range s.Parts {
		soc.SortPart(s.Parts[n].Incidents)
	}
	return s
}

// private runs a test on a console over that estate, with names masked.
func private(t *testing.T, f func(b *bench), change ...func(*Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		t.Helper()
		f(newBench(t, masked(), 160, 50, append([]func(*Options){withFiles, quoted}, change...)...))
	})
}

// quoted makes all that a console gets besides the queue quote names.
func quoted(o *Options) {
	zymo := o.Tenants[0]
	o.Settings.Privacy = true
	o.Activity = &fakeActivity{calls: []soc.Call{{Seq: 1, At: noon(), Tenant: zymo.ID, Code: zymo.Code, Method: "GET", Path: text.NewLine("/" + string(zymo.ID) + "/users/mirasol@kwixel.example/x"), Status: 404,
		Err: text.NewLine("no mirasol@kwixel.example at Qwopper"), RequestID: text.NewLine("7d1f")}}, tasks: []soc.Task{{Tenant: zymo.ID, Code: zymo.Code, What: text.NewLine("reading Kwixel for QWOP"), Since: noon()}}}
	o.Vocabulary.Groups = []string{"gold", "Kwixel group"}
	mine := o.Settings.Sections[0]
	mine.Name, mine.Saved = "Night at Kwixel", true
	f, err := soc.ParseFilter("tenant:KWXL user:mirasol", o.Vocabulary)
	if err != nil {
		panic(err)
	}
	mine.Filter = f
	o.Settings.Sections = append(o.Settings.Sections, mine)
}

// discreet fails where the frame names somebody.
func (b *bench) discreet(where string) bool {
	b.t.Helper()
	v := b.m.View()
	all := strings.ToLower(v.Content + v.WindowTitle)
	for _, s := range secrets() {
		if at := strings.Index(all, s); at >= 0 {
			b.t.Errorf("%s: %q shows in …%s…", where, s, all[max(0, at-60):min(len(all), at+40)])
			return false
		}
	}
	return true
}

// TestNoFrameNamesAnybody walks through every action of every page, and what opens by it.
func TestNoFrameNamesAnybody(t *testing.T) {
	t.Parallel()
	for place, sc := range scenes() {
		for _, a := range action.All() {
			if !a.In(sc.scope) || a.ID == action.Privacy {
				continue
			}
			t.Run(place+"/"+string(a.ID), func(t *testing.T) {
				t.Parallel()
				private(t, func(b *bench) {
					if place == "incident" {
						b.press("enter")
					} else {
						sc.enter(b)
					}
					if !b.discreet("at first") {
						return
					}
					b.run(b.m.start(a.ID))
					b.settle()
					b.pass(longRest)
					for _, key := range []string{"", "down", "tab", "m", "esc"} {
						if key != "" {
							b.press(key)
						}
						if b.m.mask == nil || !b.discreet(string(a.ID)+" "+key) {
							return
						}
					}
				})
			})
		}
	}
}

// TestNoDialogueNamesAnybody goes where more than one key leads.
func TestNoDialogueNamesAnybody(t *testing.T) {
	t.Parallel()
	fails := func(b *bench) {
		b.opens.answer = func(soc.Ref) (*soc.Incident, error) {
			return nil, &soc.Problem{Kind: soc.ProblemRefused, Summary: text.NewLine("mirasol@kwixel.example may not read Zymurgia"), Next: text.NewLine("ask QWOP")}
		}
	}
	for name, do := range map[string]func(b *bench){
		"an error of an incident": func(b *bench) { fails(b); b.press("enter") },
		"an incident that is asked for": func(b *bench) {
			fails(b)
			b.command("c001-5555")
			if b.m.detail == nil || b.m.detail.Incident.Ref.Code != "ZYMO" {
				b.t.Errorf("the masked reference opens nothing: %s", b.said())
			}
		},
		"one asked for by its own code": func(b *bench) { fails(b); b.command("zymo-5555") },
		"unlocking":                     func(b *bench) { b.press("!", "!"); b.shows("Unlock Customer 1 (C001)", "Type C001 to go on") },
		"what was unlocked":             func(b *bench) { b.press("!", "!", "C001", "enter") },
		"locked for all":                func(b *bench) { b.command("read-only-all on"); b.press("!") },
		"a user to follow":              func(b *bench) { b.press("u"); b.shows("user 1", "user 2") },
		"a user that was followed": func(b *bench) {
			b.press("u", "enter")
			b.pass(time.Second)
			b.shows("/ user:hidden")
			b.press("/")
		},
		"a device that was followed": func(b *bench) { b.press("d", "enter"); b.pass(time.Second); b.press("/") },
		"an alert that was followed": func(b *bench) { b.press("L", "enter"); b.pass(time.Second); b.press("/") },
		"the link":                   func(b *bench) { b.press("o") },
		"the browser":                func(b *bench) { b.m.o.Browser = func(string) error { return nil }; b.press("o") },
		"a copy":                     func(b *bench) { b.press("Y") },
		"the reference":              func(b *bench) { b.press("y") },
		"why":                        func(b *bench) { b.press("w") },
		"a customer":                 func(b *bench) { b.command("tenant c002"); b.press("D") },
		"a customer by its name":     func(b *bench) { b.command("tenant customer 2"); b.shows("> Customer 2") },
		"an unknown customer":        func(b *bench) { b.command("tenant c0003"); b.shows("did you mean C003?") },
		"a group":                    func(b *bench) { b.press("t", "group", "down", "enter") },
		"reading again":              func(b *bench) { b.press("r", "@", "j") },
		"the search":                 func(b *bench) { b.press("enter", "/", "customer") },
		"completion of customers":    func(b *bench) { b.press("/", "tenant:") },
		"completion of users":        func(b *bench) { b.press("/", "user:") },
		"completion of owners":       func(b *bench) { b.press("/", "owner:"); b.shows("experts") },
		"completion of devices":      func(b *bench) { b.press("/", "device:") },
		"completion of tags":         func(b *bench) { b.press("/", "tag:") },
		"a slip in a filter":         func(b *bench) { b.press("/", "tenant:kwx") },
		"completion of a command":    func(b *bench) { b.press(":", "tenant ", "tab", "tab") },
		"completion of references":   func(b *bench) { b.press(":", "c00") },
		"completion of groups":       func(b *bench) { b.press(":", "group ") },
		"completion of sections":     func(b *bench) { b.press(":", "section ") },
		"deleting a section":         func(b *bench) { b.press(":", "delete-section 7", "enter"); b.hides("Night at Kwixel") },
		"a section":                  func(b *bench) { b.press("7", "C"); b.shows("Columns of Night at C002") },
		"a sign-in that failed": func(b *bench) {
			b.m.signedIn(errors.New("mirasol@kwixel.example is not in 4a7f9c00-0000-4000-8000-000000000001"))
			b.m.session.done = false
			b.discreet("message")
			b.press("R")
			b.discreet("reason")
			b.send(tea.WindowSizeMsg{Width: 240, Height: 90})
			b.press("?")
			b.shows("Not signed in: user@masked is not in C001.")
			b.discreet("help")
			b.press("esc", ":", "refresh")
		},
		"a sign-in": func(b *bench) {
			b.m.signIn = &Prompt{Code: line("ABCD"), URL: line("https://microsoft.com/devicelogin"), Tenant: line("4a7f9c00-0000-4000-8000-000000000001")}
		},
		"what was typed before": func(b *bench) {
			b.m.words = []string{":tenant zymurgia brauwerk ag", "/user:mirasol", ":tenant KWXL", "/sev:high"}
			b.press(":", "up", "up")
			b.discreet("commands")
			b.press("esc", "/", "up", "up")
			b.shows("sev:high")
		},
		"a broken section": func(b *bench) { b.m.queue.Sections[0].Broken = line("there is no customer KWXL"); b.press("1") },
		"on the right":     func(b *bench) { b.press("P") },
		"all columns":      func(b *bench) { b.press("W", "l", "l", "l", "l", "l", "l", "l", "l") },
		"wide columns":     func(b *bench) { b.command("columns cust,id,title,owner,tags,customer") },
		"leaving":          func(b *bench) { b.press("ctrl+c") },
		"locked": func(b *bench) {
			b.m.session.problem, b.m.set.LockSignIn = "no mirasol@kwixel.example in Zymurgia", true
			b.press(",", "l")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			private(t, func(b *bench) {
				do(b)
				b.discreet(name)
				b.press("@")
				b.discreet("activity")
				for range 6 {
					b.press("j")
					b.discreet("activity")
				}
			})
		})
	}
}

func TestWhatWasSaidBeforeIsHiddenToo(t *testing.T) {
	t.Parallel()
	private(t, func(b *bench) {
		b.shows("Zymurgia", "ZYMO-28282")
		b.press("r", "y", "!")
		b.command("tenant zymurgia")
		b.opens.answer = func(soc.Ref) (*soc.Incident, error) { return nil, errors.New("no answer to mirasol@kwixel.example") }
		b.press("enter", ",", "p")
		b.discreet("the incident")
		b.press("@")
		b.discreet("the activity")
		b.press(",", "p", "q")
		b.shows("Zymurgia Brauwerk AG", "ZYMO-28282")
	}, func(o *Options) { o.Settings.Privacy = false })
}

func TestWhatIsCopiedStaysReal(t *testing.T) {
	t.Parallel()
	private(t, func(b *bench) {
		var got []string
		b.m.o.Clipboard = func(_ context.Context, s string) error { got = append(got, s); return nil }
		b.m.o.Files.JSON = func(i *soc.Incident) string { return i.Title.String() }
		b.press("y", "Y")
		b.command("copy row")
		b.command("copy json")
		all := strings.Join(got, "\n")
		if !slices.Contains(got, "ZYMO-28282") || !strings.Contains(all, "?tid=4a7f9c00-0000-4000-8000-000000000001") || strings.Count(all, "BRAUWERK") != 2 || strings.Contains(all, "C001") {
			t.Errorf("copied %q", got)
		}
		b.says("C001-28282")
	})
}

func TestInPrivacyTheWorkGoesOn(t *testing.T) {
	t.Parallel()
	private(t, func(b *bench) {
		if b.cursor() != "ZYMO-28282" {
			t.Errorf("the keys of rows are masked: %s", b.cursor())
		}
		b.press("u", "down", "enter")
		b.pass(time.Second)
		if f := b.m.queue.Filter.String(); !strings.Contains(f, "grettir") {
			t.Errorf("user 2 is %s", f)
		}
		b.press("/", "enter")
		if f := b.m.queue.Filter.String(); !strings.Contains(f, "grettir") {
			t.Errorf("opening the line changed the hidden filter to %q", f)
		}
		b.press("/", "sev:low", "enter")
		if f := b.m.queue.Filter.String(); f != "sev:low" {
			t.Errorf("the filter is %q", f)
		}
		b.press("esc", "!", "!", "C001", "enter")
		if b.m.o.Safety.ReadOnly(b.m.o.Tenants[0].ID).On {
			t.Error("the shown code does not unlock")
		}
	})
}

func TestThePreviewsLinkNamesNoTenant(t *testing.T) {
	t.Parallel()
	private(t, func(b *bench) {
		if v := b.m.View().Content; strings.Contains(v, "\x1b]8;") {
			t.Error("a hyperlink names the tenant")
		}
		b.press("enter")
		if v := b.m.View().Content; strings.Contains(v, "\x1b]8;") {
			t.Error("a hyperlink names the tenant")
		}
		b.press("q", ",", "p")
		if v := b.m.View().Content; !strings.Contains(v, "\x1b]8;") {
			t.Error("there is no hyperlink without privacy either")
		}
	})
}

func TestPrivacyOnAndOff(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.command("privacy on")
		b.says("Names of customers and users are masked")
		b.command("privacy on")
		b.hides("Contoso")
		b.command("privacy off")
		b.says("Names are shown again.")
		b.shows("Contoso Ltd")
		b.send(tea.WindowSizeMsg{Width: 60, Height: 15})
	})
}
