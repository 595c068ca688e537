package config

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/soc"
)

// wantFaults wants an error that can be shown.
func wantFaults(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || len(e.Faults) == 0 || len(e.Faults) > maxFaults {
		t.Fatalf("not an *Error: %v", err)
	}
	for _, f := range e.Faults {
		if strings.IndexFunc(f.String(), invisible) >= 0 || f.Where == "" || f.Message == "" {
			t.Fatalf("a fault that cannot be shown: %q", f)
		}
	}
}

func FuzzReadKeys(f *testing.F) {
	for _, s := range []string{"keys:\n  quit: [x, 'g g']\n  claim: a\n", "keys: {quit: [], help: \"?\"}", "keys: {quti: x}\nkeys: 1\n", "keys: {quit: {a: [b]}}", "keys: {quit: ~, ? [a] : b}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) {
		got, err := parseKeys("keys.yaml", []byte(data), actions())
		if err != nil {
			if wantFaults(t, err); got != nil {
				t.Fatalf("half a file: %v", got)
			}
			return
		}
		for _, c := range got {
			if !slices.Contains(actions(), c.Action) || len(c.Keys) > maxKeys || c.At == "" || slices.Contains(c.Keys, "") {
				t.Fatalf("%+v", c)
			}
		}
	})
}

func FuzzReadTheme(f *testing.F) {
	for _, s := range []string{"base: light\ncolors: {high: red, low: {color: '#FF0000', bold: true}}\n", "colors:\n  high: 15\n  low: {}\n", "colors: {high: [a], low: ~, hihg: 16}"} {
		f.Add(s)
	}
	tokens := []string{"high", "low", "title"}
	f.Fuzz(func(t *testing.T, data string) {
		got, err := parseTheme("x.yaml", []byte(data), tokens)
		if err != nil {
			if wantFaults(t, err); got.Name != "" || got.Colors != nil {
				t.Fatalf("half a file: %v", got)
			}
			return
		}
		for token, p := range got.Colors {
			if !slices.Contains(tokens, token) || !slices.Contains(BuiltinThemes(), got.Base) ||
				p.Color != "" && !huePattern.MatchString(p.Color) && !numberPattern.MatchString(p.Color) {
				t.Fatalf("%+v", got)
			}
		}
	})
}

// FuzzReadViews reads a file, and saves and deletes a view in it: the others and the comments stay, or the file does.
func FuzzReadViews(f *testing.F) {
	for _, s := range []string{
		commented, "views: [{name: a, sort: age}]\n", "views: # x\n", "# x\n", "--- # a\nviews:\n  - # b\n    name: >\n      a\n", "views: [\n# a\n{name: b # c\n}, # d\n]# e\n",
		"? views # a\n: # b\n  - name: new\n    columns: [a, # c\n      b]\n", "views: []\r\n# x\r\n",
	} {
		f.Add(s, "new", "status:new", "sort")
	}
	f.Fuzz(func(t *testing.T, data, name, filter, column string) {
		got, err := parseViews("views.yaml", []byte(data), vocabulary())
		if err != nil {
			if wantFaults(t, err); got.List != nil || got.Broken != nil {
				t.Fatalf("half a file: %v", got)
			}
		}
		for _, b := range got.Broken {
			if strings.IndexFunc(b.Why, invisible) >= 0 || b.Why == "" || b.Before > len(got.List) {
				t.Fatalf("%+v", b)
			}
		}
		v := SavedView{Name: name, Filter: filter, Sort: string(soc.OrderAge), Columns: []string{column}}
		if v.check() != nil {
			return
		}
		saved, saveErr := editViews(filepath.Join("x", "views.yaml"), []byte(data), func(s *sheet) error { s.put(v); return nil })
		if err != nil {
			if saveErr == nil {
				t.Fatalf("a broken file was changed to %q", saved)
			}
			return
		}
		if saveErr != nil {
			return // it stays as it is
		}
		again, err := editViews("views.yaml", saved, func(s *sheet) error { s.put(v); return nil })
		if err != nil || len(again) > len(saved)+1 {
			t.Fatalf("the second save: %v\n%q\n%q", err, saved, again)
		}
		if _, err := editViews("views.yaml", saved, func(s *sheet) error { return s.remove(name) }); err != nil {
			t.Logf("stays: %v", err)
		}
	})
}
