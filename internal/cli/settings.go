package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/style"
)

// The files beside the configuration.
const (
	keysName   = "keys.yaml"
	viewsName  = "views.yaml"
	themesName = "themes"
)

// besideFiles are the files that a console reads, beside the configuration itself.
type besideFiles struct{ keys, views, themes string }

func besideOf(cfg *config.Config) besideFiles {
	return besideFiles{keys: cfg.Beside(keysName), views: cfg.Beside(viewsName), themes: cfg.Beside(themesName)}
}

// theme is the file of a theme of the analyst's own; empty for those that need none.
func (b besideFiles) theme(name string) string {
	if b.themes == "" || name == config.ThemeAuto || slices.Contains(config.BuiltinThemes(), name) {
		return ""
	}
	return filepath.Join(b.themes, name+".yaml")
}

// themeNames lists the themes of the analyst's own.
func (b besideFiles) themeNames() []string {
	if b.themes == "" {
		return nil
	}
	found, err := filepath.Glob(filepath.Join(b.themes, "*.yaml"))
	if err != nil {
		return nil
	}
	var names []string
	for _, f := range found {
		if name := strings.TrimSuffix(filepath.Base(f), ".yaml"); themeName.MatchString(name) {
			names = append(names, name)
		}
	}
	return names
}

// themeName is what the file of a theme may be called.
var themeName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// watched lists what a running console follows.
func (b besideFiles) watched(cfg *config.Config) []string {
	var out []string
	for _, f := range []string{cfg.File, b.keys, b.views, b.theme(cfg.Console.Theme)} {
		if f != "" {
			out = append(out, f)
		}
	}
	return out
}

// settings reads what the console takes from files. Keys that are wrong are an error, since nobody wants to press others than
// they think; what else is wrong is a note, and the console does without.
func (c *command) settings(cfg *config.Config, b besideFiles, f consoleFlags) (ui.Settings, error) {
	con := cfg.Console
	s := ui.Settings{Preview: ui.Place(con.Preview), LowBandwidth: con.LowBandwidth || f.lowBandwidth, SyncOutput: string(con.SyncOutput),
		Mouse: con.Mouse, Privacy: con.Privacy || f.privacy, LockAfter: con.LockAfter, LockSignIn: con.LockWith == config.LockWithSignIn,
		RelockAfter: con.RelockAfter}
	keys, err := readKeys(b.keys)
	if err != nil {
		return s, fmt.Errorf("%w\nMend the file, or move it away to start with the usual keys", err)
	}
	s.Keys = keys
	if s.Sections, err = sectionsOf(cfg); err != nil {
		return s, err
	}
	addViews(&s, b.views, cfg)
	if s.LockSignIn && asksNobody(cfg.Home.SignIn) {
		s.Notes = append(s.Notes, text.NewLine("console.lock: sign-in protects nothing here, since "+string(cfg.Home.SignIn)+" asks nobody: any key opens the screen."))
		s.LockSignIn = false
	}
	s.Themes = b.themeNames()
	s.Theme, err = readTheme(b, con.Theme)
	if err != nil {
		s.Theme = style.Choice{Name: config.ThemeAuto}
		s.Notes = append(s.Notes, note("The theme is the automatic one", err))
	}
	return s, nil
}

// asksNobody tells whether a way to sign in works without a person.
func asksNobody(s config.SignIn) bool {
	return s == config.SignInClientSecret || s == config.SignInClientCertificate || s == config.SignInWorkloadIdentity || s == config.SignInManagedIdentity
}

func note(what string, err error) text.Line {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return text.NewLine(what + ": " + first)
}

func readKeys(path string) ([]keymap.Change, error) {
	if path == "" {
		return nil, nil
	}
	var ids []string
	for _, a := range action.All() {
		ids = append(ids, string(a.ID))
	}
	list, err := config.ReadKeys(path, ids)
	if err != nil {
		return nil, err
	}
	var out []keymap.Change
	for _, k := range list {
		out = append(out, keymap.Change{Action: action.ID(k.Action), Keys: k.Keys, At: k.At})
	}
	_, err = keymap.New(action.All(), out)
	return out, err
}

// readTheme gives the theme of a name, of those that come along or of the analyst's own.
func readTheme(b besideFiles, name string) (style.Choice, error) {
	choice := style.Choice{Name: name}
	if path := b.theme(name); path != "" {
		t, err := config.ReadTheme(path, style.TokenNames())
		switch {
		case err != nil:
			return choice, err
		case t.Name == "":
			return choice, fmt.Errorf("there is no theme %s: neither does one come along nor is there %s", text.Quote(name), text.Escape(path))
		}
		choice.Custom = &style.Custom{Name: t.Name, Base: t.Base, Colors: make(map[string]style.CustomPaint, len(t.Colors))}
		for token, p := range t.Colors {
			choice.Custom.Colors[token] = style.CustomPaint(p)
		}
	}
	_, err := style.Make(choice, colorprofile.TrueColor, style.Unknown)
	return choice, err
}

// sectionsOf gives the configured views, or the six that everybody starts with.
func sectionsOf(cfg *config.Config) ([]queue.Section, error) {
	if len(cfg.Views) > 0 {
		var out []queue.Section
		for _, v := range cfg.Views {
			columns, err := columnsOf(v)
			if err != nil {
				return nil, err
			}
			out = append(out, queue.Section{Name: v.Name.String(), Filter: v.Filter, Order: v.Sort, Columns: columns})
		}
		return out, nil
	}
	var out []queue.Section
	for _, d := range []struct{ name, filter string }{
		{"Triage", "status:new,active -owner:experts"},
		{"Mine", "owner:me status:open"},
		{"High, unclaimed", "sev:high owner:none status:open"},
		{"Experts wait on us", "status:awaiting"},
		{"SLA at risk", "sla:risk,missed"},
		{"Everything", ""},
	} {
		f, err := soc.ParseFilter(d.filter, cfg.Registry.Vocabulary())
		if err != nil {
			return nil, fmt.Errorf("section %s: %w", d.name, err)
		}
		out = append(out, queue.Section{Name: d.name, Filter: f, Order: soc.OrderUrgency})
	}
	return out, nil
}

// columnsOf gives a view's columns, with the place in the file where one is none.
func columnsOf(v config.View) ([]string, error) {
	var ids []string
	for _, c := range v.Columns {
		ids = append(ids, c.Name)
	}
	if err := queue.CheckColumns(ids); err != nil {
		return nil, fmt.Errorf("%s: columns of the view %s: %w", v.At, v.Name, err)
	}
	return ids, nil
}

// addViews puts the saved sections behind the configured ones. One whose filter cannot be read stays, without rows.
func addViews(s *ui.Settings, path string, cfg *config.Config) {
	if path == "" {
		return
	}
	views, err := config.ReadViews(path, cfg.Registry.Vocabulary())
	if err != nil {
		s.Notes = append(s.Notes, note("The saved sections are not shown, and the file is left as it is", err))
		return
	}
	put := func(q queue.Section) {
		if n := slices.IndexFunc(s.Sections, func(x queue.Section) bool { return strings.EqualFold(x.Name, q.Name) }); n >= 0 {
			s.Sections[n] = q
			return
		}
		s.Sections = append(s.Sections, q)
	}
	for n := 0; ; n++ {
		for _, b := range views.Broken {
			if b.Before == n {
				put(queue.Section{Name: b.Name.String(), Saved: true, Broken: text.NewLine(b.Why)})
			}
		}
		if n == len(views.List) {
			return
		}
		v := views.List[n]
		q := queue.Section{Name: v.Name.String(), Filter: v.Filter, Order: v.Sort, Saved: true}
		columns, err := columnsOf(v)
		if err != nil {
			s.Notes = append(s.Notes, note("The usual columns are shown", err))
		}
		q.Columns = columns
		put(q)
	}
}

// saveView writes a section into the file of views.
func saveView(path string) func(queue.Section) error {
	return func(s queue.Section) error {
		if path == "" {
			return errors.New("there is no directory for it: set HOME or XDG_CONFIG_HOME")
		}
		return config.SaveView(path, config.SavedView{Name: s.Name, Filter: s.Filter.String(), Sort: string(s.Order), Columns: s.Columns})
	}
}
