package main

import (
	"fmt"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
)

// alike tells how two screens differ below the header, whose clock and states go on by themselves.
func alike(a, b tty.Screen) error {
	if a.Cols != b.Cols || a.Rows != b.Rows {
		return fmt.Errorf("the sizes are %dx%d and %dx%d", a.Cols, a.Rows, b.Cols, b.Rows)
	}
	for y := 1; y < a.Rows; y++ {
		for x := range a.Cols {
			if !a.Cells[y][x].Equal(&b.Cells[y][x]) {
				return fmt.Errorf("line %d differs at column %d: %+v and %+v in\n%s\n%s", y, x, a.Cells[y][x], b.Cells[y][x], a.Line(y), b.Line(y))
			}
		}
	}
	return nil
}

// TestAWindowOfAnySizeIsAsDrawnAnew drags a window through sizes, and compares each with a console that was started at it.
func TestAWindowOfAnySizeIsAsDrawnAnew(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 2) // the third is throttled at first, and its rows come later
	// No clock goes in rows that are done.
	h.write(t, "config.yaml", h.read(t, "config.yaml")+"views: [{name: Done, filter: 'status:resolved', sort: age}]\n")
	o := tty.Options{Cols: 160, Rows: 50}
	p := start(t, h, o, "--fresh", "--session", "dragged")
	fresh(p)
	for n, size := range [][2]int{{59, 15}, {80, 24}, {300, 100}, {4000, 50}, {60, 15}, {160, 50}, {110, 16}} {
		o.Cols, o.Rows = size[0], size[1]
		p.Resize(o.Cols, o.Rows)
		other := start(t, h, o, "--fresh", "--session", fmt.Sprintf("size-%d", n))
		if o.Cols < 60 {
			other.WaitFor(fmt.Sprintf("This window is %dx%d; socctl needs 60x15.", o.Cols, o.Rows))
		} else {
			fresh(other)
		}
		tty.WaitBoth(fmt.Sprintf("a window of %dx%d as drawn anew", o.Cols, o.Rows), p, other, alike)
		other.Press("ctrl+c", "ctrl+c")
		if code := other.Exit(soon); code != 0 {
			t.Errorf("exit code %d", code)
		}
	}
	leave(t, p)
}
