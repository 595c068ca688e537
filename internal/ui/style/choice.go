package style

import (
	"errors"
	"fmt"
	"image/color"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Choice is the theme that an analyst wants. The zero value is the automatic theme.
type Choice struct {
	Name   string  // of a built-in theme, where Custom is nil
	Custom *Custom // a theme of the analyst's own
	Lean   bool    // the shortest sequences, for slow lines: 16 colours, and no ground under the cursor's row
}

// Custom is a theme of the analyst's own: a built-in one with changes.
type Custom struct {
	Name   string
	Base   string                 // a built-in theme; empty is the automatic one
	Colors map[string]CustomPaint // by the name of the token
}

// CustomPaint replaces what a token looks like, as a whole. Color is "#rrggbb", a number of the terminal's 16 colours
// ("0" to "15") or its name ("bright red"); empty is the terminal's own. Selection's color is its ground.
type CustomPaint struct {
	Color                           string
	Bold, Underline, Reverse, Faint bool
}

// changes is a checked Custom.
type changes struct {
	name string
	inks map[Token]ink
}

// Make makes the theme of a choice for a terminal. The error names everything that is wrong with the choice. On a
// terminal without colours, or with NO_COLOR, every theme is monochrome, but for the attributes of a custom one.
func Make(c Choice, profile colorprofile.Profile, ground Ground) (*Theme, error) {
	t := terminal{profile: profile, ground: ground, lean: c.Lean}
	if c.Custom == nil {
		b, err := findBase(c.Name, ground)
		if err != nil {
			return nil, err
		}
		return b.theme(t, nil), nil
	}
	own, faults := c.Custom.check()
	b, err := findBase(c.Custom.Base, ground)
	if err != nil {
		faults = append([]error{fmt.Errorf("theme %s: base: %w", text.Escape(c.Custom.Name), err)}, faults...)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return b.theme(t, own), nil
}

// findBase looks a built-in theme up.
func findBase(name string, ground Ground) (base, error) {
	if name == "" || name == autoName {
		return auto(ground), nil
	}
	for _, b := range bases() {
		if b.about.Name == name {
			return b, nil
		}
	}
	say := fmt.Sprintf("there is no theme %s", text.Quote(name))
	if near, ok := soc.Nearest(name, Names()); ok {
		return base{}, fmt.Errorf("%s; did you mean %s", say, near)
	}
	return base{}, fmt.Errorf("%s; built in are %s", say, strings.Join(Names(), ", "))
}

func (c *Custom) check() (*changes, []error) {
	own := &changes{name: c.Name, inks: make(map[Token]ink, len(c.Colors))}
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("theme %s: %w", text.Escape(c.Name), fmt.Errorf(format, args...)))
	}
	if slices.Contains(Names(), c.Name) {
		fault("this is the name of a built-in theme; choose another one")
	}
	known := TokenNames()
	for _, name := range sortedKeys(c.Colors) {
		k := slices.Index(known, name)
		if k < 0 {
			fault("there is no token %s; %s", text.Quote(name), suggest(name, known))
			continue
		}
		p := c.Colors[name]
		hue, err := parseColor(p.Color)
		if err != nil {
			fault("%s: %w", name, err)
			continue
		}
		own.inks[Token(k)] = ink{color: hue, bold: p.Bold, underline: p.Underline, reverse: p.Reverse, faint: p.Faint}
	}
	return own, faults
}

func suggest(word string, known []string) string {
	if near, ok := soc.Nearest(word, known); ok {
		return "did you mean " + near
	}
	return "known are " + strings.Join(known, ", ")
}

func sortedKeys(m map[string]CustomPaint) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// colorNames lists the names of the terminal's 16 colours, by number.
func colorNames() []string {
	list := []string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}
	for _, n := range list[:8] {
		list = append(list, "bright "+n)
	}
	return list
}

func parseColor(s string) (color.Color, error) {
	switch {
	case s == "":
		return nil, nil
	case isHex(s):
		return rgb(s), nil
	}
	if n, err := strconv.Atoi(s); err == nil && n >= 0 && n <= 15 && strconv.Itoa(n) == s {
		return ansi.BasicColor(n), nil
	}
	known := colorNames()
	if n := slices.Index(known, strings.ToLower(s)); n >= 0 {
		return ansi.BasicColor(n), nil //nolint:gosec // 0 to 15
	}
	if near, ok := soc.Nearest(s, known); ok {
		return nil, fmt.Errorf("%s is no colour; did you mean %s", text.Quote(s), near)
	}
	return nil, fmt.Errorf("%s is no colour; write #rrggbb, a number from 0 to 15, or a name such as bright red", text.Quote(s))
}

func isHex(s string) bool {
	return len(s) == 7 && s[0] == '#' && strings.Trim(s[1:], "0123456789abcdefABCDEF") == ""
}

// apply puts the changes onto a sheet, as far as the terminal can show them: attributes always, the terminal's own
// colours from 16 on, true colours from 256 on. Where a colour cannot be shown, the base's ink stays and gains the
// attributes, so that nothing that stood out is lost.
func (c *changes) apply(s *sheet, profile colorprofile.Profile) {
	for k, i := range c.inks {
		_, basic := i.color.(ansi.BasicColor)
		switch {
		case i.color == nil && (profile > colorprofile.ASCII || i != ink{}):
			s[k] = i
		case profile > colorprofile.ANSI, profile == colorprofile.ANSI && basic:
			i.over = s[k].over
			s[k] = i
		default:
			s[k].bold = s[k].bold || i.bold
			s[k].underline = s[k].underline || i.underline
			s[k].reverse = s[k].reverse || i.reverse
			s[k].faint = s[k].faint || i.faint
		}
	}
	if s[Text].color != nil && s[Selection].color != nil {
		s[Selection].over = s[Text].color
	}
}
