package table

import (
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
		{10, "SEV CUST ID TITLE"},
	}
	for _, c := range cases {
		l := Lay(columns(), c.width)
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
			row := Lay(columns(), width).Row(theme, cells, cursor)
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
	row := ansi.Strip(Lay(columns(), 100).Row(theme, cells, false))
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
		{"to the margin", func() { v.Move(6) }, 7, 0},
		{"scrolls by one", func() { v.Move(1) }, 8, 1},
		{"page down", func() { v.Page(2) }, 18, 11},
		{"half a page up", func() { v.Page(-1) }, 13, 6},
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

func BenchmarkRow(b *testing.B) {
	theme := style.New(colorprofile.TrueColor, style.Dark)
	l := Lay(columns(), 160)
	cells := []Cell{{Text: "High", Paint: style.High}, {Text: "CONT"}, {Text: "28282"}, {Text: "Multi-stage incident on one endpoint"},
		{Text: "3 dev 2 usr"}, {Text: "D+S"}, {Text: "kai"}}
	b.ReportAllocs()
	for b.Loop() {
		l.Row(theme, cells, true)
	}
}
