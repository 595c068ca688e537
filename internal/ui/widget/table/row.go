package table

import (
	"strings"

	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// RowState is what a row is to the person at the screen.
type RowState struct {
	Cursor bool
	Marked bool
}

// Head draws the line with the columns' titles, with the column cursor, the sort, and signs where scrolling leads to more.
func (l Layout) Head(theme *style.Theme) string {
	w := writer{theme: theme, paint: style.Subtle}
	w.blanks(prefix - 1)
	for n, c := range l.Columns {
		if n > 0 {
			w.blanks(gap - 1)
		}
		if n == l.scrolled && l.left {
			w.add(style.Accent, moreLeft)
			w.turn(style.Subtle)
		} else {
			w.blanks(1)
		}
		title := l.title(n)
		pad := c.Width - fit.Width(title)
		if c.Right {
			w.blanks(pad)
		}
		if l.Index[n] == l.o.Column {
			w.add(style.Column, title)
			w.turn(style.Subtle)
		} else {
			w.add(style.Subtle, title)
		}
		if !c.Right && (l.right || n < len(l.Columns)-1) {
			w.blanks(pad)
		}
	}
	if l.right && l.tail > 0 {
		w.blanks(l.tail - 1)
		w.add(style.Accent, moreRight)
	}
	return w.String()
}

// mark stands before a row that is marked.
const mark = "+"

// Row draws one row, exactly as wide as the table. cells has one cell for each column of the table, also for those that are
// not shown.
//
// Where the cursor stands, the row is painted from its marker up to the first plain column. No further: whatever is
// painted has to be written twice for each move, and a line over SSH may be slow. In a table with a marker alone, nothing is
// painted.
func (l Layout) Row(theme *style.Theme, cells []Cell, r RowState) string {
	w := writer{theme: theme}
	w.out.Grow(4 * l.o.Width)
	if r.Marked {
		w.add(style.Mark, mark)
		w.turn(style.Text)
	} else {
		w.blanks(1)
	}
	if w.selected = r.Cursor && !l.o.Marker; w.selected {
		w.turn(style.Selection)
	}
	if r.Cursor {
		w.add(style.Text, ">")
	} else {
		w.blanks(1)
	}
	for n, c := range l.Columns {
		cell := cells[l.Index[n]]
		if n == l.plain && w.selected {
			w.selected = false
			w.turn(style.Text)
		}
		w.gap(n, &cell)
		w.cell(c, cell)
	}
	w.blanks(l.tail)
	return w.String()
}

// writer joins neighbouring cells of one paint, so that each colour is told to the terminal once. Blanks take whatever colour is
// at hand.
type writer struct {
	theme    *style.Theme
	out      strings.Builder
	paint    style.Token
	open     bool   // something of the paint was written
	reset    string // ends the paint
	selected bool
}

// turn changes the paint. The colour is told when something is written in it.
func (w *writer) turn(paint style.Token) {
	if w.selected {
		paint = style.Selection
	}
	if paint == w.paint {
		return
	}
	w.close()
	w.paint = paint
}

func (w *writer) close() {
	if w.open {
		w.out.WriteString(w.reset)
	}
	w.open, w.reset = false, ""
}

// begin tells the paint to the terminal. What a paint puts around text is found by painting a NUL, which no safe text holds.
func (w *writer) begin() {
	if w.open {
		return
	}
	w.open = true
	var on string
	on, w.reset, _ = strings.Cut(w.theme.On(w.paint, "\x00"), "\x00")
	w.out.WriteString(on)
}

func (w *writer) add(paint style.Token, text string) {
	if text == "" {
		return
	}
	w.turn(paint)
	w.begin()
	w.out.WriteString(text)
}

// cell writes one cell in its column's width.
func (w *writer) cell(c Column, cell Cell) {
	if cell.Text == "" {
		w.blanks(c.Width)
		return
	}
	w.turn(cell.Paint)
	w.begin()
	fit.Write(&w.out, fit.Narrow(cell.Text), c.Width, c.Right)
}

func (w *writer) blanks(n int) {
	if n <= 0 {
		return
	}
	w.begin()
	w.out.WriteString(fit.Spaces(n))
}

// gap separates a cell from the one before it. Its last cell is the place of the sign for altered text, where nothing from
// outside can stand.
func (w *writer) gap(n int, c *Cell) {
	if n > 0 {
		w.blanks(gap - 1)
	}
	switch {
	case c.Altered:
		w.add(style.Medium, "!")
	case c.Old:
		w.add(style.Medium, "~")
	default:
		w.blanks(1)
	}
}

// String ends the line.
func (w *writer) String() string {
	w.close()
	return w.out.String()
}
