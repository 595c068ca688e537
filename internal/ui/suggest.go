package ui

import (
	"fmt"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/page/queue"
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
		if m.offers(value[:c.Start], i.Text) {
			items = append(items, prompt.Suggestion{Text: i.Text, Note: m.mask.Text(i.Note)})
		}
	}
	return c.Start, c.End, items
}

// offers tells whether a value may be offered behind what stands in the line: in privacy none that says who.
func (m *Model) offers(before, value string) bool {
	if m.mask == nil {
		return true
	}
	word := before[strings.LastIndexAny(before, " ()")+1:]
	if key, _, ok := strings.Cut(strings.TrimPrefix(word, "-"), ":"); ok {
		value = key + ":" + value
	}
	return m.mask.Filter(value) == value
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
						note = m.mask.Text(why)
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
			if m.mask.Text(g) == g {
				add(g, "")
			}
		}
	case action.ArgSection:
		for n, s := range m.queue.Sections {
			if m.mask.Text(s.Name) == s.Name {
				add(s.Name, fmt.Sprint(m.queue.Count(n)))
			}
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
		for _, name := range m.o.Settings.Themes {
			add(name, "your own")
		}
		if c := m.o.Settings.Theme.Custom; c != nil {
			add(c.Name, "your own")
		}
	case action.ArgReference:
		return m.suggestRefs(strings.ToLower(word))
	case action.ArgFormat:
		for _, f := range copyFormats() {
			add(f, "")
		}
	case action.ArgColumns:
		done, last := cutLast(word)
		for _, c := range queue.Columns() {
			if strings.HasPrefix(c.ID, strings.ToLower(last)) && !strings.Contains(","+done+",", ","+c.ID+",") {
				items = append(items, prompt.Suggestion{Text: done + c.ID, Note: c.Meaning})
			}
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

// cutLast takes a list of words apart: what stands up to its last comma or blank, and the word behind it.
func cutLast(list string) (done, last string) {
	n := strings.LastIndexAny(list, ", ")
	if n < 0 {
		return "", list
	}
	return list[:n+1], list[n+1:]
}
