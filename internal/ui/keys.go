package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/page/customers"
	"github.com/socctl/socctl/internal/ui/page/detail"
	"github.com/socctl/socctl/internal/ui/page/help"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/prompt"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// press takes a key: first whoever reads text, then the key map.
func (m *Model) press(key tea.KeyPressMsg) tea.Cmd {
	name := key.String()
	if id, _ := m.keys.Find(action.Global, name); id == action.QuitNow {
		return m.quitNow()
	}
	m.message = message{}
	switch {
	case m.filter != nil:
		return m.pressFilter(key)
	case m.picker != nil:
		return m.pressPicker(key)
	}
	if m.scope() == action.List {
		m.queue.Settle() // whoever acts on a row must find it where it was
	}
	id, ok := m.keys.Find(m.scope(), name)
	if !ok {
		return nil
	}
	if m.scope() == action.Overlay {
		return m.pressOverlay(id)
	}
	if why := m.disabled(id); why != "" {
		m.say(style.Medium, "%s", why)
		return nil
	}
	if id == action.Section {
		return m.section(int(name[0] - '1'))
	}
	return m.perform(id)
}

// paste goes only to a line that is open: it can never press a key.
func (m *Model) paste(msg tea.PasteMsg) tea.Cmd {
	switch {
	case m.filter != nil:
		if m.filter.prompt.Update(msg) {
			return m.refilter()
		}
	case m.picker != nil:
		m.picker.Update(msg)
	default:
		m.say(style.Subtle, "Nothing here takes a paste. / opens the filter.")
	}
	return nil
}

// perform does what an action says.
func (m *Model) perform(id action.ID) tea.Cmd {
	if move := movement(id); move != nil {
		return m.move(move)
	}
	switch id {
	case action.Quit, action.Back:
		return m.back(id)
	case action.Help:
		m.help = &help.Page{Entries: m.entries()}
	case action.Switch:
		m.picker = m.newSwitch()
	case action.ToggleAll:
		return m.toggleAll()
	case action.Filter:
		m.filter = &filterInput{prompt: prompt.New("/", m.queue.Filter.String()), before: m.queue.Filter, parsed: m.queue.Filter, at: m.queue.Ref()}
	case action.ShowHealth:
		m.customers = customers.New(m.snap)
		return m.clockCmd()
	case action.SignIn:
		if m.session.running {
			m.signIn = m.session.prompt // it was hidden
			return nil
		}
		return m.signInCmd()
	case action.Refresh, action.RefreshAll:
		return m.refresh(id)
	case action.Redraw:
		return tea.ClearScreen
	default:
		return m.performOnQueue(id)
	}
	return nil
}

func (m *Model) performOnQueue(id action.ID) tea.Cmd {
	switch id {
	case action.NextSection:
		return m.section((m.queue.Section + 1) % len(m.queue.Sections))
	case action.PrevSection:
		return m.section((m.queue.Section + len(m.queue.Sections) - 1) % len(m.queue.Sections))
	case action.Open:
		return m.open()
	case action.Preview:
		m.preview.off = !m.preview.off
	case action.Arrivals:
		m.queue.Arrive()
		m.follow()
	case action.Order:
		return m.nextOrder()
	case action.Portal:
		return m.portal()
	case action.CopyLink:
		if i, ok := m.current(); ok {
			return m.copyCmd("link of "+i.Ref.String(), m.o.Links.Link(i).URL)
		}
	case action.CopyRef:
		if i, ok := m.current(); ok {
			return m.copyCmd("reference "+i.Ref.String(), i.Ref.String())
		}
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

func (m *Model) move(f func(*table.View)) tea.Cmd {
	switch {
	case m.customers != nil:
		m.customers.Move(m.snap, f)
		return nil
	case m.detail != nil:
		m.detail.Move(f)
		return nil
	}
	m.queue.Settle()
	f(m.queue.View())
	return m.restCmd()
}

// disabled says why an action cannot be done now, or nothing.
func (m *Model) disabled(id action.ID) string {
	switch id {
	case action.Open, action.Portal, action.CopyLink, action.CopyRef:
		if _, ok := m.current(); !ok && m.customers == nil {
			return "There is no incident here."
		}
	case action.Arrivals:
		if arrived, gone := m.queue.Waiting(); arrived+gone == 0 {
			return "Nothing new waits."
		}
	case action.SignIn:
		if m.session.running && m.session.prompt == nil {
			return "Signing in is under way."
		}
	case action.Refresh, action.RefreshAll:
		if !m.session.done {
			return "Nothing can be read before you are signed in: S signs in. " + m.session.problem
		}
	}
	return ""
}

// pressOverlay takes a key while something lies on top.
func (m *Model) pressOverlay(id action.ID) tea.Cmd {
	if m.help != nil {
		if f := movement(id); f != nil {
			m.help.Move(f)
		} else if id == action.Back || id == action.Quit || id == action.Help {
			m.help = nil
		}
		return nil
	}
	if m.link != nil && id == action.CopyLink {
		return m.copyCmd("link of "+m.link.ref.String(), m.link.link.URL)
	}
	switch id {
	case action.Back, action.Quit:
		m.link, m.signIn = nil, nil
	}
	return nil
}

// back goes one level out: from what lies over the queue to the queue, from a filter to none, and with q out.
func (m *Model) back(id action.ID) tea.Cmd {
	switch {
	case m.customers != nil:
		m.customers = nil
	case m.detail != nil:
		m.detail = nil
	case id == action.Quit:
		m.stop()
		return tea.Quit
	case !m.queue.Filter.IsZero():
		m.queue.Filter = soc.Filter{}
		return m.renew(m.queue.Ref())
	case !m.queue.Where.All():
		return m.toggleAll()
	}
	return nil
}

// twice is the time within which a second ctrl+c quits.
const twice = 2 * time.Second

func (m *Model) quitNow() tea.Cmd {
	now := m.o.Now()
	if now.Sub(m.quitting) < twice {
		m.stop()
		return tea.Quit
	}
	m.quitting = now
	m.say(style.Medium, "ctrl+c again quits.")
	return nil
}

func (m *Model) section(n int) tea.Cmd {
	if n >= len(m.queue.Sections) {
		m.say(style.Subtle, "There are %d sections.", len(m.queue.Sections))
		return nil
	}
	m.queue.Choose(n)
	return m.renew(soc.Ref{})
}

func (m *Model) nextOrder() tea.Cmd {
	orders := soc.Orders()
	for n, o := range orders {
		if o == m.queue.Order {
			m.queue.Order = orders[(n+1)%len(orders)]
			break
		}
	}
	m.say(style.Subtle, "Ordered by %s.", m.queue.Order)
	return m.renew(m.queue.Ref())
}

func (m *Model) refresh(id action.ID) tea.Cmd {
	var tenant soc.TenantID
	what := "all customers"
	if id == action.Refresh {
		switch i, ok := m.current(); {
		case m.customers != nil:
			part, ok := m.customers.Current(m.snap)
			if !ok {
				return nil
			}
			tenant, what = part.Status.Tenant.ID, string(part.Status.Tenant.Code)
		case ok:
			tenant, what = i.Ref.Tenant, string(i.Ref.Code)
		}
	}
	m.o.Queue.Refresh(tenant)
	m.say(style.Subtle, "Reading %s again.", what)
	if m.detail != nil && m.customers == nil {
		return m.openCmd(m.detail.Incident.Ref)
	}
	return nil
}

// open goes into what the cursor stands on.
func (m *Model) open() tea.Cmd {
	if m.customers != nil {
		part, ok := m.customers.Current(m.snap)
		if !ok {
			return nil
		}
		m.customers = nil
		return m.switchTo(tenantWhere(part.Status.Tenant))
	}
	i, ok := m.queue.Current()
	if !ok {
		return nil
	}
	if target, found := m.snap.Follow(i.Ref); found && target.Ref != i.Ref {
		m.say(style.Subtle, "%s was merged into %s.", i.Ref, target.Ref)
		i = target
	}
	m.detail = detail.New(i)
	return m.openCmd(i.Ref)
}

// portal opens the incident's page, or shows its link where no browser can be reached.
func (m *Model) portal() tea.Cmd {
	i, ok := m.current()
	if !ok {
		return nil
	}
	l := m.o.Links.Link(i)
	if m.o.Browser == nil {
		m.link = &linkBox{ref: i.Ref, link: l}
		return nil
	}
	return m.browseCmd(i.Ref, l.URL)
}

// pressFilter takes a key while the filter line is open.
func (m *Model) pressFilter(key tea.KeyPressMsg) tea.Cmd {
	switch key.String() {
	case "enter":
		if m.filter.problem != nil {
			return nil // what is wrong stands beside the line
		}
		f := m.filter.parsed
		m.filter = nil
		return m.applyFilter(f, soc.Ref{})
	case "esc", "alt+esc":
		f, at := m.filter.before, m.filter.at
		m.filter = nil
		return m.applyFilter(f, at)
	}
	if m.filter.prompt.Update(key) {
		return m.refilter()
	}
	return nil
}

// refilter reads the filter line. The list follows once the typing rests: half a word finds nothing and only flickers.
func (m *Model) refilter() tea.Cmd {
	f, err := soc.ParseFilter(m.filter.prompt.Value(), m.o.Vocabulary)
	m.filter.parsed, m.filter.problem = f, nil
	if err != nil {
		m.filter.problem = soc.AsFilterError(err)
	}
	m.filter.turn++
	turn := m.filter.turn
	return tea.Tick(rest, func(time.Time) tea.Msg { return typedMsg{turn} })
}

// typed follows the filter line. One that cannot be understood shows the list of before.
func (m *Model) typed(turn int) tea.Cmd {
	switch {
	case m.filter == nil || m.filter.turn != turn:
		return nil
	case m.filter.problem != nil:
		return m.applyFilter(m.filter.before, m.filter.at)
	}
	return m.applyFilter(m.filter.parsed, soc.Ref{})
}

func (m *Model) applyFilter(f soc.Filter, at soc.Ref) tea.Cmd {
	if m.queue.Filter.String() == f.String() {
		return nil
	}
	m.queue.Filter = f
	return m.renew(at)
}

// entries are the actions for the help, those of here first.
func (m *Model) entries() []help.Entry {
	var here, elsewhere []help.Entry
	for _, a := range action.All() {
		e := help.Entry{Action: a, Keys: m.keys.Keys(a.ID), Why: strings.TrimSpace(m.disabled(a.ID))}
		if _, ok := m.keys.Find(m.scope(), a.Keys[0]); ok {
			here = append(here, e)
			continue
		}
		e.Why = "not here"
		elsewhere = append(elsewhere, e)
	}
	return append(here, elsewhere...)
}
