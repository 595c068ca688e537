package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/style"
)

// Update takes a message. A panic in it ends the program in order.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	if err := guard.Run("the console", func() error {
		cmd = m.update(msg)
		return nil
	}); err != nil {
		return m, m.fail(err)
	}
	return m, cmd
}

// fail ends the program with an error.
func (m *Model) fail(err error) tea.Cmd {
	m.fatal = err
	m.o.Report(err)
	m.stop()
	return tea.Quit
}

func (m *Model) update(msg tea.Msg) tea.Cmd {
	m.history.stay(m.place())
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.screen.width, m.screen.height = msg.Width, msg.Height
	case tea.ColorProfileMsg:
		m.screen.profile = msg.Profile
		m.restyle()
	case tea.BackgroundColorMsg:
		m.screen.ground = style.Light
		if msg.IsDark() {
			m.screen.ground = style.Dark
		}
		m.restyle()
		m.warn()
	case tea.KeyPressMsg:
		return m.press(msg)
	case tea.PasteMsg:
		return m.paste(msg)
	case tea.FocusMsg:
		m.now = m.o.Now()
		m.lockIfDue()
	case tea.MouseMsg:
		return m.mouse(msg)
	case queueChangedMsg:
		return tea.Batch(m.changedCmd(), m.changed(msg.snap))
	case answeredMsg:
		return m.answered(msg)
	case askAgainMsg:
		m.compute.running = false
		return m.ask()
	case clockMsg:
		if msg.turn != m.clock {
			return nil // a later tick was asked for since
		}
		return m.tick()
	default:
		return m.updateOutcome(msg)
	}
	return nil
}

// updateOutcome takes what came of something that the analyst asked for.
func (m *Model) updateOutcome(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case typedMsg:
		return m.typed(msg.turn)
	case restedMsg:
		if msg.turn == m.preview.turn {
			m.follow()
		}
	case openedMsg:
		m.opened(msg)
	case promptedMsg:
		m.session.prompt = &msg.prompt
		return tea.Batch(msg.next, promptDueCmd())
	case promptDueMsg:
		switch {
		case !m.session.running:
		case m.line != nil || m.choice != nil || m.dialog != nil:
			return promptDueCmd() // whoever types is not interrupted
		default:
			m.signIn = m.session.prompt
		}
	case noticedMsg:
		if m.message.text == msg.text {
			m.message = message{}
		}
	case signedInMsg:
		return m.signedIn(msg.err)
	case copiedMsg:
		m.copied(msg)
	case browsedMsg:
		m.browsed(msg)
	case brokeMsg:
		return m.fail(msg.err)
	default:
		return m.updateFiles(msg)
	}
	return nil
}

// updateFiles takes what came of files, marks and the list of calls.
func (m *Model) updateFiles(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case filesChangedMsg:
		return tea.Batch(m.filesCmd(), m.reloadCmd(false))
	case reloadedMsg:
		return m.reloaded(msg)
	case savedViewMsg:
		return m.savedView(msg)
	case saveDueMsg:
		return m.saveDue()
	case savedStateMsg:
		m.savedState(msg)
	case themeReadMsg:
		m.themeRead(msg)
	case markedMsg:
		m.markedAll(msg)
	case valuesMsg:
		m.values = msg.values
		if m.line != nil {
			m.suggest()
		}
	case calledMsg:
		if m.activity != nil {
			m.activity.Take(msg.calls, msg.tasks)
		}
	}
	return nil
}

func (m *Model) restyle() {
	t, err := style.Make(m.look(), m.screen.profile, m.screen.ground)
	if err != nil {
		m.say(style.High, "The theme stays as it was: %s.", text.Escape(err.Error()))
		return
	}
	m.theme = t
	m.redraw()
}

// redraw makes pages that keep their lines write them anew.
func (m *Model) redraw() {
	if m.detail != nil {
		m.detail.Redraw()
	}
}

// changed takes a new snapshot. Where no incident changed, only the customers' states are drawn anew.
func (m *Model) changed(snap *soc.Snapshot) tea.Cmd {
	same := snap.SameRows(m.snap)
	m.snap = snap
	if m.detail != nil {
		m.detail.Follow(snap)
	}
	if same && m.snap.Health()[soc.HealthStarting] == 0 && m.queue.Version() > 0 && !m.compute.running {
		m.queue.Settle()
		return nil
	}
	return m.ask()
}

// tick draws what time alone changes, also which incidents an SLA's clock brings into a section.
func (m *Model) tick() tea.Cmd {
	minute := m.now.Truncate(time.Minute)
	m.now = m.o.Now()
	m.redraw()
	m.lockIfDue()
	next := tea.Batch(m.clockCmd(), m.callsCmd())
	if m.now.Truncate(time.Minute).Equal(minute) {
		return next // only seconds went by: no list depends on them
	}
	return tea.Batch(next, m.ask())
}

// answered takes a computed list. Until the first reads are through and no key was pressed, rows go where they belong.
func (m *Model) answered(msg answeredMsg) tea.Cmd {
	taken := m.queue.Take(msg.answer)
	m.now = m.o.Now()
	if m.snap.Version == msg.answer.Snapshot.Version && m.snap.Health()[soc.HealthStarting] == 0 && len(m.snap.Parts) > 0 {
		m.queue.Settle()
	}
	if m.preview.ref.IsZero() || m.preview.turn == 0 {
		m.follow()
	}
	if msg.answer.Fresh {
		if taken {
			m.follow()
		}
		if m.snap.Version > msg.answer.Snapshot.Version || !msg.answer.Count {
			return m.ask() // the queue changed while the list was made, or the sections were not counted with it
		}
		return nil
	}
	if !m.compute.again && m.snap.Version == msg.answer.Snapshot.Version && taken {
		m.compute.running = false
		return nil
	}
	if m.queue.Outdated() {
		m.compute = computeState{}
		return nil // the answer that makes the list anew is under way
	}
	m.compute.again = false
	return tea.Tick(max(calm, 5*msg.took), func(time.Time) tea.Msg { return askAgainMsg{} })
}

// follow brings the preview to the cursor.
func (m *Model) follow() {
	if i, ok := m.queue.Current(); ok {
		m.preview.ref = i.Ref
	} else {
		m.preview.ref = soc.Ref{}
	}
}

func (m *Model) opened(msg openedMsg) {
	if m.detail == nil || m.detail.Incident.Ref != msg.ref || msg.turn != m.opens {
		return // the analyst went on before the answer came
	}
	if msg.err != nil {
		m.o.Report(msg.err)
		m.detail.Take(nil, m.problemText(m.detail.Incident.Tenant, msg.err)+" "+m.key(action.Refresh)+" tries again.", m.o.Now())
		return
	}
	m.detail.Take(msg.incident, "", m.o.Now())
}

// signingIn is said where the analyst asked for it, until it is done.
const signingIn = "Signing in."

func (m *Model) signedIn(err error) tea.Cmd {
	m.signIn = nil
	if err == nil {
		m.session = sessionState{done: true}
		m.unlocked()
		if m.message.text == signingIn {
			m.say(style.Subtle, "Signed in.")
		}
		if m.detail != nil && m.detail.Fetched.IsZero() {
			return m.openCmd(m.detail.Incident.Ref) // it could not be read before
		}
		return nil
	}
	m.o.Report(err)
	p := soc.ProblemOf(err)
	m.session = sessionState{done: m.session.done, problem: "not signed in: " + text.Escape(p.Error())}
	if !p.Next.IsZero() {
		m.session.problem += ". " + p.Next.String()
	}
	m.say(style.High, "%s tries again. %s", m.key(action.SignIn), m.session.problem)
	return nil
}

func (m *Model) copied(msg copiedMsg) {
	if msg.err != nil {
		m.say(style.Medium, "The %s could not be copied: %s. %s shows the link.", msg.what, text.Escape(msg.err.Error()), m.key(action.Portal))
		return
	}
	m.say(style.Subtle, "Copied the %s, if the terminal permits it.", msg.what)
}

func (m *Model) browsed(msg browsedMsg) {
	if msg.err != nil {
		m.say(style.Medium, "No browser could be started. %s copies the link of %s.", m.key(action.CopyLink), m.mask.Ref(msg.ref))
		return
	}
	m.say(style.Subtle, "%s is open in the browser.", m.mask.Ref(msg.ref))
}
