package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/page/queue"
)

// pages are the console's pages, dialogs and lines, with the keys that lead to each.
func pages() map[string][]string {
	return map[string][]string{
		"queue": nil, "incident": {"enter"}, "customers": {"D"}, "activity": {"@"}, "help": {"?"}, "palette": {"ctrl+p", "sec"}, "switch": {"t"},
		"filter": {"/", "sev:hihg"}, "completion": {"/", "s"}, "command": {":", "ten"}, "link": {"o"}, "side": {"P"}, "marks": {"*", "j"},
		"columns": {"C"}, "wide": {"W", "l", "l", "O"}, "unlock": {"!", "!"}, "sequence": {","}, "privacy": {",", "p"}, "locked": {",", "l"},
		"save": {"s", "Night"}, "theme": {",", "t"},
	}
}

func TestFrames(t *testing.T) {
	t.Parallel()
	sizes := [][2]int{{59, 15}, {60, 15}, {80, 24}, {120, 40}, {160, 50}}
	for page, keys := range pages() {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%s-%dx%d", page, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					b := newBench(t, estate(), size[0], size[1], withFiles)
					b.press(keys...)
					checkFrame(t, b, size[0], size[1])
					golden.RequireEqual(t, []byte(b.frame()))
				})
			})
		}
	}
}

// withFiles gives the console files that take everything.
func withFiles(o *Options) {
	o.Files.SaveView = func(queue.Section) error { return nil }
	o.Files.DeleteView = func(string) error { return nil }
	o.Files.Load = func() (Settings, error) { return o.Settings, nil }
}

// checkFrame holds what every frame has to: no line is wider than the window, and there are not more than it has.
func checkFrame(t *testing.T, b *bench, width, height int) {
	t.Helper()
	lines := strings.Split(b.m.View().Content, "\n")
	if len(lines) > height {
		t.Errorf("%d lines in a window of %d", len(lines), height)
	}
	for n, l := range lines {
		if w := ansi.StringWidth(l); w > width {
			t.Errorf("line %d has %d cells in a window of %d: %q", n, w, width, ansi.Strip(l))
		}
	}
}

func TestStyles(t *testing.T) {
	t.Parallel()
	for page, keys := range pages() {
		for name, profile := range map[string]colorprofile.Profile{"true-colour": colorprofile.TrueColor, "sixteen": colorprofile.ANSI,
			"monochrome": colorprofile.ASCII} {
			t.Run(page+"-"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					b := newBench(t, estate(), 80, 24, withFiles)
					b.send(tea.ColorProfileMsg{Profile: profile})
					b.press(keys...)
					golden.RequireEqual(t, []byte(b.m.View().Content))
				})
			})
		}
	}
}

// TestTheReadmeShowsTheScreen keeps the README's picture to what the program draws.
func TestTheReadmeShowsTheScreen(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	frame, err := os.ReadFile("testdata/TestFrames/queue-120x40.golden")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(string(frame), "\n") {
		if l = strings.TrimRight(l, " "); l != "" && !strings.Contains(string(readme), l) {
			t.Errorf("the README does not show the line %q", l)
		}
	}
}

func TestTheMostUrgentComesFirstAndThePreviewSaysWhy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 160, 50)
		if got := b.order(); got != "28282 1204 28290" {
			t.Errorf("order %s", got)
		}
		b.shows("why: SLA missed 18m ago, high, unclaimed", "1 Triage 3", "2 Mine 1", "4 Experts wait on us 1", "5 SLA at risk 2", "6 Everything 4")
	})
}

func TestARefreshMovesNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		b := newBench(t, s, 120, 40)
		b.press("j")
		if b.cursor() != "FABR-1204" {
			t.Fatalf("the cursor stands on %s", b.cursor())
		}
		cont := s.Parts[0].Status.Tenant
		worse := incident(cont, "28300", soc.SeverityHigh, 3*time.Hour, "Worse than all")
		resolved := incident(cont, "28282", soc.SeverityHigh, 48*time.Minute, "Multi-stage incident", func(i *soc.Incident) { i.State = soc.StateResolved })
		low := s.Parts[0].Incidents[1]
		b.queue.publish(with(s, 0, worse, resolved, low))
		b.settle()
		if b.cursor() != "FABR-1204" || b.order() != "28282 1204 28290" {
			t.Errorf("after the refresh: cursor %s, order %s", b.cursor(), b.order())
		}
		b.shows("1 new .", "Resolved")
		b.press(".")
		if b.cursor() != "FABR-1204" || b.order() != "28300 1204 28290" {
			t.Errorf("after the key: cursor %s, order %s", b.cursor(), b.order())
		}
		b.hides("1 new .")
	})
}

func TestRowsGoWhereTheyBelongUntilAllWereRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		empty := with(s, 0)
		empty.Parts[0].Status = soc.Status{Tenant: s.Parts[0].Status.Tenant, Health: soc.HealthStarting}
		b := newBench(t, empty, 120, 40)
		if b.order() != "1204" {
			t.Fatalf("order %s", b.order())
		}
		first := with(empty, 0, s.Parts[0].Incidents[0])
		b.queue.publish(first)
		b.settle()
		if b.order() != "28282 1204" || b.cursor() != "CONT-28282" {
			t.Errorf("order %s, cursor %s", b.order(), b.cursor())
		}
	})
}

func TestAnEmptyListSaysWhy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 80, 24)
		b.press("/", "zzz", "enter")
		b.shows("Nothing here matches. 1 of 5 customers could not be read: press D to see", "clears the filter")
		b.press("esc")
		b.shows("28282")
	})
}

func TestAFilterErrorPointsAndChangesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("/", "sev:hihg")
		b.pass(rest)
		b.shows("sev:hihg: there is no severity", "did you mean high?")
		if b.order() != "28282 1204 28290" {
			t.Errorf("the list changed: %s", b.order())
		}
		b.press("enter")
		if b.m.line == nil {
			t.Error("a broken filter was kept")
		}
		b.press("esc")
		b.press("/", "sev:high owner:me", "enter")
		if b.order() != "1204" {
			t.Errorf("order %s", b.order())
		}
	})
}

func TestSwitchingCustomers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("t", "fab", "enter")
		b.shows("All customers > Fabrikam", "fresh 12s")
		if b.order() != "1204" {
			t.Errorf("order %s", b.order())
		}
		b.press("T")
		b.shows("5 customers")
		b.press("T")
		b.shows("All customers > Fabrikam")
		b.press("t", "gold", "enter")
		b.shows("All customers > group gold")
		b.press("D", "j", "j", "enter")
		b.shows("All customers > ")
	})
}

func TestLinksCarryTheCustomersTenant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		want := "https://security.microsoft.com/incidents/28282?tid=0a1b2c3d-0000-4000-8000-000000000001"
		b.press("o")
		b.shows(want, "No browser can be opened from here")
		b.press("Y")
		if len(b.raw) != 1 || b.raw[0] != ansi.SetSystemClipboard(want) {
			t.Errorf("the terminal was sent %q", b.raw)
		}
		b.press("esc", "Y")
		b.shows("Copied the link of CONT-28282")
		if len(b.raw) != 2 || b.raw[1] != b.raw[0] {
			t.Errorf("the terminal was sent %q", b.raw)
		}
		if !strings.Contains(b.m.View().Content, ansi.SetHyperlink(want, "id=CONT-28282")) {
			t.Error("the reference is no hyperlink")
		}
	})
}

func TestABrowserIsUsedWhereThereIsOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var opened string
		b := newBench(t, estate(), 120, 40, func(o *Options) {
			o.Browser = func(url string) error { opened = url; return nil }
		})
		b.press("j", "o")
		if opened != "https://security.microsoft.com/incidents/1204?tid=0a1b2c3d-0000-4000-8000-000000000002" {
			t.Errorf("opened %q", opened)
		}
		b.shows("FABR-1204 is open in the browser")
	})
}

func TestThePreviewFollowsTheCursorOnceItRests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.shows("── CONT-28282 · Contoso Ltd")
		b.press("j")
		b.shows("── CONT-28282 · Contoso Ltd")
		b.pass(rest)
		b.shows("── FABR-1204 · Fabrikam")
		b.press("p")
		b.hides("── FABR-1204")
	})
}

func TestOpeningAnIncident(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.opens.answer = func(ref soc.Ref) (*soc.Incident, error) {
			i, _ := b.queue.Snapshot().Find(ref)
			full := *i
			full.Alerts = []soc.Alert{{Title: text.NewLine("Suspicious execution"), Evidence: []soc.Evidence{{Kind: "device", Name: text.NewLine("PC-23")}}}}
			return &full, nil
		}
		b.press("enter")
		b.shows("All customers > Contoso Ltd > CONT-28282", "Suspicious execution", "device", "PC-23")
		b.press("q")
		b.opens.answer = func(soc.Ref) (*soc.Incident, error) {
			return nil, fmt.Errorf("open: %w", &soc.Problem{Kind: soc.ProblemUnavailable, Summary: text.NewLine("the Graph service answered 503"), RequestID: text.NewLine("7d1f")})
		}
		b.press("enter")
		b.shows("Contoso Ltd: the Graph service answered 503 (request 7d1f)", "r tries again")
		b.opens.answer = func(soc.Ref) (*soc.Incident, error) {
			return b.queue.Snapshot().Parts[1].Incidents[0], nil
		}
		b.press("r")
		b.shows("another customer")
	})
}

func TestAMergedIncidentOpensItsTarget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("6", "/", "status:redirected", "enter")
		if b.cursor() != "FABR-1180" {
			t.Fatalf("the cursor stands on %s", b.cursor())
		}
		b.pass(rest)
		b.press("enter")
		b.shows("> FABR-1204", "FABR-1180 was merged into FABR-1204")
	})
}

func TestSigningInShowsWhatToDoAndWhatWentWrong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &fakeSession{done: make(chan error, 1), prompt: &Prompt{Code: text.NewLine("ABCD-EFGH"), URL: text.NewLine("https://microsoft.com/devicelogin"),
			Tenant: text.NewLine("8f0b"), Client: text.NewLine("3d6b"), Expires: noon().Add(15 * time.Minute)}}
		snap := estate()
		snap.Analyst = soc.Analyst{}
		b := newBench(t, snap, 80, 24, func(o *Options) { o.Session = s })
		b.hides("ABCD-EFGH")
		b.pass(patience)
		b.shows("ABCD-EFGH", "https://microsoft.com/devicelogin", "valid until  14:37:00Z", "signing in")
		s.done <- &soc.Problem{Kind: soc.ProblemSignIn, Summary: text.NewLine("the code was not entered in time"), Next: text.NewLine("start again")}
		b.settle()
		b.hides("ABCD-EFGH")
		b.shows("not signed in: the code was not entered in time")
		b.press("R")
		b.shows("Nothing can be read before you are signed in")
	})
}

func TestAPasteNeverPressesAKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.send(tea.PasteMsg{Content: "q\nq\n"})
		if b.quit {
			t.Fatal("a paste quit the console")
		}
		b.press("/")
		b.send(tea.PasteMsg{Content: "sev:high\x1b]52;c;eA==\a" + strings.Repeat("x", 1<<20)})
		checkFrame(t, b, 120, 40)
		if strings.ContainsAny(b.frame(), "\x1b\a") {
			t.Error("pasted bytes reach the screen")
		}
		b.press("esc")
		b.shows("28282")
	})
}

func TestQuitting(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{"q": {"q"}, "ctrl+c twice": {"ctrl+c", "ctrl+c"}, "from a filter": {"/", "ctrl+c", "ctrl+c"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t, estate(), 80, 24)
				b.press(keys[:len(keys)-1]...)
				if b.quit {
					t.Error("it quit too early")
				}
				b.press(keys[len(keys)-1])
				if !b.quit {
					t.Error("it did not quit")
				}
			})
		})
	}
}

// broken panics when it is asked, with text that an attacker wrote.
type broken struct{}

func (broken) Link(*soc.Incident) Link { panic("boom \x1b]52;c;eA==\a") }

func TestAPanicEndsTheConsoleInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 80, 24, func(o *Options) { o.Links = broken{} })
		b.m.View()
		b.press("o")
		if b.m.fatal == nil || strings.ContainsAny(b.m.fatal.Error(), "\x1b\a") || !strings.Contains(b.m.fatal.Error(), "boom") {
			t.Errorf("the error: %v", b.m.fatal)
		}
		if !b.quit {
			t.Error("it goes on")
		}
	})
}

func TestTheClockDrawsTheMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.shows("14:22Z", "-0:18")
		before := b.frame()
		b.pass(30 * time.Second)
		if b.frame() != before {
			t.Error("something moves within a minute")
		}
		b.pass(31 * time.Second)
		b.shows("14:23Z", "-0:19")
	})
}

func TestCopyingWhereTheHelperFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40, func(o *Options) {
			o.Clipboard = func(context.Context, string) error { return errors.New("no server") }
		})
		b.press("y")
		b.shows("could not be copied: no server")
	})
}
