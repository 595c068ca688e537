package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/picker"
)

// choose opens a list to choose from.
func (m *Model) choose(p *picker.Picker, chosen func(value string) tea.Cmd) {
	m.choice = &choice{Picker: p, keys: "type to search   enter choose   up and down move   esc back", chosen: chosen}
}

// pressChoice takes a key while a list to choose from is open.
func (m *Model) pressChoice(key tea.KeyPressMsg) tea.Cmd {
	switch key.String() {
	case "esc", "alt+esc":
		m.choice = nil
		return nil
	case "enter":
		item, ok := m.choice.Chosen()
		if !ok {
			return nil
		}
		chosen := m.choice.chosen
		m.choice = nil
		return chosen(item.Value)
	}
	m.choice.Update(key)
	return nil
}

// noAction is the value of lines in the help that explain and run nothing.
const noAction = ""

// openHelp lists what can be done here, by group, and then the rest, the words of filters and the marks.
func (m *Model) openHelp() {
	var items []picker.Item
	for _, g := range action.Groups() {
		for n := range m.table {
			if a := &m.table[n]; a.Group == g && a.In(m.scope()) {
				items = append(items, m.item(a, string(g)))
			}
		}
	}
	for _, k := range soc.FilterKeys() {
		items = append(items, picker.Item{Value: noAction, Group: "Filter words", Keys: k.Key + ":", Label: k.Meaning})
	}
	items = append(items,
		picker.Item{Group: "Marks", Keys: "!", Label: "in front of a cell: its text held hidden or control characters, which are shown as codes"},
		picker.Item{Group: "Marks", Keys: "+", Label: "in front of a row: it is marked"},
		picker.Item{Group: "Marks", Keys: "code", Label: "a customer's code in the colour of warnings, with ~ in front: its rows are old, " + m.key(action.ShowHealth) + " says why"})
	m.choose(picker.New("What can be done here", items, items[0].Value), m.runChosen)
	m.choice.keys = "type to search   enter runs it   esc back"
}

// openPalette lists every action of every page.
func (m *Model) openPalette() {
	var items []picker.Item
	for n := range m.table {
		items = append(items, m.item(&m.table[n], ""))
	}
	m.choose(picker.New("Run an action", items, items[0].Value), m.runChosen)
	m.choice.keys = "type to search   enter runs it   esc back"
}

// wideHelp is the width from which the help has room for the commands' names as well.
const wideHelp = 100

// item is an action's line, with the reason where it cannot be done now.
func (m *Model) item(a *action.Action, group string) picker.Item {
	var keys []string
	for _, k := range m.keys.Keys(a.ID) {
		if k = keymap.Show(k); len(keys) < 3 {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		keys = []string{":" + string(a.ID)}
	}
	note := ""
	if m.screen.width >= wideHelp {
		note = ":" + string(a.ID)
	}
	return picker.Item{Value: string(a.ID), Label: a.Title, Keys: strings.Join(keys, " "), Group: group, Note: note,
		Also: strings.Join(commandNames(a), " "), Why: m.mask.Text(m.disabled(a.ID))}
}

// runChosen runs what was picked in the help or the palette.
func (m *Model) runChosen(value string) tea.Cmd {
	if value == noAction {
		return nil
	}
	return m.start(action.ID(value))
}

// openSections opens the list of sections, to go to one or to delete one.
func (m *Model) openSections(id action.ID) {
	var items []picker.Item
	for n, s := range m.queue.Sections {
		i := picker.Item{Value: s.Name, Code: fmt.Sprint(n + 1), Label: m.mask.Text(s.Name), Note: fmt.Sprint(m.queue.Count(n))}
		if !s.Broken.IsZero() {
			i.Note = "cannot be shown"
		}
		if id == action.DropSection && !s.Saved {
			i.Why = "it is not in the file of saved sections"
		}
		items = append(items, i)
	}
	title, then := "Go to a section", func(v string) tea.Cmd {
		n := m.queue.Named(v)
		if n < 0 {
			m.say(style.Medium, "The section %s is no longer here.", v)
			return nil
		}
		return m.section(n)
	}
	if id == action.DropSection {
		title, then = "Delete a saved section", m.dropSection
	}
	m.choose(picker.New(title, items, m.queue.Sections[m.queue.Section].Name), then)
}

// dropSection asks whether to delete a saved section.
func (m *Model) dropSection(name string) tea.Cmd {
	n := m.queue.Named(name)
	if n < 0 || !m.queue.Sections[n].Saved {
		m.say(style.Medium, "Only saved sections can be deleted; others stand in the configuration or come with socctl.")
		return nil
	}
	s := m.queue.Sections[n]
	what := "Its filter: " + m.mask.Filter(filterWords(s.Filter))
	if !s.Broken.IsZero() {
		what = "Its filter cannot be used: " + m.mask.Text(s.Broken.String())
	}
	m.confirm("Delete the section "+m.mask.Text(s.Name), []string{what}, "Delete", "", func() tea.Cmd {
		drop := m.o.Files.DeleteView
		return do("deleting the section", func() tea.Msg { return savedViewMsg{section: s, deleted: true, err: drop(s.Name)} })
	})
	return nil
}

func filterWords(f soc.Filter) string {
	if f.IsZero() {
		return "everything"
	}
	return keyName(f.String())
}

// openThemes opens the list of themes.
func (m *Model) openThemes() {
	var items []picker.Item
	for _, t := range style.Themes() {
		items = append(items, picker.Item{Value: t.Name, Code: t.Name, Label: t.Meaning})
	}
	for _, name := range m.o.Settings.Themes {
		items = append(items, picker.Item{Value: name, Code: name, Label: "your own, from themes/" + name + ".yaml"})
	}
	m.choose(picker.New("Theme", items, m.set.Theme.Name), m.chooseTheme)
}

// chooseTheme goes to a theme by its name; one of the analyst's own is read first.
func (m *Model) chooseTheme(name string) tea.Cmd {
	read := m.o.Files.Theme
	if read == nil || slices.Contains(style.Names(), name) {
		m.setTheme(style.Choice{Name: name})
		return nil
	}
	return do("reading the theme", func() tea.Msg {
		c, err := read(name)
		return themeReadMsg{c, err}
	})
}

func (m *Model) themeRead(msg themeReadMsg) {
	if msg.err != nil {
		m.say(style.Medium, "The theme stays as it was: %s", ended(firstLine(msg.err)))
		return
	}
	m.setTheme(msg.theme)
}

func (m *Model) setTheme(c style.Choice) {
	before := m.set.Theme
	m.set.Theme = c
	if _, err := style.Make(m.look(), m.screen.profile, m.screen.ground); err != nil {
		m.set.Theme = before
		m.say(style.Medium, "The theme stays as it was: %s.", firstLine(err))
		return
	}
	m.restyle()
	if m.screen.profile <= colorprofile.ASCII {
		m.say(style.Medium, "This terminal shows no colours, or NO_COLOR is set: the screen stays as it is.")
		return
	}
	m.say(style.Subtle, "The theme is %s. The configuration's console.theme makes it the usual one.", m.theme.Name())
	m.warn()
}

// warn says what of a theme is hard to read on this terminal.
func (m *Model) warn() {
	if list := m.theme.Warnings(); len(list) > 0 {
		m.say(style.Medium, "%s", strings.Join(list, " "))
	}
}
