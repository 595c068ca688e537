package config

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/soc"
)

// readers are the functions that read a file beside the configuration, with a file that each reads.
func readers() map[string]struct {
	name, good string
	read       func(path string) error
} {
	type reader = struct {
		name, good string
		read       func(path string) error
	}
	return map[string]reader{
		"keys": {"keys.yaml", "keys: {go.top: g}\n", func(path string) error {
			got, err := ReadKeys(path, []string{"go.top"})
			if err != nil && got != nil {
				panic("half a file")
			}
			return err
		}},
		"views": {"views.yaml", "views: [{name: a}]\n", func(path string) error {
			got, err := ReadViews(path, soc.Vocabulary{})
			if err != nil && (got.List != nil || got.Broken != nil) {
				panic("half a file")
			}
			return err
		}},
		"theme": {"mine.yaml", "base: light\ncolors: {high: red}\n", func(path string) error {
			got, err := ReadTheme(path, []string{"high"})
			if err != nil && (got.Name != "" || got.Colors != nil) {
				panic("half a file")
			}
			return err
		}},
	}
}

func TestFilesBesideTheConfiguration(t *testing.T) {
	t.Parallel()
	for what, r := range readers() {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, r.name)
			if err := r.read(path); err != nil {
				t.Errorf("a missing file: %v", err)
			}
			if err := r.read(filepath.Join(dir, "none", r.name)); err != nil {
				t.Errorf("a missing directory: %v", err)
			}
			if err := r.read(""); err != nil {
				t.Errorf("no place: %v", err)
			}
			for data, want := range map[string]string{
				r.good:                                  "",
				"":                                      "",
				"# nothing\n":                           "",
				"---\n":                                 "",
				strings.Repeat("#", maxBeside) + "\n":   " is larger than 1 MiB",
				"[a]\n":                                 "1:1: the file wants keys below it, not a list",
				"hello\n":                               "1:1: the file wants keys below it, not a single value",
				"{\n":                                   "1: this is not YAML: did not find expected node content",
				"a: &a b\n":                             "1:4: anchors and aliases",
				"a: !!str b\n":                          "1:4: tags (!) are not allowed",
				"# \x1b[2J\n":                           `1:3: there is an invisible character here: '\x1b'`,
				"\xff\n":                                "1:1: this is not UTF-8",
				r.good + "---\n":                        "a second document starts here",
				r.good + r.good[:5] + ": {}\nbanana: 1": `unknown key "banana"`,
			} {
				write(t, dir, r.name, []byte(data))
				err := r.read(path)
				if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), path+":")) {
					t.Errorf("%.40q: %v; want %s", data, err, want)
				}
			}
			if err := r.read(dir); err == nil || !strings.Contains(err.Error(), "it is not a file") {
				t.Errorf("a directory: %v", err)
			}
		})
	}
}

func TestFilesBesideThatOthersCanChangeAreRefused(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("files have no such mode there")
	}
	for what, r := range readers() {
		path := write(t, t.TempDir(), r.name, []byte(r.good))
		for mode, ok := range map[os.FileMode]bool{0o600: true, 0o644: true, 0o664: false, 0o606: false} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
			if err := r.read(path); (err == nil) != ok || err != nil && !strings.HasSuffix(err.Error(), "run chmod go-w "+path) {
				t.Errorf("%s with the mode %o: %v", what, mode, err)
			}
		}
	}
}

func TestBeside(t *testing.T) {
	t.Parallel()
	tenants := "SOCCTL_TENANTS=[{code: CONT, name: Contoso, id: 0a1b2c3d-0000-4000-8000-000000000003}]"
	home := "home: {tenant: 8f0b1c5e-0000-4000-8000-000000000001, client_id: 3d6b0f0c-0000-4000-8000-000000000002}\n"
	for _, tc := range []struct {
		file    string
		environ []string
		want    string
	}{
		{filepath.Join("/etc", "x", "config.yaml"), []string{"HOME=/home/kai"}, filepath.Join("/etc", "x", "themes", "a.yaml")},
		{"config.yaml", nil, filepath.Join("themes", "a.yaml")},
		{"", []string{"XDG_CONFIG_HOME=/xdg", "HOME=/home/kai"}, "/xdg/socctl/themes/a.yaml"},
		{"", []string{"XDG_CONFIG_HOME=xdg", "HOME=/home/kai"}, "/home/kai/.config/socctl/themes/a.yaml"},
		{"", nil, ""},
	} {
		c, err := Parse(tc.file, []byte(home), append(tc.environ, tenants))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Beside(filepath.Join("themes", "a.yaml")); filepath.ToSlash(got) != filepath.ToSlash(tc.want) {
			t.Errorf("%q, %v: %q, want %q", tc.file, tc.environ, got, tc.want)
		}
	}
}
