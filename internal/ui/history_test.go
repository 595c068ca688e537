package ui

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/page/queue"
)

// at names the view that shows: customers, section, filter, page and what the cursor stands on.
func (b *bench) at() string {
	p := b.m.place()
	var parts []string
	if t := b.m.tenantByID(p.where.Tenant); t != nil {
		parts = append(parts, string(t.Code))
	}
	parts = append(parts, p.section)
	if !p.filter.IsZero() {
		parts = append(parts, "/"+p.filter.String())
	}
	switch p.scope {
	case action.Incident:
		parts = append(parts, "open "+p.at.String())
	case action.List:
		parts = append(parts, "at "+b.cursor())
	default:
		parts = append(parts, string(p.scope))
	}
	return strings.Join(parts, ", ")
}

func (b *bench) is(what, want string) {
	b.t.Helper()
	b.frame()
	if got := b.at(); got != want {
		b.t.Errorf("%s: %s, want %s", what, got, want)
	}
}

func TestBackAndForwardThroughEveryKindOfView(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("6", "j", "j")
		b.press("/", "sev:high", "enter", "j")
		b.press("enter", "D", "@")
		b.press("esc", "esc", "t", "wood", "enter")
		views := []string{"Triage, at CONT-28282", "Everything, at WOOD-311", "Everything, /sev:high, at FABR-1204",
			"Everything, /sev:high, open FABR-1204", "Everything, /sev:high, customers", "Everything, /sev:high, activity",
			"Everything, /sev:high, customers", "Everything, /sev:high, open FABR-1204", "WOOD, Everything, /sev:high, at "}
		b.is("now", views[len(views)-1])
		for n := len(views) - 2; n >= 0; n-- {
			b.press("[")
			b.is(fmt.Sprintf("back to view %d", n), views[n])
		}
		b.press("[")
		b.shows("There is no view of before")
		for n := 1; n < len(views); n++ {
			b.press("]")
			b.is(fmt.Sprintf("forward to view %d", n), views[n])
		}
		b.press("]")
		b.shows("There is nothing ahead")
	})
}

func TestToAndFro(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("-")
		b.shows("There is no view of before")
		b.press("j", "6", "G")
		for n := range 4 {
			b.press("-")
			b.is(fmt.Sprint("step ", n), []string{"Triage, at FABR-1204", "Everything, at CONT-28290"}[n%2])
		}
		b.press("3", "-")
		b.is("from a third view", "Everything, at CONT-28290")
		b.press("-")
		b.is("and back there", "High, unclaimed, at CONT-28282")
	})
}

func TestANewViewForgetsWhatLayAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("2", "3", "4", "[", "[", "6", "]")
		b.shows("There is nothing ahead")
		b.press("[")
		b.is("before it", "Mine, at FABR-1204")
		b.press("[", "]", "]")
		b.is("again at the new view", "Everything, at CONT-28282")
	})
}

func TestAFilterThatWasClearedIsAStepBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("6", "/", "sev:high", "enter", "j", "esc")
		b.is("cleared", "Everything, at FABR-1204")
		b.press("[")
		b.is("back", "Everything, /sev:high, at FABR-1204")
		b.press("[")
		b.is("before it", "Everything, at CONT-28282")
	})
}

func TestAnOrderIsAStepBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("6", ":sort -id", "enter", ":sort title", "enter", "-")
		if b.m.queue.Order != "-id" {
			t.Errorf("by %s", b.m.queue.Order)
		}
		b.press("[")
		if b.m.queue.Order != soc.OrderUrgency {
			t.Errorf("by %s", b.m.queue.Order)
		}
	})
}

// TestWalkingTheHistoryNeverChangesIt: also not where a view cannot be shown as it was.
func TestWalkingTheHistoryNeverChangesIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		b := newBench(t, s, 120, 40, withFiles, func(o *Options) { o.Settings.Sections[1].Saved = true })
		b.press("enter", "esc", "2", "6")
		cont := s.Parts[0].Status.Tenant
		merged := incident(cont, "28282", soc.SeverityHigh, 0, "Merged", func(i *soc.Incident) { i.State, i.RedirectTo = soc.StateRedirected, "28290" })
		b.queue.publish(with(s, 0, merged, s.Parts[0].Incidents[1]))
		b.settle()
		b.press(":delete-section mine", "enter")
		b.shows("Delete the section Mine")
		b.press("tab", "enter")
		b.shows("The section Mine is deleted")
		b.press("[")
		b.shows("The section Mine is no longer here")
		b.press("[", "[")
		b.shows("CONT-28282 was merged into CONT-28290", "> CONT-28290")
		b.press("[")
		b.is("the first view", "Triage, at FABR-1204")
		for n := range 4 {
			if why := b.m.disabled(action.Forward); why != "" {
				t.Fatalf("after %d steps forward: %s", n, why)
			}
			b.press("]")
		}
		b.is("the last view", "Everything, at FABR-1204")
		b.press("]")
		b.shows("There is nothing ahead")
	})
}

func TestTheHistoryIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		for n := range mostPlaces + 20 {
			b.press(fmt.Sprint(1 + n%5))
		}
		b.press("-", "-")
		if len(b.m.history.places) != mostPlaces {
			t.Errorf("%d places", len(b.m.history.places))
		}
		n := 0
		for ; b.m.disabled(action.Backward) == ""; n++ {
			b.press("[")
		}
		if n != mostPlaces-1 {
			t.Errorf("%d steps back", n)
		}
		b.press("6", "-")
		if len(b.m.history.places) != 2 {
			t.Errorf("%d places after a new view at the beginning", len(b.m.history.places))
		}
	})
}

func TestTheCustomersPageComesBackAsItWas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("D", "/", "f", "enter", "j")
		before := b.frame()
		at := b.m.tenantHere().Code
		b.press("enter", "[")
		if b.m.customers == nil || b.m.tenantHere().Code != at || b.frame() != before {
			t.Errorf("back at the customers:\n%s\nbefore:\n%s", b.frame(), before)
		}
	})
}

// TestBackToAnIncidentWhoseCustomerIsGone: a view may be of a customer that the console no longer has.
func TestBackToAnIncidentWhoseCustomerIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		b := newBench(t, s, 120, 40)
		b.press("enter", "esc", "j")
		gone := *s
		gone.Version, gone.Parts = s.Version+1, s.Parts[1:]
		b.m.o.Tenants = b.m.o.Tenants[1:]
		b.queue.publish(&gone)
		b.settle()
		b.press("[")
		b.shows("CONT-28282 belongs to no customer here")
		if b.m.detail != nil {
			t.Error("it is open all the same")
		}
	})
}

func TestBackToACustomerThatIsGoneShowsNobodyElses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("t", "cont", "enter", "T")
		b.m.o.Tenants = b.m.o.Tenants[1:]
		b.press("[")
		if b.m.queue.Where != (queue.Where{}) {
			t.Errorf("narrowed to %v", b.m.queue.Where)
		}
		b.shows("customer is no longer here")
	})
}

func TestAllCustomersAndBackFromTheStart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("j", "T")
		b.is("with no customer to go back to", "Triage, at FABR-1204")
		b.shows("All customers are shown already")
	})
}

// TestTheActivityPageReadsOnWhileItIsOpen: new calls come every two seconds, and what the console says stands among them.
func TestTheActivityPageReadsOnWhileItIsOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		acts := &fakeActivity{tasks: []soc.Task{{What: line("reading incidents"), Code: "CONT", Since: noon()}}}
		add := func(n int) {
			acts.calls = append(acts.calls, call(func(c *soc.Call) {
				c.Seq, c.At, c.Path = uint64(n), noon().Add(time.Duration(n)*time.Second), line(fmt.Sprint("/v1.0/n", n))
			})...)
		}
		for n := range 3 {
			add(n + 1)
		}
		b := newBench(t, estate(), 120, 40, func(o *Options) { o.Activity = acts })
		b.press("R", "@")
		b.shows("CONT reading incidents", "/v1.0/n3", "/v1.0/n1", "Reading all customers again.")
		b.press("j")
		at := b.m.activity.Current()
		add(4)
		b.pass(3 * time.Second)
		b.shows("/v1.0/n4")
		if now := b.m.activity.Current(); at == nil || now == nil || now.Seq != at.Seq {
			t.Errorf("the cursor went from %v to %v", at, now)
		}
		b.press("esc")
		add(5)
		b.pass(10 * time.Second)
		b.press("@")
		b.shows("/v1.0/n5")
	})
}
