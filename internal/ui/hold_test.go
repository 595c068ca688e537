package ui

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

func TestNoRowOfAnotherCustomerIsActedOnWhileTheListIsMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("t", "wood")
		b.handle(tea.KeyPressMsg{Code: tea.KeyEnter}) // and before the answer is there:
		b.handle(tea.KeyPressMsg{Code: 'Y', Text: "Y"})
		if i, ok := b.m.current(); ok {
			t.Errorf("under the header of Woodgrove the cursor stands on %s", i.Ref)
		}
		b.hides("28282", "Contoso Ltd")
		b.settle()
		if len(b.raw) != 0 {
			t.Errorf("something was copied: %q", b.raw)
		}
		b.press("6")
		if b.cursor() != "WOOD-311" {
			t.Errorf("cursor %s", b.cursor())
		}
	})
}

func TestAnyKeySettlesTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		s.Parts[4].Status = soc.Status{Tenant: s.Parts[4].Status.Tenant, Health: soc.HealthStarting}
		b := newBench(t, s, 120, 40)
		b.press("o")
		b.shows("/28282?")
		b.press("q")
		wing := s.Parts[4].Status.Tenant
		b.queue.publish(with(s, 4, incident(wing, "9", soc.SeverityHigh, 5*time.Hour, "Worse")))
		b.settle()
		if b.cursor() != "CONT-28282" {
			t.Errorf("a page that came in moved the cursor to %s", b.cursor())
		}
		b.shows("1 new .")
	})
}

func TestAChangeDuringAKeyIsNotLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		b := newBench(t, s, 120, 40)
		cont := s.Parts[0].Status.Tenant
		next := with(s, 0, append([]*soc.Incident{incident(cont, "28300", soc.SeverityHigh, 3*time.Hour, "Worse")}, s.Parts[0].Incidents...)...)
		b.handle(tea.KeyPressMsg{Code: '3', Text: "3"})
		b.queue.publish(next)
		b.settle()
		b.pass(time.Second)
		if got := b.order(); got != "28282" && got != "28300 28282" {
			t.Errorf("order %s", got)
		}
		if arrived, _ := b.m.queue.Waiting(); arrived != 1 && b.order() == "28282" {
			t.Error("the new incident is neither listed nor waits")
		}
	})
}

func TestANewSectionStartsAtItsTop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("2")
		if b.cursor() != "FABR-1204" {
			t.Fatalf("cursor %s", b.cursor())
		}
		b.press("6")
		if b.cursor() != "CONT-28282" {
			t.Errorf("section 6 starts at %s", b.cursor())
		}
		b.press("j", "O")
		if b.cursor() != "FABR-1204" {
			t.Errorf("another order moved the cursor to %s", b.cursor())
		}
	})
}

func TestTheClockKeepsOneTick(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 80, 24)
		for range 20 {
			b.press("D", "q")
		}
		b.pass(10 * time.Minute)
		if n := b.m.clock; n > 60 {
			t.Errorf("%d ticks in ten minutes", n)
		}
	})
}

func TestAnOpenedIncidentTellsThatItWasChanged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		b := newBench(t, s, 120, 40)
		b.press("enter")
		b.hides("It was changed since")
		cont := s.Parts[0].Status.Tenant
		later := incident(cont, "28282", soc.SeverityHigh, 48*time.Minute, "Multi-stage incident", func(i *soc.Incident) { i.Updated = noon().Add(time.Second) })
		b.queue.publish(with(s, 0, later, s.Parts[0].Incidents[1]))
		b.settle()
		b.shows("It was changed since it was read")
		b.pass(2 * time.Minute)
		b.shows("SLA missed 20m ago")
	})
}

func TestOnlyTheLatestAnswerShows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		slow := make(chan struct{})
		first := true
		b.opens.answer = func(ref soc.Ref) (*soc.Incident, error) {
			i, _ := b.queue.Snapshot().Find(ref)
			if first {
				first = false
				<-slow
				return nil, errors.New("too late")
			}
			return i, nil
		}
		b.press("enter", "r")
		close(slow)
		b.settle()
		b.hides("too late")
	})
}

func TestSigningInAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &fakeSession{done: make(chan error, 1)}
		b := newBench(t, estate(), 80, 24, func(o *Options) { o.Session = s })
		b.press("S")
		b.shows("Signing in is under way")
		s.done <- errors.New("no answer")
		b.settle()
		b.shows("S tries again. not signed in: no answer")
		b.press("j")
		b.shows("S sign in")
		b.press("S")
		s.done <- nil
		b.settle()
		b.press("R")
		b.shows("Reading all customers again")
		b.press("j")
		b.hides("S sign in")
	})
}

func TestAHiddenCodeCanBeShownAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &fakeSession{done: make(chan error, 1), prompt: &Prompt{Code: text.NewLine("ABCD-EFGH"), URL: text.NewLine("https://microsoft.com/devicelogin")}}
		b := newBench(t, estate(), 80, 24, func(o *Options) { o.Session = s })
		b.pass(patience)
		b.press("esc")
		b.hides("ABCD-EFGH")
		b.press("S")
		b.shows("ABCD-EFGH")
	})
}

func TestAFilterInForceIsAlwaysSaid(t *testing.T) {
	t.Parallel()
	for _, width := range []int{60, 80, 160} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, estate(), width, 24)
			b.press("/", "sev:high", "enter", "O")
			b.shows("/ sev:high · 2", "by severity")
			checkFrame(t, b, width, 24)
			b.press("6")
			b.shows("/ sev:high · 2", "6 Everything 4")
			b.press("esc")
			b.hides("/ sev:high")
		})
	}
}
