package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/page/detail"
	"github.com/socctl/socctl/internal/ui/style"
)

// perform does what an action says.
func (m *Model) perform(id action.ID) tea.Cmd {
	if m.scope() == action.Overlay {
		return m.performOverlay(id)
	}
	if move := movement(id); move != nil {
		return m.move(move)
	}
	if n, ok := action.SectionOf(id); ok {
		return m.section(n)
	}
	switch id {
	case action.Quit, action.Back:
		return m.back(id)
	case action.QuitNow:
		return m.quitNow()
	case action.Command:
		return m.openCommand("")
	case action.Palette:
		m.openPalette()
	case action.Help:
		m.openHelp()
	case action.Suspend:
		return tea.Suspend
	case action.Redraw:
		return tea.ClearScreen
	case action.Refresh, action.RefreshAll:
		return m.refresh(id)
	case action.SignIn:
		if m.session.running {
			m.signIn = m.session.prompt // it was hidden
			return nil
		}
		m.say(style.Subtle, "%s", signingIn)
		return m.signInCmd()
	case action.Reload:
		return m.reloadCmd(true)
	case action.Lock:
		m.lockNow()
	case action.ReadOnly, action.ReadOnlyAll:
		m.toggleReadOnly(id)
	default:
		return m.performGo(id)
	}
	return nil
}

// performGo does what leads to another view.
func (m *Model) performGo(id action.ID) tea.Cmd {
	switch id {
	case action.Switch, action.SwitchGroup:
		m.openSwitch()
	case action.ToggleAll:
		return m.toggleAll()
	case action.ShowHealth:
		return m.showCustomers()
	case action.ShowActivity:
		return m.showActivity()
	case action.Last:
		return m.goTo(m.history.last())
	case action.Backward:
		return m.goTo(m.history.step(-1))
	case action.Forward:
		return m.goTo(m.history.step(1))
	case action.NextSection:
		return m.section((m.queue.Section + 1) % len(m.queue.Sections))
	case action.PrevSection:
		return m.section((m.queue.Section + len(m.queue.Sections) - 1) % len(m.queue.Sections))
	case action.Section, action.DropSection:
		m.openSections(id)
	case action.Open:
		return m.open()
	default:
		return m.performLook(id)
	}
	return nil
}

// performLook does what changes the screen alone.
func (m *Model) performLook(id action.ID) tea.Cmd {
	switch id {
	case action.Preview:
		m.putPreview(m.preview.place == PreviewOff)
	case action.PreviewSide:
		m.turnPreview()
	case action.Mouse:
		m.setMouse(!m.set.Mouse)
	case action.Privacy:
		m.setPrivacy(m.mask == nil)
		m.say(style.Subtle, "%s", privacyWords(m.mask != nil))
	case action.LowBandwidth:
		m.setLowBandwidth(!m.set.LowBandwidth)
	case action.Theme:
		m.openThemes()
	case action.Filter:
		return m.openFilter()
	case action.FindNext:
		m.findNext(1)
	case action.FindPrev:
		m.findNext(-1)
	case action.SaveSection:
		m.openSave()
	default:
		return m.performOnRows(id)
	}
	return nil
}

func (m *Model) performOnRows(id action.ID) tea.Cmd {
	switch id {
	case action.Arrivals:
		return compute(m.queue.Arrive(m.snap, m.o.Now()))
	case action.Mark, action.MarkRange, action.MarkAll, action.ClearMarks:
		return m.mark(id)
	case action.ColumnLeft:
		m.queue.MoveColumn(-1)
	case action.ColumnRight:
		m.queue.MoveColumn(1)
	case action.SortColumn:
		return m.sortColumn()
	case action.Sort:
		m.openOrders()
	case action.Wide:
		m.toggleWide()
	case action.Columns:
		m.openColumns()
	case action.Portal:
		return m.portal()
	case action.CopyLink, action.CopyRef, action.Copy:
		return m.copyOf(id, "")
	case action.PivotUser, action.PivotDevice, action.PivotAlert:
		return m.pivot(id)
	case action.Why:
		if i, ok := m.queue.Current(); ok {
			m.say(style.Subtle, "%s stands here by %s: %s.", m.mask.Ref(i.Ref), m.queue.Order, soc.Reason(m.mask.Incident(i, m.snap.Analyst), m.now))
		}
	}
	return nil
}

// performOverlay takes an action while something lies on top.
func (m *Model) performOverlay(id action.ID) tea.Cmd {
	switch {
	case m.signIn != nil && id == action.CopyLink:
		return m.copyCmd("address of the sign-in", m.signIn.URL.String())
	case m.signIn != nil && id == action.CopyRef:
		return m.copyCmd("code of the sign-in", m.signIn.Code.String())
	case m.link != nil && id == action.CopyLink:
		return m.copyCmd("link of "+m.mask.Ref(m.link.ref).String(), m.link.link.URL)
	case m.link != nil && id == action.CopyRef:
		return m.copyCmd("reference "+m.mask.Ref(m.link.ref).String(), m.link.ref.String())
	case id == action.Back || id == action.Quit:
		m.link, m.signIn = nil, nil
	case id == action.QuitNow:
		return m.quitNow()
	}
	return nil
}

// disabled says why an action cannot be done now, or nothing.
func (m *Model) disabled(id action.ID) string { return m.disabledAt(id, m.tenantHere()) }

// disabledAt is the same for what would be done at a customer, nil for none.
func (m *Model) disabledAt(id action.ID, t *soc.Tenant) string {
	a, ok := action.Find(m.table, id)
	if !ok {
		return "There is no such action."
	}
	if !a.In(m.scope()) {
		return "Not here: it is for " + whereWords(a.Scopes) + "."
	}
	if a.Danger == action.Writes {
		if why := m.readOnlyWhy(t); why != "" {
			return why
		}
	}
	switch id {
	case action.Open:
		if _, ok := m.current(); !ok && m.pageScope() == action.List {
			return m.noIncident()
		}
	case action.Portal, action.CopyLink, action.CopyRef, action.Copy, action.Why, action.Mark, action.MarkRange, action.PivotUser,
		action.PivotDevice, action.PivotAlert:
		if _, ok := m.current(); !ok && m.link == nil {
			return m.noIncident()
		}
	default:
		return m.disabledElse(id)
	}
	return ""
}

func (m *Model) noIncident() string {
	return "There is no incident here: " + m.key(action.NextSection) + " goes to another section, " + m.key(action.ToggleAll) + " to all customers."
}

func (m *Model) disabledElse(id action.ID) string {
	switch id {
	case action.Arrivals:
		if !m.queue.Stale() {
			return "Nothing new waits."
		}
	case action.ClearMarks:
		if len(m.queue.Marks()) == 0 && !m.queue.Ranging() {
			return "Nothing is marked: " + m.key(action.Mark) + " marks a row."
		}
	case action.SignIn:
		if m.session.running && m.session.prompt == nil {
			return "Signing in is under way."
		}
	case action.Refresh, action.RefreshAll:
		if !m.session.done {
			return strings.TrimSpace("Nothing can be read before you are signed in: " + m.key(action.SignIn) + " signs in. " + m.session.why())
		}
	case action.Reload:
		if m.o.Files.Load == nil {
			return "There are no files to read here."
		}
	case action.SaveSection, action.DropSection:
		if m.o.Files.SaveView == nil {
			return "There is no file for sections here."
		}
		if s := &m.queue.Sections[m.queue.Section]; id == action.SaveSection && !s.Broken.IsZero() {
			return "This section cannot be saved while its filter cannot be used: it would become another one."
		}
	case action.Last, action.Backward, action.Forward:
		return m.history.disabled(id)
	case action.FindNext, action.FindPrev:
		if m.pageScope() != action.Incident || m.detail.Word() == "" {
			return "Nothing is searched for: " + m.key(action.Filter) + " searches an incident's page."
		}
	}
	return ""
}

// whereWords says where an action can be started.
func whereWords(scopes []action.Scope) string {
	words := map[action.Scope]string{action.List: "the list", action.Incident: "an incident", action.Customers: "the customers",
		action.Activity: "the activity", action.Overlay: "what lies on top", action.Global: "any page"}
	s := ""
	for n, scope := range scopes {
		switch {
		case n > 0 && n == len(scopes)-1:
			s += " and "
		case n > 0:
			s += ", "
		}
		s += words[scope]
	}
	return s
}

// back goes one level out: from a range of marks, from what lies over the queue, from a filter, and with q out.
func (m *Model) back(id action.ID) tea.Cmd {
	switch {
	case m.activity != nil:
		m.activity = nil
	case m.customers != nil:
		m.customers = nil
	case m.detail != nil:
		m.detail = nil
	case id == action.Quit:
		return m.quit()
	case m.queue.Ranging():
		m.queue.StopRange()
		return nil
	case !m.queue.Filter.IsZero():
		m.queue.Filter = soc.Filter{}
		m.went()
		return m.renew(m.queue.Ref())
	case !m.queue.Where.All():
		return m.toggleAll()
	default:
		m.say(style.Subtle, "There is nothing to go back from: %s quits.", m.key(action.Quit))
		return nil
	}
	m.went()
	return nil
}

func (m *Model) refresh(id action.ID) tea.Cmd {
	var tenant soc.TenantID
	what := "all customers"
	if id == action.Refresh {
		t := m.tenantHere()
		if t == nil {
			m.say(style.Subtle, "There is no customer here. %s reads all of them.", m.key(action.RefreshAll))
			return nil
		}
		tenant, what = t.ID, string(m.mask.Tenant(t).Code)
	}
	return m.refreshTenant(tenant, what)
}

func (m *Model) refreshTenant(id soc.TenantID, what string) tea.Cmd {
	if part, ok := m.snap.Part(id); ok && part.Status.Health == soc.HealthThrottled && part.Status.Until.After(m.o.Now()) {
		m.say(style.Medium, "%s asked to wait until %s; it is read then.", what, part.Status.Until.UTC().Format("15:04:05Z"))
		return nil
	}
	m.o.Queue.Refresh(id)
	m.say(style.Subtle, "Reading %s again.", what)
	if m.pageScope() == action.Incident && (id == "" || id == m.detail.Incident.Ref.Tenant) {
		return m.openCmd(m.detail.Incident.Ref)
	}
	return nil
}

// tenantHere is the customer that the cursor or the page is about; nil where that is none.
func (m *Model) tenantHere() *soc.Tenant {
	switch m.pageScope() {
	case action.Customers:
		if part, ok := m.customers.Current(m.snap, m.now); ok {
			return part.Status.Tenant
		}
		return nil
	case action.Activity:
		if c := m.activity.Current(); c != nil {
			return m.tenantByID(c.Tenant)
		}
		return nil
	}
	if i, ok := m.current(); ok {
		return i.Tenant
	}
	return m.tenantByID(m.queue.Where.Tenant)
}

func (m *Model) tenantByID(id soc.TenantID) *soc.Tenant {
	for _, t := range m.o.Tenants {
		if t.ID == id && id != "" {
			return t
		}
	}
	return nil
}

// open goes into what the cursor stands on.
func (m *Model) open() tea.Cmd {
	switch m.pageScope() {
	case action.Customers, action.Activity:
		t := m.tenantHere()
		if t == nil {
			m.say(style.Subtle, "This line is about no customer.")
			return nil
		}
		return m.switchTo(tenantWhere(t))
	}
	i, ok := m.queue.Current()
	if !ok {
		return nil
	}
	return m.openIncident(i)
}

// openIncident shows an incident, or the one that it was merged into.
func (m *Model) openIncident(i *soc.Incident) tea.Cmd {
	if target, found := m.snap.Follow(i.Ref); found && target.Ref != i.Ref {
		m.say(style.Subtle, "%s was merged into %s.", m.mask.Ref(i.Ref), m.mask.Ref(target.Ref))
		i = target
	}
	m.customers, m.activity = nil, nil
	m.detail = detail.New(i)
	m.went()
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
