package prompt

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/text/hostile"
	"github.com/socctl/socctl/internal/ui/style"
)

func press(p *Prompt, s string) {
	for _, r := range s {
		p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

// hit presses a key that is no letter.
func hit(p *Prompt, code rune, mod ...tea.KeyMod) bool {
	k := tea.KeyPressMsg{Code: code}
	for _, m := range mod {
		k.Mod |= m
	}
	return p.Update(k)
}

func plain() *style.Theme { return style.New(colorprofile.ASCII, style.Dark) }

func line(p *Prompt, width int) string {
	s, _ := p.Draw(plain(), width)
	return ansi.Strip(s)
}

func TestPromptTypesAndMovesItsCursor(t *testing.T) {
	t.Parallel()
	p := New("/", "sev:high")
	press(p, " x")
	if p.Value() != "sev:high x" {
		t.Fatalf("value %q", p.Value())
	}
	drawn, at := p.Draw(plain(), 80)
	if ansi.Strip(drawn) != " / sev:high x" || at != len(" / sev:high x") {
		t.Errorf("line %q, cursor %d", drawn, at)
	}
	hit(p, tea.KeyHome)
	if _, at = p.Draw(plain(), 80); at != len(" / ") || p.Position() != 0 {
		t.Errorf("cursor %d, position %d after home", at, p.Position())
	}
}

func TestTheCursorStandsBehindWideLetters(t *testing.T) {
	t.Parallel()
	p := New("/", "日本")
	if _, at := p.Draw(plain(), 80); at != len(" / ")+4 {
		t.Errorf("cursor %d", at)
	}
	if hit(p, tea.KeyLeft); p.Position() != len("日") {
		t.Errorf("position %d", p.Position())
	}
	for width := range 40 {
		p.SetValue(strings.Repeat("日本x", 300))
		drawn, at := p.Draw(plain(), width)
		if w := ansi.StringWidthWc(drawn); w > max(1, width) || at > max(1, width) {
			t.Errorf("at %d cells the line has %d and the cursor stands at %d: %q", width, w, at, drawn)
		}
	}
	p.SetValue(strings.Repeat("日", limit))
	if drawn, at := p.Draw(plain(), 4000); ansi.StringWidthWc(drawn) != at || strings.HasSuffix(ansi.Strip(drawn), "…") {
		t.Errorf("on a very wide screen the cursor stands at %d of %d cells", at, ansi.StringWidthWc(drawn))
	}
}

func TestAHostilePasteStaysOneSafeLine(t *testing.T) {
	t.Parallel()
	p := New("/", "")
	p.Update(tea.PasteMsg{Content: "a\x1b]52;c;eA==\ab\nc\u202ed" + strings.Repeat("x", 1<<20)})
	if drawn := line(p, 60); strings.ContainsAny(drawn, "\x1b\a\n\u202e") {
		t.Errorf("hostile bytes in %q", drawn)
	}
	if n := utf8.RuneCountInString(p.Value()); n != limit {
		t.Errorf("a paste of a megabyte left %d characters", n)
	}
	for _, s := range hostile.Corpus() {
		for _, width := range []int{5, 60, 4000} {
			p = New("/", "x")
			p.Update(tea.PasteMsg{Content: s.Text})
			p.SetHistory([]string{s.Text})
			p.SetSuggestions(0, 1, []Suggestion{{Text: "x" + s.Text, Note: s.Text}})
			drawn := append(p.DrawSuggestions(plain(), width, 3), line(p, width))
			hit(p, tea.KeyTab)
			drawn = append(drawn, line(p, width), p.Value())
			hit(p, tea.KeyUp)
			drawn = append(drawn, line(p, width), p.Value())
			for _, l := range drawn {
				l = ansi.Strip(l)
				if err := hostile.ScanBytes([]byte(l)); err != nil || strings.Contains(l, "\n") || utf8.RuneCountInString(l) > 3*limit {
					t.Fatalf("%s at %d cells: %v in %.200q", s.Name, width, err, l)
				}
			}
		}
	}
}

// TestAPasteIsOnlyWhatWasPasted: the mark that package text puts behind a cut is not looked for.
func TestAPasteIsOnlyWhatWasPasted(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		strings.Repeat("日", 2000):            strings.Repeat("日", 511), // package text ends a line after 1,024 cells
		strings.Repeat("é", 1000) + "abcdef": strings.Repeat("é", limit),
		"more…":                              "more…",
		"CONT-28282\r\n":                     "CONT-28282",
		"two\nlines\n":                       "two␊lines",
		strings.Repeat("ab", 1<<19):          strings.Repeat("ab", limit/2),
	} {
		p := New("/", "")
		p.Update(tea.PasteMsg{Content: in})
		if got := p.Value(); got != want {
			t.Errorf("a paste of %.12q and so on: %d characters that end in %q, want %d", in, utf8.RuneCountInString(got), got[max(0, len(got)-9):],
				utf8.RuneCountInString(want))
		}
	}
}

func TestHistoryKeepsWhatWasBeingTyped(t *testing.T) {
	t.Parallel()
	p := New(":", "")
	p.SetHistory([]string{"oldest", "newest"})
	press(p, "half")
	for n, want := range []string{"newest", "oldest", "oldest"} {
		if changed := hit(p, tea.KeyUp); p.Value() != want || changed != (n < 2) {
			t.Errorf("up %d: %q, changed %v", n+1, p.Value(), changed)
		}
	}
	for n, want := range []string{"newest", "half", "half"} {
		if hit(p, tea.KeyDown); p.Value() != want {
			t.Errorf("down %d: %q, want %q", n+1, p.Value(), want)
		}
	}
	hit(p, tea.KeyUp)
	press(p, "!")
	if hit(p, tea.KeyUp); p.Value() != "newest" {
		t.Errorf("a changed line is a new one; up gives %q", p.Value())
	}
	if hit(p, tea.KeyDown); p.Value() != "newest!" {
		t.Errorf("down gives %q", p.Value())
	}
}

func words(s ...string) []Suggestion {
	var all []Suggestion
	for _, w := range s {
		all = append(all, Suggestion{Text: w, Note: "note of " + w})
	}
	return all
}

func TestTheBestSuggestionStandsFaintBehindTheCursor(t *testing.T) {
	t.Parallel()
	p := New("/", "sev:high St")
	p.SetSuggestions(9, 11, words("status:", "starts:"))
	if got := line(p, 80); got != " / sev:high Status:" {
		t.Errorf("line %q", got)
	}
	theme := style.New(colorprofile.TrueColor, style.Dark)
	if drawn, at := p.Draw(theme, 80); !strings.HasSuffix(drawn, theme.On(style.Faint, "atus:")) || at != len(" / sev:high St") {
		t.Errorf("line %q, cursor %d", drawn, at)
	}
	for width := 9; width < 30; width++ {
		if w := ansi.StringWidth(line(p, width)); w > width {
			t.Errorf("at %d cells the line has %d", width, w)
		}
	}
	if !hit(p, tea.KeyRight) || p.Value() != "sev:high status:" || p.Suggested() != 0 {
		t.Errorf("right at the end: %q", p.Value())
	}
	p = New("/", "St")
	p.SetSuggestions(0, 2, words("status:"))
	if hit(p, tea.KeyLeft); line(p, 80) != " / St" {
		t.Errorf("not at the end: %q", line(p, 80))
	}
	if hit(p, tea.KeyRight); p.Value() != "St" || line(p, 80) != " / Status:" {
		t.Errorf("right within the line takes nothing: %q", p.Value())
	}
	p.SetSuggestions(0, 2, words("other:"))
	if line(p, 80) != " / St" || hit(p, tea.KeyRight) {
		t.Errorf("a word that begins differently: %q", line(p, 80))
	}
}

func TestTabGoesThroughTheSuggestions(t *testing.T) {
	t.Parallel()
	p := New("/", "s x")
	hit(p, tea.KeyHome)
	hit(p, tea.KeyRight)
	offer := words("sev:", "src:", "status:")
	p.SetSuggestions(0, 1, offer)
	for n, want := range []string{"sev: x", "src: x", "status: x", "sev: x"} {
		if !hit(p, tea.KeyTab) || p.Value() != want || p.Position() != strings.Index(want, " ") {
			t.Errorf("tab %d: %q, position %d", n+1, p.Value(), p.Position())
		}
		p.SetSuggestions(0, p.Position(), words("sev:high")) // as an owner does after each change
	}
	if hit(p, tea.KeyTab, tea.ModShift); p.Value() != "status: x" {
		t.Errorf("shift+tab: %q", p.Value())
	}
	press(p, "n")
	if p.Value() != "status:n x" || p.Suggested() != 0 {
		t.Errorf("typing on: %q with %d suggestions", p.Value(), p.Suggested())
	}
	p.SetSuggestions(7, 8, words("new"))
	if !hit(p, tea.KeyTab) || p.Value() != "status:new x" || p.Suggested() != 0 {
		t.Errorf("a single suggestion is taken at once: %q", p.Value())
	}
	if hit(p, tea.KeyTab) || p.Value() != "status:new x" {
		t.Errorf("tab without suggestions: %q", p.Value())
	}
	p.SetSuggestions(7, 10, words("a", "b"))
	if hit(p, tea.KeyTab, tea.ModShift); p.Value() != "status:b x" {
		t.Errorf("shift+tab first: %q", p.Value())
	}
	p.SetSuggestions(-5, 99, nil)
	if p = New("/", strings.Repeat("x", limit)); !slices.Equal(p.DrawSuggestions(plain(), 80, 3), nil) {
		t.Error("suggestions drawn where there are none")
	}
	p.SetSuggestions(0, 1, words("longer"))
	if hit(p, tea.KeyTab) || len(p.Value()) != limit {
		t.Errorf("a suggestion made the line %d long", len(p.Value()))
	}
}

func TestSuggestionsAreDrawnWithTheChosenInSight(t *testing.T) {
	t.Parallel()
	p := New("/", "")
	p.SetSuggestions(0, 0, words("one", "two", "three", "four"))
	strip := func(width, rows int) string {
		return ansi.Strip(strings.Join(p.DrawSuggestions(plain(), width, rows), "\n"))
	}
	if got := strip(40, 2); got != "   one  note of one\n   two  note of two" {
		t.Errorf("drawn\n%s", got)
	}
	for range 3 {
		hit(p, tea.KeyTab)
	}
	if got := strip(40, 2); got != "   two    note of two\n > three  note of three" {
		t.Errorf("drawn\n%s", got)
	}
	for width := range 50 {
		for _, l := range p.DrawSuggestions(plain(), width, 9) {
			if w := ansi.StringWidth(l); w > width {
				t.Errorf("at %d cells a line has %d: %q", width, w, l)
			}
		}
	}
}

func BenchmarkPasteOfAMegabyte(b *testing.B) {
	content := strings.Repeat("日\x1b[31mx\n", 1<<17)
	b.ReportAllocs()
	for b.Loop() {
		p := New("/", "")
		p.Update(tea.PasteMsg{Content: content})
		p.Draw(plain(), 160)
	}
}

func BenchmarkDrawOfAFullLine(b *testing.B) {
	p := New("/", strings.Repeat("日本x", limit/3))
	theme := plain()
	b.ReportAllocs()
	for b.Loop() {
		p.Draw(theme, 160)
	}
}
