package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"github.com/socctl/socctl/internal/cli"
	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
	"github.com/socctl/socctl/internal/ui/style"
)

// documents lists the documents that people read, from the root of the repository.
func documents(t *testing.T) []string {
	t.Helper()
	list := []string{"README.md", "CONTRIBUTING.md", "SECURITY.md"}
	found, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(found) == 0 {
		t.Fatal("no documents", err)
	}
	for _, f := range found {
		list = append(list, filepath.ToSlash(filepath.Join("docs", filepath.Base(f))))
	}
	return list
}

var fence = regexp.MustCompile("(?ms)^( *)```([a-z]+)\n(.*?)^ *```$")

// blocks gives the code blocks of one language in a document.
func blocks(text, language string) []string {
	var found []string
	for _, m := range fence.FindAllStringSubmatch(text, -1) {
		if m[2] == language {
			found = append(found, strings.ReplaceAll("\n"+m[3], "\n"+m[1], "\n")[1:])
		}
	}
	return found
}

func TestExampleConfigurationsLoad(t *testing.T) {
	t.Parallel()
	n := 0
	for _, path := range documents(t) {
		for _, b := range blocks(read(t, path), "yaml") {
			n++
			if err := loads(t, path, b); err != nil {
				t.Errorf("%s: %v\n%s", path, err, b)
			}
		}
	}
	if n < 2 {
		t.Errorf("only %d configurations were found", n)
	}
}

// loads reads an example as what its first key says it is: keys, a theme, or a configuration.
func loads(t *testing.T, path, example string) error {
	t.Helper()
	file := filepath.Join(t.TempDir(), "example.yaml")
	if err := os.WriteFile(file, []byte(example), 0o600); err != nil {
		t.Fatal(err)
	}
	switch {
	case strings.HasPrefix(example, "keys:"):
		var ids []string
		for _, a := range action.All() {
			ids = append(ids, string(a.ID))
		}
		list, err := config.ReadKeys(file, ids)
		if err != nil {
			return err
		}
		var changes []keymap.Change
		for _, k := range list {
			changes = append(changes, keymap.Change{Action: action.ID(k.Action), Keys: k.Keys, At: k.At})
		}
		_, err = keymap.New(action.All(), changes)
		return err
	case strings.HasPrefix(example, "base:"):
		theme, err := config.ReadTheme(file, style.TokenNames())
		if err != nil {
			return err
		}
		custom := &style.Custom{Name: theme.Name, Base: theme.Base, Colors: make(map[string]style.CustomPaint)}
		for token, p := range theme.Colors {
			custom.Colors[token] = style.CustomPaint(p)
		}
		_, err = style.Make(style.Choice{Name: theme.Name, Custom: custom}, colorprofile.TrueColor, style.Dark)
		return err
	}
	_, err := config.Parse(path, []byte(example), []string{"SOCCTL_CLIENT_SECRET=x"})
	return err
}

func TestExampleFiltersAreUnderstood(t *testing.T) {
	t.Parallel()
	known := soc.Vocabulary{Codes: []soc.Code{"CONT", "FABR"}, Groups: []string{"gold"}}
	n := 0
	for _, path := range documents(t) {
		for _, b := range blocks(read(t, path), "filter") {
			for line := range strings.Lines(b) {
				n++
				if _, err := soc.ParseFilter(line, known); err != nil {
					t.Errorf("%s: %q: %v", path, line, err)
				}
			}
		}
	}
	if n < 5 {
		t.Errorf("only %d filters were found", n)
	}
}

// TestExampleCommandsParse reads every command line of socctl in a document as the program would, up to running it.
func TestExampleCommandsParse(t *testing.T) {
	t.Parallel()
	n := 0
	for _, path := range documents(t) {
		for _, b := range blocks(read(t, path), "sh") {
			for line := range strings.Lines(b) {
				args, ours := socctlArgs(line)
				if !ours {
					continue
				}
				n++
				cmd, rest, err := cli.Command().Find(args)
				if err == nil {
					cmd.InitDefaultHelpFlag()
					err = cmd.ParseFlags(rest)
				}
				if err == nil {
					err = cmd.ValidateArgs(cmd.Flags().Args())
				}
				if err != nil {
					t.Errorf("%s: %q: %v", path, line, err)
				}
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d commands were found", n)
	}
}

var word = regexp.MustCompile(`'[^']*'|[^\s']+`)

// socctlArgs gives the arguments of a command line of socctl, and tells whether it is one. Variables in front, and what
// a pipe, a comment or a redirection adds, are left out; completion and man come from the library at run time.
func socctlArgs(line string) (args []string, ours bool) {
	for _, w := range word.FindAllString(line, -1) {
		w = strings.Trim(w, "'")
		switch {
		case !ours && (w == "socctl" || w == "./socctl" || w == "./cmd/socctl"):
			ours = true
		case !ours:
		case w == "|" || w == ">" || w == "&" || w == "#":
			return args, true
		case len(args) == 0 && (w == "completion" || w == "man"):
			return nil, false
		default:
			args = append(args, w)
		}
	}
	return args, ours && !strings.HasPrefix(line, "go build")
}

var (
	link   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	header = regexp.MustCompile(`(?m)^#+ (.+)$`)
)

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, path := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(read(t, path), ""), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.HasPrefix(target, "https://") {
				continue
			}
			if target != "" {
				target = filepath.Join(filepath.Dir(path), target)
			} else {
				target = path
			}
			if _, err := os.Stat(filepath.Join(root, target)); err != nil {
				t.Errorf("%s: the link %s leads nowhere", path, m[1])
			} else if anchor != "" && !anchors(read(t, target))[anchor] {
				t.Errorf("%s: %s has no heading for %s", path, target, anchor)
			}
		}
	}
}

// anchors are the names that GitHub gives to headings.
func anchors(text string) map[string]bool {
	found := make(map[string]bool)
	for _, m := range header.FindAllStringSubmatch(text, -1) {
		name := strings.Map(func(r rune) rune {
			switch {
			case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
				return r
			case r == ' ':
				return '-'
			}
			return -1
		}, strings.ToLower(m[1]))
		found[name] = true
	}
	return found
}

// TestTheArchitectureNamesEveryPackage keeps the tour of the house complete.
func TestTheArchitectureNamesEveryPackage(t *testing.T) {
	t.Parallel()
	text := read(t, "docs/ARCHITECTURE.md")
	err := filepath.WalkDir(filepath.Join(root, "internal"), func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() || d.Name() == "testdata" {
			return err
		}
		files, err := filepath.Glob(filepath.Join(path, "*.go"))
		name, _ := filepath.Rel(filepath.Join(root, "internal"), path)
		if name = filepath.ToSlash(name); err == nil && len(files) > 0 && !strings.Contains(text, "`"+name+"`") {
			t.Errorf("docs/ARCHITECTURE.md does not name the package `%s`", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
