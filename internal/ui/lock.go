package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// lockState is the blank screen that hides everything from who passes by.
type lockState struct {
	on      bool
	touched time.Time // of the latest key
}

// touched notes that somebody is there: a key, a paste or the mouse, while that is on.
func (m *Model) touched() { m.lock.touched = m.o.Now() }

// lockIfDue locks where nobody was there for too long. It counts by the wall clock, since others stand still while a laptop
// sleeps; and whoever presses the first key after that finds the screen locked, though no tick came in between.
func (m *Model) lockIfDue() {
	if !m.lock.on && m.set.LockAfter > 0 && m.o.Now().Round(0).Sub(m.lock.touched.Round(0)) >= m.set.LockAfter {
		m.lockNow()
	}
}

// lockNow blanks the screen. What was open stays as it is behind it; a sequence of keys that had begun is forgotten.
func (m *Model) lockNow() { m.lock.on, m.pending = true, nil }

// pressLocked takes a key while the screen is blank. The key does nothing else than to bring the screen back, or to begin
// the sign-in that brings it back.
func (m *Model) pressLocked(name string) tea.Cmd {
	m.touched()
	if !m.set.LockSignIn {
		m.lock.on = false
		return nil
	}
	r := m.keys.Press(action.List, nil, name)
	if name == "enter" || r.Found && r.Action == action.SignIn {
		if !m.session.running {
			return m.signInCmd()
		}
	}
	return nil
}

// unlocked brings the screen back after a sign-in.
func (m *Model) unlocked() {
	if m.lock.on && m.set.LockSignIn {
		m.lock.on = false
		m.touched()
	}
}

// lockLines is the blank screen: nothing of any customer.
func (m *Model) lockLines(w, h int) []string {
	say := []string{m.theme.On(style.Title, "socctl is locked."), "Any key brings the screen back."}
	if m.set.LockSignIn {
		say[1] = "enter signs in again, which brings the screen back."
		if p := m.session.prompt; m.session.running && p != nil {
			say = append(say, "", "Open  "+fit.Cut(p.URL.String(), w-12), "Code  "+fit.Cut(p.Code.String(), w-12))
		}
		if m.session.problem != "" {
			say = append(say, "", fit.Cut(m.mask.Text(m.session.problem), w-6))
		}
	}
	if m.o.Now().Sub(m.quitting) < twice {
		say = append(say, "", m.quitWords())
	}
	lines := make([]string, h/3)
	for _, s := range say {
		lines = append(lines, "   "+s)
	}
	return pad(lines, h)
}
