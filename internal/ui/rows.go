package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/picker"
)

// mark does what marks rows. Marking everything shown runs outside the loop: it may be very many.
func (m *Model) mark(id action.ID) tea.Cmd {
	switch id {
	case action.Mark:
		if m.queue.Ranging() {
			return m.endRange()
		}
		if !m.queue.Toggle() {
			m.say(style.Medium, "At most %d incidents can be marked at once.", queue.MaxMarks)
			return nil
		}
		return m.move(movement(action.Down))
	case action.MarkRange:
		if !m.queue.Ranging() {
			m.queue.Range()
			m.say(style.Subtle, "A range begins here: move, then %s marks it, %s forgets it.", m.key(action.MarkRange), m.key(action.Back))
			return nil
		}
		return m.endRange()
	case action.ClearMarks:
		m.queue.SetMarks(nil, 0)
	case action.MarkAll:
		ask := m.queue.AskMarks()
		return do("marking", func() tea.Msg { return markedMsg{queue.MarkAll(ask)} })
	}
	return nil
}

// endRange marks a range outside the loop: it may be of every row.
func (m *Model) endRange() tea.Cmd {
	ask := m.queue.EndRange()
	return do("marking", func() tea.Msg { return markedMsg{queue.MarkAll(ask)} })
}

func (m *Model) markedAll(msg markedMsg) {
	if m.queue.TakeMarks(msg.answer) && msg.answer.Left > 0 {
		m.tooMany(msg.answer.Left)
	}
}

func (m *Model) tooMany(left int) {
	m.say(style.Medium, "%d incidents are marked, the most at once; %d rows are not.", len(m.queue.Marks()), left)
}

// sortColumn sorts by the column of the column cursor, and the other way round where the list is sorted by it already.
func (m *Model) sortColumn() tea.Cmd {
	order := m.queue.Column().Order
	if order == "" {
		m.say(style.Subtle, "The list cannot be sorted by %s: %s moves to another column.", m.queue.Column().Title, m.key(action.ColumnLeft))
		return nil
	}
	if m.queue.Order == order {
		order = order.Reverse()
	}
	return m.sortBy(order)
}

func (m *Model) sortBy(order soc.Order) tea.Cmd {
	m.queue.Order = order
	m.say(style.Subtle, "Sorted by %s.", orderWords(order))
	m.went()
	return m.renew(m.queue.Ref())
}

func orderWords(o soc.Order) string {
	if o.Reversed() {
		return string(o.Base()) + ", the other way round"
	}
	return string(o)
}

func (m *Model) openOrders() {
	var items []picker.Item
	for _, o := range soc.Orders() {
		items = append(items, picker.Item{Value: string(o), Code: string(o)}, picker.Item{Value: string(o.Reverse()), Code: string(o.Reverse()),
			Label: "the other way round"})
	}
	m.choose(picker.New("Sort the list by", items, string(m.queue.Order)), func(v string) tea.Cmd { return m.sortBy(soc.Order(v)) })
}

func (m *Model) toggleWide() {
	m.queue.Wide = !m.queue.Wide
	if m.queue.Wide {
		m.say(style.Subtle, "All columns: %s and %s scroll.", m.key(action.ColumnLeft), m.key(action.ColumnRight))
	}
}

// openColumns opens the choice of the section's columns.
func (m *Model) openColumns() {
	shown := m.queue.Columns()
	var items []picker.Item
	add := func(c queue.Column) {
		i := picker.Item{Value: c.ID, Code: strings.ToLower(c.Title), Label: c.Meaning}
		if queue.Needed(c.ID) {
			i.Why = "always shown"
		}
		items = append(items, i)
	}
	known := make(map[string]queue.Column)
	for _, c := range queue.Columns() {
		known[c.ID] = c
	}
	checked := make(map[string]bool)
	for _, id := range shown {
		add(known[id])
		checked[id] = true
	}
	for _, c := range queue.Columns() {
		if !checked[c.ID] {
			add(c)
		}
	}
	p := picker.New("Columns of "+m.mask.Text(m.queue.Sections[m.queue.Section].Name), items, "")
	p.Multi(func(v string) bool { return checked[v] })
	section := m.queue.Sections[m.queue.Section].Name
	m.choose(p, func(string) tea.Cmd {
		if m.queue.Sections[m.queue.Section].Name != section {
			m.say(style.Medium, "The section %s is no longer here; the columns stay as they were.", section)
			return nil
		}
		return m.setColumns(p.Checked())
	})
	m.choice.keys = "enter keep   esc back"
}

func (m *Model) setColumns(ids []string) tea.Cmd {
	if err := queue.CheckColumns(ids); err != nil {
		m.say(style.Medium, "The columns stay as they were: %s.", err)
		return nil
	}
	m.queue.Chosen[m.queue.Sections[m.queue.Section].Name] = ids
	m.queue.MoveColumn(0)
	m.say(style.Subtle, "%d columns. %s keeps them with the section.", len(ids), m.key(action.SaveSection))
	return nil
}

// copyOf copies what an action or a format names.
func (m *Model) copyOf(id action.ID, format string) tea.Cmd {
	i, ok := m.current()
	if m.link != nil {
		return m.copyCmd("link of "+m.mask.Ref(m.link.ref).String(), m.link.link.URL)
	}
	if !ok {
		return nil
	}
	ref := m.mask.Ref(i.Ref).String()
	switch {
	case id == action.CopyLink || format == "link":
		return m.copyCmd("link of "+ref, m.o.Links.Link(i).URL)
	case id == action.CopyRef || format == "reference":
		return m.copyCmd("reference "+ref, i.Ref.String())
	case format == "row":
		return m.copyCmd("row of "+ref, m.rowText(i))
	case format == "json" && m.o.Files.JSON == nil:
		m.say(style.Medium, "JSON cannot be written here; row, link and reference can be copied.")
		return nil
	case format == "json":
		return m.copyCmd("JSON of "+ref, m.o.Files.JSON(i))
	}
	m.openFormats()
	return nil
}

// copyFormats are what can be copied of an incident.
func copyFormats() []string { return []string{"row", "json", "link", "reference"} }

func (m *Model) openFormats() {
	var items []picker.Item
	for _, f := range copyFormats() {
		items = append(items, picker.Item{Value: f, Code: f})
	}
	m.choose(picker.New("Copy", items, ""), func(v string) tea.Cmd { return m.copyOf(action.Copy, v) })
}

// rowText is a row as one line with tabs, for a ticket or a chat.
func (m *Model) rowText(i *soc.Incident) string {
	return strings.Join([]string{i.Ref.String(), string(i.Severity), string(i.State), queue.Owner(i, soc.Analyst{}), i.Title.String(),
		m.o.Links.Link(i).URL}, "\t")
}

// pivot filters the queue by something that the incident has: a user or a device of the same customer, an alert of all.
func (m *Model) pivot(id action.ID) tea.Cmd {
	i, ok := m.current()
	if !ok {
		return nil
	}
	names, key, word := pivots(i, id)
	if len(names) == 0 {
		m.say(style.Subtle, "%s names no %s.", m.mask.Ref(i.Ref), word)
		return nil
	}
	where := queue.Where{Tenant: i.Ref.Tenant}
	if id == action.PivotAlert {
		where = queue.Where{}
	}
	if len(names) == 1 {
		return m.pivotTo(where, key, names[0])
	}
	var items []picker.Item
	for at, n := range names {
		label := m.mask.Within(i, m.snap.Analyst, n)
		if m.mask != nil && id == action.PivotUser {
			label = fmt.Sprintf("user %d", at+1)
		}
		items = append(items, picker.Item{Value: n, Label: label})
	}
	m.choose(picker.New("Incidents with the same "+word, items, ""), func(v string) tea.Cmd { return m.pivotTo(where, key, v) })
	return nil
}

// pivots lists what an incident can be followed by.
func pivots(i *soc.Incident, id action.ID) (names []string, key, word string) {
	add := func(s string) {
		for _, n := range names {
			if n == s {
				return
			}
		}
		names = append(names, s)
	}
	if id == action.PivotAlert {
		for _, h := range i.Digest.Heads {
			add(h.Title.String())
		}
		return names, "alert", "alert"
	}
	kind, key, word := soc.EntityUser, "user", "user"
	if id == action.PivotDevice {
		kind, key, word = soc.EntityDevice, "device", "device"
	}
	for _, e := range i.Digest.Entities {
		if e.Kind == kind {
			add(e.Name.String())
		}
	}
	return names, key, word
}

func (m *Model) pivotTo(where queue.Where, key, name string) tea.Cmd {
	f, err := soc.ParseFilter(fmt.Sprintf(`%s:"%s"`, key, strings.ReplaceAll(name, `"`, "")), m.o.Vocabulary)
	if err != nil {
		m.say(style.Medium, "Nothing can be filtered by this: %s.", soc.AsFilterError(err))
		return nil
	}
	m.detail, m.customers, m.activity = nil, nil, nil
	m.queue.Where, m.queue.Filter = where, f
	m.queue.Choose(m.everything())
	m.went()
	return m.renew(soc.Ref{})
}

// everything is the section that leaves nothing out. Where there is none, it is put behind the others.
func (m *Model) everything() int {
	all := func(s queue.Section) bool { return s.Filter.IsZero() && s.Broken.IsZero() }
	if n := slices.IndexFunc(m.queue.Sections, all); n >= 0 {
		return n
	}
	m.queue.Reset(append(slices.Clone(m.queue.Sections), queue.Section{Name: "Everything", Order: soc.OrderUrgency}))
	return len(m.queue.Sections) - 1
}
