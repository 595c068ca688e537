package fit

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

func TestFitGivesExactlyTheWidth(t *testing.T) {
	t.Parallel()
	texts := []string{"", "a", "Suspicious inbox rule", "日本語のタイトル", "é café", strings.Repeat("x", 300), "mixed 日本 text", "→ · ●", "क्षेत्र में अलर्ट", "กำำำ", "ｶﾞｷﾞｸﾞ", "ᄀᄀᄀ", "e\u0301e\u0301"}
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
