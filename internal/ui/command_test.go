package ui

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/page/queue"
)

// TestEveryNameCanBeTyped holds that no name is taken for something else: a reference such as copy-7, or another command.
func TestEveryNameCanBeTyped(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		for _, a := range action.All() {
			for _, name := range commandNames(&a) {
				got, arg, why := b.m.parseCommand(name)
				if why != "" || got.ID != a.ID || arg != "" {
					t.Errorf("%s is taken for %v with %q: %s", name, got, arg, why)
				}
				b.m.message, b.m.words = message{}, nil
				b.m.openCommand("")
				b.m.enterCommand(name)
				if strings.Contains(b.said(), "customer \"") || strings.Contains(b.said(), "belongs to") {
					t.Errorf(":%s is taken for a reference: %s", name, b.said())
				}
				if b.m.line != nil && b.m.line.kind == lineCommand && b.m.line.note != "" {
					t.Errorf(":%s is not understood: %s", name, b.m.line.note)
				}
				b.m.line, b.m.choice, b.m.dialog, b.m.detail, b.m.customers, b.m.activity, b.m.lock.on = nil, nil, nil, nil, nil, nil, false
			}
		}
	}, withFiles)
}

// TestACustomerWhoseCodeBeginsACommand holds that the name of an action counts, whatever customers are called.
func TestACustomerWhoseCodeBeginsACommand(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.m.o.Tenants[0].Code = "COPY"
		b.command("copy-link")
		b.says("Copied the link of")
		b.command("copy-28282")
		if b.m.detail == nil {
			t.Errorf("its reference opens nothing: %s", b.said())
		}
	})
}

func TestABeginningIsEnoughWhereItIsClear(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.command("read-only-a")
		b.says("read only")
		if !b.m.o.Safety.ReadOnly("").On {
			t.Error(":read-only-a did not lock all")
		}
	})
	on(t, func(b *bench) {
		b.command("same-dev")
		b.shows("Incidents with the same device", "PC-31")
	})
}

func TestUnknownAndUnclearCommandsStay(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"refrsh":    `there is no command "refrsh": did you mean refresh?`,
		"co":        `"co" could be`,
		"zzzzzzzz":  `there is no command "zzzzzzzz"`,
		"ZZ top":    `there is no command`,
		"co-pilots": `there is no command`,
	} {
		t.Run(typed, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				b.command(typed)
				b.shows(":"+" "+typed, want)
				if b.m.line == nil {
					t.Fatal("the line closed")
				}
				b.press("x")
				b.hides(want)
				b.press("esc")
				if b.m.line != nil || b.quit {
					t.Error("esc does not leave the line")
				}
			})
		})
	}
}

func TestCommandsTakeWhatBelongsBehindThem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		line  string
		check func(t *testing.T, b *bench)
	}{
		"nothing where none is taken": {"why now", says("why takes nothing behind it.")},
		"a customer's code":           {"tenant wood", shows("All customers > Woodgrove Bank")},
		"a name's beginning":          {"tenant fabr", shows("All customers > Fabrikam")},
		"by an alias":                 {"customer cont", shows("All customers > Contoso Ltd")},
		"a name with a blank":         {"tenant woodgrove ba", shows("All customers > Woodgrove Bank")},
		"all":                         {"tenant all", shows("socctl  All customers ", "5 customers")},
		"an unknown customer":         {"tenant wod", says(`tenant: there is no customer "wod": did you mean WOOD?`)},
		"an unclear name":             {"tenant w", says(`tenant: 2 customers begin with "w".`)},
		"a customer unlike any":       {"tenant zzz", says(`tenant: there is no customer "zzz": there are CONT, FABR, WOOD, TAIL, WING.`)},
		"half a code":                 {"open co-28282", says(`there is no customer "CO"`)},
		"a group":                     {"group GOLD", shows("All customers > group gold")},
		"an unknown group":            {"group gld", says(`group: there is no group "gld": did you mean gold?`)},
		"a section by number":         {"section 3", shows("3 High, unclaimed")},
		"a section by name":           {"section everything", shows("6 Everything 4")},
		"a section that is not there": {"section 12", says(`section: there is no section "12": there are Triage, Mine, `)},
		"a filter":                    {"filter sev:high", shows("/ sev:high · 2")},
		"a filter with a slip":        {"filter sev:hihg", says("filter: there is no severity \"hihg\": did you mean high?")},
		"an order":                    {"sort age", says("Sorted by age")},
		"an order that is not there":  {"sort agee", says("did you mean age?")},
		"a reference":                 {"open fabr-1204", shows("> FABR-1204")},
		"a reference alone":           {"wood-311", shows("> WOOD-311")},
		"a reference of nobody":       {"open nobd-7", says(`there is no customer "NOBD"`)},
		"what is no reference":        {"open so what", says(`"so what" is not an incident`)},
		"a number of one customer":    {"28282", shows("> CONT-28282")},
		"a number of none":            {"777", says("No incident that was read has the number 777.")},
		"a theme":                     {"theme high-contrast", says("The theme is high-contrast.")},
		"a theme that is not there":   {"theme hihg-contrast", says("did you mean high-contrast")},
		"on":                          {"preview off", hides("── CONT-28282")},
		"neither on nor off":          {"mouse perhaps", says("mouse: it takes on or off.")},
		"mouse on":                    {"mouse on", says("The mouse is on")},
		"low bandwidth":               {"low-bandwidth on", says("Low bandwidth: short colours")},
		"columns":                     {"columns cust,id,title", says("3 columns.")},
		"columns that lack one":       {"columns cust,id", says("columns: the column title cannot be left out")},
		"columns with a slip":         {"columns cust id titel", says("did you mean title?")},
		"a format that is not there":  {"copy xml", says(`copy: there is no format "xml": there are row, json, link, reference.`)},
		"a customer to read":          {"refresh fabr", says("Reading FABR again.")},
		"a customer to lock":          {"read-only fabr", says("Fabrikam (FABR): read only from now on.")},
		"all locked":                  {"read-only-all on", says("All customers: read only from now on.")},
		"not here":                    {"section-99", says("")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				b.send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
				b.command(c.line)
				c.check(t, b)
				if s := b.said(); strings.Contains(s, "?.") || strings.Contains(s, "..") || strings.Contains(s, "  ") {
					t.Errorf("the sentence does not end: %q", s)
				}
			}, withFiles)
		})
	}
}

func says(want string) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) { t.Helper(); b.says(want) }
}

func shows(want ...string) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) { t.Helper(); b.shows(want...) }
}

func hides(unwanted ...string) func(*testing.T, *bench) {
	return func(t *testing.T, b *bench) { t.Helper(); b.hides(unwanted...) }
}

func TestAFilterCommandSearchesThePageThatShows(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press("enter")
		b.command("filter PC-23")
		if b.m.detail == nil || b.m.detail.Word() != "pc-23" || !b.m.queue.Filter.IsZero() {
			t.Errorf("on an incident the filter became %q of the list", b.m.queue.Filter.String())
		}
		b.press("esc", "D")
		b.command("filter fabr")
		if b.m.customers.Word() != "fabr" || !b.m.queue.Filter.IsZero() {
			t.Error("the customers were not searched")
		}
	})
}

func TestANumberThatSeveralCustomersHave(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		s := b.queue.Snapshot()
		fabr := s.Parts[1].Status.Tenant
		b.queue.publish(with(s, 1, incident(fabr, "28282", soc.SeverityLow, time.Hour, "Another"), s.Parts[1].Incidents[0]))
		b.settle()
		b.command("28282")
		b.says("28282 is the number of several: CONT-28282, FABR-28282. Say which.")
		if b.m.detail != nil {
			t.Error("one of them was opened all the same")
		}
		b.command("fabr-28282")
		b.shows("> FABR-28282")
	})
}

func TestAReferenceThatTheQueueDoesNotHave(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		cont := b.m.o.Tenants[0]
		var asked []soc.Ref
		b.opens.answer = func(ref soc.Ref) (*soc.Incident, error) {
			asked = append(asked, ref)
			return incident(cont, "999", soc.SeverityLow, time.Hour, "Fetched by itself"), nil
		}
		b.command("cont-999")
		b.shows("> CONT-999", "Fetched by itself")
		if len(asked) != 1 || asked[0] != (soc.Ref{Tenant: cont.ID, Code: "CONT", Source: soc.SourceDefender, ID: "999"}) {
			t.Errorf("asked for %+v", asked)
		}
	})
}

func TestAnAnswerAboutSomethingElseIsRefused(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(b *bench) *soc.Incident{
		"another customer's": func(b *bench) *soc.Incident {
			return incident(b.m.o.Tenants[1], "999", soc.SeverityLow, time.Hour, "Wrong one")
		},
		"another incident": func(b *bench) *soc.Incident {
			return incident(b.m.o.Tenants[0], "998", soc.SeverityLow, time.Hour, "Wrong one")
		},
		"nothing": func(*bench) *soc.Incident { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				b.opens.answer = func(soc.Ref) (*soc.Incident, error) { return answer(b), nil }
				b.command("cont-999")
				b.hides("Wrong one")
				b.shows("> CONT-999", "was dropped")
			})
		})
	}
}

func TestCopying(t *testing.T) {
	t.Parallel()
	hostile := "Title\x1b]52;c;eA==\a\u202egnp\r\n\tend"
	json := func(o *Options) {
		o.Files.JSON = func(i *soc.Incident) string { return `{"title":"` + i.Title.String() + `"}` }
	}
	for format, want := range map[string]string{
		"json":      `{"title":"`,
		"row":       "CONT-28282\thigh\tnew\t-\t",
		"link":      "https://security.microsoft.com/incidents/28282?tid=0a1b2c3d-0000-4000-8000-000000000001",
		"reference": "CONT-28282",
	} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				var got string
				b.m.o.Clipboard = func(_ context.Context, s string) error { got = s; return nil }
				s := b.queue.Snapshot()
				cont := s.Parts[0].Status.Tenant
				b.queue.publish(with(s, 0, incident(cont, "28282", soc.SeverityHigh, 48*time.Minute, hostile)))
				b.settle()
				b.command("copy " + format)
				if !strings.HasPrefix(got, want) {
					t.Errorf("copied %q", got)
				}
				for _, r := range strings.ReplaceAll(got, "\t", "") {
					if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
						t.Errorf("%U is copied raw in %q", r, got)
					}
				}
				if n := strings.Count(got, "\t"); format == "row" && n != 5 || format != "row" && n != 0 {
					t.Errorf("%d tabs in %q", n, got)
				}
				b.says("Copied the ")
			}, json)
		})
	}
}

func TestWithoutAWriterOfJSONItIsSaid(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.command("copy json")
		if b.m.choice != nil || len(b.raw) != 0 {
			t.Error("it asks for the format again")
		}
		b.says("JSON")
		b.command("copy")
		b.press("json", "enter")
		if b.m.choice != nil {
			t.Error("the choice comes back for ever")
		}
	})
}

func TestUpBringsBackWhatWasTyped(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.command("tenant wood")
		b.command("tenant all")
		b.press("/", "sev:high", "enter", ":", "up")
		b.shows(" : tenant all")
		b.press("up")
		b.shows(" : tenant wood")
		b.press("enter")
		b.shows("> Woodgrove Bank")
		b.press("/", "up", "up")
		b.shows(" / sev:high")
		b.press("esc", ":", "down", "x", "up", "down")
		b.shows(" : x")
	})
}

func TestTheRestOfTheBestSuggestionStandsBehindTheCursor(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press(":", "tena")
		b.shows(" : tenant")
		if got := b.m.line.prompt.Value(); got != "tena" {
			t.Fatalf("the line holds %q", got)
		}
		b.send(tea.KeyPressMsg{Code: tea.KeyRight})
		if got := b.m.line.prompt.Value(); got != "tenant" {
			t.Errorf("right gives %q", got)
		}
		b.press(" wo", "tab", "enter")
		b.shows("> Woodgrove Bank")
		b.press("esc", ":", "fabr-12", "tab", "enter")
		b.shows("> FABR-1204")
	})
}

func TestAPasteRunsNothing(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press(":")
		b.send(tea.PasteMsg{Content: "quit-now\r\nquit\r\n"})
		if b.quit || b.m.line == nil {
			t.Fatal("a pasted line feed ran the command")
		}
		b.shows("quit-now␍␊quit")
		b.press("esc", "/")
		b.send(tea.PasteMsg{Content: "sev:high\n"})
		if b.m.line == nil {
			t.Fatal("a pasted line feed kept the filter")
		}
		b.press("enter")
		b.shows("/ sev:high · 2")
	})
}

// BenchmarkAMegabyteIntoALine is one Update with a paste that no line has room for.
func BenchmarkAMegabyteIntoALine(b *testing.B) {
	for _, sign := range []rune{':', '/'} {
		b.Run(string(sign), func(b *testing.B) {
			m := benchModel(b)
			m.Update(tea.WindowSizeMsg{Width: 160, Height: 50})
			paste := tea.PasteMsg{Content: strings.Repeat("sev:high x\" (", 1<<20/13)}
			for b.Loop() {
				b.StopTimer()
				m.line = nil
				m.Update(tea.KeyPressMsg{Code: sign, Text: string(sign)})
				b.StartTimer()
				m.Update(paste)
				m.View()
			}
		})
	}
}

// benchModel is a console over the estate for benchmarks, which need no commands to run.
func benchModel(b *testing.B) *Model {
	b.Helper()
	q := &fakeQueue{changed: make(chan struct{}, 1)}
	s := estate()
	q.snap.Store(s)
	o := Options{Queue: q, Incidents: &fakeIncidents{}, Links: fakeLinks{}, Session: signedIn(), Safety: newFakeSafety(), Activity: &fakeActivity{},
		Settings: Settings{Sections: []queue.Section{{Name: "Everything", Order: soc.OrderUrgency}}}, Now: noon, Report: func(error) {}}
	for n := range s.Parts {
		o.Tenants = append(o.Tenants, s.Parts[n].Status.Tenant)
		o.Vocabulary.Codes = append(o.Vocabulary.Codes, s.Parts[n].Status.Tenant.Code)
	}
	m, err := newModel(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(m.stop)
	return m
}
