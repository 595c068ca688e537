package table

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/ui/style"
)

func columns() []Column {
	return []Column{
		{Title: "SEV", Width: 6},
		{Title: "CUST", Width: 6},
		{Title: "ID", Width: 8},
		{Title: "TITLE", Width: 20, Flex: true},
		{Title: "ENTITIES", Width: 12, Drop: 2},
		{Title: "SRC", Width: 3, Drop: 3},
		{Title: "OWNER", Width: 8, Drop: 1, Right: true},
	}
}

// fitted is a table of a width without cursor or sort.
func fitted(width int) Options { return Options{Width: width, Column: -1, Sorted: -1} }

func TestLayDropsTheHighestFirst(t *testing.T) {
	t.Parallel()
	cases := []struct {
		width int
		want  string
	}{
		{100, "SEV CUST ID TITLE ENTITIES SRC OWNER"},
		{76, "SEV CUST ID TITLE ENTITIES OWNER"},
		{60, "SEV CUST ID TITLE OWNER"},
		{55, "SEV CUST ID TITLE"},
		{30, "SEV CUST ID TITLE"},
		{10, "SEV"},
	}
	for _, c := range cases {
		l := Lay(columns(), fitted(c.width))
		var names []string
		for _, col := range l.Columns {
			names = append(names, col.Title)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("at %d cells: %s, want %s", c.width, got, c.want)
		}
	}
}

func TestARowIsExactlyAsWideAsItsTable(t *testing.T) {
	t.Parallel()
	theme := style.New(colorprofile.TrueColor, style.Dark)
	cells := []Cell{{Text: "High", Paint: style.High}, {Text: "CONT"}, {Text: "28282"}, {Text: "日本語 title 🔴", Altered: true},
		{Text: "3 dev"}, {Text: "D+S"}, {Text: "kai"}}
	for width := 60; width < 200; width++ {
		for _, cursor := range []bool{false, true} {
			row := Lay(columns(), fitted(width)).Row(theme, cells, RowState{Cursor: cursor})
			if got := ansi.StringWidth(row); got != width {
				t.Fatalf("at %d cells, cursor %v: the row has %d: %q", width, cursor, got, row)
			}
		}
	}
}

func TestTheMarkOfAlteredTextStandsInTheGap(t *testing.T) {
	t.Parallel()
	theme := style.New(colorprofile.ASCII, style.Dark)
	cells := make([]Cell, 7)
	cells[3] = Cell{Text: "evil", Altered: true}
	row := ansi.Strip(Lay(columns(), fitted(100)).Row(theme, cells, RowState{}))
	if i := strings.Index(row, "!evil"); i != prefix+6+gap+6+gap+8+gap-1 {
		t.Errorf("the mark stands at %d in %q", i, row)
	}
}

func TestViewKeepsTheCursorOnTheScreen(t *testing.T) {
	t.Parallel()
	v := View{Height: 10, Len: 100}
	steps := []struct {
		name        string
		do          func()
		cursor, top int
	}{
		{"down", func() { v.Move(1) }, 1, 0},
		{"to the last on the screen", func() { v.Move(8) }, 9, 0},
		{"scrolls by one", func() { v.Move(1) }, 10, 1},
		{"page down", func() { v.Page(2) }, 20, 11},
		{"half a page up", func() { v.Page(-1) }, 15, 6},
		{"end", v.End, 99, 90},
		{"beyond the end", func() { v.Move(5) }, 99, 90},
		{"home", v.Home, 0, 0},
		{"a shorter list", func() { v.Cursor = 50; v.Len = 3; v.Fit() }, 2, 0},
		{"an empty list", func() { v.Len = 0; v.Fit() }, 0, 0},
	}
	for _, s := range steps {
		s.do()
		if v.Cursor != s.cursor || v.Top != s.top {
			t.Errorf("%s: cursor %d, top %d, want %d, %d", s.name, v.Cursor, v.Top, s.cursor, s.top)
		}
	}
}

// everyLayout gives layouts of the queue's columns in all modes and at all widths.
func everyLayout(visit func(Options, Layout)) {
	all := queueColumns()
	for width := 1; width < 220; width++ {
		for offset := range len(all) {
			for _, wide := range []bool{false, true} {
				o := Options{Width: width, Wide: wide, Offset: offset, Column: offset, Sorted: len(all) - 1 - offset, Marker: offset%2 == 0}
				visit(o, Lay(all, o))
			}
		}
	}
}

func TestEveryLineIsExactlyAsWideAsItsTable(t *testing.T) {
	t.Parallel()
	theme := style.New(colorprofile.TrueColor, style.Dark)
	cells := queueRow(11)
	cells[4] = Cell{Text: "日本語 title 🔴", Altered: true}
	everyLayout(func(o Options, l Layout) {
		for _, r := range []RowState{{}, {Cursor: true}, {Marked: true}, {Cursor: true, Marked: true}} {
			if got := ansi.StringWidthWc(l.Row(theme, cells, r)); o.Width > prefix && got != o.Width {
				t.Fatalf("%+v, %+v: the row has %d cells", o, r, got)
			}
		}
		if got := ansi.StringWidthWc(l.Head(theme)); o.Width > prefix && got > o.Width {
			t.Fatalf("%+v: the head has %d cells", o, got)
		}
	})
}

func TestHeadShowsCursorSortAndWhatIsHidden(t *testing.T) {
	t.Parallel()
	theme := style.New(colorprofile.ASCII, style.Dark)
	cases := []struct {
		name, want string
		o          Options
	}{
		{"narrow", "   SEV       LEFT  CUST  ID     TITLE                         STATUS    OWNER", Options{Width: 80, Column: -1, Sorted: -1}},
		{"sorted", "   SEV      LEFT↓  CUST  ID     TITLE                         STATUS    OWNER", Options{Width: 80, Column: -1, Sorted: 1}},
		{"sort of a short title", "   SEV       LEFT  CUS↓", Options{Width: 23, Column: -1, Sorted: 2}},
		{"reversed",
			"   SEV↑      LEFT  CUST  ID     TITLE                         STATUS    OWNER", Options{Width: 80, Column: -1, Reversed: true}},
		{"wide",
			"   SEV       LEFT  CUST  ID     TITLE                                      ›", Options{Width: 76, Wide: true, Column: -1, Sorted: -1}},
		{"scrolled", "   SEV       LEFT  CUST  ID    ‹ALERTS  ENTITIES      STATUS         ›",
			Options{Width: 70, Wide: true, Column: -1, Sorted: -1, Offset: 5}},
		{"at the end",
			"   SEV       LEFT  CUST  ID    ‹ENTITIES      STATUS    OWNER     SRC", Options{Width: 79, Wide: true, Column: -1, Sorted: -1, Offset: 6}},
	}
	for _, c := range cases {
		if got := ansi.Strip(Lay(queueColumns(), c.o).Head(theme)); got != c.want {
			t.Errorf("%s:\n%q, want\n%q", c.name, got, c.want)
		}
	}
	head := Lay(queueColumns(), Options{Width: 80, Column: 2, Sorted: -1}).Head(theme)
	if !strings.Contains(head, theme.On(style.Column, "CUST")) {
		t.Errorf("the column cursor is not on CUST: %q", head)
	}
}

func TestScrollBringsTheColumnIntoSightWithTheLeastMovement(t *testing.T) {
	t.Parallel()
	all := queueColumns()
	cases := []struct {
		name                        string
		width, column, offset, want int
	}{
		{"all fits", 200, 9, 7, 4},
		{"in sight", 90, 5, 4, 4},
		{"to the right", 90, 7, 4, 5},
		{"to the last", 90, 9, 4, 5},
		{"to the last of a narrow table", 70, 9, 4, 6},
		{"back to the left", 90, 4, 6, 4},
		{"a column that stays", 70, 1, 6, 6},
		{"nothing hidden on the right", 90, 1, 6, 5},
		{"no column", 90, -1, 5, 5},
		{"behind the last", 90, -1, 99, 5},
		{"hardly any room", 36, 8, 4, 8},
	}
	for _, c := range cases {
		o := Options{Width: c.width, Wide: true, Column: c.column, Sorted: -1, Offset: c.offset}
		if got := Scroll(all, o); got != c.want {
			t.Errorf("%s: offset %d, want %d", c.name, got, c.want)
		}
	}
	for width := 40; width < 200; width++ {
		o := Options{Width: width, Wide: true, Sorted: -1}
		for _, o.Column = range []int{4, 9, 0, 5, 8, 4, 7} {
			o.Offset = Scroll(all, o)
			if l := Lay(all, o); !slices.Contains(l.Index, o.Column) {
				t.Fatalf("at %d cells column %d is out of sight: %v", width, o.Column, l.Index)
			}
			if again := Scroll(all, o); again != o.Offset {
				t.Fatalf("at %d cells column %d scrolls from %d on to %d", width, o.Column, o.Offset, again)
			}
		}
	}
	if got := Scroll(all, Options{Width: 40, Column: 9, Offset: 5}); got != 0 {
		t.Errorf("a table that is not wide scrolls to %d", got)
	}
}

func TestBesideStaysAmongTheColumnsThatAreShown(t *testing.T) {
	t.Parallel()
	all := queueColumns()
	cases := []struct {
		o           Options
		steps, want int
	}{
		{Options{Width: 80, Column: -1}, 1, 0},
		{Options{Width: 80, Column: 4}, 1, 7},
		{Options{Width: 80, Column: 7}, -1, 4},
		{Options{Width: 80, Column: 8}, 1, 8},
		{Options{Width: 80, Column: 6}, 1, 7},
		{Options{Width: 80, Column: 6}, -1, 4},
		{Options{Width: 80, Column: 4, Wide: true}, 1, 5},
		{Options{Width: 80, Column: 9, Wide: true}, 1, 9},
		{Options{Width: 0, Column: 3}, 1, -1},
	}
	for _, c := range cases {
		if got := Beside(all, c.o, c.steps); got != c.want {
			t.Errorf("%+v, %d steps: %d, want %d", c.o, c.steps, got, c.want)
		}
	}
}

func TestARowShowsItsMarkAndItsCursor(t *testing.T) {
	t.Parallel()
	theme := style.New(colorprofile.TrueColor, style.Dark)
	cells := queueRow(3)
	cells[0].Altered = true
	l := Lay(queueColumns(), fitted(100))
	for r, want := range map[RowState]string{{}: "  !■ High", {Cursor: true}: " >!■ High", {Marked: true}: "+ !■ High",
		{Cursor: true, Marked: true}: "+>!■ High"} {
		row := l.Row(theme, cells, r)
		if got := ansi.Strip(row); !strings.HasPrefix(got, want) {
			t.Errorf("%+v: %q, want %q", r, got, want)
		}
		if r.Marked != strings.Contains(row, theme.On(style.Mark, "+")) {
			t.Errorf("%+v: the mark's paint is wrong: %q", r, row)
		}
		before, _, _ := strings.Cut(theme.On(style.Selection, "x"), "x")
		_, painted, on := strings.Cut(row, before)
		if on != r.Cursor {
			t.Errorf("%+v: the row's paint is wrong: %q", r, row)
		}
		if painted, _, _ = strings.Cut(painted, "\x1b"); on && ansi.StringWidthWc(painted) != 2+6+gap+6+gap+4 {
			t.Errorf("%+v: painted is %q, want what is in front of the plain column", r, painted)
		}
	}
	o := fitted(100)
	o.Marker = true
	row := Lay(queueColumns(), o).Row(theme, cells, RowState{Cursor: true})
	before, _, _ := strings.Cut(theme.On(style.Selection, "x"), "x")
	if strings.Contains(row, before) || !strings.HasPrefix(ansi.Strip(row), " >") {
		t.Errorf("a marker alone paints the row: %q", row)
	}
}

// TestThePaintEndsAlsoWhereThePlainColumnIsScrolledAway: a painted title would cost a title for each move.
func TestThePaintEndsAlsoWhereThePlainColumnIsScrolledAway(t *testing.T) {
	t.Parallel()
	theme := style.New(colorprofile.TrueColor, style.Dark)
	all := queueColumns()
	all[3].Fixed = false
	row := Lay(all, Options{Width: 70, Wide: true, Offset: 4, Column: -1, Sorted: -1}).Row(theme, queueRow(3), RowState{Cursor: true})
	before, _, _ := strings.Cut(theme.On(style.Selection, "x"), "x")
	_, painted, _ := strings.Cut(row, before)
	if painted, _, _ = strings.Cut(painted, "\x1b"); ansi.StringWidthWc(painted) != 2+6+gap+6+gap+4 {
		t.Errorf("painted is %q", painted)
	}
}

func TestAStepBringsSeveralRowsIntoSight(t *testing.T) {
	t.Parallel()
	v := View{Height: 10, Len: 100, Step: 3}
	var tops []int
	for range 16 {
		v.Move(1)
		tops = append(tops, v.Top)
	}
	if want := []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 3, 6, 6, 6, 9}; !slices.Equal(tops, want) {
		t.Errorf("tops %v, want %v", tops, want)
	}
	v = View{Height: 10, Len: 100, Step: 3, Cursor: 50, Top: 50}
	if v.Move(-1); v.Top != 47 {
		t.Errorf("one up: top %d, want 47", v.Top)
	}
	for height := range 5 { // a step is never longer than the screen
		v = View{Height: height, Len: 100, Step: 50}
		for range 30 {
			if v.Move(1); v.Cursor < v.Top || v.Cursor >= v.Top+v.Height {
				t.Fatalf("height %d: the cursor stands on %d, the top on %d", height, v.Cursor, v.Top)
			}
		}
	}
}

func BenchmarkRow(b *testing.B) {
	theme := style.New(colorprofile.TrueColor, style.Dark)
	l := Lay(queueColumns(), fitted(160))
	cells := queueRow(3)
	for name, r := range map[string]RowState{"plain": {}, "cursor": {Cursor: true}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Row(theme, cells, r)
			}
		})
	}
}

// BenchmarkFrame draws a list of 47 lines, its head among them.
func BenchmarkFrame(b *testing.B) {
	theme := style.New(colorprofile.TrueColor, style.Dark)
	rows := make([][]Cell, 46)
	for n := range rows {
		rows[n] = queueRow(n)
	}
	b.ReportAllocs()
	for b.Loop() {
		l := Lay(queueColumns(), fitted(160))
		l.Head(theme)
		for n := range rows {
			l.Row(theme, rows[n], RowState{Cursor: n == 7})
		}
	}
}
