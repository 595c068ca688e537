package picker

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/socctl/socctl/internal/text/hostile"
	"github.com/socctl/socctl/internal/ui/style"
)

func items() []Item {
	return []Item{{Code: "all", Label: "All customers"}, {Value: "c", Code: "CONT", Label: "Contoso Ltd"},
		{Value: "f", Code: "FABR", Label: "Fabrikam"}, {Value: "t", Code: "TAIL", Label: "Tailspin Toys"},
		{Value: "a", Code: "TOYS", Label: "Wingtip Toys"}}
}

// actions is a list as help and palette have it.
func actions() []Item {
	return []Item{
		{Value: "take", Keys: "a", Label: "Take it", Note: "assigns to you", Group: "This incident"},
		{Value: "resolve", Keys: "x", Label: "Resolve", Group: "This incident", Why: "you may only read at Woodgrove: E asks for Tier 1"},
		{Value: "portal", Keys: "o", Label: "Open in the portal", Group: "This incident"},
		{Value: "down", Keys: "j down", Label: "Move down", Group: "Lists"},
		{Value: "filter", Keys: "/", Label: "Filter", Note: "sev:high age:<2h", Group: "Lists"},
		{Value: "quit", Keys: "q", Label: "Quit"},
	}
}

func typing(p *Picker, s string) {
	for _, r := range s {
		p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

func hit(p *Picker, code rune, mod ...tea.KeyMod) {
	k := tea.KeyPressMsg{Code: code}
	for _, m := range mod {
		k.Mod |= m
	}
	p.Update(k)
}

func plain() *style.Theme { return style.New(colorprofile.ASCII, style.Dark) }

func drawn(p *Picker, width, height int) string {
	lines, _, _ := p.Draw(plain(), width, height)
	return ansi.Strip(strings.Join(lines, "\n"))
}

func TestPickerFindsByCodeNameAndLetters(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"cont": "c", "fab": "f", "tspn": "t", "toys": "a", "contoso": "c"} {
		p := New("Switch", items(), "")
		typing(p, word)
		if got, ok := p.Chosen(); !ok || got.Value != want {
			t.Errorf("%q chooses %q, want %q", word, got.Value, want)
		}
	}
	p := New("Switch", items(), "")
	p.Update(tea.PasteMsg{Content: "fabri\n"})
	if got, _ := p.Chosen(); got.Value != "f" {
		t.Errorf("a paste chooses %q", got.Value)
	}
	typing(p, "zzz")
	if _, ok := p.Chosen(); ok || !strings.Contains(drawn(p, 60, 10), "nothing matches") {
		t.Error("nothing matches zzz, yet something is chosen")
	}
	hit(p, tea.KeyDown)
	hit(p, tea.KeyEnd)
	if _, ok := p.Chosen(); ok {
		t.Error("moving in an empty list chooses something")
	}
}

func TestAKeyComesBeforeTheLettersOfOtherLabels(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"o": "portal", "j": "down", "down": "down", "x": "resolve", "a": "take", "J": ""} {
		p := New("Help", actions(), "")
		typing(p, word)
		if got, _ := p.Chosen(); got.Value != want {
			t.Errorf("%q chooses %q, want %q", word, got.Value, want)
		}
	}
}

func TestPickerStartsWhereOneIs(t *testing.T) {
	t.Parallel()
	p := New("Switch", items(), "f")
	if got, _ := p.Chosen(); got.Value != "f" {
		t.Errorf("the cursor stands on %q", got.Value)
	}
	if got := drawn(p, 60, 10); !strings.Contains(got, " > FABR") {
		t.Errorf("drawn:\n%s", got)
	}
}

func TestWhatCannotBeChosenIsGivenBackWithTheReason(t *testing.T) {
	t.Parallel()
	p := New("Help", actions(), "resolve")
	if got, ok := p.Chosen(); !ok || got.Why == "" {
		t.Errorf("chosen: %+v", got)
	}
	theme := style.New(colorprofile.TrueColor, style.Dark)
	hit(p, tea.KeyUp)
	lines, _, _ := p.Draw(theme, 100, 20)
	faint, _, _ := strings.Cut(theme.On(style.Faint, "x"), "x")
	n := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "Resolve") })
	if n < 0 || !strings.HasPrefix(lines[n], "   "+faint) || !strings.Contains(lines[n], "E asks for Tier 1") {
		t.Errorf("the line is %q", lines[max(0, n)])
	}
}

func TestMovingSkipsHeadingsAndKeepsThemInSight(t *testing.T) {
	t.Parallel()
	p := New("Help", actions(), "")
	drawn(p, 80, 5) // three rows
	steps := []struct {
		code rune
		mod  tea.KeyMod
		want string
	}{
		{tea.KeyDown, 0, "resolve"}, {'n', tea.ModCtrl, "portal"}, {tea.KeyDown, 0, "down"}, {'p', tea.ModCtrl, "portal"},
		{tea.KeyPgDown, 0, "quit"}, {tea.KeyPgUp, 0, "portal"}, {tea.KeyEnd, 0, "quit"}, {tea.KeyHome, 0, "take"}, {tea.KeyUp, 0, "take"},
	}
	for n, s := range steps {
		hit(p, s.code, s.mod)
		frame := drawn(p, 80, 5)
		if got, _ := p.Chosen(); got.Value != s.want || !strings.Contains(frame, " > ") {
			t.Errorf("step %d: on %q, want %q, drawn\n%s", n+1, got.Value, s.want, frame)
		}
	}
	if frame := drawn(p, 80, 5); !strings.Contains(frame, "This incident") {
		t.Errorf("the heading over the first item is out of sight:\n%s", frame)
	}
	typing(p, "e")
	if frame := drawn(p, 80, 20); strings.Contains(frame, "This incident") || strings.Contains(frame, "Lists") {
		t.Errorf("headings among what was found:\n%s", frame)
	}
}

func columns() *Picker {
	p := New("Columns", []Item{{Value: "sev", Label: "Severity", Why: "always shown"}, {Value: "left", Label: "Time left"},
		{Value: "cust", Label: "Customer", Note: "code"}, {Value: "id", Label: "Number"}}, "left")
	p.Multi(func(v string) bool { return v != "cust" })
	return p
}

func TestSeveralCanBeChosenAndMoved(t *testing.T) {
	t.Parallel()
	p := columns()
	check := func(what string, want ...string) {
		t.Helper()
		if got := p.Checked(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	check("at first", "sev", "left", "id")
	typing(p, "J")
	check("moved behind one that is off", "sev", "left", "id")
	hit(p, tea.KeyDown, tea.ModAlt)
	check("moved down", "sev", "id", "left")
	typing(p, "J")
	check("not beyond the end", "sev", "id", "left")
	typing(p, "kK")
	check("another moved up", "sev", "id", "left")
	hit(p, tea.KeyUp, tea.ModAlt)
	check("to the top", "id", "sev", "left")
	hit(p, tea.KeyUp, tea.ModAlt)
	hit(p, tea.KeySpace)
	check("off", "sev", "left")
	typing(p, "jzzz")
	hit(p, tea.KeySpace)
	check("what always shows stays on, and letters search nothing", "sev", "left")
	hit(p, tea.KeyEnd)
	typing(p, "k")
	hit(p, tea.KeySpace)
	check("on", "sev", "cust", "left")
	if got := New("one", items(), "").Checked(); got != nil {
		t.Errorf("a picker of one has %v chosen", got)
	}
	none := New("none", nil, "")
	none.Multi(func(string) bool { return true })
	typing(none, "J")
	hit(none, tea.KeySpace)
}

func TestPickersLookLikeThis(t *testing.T) {
	t.Parallel()
	p := New("Help", actions(), "portal")
	searched := New("Help", actions(), "")
	typing(searched, "re")
	frames := []string{drawn(p, 80, 20), drawn(searched, 80, 20), drawn(columns(), 60, 12), drawn(New("Switch", items(), "f"), 60, 5)}
	golden.RequireEqual(t, []byte(strings.Join(frames, "\n\n")+"\n"))
}

func TestPickerHoldsItsWidthAndHoldsHostileTextOff(t *testing.T) {
	t.Parallel()
	for _, s := range hostile.Corpus() {
		list := []Item{{Value: s.Text, Code: s.Text, Label: "x" + s.Text, Note: s.Text, Group: s.Text}, {Keys: s.Text, Label: s.Text, Why: s.Text}, {}}
		several := New(s.Text, list, "")
		several.Multi(func(string) bool { return true })
		pickers := []*Picker{New(s.Text, list, s.Text), New("x", list, ""), several}
		pickers[1].Update(tea.PasteMsg{Content: s.Text})
		for _, p := range pickers {
			for _, width := range []int{1, 4, 20, 59, 200} {
				lines, x, y := p.Draw(plain(), width, 15)
				if len(lines) > 15 || y >= len(lines) || x > max(1, width) {
					t.Fatalf("%s at %d cells: %d lines, cursor at %d, %d", s.Name, width, len(lines), x, y)
				}
				for _, l := range lines {
					l = ansi.Strip(l)
					if err := hostile.ScanBytes([]byte(l)); err != nil || strings.Contains(l, "\n") || width > 3 && ansi.StringWidthWc(l) > width {
						t.Fatalf("%s at %d cells: %v, %d cells in %q", s.Name, width, err, ansi.StringWidthWc(l), l)
					}
				}
			}
		}
	}
}

func BenchmarkKeyAmong500(b *testing.B) {
	var list []Item
	for n := range 500 {
		list = append(list, Item{Value: fmt.Sprint(n), Code: fmt.Sprintf("C%03d", n), Label: fmt.Sprintf("Customer number %d Ltd", n)})
	}
	p := New("Switch", list, "")
	typing(p, "cust")
	theme := plain()
	b.ReportAllocs()
	for b.Loop() {
		p.search()
		p.Draw(theme, 160, 48)
	}
}

func TestAWordsBeginningComesBeforeLettersInBetween(t *testing.T) {
	t.Parallel()
	items := []Item{{Value: "in", Label: "sign in, or sign in again"}, {Value: "col", Label: "by the marked column", Also: "sort-column"},
		{Value: "ord", Label: "sort by an order's name"}}
	p := New("x", items, "")
	for _, r := range "sor" {
		p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	var got []string
	for range 3 {
		i, _ := p.Chosen()
		got = append(got, i.Value)
		p.Update(tea.KeyPressMsg{Code: tea.KeyDown})
	}
	if s := strings.Join(got, " "); s != "col ord in" {
		t.Errorf("the order is %s", s)
	}
}
