package hostile_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/socctl/socctl/internal/text/hostile"
)

func TestCorpusNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range hostile.Corpus() {
		if seen[s.Name] || s.Name == "" || strings.ToLower(s.Name) != s.Name {
			t.Errorf("name %q is empty, twice there or not in lower case", s.Name)
		}
		if s.Text == "" {
			t.Errorf("%s has no text", s.Name)
		}
		seen[s.Name] = true
	}
	if len(seen) < 250 {
		t.Errorf("only %d samples", len(seen))
	}
}

// TestForbiddenCountsEachClass pins the oracle to the counts of Unicode 15.
func TestForbiddenCountsEachClass(t *testing.T) {
	t.Parallel()
	numberMarks := map[rune]bool{
		0x600: true, 0x601: true, 0x602: true, 0x603: true, 0x604: true, 0x605: true, 0x6dd: true, 0x70f: true,
		0x890: true, 0x891: true, 0x8e2: true, 0x110bd: true, 0x110cd: true,
	}
	for _, c := range []struct {
		name  string
		table *unicode.RangeTable
		size  int
		keep  map[rune]bool
	}{
		{"controls", unicode.Cc, 65, nil},
		{"bidi controls", unicode.Bidi_Control, 12, nil},
		{"formats", unicode.Cf, 170, numberMarks},
		{"variation selectors", unicode.Variation_Selector, 260, nil},
		{"surrogates", unicode.Cs, 2048, nil},
		{"noncharacters", unicode.Noncharacter_Code_Point, 66, nil},
		{"private use", unicode.Co, 137468, nil},
		{"line separators", unicode.Zl, 1, nil},
		{"paragraph separators", unicode.Zp, 1, nil},
		{"spaces", unicode.Zs, 17, map[rune]bool{' ': true}},
		{"other default-ignorables", unicode.Other_Default_Ignorable_Code_Point, 3776, nil},
	} {
		size := 0
		for r := rune(0); r <= unicode.MaxRune; r++ {
			if !unicode.Is(c.table, r) {
				continue
			}
			size++
			if hostile.Forbidden(r) == c.keep[r] {
				t.Errorf("%s: Forbidden(%U) = %v", c.name, r, !c.keep[r])
			}
		}
		if size != c.size {
			t.Errorf("%s: %d code points, want %d: review the lists for this version of Unicode", c.name, size, c.size)
		}
	}
}

func TestScanBytes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		want string // part of the error; empty for none
	}{
		"plain":           {"Low, 3 alerts\nCONT-1 → é 漢\n", ""},
		"escape":          {"a\x1b[m", "U+001B at offset 1"},
		"carriage return": {"a\r\n", "U+000D"},
		"invalid byte":    {"ab\xff", "byte 0xff at offset 2"},
		"c1":              {"\u009b", "U+009B"},
		"bidi":            {"\u202e", "U+202E"},
		"thirty marks":    {"a" + strings.Repeat("\u0301", 30), ""},
		"more marks":      {"a" + strings.Repeat("\u0301", 31), "31 combining marks"},
	} {
		err := hostile.ScanBytes([]byte(c.in))
		if got := errText(err); (c.want == "") != (err == nil) || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
