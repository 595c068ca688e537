package table

// View is the part of a list that is on the screen.
type View struct {
	Cursor int // the position of the row that the cursor stands on
	Top    int // the position of the first row that is drawn
	Height int // rows that have room
	Len    int // rows that there are
	Step   int // rows that come into sight at once when the cursor leaves the screen; 0 is one
}

// MarkerStep is the Step for lists with a marker: most moves then cost a few bytes, and a row in sight costs the same as before.
const MarkerStep = 3

// Fit brings cursor and top into range after the list or the screen changed.
func (v *View) Fit() {
	v.Cursor = max(0, min(v.Cursor, v.Len-1))
	v.Height = max(1, v.Height)
	more := max(0, min(v.Step, v.Height)-1)
	if v.Cursor < v.Top {
		v.Top = v.Cursor - more
	}
	if v.Cursor >= v.Top+v.Height {
		v.Top = v.Cursor - v.Height + 1 + more
	}
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
