package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/page/customers"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/widget/picker"
)

// The values of the picker's items name a tenant or a group.
const (
	pickTenant = "tenant "
	pickGroup  = "group "
)

// newSwitch opens the list of customers, groups and all.
func (m *Model) newSwitch() *picker.Picker {
	items := []picker.Item{{Code: "all", Label: "All customers", Note: fmt.Sprintf("%d", len(m.o.Tenants))}}
	members := make(map[string]int)
	for n, t := range m.o.Tenants {
		note := ""
		if n < len(m.snap.Parts) {
			note = customers.State(&m.snap.Parts[n].Status, m.now)
		}
		items = append(items, picker.Item{Value: pickTenant + string(t.ID), Code: string(t.Code), Label: t.Name.String(), Note: note})
		for _, g := range t.Groups {
			members[g]++
		}
	}
	for _, g := range m.o.Vocabulary.Groups {
		items = append(items, picker.Item{Value: pickGroup + g, Code: "group", Label: g, Note: counted(members[g])})
	}
	value := ""
	switch w := m.queue.Where; {
	case w.Tenant != "":
		value = pickTenant + string(w.Tenant)
	case w.Group != "":
		value = pickGroup + w.Group
	}
	return picker.New("Switch to a customer, a group, or all", items, value)
}

func counted(n int) string {
	if n == 1 {
		return "1 customer"
	}
	return fmt.Sprintf("%d customers", n)
}

// pressPicker takes a key while the list to choose from is open.
func (m *Model) pressPicker(key tea.KeyPressMsg) tea.Cmd {
	switch key.String() {
	case "esc", "alt+esc":
		m.picker = nil
		return nil
	case "enter":
		item, ok := m.picker.Chosen()
		if !ok {
			return nil
		}
		m.picker = nil
		return m.switchTo(m.whereOf(item.Value))
	}
	m.picker.Update(key)
	return nil
}

// whereOf reads the value of a picker's item.
func (m *Model) whereOf(value string) queue.Where {
	if id, ok := strings.CutPrefix(value, pickTenant); ok {
		for _, t := range m.o.Tenants {
			if t.ID == soc.TenantID(id) {
				return tenantWhere(t)
			}
		}
	}
	if g, ok := strings.CutPrefix(value, pickGroup); ok {
		return queue.Where{Group: g, Name: "group " + g}
	}
	return queue.Where{}
}

func tenantWhere(t *soc.Tenant) queue.Where {
	return queue.Where{Tenant: t.ID, Name: t.Name.String()}
}

// switchTo narrows the queue, and closes what shows another customer's.
func (m *Model) switchTo(w queue.Where) tea.Cmd {
	if !m.queue.Where.All() {
		m.lastAll = m.queue.Where
	}
	m.queue.Where, m.detail, m.customers = w, nil, nil
	return m.renew(soc.Ref{})
}

// toggleAll goes to all customers, and from there back to where one was.
func (m *Model) toggleAll() tea.Cmd {
	if m.queue.Where.All() {
		return m.switchTo(m.lastAll)
	}
	return m.switchTo(queue.Where{})
}
