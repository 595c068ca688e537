package ui

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/state"
	"github.com/socctl/socctl/internal/ui/style"
)

// filesCmd waits for a file of the configuration to change.
func (m *Model) filesCmd() tea.Cmd {
	changed, ctx := m.o.Files.Changed, m.ctx
	if changed == nil {
		return nil
	}
	return do("the watch over the configuration", func() tea.Msg {
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-changed:
			if !ok {
				return nil // nobody watches any more
			}
			return filesChangedMsg{}
		}
	})
}

// reloadCmd reads the files again. asked tells that the analyst wants to hear of it even if nothing changed.
func (m *Model) reloadCmd(asked bool) tea.Cmd {
	load := m.o.Files.Load
	if load == nil {
		return nil
	}
	m.reloads++
	turn := m.reloads
	return do("reading the configuration", func() tea.Msg {
		s, err := load()
		return reloadedMsg{turn, s, err, asked}
	})
}

// reloaded takes the files' settings over, whole or not at all.
func (m *Model) reloaded(msg reloadedMsg) tea.Cmd {
	if msg.turn < m.reloads {
		return nil // the files are being read again since
	}
	s, err := msg.settings, msg.err
	var keys *keymap.Map
	if err == nil && len(s.Sections) == 0 {
		err = fmt.Errorf("there is no section")
	}
	if err == nil {
		keys, err = keymap.New(m.table, s.Keys)
	}
	if err == nil {
		_, err = style.Make(s.Theme, m.screen.profile, m.screen.ground)
	}
	if err != nil {
		m.o.Report(err)
		m.say(style.High, "What holds stays as it was: %s", firstLine(err))
		return nil
	}
	was := m.o.Settings
	m.o.Settings, m.keys, m.pending = s, keys, nil
	if sameSettings(&was, &s) {
		if msg.asked {
			m.say(style.Subtle, "Nothing changed in the files.")
		}
		return nil
	}
	m.say(style.Subtle, "The configuration was taken over.")
	m.takeOver(&was, &s)
	before := m.queue.Sections[m.queue.Section]
	m.queue.Reset(s.Sections)
	m.restyle()
	for _, n := range s.Notes {
		m.say(style.Medium, "%s", n.String())
	}
	if sameSection(&before, &m.queue.Sections[m.queue.Section]) { // the list is the one that shows; only the counts may differ
		return tea.Batch(m.ask(), m.clockCmd())
	}
	return tea.Batch(m.renew(m.queue.Ref()), m.clockCmd())
}

// sameSection tells whether two sections are one list: filters hold functions, which cannot be compared.
func sameSection(a, b *queue.Section) bool {
	return a.Name == b.Name && a.Filter.String() == b.Filter.String() && a.Order == b.Order && a.Saved == b.Saved && a.Broken == b.Broken &&
		slices.Equal(a.Columns, b.Columns)
}

func sameSettings(a, b *Settings) bool {
	x, y := *a, *b
	x.Sections, y.Sections = nil, nil
	return reflect.DeepEqual(x, y) && slices.EqualFunc(a.Sections, b.Sections, func(p, q queue.Section) bool { return sameSection(&p, &q) })
}

// takeOver applies what changed in the files. What the analyst switched in the console stays where the files did not change.
func (m *Model) takeOver(was, s *Settings) {
	m.set.Sections, m.set.Keys, m.set.LockAfter, m.set.LockSignIn, m.set.RelockAfter = s.Sections, s.Keys, s.LockAfter, s.LockSignIn, s.RelockAfter
	m.set.SyncOutput = s.SyncOutput
	if !reflect.DeepEqual(was.Theme, s.Theme) {
		m.set.Theme = s.Theme
	}
	if was.LowBandwidth != s.LowBandwidth {
		m.set.LowBandwidth, m.queue.Marker = s.LowBandwidth, s.LowBandwidth
	}
	if was.Mouse != s.Mouse {
		m.set.Mouse = s.Mouse
	}
	if was.Privacy != s.Privacy {
		if s.Privacy {
			m.choice, m.dialog = nil, nil // they hold names; the answer is no
		}
		m.setPrivacy(s.Privacy)
	}
	if was.Preview != s.Preview {
		m.preview.place = s.Preview
		if s.Preview != PreviewOff {
			m.preview.side = s.Preview
		}
	}
}

// firstLine is an error for the footer: the rest of a long one stands in the log.
func firstLine(err error) string {
	line, rest, more := strings.Cut(err.Error(), "\n")
	line = text.Escape(line)
	if n := strings.Count(rest, "\n") + 1; more {
		line += fmt.Sprintf(" (and %d more lines, in the log)", n)
	}
	return line
}

// savingState is what of the console's state was kept last.
type savingState struct {
	last  state.State
	marks int
	bad   bool          // the last try failed, and was said
	busy  bool          // a state is being written
	gate  chan struct{} // lets one state at a time be written, so that the latest one is written last
}

// keepEvery is how often the console keeps where one is, so that little is lost with a lost connection.
const keepEvery = 10 * time.Second

func (m *Model) savingCmd() tea.Cmd {
	if m.o.Files.SaveState == nil {
		return nil
	}
	return tea.Tick(keepEvery, func(time.Time) tea.Msg { return saveDueMsg{} })
}

// saveDue keeps the state outside the loop where it changed.
func (m *Model) saveDue() tea.Cmd {
	if m.saving.busy {
		return m.savingCmd()
	}
	s, marks, turn := m.state()
	if turn == m.saving.marks && reflect.DeepEqual(s, m.saving.last) {
		return m.savingCmd()
	}
	m.saving.last, m.saving.marks, m.saving.busy = s, turn, true
	save, gate := m.o.Files.SaveState, m.saving.gate
	return tea.Batch(m.savingCmd(), do("keeping the session", func() tea.Msg {
		gate <- struct{}{}
		defer func() { <-gate }()
		return savedStateMsg{save(withMarks(s, marks))}
	}))
}

func (m *Model) savedState(msg savedStateMsg) {
	m.saving.busy = false
	if msg.err == nil {
		m.saving.bad = false
		return
	}
	m.saving.last = state.State{} // tried again, changed or not
	if !m.saving.bad {
		m.saving.bad = true
		m.o.Report(msg.err)
		m.say(style.Medium, "Where you are cannot be kept for the next start: %s.", firstLine(msg.err))
	}
}

// state is where the console is. The marks are given apart: there may be many.
func (m *Model) state() (state.State, queue.Marks, int) {
	q := m.queue
	s := state.State{Tenant: q.Where.Tenant, Group: q.Where.Group, Section: q.Sections[q.Section].Name, Filter: q.Filter.String(), Order: q.Order,
		Cursor: state.RefOf(q.Wanted()), Page: string(m.pageScope()), Preview: string(m.preview.place), Wide: q.Wide,
		Privacy: m.mask != nil, History: m.words}
	if m.detail != nil {
		s.Open = state.RefOf(m.detail.Incident.Ref)
	}
	if len(q.Chosen) > 0 {
		s.Columns = make(map[string][]string, len(q.Chosen))
		for name, ids := range q.Chosen {
			s.Columns[name] = ids
		}
	}
	marks, turn := q.MarksNow()
	return s, marks, turn
}

func withMarks(s state.State, marks queue.Marks) state.State {
	for r := range marks {
		s.Marks = append(s.Marks, state.RefOf(r))
	}
	return s
}

// restore goes back to where the last session was. What no longer exists is left out and said; nothing is shown of a
// customer that the configuration does not have.
func (m *Model) restore(s state.State) {
	if s.Version == 0 {
		return
	}
	var lost []string
	if s.Tenant != "" {
		s.Group = "" // never both
	}
	if w := (queue.Where{Tenant: s.Tenant, Group: s.Group}); w.Tenant != "" && m.tenantByID(w.Tenant) == nil {
		lost = append(lost, "its customer is no longer here")
	} else if w.Group != "" && noGroup(m.o.Vocabulary.Groups, w.Group) {
		lost = append(lost, "its group is no longer here")
	} else {
		m.queue.Where = w
	}
	if n := m.queue.Named(s.Section); n >= 0 {
		m.queue.Choose(n)
	} else {
		lost = append(lost, "its section is no longer here")
	}
	if f, err := soc.ParseFilter(s.Filter, m.o.Vocabulary); err == nil {
		m.queue.Filter = f
	} else {
		lost = append(lost, "its filter is no longer understood: "+text.Escape(s.Filter))
	}
	if o, err := soc.ParseOrder(string(s.Order)); err == nil {
		m.queue.Order = o
	}
	m.restoreList(s)
	if s.Privacy { // the screen may still be shared: only the analyst shows names again
		m.setPrivacy(true)
	}
	if len(lost) > 0 {
		m.say(style.Medium, "The last session is back, but %s.", strings.Join(lost, ", "))
	}
}

func noGroup(groups []string, name string) bool {
	for _, g := range groups {
		if g == name {
			return false
		}
	}
	return true
}

// restoreList brings back the cursor, the marks, the columns and the preview.
func (m *Model) restoreList(s state.State) {
	m.queue.Wide = s.Wide
	for name, ids := range s.Columns {
		if len(ids) > 0 && queue.CheckColumns(ids) == nil {
			m.queue.Chosen[text.Escape(name)] = ids
		}
	}
	marks := make(queue.Marks)
	for _, r := range s.Marks {
		if ref, ok := m.refOf(r); ok {
			marks[ref] = struct{}{}
		}
	}
	m.queue.SetMarks(marks, len(marks))
	if ref, ok := m.refOf(s.Cursor); ok {
		m.queue.Expect(ref)
	}
	switch p := Place(s.Preview); p {
	case PreviewBelow, PreviewRight:
		m.preview.place, m.preview.side = p, p
	case PreviewOff:
		m.preview.place = p
	}
	for _, w := range s.History {
		m.remember(text.Escape(w))
	}
}

// refOf makes a saved reference whole. The code is that of the configuration.
func (m *Model) refOf(r state.Ref) (soc.Ref, bool) {
	t := m.tenantByID(r.Tenant)
	if t == nil || r.IsZero() {
		return soc.Ref{}, false
	}
	return soc.Ref{Tenant: t.ID, Code: t.Code, Source: r.Source, ID: r.ID}, true
}

// reopen opens what was open in the last session.
func (m *Model) reopen() tea.Cmd {
	if m.o.State.Version == 0 {
		return nil
	}
	switch ref, ok := m.refOf(m.o.State.Open); action.Scope(m.o.State.Page) {
	case action.Incident:
		if ok {
			return m.openAgain(ref)
		}
	case action.Customers:
		return m.showCustomers()
	case action.Activity:
		return m.showActivity()
	}
	return nil
}
