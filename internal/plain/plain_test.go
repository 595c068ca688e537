package plain

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// bubble runs a test in a bubble of synctest.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

// starting is the estate before anything was read.
func starting() *soc.Snapshot {
	s := estate()
	s.Analyst = soc.Analyst{}
	for n := range s.Parts {
		s.Parts[n].Incidents, s.Parts[n].Status = nil, soc.Status{Tenant: s.Parts[n].Status.Tenant, Health: soc.HealthStarting}
	}
	return s
}

// TestTranscript is a session as an analyst at a dumb terminal sees it.
func TestTranscript(t *testing.T) {
	bubble(t, func(t *testing.T) {
		full := estate()
		b := newBench(t, starting(), interactive, func(o *Options, b *bench) {
			o.Notice = "This is a demo."
			b.session.prompt = &Prompt{Code: text.NewLine("AB12CD34"), URL: text.NewLine("https://microsoft.com/devicelogin"),
				Tenant: text.NewLine("0a1b2c3d-0000-4000-8000-000000000001"), Client: text.NewLine("11111111-2222-4333-8444-555555555555"),
				Expires: noon().Add(15 * time.Minute)}
			<-b.session.done
		})
		b.pass(20 * time.Second)
		b.session.done <- nil
		synctest.Wait()
		b.pass(2 * time.Second)
		b.publish(func(s *soc.Snapshot) { s.Analyst, s.Parts = full.Analyst, full.Parts })
		b.enter("list")
		b.publish(put(0, incident(full.Parts[0].Status.Tenant, "28301", soc.SeverityMedium, time.Minute, `Mail with "invoice" opened`)))
		b.pass(3 * time.Second)
		b.publish(b.edit(1, "1204", func(i *soc.Incident) { i.AssignedTo, i.State = b.queue.Snapshot().Analyst.UPN, soc.StateActive }))
		b.pass(3 * time.Second)
		b.publish(state(1, stale("no answer")))
		b.pass(20 * time.Second)
		for _, s := range []string{"opn 1", "open 28290", "open 1", "link", "section mine", "list", "filter sevv:high", "filter sev:high", "filter",
			"all", "group gold", "tenant WOOD", "list", "all", "order age", "refresh wood", "customers", "status", "help", "quit"} {
			b.enter(s)
		}
		if err := <-b.ended; err != nil {
			t.Errorf("quit gives %v", err)
		}
		got := b.out.all.String()
		clean(t, got)
		golden.RequireEqual(t, []byte(got))
	})
}

func TestTheStartSaysWhatIsThere(t *testing.T) {
	bubble(t, func(t *testing.T) {
		got := newBench(t, estate()).out.take()
		wants(t, got, "Signed in as kai@northwind.example.\n",
			"4 customers: 2 fresh, 1 stale, 1 no access.\n",
			"Section 1, Triage: 4 incidents, where you are.\n", "Section 2, Mine: 0 incidents.\n", "WOOD (Woodgrove Bank): stale since 14:06Z: no answer. Next: trying again by itself\n",
			"WING (Wingtip Toys): no access: your account is not in this tenant yet. Next: request access\n")
		if strings.Contains(got, prompt) {
			t.Errorf("a prompt where nobody types:\n%s", got)
		}
	})
}

func TestTheSummaryDoesNotWaitForTheLastCustomer(t *testing.T) {
	bubble(t, func(t *testing.T) {
		full := estate()
		b := newBench(t, starting())
		b.publish(func(s *soc.Snapshot) {
			s.Parts[0], s.Parts[1], s.Parts[2] = full.Parts[0], full.Parts[1], full.Parts[2]
		})
		got := b.out.take()
		wants(t, got, "Reading 4 customers.\n")
		if strings.Contains(got, "Section") {
			t.Errorf("summed up too early:\n%s", got)
		}
		b.pass(patience)
		wants(t, b.out.take(), "4 customers: 2 fresh, 1 stale, 1 still being read.\n", "Section 1, Triage: 4 incidents")
		wing := full.Parts[3].Status.Tenant
		got = b.news(func(s *soc.Snapshot) {
			s.Parts[3].Status = fresh()
			s.Parts[3].Status.Tenant = wing
			put(3, incident(wing, "1", soc.SeverityLow, time.Hour, "One"), incident(wing, "2", soc.SeverityLow, time.Hour, "Two"))(s)
		})
		if want := "14:21:01Z read     WING 2 incidents in Triage\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestSignInThatFailsSaysWhatToDo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, starting(), func(_ *Options, b *bench) {
			<-b.session.done
			b.session.done <- &soc.Problem{Kind: soc.ProblemSignIn, Summary: text.NewLine("the code lapsed"), Next: text.NewLine("enter the next one in time")}
		})
		wants(t, b.out.take(), "Not signed in: the code lapsed. Next: enter the next one in time. sign-in tries again.\n")
		b.session.prompt = &Prompt{URL: text.NewLine("https://login.example")}
		wants(t, b.answer("sign-in"), "Signing in.\n", "To sign in, open https://login.example.\n")
		wants(t, b.answer("sign-in"), "To sign in, open https://login.example.\n")
		b.session.done <- nil
		synctest.Wait()
		wants(t, b.out.take(), "Signed in.\n")
	})
}

func TestChangesAreSaidInWords(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*soc.Incident)
		want   string // behind the head; empty for silence
	}{
		{"taken by me", func(i *soc.Incident) { i.AssignedTo = text.NewLine("kai@northwind.example") }, "taken by you"},
		{"taken by a colleague", func(i *soc.Incident) { i.AssignedTo = text.NewLine("mira@northwind.example") }, "taken by mira@northwind.example"},
		{"taken by somebody who is called you", func(i *soc.Incident) { i.AssignedTo = text.NewLine("you") }, `taken by "you"`},
		{"status", func(i *soc.Incident) { i.State = soc.StateActive }, "status active"},
		{"severity", func(i *soc.Incident) { i.Severity = soc.SeverityLow }, "severity Low, was High"},
		{"classified", func(i *soc.Incident) {
			i.Classification, i.Determination = soc.ClassificationTruePositive, "compromisedAccount"
		}, "classified as true positive, compromised account"},
		{"resolved", func(i *soc.Incident) {
			i.State, i.Classification, i.Determination = soc.StateResolved, soc.ClassificationFalsePositive, "notMalicious"
		}, "resolved as false positive, not malicious, leaves Triage"},
		{"merged", func(i *soc.Incident) { i.State, i.RedirectTo = soc.StateRedirected, "28290" }, "merged into CONT-28290, leaves Triage"},
		{"more alerts", func(i *soc.Incident) { i.AlertCount = 9 }, "9 alerts, 2 more than before"},
		{"title", func(i *soc.Incident) { i.Title = text.NewLine("Something\u200b else") },
			`title was "Multi-stage incident: initial access and C2", title was altered: hidden or control characters are shown as codes`},
		{"another tenant", func(i *soc.Incident) { i.ForeignTenant = text.NewLine("elsewhere") },
			`warning: the record names another tenant, "elsewhere"; it came from CONT`},
		{"only the time", func(i *soc.Incident) { i.Updated = noon() }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				b := newBench(t, estate())
				change := b.edit(0, "28282", c.change)
				got := b.news(change)
				want := ""
				if c.want != "" {
					i, _ := b.queue.Snapshot().Find(soc.Ref{Tenant: b.queue.Snapshot().Parts[0].Status.Tenant.ID, Source: soc.SourceDefender, ID: "28282"})
					want = "14:20:31Z changed  " + head(i) + " " + c.want + "\n"
				}
				if got != want {
					t.Errorf("got  %q\nwant %q", got, want)
				}
			})
		})
	}
}

func TestNewAndRemovedAndOutOfView(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate())
		cont := b.queue.Snapshot().Parts[0].Status.Tenant
		experts := incident(cont, "1", soc.SeverityHigh, 0, "Theirs", func(i *soc.Incident) { i.AssignedTo = text.NewLine("Defender Experts") })
		got := b.news(put(0, experts, incident(cont, "2", soc.SeverityHigh, 90*time.Minute, "Late")))
		if want := `14:20:31Z new      CONT-2 High "Late" unassigned, 1 alert, SLA due 13:50Z (missed)` + "\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		got = b.news(func(s *soc.Snapshot) {
			s.Parts[0].Incidents = s.Parts[0].Incidents[1:] // without the Experts' one, which is out of view
			s.Parts[0].Rows++
			s.Parts[1].Incidents = s.Parts[1].Incidents[:1]
			s.Parts[1].Rows++
		})
		if want := `14:20:46Z removed  FABR-28290 Medium "Suspicious inbox rule" the service no longer lists it` + "\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		b.enter("section mine")
		got = b.news(b.edit(0, "28282", func(i *soc.Incident) { i.AssignedTo = text.NewLine("kai@northwind.example") }))
		wants(t, got, "taken by you, now in Mine\n")
		got = b.news(b.edit(1, "1204", func(i *soc.Incident) { i.Severity = soc.SeverityLow }))
		if got != "" {
			t.Errorf("out of view, yet said: %q", got)
		}
		b.enter("section triage")
		b.enter("tenant FABR")
		if got := b.news(b.edit(0, "28282", func(i *soc.Incident) { i.Severity = soc.SeverityLow })); got != "" {
			t.Errorf("another customer's, yet said: %q", got)
		}
	})
}

func TestWhatChangedBeforeTheViewDidIsSaid(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate())
		b.out.take()
		b.publish(b.edit(0, "28282", func(i *soc.Incident) { i.State = soc.StateActive }))
		got := b.answer("tenant FABR")
		wants(t, got, "status active\nTriage, Fabrikam (FABR), by urgency: 2 incidents.\n")
	})
}

func TestTheClockAloneSaysSLAs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate())
		b.out.take()
		b.pass(18*time.Minute + 59*time.Second)
		if got := b.out.take(); got != "" {
			t.Errorf("said before its time: %q", got)
		}
		b.pass(time.Second) // created 13:54:30, due an hour later
		wants(t, b.out.take(), `14:39:30Z SLA      FABR-1204 High "Ransomware activity on FS-01" at risk: due 14:54Z, 15m left, unassigned`+"\n")
		b.pass(15 * time.Minute)
		wants(t, b.out.take(), `14:54:30Z SLA      FABR-1204 High "Ransomware activity on FS-01" missed: it was due 14:54Z, unassigned`+"\n")
		b.pass(time.Hour)
		if got := b.out.take(); got != "" {
			t.Errorf("said twice: %q", got)
		}
	})
}

func TestTheClockBringsIncidentsIntoItsSection(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate())
		b.enter("section SLA at risk")
		b.out.take()
		b.pass(20 * time.Minute)
		wants(t, b.out.take(), "FABR-1204 High", "at risk")
		b.enter("section mine")
		b.out.take()
		b.pass(20 * time.Minute)
		if got := b.out.take(); got != "" {
			t.Errorf("out of view, yet said: %q", got)
		}
	})
}

func TestTroubleAndRecovery(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate())
		cause := func(request string) soc.Status {
			p := &soc.Problem{Kind: soc.ProblemUnavailable, Summary: text.NewLine("the Graph service answered 503"), RequestID: text.NewLine(request)}
			st := stale(p.Error())
			st.Err = p
			return st
		}
		wants(t, b.news(state(0, cause("7d1f"))),
			"14:20:31Z trouble  CONT stale since 14:06Z: the Graph service answered 503 (request 7d1f). Next: trying again by itself\n")
		if got := b.news(state(0, cause("8e20"))); got != "" {
			t.Errorf("the same trouble is said again: %q", got)
		}
		wants(t, b.news(state(0, stale("no answer"))), "trouble  CONT stale since 14:06Z: no answer")
		wants(t, b.news(state(0, fresh())), "fresh    CONT is fresh again after 45s\n")
		wants(t, b.news(state(2, fresh())), "fresh    WOOD is fresh again after 1m\n")
		if got := b.news(state(2, fresh())); got != "" {
			t.Errorf("nothing changed, yet said: %q", got)
		}
		partial := fresh()
		partial.Partial = text.NewLine("alerts of 3 incidents")
		wants(t, b.news(state(2, partial)), "trouble  WOOD partial: alerts of 3 incidents\n")
		partial.Partial = text.NewLine("alerts of 4 incidents")
		if got := b.news(state(2, partial)); got != "" {
			t.Errorf("the same trouble is said again: %q", got)
		}
	})
}

func TestBurstsAreCounted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate())
		cont := b.queue.Snapshot().Parts[0].Status.Tenant
		many := func(n int, change ...func(*soc.Incident)) []*soc.Incident {
			var all []*soc.Incident
			for k := range n {
				all = append(all, incident(cont, fmt.Sprint(40000+k), soc.SeverityMedium, time.Minute, "One of many", change...))
			}
			return all
		}
		if got := b.news(put(0, many(burst)...)); strings.Count(got, " new ") != burst {
			t.Errorf("%d are said one by one; got:\n%s", burst, got)
		}
		b.news(func(s *soc.Snapshot) { s.Parts[0].Incidents, s.Parts[0].Rows = nil, s.Parts[0].Rows+1 })
		got := b.news(put(0, many(burst+1)...))
		if want := "new      21 incidents: 21 Medium. list shows them\n"; !strings.HasSuffix(got, want) || strings.Count(got, "\n") != 1 {
			t.Errorf("got %q, want %q", got, want)
		}
		got = b.news(put(0, many(burst+1, func(i *soc.Incident) { i.State = soc.StateResolved })...))
		if want := "changed  21 incidents, of which 21 left Triage. list shows the others\n"; !strings.HasSuffix(got, want) || strings.Count(got, "\n") != 1 {
			t.Errorf("got %q, want %q", got, want)
		}
		b.enter("section everything")
		got = b.news(func(s *soc.Snapshot) { s.Parts[0].Incidents, s.Parts[0].Rows = nil, s.Parts[0].Rows+1 })
		if want := "removed  21 incidents: the service no longer lists them\n"; !strings.HasSuffix(got, want) || strings.Count(got, "\n") != 1 {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// TestLooksKeepTheirDistance lets pages come faster than they can be heard.
func TestLooksKeepTheirDistance(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate())
		cont := b.queue.Snapshot().Parts[0].Status.Tenant
		b.out.take()
		for n := range 120 { // ten a second, twelve seconds long
			b.publish(put(0, incident(cont, fmt.Sprint(50000+n), soc.SeverityLow, 0, "Another")))
			b.pass(100 * time.Millisecond)
		}
		b.pass(time.Minute)
		got := b.out.take()
		if n := strings.Count(got, "\n"); n > 30 {
			t.Errorf("%d lines are too many:\n%s", n, got)
		}
		said := strings.Count(got, "Another")
		for l := range strings.Lines(got) {
			var n int
			if _, count, ok := strings.Cut(l, "new      "); ok && !strings.Contains(l, "Another") {
				if _, err := fmt.Sscanf(count, "%d", &n); err != nil {
					t.Error(err)
				}
				said += n
			}
		}
		if said != 120 {
			t.Errorf("%d of 120 were said:\n%s", said, got)
		}
	})
}

func TestEndOfInput(t *testing.T) {
	t.Run("of a terminal quits", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			b := newBench(t, estate(), interactive)
			_ = b.keys.Close()
			if err := <-b.ended; err != nil {
				t.Error(err)
			}
			if got := b.out.take(); !strings.HasSuffix(got, "\n"+prompt+"\n") {
				t.Errorf("the last line is not ended: %q", got)
			}
		})
	})
	t.Run("of a script goes on", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			b := newBench(t, estate())
			_ = b.keys.Close()
			wants(t, b.news(state(0, stale("no answer"))), "trouble  CONT")
			b.stop()
			if err := <-b.ended; err != nil {
				t.Error(err)
			}
		})
	})
}

// brokenPipe fails from the second write on.
type brokenPipe struct{ writes int }

func (p *brokenPipe) Write(b []byte) (int, error) {
	if p.writes++; p.writes > 1 {
		return 0, io.ErrClosedPipe
	}
	return len(b), nil
}

func TestAnOutputThatBreaksEndsTheConsole(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := newBench(t, estate(), func(o *Options, _ *bench) { o.Out, o.Notice = &brokenPipe{}, "Hello." })
		if err := <-b.ended; !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAnInputThatCannotBeWokenDoesNotHoldTheEnd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r, w := io.Pipe()
		b := newBench(t, estate(), func(o *Options, _ *bench) { o.In = r })
		b.stop()
		if err := <-b.ended; err != nil {
			t.Error(err)
		}
		_ = w.Close() // lets the reader go
	})
}

func TestAPanicBesideTheLoopIsSaid(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var reported []error
		b := newBench(t, estate(), func(o *Options, b *bench) {
			o.Report = func(err error) { reported = append(reported, err) }
			b.opens = func(context.Context, soc.Ref) (*soc.Incident, error) { panic("a\x1b[31mfault") }
		})
		got := b.answer("open CONT-28282")
		wants(t, got, "CONT-28282 could not be read: internal error in opening CONT-28282: a\\u{1b}[31mfault.\n", "This is what the queue knows.\n")
		clean(t, got)
		if len(reported) != 1 {
			t.Errorf("reported %v", reported)
		}
	})
}
