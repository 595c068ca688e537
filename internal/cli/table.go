package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/socctl/socctl/internal/ui/widget/fit"
)

const (
	flexCells = 24 // what the flexible column keeps as long as there are columns to drop
	maxCells  = 40 // of any other column but the first: one long name must not push the rest away
)

// printTable writes aligned columns for people. No line is wider than the terminal, where its width is known.
func printTable(w io.Writer, columns []column, rows [][]string, width int) error {
	widths := natural(columns, rows)
	if width > 0 {
		squeeze(columns, widths, width)
	}
	head := make([]string, len(columns))
	for n, c := range columns {
		head[n] = c.title
	}
	for _, r := range append([][]string{head}, rows...) {
		line := tableLine(columns, widths, r)
		if width > 0 {
			line = fit.Cut(line, width)
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// natural gives the cells that each column asks for.
func natural(columns []column, rows [][]string) []int {
	widths := make([]int, len(columns))
	for n, c := range columns {
		widths[n] = fit.Width(c.title)
		for _, r := range rows {
			widths[n] = max(widths[n], fit.Width(r[n]))
		}
		if n > 0 && !c.flex {
			widths[n] = min(widths[n], maxCells)
		}
	}
	return widths
}

// gone is the width of a column that was dropped.
const gone = -1

// squeeze takes cells from the flexible column, and then whole columns in their order, until the table fits.
func squeeze(columns []column, widths []int, width int) {
	for drop := 1; ; drop++ {
		over := -width
		for n, c := range columns {
			if widths[n] == gone {
				continue
			}
			if over += widths[n] + 2; c.flex {
				over -= max(0, widths[n]-flexCells) // so much can be had
			}
		}
		if over -= 2; over <= 0 || drop > len(columns) {
			break
		}
		for n, c := range columns {
			if c.drop == drop {
				widths[n] = gone
			}
		}
	}
	shrink(columns, widths, width)
}

// shrink gives the flexible column what the others leave.
func shrink(columns []column, widths []int, width int) {
	left, flex := width+2, gone
	for n, c := range columns {
		switch {
		case c.flex:
			flex = n
			left -= 2
		case widths[n] != gone:
			left -= widths[n] + 2
		}
	}
	if flex != gone {
		widths[flex] = max(1, min(widths[flex], left))
	}
}

func tableLine(columns []column, widths []int, cells []string) string {
	var b strings.Builder
	for n, cell := range cells {
		switch {
		case widths[n] == gone:
			continue
		case columns[n].right:
			b.WriteString(fit.Right(cell, widths[n]))
		default:
			b.WriteString(fit.Left(cell, widths[n]))
		}
		b.WriteString("  ")
	}
	return strings.TrimRight(b.String(), " ")
}
