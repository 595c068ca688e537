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
	Band  bool // painted where the cursor stands; few cells, since every one costs bytes on each move
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
func (l Layout) Row(theme *style.Theme, cells []Cell, cursor bool) string {
	var b, band strings.Builder
	if cursor {
		b.WriteString(" " + theme.On(style.Accent, ">"))
	} else {
		b.WriteString("  ")
	}
	flush := func() {
		b.WriteString(theme.On(style.Selection, band.String()))
		band.Reset()
	}
	for i, c := range l.Columns {
		cell := cells[l.Index[i]]
		painted := cursor && c.Band
		if !painted && band.Len() > 0 {
			flush()
		}
		writeGap(&b, &band, theme, i, cell.Altered)
		text := place(c, cell.Text)
		if painted {
			band.WriteString(text)
			continue
		}
		b.WriteString(theme.On(cell.Paint, text))
	}
	flush()
	return b.String()
}

// writeGap separates a cell from the one before it. The last cell of the gap is the place of the mark for altered
// text, where nothing from outside can stand.
func writeGap(b, band *strings.Builder, theme *style.Theme, i int, altered bool) {
	out := b
	if band.Len() > 0 {
		out = band
	}
	if i > 0 {
		out.WriteByte(' ')
	}
	switch {
	case !altered:
		out.WriteByte(' ')
	case out == band:
		out.WriteByte('!')
	default:
		out.WriteString(theme.On(style.Medium, "!"))
	}
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

// Fit brings cursor and top into range after the list or the screen changed.
func (v *View) Fit() {
	v.Cursor = max(0, min(v.Cursor, v.Len-1))
	v.Height = max(1, v.Height)
	v.Top = max(0, min(v.Top, v.Len-v.Height))
	if v.Cursor < v.Top {
		v.Top = v.Cursor
	}
	if v.Cursor >= v.Top+v.Height {
		v.Top = v.Cursor - v.Height + 1
	}
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
