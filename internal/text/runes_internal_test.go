package text

import (
	"testing"
	"unicode"
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
		if c := cells(r, want); want != hidden && isWide(r) && want != mark && want != blank && c != 2 {
			t.Errorf("%U has %d cells", r, c)
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
