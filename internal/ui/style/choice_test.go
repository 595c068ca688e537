package style

import (
	"image/color"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

func TestAChoiceThatIsWrongSaysSo(t *testing.T) {
	t.Parallel()
	paint := func(token, hue string) map[string]CustomPaint { return map[string]CustomPaint{token: {Color: hue}} }
	cases := map[string]struct {
		choice Choice
		want   []string
	}{
		"a theme with a slip":    {Choice{Name: "drak"}, []string{`there is no theme "drak"; did you mean dark`}},
		"a theme out of the sky": {Choice{Name: "zzzzzzzz"}, []string{"built in are auto, dark, light"}},
		"a hostile name":         {Choice{Name: "x\x1b]0;y\a"}, []string{"there is no theme"}},
		"a base with a slip": {Choice{Custom: &Custom{Name: "mine", Base: "sixten"}},
			[]string{`theme mine: base: there is no theme "sixten"; did you mean sixteen`}},
		"a token with a slip":   {Choice{Custom: &Custom{Name: "mine", Colors: paint("hihg", "1")}}, []string{`no token "hihg"; did you mean high`}},
		"a token of no meaning": {Choice{Custom: &Custom{Name: "mine", Colors: paint("zzzzzzzz", "1")}}, []string{"known are text, subtle"}},
		"a colour with a slip": {Choice{Custom: &Custom{Name: "mine", Colors: paint("high", "brigt red")}},
			[]string{`high: "brigt red" is no colour; did you mean bright red`}},
		"a short colour":           {Choice{Custom: &Custom{Name: "mine", Colors: paint("low", "#fff")}}, []string{`"#fff" is no colour; write #rrggbb`}},
		"digits that are none":     {Choice{Custom: &Custom{Name: "mine", Colors: paint("low", "#12345g")}}, []string{"is no colour"}},
		"a number too high":        {Choice{Custom: &Custom{Name: "mine", Colors: paint("low", "16")}}, []string{`"16" is no colour`}},
		"a number with a sign":     {Choice{Custom: &Custom{Name: "mine", Colors: paint("low", "+1")}}, []string{`"+1" is no colour`}},
		"the name of one built in": {Choice{Custom: &Custom{Name: "dark"}}, []string{"theme dark: this is the name of a built-in theme"}},
		"a name like a format":     {Choice{Custom: &Custom{Name: "50%d", Colors: paint("low", "puce")}}, []string{"theme 50%d: low: "}},
		"all of it": {Choice{Custom: &Custom{Name: "m\x1b[2J", Base: "ligth", Colors: map[string]CustomPaint{"lwo": {}, "ok": {Color: "puce"}}}},
			[]string{"did you mean light", "did you mean low", `ok: "puce"`}},
	}
	for name, c := range cases {
		theme, err := Make(c.choice, colorprofile.TrueColor, Dark)
		if err == nil || theme != nil {
			t.Errorf("%s: no error", name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q does not say %q", name, err, want)
			}
		}
		if strings.ContainsAny(err.Error(), "\x1b\a") {
			t.Errorf("%s: %q holds what nobody made safe", name, err)
		}
	}
}

func TestColoursAreRead(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]color.Color{"": nil, "0": ansi.Black, "15": ansi.BrightWhite, "red": ansi.Red, "bright red": ansi.BrightRed,
		"Bright Black": ansi.BrightBlack, "#7fC8f8": color.RGBA{0x7f, 0xc8, 0xf8, 0xff}} {
		if got, err := parseColor(s); err != nil || got != want {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
}

// TestACustomThemeChangesItsBase looks at one theme on every kind of terminal.
func TestACustomThemeChangesItsBase(t *testing.T) {
	t.Parallel()
	mine := &Custom{Name: "mine", Base: "dark", Colors: map[string]CustomPaint{
		"high": {Color: "#ff0000", Bold: true}, "medium": {Color: "bright yellow"}, "low": {}, "selection": {Color: "#303030", Bold: true},
		"text": {Color: "#eeeeee"}}}
	cases := map[colorprofile.Profile]map[Token]string{
		colorprofile.TrueColor: {High: "\x1b[1;38;2;255;0;0m", Medium: "\x1b[93m", Low: "", OK: "\x1b[38;2;127;209;168m",
			Selection: "\x1b[1;38;2;238;238;238;48;2;48;48;48m", Text: "\x1b[38;2;238;238;238m"},
		colorprofile.ANSI256: {High: "\x1b[1;38;5;196m", Medium: "\x1b[93m", Low: "", Selection: "\x1b[1;38;5;255;48;5;236m"},
		colorprofile.ANSI:    {High: "\x1b[1;91m", Medium: "\x1b[93m", Low: "", Selection: "\x1b[1;7m", Text: ""},
		colorprofile.ASCII:   {High: "\x1b[1m", Medium: "", Low: "", Selection: "\x1b[1;7m", Text: ""},
	}
	for profile, want := range cases {
		theme := make1(t, Choice{Custom: mine}, profile, Dark)
		for k, open := range want {
			if got := theme.paints[k].open; got != open {
				t.Errorf("%s: %s is %q, not %q", profile, k, got, open)
			}
		}
		if theme.Name() != "mine" {
			t.Errorf("it is called %q", theme.Name())
		}
	}
}

func TestAnOwnGroundKeepsTheTextOnIt(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]string{"high-contrast": "\x1b[38;2;255;255;255;48;2;0;0;51m", "dark": "\x1b[38;2;215;221;228;48;2;0;0;51m"} {
		mine := &Custom{Name: "mine", Base: base, Colors: map[string]CustomPaint{"selection": {Color: "#000033"}}}
		if open := make1(t, Choice{Custom: mine}, colorprofile.TrueColor, Unknown).paints[Selection].open; open != want {
			t.Errorf("%s: %q, not %q", base, open, want)
		}
	}
}

// TestAttributesStayWhereColoursCannot looks at each of them on a terminal of 16 colours, where the base's colour stays.
func TestAttributesStayWhereColoursCannot(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]CustomPaint{"\x1b[1;91m": {Bold: true}, "\x1b[2;91m": {Faint: true}, "\x1b[4;91m": {Underline: true},
		"\x1b[7;91m": {Reverse: true}} {
		p.Color = "#123456"
		theme := make1(t, Choice{Custom: &Custom{Name: "mine", Colors: map[string]CustomPaint{"high": p}}}, colorprofile.ANSI, Dark)
		if open := theme.paints[High].open; open != want {
			t.Errorf("%+v: %q, not %q", p, open, want)
		}
	}
}

func TestWhatIsHardToReadIsSaid(t *testing.T) {
	t.Parallel()
	own := func(base string, paints map[string]CustomPaint) Choice {
		return Choice{Custom: &Custom{Name: "mine", Base: base, Colors: paints}}
	}
	dim := map[string]CustomPaint{"low": {Color: "#222222"}, "ok": {Color: "0"}, "high": {Color: "#ff0000"}}
	cases := map[string]struct {
		choice  Choice
		profile colorprofile.Profile
		ground  Ground
		want    []string // each in one warning, and no more warnings
	}{
		"a theme that fits":                {Choice{Name: "dark"}, colorprofile.TrueColor, Dark, nil},
		"a theme for the other background": {Choice{Name: "dark"}, colorprofile.TrueColor, Light, []string{"The theme dark is made for another background"}},
		"the same while nothing is known":  {Choice{Name: "light"}, colorprofile.TrueColor, Unknown, nil},
		"the terminal's own colours":       {Choice{Name: "sixteen"}, colorprofile.TrueColor, Light, nil},
		"a dim colour":                     {own("dark", dim), colorprofile.TrueColor, Dark, []string{"Theme mine: low has a contrast of 1.1 to 1 on a dark background"}},
		"a dim colour that is not shown":   {own("dark", dim), colorprofile.ANSI, Dark, nil},
		"a ground like the text": {own("dark", map[string]CustomPaint{"selection": {Color: "#cccccc"}}), colorprofile.ANSI256, Dark,
			[]string{"text has a contrast of 1.2 to 1 on the selection"}},
		"a text like the ground": {own("dark", map[string]CustomPaint{"text": {Color: "#445566"}}), colorprofile.TrueColor, Dark,
			[]string{"text has a contrast of 2.4 to 1 on a dark", "text has a contrast of 1.6 to 1 on the selection"}},
	}
	for name, c := range cases {
		got := make1(t, c.choice, c.profile, c.ground).Warnings()
		if len(got) != len(c.want) {
			t.Errorf("%s: %q", name, got)
			continue
		}
		for n, want := range c.want {
			if !strings.Contains(got[n], want) {
				t.Errorf("%s: %q does not say %q", name, got[n], want)
			}
		}
	}
	for _, b := range bases() {
		if w := make1(t, Choice{Name: b.about.Name}, colorprofile.TrueColor, b.ground).Warnings(); len(w) > 0 {
			t.Errorf("%s warns of itself: %q", b.about.Name, w)
		}
	}
}
