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

// touched notes that somebody is there.
func (m *Model) touched() { m.lock.touched = m.o.Now() }

// lockDue tells whether nobody was there for too long.
func (m *Model) lockDue() bool {
	return !m.lock.on && m.set.LockAfter > 0 && m.now.Sub(m.lock.touched) >= m.set.LockAfter
}

// lockNow blanks the screen. What was open stays as it is behind it.
func (m *Model) lockNow() { m.lock.on = true }

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
			say = append(say, "", fit.Cut(m.session.problem, w-6))
		}
	}
	lines := make([]string, h/3)
	for _, s := range say {
		lines = append(lines, "   "+s)
	}
	return pad(lines, h)
}
