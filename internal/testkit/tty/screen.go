package tty

import (
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
)

// Screen is what a terminal shows at one moment.
type Screen struct {
	Cells      [][]uv.Cell
	Alternate  bool
	Cols, Rows int
}

// Screen takes a picture.
func (p *Program) Screen() Screen {
	s, _ := p.look()
	return s
}

// look takes a picture, and gives what is closed when it is no longer true.
func (p *Program) look() (Screen, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Screen{Alternate: p.screen.IsAltScreen(), Cols: p.screen.Width(), Rows: p.screen.Height()}
	for y := range s.Rows {
		row := make([]uv.Cell, s.Cols)
		for x := range row {
			if c := p.screen.CellAt(x, y); c != nil {
				row[x] = *c
			}
		}
		s.Cells = append(s.Cells, row)
	}
	return s, p.changed
}

// Line is the text of one line without the blanks at its end; a negative number counts from below.
func (s Screen) Line(y int) string {
	if y < 0 {
		y += len(s.Cells)
	}
	return strings.TrimRight(s.Part(y, 0, s.Cols), " ")
}

// Part is the text of the cells from column from, up to but without column to.
func (s Screen) Part(y, from, to int) string {
	var b strings.Builder
	for x := from; x < to && x < len(s.Cells[y]); x++ {
		switch c := &s.Cells[y][x]; {
		case c.Content != "":
			b.WriteString(c.Content)
		case c.Width == 0 && x > 0 && s.Cells[y][x-1].Width == 2: // the second half of a wide character
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// Find gives the place of the first cell of a text that stands in one line.
func (s Screen) Find(text string) (x, y int, ok bool) {
	for y := range s.Cells {
		line := s.Part(y, 0, s.Cols)
		if !strings.Contains(line, text) {
			continue
		}
		for x := range s.Cols {
			if s.Cells[y][x].Content != "" && strings.HasPrefix(s.Part(y, x, s.Cols), text) {
				return x, y, true
			}
		}
	}
	return 0, 0, false
}

// Shows tells whether one line has the text.
func (s Screen) Shows(text string) bool {
	for y := range s.Cells {
		if strings.Contains(s.Part(y, 0, s.Cols), text) {
			return true
		}
	}
	return false
}

// String is the whole screen as text.
func (s Screen) String() string {
	var b strings.Builder
	for y := range s.Cells {
		b.WriteString(s.Line(y) + "\n")
	}
	return b.String()
}
