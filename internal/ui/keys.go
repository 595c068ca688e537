package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// press takes a key: first whoever reads text, then the key map.
func (m *Model) press(key tea.KeyPressMsg) tea.Cmd {
	name := key.String()
	if r := m.keys.Press(action.Overlay, nil, name); r.Found && r.Action == action.QuitNow {
		m.pending = nil
		return m.quitNow()
	}
	m.lockIfDue()
	if m.lock.on {
		return m.pressLocked(name)
	}
	m.touched()
	m.message = message{}
	switch {
	case m.dialog != nil:
		return m.pressDialog(key)
	case m.line != nil:
		return m.pressLine(key)
	case m.choice != nil:
		return m.pressChoice(key)
	}
	if m.scope() == action.List {
		m.queue.Settle() // whoever acts on a row must find it where it was
	}
	before := m.pending
	r := m.keys.Press(m.scope(), before, name)
	m.pending = r.Pending
	switch {
	case r.Found:
		return m.start(r.Action)
	case r.Unknown && m.scope() == action.Overlay:
		m.say(style.Subtle, "%s goes back first.", m.key(action.Back))
	case r.Unknown && name != "esc":
		m.say(style.Subtle, "%s is not bound here. %s lists what is.", keyName(strings.Join(append(before, name), " ")), m.key(action.Help))
	}
	return nil
}

// start runs an action, or says why that cannot be done now.
func (m *Model) start(id action.ID) tea.Cmd {
	if why := m.disabled(id); why != "" {
		m.say(style.Medium, "%s", why)
		return nil
	}
	return m.perform(id)
}

// paste goes only to a line that is open: it can never press a key, nor confirm anything.
func (m *Model) paste(msg tea.PasteMsg) tea.Cmd {
	m.lockIfDue()
	if m.lock.on {
		return nil
	}
	m.touched()
	m.pending = nil
	switch {
	case m.dialog != nil:
		m.dialog.Update(msg, m.o.Now()) // it says that a paste confirms nothing
	case m.line != nil:
		if m.line.prompt.Update(msg) {
			return m.edited()
		}
	case m.choice != nil:
		m.choice.Update(msg)
	default:
		m.say(style.Subtle, "Nothing here takes a paste. %s opens the filter.", m.key(action.Filter))
	}
	return nil
}

// movement gives what an action does to a list, or nil.
func movement(id action.ID) func(*table.View) {
	switch id {
	case action.Down:
		return func(v *table.View) { v.Move(1) }
	case action.Up:
		return func(v *table.View) { v.Move(-1) }
	case action.PageDown:
		return func(v *table.View) { v.Page(2) }
	case action.PageUp:
		return func(v *table.View) { v.Page(-2) }
	case action.HalfDown:
		return func(v *table.View) { v.Page(1) }
	case action.HalfUp:
		return func(v *table.View) { v.Page(-1) }
	case action.Home:
		return (*table.View).Home
	case action.End:
		return (*table.View).End
	}
	return nil
}

// movementTo goes to a row.
func movementTo(row int) func(*table.View) {
	return func(v *table.View) { v.Move(row - v.Cursor) }
}

func (m *Model) move(f func(*table.View)) tea.Cmd {
	switch m.pageScope() {
	case action.Customers:
		m.customers.Move(m.snap, m.now, f)
	case action.Activity:
		m.activity.Move(f)
	case action.Incident:
		m.detail.Move(f)
	default:
		m.queue.Settle()
		f(m.queue.View())
		return m.restCmd()
	}
	return nil
}

// twice is the time within which a second ctrl+c quits.
const twice = 2 * time.Second

func (m *Model) quitNow() tea.Cmd {
	now := m.o.Now()
	if now.Sub(m.quitting) < twice {
		return m.quit()
	}
	m.quitting = now
	m.say(style.Medium, "%s", m.quitWords())
	return nil
}

func (m *Model) quitWords() string { return m.key(action.QuitNow) + " again quits." }

func (m *Model) quit() tea.Cmd {
	m.stop()
	return tea.Quit
}

// keyName is a key as Bubble Tea names it, safe to show: a terminal may send any character.
func keyName(name string) string { return text.Escape(name) }
