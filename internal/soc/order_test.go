package soc

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/socctl/socctl/internal/text"
)

func TestParseOrder(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Order{"age": OrderAge, "-age": OrderAge.Reverse(), "SLA": OrderSLA, "-Title": "-title", "urgency": OrderUrgency} {
		if got, err := ParseOrder(in); err != nil || got != want {
			t.Errorf("%q is %q, %v", in, got, err)
		}
	}
	for in, says := range map[string]string{
		"aeg": `there is no order "aeg": did you mean age?`, "-aeg": `there is no order "-aeg": did you mean -age?`,
		"--age": "did you mean -age?", "": "there are urgency, severity, age,", "-": "there are urgency,", "xyzzy": ", title, alerts, entities,",
		"-\x1b[m": `there is no order "-\u{1b}[m"`,
	} {
		if _, err := ParseOrder(in); err == nil || !strings.Contains(err.Error(), says) || strings.ContainsRune(err.Error(), 0x1b) {
			t.Errorf("%q: %v, want %s", in, err, says)
		}
	}
	if Orders()[0] != OrderUrgency {
		t.Error("urgency is not the first order")
	}
	for _, o := range Orders() {
		back := o.Reverse()
		if o.Reversed() || !back.Reversed() || back.Base() != o || o.Base() != o || back.Reverse() != o {
			t.Errorf("%s and back is %s", o, back)
		}
		if got, err := ParseOrder(string(back)); err != nil || got != back {
			t.Errorf("%s reads back as %s, %v", back, got, err)
		}
	}
}

func TestEachColumnHasItsOrderInBothDirections(t *testing.T) {
	t.Parallel()
	gold, none := tenant(contoso, "CONT"), tenant(fabrikam, "FABR")
	none.SLA = nil
	ago := func(d time.Duration) time.Time { return noon().Add(-d) }
	list := []*Incident{
		incident(gold, "9", func(i *Incident) {
			i.Severity, i.Created, i.Updated, i.AlertCount = SeverityHigh, ago(50*time.Minute), ago(3*time.Minute), 2
			i.Title, i.AssignedTo = text.NewLine("beta"), text.NewLine("mira")
			i.Digest.Entities = make([]Entity, 3)
		}),
		incident(gold, "10", func(i *Incident) {
			i.Severity, i.Created, i.Updated, i.AlertCount = SeverityMedium, ago(40*time.Minute), ago(2*time.Minute), 7
			i.Title, i.State = text.NewLine("Alpha, a title that is longer than what is compared at once, 2"), StateActive
			i.Digest.Entities = make([]Entity, 1)
		}),
		incident(none, "8", func(i *Incident) {
			i.Severity, i.Created, i.Updated, i.AlertCount = SeverityHigh, ago(30*time.Minute), ago(4*time.Minute), -1
			i.Title, i.State, i.AssignedTo = text.NewLine("ALPHA, a title that is longer than what is compared at once, 1"), StateResolved, text.NewLine("Kai")
			i.Ref.Source = SourceSentinel
		}),
		incident(none, "7", func(i *Incident) {
			i.Severity, i.Created, i.Updated, i.AlertCount = SeverityLow, time.Time{}, time.Time{}, 0
			i.Title, i.State = text.Line{}, State("paused")
			i.Sources = []SourceRef{{SourceDefender, "7"}, {SourceSentinel, "70"}}
		}),
	}
	for order, want := range map[Order]string{
		OrderSeverity: "9 8 10 7", "-severity": "7 10 9 8",
		OrderAge: "9 10 8 7", "-age": "8 10 9 7",
		OrderUpdated: "10 9 8 7", "-updated": "8 9 10 7",
		OrderTenant: "9 10 7 8", "-tenant": "7 8 9 10",
		OrderSLA: "9 10 7 8", "-sla": "10 9 7 8",
		OrderID: "7 8 9 10", "-id": "10 9 8 7",
		OrderTitle: "8 10 9 7", "-title": "9 10 8 7",
		OrderAlerts: "10 9 7 8", "-alerts": "7 9 10 8",
		OrderEntities: "9 10 7 8", "-entities": "7 10 9 8",
		OrderStatus: "9 10 8 7", "-status": "7 8 10 9",
		OrderOwner: "8 9 7 10", "-owner": "9 8 7 10",
		OrderSource: "9 10 7 8", "-source": "8 7 9 10",
		OrderUrgency: "9 10 7 8", "-urgency": "8 7 10 9",
	} {
		mixed := slices.Clone(list)
		for turn := range 5 {
			rand.New(rand.NewPCG(uint64(turn), 1)).Shuffle(len(mixed), func(a, b int) { mixed[a], mixed[b] = mixed[b], mixed[a] })
			Sort(mixed, order, noon())
			var got []string
			for _, i := range mixed {
				got = append(got, i.Ref.ID)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("by %s: %s, want %s", order, strings.Join(got, " "), want)
				break
			}
		}
	}
}

// lacks tells whether an incident has nothing that an order could go by.
func lacks(i *Incident, o Order) bool {
	switch o.Base() {
	case OrderSLA:
		s := SLAOf(i, noon()).State
		return s == SLANone || s == SLADone
	case OrderAlerts:
		return i.AlertCount < 0
	case OrderEntities:
		return i.AlertCount < 0 && len(i.Digest.Entities) == 0
	case OrderOwner:
		return i.AssignedTo.IsZero()
	}
	return false
}

func TestOrdersAreTotalAndPutWhatIsMissingLast(t *testing.T) {
	t.Parallel()
	var all []*Incident
	for i := range crowd(6, 7, 400).All() {
		all = append(all, i)
	}
	for n := range 40 { // some of one moment
		all[n].Created = all[0].Created
	}
	rapid.Check(t, func(t *rapid.T) {
		by := rapid.SampledFrom(Orders()).Draw(t, "order")
		if rapid.Bool().Draw(t, "back") {
			by = by.Reverse()
		}
		one, other := slices.Clone(all), slices.Clone(all)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "shuffle"), 0))
		r.Shuffle(len(other), func(a, b int) { other[a], other[b] = other[b], other[a] })
		Sort(one, by, noon())
		Sort(other, by, noon())
		if !slices.Equal(one, other) {
			t.Fatalf("by %s the same incidents come in two orders", by)
		}
		missing := false
		for _, i := range one {
			if missing && !lacks(i, by) {
				t.Fatalf("by %s %s stands behind one that lacks it", by, i.Ref)
			}
			missing = lacks(i, by)
		}
	})
}

// TestTimesBeyondNanosecondsAreOrdered: the wire may carry any year of four digits.
func TestTimesBeyondNanosecondsAreOrdered(t *testing.T) {
	t.Parallel()
	c := tenant(contoso, "CONT")
	var list []*Incident
	for n, year := range []int{9999, 1, 1600, 2262, 2026} {
		list = append(list, incident(c, string(rune('1'+n)), func(i *Incident) { i.Created = time.Date(year, 3, 1, 0, 0, 0, 0, time.UTC) }))
	}
	Sort(list, OrderAge, noon())
	if got := refs(list); got != "CONT-2 CONT-3 CONT-5 CONT-4 CONT-1" {
		t.Errorf("by age: %s", got)
	}
}
