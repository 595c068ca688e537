// Package table draws the rows of a list that are on the screen, and only those: its cost does not depend on how many
// there are. The owner of a table keeps what the cursor stands on by key; the table knows positions alone.
package table

import (
	"strings"

	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// Column describes a column. Columns are dropped on narrow screens, the highest Drop first, never one with Drop 0.
type Column struct {
	Title string
	Width int  // in cells; of the flexible column the least that it works with
	Flex  bool // takes what is left over; one column of a table
	Right bool // aligned to the right
	Drop  int
	Plain bool // the cursor's paint ends in front of it
}

// Cell is one cell's safe text.
type Cell struct {
	Text    string
	Paint   style.Token
	Altered bool // a mark stands before the cell: what is shown differs from what came
}

// Layout is the columns that fit, with their places in the list of all columns.
type Layout struct {
	Columns []Column
	Index   []int
	width   int
}

// prefix is the cells before the first column: the cursor's marker. gap is between two columns.
const (
	prefix = 3
	gap    = 2
)

// Lay chooses the columns for a width.
func Lay(all []Column, width int) Layout {
	dropped := make([]bool, len(all))
	for need(all, dropped) > width {
		worst := -1
		for i, c := range all {
			if !dropped[i] && c.Drop > 0 && (worst < 0 || c.Drop > all[worst].Drop) {
				worst = i
			}
		}
		if worst < 0 {
			break
		}
		dropped[worst] = true
	}
	l := Layout{width: width}
	spare := width - need(all, dropped)
	for i, c := range all {
		if dropped[i] {
			continue
		}
		if c.Flex {
			c.Width = max(1, c.Width+spare)
		}
		l.Columns = append(l.Columns, c)
		l.Index = append(l.Index, i)
	}
	return l
}

func need(all []Column, dropped []bool) int {
	n := prefix - gap
	for i, c := range all {
		if !dropped[i] {
			n += gap + c.Width
		}
	}
	return n
}

// Head draws the line with the columns' titles.
func (l Layout) Head(theme *style.Theme) string {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", prefix))
	for i, c := range l.Columns {
		if i > 0 {
			b.WriteString("  ")
		}
		b.WriteString(place(c, c.Title))
	}
	return theme.On(style.Subtle, strings.TrimRight(b.String(), " "))
}

// Row draws one row. cells has one cell for each column of the table, also for those that were dropped.
//
// Where the cursor stands, the row is painted from its marker up to the first plain column. No further: whatever is
// painted has to be written twice for each move, and a line over SSH may be slow.
func (l Layout) Row(theme *style.Theme, cells []Cell, cursor bool) string {
	w := writer{theme: theme}
	w.selected = cursor
	if cursor {
		w.add(style.Text, " >")
	} else {
		w.add(style.Text, "  ")
	}
	for i, c := range l.Columns {
		cell := cells[l.Index[i]]
		if c.Plain && w.selected {
			w.flush()
			w.selected, w.paint = false, style.Text
		}
		w.gap(i, cell.Altered)
		w.add(cell.Paint, place(c, cell.Text))
	}
	w.flush()
	return w.out.String()
}

// writer joins neighbouring cells of one paint, so that each colour is told to the terminal once.
type writer struct {
	theme    *style.Theme
	out      strings.Builder
	run      strings.Builder
	paint    style.Token
	selected bool
}

func (w *writer) add(paint style.Token, text string) {
	if w.selected {
		paint = style.Selection
	}
	if paint != w.paint {
		w.flush()
		w.paint = paint
	}
	w.run.WriteString(text)
}

func (w *writer) flush() {
	w.out.WriteString(w.theme.On(w.paint, w.run.String()))
	w.run.Reset()
}

// gap separates a cell from the one before it, in whatever colour is at hand. Its last cell is the place of the mark for
// altered text, where nothing from outside can stand.
func (w *writer) gap(i int, altered bool) {
	if i > 0 {
		w.run.WriteByte(' ')
	}
	if altered {
		w.add(style.Medium, "!")
		return
	}
	w.run.WriteByte(' ')
}

func place(c Column, text string) string {
	text = fit.Narrow(text)
	if c.Right {
		return fit.Right(text, c.Width)
	}
	return fit.Left(text, c.Width)
}

// View is the part of a list that is on the screen.
type View struct {
	Cursor int // the position of the row that the cursor stands on
	Top    int // the position of the first row that is drawn
	Height int // rows that have room
	Len    int // rows that there are
}

// margin is how many rows stay in sight before and behind the cursor where there are any. It also keeps the painted row
// off the edge, so that scrolling by one row costs one row on the wire and not two.
const margin = 2

// Fit brings cursor and top into range after the list or the screen changed.
func (v *View) Fit() {
	v.Cursor = max(0, min(v.Cursor, v.Len-1))
	v.Height = max(1, v.Height)
	ahead := min(margin, (v.Height-1)/2)
	v.Top = min(v.Top, v.Cursor-ahead)
	v.Top = max(v.Top, v.Cursor+ahead-v.Height+1)
	v.Top = max(0, min(v.Top, v.Len-v.Height))
}

// Move moves the cursor by n rows.
func (v *View) Move(n int) {
	v.Cursor += n
	v.Fit()
}

// Page moves cursor and screen by n screens of rows, halves allowed.
func (v *View) Page(halves int) {
	n := halves * v.Height / 2
	v.Top += n
	v.Cursor += n
	v.Fit()
}

// End moves the cursor to the last row.
func (v *View) End() { v.Move(v.Len) }

// Home moves the cursor to the first row.
func (v *View) Home() { v.Move(-v.Len) }

// Range gives the positions of the rows that are drawn, from and up to but without to.
func (v *View) Range() (from, to int) { return v.Top, min(v.Len, v.Top+v.Height) }
