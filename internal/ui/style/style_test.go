package style

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// backs lists backgrounds that terminals come with: black, the reference one, the grey of an editor; white and paper.
func backs(g Ground) []string {
	if g == Light {
		return []string{"#ffffff", "#fafafa"}
	}
	return []string{"#000000", "#11161c", "#1e1e1e"}
}

// readableTokens lists the tokens that text is written in. Faint is for rules and what is disabled.
func readableTokens() []Token {
	return []Token{Text, Subtle, Accent, High, Medium, Low, Info, OK, Experts, Mark, Column}
}

// TestTextKeepsAContrast holds text and severities to 4.5 to 1 (WCAG 2 AA) or, in high contrast, to 7 to 1 (AAA) on the
// usual grounds and on the selection, in true colour and in 256 colours. Of those no brown is dark enough for 7 to 1.
func TestTextKeepsAContrast(t *testing.T) {
	t.Parallel()
	for _, b := range bases() {
		if b.hues == nil {
			continue
		}
		least := map[colorprofile.Profile]float64{colorprofile.TrueColor: 4.5, colorprofile.ANSI256: 4.5}
		if strings.HasPrefix(b.about.Name, "high-contrast") {
			least = map[colorprofile.Profile]float64{colorprofile.TrueColor: 7, colorprofile.ANSI256: 6}
		}
		for profile, least := range least {
			hue := func(k Token) color.Color { return profile.Convert(b.hue(k, b.hues[k], profile)) }
			for _, k := range readableTokens() {
				for _, g := range append(backs(b.ground), "") {
					under := hue(Selection)
					if g != "" {
						under = rgb(g)
					}
					if c := contrast(hue(k), under); c < least {
						t.Errorf("%s, %s: %s has a contrast of %.2f on %s, not %.1f", b.about.Name, profile, k, c, place(g), least)
					}
				}
			}
			for _, g := range backs(b.ground) {
				if c := contrast(hue(Faint), rgb(g)); c < 3 {
					t.Errorf("%s, %s: faint has a contrast of %.2f on %s, not 3", b.about.Name, profile, c, g)
				}
				full := deficiencies()["full sight"]
				if d := difference(seen(hue(Selection), full), seen(rgb(g), full)); d < 4 {
					t.Errorf("%s, %s: the selection differs from %s by %.1f, not by 4", b.about.Name, profile, g, d)
				}
			}
		}
	}
}

func place(ground string) string {
	if ground == "" {
		return "the selection"
	}
	return ground
}

func TestContrastIsThatOfWCAG(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want string
	}{{"#000000", "#ffffff", "21.00"}, {"#777777", "#ffffff", "4.48"}, {"#ffffff", "#ffffff", "1.00"}} {
		if got := fmt.Sprintf("%.2f", contrast(rgb(c.a), rgb(c.b))); got != c.want {
			t.Errorf("%s on %s: %s, not %s", c.a, c.b, got, c.want)
		}
	}
}

// colours tells whether a paint's sequence sets a colour.
func colours(open string) bool {
	for p := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(open, "\x1b["), "m"), ";") {
		if len(p) > 1 { // attributes are single digits
			return true
		}
	}
	return false
}

func TestWithoutColourEveryThemeIsMonochrome(t *testing.T) {
	t.Parallel()
	mine := &Custom{Name: "mine", Colors: map[string]CustomPaint{"low": {Color: "#ff00ff", Underline: true}, "ok": {Color: "4"}}}
	for _, name := range Names() {
		for _, profile := range []colorprofile.Profile{colorprofile.ASCII, colorprofile.NoTTY, colorprofile.Unknown} {
			for _, custom := range []*Custom{nil, mine} {
				if custom != nil {
					custom = &Custom{Name: mine.Name, Base: name, Colors: mine.Colors}
				}
				theme := make1(t, Choice{Name: name, Custom: custom}, profile, Dark)
				for k := range tokenCount {
					if open := theme.paints[k].open; colours(open) {
						t.Errorf("%s, %s: %s paints a colour: %q", name, profile, k, open)
					}
				}
				for _, k := range []Token{High, Selection, Title, Mark, Column} {
					if theme.On(k, "x") == "x" {
						t.Errorf("%s: %s has to stand out without colour", name, k)
					}
				}
				if (custom != nil) != (theme.On(Low, "x") != "x") {
					t.Errorf("%s: the attribute of a custom theme has to stay, and no other", name)
				}
			}
		}
	}
	theme := make1(t, Choice{Name: "monochrome"}, colorprofile.TrueColor, Dark)
	for k := range tokenCount {
		if colours(theme.paints[k].open) {
			t.Errorf("monochrome: %s paints a colour", k)
		}
	}
}

func make1(t *testing.T, c Choice, p colorprofile.Profile, g Ground) *Theme {
	t.Helper()
	theme, err := Make(c, p, g)
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

// TestSixteenColoursAreTheTerminalsOwn asks every theme for what a terminal with 16 colours shows.
func TestSixteenColoursAreTheTerminalsOwn(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		theme := make1(t, Choice{Name: name}, colorprofile.ANSI, Light)
		for k := range tokenCount {
			if open := theme.paints[k].open; strings.Contains(open, "38;") || strings.Contains(open, "48;") {
				t.Errorf("%s: %s is none of the 16 colours: %q", name, k, open)
			}
		}
	}
	truly := make1(t, Choice{Name: "dark"}, colorprofile.ANSI, Dark)
	sixteen := make1(t, Choice{Name: "sixteen"}, colorprofile.TrueColor, Dark)
	if truly.paints != sixteen.paints {
		t.Errorf("dark in 16 colours is %q, sixteen %q", truly.paints, sixteen.paints)
	}
	if got := sixteen.On(High, "x"); got != "\x1b[91mx\x1b[m" {
		t.Errorf("high: %q", got)
	}
	contrast := make1(t, Choice{Name: "high-contrast"}, colorprofile.ANSI, Dark)
	if contrast.On(Subtle, "x") != "x" || contrast.On(High, "x") != "\x1b[1;91mx\x1b[m" {
		t.Errorf("high contrast writes %q and %q", contrast.On(Subtle, "x"), contrast.On(High, "x"))
	}
	blind := make1(t, Choice{Name: "colour-blind"}, colorprofile.ANSI, Dark)
	if blind.Paint(OK) == sixteen.Paint(OK) {
		t.Error("ok has to differ where green and red meet")
	}
}

func TestA256ColourTerminalGetsIndexes(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		theme := make1(t, Choice{Name: name}, colorprofile.ANSI256, Dark)
		for k := range tokenCount {
			if open := theme.paints[k].open; strings.Contains(open, "8;2;") {
				t.Errorf("%s: %s is a true colour: %q", name, k, open)
			}
		}
	}
}

// TestLeanPaintsAreShort holds each paint of a slow line to one parameter, and the cursor's row to none.
func TestLeanPaintsAreShort(t *testing.T) {
	t.Parallel()
	custom := &Custom{Name: "mine", Colors: map[string]CustomPaint{
		"high": {Color: "#ff0000", Bold: true, Underline: true}, "low": {Bold: true, Faint: true}, "selection": {Color: "blue"}}}
	for _, c := range append(choices(), Choice{Custom: custom}) {
		for _, profile := range []colorprofile.Profile{colorprofile.ASCII, colorprofile.ANSI, colorprofile.TrueColor} {
			c.Lean = true
			theme := make1(t, c, profile, Dark)
			if got := theme.On(Selection, "x"); got != "x" {
				t.Errorf("%s: the cursor's row is painted: %q", theme.Name(), got)
			}
			for k := range tokenCount {
				if open := theme.paints[k].open; len(open) > len("\x1b[91m") {
					t.Errorf("%s, %s: %s takes %d bytes: %q", theme.Name(), profile, k, len(open), open)
				}
			}
			if theme.On(High, "x") == "x" || theme.On(Column, "x") == "x" {
				t.Errorf("%s, %s: high and the column have to stand out", theme.Name(), profile)
			}
		}
	}
}

func choices() []Choice {
	var list []Choice
	for _, n := range Names() {
		list = append(list, Choice{Name: n})
	}
	return list
}

// TestAMoveStaysShort holds the paints that each cursor move writes to what they cost today.
func TestAMoveStaysShort(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]int{"auto": 16, "dark": 16, "colour-blind": 16, "sixteen": 4, "high-contrast": 34} {
		theme := make1(t, Choice{Name: name}, colorprofile.TrueColor, Dark)
		if open := theme.paints[Selection].open; len(open) > most {
			t.Errorf("%s: the cursor's row takes %d bytes: %q", name, len(open), open)
		}
	}
	if open := New(colorprofile.TrueColor, Dark).paints[Text].open; open != "" {
		t.Errorf("text is the terminal's own, not %q", open)
	}
}

func TestAutoFollowsTheTerminal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		profile colorprofile.Profile
		ground  Ground
		same    string
	}{
		{colorprofile.TrueColor, Dark, "dark"}, {colorprofile.TrueColor, Light, "light"}, {colorprofile.TrueColor, Unknown, "dark"},
		{colorprofile.ANSI, Light, "sixteen"}, {colorprofile.ASCII, Dark, "monochrome"},
	} {
		want := make1(t, Choice{Name: c.same}, c.profile, c.ground)
		if got := New(c.profile, c.ground); got.paints != want.paints || got.Name() != "auto" {
			t.Errorf("%s on ground %d is not %s", c.profile, c.ground, c.same)
		}
		if got := make1(t, Choice{}, c.profile, c.ground); got.paints != want.paints {
			t.Errorf("%s on ground %d: no choice is not %s", c.profile, c.ground, c.same)
		}
	}
}

// TestTheSelectionIsReadableOnAnyGround sees that the terminal's own text colour stands on the selection only where the
// theme is made for that terminal.
func TestTheSelectionIsReadableOnAnyGround(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		ground Ground
		own    bool
	}{{"dark", Dark, true}, {"dark", Light, false}, {"dark", Unknown, false}, {"light", Light, true}, {"light", Dark, false},
		{"auto", Unknown, false}} {
		open := make1(t, Choice{Name: c.name}, colorprofile.TrueColor, c.ground).paints[Selection].open
		if strings.Contains(open, "38;2;") == c.own {
			t.Errorf("%s on ground %d: %q", c.name, c.ground, open)
		}
	}
}

func TestTokensHaveNames(t *testing.T) {
	t.Parallel()
	if got := TokenNames(); len(got) != int(tokenCount) {
		t.Fatalf("%d names for %d tokens", len(got), tokenCount)
	}
	for k, want := range map[Token]string{Text: "text", Selection: "selection", Experts: "experts", Title: "title", Mark: "mark", Column: "column",
		-1: "none"} {
		if k.String() != want {
			t.Errorf("token %d is called %s, not %s", int(k), k, want)
		}
	}
	seen := map[string]bool{}
	for _, a := range append(Tokens(), Themes()...) {
		if seen[a.Name] || a.Meaning == "" {
			t.Errorf("%q stands twice or says nothing", a.Name)
		}
		seen[a.Name] = true
	}
}

func TestTheColumnIsUnderlined(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"auto", "light", "high-contrast", "sixteen"} {
		theme := make1(t, Choice{Name: name}, colorprofile.TrueColor, Dark)
		if open := theme.paints[Column].open; !strings.HasPrefix(open, "\x1b[4;") {
			t.Errorf("%s: %q", name, open)
		}
	}
}

func TestPaintingNothingWritesNothing(t *testing.T) {
	t.Parallel()
	if got := New(colorprofile.TrueColor, Dark).On(High, ""); got != "" {
		t.Errorf("%q", got)
	}
	if got := ansi.Strip(New(colorprofile.TrueColor, Dark).On(High, "x")); got != "x" {
		t.Errorf("%q", got)
	}
}
