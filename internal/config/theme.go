package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/socctl/socctl/internal/text"
)

// Theme is a theme of the analyst's own: what differs from the one that it builds on.
type Theme struct {
	Name   string // the file's name without .yaml; empty where there is no such file
	Base   string // one of BuiltinThemes
	Colors map[string]Paint
}

// Paint is how one token is shown. Without a colour the text keeps the terminal's own.
type Paint struct {
	Color                           string // #rrggbb in small letters, 0 to 15 for one of the terminal's colours, or empty
	Bold, Underline, Reverse, Faint bool
}

const (
	defaultBase = "dark"
	themeSuffix = ".yaml"
)

// ReadTheme reads the file of a theme: base, and colors by token. Its name is the file's name, which has to be one.
// A file that is missing gives the zero Theme.
func ReadTheme(path string, tokens []string) (Theme, error) {
	data, found, err := readBeside(path)
	if err != nil || !found {
		return Theme{}, err
	}
	return parseTheme(path, data, tokens)
}

func parseTheme(file string, data []byte, tokens []string) (Theme, error) {
	own, isYAML := strings.CutSuffix(filepath.Base(file), themeSuffix)
	if _, err := parseName(own); err != nil || !isYAML {
		return Theme{}, fmt.Errorf("%s cannot be a theme: its file has small letters, digits and single dashes, and ends in %s",
			text.Quote(filepath.Base(file)), themeSuffix)
	}
	keys := []Key{
		{Path: "base", Type: TypeChoice, Choices: BuiltinThemes()},
		{Path: "colors", Type: TypeMap, Choices: append([]string{}, tokens...), Max: 1000},
		{Path: "colors.<token>", Type: typePaint},
		{Path: "colors.<token>.color", Type: typeColor, Choices: colorNames()},
	}
	for _, attribute := range []string{"bold", "underline", "reverse", "faint"} {
		keys = append(keys, Key{Path: "colors.<token>." + attribute, Type: TypeBool})
	}
	_, top, err := parseBeside(file, data, keys)
	if err != nil {
		return Theme{}, err
	}
	theme := Theme{Name: own, Base: defaultBase, Colors: make(map[string]Paint)}
	if base := of[string](top, "base"); base != "" {
		theme.Base = base
	}
	if colors := top.get("colors"); colors != nil {
		for _, token := range colors.names {
			p := colors.get(token)
			theme.Colors[token] = Paint{
				Color: of[string](p, "color"), Bold: of[bool](p, "bold"), Underline: of[bool](p, "underline"),
				Reverse: of[bool](p, "reverse"), Faint: of[bool](p, "faint"),
			}
		}
	}
	return theme, nil
}

// paint reads a colour, or an object that may have one.
func (r *reader) paint(f *field, n *yaml.Node, v *value) bool {
	switch {
	case isNull(n):
		r.faults.add(v.at, `%s has no value: put a colour that starts with # between quotation marks, or write {} for the terminal's own`, f.name)
		return false
	case n.Kind == yaml.MappingNode:
		return r.object(f, n, v)
	}
	color := *f.child("color")
	color.name = f.name
	got := r.value(&color, n)
	if got == nil {
		return false
	}
	v.fields = map[string]*value{"color": got}
	return true
}

// colorNames lists the names of the terminal's sixteen colours, in the order of their numbers.
func colorNames() []string {
	names := []string{"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"}
	for _, n := range names[:8] {
		names = append(names, "bright-"+n)
	}
	return names
}

var (
	huePattern    = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	numberPattern = regexp.MustCompile(`^([0-9]|1[0-5])$`)
)

// parseColor gives #rrggbb in small letters, or the number of one of the sixteen colours.
func parseColor(s string) (any, error) {
	l := strings.ToLower(s)
	if huePattern.MatchString(l) || numberPattern.MatchString(l) {
		return l, nil
	}
	if n := slices.Index(colorNames(), l); n >= 0 {
		return strconv.Itoa(n), nil
	}
	if s == "" {
		return nil, errors.New("there is no colour")
	}
	return nil, fmt.Errorf(`%s is not a colour: write "#rrggbb", a number from 0 to 15, or a name such as bright-red`, text.Quote(s))
}
