package customers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// estate has so many customers, all of them in order.
func estate(n int) *soc.Snapshot {
	s := &soc.Snapshot{}
	for i := range n {
		c := &soc.Tenant{ID: soc.TenantID(fmt.Sprintf("0a1b2c3d-0000-4000-8000-%012d", i)), Code: soc.Code(fmt.Sprintf("C%03d", i)),
			Name: text.NewLine(fmt.Sprintf("Customer %d", i)), Groups: []string{[]string{"gold", "silver"}[i%2]}}
		s.Parts = append(s.Parts, soc.Part{Status: soc.Status{Tenant: c, Health: soc.HealthFresh, LastGood: noon()}})
	}
	return s
}

func look(s *soc.Snapshot) Look {
	return Look{Theme: style.New(colorprofile.ASCII, style.Dark), Snap: s, Now: noon(), ReadOnly: func(id soc.TenantID) bool { return strings.HasSuffix(string(id), "3") }}
}

func drawn(p *Page, s *soc.Snapshot, width, height int) string {
	return ansi.Strip(strings.Join(p.Draw(look(s), width, height), "\n"))
}

func on(p *Page, s *soc.Snapshot) string {
	part, ok := p.Current(s, noon())
	if !ok {
		return ""
	}
	return string(part.Status.Tenant.Code)
}

func TestItOpensOnTheFirstThatIsInTrouble(t *testing.T) {
	t.Parallel()
	s := estate(500)
	if got := on(New(s), s); got != "C000" {
		t.Errorf("with all in order: %s", got)
	}
	s.Parts[3].Status.Health = soc.HealthStarting
	s.Parts[321].Status.Health, s.Parts[321].Status.Problem = soc.HealthNoAccess, text.NewLine("your account is not in this tenant")
	s.Parts[321].Status.Next = text.NewLine("request access")
	s.Parts[400].Status.Health = soc.HealthStale
	p := New(s)
	if got := on(p, s); got != "C321" {
		t.Errorf("on %s", got)
	}
	for _, size := range [][2]int{{60, 13}, {80, 22}, {160, 48}, {4000, 6}, {60, 3}} {
		f := drawn(p, s, size[0], size[1])
		lines := strings.Split(f, "\n")
		if len(lines) != size[1] {
			t.Errorf("%d lines of %d", len(lines), size[1])
		}
		for _, l := range lines {
			if w := ansi.StringWidthWc(l); w > size[0] {
				t.Errorf("%d cells of %d: %q", w, size[0], l)
			}
		}
		if size[1] > 10 && (!strings.Contains(f, "> C321") || !strings.Contains(f, "Next: request access")) {
			t.Errorf("at %v:\n%s", size, f)
		}
	}
	empty := &soc.Snapshot{}
	if p := New(empty); on(p, empty) != "" || drawn(p, empty, 80, 20) == "" {
		t.Error("no customers are trouble")
	}
}

func TestTheCursorStaysOnItsCustomer(t *testing.T) {
	t.Parallel()
	s := estate(500)
	p := New(s)
	drawn(p, s, 120, 40)
	p.Move(s, noon(), func(v *table.View) { v.Move(250) })
	for _, c := range []struct{ word, on string }{{"", "C250"}, {"C2", "C250"}, {"gold", "C250"}, {"silver", "C001"}, {"", "C250"}, {"customer 250", "C250"},
		{"zzz", ""}, {" FRESH ", "C250"}, {"", "C250"}} {
		p.Filter(c.word)
		f := drawn(p, s, 120, 40)
		if got := on(p, s); got != c.on {
			t.Errorf("with %q on %s, want %s", c.word, got, c.on)
		}
		if c.on != "" && !strings.Contains(f, "> "+c.on) {
			t.Errorf("with %q the cursor is out of sight:\n%s", c.word, f)
		}
	}
	later := estate(500)
	for n := range later.Parts {
		later.Parts[n].Status.Health, later.Parts[n].Status.Problem = soc.HealthStale, text.NewLine("no answer")
	}
	p.Filter("fresh")
	if got := on(p, s); got != "C250" {
		t.Errorf("on %s", got)
	}
	if got := on(p, later); got != "" || !strings.Contains(drawn(p, later, 120, 40), "No customer has") {
		t.Errorf("none is fresh, yet it stands on %s", got)
	}
	p.Move(later, noon(), (*table.View).End)
	p.Filter("")
	if got := on(p, later); got != "C250" {
		t.Errorf("on %s", got)
	}
	p.Filter("silver")
	p.Move(later, noon(), func(v *table.View) { v.Move(1) })
	p.Filter("")
	if got := on(p, later); got != "C003" {
		t.Errorf("a move among what shows counts from there: on %s", got)
	}
}

func TestARowSaysHowGoodTheDataIs(t *testing.T) {
	t.Parallel()
	s := estate(6)
	st := func(n int) *soc.Status { return &s.Parts[n].Status }
	st(1).Partial = text.NewLine("alerts are missing")
	st(2).Health, st(2).LastGood, st(2).Problem = soc.HealthStale, time.Time{}, text.NewLine("no answer")
	st(3).Health, st(3).Until = soc.HealthThrottled, noon().Add(90*time.Second)
	st(4).CallsMinute, st(4).Budget, st(4).LastChange = 7, 50, noon().Add(-3*time.Minute)
	st(5).Health = soc.HealthStarting
	s.Parts[0].Incidents = []*soc.Incident{{State: soc.StateNew, Severity: soc.SeverityHigh}, {State: soc.StateActive}, {State: soc.StateResolved, Severity: soc.SeverityHigh}}
	f := drawn(New(s), s, 160, 20)
	for n, want := range []string{"fresh 0s 2 1", "partial", "not read yet: no answer ? ?", "throttled until 12:01:30Z", "3m 7/50", "reading"} {
		line := ""
		for _, l := range strings.Split(f, "\n") {
			if strings.Contains(l, fmt.Sprintf("C%03d", n)) && strings.Contains(l, "Customer") {
				line = strings.Join(strings.Fields(l), " ")
			}
		}
		if !strings.Contains(line, want) {
			t.Errorf("customer %d: %q, want %s", n, line, want)
		}
		if got := strings.Contains(line, "read only"); got != (n == 3) {
			t.Errorf("customer %d: %q", n, line)
		}
	}
}
