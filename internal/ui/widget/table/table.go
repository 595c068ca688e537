// Package table draws the rows of a list that are on the screen, and only those: its cost does not depend on how many
// there are. The owner of a table keeps what the cursor stands on by key; the table knows positions alone.
package table

import (
	"slices"

	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// Column describes a column. Columns are dropped on narrow screens, the highest Drop first, never one with Drop 0.
type Column struct {
	ID    string // a stable name, for views that are kept
	Title string
	Width int  // in cells; of the flexible column the least that it works with
	Flex  bool // takes what is left over; one column of a table
	Right bool // aligned to the right
	Drop  int
	Plain bool // the cursor's paint ends in front of it
	Fixed bool // stays where it is when the table scrolls sideways
}

// Cell is one cell's safe text.
type Cell struct {
	Text    string
	Paint   style.Token
	Altered bool // a mark stands before the cell: what is shown differs from what came
	Old     bool // another mark stands there: what is shown may no longer hold
}

// Options say how a table is laid out. Columns are named by their places in the list of all columns.
type Options struct {
	Width    int  // of the table, in cells
	Wide     bool // no column is dropped; what has no room is reached by scrolling sideways
	Column   int  // the column that the column cursor stands on, -1 where there is none
	Sorted   int  // the column that the list is sorted by, -1 where it is none
	Reversed bool // the sort goes the other way round
	Offset   int  // the first column that is shown of those that scroll; see Scroll
	Marker   bool // the cursor is only a marker and paints nothing, for slow lines
}

// Layout is the columns that are shown, with their places in the list of all columns.
type Layout struct {
	Columns []Column
	Index   []int

	o           Options
	left, right bool // columns are hidden there, and scrolling reaches them
	scrolled    int  // the first place in Columns that scrolls
	plain       int  // the first place in Columns that the cursor does not paint
	tail        int  // blanks behind the last column
}

const (
	prefix   = 3  // cells before the first column: the row's mark, the cursor's marker, and the place of the first cell's sign
	gap      = 2  // between two columns
	wideFlex = 40 // the least width of the flexible column where nothing has to fit
	edge     = 2  // kept free on the right for the sign that there is more
	minPart  = 8  // a column is shown in part only where that many cells of it are
)

// Lay chooses the columns for a width.
func Lay(all []Column, o Options) Layout {
	l := Layout{o: o}
	if o.Wide {
		l.layWide(all)
	} else {
		l.layFit(all)
	}
	l.clip()
	l.markPlain(all)
	return l
}

// layFit drops columns until the rest fits.
func (l *Layout) layFit(all []Column) {
	dropped := make([]bool, len(all))
	for need(all, dropped) > l.o.Width {
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
	spare := l.o.Width - need(all, dropped)
	for i, c := range all {
		if dropped[i] {
			continue
		}
		if c.Flex {
			c.Width = max(1, c.Width+spare)
		}
		l.add(c, i)
	}
	l.scrolled = len(l.Columns)
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

func (l *Layout) add(c Column, i int) {
	l.Columns, l.Index = append(l.Columns, c), append(l.Index, i)
}

// layWide puts the columns that stay first, and behind them as many of the others as have room.
func (l *Layout) layWide(all []Column) {
	for i, c := range all {
		if c.Fixed {
			l.add(c, i)
		}
	}
	l.scrolled = len(l.Columns)
	for i, c := range all {
		if c.Fixed {
			continue
		}
		if i < l.o.Offset {
			l.left = true
			continue
		}
		if c.Flex {
			c.Width = max(c.Width, wideFlex)
		}
		l.add(c, i)
	}
	if l.used() > l.o.Width && l.scrolled < len(l.Columns) {
		l.right = true
		l.fill()
		return
	}
	l.widen(l.o.Width)
}

// widen gives the flexible column what is left of room.
func (l *Layout) widen(room int) {
	for n := range l.Columns {
		if l.Columns[n].Flex {
			l.Columns[n].Width += max(0, room-l.used())
		}
	}
}

// fill leaves out what has no room, but for a part of the first that is cut; the column that scrolling leads to is never left out.
func (l *Layout) fill() {
	room := l.o.Width - edge
	at := prefix - gap
	for n, c := range l.Columns {
		at += gap + c.Width
		if at <= room || n < l.scrolled {
			continue
		}
		part := c.Width - (at - room)
		if n == l.scrolled || part >= minPart && !c.Right {
			l.Columns[n].Width = max(1, part)
			n++
		}
		l.Columns, l.Index = l.Columns[:n], l.Index[:n]
		l.widen(room)
		return
	}
}

// used is the cells that the columns take.
func (l *Layout) used() int { return need(l.Columns, make([]bool, len(l.Columns))) }

// clip makes the columns fit exactly, at the cost of the last ones where even those that are never dropped do not fit.
func (l *Layout) clip() {
	at := prefix - gap
	for n, c := range l.Columns {
		if at+gap >= l.o.Width {
			l.Columns, l.Index = l.Columns[:n], l.Index[:n]
			break
		}
		l.Columns[n].Width = min(c.Width, l.o.Width-at-gap)
		at += gap + l.Columns[n].Width
	}
	l.tail = max(0, l.o.Width-at)
	l.scrolled = min(l.scrolled, len(l.Columns))
}

// markPlain finds where the cursor's paint ends: at the first plain column, or where it stood before it was scrolled away.
func (l *Layout) markPlain(all []Column) {
	l.plain = len(l.Columns)
	first := slices.IndexFunc(all, func(c Column) bool { return c.Plain })
	if first < 0 {
		return
	}
	for n, i := range l.Index {
		if l.Columns[n].Plain || i >= first {
			l.plain = n
			return
		}
	}
}

// Scroll gives the Offset that brings the column of the column cursor into sight with the least movement. Without a column
// cursor, it only brings the offset into range: to the right of the last column there is nothing to see.
func Scroll(all []Column, o Options) int {
	if !o.Wide {
		return 0
	}
	var moving []int // the columns that scroll
	for i, c := range all {
		if !c.Fixed {
			moving = append(moving, i)
		}
	}
	if len(moving) == 0 {
		return 0
	}
	at := max(0, min(len(moving)-1, place(moving, o.Offset)))
	want, found := slices.BinarySearch(moving, o.Column)
	if found {
		at = min(at, want)
		for at < want && !sees(all, o, moving[at], o.Column) {
			at++
		}
	}
	for at > 0 && !hidesRight(all, o, moving[at-1]) {
		at--
	}
	return moving[at]
}

// place finds the first of the columns that scroll at or behind an offset.
func place(moving []int, offset int) int {
	n, _ := slices.BinarySearch(moving, offset)
	return n
}

// sees tells whether a column is shown whole at an offset.
func sees(all []Column, o Options, offset, column int) bool {
	o.Offset = offset
	l := Lay(all, o)
	n := slices.Index(l.Index, column)
	return n >= 0 && l.Columns[n].Width >= all[column].Width
}

func hidesRight(all []Column, o Options, offset int) bool {
	o.Offset = offset
	return Lay(all, o).right
}

// Beside gives the column to which the column cursor moves by some steps from the one in o: among those that are shown, or
// in a wide table among all. Without a column cursor it starts at the first.
func Beside(all []Column, o Options, steps int) int {
	reach := Lay(all, o).Index
	if o.Wide {
		reach = make([]int, len(all))
		for i := range all {
			reach[i] = i
		}
	}
	if len(reach) == 0 {
		return -1
	}
	if o.Column < 0 {
		return reach[0]
	}
	n, shown := slices.BinarySearch(reach, o.Column)
	if !shown && steps > 0 {
		steps-- // the next that is shown is one step away
	}
	return reach[max(0, min(n+steps, len(reach)-1))]
}

// Signs of the head line.
const (
	moreLeft  = "‹"
	moreRight = "›"
	sortDown  = "↓"
	sortUp    = "↑"
)

// title is a column's title with the sign of the sort, in the width of the column.
func (l *Layout) title(n int) string {
	c := l.Columns[n]
	if l.Index[n] != l.o.Sorted {
		return cutTitle(c.Title, c.Width)
	}
	sign := sortDown
	if l.o.Reversed {
		sign = sortUp
	}
	return cutTitle(c.Title, c.Width-1) + sign
}

// cutTitle cuts without an ellipsis: two cells of a title say more than one.
func cutTitle(s string, width int) string {
	for fit.Width(s) > max(0, width) {
		r := []rune(s)
		s = string(r[:len(r)-1])
	}
	return s
}
