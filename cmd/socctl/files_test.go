package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
)

// failed runs a command that must not open the console, and gives what the terminal shows afterwards.
func failed(t *testing.T, h home, code int, args ...string) string {
	t.Helper()
	p := start(t, h, tty.Options{Cols: 200, Rows: 24}, args...)
	if got := p.Exit(tty.Patience); got != code {
		t.Errorf("exit code %d, want %d", got, code)
	}
	if bytes.Contains(p.Raw(), []byte("?1049h")) {
		t.Error("the alternate screen was opened for an error")
	}
	whole(t, p)
	return p.Screen().String()
}

func TestOtherKeys(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.write(t, "keys.yaml", "keys:\n  help: [f2, ', h']\n  open: enter\n")
	p := demo(t, h, wide())
	fresh(p)
	p.Press("f2")
	p.WaitFor("What can be done here")
	p.Press("what can")
	p.WaitFor("f2 , h")
	p.Press("esc")
	p.WaitFor("TITLE", "f2 help")
	p.Press(",")
	p.WaitFor("h help", "esc forget")
	p.Press("h")
	p.WaitFor("What can be done here")
	p.Press("esc")
	p.WaitFor("TITLE")
	p.Press("?")
	p.WaitFor("? is not bound here. f2 lists what is.")
	leave(t, p)
}

// TestWrongKeysAreAnErrorAtTheStart names the file, the line and, where two meet, both actions.
func TestWrongKeysAreAnErrorAtTheStart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, yaml string
		want       []string
	}{
		{"a conflict", "keys:\n  preview: w\n", []string{"keys.yaml:2", "preview", "why", "w"}},
		{"two that conflict", "keys:\n  preview: f2\n  help: f2\n", []string{"keys.yaml:", "preview", "help", "f2"}},
		{"the beginning of another's", "keys:\n  help: ','\n", []string{"keys.yaml:2", "help", ", "}},
		{"no such action", "keys:\n  opne: f2\n", []string{"keys.yaml:2", "opne", "open"}},
		{"no such key", "keys:\n  open: entre\n", []string{"keys.yaml:2", "entre", "enter"}},
		{"a key that terminals confuse", "keys:\n  open: ctrl+i\n", []string{"keys.yaml:2", "ctrl+i"}},
		{"no yaml", "keys: [\n", []string{"keys.yaml:"}},
		{"hostile", "keys:\n  \"\\x1b]0;owned\\a\\u202e\": f2\n", []string{"keys.yaml:2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			h.write(t, "keys.yaml", c.yaml)
			got := failed(t, h, 1, "demo", "--customers", "4", "--incidents", "60", "--still")
			for _, want := range append(c.want, "socctl: ", "Mend the file, or move it away to start with the usual keys") {
				if !strings.Contains(got, want) {
					t.Errorf("it does not say %q:\n%s", want, got)
				}
			}
		})
	}
}

func TestWrongConsoleSettingsAreAnErrorAtTheStart(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 4)
	whole := h.read(t, "config.yaml")
	for _, c := range []struct {
		yaml string
		want []string
	}{
		{"console:\n  previw: below\n", []string{"previw", "preview"}},
		{"console:\n  preview: belwo\n", []string{"belwo", "below"}},
		{"console:\n  lock_after: 5s\n", []string{"lock_after", "1m"}},
		{"console:\n  lock: keys\n", []string{"keys", "key"}},
		{"console:\n  sync_output: maybe\n", []string{"maybe", "auto"}},
		{"console:\n  mouse: 3\n", []string{"mouse", "3"}},
		{"console:\n  theme: ../../etc/passwd\n", []string{"theme"}},
		{"console: below\n", []string{"console"}},
		{"views:\n  - name: Mine\n    columns: [sve]\n", []string{"sve", "sev", "Mine"}},
	} {
		h.write(t, "config.yaml", whole+c.yaml)
		got := failed(t, h, 1)
		for _, want := range append(c.want, "socctl: ", "config.yaml:") {
			if !strings.Contains(got, want) {
				t.Errorf("%q: it does not say %q:\n%s", c.yaml, want, got)
			}
		}
	}
	other := h
	other.env = append(other.env, "SOCCTL_CONSOLE_PREVIEW=belwo")
	h.write(t, "config.yaml", whole)
	if got := failed(t, other, 1); !strings.Contains(got, "SOCCTL_CONSOLE_PREVIEW") || !strings.Contains(got, "below") {
		t.Errorf("a variable: %s", got)
	}
}

// TestBrokenFilesBesideTheConfiguration starts with a broken theme and broken views: the console says so, and does without.
func TestBrokenFilesBesideTheConfiguration(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 4)
	o := tty.Options{Cols: 250, Rows: 30}
	whole := h.read(t, "config.yaml")
	views := "views:\n  - name: Broken\n    filter: sev:hgih\n  - name: Low\n    filter: sev:low\n"
	h.write(t, "views.yaml", views)
	p := start(t, h, o, "--fresh")
	fresh(p)
	s := p.WaitFor("7 Broken", "8 Low")
	p.Press("7")
	p.WaitFor("hgih", "did you mean high")
	p.Press("8")
	p.WaitUntil("low ones", func(s tty.Screen) bool { return s.Shows("● Low") && !s.Shows("▲ Med") && len(listOf(s).ids) > 3 })
	leave(t, p)
	if got := h.read(t, "views.yaml"); got != views {
		t.Errorf("the views are now %q after\n%s", got, s)
	}

	h.write(t, "views.yaml", "views: [\n")
	p = start(t, h, o, "--fresh")
	p.WaitFor("The saved sections are not shown, and the file is left as it is: ", "views.yaml:")
	fresh(p)
	leave(t, p)

	h.write(t, "views.yaml", "")
	h.write(t, "config.yaml", whole+"console: {theme: mine}\n")
	for _, c := range [][2]string{{"", "there is no theme"}, {"colors: {hihg: red}\n", `did you mean "high"`}, {"base: drak\n", "dark"}, {"colors: [\n", "mine.yaml:"}} {
		if c[0] != "" {
			h.write(t, "themes/mine.yaml", c[0])
		}
		p = start(t, h, o, "--fresh")
		p.WaitFor("The theme is the automatic one: ", c[1])
		fresh(p)
		leave(t, p)
	}
}

// TestFilesAreTakenOverWhileItRuns rewrites each file of a running console, breaks it and mends it again.
func TestFilesAreTakenOverWhileItRuns(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 4)
	o := tty.Options{Cols: 200, Rows: 40}
	p := start(t, h, o, "--fresh")
	fresh(p)
	p.Press("j")
	cursor := listOf(p.WaitFor("? help")).cursor

	h.write(t, "keys.yaml", "keys: {help: f2}\n")
	p.WaitFor("The configuration was taken over.")
	p.Press("j", "k")
	p.WaitFor("f2 help")
	h.write(t, "keys.yaml", "keys: {help: w}\n")
	p.WaitFor("What holds stays as it was: ", "keys.yaml:1")
	p.Press("f2")
	p.WaitFor("What can be done here")
	p.Press("esc")
	p.WaitFor("f2 help")
	h.write(t, "keys.yaml", "keys: {help: f1}\n")
	p.WaitFor("The configuration was taken over.")
	p.Press("j", "k")
	p.WaitFor("f1 help")
	if err := os.Remove(h.path("keys.yaml")); err != nil {
		t.Fatal(err)
	}
	p.WaitFor("The configuration was taken over.")
	p.Press("j", "k")
	p.WaitFor("? help")

	h.write(t, "views.yaml", "views: [{name: Low, filter: 'sev:low'}]\n")
	p.WaitFor("7 Low")
	h.write(t, "views.yaml", "views: [{name: Low, filter: 'sev:lwo'}, {name: Last}]\n")
	p.WaitFor("7 Low", "8 Last")
	p.Press("7")
	p.WaitFor("lwo", "did you mean low")
	h.write(t, "views.yaml", "views: [\n")
	p.WaitFor("The saved sections are not shown, and the file is left as it is: ")
	h.write(t, "views.yaml", "views: [{name: Low, filter: 'sev:low'}]\n")
	p.WaitFor("7 Low")
	p.Press("1")
	p.WaitUntil("the first section", func(s tty.Screen) bool { return s.Shows("▲ Med") })

	whole := h.read(t, "config.yaml")
	h.write(t, "config.yaml", whole+"console: {preview: off}\n")
	p.WaitGone("── CONT-")
	h.write(t, "config.yaml", whole+"console: {preview: of}\n")
	p.WaitFor("What holds stays as it was: ", "config.yaml:", "off")
	h.write(t, "config.yaml", strings.Replace(whole, "Woodgrove Bank", "Woodgrove", 1)+"console: {preview: below}\n")
	p.WaitFor("── CONT-", "Changes of tenants hold from the next start on.")
	h.write(t, "config.yaml", whole+"read_only: true\n")
	p.WaitFor("· read only")
	if now := listOf(p.Screen()); now.cursor == "" || cursor == "" {
		t.Errorf("the cursor was on %q and is on %q", cursor, now.cursor)
	}
	leave(t, p)
}

// TestAThemeIsTakenOverWhileItRuns chooses a theme whose file was not there at the start, and changes it.
func TestAThemeIsTakenOverWhileItRuns(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	cloud(t, h, 4)
	p := start(t, h, wide(), "--fresh")
	fresh(p)
	h.write(t, "themes/mine.yaml", "base: dark\ncolors: {title: '#123456'}\n")
	h.write(t, "config.yaml", h.read(t, "config.yaml")+"console: {theme: mine}\n")
	title := func(colour string) {
		t.Helper()
		p.WaitUntil("a title of "+colour, func(s tty.Screen) bool {
			x, y, ok := s.Find("socctl")
			return ok && s.Cells[y][x].Style.Fg != nil && hex(s.Cells[y][x].Style.Fg) == colour
		})
	}
	title("123456")
	h.write(t, "themes/mine.yaml", "base: dark\ncolors: {title: '#654321'}\n")
	title("654321")
	h.write(t, "themes/mine.yaml", "base: dark\ncolors: {titel: '#ffffff'}\n")
	p.WaitFor("The theme is the automatic one: ", "mine.yaml:2")
	h.write(t, "themes/mine.yaml", "base: dark\ncolors: {title: '#112233'}\n")
	title("112233")
	if err := os.RemoveAll(filepath.Join(h.dir, ".config", "socctl", "themes")); err != nil {
		t.Fatal(err)
	}
	p.WaitFor("The theme is the automatic one: there is no theme")
	leave(t, p)
}
