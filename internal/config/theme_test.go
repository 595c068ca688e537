package config

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestReadThemes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := write(t, dir, "night-shift.yaml", []byte(`base: high-contrast
colors:
  high: "#FF7a66"
  medium: 11
  low: bright-blue
  text: Black
  selection: {color: "#23384d", reverse: true}
  title: {bold: true, underline: true, faint: false}
  subtle: {faint: true}
  ok: {}
`))
	tokens := []string{"text", "subtle", "selection", "high", "medium", "low", "ok", "title"}
	got, err := ReadTheme(path, tokens)
	want := Theme{Name: "night-shift", Base: "high-contrast", Colors: map[string]Paint{
		"high": {Color: "#ff7a66"}, "medium": {Color: "11"}, "low": {Color: "12"}, "text": {Color: "0"},
		"selection": {Color: "#23384d", Reverse: true}, "title": {Bold: true, Underline: true}, "subtle": {Faint: true}, "ok": {},
	}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
	got, err = ReadTheme(write(t, dir, "a.yaml", nil), tokens)
	if err != nil || got.Name != "a" || got.Base != "dark" || len(got.Colors) != 0 {
		t.Errorf("an empty theme: %+v, %v", got, err)
	}
	for _, name := range []string{"Big.yaml", "a.yml", "a b.yaml", ".yaml", "x"} {
		if _, err := ReadTheme(write(t, dir, name, nil), tokens); err == nil || !strings.Contains(err.Error(), "cannot be a theme") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := ReadTheme(filepath.Join(dir, "none.yaml"), tokens); err != nil || got.Name != "" {
		t.Errorf("a missing theme: %+v, %v", got, err)
	}
}

func TestFaultsOfThemes(t *testing.T) {
	t.Parallel()
	noColor := ` is not a colour: write "#rrggbb", a number from 0 to 15, or a name such as bright-red`
	for data, want := range map[string]string{
		"bse: dark\n":                     `1:1: unknown key "bse": did you mean "base"?`,
		"base: drak\n":                    `1:7: base: "drak" is none of dark, light, high-contrast, high-contrast-light, colour-blind, colour-blind-light, sixteen, monochrome: did you mean "dark"?`,
		"base: auto\n":                    `1:7: base: "auto" is none of dark, light, high-contrast, high-contrast-light, colour-blind, colour-blind-light, sixteen, monochrome`,
		"colors:\n  hihg: red\n":          `2:3: token: "hihg" is none of high, low, title: did you mean "high"?`,
		"colors:\n  high: rde\n":          `2:9: high: "rde"` + noColor + `: did you mean "red"?`,
		"colors:\n  high: '#ff00'\n":      `2:9: high: "#ff00"` + noColor,
		"colors:\n  high: '#ff00gg'\n":    `2:9: high: "#ff00gg"` + noColor,
		"colors:\n  high: 16\n":           `2:9: high: "16"` + noColor,
		"colors:\n  high: -1\n":           `2:9: high: "-1"` + noColor,
		"colors:\n  high: #ff0000\n":      `2:8: high has no value: put a colour that starts with # between quotation marks, or write {} for the terminal's own`,
		"colors:\n  high: ''\n":           `2:9: high has no value`,
		"colors:\n  high: [red]\n":        `2:9: high wants a single value, not a list`,
		"colors:\n  high: {colour: red}":  `2:10: unknown key "colour": did you mean "color"?`,
		"colors:\n  high: {bold: yes}":    `2:16: bold: "yes" is neither true nor false`,
		"colors:\n  low: red\n  low: red": `3:3: the key "low" is given twice, first in line 2`,
		"colors: red\n":                   `1:9: colors wants names with something below them, not a single value`,
	} {
		_, err := parseTheme("x.yaml", []byte(data), []string{"high", "low", "title"})
		if err == nil || err.Error() != "x.yaml:"+want {
			t.Errorf("%q:\ngot  %v\nwant x.yaml:%s", data, err, want)
		}
	}
}
