package text_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/text/hostile"
)

// view is what Line and Block have in common.
type view interface {
	String() string
	Original() string
	Altered() bool
	Escaped() bool
}

// maxCluster bounds the runes of one grapheme cluster of a line: a number mark, five Hangul initials or nine joined consonants,
// and four marks and four extenders on each.
const maxCluster = 64

// checkLine returns an error for each promise that the line made of s breaks.
func checkLine(s string) error {
	l := text.NewLine(s)
	if err := check(s, l, text.NewLine(l.String()), text.MaxLineBytes); err != nil {
		return err
	}
	if strings.Contains(l.String(), "\n") {
		return fmt.Errorf("a line holds a line feed: %+q", l.String())
	}
	if w := ansi.StringWidthWc(l.String()); w > text.MaxLineCells {
		return fmt.Errorf("%d cells", w)
	}
	for rest := l.String(); rest != ""; {
		cluster, _ := ansi.FirstGraphemeCluster(rest, ansi.GraphemeWidth)
		if n := utf8.RuneCountInString(cluster); n > maxCluster {
			return fmt.Errorf("a cluster of %d runes: %+q", n, cluster)
		}
		rest = rest[len(cluster):]
	}
	return nil
}

// checkBlock returns an error for each promise that the block made of s breaks.
func checkBlock(s string) error {
	b := text.NewBlock(s)
	return check(s, b, text.NewBlock(b.String()), text.MaxBlockBytes)
}

func check(s string, once, twice view, limit int) error {
	shown := once.String()
	if err := hostile.ScanBytes([]byte(shown)); err != nil {
		return fmt.Errorf("%w: %+q", err, shown)
	}
	switch {
	case len(shown) > limit:
		return fmt.Errorf("%d bytes, limit %d", len(shown), limit)
	case len(shown) > 8*len(s):
		return fmt.Errorf("%d bytes made of %d", len(shown), len(s))
	case len(s) > 0 && shown == "":
		return fmt.Errorf("%+q vanished", s)
	case once.Altered() != (shown != s):
		return fmt.Errorf("Altered() = %v for %+q shown as %+q", once.Altered(), s, shown)
	case once.Escaped() && !once.Altered():
		return fmt.Errorf("escaped but not altered: %+q", s)
	case !strings.HasPrefix(s, once.Original()) || len(s) <= 4*limit && once.Original() != s:
		return fmt.Errorf("original of %+q is %+q", s, once.Original())
	case twice.String() != shown || twice.Altered():
		return fmt.Errorf("not idempotent: %+q, then %+q", shown, twice.String())
	}
	return nil
}

// TestEveryRune puts each of the 1,114,112 code points, alone and inside a word, through Line and Block.
func TestEveryRune(t *testing.T) {
	t.Parallel()
	for r := rune(0); r <= unicode.MaxRune; r++ {
		forbidden := hostile.Forbidden(r)
		if text.Visible(r) && forbidden {
			t.Errorf("%U is visible", r)
		}
		raw := "a" + string(r) + "1"
		if r >= 0xd800 && r < 0xe000 {
			raw = "a" + string([]byte{0xed, byte(0x80 | r>>6&0x3f), byte(0x80 | r&0x3f)}) + "1"
		}
		shown := text.NewLine(raw).String()
		if err := hostile.ScanBytes([]byte(shown)); err != nil || shown == "a1" {
			t.Errorf("%U is shown as %+q: %v", r, shown, err)
		}
		if text.NewLine(shown).Altered() {
			t.Errorf("%U: %+q is altered again", r, shown)
		}
		if !forbidden && !text.Visible(r) && r != ' ' && !blankGlyph(r) {
			t.Errorf("%U is hidden, but not forbidden", r)
		}
	}
}

// blankGlyph names the runes that we hide beyond what the oracle asks for.
func blankGlyph(r rune) bool {
	return r == 0x13441 || r == 0x13442 || r == 0x16fe4 || r == 0x1d159
}

func TestCorpusIsSafe(t *testing.T) {
	t.Parallel()
	for _, s := range hostile.Corpus() {
		if err := checkLine(s.Text); err != nil {
			t.Errorf("%s: line: %v", s.Name, err)
		}
		if err := checkBlock(s.Text); err != nil {
			t.Errorf("%s: block: %v", s.Name, err)
		}
	}
}

// TestNothingJoins cuts each sample at every byte and shows that the halves, made safe apart, do not become a sequence together.
func TestNothingJoins(t *testing.T) {
	t.Parallel()
	for _, s := range hostile.Corpus() {
		if len(s.Text) > 400 {
			continue
		}
		for i := range len(s.Text) {
			joined := text.NewLine(s.Text[:i]).String() + text.NewLine(s.Text[i:]).String()
			if err := hostile.ScanBytes([]byte(joined)); err != nil {
				t.Errorf("%s cut at %d: %v", s.Name, i, err)
			}
		}
	}
}

// TestBenignSurroundingsStay shows that a hostile piece leaves the text on both sides as it is.
func TestBenignSurroundingsStay(t *testing.T) {
	t.Parallel()
	for _, s := range hostile.Corpus() {
		if len(s.Text) > 900 {
			continue
		}
		shown := text.NewLine("<<" + s.Text + ">>").String()
		if !strings.HasPrefix(shown, "<<") || !strings.HasSuffix(shown, ">>") && !strings.HasSuffix(shown, "…") {
			t.Errorf("%s: shown as %+q", s.Name, shown)
		}
	}
}

// hostileText draws strings of pieces that matter to the state of the sanitiser.
func hostileText() *rapid.Generator[string] {
	corpus := hostile.Corpus()
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			"a", "9", " ", "\\", "}", "\n", "\r", "\r\n", "\t", "\x1b", "\xff", "\xf0", "\u0301", "\u0489", "\u0903", "\u094d", "क", "क\u094d",
			"ᄀ", "\u1161", "\u11a8", "가", "漢", "🏽", "👍", "\u0600", "\u200d", "\ufe0f", "\u00a0", "…", "\uff9e", "\ua9c0", "\U00011a84", "x\u202e",
		}),
		rapid.String(),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 8), func(b []byte) string { return string(b) }),
		rapid.Map(rapid.IntRange(0, len(corpus)-1), func(i int) string { return corpus[i].Text[:min(len(corpus[i].Text), 60)] }),
		rapid.Map(rapid.IntRange(1, 6000), func(n int) string { return strings.Repeat("x", n) }),
		rapid.Map(rapid.IntRange(1, 40), func(n int) string { return strings.Repeat("\u0301", n) }),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 60), func(p []string) string { return strings.Join(p, "") })
}

func TestLineInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if err := checkLine(hostileText().Draw(t, "text")); err != nil {
			t.Fatal(err)
		}
	})
}

func TestBlockInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if err := checkBlock(hostileText().Draw(t, "text")); err != nil {
			t.Fatal(err)
		}
	})
}

// TestNearTheLimits moves each kind of piece over the byte and cell limits one byte at a time.
func TestNearTheLimits(t *testing.T) {
	t.Parallel()
	for _, tail := range []string{"\x1b", "\xff", "漢", "é", "e\u0301", "a" + strings.Repeat("\u0301", 9), "\u06001", "\t", "\r\n", "…", "🏽", "ᄀᄀᄀᄀᄀᄀᄀ"} {
		for n := text.MaxLineCells - 16; n <= text.MaxLineCells+1; n++ {
			if err := checkLine(strings.Repeat("x", n) + tail + tail); err != nil {
				t.Fatalf("%d cells and %+q: %v", n, tail, err)
			}
			// Five bytes a cell, so that the byte limit comes first.
			if err := checkLine(strings.Repeat("a\u0301\u0301", n*4/5)[:n*4/5*5] + tail + tail); err != nil {
				t.Fatalf("%d bytes and %+q: %v", n*4/5*5, tail, err)
			}
		}
		for n := text.MaxBlockBytes - 5; n <= text.MaxBlockBytes+1; n += 2 {
			if err := checkBlock(strings.Repeat("x", n) + tail + tail); err != nil {
				t.Fatalf("block, %d bytes and %+q: %v", n, tail, err)
			}
		}
	}
}

func FuzzLine(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		if err := checkLine(s); err != nil {
			t.Error(err)
		}
		text.NewLine(s).Suspicious()
	})
}

func FuzzBlock(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, s string) {
		if err := checkBlock(s); err != nil {
			t.Error(err)
		}
	})
}

func seed(f *testing.F) {
	for _, s := range hostile.Corpus() {
		f.Add(s.Text)
	}
}
