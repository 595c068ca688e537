package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/ui/widget/dialog"
)

// question is an open dialog, and what becomes of a yes. A no changes nothing.
type question struct {
	*dialog.Dialog
	yes func() tea.Cmd
}

// confirm asks before something is done. typed is what has to be typed for it; empty where a yes is enough.
func (m *Model) confirm(title string, lines []string, verb, typed string, yes func() tea.Cmd) {
	m.dialog = &question{dialog.New(dialog.Options{Title: title, Lines: lines, Yes: verb, No: "Cancel", Type: typed, Opened: m.o.Now()}), yes}
}

// pressDialog takes a key while a dialog is open.
func (m *Model) pressDialog(key tea.KeyPressMsg) tea.Cmd {
	r := m.dialog.Update(key, m.o.Now())
	if !r.Done {
		return nil
	}
	yes := m.dialog.yes
	m.dialog = nil
	if !r.Yes {
		return nil
	}
	return yes()
}
