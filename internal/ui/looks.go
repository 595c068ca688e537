package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/mask"
	"github.com/socctl/socctl/internal/ui/style"
)

// putPreview puts the preview on, where it was last, or off.
func (m *Model) putPreview(on bool) {
	m.preview.place = PreviewOff
	if on {
		m.preview.place = m.preview.side
	}
	if on && previewHeight(m.screen.height-2) == 0 && (m.preview.place != PreviewRight || m.screen.width < sideFrom) {
		m.say(style.Subtle, "The preview shows once the window has %d lines.", previewFrom+2)
	}
}

// turnPreview moves the preview from below the list to its right, or back.
func (m *Model) turnPreview() {
	m.preview.side = PreviewRight
	if m.preview.place == PreviewRight {
		m.preview.side = PreviewBelow
	}
	m.preview.place = m.preview.side
	if m.preview.place == PreviewRight && m.screen.width < sideFrom {
		m.say(style.Subtle, "The preview goes to the right from %d columns on; until then it is below.", sideFrom)
	}
}

func (m *Model) setMouse(on bool) {
	m.set.Mouse = on
	if on {
		m.say(style.Subtle, "The mouse is on: click and wheel work here; shift and drag selects text. %s puts it off.", m.key(action.Mouse))
		return
	}
	m.say(style.Subtle, "The mouse is off: the terminal selects text again.")
}

// setPrivacy masks names, or shows them again.
func (m *Model) setPrivacy(on bool) {
	m.mask = nil
	if on {
		m.mask = mask.New(m.o.Tenants)
	}
	m.set.Privacy, m.queue.Mask = on, m.mask
	m.redraw()
}

func privacyWords(on bool) string {
	if on {
		return "Names of customers and users are masked; copies and the portal are not."
	}
	return "Names are shown again."
}

// setLowBandwidth writes less: the cursor is a marker, colours are short, the preview waits longer.
func (m *Model) setLowBandwidth(on bool) {
	m.set.LowBandwidth, m.queue.Marker = on, on
	m.restyle()
	if on {
		m.say(style.Subtle, "Low bandwidth: short colours, a marker for a cursor. Started with --low-bandwidth the screen is also written less often.")
		return
	}
	m.say(style.Subtle, "Low bandwidth is off.")
}

// mouse takes the mouse while it is on: the wheel moves the cursor, a click goes to a row, another one there opens it.
func (m *Model) mouse(msg tea.MouseMsg) tea.Cmd {
	if !m.set.Mouse {
		return nil
	}
	m.lockIfDue()
	if m.lock.on {
		return nil
	}
	m.touched()
	m.pending = nil
	if m.dialog != nil || m.line != nil || m.choice != nil || m.scope() == action.Overlay {
		return nil
	}
	e := msg.Mouse()
	switch msg.(type) {
	case tea.MouseWheelMsg:
		switch e.Button {
		case tea.MouseWheelDown:
			return m.move(movement(action.Down))
		case tea.MouseWheelUp:
			return m.move(movement(action.Up))
		}
	case tea.MouseClickMsg:
		if e.Button == tea.MouseLeft && m.pageScope() == action.List && !m.onSide(e.X) {
			return m.click(e.Y)
		}
	}
	return nil
}

// onSide tells whether a cell belongs to the preview on the right.
func (m *Model) onSide(x int) bool {
	w := m.screen.width
	return m.preview.place == PreviewRight && w >= sideFrom && x >= w-sideWidth(w)-1
}

// listTop is the line of the list's first row: below the header, the tabs and the columns' titles.
const listTop = 3

func (m *Model) click(y int) tea.Cmd {
	v := m.queue.View()
	row := v.Top + y - listTop
	if y < listTop || row >= v.Len || y-listTop >= v.Height {
		return nil
	}
	m.queue.Settle()
	if row == v.Cursor {
		return m.open()
	}
	return m.move(movementTo(row))
}
