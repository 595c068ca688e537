package ui

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/page/queue"
)

// idColumn gives a list of which the first column is the number.
func idColumn(o *Options) {
	for n := range o.Settings.Sections {
		o.Settings.Sections[n].Columns = []string{"id", "cust", "title"}
	}
}

// ids is the numbers of the marked rows that show.
func (b *bench) ids() string {
	var ids []string
	for _, l := range strings.Split(b.frame(), "\n") {
		if rest, ok := strings.CutPrefix(l, "+"); ok {
			ids = append(ids, strings.Fields(strings.TrimPrefix(rest, ">"))[0])
		}
	}
	return strings.Join(ids, " ")
}

func TestMarkingMovesDown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, herd(4), 120, 40, idColumn)
		b.press("6", " ", " ")
		if b.ids() != "00001 00002" || b.cursor() != "CONT-00003" {
			t.Errorf("marked %s, cursor on %s", b.ids(), b.cursor())
		}
		b.shows("2 marked")
		b.hides("marked, ")
		b.press("j", " ", " ")
		if b.ids() != "00001 00002" || b.cursor() != "CONT-00004" {
			t.Errorf("twice on the last row: marked %s, cursor on %s", b.ids(), b.cursor())
		}
		b.press("V")
		if b.ids() != "" {
			t.Errorf("marked %s", b.ids())
		}
		b.press("V")
		b.shows("Nothing is marked")
	})
}

func TestARangeOfMarks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, herd(6), 120, 40, idColumn)
		b.press("6", "/", "sev:low", "enter", "j", "v")
		b.shows("1 in range", "v marks it, esc forgets it")
		b.press("jj")
		if b.ids() != "00002 00003 00004" {
			t.Errorf("in the range %s", b.ids())
		}
		b.shows("3 in range")
		b.press("kkk")
		if b.ids() != "00001 00002" {
			t.Errorf("up from its beginning: %s", b.ids())
		}
		b.press("esc")
		if b.ids() != "" || b.m.queue.Filter.IsZero() || b.m.queue.Ranging() {
			t.Errorf("esc: marked %s, the filter is %q", b.ids(), b.m.queue.Filter)
		}
		b.press("j", "v", "j", "v")
		if b.ids() != "00002 00003" || b.m.queue.Ranging() {
			t.Errorf("marked %s", b.ids())
		}
		b.press("G", "v", "k", " ")
		if b.ids() != "00002 00003 00005 00006" || b.m.queue.Ranging() {
			t.Errorf("space ends a range: marked %s", b.ids())
		}
		b.press("v", "*")
		b.shows("6 marked")
		b.press("v", "2", "6")
		b.hides("in range")
		b.shows("6 marked")
		b.press("v", "V")
		if b.ids() != "" || b.m.queue.Ranging() {
			t.Errorf("marked %s", b.ids())
		}
	})
}

func TestMarksStayThroughEveryChangeOfTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := estate()
		b := newBench(t, s, 160, 40, idColumn)
		check := func(what, ids, words string) {
			t.Helper()
			b.settle()
			if b.ids() != ids {
				t.Errorf("%s: marked %q, want %q", what, b.ids(), ids)
			}
			b.shows(words)
			if !strings.Contains(words, "hidden") {
				b.hides("marked, ")
			}
		}
		b.press("6", " ", " ")
		check("marked", "28282 1204", "2 marked")
		b.press("2")
		check("another section", "1204", "2 marked, 1 hidden")
		b.press("4")
		check("a section without them", "", "2 marked, 2 hidden")
		b.press(" ")
		check("one more there", "311", "3 marked, 2 hidden")
		b.press(" ")
		check("and not", "", "2 marked, 2 hidden")
		b.press("6", "/", "sev:high owner:none", "enter")
		check("a filter", "28282", "2 marked, 1 hidden")
		b.press("esc")
		check("no filter", "28282 1204", "2 marked")
		b.press(":sort -id", "enter")
		check("another order", "28282 1204", "2 marked")
		b.press("t", "fab", "enter")
		check("another customer", "1204", "2 marked, 1 hidden")
		b.press("T")
		check("all customers", "28282 1204", "2 marked")
		b.queue.publish(with(s, 0, incident(s.Parts[0].Status.Tenant, "28300", soc.SeverityHigh, 3*time.Hour, "Worse")))
		b.settle()
		check("its incident vanished behind the key", "28282 1204", "2 marked")
		b.press(".")
		check("it vanished", "1204", "2 marked, 1 hidden")
		b.queue.publish(with(b.queue.Snapshot(), 0, s.Parts[0].Incidents...))
		b.settle()
		check("it waits", "1204", "2 marked, 1 hidden")
		b.press(".")
		check("it is back", "28282 1204", "2 marked")
		b.press("enter", "esc", "D", "esc", "@", "esc")
		check("other pages", "28282 1204", "2 marked")
	})
}

func TestAtMostTenThousandAreMarked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, herd(queue.MaxMarks+1), 120, 40)
		b.press("6", "*")
		b.shows("10000 incidents are marked, the most at once; 1 rows are not", "10000 marked")
		b.press("G", " ")
		b.shows("At most 10000 incidents can be marked at once")
		if len(b.m.queue.Marks()) != queue.MaxMarks || b.cursor() != "CONT-10001" {
			t.Errorf("%d marked, cursor on %s", len(b.m.queue.Marks()), b.cursor())
		}
		b.press("g", "v", "G", "v")
		b.shows("10000 incidents are marked, the most at once; 1 rows are not")
		checkFrame(t, b, 120, 40)
		b.press("V", "*")
		b.shows("10000 marked")
	})
}

// TestKeysBehindMarkAllAreNotLost: marking very many rows takes its time, and the analyst types on.
func TestKeysBehindMarkAllAreNotLost(t *testing.T) {
	t.Parallel()
	for keys, want := range map[string]string{"*V": "", "* ": "3 marked", "*2": "4 marked, 3 hidden", "*v": "1 in range"} {
		synctest.Test(t, func(t *testing.T) {
			b := newBench(t, estate(), 120, 40)
			b.press("6", " ", "g")
			for _, k := range keyOf(keys) {
				b.handle(k)
			}
			b.settle()
			b.shows(want)
			if want == "" {
				b.hides("marked")
			}
		})
	}
}

func TestMarkingWhereNothingIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 120, 40)
		b.press("/", "zzz", "enter")
		for _, k := range []string{" ", "v"} {
			b.press(k)
			b.shows("There is no incident here")
		}
		b.press("*", "V")
		b.shows("Nothing is marked")
		b.handle(tea.KeyPressMsg{Code: '1', Text: "1"}) // the list is on its way
		b.handle(tea.KeyPressMsg{Code: ' ', Text: " "})
		b.settle()
		if len(b.m.queue.Marks()) != 0 {
			t.Error("something was marked while no row showed")
		}
	})
}
