package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/page/activity"
	"github.com/socctl/socctl/internal/ui/page/customers"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/picker"
)

// The values of the picker's items name a tenant or a group.
const (
	pickTenant = "tenant "
	pickGroup  = "group "
)

// openSwitch opens the list of customers, groups and all.
func (m *Model) openSwitch() {
	items := []picker.Item{{Code: "all", Label: "All customers", Note: fmt.Sprintf("%d", len(m.o.Tenants))}}
	members := make(map[string]int)
	for n, t := range m.o.Tenants {
		note := ""
		if n < len(m.snap.Parts) {
			note = customers.State(m.mask.Status(&m.snap.Parts[n].Status), m.now)
		}
		shown := m.mask.Tenant(t)
		items = append(items, picker.Item{Value: pickTenant + string(t.ID), Code: string(shown.Code), Label: shown.Name.String(), Note: note})
		for _, g := range t.Groups {
			members[g]++
		}
	}
	for _, g := range m.o.Vocabulary.Groups {
		items = append(items, picker.Item{Value: pickGroup + g, Code: "group", Label: m.mask.Text(g), Note: counted(members[g])})
	}
	value := ""
	switch w := m.queue.Where; {
	case w.Tenant != "":
		value = pickTenant + string(w.Tenant)
	case w.Group != "":
		value = pickGroup + w.Group
	}
	m.choose(picker.New("Switch to a customer, a group, or all", items, value), func(v string) tea.Cmd { return m.switchTo(whereOf(v)) })
}

func counted(n int) string {
	if n == 1 {
		return "1 customer"
	}
	return fmt.Sprintf("%d customers", n)
}

// whereOf reads the value of a picker's item.
func whereOf(value string) queue.Where {
	if id, ok := strings.CutPrefix(value, pickTenant); ok {
		return queue.Where{Tenant: soc.TenantID(id)}
	}
	if g, ok := strings.CutPrefix(value, pickGroup); ok {
		return queue.Where{Group: g}
	}
	return queue.Where{}
}

func tenantWhere(t *soc.Tenant) queue.Where { return queue.Where{Tenant: t.ID} }

// whereName is what the header calls a part of the customers.
func (m *Model) whereName(w queue.Where) string {
	switch {
	case w.Group != "":
		return "group " + m.mask.Text(w.Group)
	case w.Tenant != "":
		if t := m.tenantByID(w.Tenant); t != nil {
			return m.mask.Tenant(t).Name.String()
		}
	}
	return "All customers"
}

// switchTo narrows the queue, and closes what shows another customer's.
func (m *Model) switchTo(w queue.Where) tea.Cmd {
	if !m.queue.Where.All() {
		m.lastAll = m.queue.Where
	}
	m.queue.Where, m.detail, m.customers, m.activity = w, nil, nil, nil
	m.went()
	return m.renew(soc.Ref{})
}

// toggleAll goes to all customers, and from there back to where one was.
func (m *Model) toggleAll() tea.Cmd {
	if m.queue.Where.All() {
		if m.lastAll.All() && m.pageScope() == action.List {
			m.say(style.Subtle, "All customers are shown already. %s switches to one.", m.key(action.Switch))
			return nil
		}
		return m.switchTo(m.lastAll)
	}
	return m.switchTo(queue.Where{})
}

// section goes to a section; an incident or another page that lies over the list closes.
func (m *Model) section(n int) tea.Cmd {
	if n < 0 || n >= len(m.queue.Sections) {
		m.say(style.Subtle, "There are %d sections.", len(m.queue.Sections))
		return nil
	}
	m.queue.Choose(n)
	m.detail, m.customers, m.activity = nil, nil, nil
	m.went()
	return m.renew(soc.Ref{})
}

func (m *Model) showCustomers() tea.Cmd {
	if m.pageScope() == action.Customers {
		m.say(style.Subtle, "These are the customers: %s goes back.", m.key(action.Back))
		return nil
	}
	m.customers, m.activity = customers.New(m.snap), nil
	m.went()
	return m.clockCmd()
}

func (m *Model) showActivity() tea.Cmd {
	if m.pageScope() == action.Activity {
		m.say(style.Subtle, "This is the activity: %s goes back.", m.key(action.Back))
		return nil
	}
	m.activity = activity.New(m.said)
	m.activity.Say(m.said)
	m.went()
	return tea.Batch(m.clockCmd(), m.callsCmd())
}

// place is a view that one can come back to.
type place struct {
	where   queue.Where
	section string
	filter  soc.Filter
	order   soc.Order
	scope   action.Scope
	at      soc.Ref // the incident that is open, or that the cursor stands on

	customers *customers.Page // with its cursor and what it is narrowed to, where scope is that page
}

// same tells whether two places are one view, wherever the cursor stands.
func (p place) same(q place) bool {
	if p.scope != q.scope || p.where != q.where || p.section != q.section || p.order != q.order || p.filter.String() != q.filter.String() {
		return false
	}
	return p.scope != action.Incident || p.at == q.at
}

// place is the view that shows now.
func (m *Model) place() place {
	p := place{where: m.queue.Where, section: m.queue.Sections[m.queue.Section].Name, filter: m.queue.Filter, order: m.queue.Order,
		scope: m.pageScope(), at: m.queue.Wanted()}
	if p.scope == action.Customers {
		p.customers = m.customers
	}
	if m.detail != nil && p.scope == action.Incident {
		p.at = m.detail.Incident.Ref
	}
	return p
}

// history is the views that one was in, as a browser keeps them.
type history struct {
	places []place
	at     int
	before int  // the view of before, for going to and fro
	still  bool // while a view of the history is shown again, which makes no new one
}

// mostPlaces bounds the history.
const mostPlaces = 100

// add puts a view behind the one that shows; those that lay ahead are forgotten.
func (h *history) add(p place) {
	if len(h.places) > 0 {
		if h.places[h.at].same(p) {
			h.places[h.at] = p
			return
		}
		h.places = h.places[:h.at+1]
	}
	h.places = append(h.places, p)
	if over := len(h.places) - mostPlaces; over > 0 {
		h.places = append([]place(nil), h.places[over:]...)
	}
	h.at = len(h.places) - 1
	h.before = max(0, h.at-1)
}

// stay notes where the cursor stands in the view that shows, for coming back to it.
func (h *history) stay(p place) {
	if len(h.places) > 0 && h.places[h.at].same(p) {
		h.places[h.at] = p
	}
}

// step gives the position n views on; last that of the view of before.
func (h *history) step(n int) int { return h.at + n }
func (h *history) last() int      { return h.before }

func (h *history) disabled(id action.ID) string {
	switch {
	case id == action.Forward && h.at+1 >= len(h.places):
		return "There is nothing ahead."
	case id == action.Backward && h.at == 0, id == action.Last && h.before == h.at:
		return "There is no view of before."
	}
	return ""
}

// went notes the view that was gone to.
func (m *Model) went() {
	if !m.history.still {
		m.history.add(m.place())
	}
}

// goTo shows a view of the history again.
func (m *Model) goTo(at int) tea.Cmd {
	if at < 0 || at >= len(m.history.places) {
		return nil
	}
	m.history.before, m.history.at, m.history.still = m.history.at, at, true
	defer func() { m.history.still = false }()
	p := m.history.places[at]
	if n := m.queue.Named(p.section); n >= 0 {
		m.queue.Section = n
	} else {
		m.say(style.Medium, "The section %s is no longer here.", p.section)
	}
	if p.where.Tenant != "" && m.tenantByID(p.where.Tenant) == nil {
		p.where = queue.Where{}
		m.say(style.Medium, "That view's customer is no longer here; these are all customers.")
	}
	m.queue.Where, m.queue.Filter, m.queue.Order = p.where, p.filter, p.order
	m.detail, m.customers, m.activity = nil, nil, nil
	var cmd tea.Cmd
	switch p.scope {
	case action.Incident:
		cmd = m.openAgain(p.at)
	case action.Customers:
		m.customers = p.customers
		cmd = m.clockCmd()
	case action.Activity:
		m.activity = activity.New(m.said)
		m.activity.Say(m.said)
		cmd = tea.Batch(m.clockCmd(), m.callsCmd())
	}
	return tea.Batch(cmd, m.renew(p.at))
}
