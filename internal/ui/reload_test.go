package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/style"
)

// disk is the configuration's files, which a test rewrites.
type disk struct {
	settings Settings
	err      error
	changed  chan struct{}
	wait     chan struct{} // where it is there, a reading takes until something comes
}

// onDisk runs a test on a console whose files can change.
func onDisk(t *testing.T, f func(b *bench, d *disk), change ...func(*Options)) {
	t.Helper()
	d := &disk{}
	on(t, func(b *bench) { f(b, d) }, append(change, func(o *Options) {
		d.settings, d.changed = o.Settings, make(chan struct{}, 1)
		o.Files.Changed = d.changed
		o.Files.Load = func() (Settings, error) {
			s, err := d.settings, d.err
			if d.wait != nil {
				<-d.wait
			}
			return s, err
		}
	})...)
}

// save tells the console that its files were written.
func (d *disk) save(b *bench) {
	d.changed <- struct{}{}
	b.settle()
}

func section(b *bench, name, filter string) queue.Section {
	b.t.Helper()
	f, err := soc.ParseFilter(filter, b.m.o.Vocabulary)
	if err != nil {
		b.t.Fatal(err)
	}
	return queue.Section{Name: name, Filter: f, Order: soc.OrderUrgency}
}

func TestChangedFilesAreTakenOver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(b *bench, s *Settings)
		check  func(t *testing.T, b *bench)
	}{
		"sections": {func(b *bench, s *Settings) {
			s.Sections = append([]queue.Section{section(b, "Night", "sev:high")}, s.Sections...)
		}, shows("1 Night 2", "2 Triage 3")},
		"keys": {func(_ *bench, s *Settings) {
			s.Keys = []keymap.Change{{Action: action.Preview, Keys: []string{"f5"}}}
		}, func(t *testing.T, b *bench) {
			b.press("p")
			b.says("p is not bound here")
			if b.m.preview.place == PreviewOff {
				t.Error("the old key still works")
			}
		}},
		"theme": {func(_ *bench, s *Settings) { s.Theme.Name = "high-contrast" }, func(t *testing.T, b *bench) {
			if b.m.set.Theme.Name != "high-contrast" {
				t.Errorf("the theme is %q", b.m.set.Theme.Name)
			}
		}},
		"low bandwidth": {func(_ *bench, s *Settings) { s.LowBandwidth = true }, func(t *testing.T, b *bench) {
			if !b.m.queue.Marker || !b.m.look().Lean {
				t.Error("the cursor is painted, or the theme is not lean")
			}
		}},
		"mouse": {func(_ *bench, s *Settings) { s.Mouse = true }, func(t *testing.T, b *bench) {
			if b.m.View().MouseMode != tea.MouseModeCellMotion {
				t.Error("the mouse is off")
			}
		}},
		"privacy": {func(_ *bench, s *Settings) { s.Privacy = true }, hides("Contoso", "CONT-28282")},
		"preview": {func(_ *bench, s *Settings) { s.Preview = PreviewOff }, hides("── CONT-28282")},
		"lock": {func(_ *bench, s *Settings) { s.LockAfter = 10 * time.Second }, func(t *testing.T, b *bench) {
			b.pass(11 * time.Second)
			b.shows("socctl is locked.")
		}},
		"lock with sign-in": {func(_ *bench, s *Settings) { s.LockSignIn = true }, func(_ *testing.T, b *bench) {
			b.press(",", "l", "x")
			b.shows("socctl is locked.", "enter signs in again")
		}},
		"relock": {func(_ *bench, s *Settings) { s.RelockAfter = 3 * time.Minute }, func(t *testing.T, b *bench) {
			if got := b.m.relockAfter(); got != 3*time.Minute {
				t.Errorf("it relocks after %s", got)
			}
		}},
		"a note": {func(_ *bench, s *Settings) { s.Notes = []text.Line{line("views.yaml:3 cannot be used")} }, says("views.yaml:3 cannot be used")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onDisk(t, func(b *bench, d *disk) {
				c.change(b, &d.settings)
				d.save(b)
				if name != "a note" {
					b.says("The configuration was taken over.")
				}
				c.check(t, b)
			})
		})
	}
}

func TestBrokenFilesChangeNothing(t *testing.T) {
	t.Parallel()
	clash := []keymap.Change{{Action: action.Preview, Keys: []string{"x"}, At: "keys.yaml:2"}, {Action: action.Portal, Keys: []string{"x"}, At: "keys.yaml:3"}}
	for name, c := range map[string]struct {
		change func(d *disk)
		want   string
	}{
		"an error of the file": {func(d *disk) { d.err = errors.New("config.yaml:7: no such key\nand more\nand more") }, "config.yaml:7: no such key (and 2 more lines, in the log)"},
		"hostile text":         {func(d *disk) { d.err = errors.New("config.yaml: \x1b]52;c;eA==\a") }, `config.yaml: \u{1b}]52`},
		"keys that conflict":   {func(d *disk) { d.settings.Keys = clash }, "the key x is bound to"},
		"an unknown theme":     {func(d *disk) { d.settings.Theme.Name = "hihg-contrast" }, `there is no theme "hihg-contrast"; did you mean high-contrast`},
		"no sections":          {func(d *disk) { d.settings.Sections = nil }, "there is no section"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onDisk(t, func(b *bench, d *disk) {
				b.press("j")
				b.pass(time.Second)
				before := b.state()
				d.settings.Mouse, d.settings.LowBandwidth, d.settings.Privacy = true, true, true
				c.change(d)
				d.save(b)
				b.says("What holds stays as it was: " + c.want)
				b.m.message = message{}
				if after := b.state(); after != before {
					t.Errorf("it changed something:\n%s", b.frame())
				}
				if b.m.set.Mouse || b.m.set.LowBandwidth || b.m.mask != nil {
					t.Error("half of a broken configuration was taken over")
				}
				d.err, d.settings = nil, b.m.o.Settings
				d.settings.Mouse = true
				d.save(b)
				b.says("The configuration was taken over.")
			})
		})
	}
}

func TestWhatTheAnalystSwitchedStays(t *testing.T) {
	t.Parallel()
	onDisk(t, func(b *bench, d *disk) {
		b.command("theme light")
		b.press("m", ",", "p", ",", "b", "p", "O")
		d.settings.RelockAfter = time.Minute
		d.save(b)
		if b.m.set.Theme.Name != "light" || !b.m.set.Mouse || b.m.mask == nil || !b.m.set.LowBandwidth || b.m.preview.place != PreviewOff || b.m.queue.Order != soc.OrderSeverity {
			t.Errorf("%+v, order %s", b.m.set, b.m.queue.Order)
		}
		d.settings.Theme.Name, d.settings.Preview = "dark", PreviewRight
		d.save(b)
		if b.m.set.Theme.Name != "dark" || b.m.preview.place != PreviewRight || !b.m.set.Mouse {
			t.Error("what changed in the file is not taken over")
		}
	})
}

func TestAReloadKeepsWhereOneIs(t *testing.T) {
	t.Parallel()
	onDisk(t, func(b *bench, d *disk) {
		b.press("6", " ", "/", "sev:high,low", "enter", "j")
		b.pass(time.Second)
		cursor, order := b.cursor(), b.order()
		marks := len(b.m.queue.Marks())
		d.settings.Sections = append([]queue.Section{section(b, "Night", "sev:high")}, d.settings.Sections...)
		d.save(b)
		b.pass(time.Second)
		if b.cursor() != cursor || b.order() != order || len(b.m.queue.Marks()) != marks || marks == 0 || b.m.queue.Filter.String() != "sev:high,low" {
			t.Errorf("cursor %s, order %s, %d marks, filter %s", b.cursor(), b.order(), len(b.m.queue.Marks()), b.m.queue.Filter.String())
		}
		b.shows("7 Everything 4")
	})
}

func TestTheCursorStaysWhereTheSectionItselfChanged(t *testing.T) {
	t.Parallel()
	onDisk(t, func(b *bench, d *disk) {
		b.press("6", "j")
		b.pass(time.Second)
		cursor := b.cursor()
		d.settings.Sections = append([]queue.Section(nil), d.settings.Sections...)
		d.settings.Sections[5] = section(b, "Everything", "sev:high")
		d.save(b)
		b.pass(time.Second)
		if b.cursor() != cursor || b.order() != "28282 1204" {
			t.Errorf("cursor %s, order %s", b.cursor(), b.order())
		}
	})
}

func TestASectionThatIsGone(t *testing.T) {
	t.Parallel()
	onDisk(t, func(b *bench, d *disk) {
		b.press("3")
		d.settings.Sections = d.settings.Sections[:2]
		d.save(b)
		b.pass(time.Second)
		b.shows("1 Triage 3", "2 Mine 1")
		b.hides("High, unclaimed")
		if b.m.queue.Section != 0 || b.order() != "28282 1204 28290" {
			t.Errorf("section %d, order %s", b.m.queue.Section, b.order())
		}
	})
}

func TestAReloadWhileSomethingIsOpen(t *testing.T) {
	t.Parallel()
	less := func(d *disk) { d.settings.Sections = d.settings.Sections[5:] }
	for name, c := range map[string]struct {
		keys  []string
		check func(t *testing.T, b *bench)
	}{
		"a command": {[]string{":", "tena"}, func(_ *testing.T, b *bench) {
			b.shows(" : tena")
			b.press("nt wood", "enter")
			b.shows("> Woodgrove Bank")
		}},
		"a filter": {[]string{"3", "/", "sev:low"}, func(t *testing.T, b *bench) {
			b.press("enter")
			if b.order() != "28290" {
				t.Errorf("order %s", b.order())
			}
		}},
		"a filter that is left": {[]string{"/", "sev:low"}, func(_ *testing.T, b *bench) {
			b.press("esc")
			b.shows("1 Everything 4")
		}},
		"the sections": {[]string{":section", "enter", "Mine"}, func(_ *testing.T, b *bench) {
			b.press("enter")
			b.says("is no longer here")
		}},
		"the columns": {[]string{"3", "C", " "}, func(t *testing.T, b *bench) {
			b.press("enter")
			if got := b.m.queue.Chosen["Everything"]; len(got) != 0 {
				t.Errorf("the columns of a section that is gone became those of another one: %v", got)
			}
		}},
		"a name": {[]string{"s", "x"}, func(t *testing.T, b *bench) { b.press("esc") }},
		"a question": {[]string{"!", "!"}, func(t *testing.T, b *bench) {
			b.shows("Unlock Contoso Ltd")
			b.press("CONT", "enter")
			b.says("unlocked until")
		}},
		"an incident": {[]string{"enter"}, shows("> CONT-28282")},
		"the help": {[]string{"?"}, func(t *testing.T, b *bench) {
			b.shows("What can be done here")
			b.press("activity", "enter")
			b.shows("  Activity  ")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onDisk(t, func(b *bench, d *disk) {
				if c.keys[0] == ":section" {
					b.press(":", "section", "enter", "Mine")
				} else {
					b.press(c.keys...)
				}
				less(d)
				d.save(b)
				if f := b.frame(); !strings.Contains(f, "The configuration was taken over.") {
					t.Errorf("it is not said while %s is open:\n%s", name, f)
				}
				c.check(t, b)
				checkFrame(t, b, 120, 40)
			}, withFiles)
		})
	}
}

func TestPrivacyThatComesWithAReloadHidesWhatIsOpen(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{"a question": {"!", "!"}, "a choice": {"t"}, "devices": {"d"}, "a filter": {"/", "tenant:CONT", "enter"}, "a page": {"enter"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onDisk(t, func(b *bench, d *disk) {
				b.press(keys...)
				d.settings.Privacy = true
				d.save(b)
				b.hides("Contoso", "CONT")
			})
		})
	}
}

func TestAskingForAReload(t *testing.T) {
	t.Parallel()
	onDisk(t, func(b *bench, d *disk) {
		b.press(",", "r")
		b.says("Nothing changed in the files.")
		b.m.message = message{}
		d.save(b)
		if b.said() != "" {
			t.Errorf("files that say the same are announced: %q", b.said())
		}
		d.err = errors.New("config.yaml:1: no")
		b.press(",", "r")
		b.says("config.yaml:1: no")
	})
	on(t, func(b *bench) {
		b.press(",", "r")
		b.says("There are no files to read here.")
	})
}

func TestTheLatestReadingCounts(t *testing.T) {
	t.Parallel()
	onDisk(t, func(b *bench, d *disk) {
		first, second := make(chan struct{}), make(chan struct{})
		d.wait = first
		d.settings.Theme = style.Choice{Name: "light"}
		d.save(b)
		d.wait = second
		d.settings.Theme = style.Choice{Name: "dark"}
		d.save(b)
		close(second)
		b.settle()
		close(first)
		b.settle()
		if b.m.set.Theme.Name != "dark" {
			t.Errorf("an older reading came later and counts: %s", b.m.set.Theme.Name)
		}
	})
}

func TestTheCountsStayWhileTheFilesAreTakenOver(t *testing.T) {
	t.Parallel()
	onDisk(t, func(b *bench, d *disk) {
		d.settings.RelockAfter = time.Minute
		b.m.reloads++
		b.m.reloaded(reloadedMsg{turn: b.m.reloads, settings: d.settings})
		b.shows("1 Triage 3", "6 Everything 4")
	})
}

func TestAnOrderThatChangesInTheFile(t *testing.T) {
	t.Parallel()
	change := func(d *disk) {
		d.settings.Sections = append([]queue.Section(nil), d.settings.Sections...)
		d.settings.Sections[0].Order = soc.OrderAge
	}
	onDisk(t, func(b *bench, d *disk) {
		change(d)
		d.save(b)
		if b.m.queue.Order != soc.OrderAge {
			t.Errorf("the section is sorted by %s", b.m.queue.Order)
		}
	})
	onDisk(t, func(b *bench, d *disk) {
		b.command("sort title")
		change(d)
		d.save(b)
		if b.m.queue.Order != "title" {
			t.Errorf("what the analyst sorted by became %s", b.m.queue.Order)
		}
	})
}
