package ui

import (
	"fmt"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/prompt"
)

// mostSuggestions bounds what completion offers.
const mostSuggestions = 50

// suggest offers what the line could go on with.
func (m *Model) suggest() {
	if m.line == nil {
		return
	}
	value, cursor := m.line.prompt.Value(), m.line.prompt.Position()
	switch m.line.kind {
	case lineFilter:
		start, end, items := m.suggestFilter(value, cursor)
		m.line.prompt.SetSuggestions(start, end, items)
	case lineCommand:
		start, end, items := m.suggestCommand(value, cursor)
		m.line.prompt.SetSuggestions(start, end, items)
	}
}

func (m *Model) suggestFilter(value string, cursor int) (start, end int, items []prompt.Suggestion) {
	c := soc.CompleteFilter(value, cursor, m.o.Vocabulary, m.values)
	for _, i := range c.Items {
		items = append(items, prompt.Suggestion{Text: i.Text, Note: m.mask.Text(i.Note)})
	}
	return c.Start, c.End, items
}

// suggestCommand offers names, and behind a name what it takes.
func (m *Model) suggestCommand(value string, cursor int) (start, end int, items []prompt.Suggestion) {
	name, rest, ok := strings.Cut(value, " ")
	if !ok || cursor <= len(name) {
		word := strings.ToLower(value[:cursor])
		for n := range m.table {
			a := &m.table[n]
			for _, own := range commandNames(a) {
				if strings.HasPrefix(own, word) && own != "command" {
					note := a.Title
					if why := m.disabled(a.ID); why != "" {
						note = why
					}
					items = append(items, prompt.Suggestion{Text: own, Note: note})
				}
			}
		}
		if len(word) > 0 { // somebody who wants nothing in particular is not offered incidents
			items = append(items, m.suggestRefs(word)...)
		}
		return 0, len(name), items[:min(len(items), mostSuggestions)]
	}
	a, _, why := m.parseCommand(value)
	if why != "" {
		return cursor, cursor, nil
	}
	at := len(name) + 1
	if a.Arg == action.ArgFilter {
		start, end, items = m.suggestFilter(rest, cursor-at)
		return start + at, end + at, items
	}
	return at, len(value), m.suggestArg(a, strings.TrimSpace(value[at:cursor]))
}

// suggestArg offers what an action takes behind its name.
func (m *Model) suggestArg(a *action.Action, word string) []prompt.Suggestion {
	var items []prompt.Suggestion
	add := func(s, note string) {
		if len(items) < mostSuggestions && strings.HasPrefix(strings.ToLower(s), strings.ToLower(word)) {
			items = append(items, prompt.Suggestion{Text: s, Note: note})
		}
	}
	switch a.Arg {
	case action.ArgCustomer:
		for _, t := range m.o.Tenants {
			shown := m.mask.Tenant(t)
			add(strings.ToLower(string(shown.Code)), shown.Name.String())
		}
		for _, t := range m.o.Tenants {
			shown := m.mask.Tenant(t)
			if word != "" {
				add(strings.ToLower(shown.Name.String()), string(shown.Code))
			}
		}
	case action.ArgGroup:
		for _, g := range m.o.Vocabulary.Groups {
			add(g, "")
		}
	case action.ArgSection:
		for n, s := range m.queue.Sections {
			add(s.Name, fmt.Sprint(m.queue.Count(n)))
		}
	case action.ArgOrder:
		for _, o := range soc.Orders() {
			add(string(o), "")
			add(string(o.Reverse()), "the other way round")
		}
	case action.ArgTheme:
		for _, t := range style.Themes() {
			add(t.Name, t.Meaning)
		}
	case action.ArgReference:
		return m.suggestRefs(strings.ToLower(word))
	case action.ArgFormat:
		for _, f := range copyFormats() {
			add(f, "")
		}
	case action.ArgSwitch:
		add("on", "")
		add("off", "")
	}
	return items
}

// mostRows is how many rows from the screen's first on are looked at for references: more than fit, and never all.
const mostRows = 500

// suggestRefs offers references of rows near the cursor.
func (m *Model) suggestRefs(word string) []prompt.Suggestion {
	var items []prompt.Suggestion
	rows, v := m.queue.Rows(), m.queue.View()
	for n := v.Top; n < min(len(rows), v.Top+mostRows) && len(items) < 10; n++ {
		ref := strings.ToLower(m.mask.Ref(rows[n].Ref).String())
		if strings.HasPrefix(ref, word) {
			items = append(items, prompt.Suggestion{Text: ref, Note: m.mask.Incident(rows[n], m.snap.Analyst).Title.String()})
		}
	}
	return items
}
