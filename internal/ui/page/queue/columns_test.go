package queue

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/style"
)

func TestColumnsAreChecked(t *testing.T) {
	t.Parallel()
	for ids, want := range map[string]string{
		"": "", "cust id title": "", "title id cust sev": "", "cust id": "title cannot be left out", "sev": "cust cannot be left out",
		"cust id title titel": "did you mean title", "cust id title id": "id stands there twice", "cust id title xyzzyx": "there are sev, left",
		"cust id title \x1b": "there is no column",
	} {
		err := CheckColumns(strings.Fields(ids))
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", ids, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %s", ids, err, want)
		case err != nil && strings.Contains(err.Error(), "\x1b"):
			t.Errorf("%q reaches the message", ids)
		}
	}
	for _, c := range Columns() {
		if _, err := soc.ParseOrder(string(c.Order)); err != nil && c.Order != "" {
			t.Errorf("the column %s sorts by %v", c.ID, err)
		}
	}
}

// titleIn tells whether a head line shows a column, whose title may have been cut for the sign of the sort.
func titleIn(head, title string) bool { return strings.Contains(head, title[:min(len(title), 2)]) }

func TestTheColumnCursorStandsOnWhatIsShown(t *testing.T) {
	t.Parallel()
	s := snapshot(1, 11, 12)
	reverse, _, _ := strings.Cut(theme().On(style.Column, "x"), "x")
	if reverse == "" {
		t.Fatal("the column cursor cannot be seen")
	}
	for _, own := range [][]string{nil, {"title", "cust", "id"}, {"cust", "age", "customer", "id", "title", "tags", "tech", "updated"}} {
		p := made(s, Section{Name: "Own", Columns: own})
		for _, wide := range []bool{false, true} {
			for _, width := range []int{160, 80, 60, 100} {
				for _, step := range []int{0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1} {
					p.Wide = wide
					look := Look{Theme: theme(), Snap: s, Now: noon()}
					p.Draw(look, width, 20)
					p.MoveColumn(step)
					head := p.Draw(look, width, 20)[0]
					if !strings.Contains(head, reverse) {
						t.Fatalf("%v at %d cells: no column has the cursor: %q", own, width, head)
					}
					_, at, _ := strings.Cut(head, reverse)
					if c := p.Column(); !strings.HasPrefix(at, c.Title[:min(len(c.Title), 2)]) {
						t.Fatalf("%v at %d cells: the cursor is said to stand on %s: %q", own, width, c.ID, head)
					}
				}
			}
		}
	}
}

func TestTheColumnCursorIsSeenAfterTheWindowOrTheSectionChanged(t *testing.T) {
	t.Parallel()
	s := snapshot(1, 11, 12)
	p := made(s, Section{Name: "Usual"}, Section{Name: "Own", Columns: []string{"title", "cust", "id"}})
	reverse, _, _ := strings.Cut(theme().On(style.Column, "x"), "x")
	look := Look{Theme: theme(), Snap: s, Now: noon()}
	p.MoveColumn(99)
	if p.Column().ID != "src" {
		t.Fatalf("the last column is %s", p.Column().ID)
	}
	head := p.Draw(look, 60, 20)[0]
	if titleIn(head, "SRC") || !strings.Contains(head, reverse+p.Column().Title[:2]) {
		t.Errorf("at 60 cells the cursor stands on %s: %q", p.Column().ID, head)
	}
	p.Choose(1)
	head = p.Draw(look, 160, 20)[0]
	if !strings.Contains(head, reverse+p.Column().Title[:2]) {
		t.Errorf("in a section without that column the cursor stands on %s: %q", p.Column().ID, head)
	}
}

func TestAKeyBeforeTheFirstFrameIsNoTrouble(t *testing.T) {
	t.Parallel()
	p := New([]Section{{Name: "Everything"}})
	p.MoveColumn(1)
	p.MoveColumn(-1)
	p.Toggle()
	p.Range()
	p.Range()
	if c := p.Column(); c.ID == "" || len(p.Marks()) != 0 {
		t.Errorf("the cursor stands on the column %q, %d marked", c.ID, len(p.Marks()))
	}
}

func TestTheHeadShowsTheSort(t *testing.T) {
	t.Parallel()
	s := snapshot(1, 11, 12)
	p := made(s, Section{Name: "Everything", Columns: []string{"cust", "id", "title", "age", "updated", "sev", "left"}})
	for order, want := range map[soc.Order]string{"age": "AGE↓", "-age": "AGE↑", "updated": "CHANGE↓", "-sla": "LEFT↑", "-severity": "SEV↑"} {
		p.Order = order
		if head := ansi.Strip(p.Draw(Look{Theme: theme(), Snap: s, Now: noon()}, 160, 20)[0]); !strings.Contains(head, want) {
			t.Errorf("by %s the head is %q", order, head)
		}
	}
	p.Order = soc.OrderUrgency
	if head := p.Draw(Look{Theme: theme(), Snap: s, Now: noon()}, 160, 20)[0]; strings.ContainsAny(head, "↓↑") {
		t.Errorf("by urgency no column is sorted, yet the head is %q", head)
	}
}

func TestWideListsScrollToEveryColumn(t *testing.T) {
	t.Parallel()
	s := snapshot(1, 11, 12)
	var every []string
	for _, c := range Columns() {
		every = append(every, c.ID)
	}
	p := made(s, Section{Name: "Every", Columns: every})
	p.Wide = true
	look := Look{Theme: theme(), Snap: s, Now: noon()}
	seen := make(map[string]bool)
	for step := range 2 * len(every) {
		lines := p.Draw(look, 80, 20)
		for _, l := range lines {
			if w := ansi.StringWidthWc(l); w > 80 {
				t.Fatalf("%d cells: %q", w, l)
			}
		}
		for _, title := range strings.FieldsFunc(ansi.Strip(lines[0]), func(r rune) bool { return strings.ContainsRune(" ‹›", r) }) {
			seen[title] = true
		}
		if head := ansi.Strip(lines[0]); !strings.Contains(head, "CUST") || !strings.Contains(head, "ID") {
			t.Fatalf("whose row it is scrolled away: %q", head)
		}
		if step < len(every) {
			p.MoveColumn(1)
		} else {
			p.MoveColumn(-1)
		}
	}
	for _, c := range Columns() {
		if !seen[c.Title] {
			t.Errorf("the column %s never came into sight", c.ID)
		}
	}
	if head := ansi.Strip(p.Draw(look, 80, 20)[0]); strings.Contains(head, "‹") {
		t.Errorf("back at the first column, more is said to lie to the left: %q", head)
	}
}
