package ui

import (
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/prompt"
)

// openFilter opens the line that narrows the list, or searches the page.
func (m *Model) openFilter() tea.Cmd {
	switch m.pageScope() {
	case action.Incident:
		m.openFind(m.detail.Word())
		return nil
	case action.Customers:
		m.openFind(m.customers.Word())
		return nil
	case action.Activity:
		m.openFind(m.activity.Word())
		return nil
	}
	shown := m.queue.Filter.String()
	if m.mask.Filter(shown) != shown {
		shown = "" // it names somebody; until something is typed it stays in force
	}
	m.line = &lineInput{kind: lineFilter, prompt: prompt.New("/", shown), before: m.queue.Filter,
		parsed: m.queue.Filter, at: m.queue.Ref()}
	m.line.prompt.SetHistory(m.past("/"))
	m.suggest()
	return m.valuesCmd()
}

func (m *Model) openFind(word string) {
	m.line = &lineInput{kind: lineFind, prompt: prompt.New("/", word), word: word}
}

// openCommand opens the line that takes an action by its name.
func (m *Model) openCommand(value string) tea.Cmd {
	m.line = &lineInput{kind: lineCommand, prompt: prompt.New(":", value)}
	m.line.prompt.SetHistory(m.past(":"))
	m.suggest()
	return m.valuesCmd()
}

// openSave opens the line that takes the name of a section to save.
func (m *Model) openSave() {
	name := ""
	if s := m.queue.Sections[m.queue.Section]; s.Saved {
		name = s.Name
	}
	m.line = &lineInput{kind: lineName, prompt: prompt.New("save as", name)}
}

// pressLine takes a key while a line is open.
func (m *Model) pressLine(key tea.KeyPressMsg) tea.Cmd {
	switch key.String() {
	case "enter":
		return m.enter()
	case "esc", "alt+esc":
		return m.leave()
	case "backspace":
		if m.line.kind == lineCommand && m.line.prompt.Value() == "" {
			return m.leave()
		}
	}
	if m.line.prompt.Update(key) {
		return m.edited()
	}
	m.suggest() // the cursor may have moved to another word
	return nil
}

// edited reads the line as it stands now.
func (m *Model) edited() tea.Cmd {
	m.line.note = ""
	m.suggest()
	switch m.line.kind {
	case lineFilter:
		return m.refilter()
	case lineFind:
		m.find(m.line.prompt.Value())
	}
	return nil
}

// enter takes the line.
func (m *Model) enter() tea.Cmd {
	l := m.line
	value := strings.TrimSpace(l.prompt.Value())
	switch l.kind {
	case lineFilter:
		if l.problem != nil {
			return nil // what is wrong stands beside the line
		}
		m.line = nil
		m.remember("/" + value)
		return m.applyFilter(l.parsed, soc.Ref{}, true)
	case lineFind:
		m.line = nil
		m.find(value)
	case lineCommand:
		return m.enterCommand(value)
	case lineName:
		return m.saveAs(value)
	}
	return nil
}

// leave closes the line and undoes what it did.
func (m *Model) leave() tea.Cmd {
	l := m.line
	m.line = nil
	switch l.kind {
	case lineFilter:
		return m.applyFilter(l.before, l.at, false)
	case lineFind:
		m.find(l.word)
		m.message = message{}
	}
	return nil
}

// mostWords bounds what is remembered of typed lines.
const mostWords = 50

// remember keeps a typed line for going back to.
func (m *Model) remember(s string) {
	if len(s) < 2 || len(m.words) > 0 && m.words[len(m.words)-1] == s {
		return
	}
	m.words = append(m.words, s)
	if over := len(m.words) - mostWords; over > 0 {
		m.words = append([]string(nil), m.words[over:]...)
	}
}

// past is what was typed before into lines that begin with a sign; in privacy only what names nobody.
func (m *Model) past(sign string) []string {
	var past []string
	for _, w := range m.words {
		if rest, ok := strings.CutPrefix(w, sign); ok && m.mask.Filter(rest) == rest {
			past = append(past, rest)
		}
	}
	return past
}

// find looks for a word on the page that shows.
func (m *Model) find(word string) {
	switch m.pageScope() {
	case action.Customers:
		m.customers.Filter(word)
	case action.Activity:
		m.activity.Filter(word)
	case action.Incident:
		if n := m.detail.Find(word); n == 0 && strings.TrimSpace(word) != "" {
			m.message = message{text: "Nothing on this page has " + text.Quote(word) + ".", paint: style.Medium}
		}
	}
}

func (m *Model) findNext(n int) {
	if at, of := m.detail.Next(n); of > 0 {
		m.say(style.Subtle, "Match %d of %d for %s.", at, of, text.Quote(m.detail.Word()))
		return
	}
	m.say(style.Medium, "Nothing on this page has %s.", text.Quote(m.detail.Word()))
}

// refilter reads the filter line. The list follows once the typing rests: half a word finds nothing and only flickers.
func (m *Model) refilter() tea.Cmd {
	f, err := soc.ParseFilter(m.line.prompt.Value(), m.o.Vocabulary)
	m.line.parsed, m.line.problem = f, nil
	if err != nil {
		m.line.problem = soc.AsFilterError(err)
	}
	m.line.turn++
	turn := m.line.turn
	return tea.Tick(rest, func(time.Time) tea.Msg { return typedMsg{turn} })
}

// typed follows the filter line. One that cannot be understood shows the list of before.
func (m *Model) typed(turn int) tea.Cmd {
	switch {
	case m.line == nil || m.line.kind != lineFilter || m.line.turn != turn:
		return nil
	case m.line.problem != nil:
		return m.applyFilter(m.line.before, m.line.at, false)
	}
	return m.applyFilter(m.line.parsed, soc.Ref{}, false)
}

// applyFilter narrows the list; for good notes it in the history.
func (m *Model) applyFilter(f soc.Filter, at soc.Ref, forGood bool) tea.Cmd {
	same := m.queue.Filter.String() == f.String()
	m.queue.Filter = f
	if forGood {
		m.went()
	}
	if same {
		return nil
	}
	return m.renew(at)
}

// saveAs keeps the list as it is as a section.
func (m *Model) saveAs(name string) tea.Cmd {
	name = strings.Join(strings.Fields(text.Escape(name)), " ")
	if name == "" || utf8.RuneCountInString(name) > 40 {
		m.line.note = "a section's name has 1 to 40 characters"
		return nil
	}
	now := m.queue.Sections[m.queue.Section]
	if n := m.queue.Named(name); n >= 0 && !m.queue.Sections[n].Saved {
		m.line.note = "there is a section of this name already, which is not in the file of saved ones"
		return nil
	}
	both, err := m.narrowed(now.Filter.And(m.queue.Filter))
	if err != nil {
		m.line.note = ended(err.Error())
		return nil
	}
	s := queue.Section{Name: name, Filter: both, Order: m.queue.Order, Columns: m.queue.Chosen[now.Name], Saved: true}
	if len(s.Columns) == 0 {
		s.Columns = now.Columns
	}
	m.line = nil
	if n := m.queue.Named(name); n >= 0 && n != m.queue.Section {
		old := m.queue.Sections[n]
		m.confirm("Replace the section "+old.Name, []string{"was: " + filterWords(old.Filter), "will be: " + filterWords(both)}, "Replace", "",
			func() tea.Cmd { return m.saveSection(s) })
		return nil
	}
	return m.saveSection(s)
}

// narrowed adds to a filter what the queue is narrowed to, so that a saved section is the list that shows.
func (m *Model) narrowed(f soc.Filter) (soc.Filter, error) {
	word := ""
	if t := m.tenantByID(m.queue.Where.Tenant); t != nil {
		word = "tenant:" + string(t.Code)
	} else if m.queue.Where.Group != "" {
		word = `group:"` + m.queue.Where.Group + `"`
	}
	if word == "" || strings.Contains(f.String(), word) {
		return f, nil
	}
	where, err := soc.ParseFilter(word, m.o.Vocabulary)
	if err != nil {
		return f, soc.AsFilterError(err)
	}
	return f.And(where), nil
}

func (m *Model) saveSection(s queue.Section) tea.Cmd {
	save, from := m.o.Files.SaveView, m.place()
	return do("saving the section", func() tea.Msg { return savedViewMsg{section: s, from: from, err: save(s)} })
}

// savedView shows the section that was saved or deleted.
func (m *Model) savedView(msg savedViewMsg) tea.Cmd {
	if msg.err != nil {
		m.o.Report(msg.err)
		m.say(style.High, "The section %s was not %s: %s.", msg.section.Name, msg.verb(), text.Escape(msg.err.Error()))
		return nil
	}
	list := append([]queue.Section(nil), m.queue.Sections...)
	at := m.queue.Named(msg.section.Name)
	switch {
	case msg.deleted && at >= 0:
		list = append(list[:at], list[at+1:]...)
	case msg.deleted:
	case at >= 0:
		list[at] = msg.section
	default:
		list, at = append(list, msg.section), len(list)
	}
	m.say(style.Subtle, "The section %s is %s.", msg.section.Name, msg.verb())
	if len(list) == 0 {
		return nil
	}
	here := m.place().same(msg.from)                   // the analyst did not go on while it was saved
	m.set.Sections, m.o.Settings.Sections = list, list // the file says the same now: reading it again changes nothing
	m.queue.Reset(list)
	delete(m.queue.Chosen, msg.section.Name) // they are the section's own now
	if msg.deleted {
		m.went()
		return m.renew(m.queue.Ref())
	}
	if !here {
		return m.renew(m.queue.Ref())
	}
	m.queue.Filter = soc.Filter{}
	return m.section(at)
}
