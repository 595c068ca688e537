package ui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/style"
)

// The messages, each named for what happened.
type (
	queueChangedMsg struct{ snap *soc.Snapshot }
	answeredMsg     struct {
		answer queue.Answer
		took   time.Duration
	}
	askAgainMsg struct{}
	clockMsg    struct{ turn int }
	restedMsg   struct{ turn int }
	typedMsg    struct{ turn int }
	openedMsg   struct {
		turn     int
		ref      soc.Ref
		incident *soc.Incident
		err      error
	}
	promptedMsg struct {
		prompt Prompt
		next   tea.Cmd // waits for another one
	}
	promptDueMsg struct{}
	signedInMsg  struct{ err error }
	noticedMsg   struct{ text string }
	copiedMsg    struct {
		what string
		err  error
	}
	browsedMsg struct {
		ref soc.Ref
		err error
	}
	brokeMsg  struct{ err error }
	calledMsg struct {
		calls []soc.Call
		tasks []soc.Task
	}
	valuesMsg       struct{ values *soc.FilterValues }
	markedMsg       struct{ answer queue.MarkAnswer }
	filesChangedMsg struct{}
	reloadedMsg     struct {
		turn     int
		settings Settings
		err      error
		asked    bool
	}
	savedViewMsg struct {
		section queue.Section
		from    place // where one was when it was saved
		deleted bool
		err     error
	}
	themeReadMsg struct {
		theme style.Choice
		err   error
	}
	saveDueMsg    struct{}
	savedStateMsg struct{ err error }
)

// verb says what was done with a section.
func (s savedViewMsg) verb() string {
	if s.deleted {
		return "deleted"
	}
	return "saved"
}

// do makes a command of f. A panic in it ends the program in order, with the terminal restored and the value made safe.
func do(where string, f func() tea.Msg) tea.Cmd {
	return func() (msg tea.Msg) {
		err := guard.Run(where, func() error {
			msg = f()
			return nil
		})
		if err != nil {
			return brokeMsg{err}
		}
		return msg
	}
}

// changedCmd waits for the queue to change.
func (m *Model) changedCmd() tea.Cmd {
	ctx, q := m.ctx, m.o.Queue
	return do("waiting for the queue", func() tea.Msg {
		select {
		case <-ctx.Done():
			return nil
		case <-q.Changed():
			return queueChangedMsg{q.Snapshot()}
		}
	})
}

// calm is the time between two looks at a queue that keeps changing.
const calm = 80 * time.Millisecond

// ask brings the list up to date outside the loop; it keeps its order. While an answer is under way no second one is started.
func (m *Model) ask() tea.Cmd {
	if m.compute.running {
		m.compute.again = true
		return nil
	}
	m.compute.running = true
	return compute(m.queue.Ask(m.snap, m.o.Now()))
}

// renew makes the list anew, with the cursor on an incident, or on the first row where none is named.
func (m *Model) renew(at soc.Ref) tea.Cmd {
	m.preview.ref = soc.Ref{}
	ask := m.queue.Renew(m.snap, m.o.Now(), at)
	ask.Count = false // the list first; the sections are counted after it
	return compute(ask)
}

func compute(a queue.Ask) tea.Cmd {
	return do("the queue's order", func() tea.Msg {
		start := time.Now()
		answer := queue.Compute(a)
		return answeredMsg{answer, time.Since(start)}
	})
}

// clockCmd wakes the console when a minute begins, every few seconds where seconds are shown, and when the screen is to be
// locked.
func (m *Model) clockCmd() tea.Cmd {
	m.clock++
	turn := m.clock
	now := m.o.Now()
	wait := now.Truncate(time.Minute).Add(time.Minute).Sub(now)
	switch {
	case m.activity != nil:
		wait = min(wait, 2*time.Second)
	case m.customers != nil:
		wait = min(wait, 5*time.Second)
	}
	if m.set.LockAfter > 0 && !m.lock.on {
		wait = min(wait, max(time.Second, m.lock.touched.Add(m.set.LockAfter).Sub(now)))
	}
	return tea.Tick(wait, func(time.Time) tea.Msg { return clockMsg{turn} })
}

// callsCmd asks for what was done since the last look, while the page of activity is open.
func (m *Model) callsCmd() tea.Cmd {
	if m.activity == nil {
		return nil
	}
	from, since := m.o.Activity, m.activity.Last()
	return do("the list of calls", func() tea.Msg { return calledMsg{from.Calls(since), from.Tasks()} })
}

// valuesCmd looks for what filters can name in the incidents at hand.
func (m *Model) valuesCmd() tea.Cmd {
	snap := m.snap
	return do("what filters can name", func() tea.Msg { return valuesMsg{soc.FilterValuesOf(snap)} })
}

// syncCmd finds out whether the terminal can show a frame at once (mode 2026). Bubble Tea does not ask over SSH; a terminal
// that does not know the question ignores it.
func (m *Model) syncCmd() tea.Cmd {
	switch m.set.SyncOutput {
	case "off":
		return nil
	case "on":
		return func() tea.Msg { return tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: ansi.ModeReset} }
	}
	if !m.o.Terminal.SSH {
		return nil // it asks by itself
	}
	return tea.Raw(ansi.RequestModeSynchronizedOutput)
}

// rest is how long the cursor stands still before the preview follows.
const rest = 150 * time.Millisecond

// longRest is the same over a slow line.
const longRest = 600 * time.Millisecond

func (m *Model) restCmd() tea.Cmd {
	m.preview.turn++
	turn, wait := m.preview.turn, rest
	if m.set.LowBandwidth {
		wait = longRest
	}
	return tea.Tick(wait, func(time.Time) tea.Msg { return restedMsg{turn} })
}

// signInCmd signs in; what the analyst has to do for it comes as a message of its own.
func (m *Model) signInCmd() tea.Cmd {
	ctx, session := m.ctx, m.o.Session
	m.session = sessionState{running: true, done: m.session.done}
	prompts := make(chan Prompt, 1)
	show := func(p Prompt) {
		select {
		case <-prompts: // nobody has read the last one: it is no longer the one to follow
		default:
		}
		select {
		case prompts <- p:
		case <-ctx.Done():
		}
	}
	done := make(chan struct{})
	signIn := do("sign-in", func() tea.Msg {
		defer close(done)
		return signedInMsg{session.SignIn(ctx, show)}
	})
	var wait tea.Cmd
	wait = do("the sign-in prompt", func() tea.Msg {
		select {
		case p := <-prompts:
			return promptedMsg{p, wait}
		case <-done:
			return nil
		}
	})
	return tea.Batch(signIn, wait)
}

// patience is how long a sign-in may take before the screen shows what to do for it: one that needs nobody does not flash.
const patience = 700 * time.Millisecond

func promptDueCmd() tea.Cmd {
	return tea.Tick(patience, func(time.Time) tea.Msg { return promptDueMsg{} })
}

// noticeTime is how long what is said at the start stays.
const noticeTime = 8 * time.Second

func (m *Model) noticeCmd() tea.Cmd {
	said := m.message.text
	if said == "" {
		return nil
	}
	return tea.Tick(noticeTime, func(time.Time) tea.Msg { return noticedMsg{said} })
}

// openCmd fetches an incident whole.
func (m *Model) openCmd(ref soc.Ref) tea.Cmd {
	m.opens++
	turn := m.opens
	ctx, from := m.ctx, m.o.Incidents
	return do("opening "+ref.String(), func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		i, err := from.Incident(ctx, ref)
		switch {
		case err != nil:
		case i == nil || i.Ref.Tenant != ref.Tenant:
			err = errors.New("the answer is about another customer and was dropped")
		case i.Ref.ID != ref.ID || i.Ref.Source != ref.Source:
			err = errors.New("the answer is about another incident and was dropped")
		}
		return openedMsg{turn, ref, i, err}
	})
}

// copyCmd puts text on the clipboard of the analyst's terminal.
func (m *Model) copyCmd(what, s string) tea.Cmd {
	seq, err := m.o.Terminal.Copy(s)
	if err != nil {
		return func() tea.Msg { return copiedMsg{what, err} }
	}
	ctx, helper := m.ctx, m.o.Clipboard
	told := do("copying", func() tea.Msg {
		if helper == nil {
			return copiedMsg{what, nil}
		}
		return copiedMsg{what, helper(ctx, s)}
	})
	return tea.Sequence(tea.Raw(seq), told)
}

// browseCmd opens a link on this desktop.
func (m *Model) browseCmd(ref soc.Ref, url string) tea.Cmd {
	browser := m.o.Browser
	return do("opening the browser", func() tea.Msg { return browsedMsg{ref, browser(url)} })
}
