package text

import (
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// TestClassifyByRangeAgreesWithTables checks the short cuts of classify against the tables.
func TestClassifyByRangeAgreesWithTables(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want := classifyByTable(r)
		if r == ' ' {
			want = plain // the one space that stays
		}
		if got := classify(r); got != want {
			t.Errorf("%U is class %d by range, %d by table", r, got, want)
		}
	}
}

// TestCellsBoundBothMeasures compares cells with the two ways in which Bubble Tea measures text.
func TestCellsBoundBothMeasures(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		c := classify(r)
		if c == hidden || c == blank {
			continue
		}
		if w := max(ansi.StringWidthWc(string(r)), ansi.StringWidth(string(r))); w > cells(r, c) {
			t.Errorf("%U takes %d cells, we say %d", r, w, cells(r, c))
		}
	}
}

func TestLinkersAreFollowers(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if c := classify(r); unicode.Is(linkers, r) && c != mark && c != extend {
			t.Errorf("%U is class %d", r, c)
		}
	}
}
