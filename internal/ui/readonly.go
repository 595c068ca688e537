package ui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/style"
)

// usualRelock is after which time an unlocked customer is read only again, where nothing else is configured.
const usualRelock = 15 * time.Minute

func (m *Model) relockAfter() time.Duration {
	if m.set.RelockAfter > 0 {
		return m.set.RelockAfter
	}
	return usualRelock
}

// toggleReadOnly locks or unlocks the customer that the cursor is about, or all of them.
func (m *Model) toggleReadOnly(id action.ID) {
	if id == action.ReadOnlyAll {
		m.putReadOnly(nil, !m.o.Safety.ReadOnly("").On)
		return
	}
	t := m.tenantHere()
	if t == nil {
		m.say(style.Medium, "There is no customer here. :%s is for all of them.", action.ReadOnlyAll)
		return
	}
	m.putReadOnly(t, !m.o.Safety.ReadOnly(t.ID).On)
}

// putReadOnly locks at once, and unlocks after the analyst typed whom. A nil customer stands for all.
func (m *Model) putReadOnly(t *soc.Tenant, on bool) {
	var id soc.TenantID
	who, typed := "All customers", "all"
	if t != nil {
		shown := m.mask.Tenant(t)
		id, who, typed = t.ID, shown.Name.String()+" ("+string(shown.Code)+")", string(shown.Code)
	}
	now := m.o.Safety.ReadOnly(id)
	switch {
	case on == now.On:
		m.say(style.Subtle, "%s: %s.", who, lockWords(now))
	case on:
		m.o.Safety.SetReadOnly(id, true, time.Time{})
		m.say(style.Subtle, "%s: read only from now on. Nothing can be changed there until it is unlocked.", who)
	case t != nil && now.All:
		m.say(style.Medium, "All customers are read only, %s with them: :%s off unlocks all.", who, action.ReadOnlyAll)
	default:
		lines := []string{fmt.Sprintf("Changes can then be made there for %s; after that it locks itself.", soc.Short(m.relockAfter())),
			"It is read only now: " + reasonWords(now) + "."}
		title := "Unlock " + who
		if t == nil {
			title = "Unlock all customers"
		}
		m.confirm(title, lines, "Unlock", typed, func() tea.Cmd {
			m.o.Safety.SetReadOnly(id, false, m.o.Now().Add(m.relockAfter()))
			m.say(style.Medium, "%s: unlocked until %s.", who, m.o.Now().Add(m.relockAfter()).UTC().Format("15:04Z"))
			return nil
		})
	}
}

func lockWords(r soc.ReadOnly) string {
	switch {
	case r.On:
		return "read only already"
	case r.Until.IsZero():
		return "not read only"
	}
	return "unlocked until " + r.Until.UTC().Format("15:04Z")
}

func reasonWords(r soc.ReadOnly) string {
	if r.Why.IsZero() {
		return "it was switched on"
	}
	return r.Why.String()
}

// readOnlyWhy says why nothing can be changed at a customer, nil for all of them, or nothing. The same is asked below for each
// write; this is for telling the analyst before.
func (m *Model) readOnlyWhy(t *soc.Tenant) string {
	var id soc.TenantID
	if t != nil {
		id = t.ID
	}
	r := m.o.Safety.ReadOnly(id)
	switch {
	case !r.On:
		return ""
	case r.All || t == nil:
		return "All customers are read only: " + reasonWords(r) + ". :" + string(action.ReadOnlyAll) + " off unlocks them."
	}
	return m.mask.Tenant(t).Name.String() + " is read only: " + reasonWords(r) + ". " + m.key(action.ReadOnly) + " unlocks it."
}

// readOnlySign is what the header says about it: of the customer that shows, or of all.
func (m *Model) readOnlySign() string {
	id := m.queue.Where.Tenant
	if m.pageScope() == action.Incident {
		id = m.detail.Incident.Ref.Tenant
	}
	switch r := m.o.Safety.ReadOnly(id); {
	case r.On:
		return " · read only"
	case r.Until.After(m.now):
		return " · unlocked " + soc.Short(r.Until.Sub(m.now))
	}
	return ""
}
