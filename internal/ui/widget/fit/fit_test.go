package fit

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestFitGivesExactlyTheWidth(t *testing.T) {
	t.Parallel()
	texts := []string{"", "a", "Suspicious inbox rule", "日本語のタイトル", "é café",
		strings.Repeat("x", 300), "mixed 日本 text", "→ · ●", "क्षेत्र में अलर्ट", "กำำำ", "ｶﾞｷﾞｸﾞ", "ᄀᄀᄀ", "e\u0301e\u0301"}
	for _, s := range texts {
		for width := range 40 {
			for name, got := range map[string]string{"left": Left(s, width), "right": Right(s, width)} {
				if w := ansi.StringWidthWc(got); w != width {
					t.Errorf("%s of %q in %d cells has %d: %q", name, s, width, w, got)
				}
			}
			if w := ansi.StringWidthWc(Cut(s, width)); w > width {
				t.Errorf("cut of %q to %d cells has %d", s, width, w)
			}
		}
	}
}

func TestNarrowKeepsLettersAndMarksEmoji(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"plain":          "plain",
		"日本語":            "日本語",
		"alarm 🔴 now":    "alarm ▫ now",
		"family 👨‍👩‍👧 x": "family ▫ x",
		"café → ok":      "café → ok",
	}
	for in, want := range cases {
		if got := Narrow(in); got != want {
			t.Errorf("Narrow(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestNarrowSkipsOnlyWhatStandsInOneCell holds the fast way to the slow one: what it lets pass is one cell wide, whatever stands
// beside it.
func TestNarrowSkipsOnlyWhatStandsInOneCell(t *testing.T) {
	t.Parallel()
	passed := 0
	for r := rune(0x20); r < 0x30000; r++ {
		if !simple(string(r)) {
			continue
		}
		passed++
		if g, w := ansi.StringWidth(string(r)), ansi.StringWidthWc(string(r)); g != 1 || w != 1 {
			t.Errorf("%U has %d and %d cells", r, g, w)
		}
		if pair := "a" + string(r) + string(r) + "a"; ansi.StringWidth(pair) != 4 {
			t.Errorf("%U joins its neighbours: %d cells", r, ansi.StringWidth(pair))
		}
	}
	if passed < 900 {
		t.Errorf("only %d characters take the fast way", passed)
	}
	for _, s := range []string{"▲\ufe0f", "e\u0301", "日", "🔴", "\u00ad", "\u200d", "☎"} {
		if simple(s) {
			t.Errorf("%q takes the fast way", s)
		}
	}
}

func TestWriteIsLeftAndRight(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "abc", "日本語のタイトル", "■ High", strings.Repeat("x", 300)} {
		for _, width := range []int{-1, 0, 1, 5, 200} {
			var left, right strings.Builder
			Write(&left, s, width, false)
			Write(&right, s, width, true)
			if left.String() != Left(s, width) || right.String() != Right(s, width) {
				t.Errorf("%q in %d cells: %q and %q, want %q and %q", s, width, left.String(), right.String(), Left(s, width), Right(s, width))
			}
		}
	}
}

func TestWrapSaysThatThereIsMore(t *testing.T) {
	t.Parallel()
	lines := Wrap(strings.Repeat("word ", 40), 20, 3)
	if len(lines) != 3 || !strings.HasSuffix(lines[2], Ellipsis) {
		t.Errorf("lines: %q", lines)
	}
	for _, l := range lines {
		if Width(l) > 20 {
			t.Errorf("%q is wider than 20 cells", l)
		}
	}
}

func BenchmarkLeft(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Left("Multi-stage incident involving initial access and command and control", 48)
	}
}
