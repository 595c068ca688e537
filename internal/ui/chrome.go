package ui

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
	"github.com/socctl/socctl/internal/ui/page/customers"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

func itoa(n int) string { return strconv.Itoa(n) }

// leastHealth is the cells that the header keeps for how good the data is, before it says where one is in more words.
const leastHealth = 12

// header says where one is, how good the data is, and who one is. What names the incident, the protection and the data stays on
// narrow screens; the way to it is shortened.
func (m *Model) header(w int) string {
	t := m.theme
	who := m.who()
	where := " socctl  "
	paths := m.paths()
	for n, p := range paths {
		if n == len(paths)-1 || fit.Width(where+p)+fit.Width(who)+2+leastHealth <= w {
			where += fit.Cut(p, max(1, w-fit.Width(where)-fit.Width(who)-2))
			break
		}
	}
	room := max(0, w-fit.Width(where)-fit.Width(who)-2)
	health, plain := m.health(room)
	gap := max(0, room-fit.Width(plain))
	name, rest := where[:7], where[7:]
	return t.On(style.Title, name) + rest + strings.Repeat(" ", gap/2+1) + health + strings.Repeat(" ", gap-gap/2+1) + t.On(style.Subtle, who)
}

// paths are ways to say what is on the screen, the longest first.
func (m *Model) paths() []string {
	sign := m.readOnlySign()
	all := "All customers"
	var list []string
	switch m.pageScope() {
	case action.Activity:
		list = []string{"Activity" + m.searched(m.activity.Word())}
	case action.Customers:
		list = []string{"Customers" + m.searched(m.customers.Word())}
	case action.Incident:
		ref, name := m.mask.Ref(m.detail.Incident.Ref).String(), m.mask.Tenant(m.detail.Incident.Tenant).Name.String()
		if m.queue.Where.Tenant == "" && !m.queue.Where.All() {
			all += " > " + m.whereName(m.queue.Where)
		}
		list = []string{all + " > " + name + " > " + ref, name + " > " + ref, fit.Cut(name, 12) + " > " + ref, ref}
	default:
		list = []string{all}
		if !m.queue.Where.All() {
			name := m.whereName(m.queue.Where)
			list = []string{all + " > " + name, name, fit.Cut(name, 20)}
		}
	}
	for n := range list {
		list[n] = fit.Narrow(list[n] + sign)
	}
	return list
}

// searched says what a page is narrowed to.
func (m *Model) searched(word string) string {
	if word == "" {
		return ""
	}
	return " / " + fit.Cut(text.Escape(m.mask.Text(word)), 20)
}

func (m *Model) who() string {
	who := "signing in"
	switch {
	case m.snap.Analyst.Known():
		who, _, _ = strings.Cut(m.snap.Analyst.UPN.String(), "@")
		if m.mask != nil {
			who = "masked"
		}
	case m.session.done:
		who = "application"
	case m.session.problem != "":
		who = "not signed in"
	}
	return fit.Cut(who, 20) + "  " + m.now.UTC().Format("15:04Z") + " "
}

// health sums up the state of the customers that are shown, as wide as there is room.
func (m *Model) health(room int) (painted, plain string) {
	n := make(map[soc.Health]int)
	all, partial := 0, 0
	oldest := soc.Status{}
	for p := range m.snap.Parts {
		st := &m.snap.Parts[p].Status
		if !m.counts(st.Tenant) {
			continue
		}
		all++
		n[st.Health]++
		if st.Health == soc.HealthFresh && !st.Partial.IsZero() {
			partial++
			n[st.Health]--
		}
		if st.Health == soc.HealthStale && (oldest.Tenant == nil || st.LastGood.Before(oldest.LastGood)) {
			oldest = *st
		}
	}
	if all == 1 {
		return m.oneHealth(room)
	}

	stale := fmt.Sprintf("%d stale", n[soc.HealthStale])
	if oldest.Tenant != nil && !oldest.LastGood.IsZero() {
		stale += " " + soc.Short(oldest.Age(m.now))
	}
	parts := []healthPart{
		{n[soc.HealthFresh], fmt.Sprintf("%d fresh", n[soc.HealthFresh]), style.OK},
		{partial, fmt.Sprintf("%d partial", partial), style.Medium},
		{n[soc.HealthStarting], fmt.Sprintf("%d %s", n[soc.HealthStarting], m.startingWord()), style.Subtle},
		{n[soc.HealthStale], stale, style.Medium},
		{n[soc.HealthThrottled], fmt.Sprintf("%d throttled", n[soc.HealthThrottled]), style.Medium},
		{n[soc.HealthNoAccess], fmt.Sprintf("%d no access", n[soc.HealthNoAccess]), style.High},
	}
	return m.joinHealth(all, parts, room)
}

// counts tells whether the header speaks of a customer: of the one whose incident is open, of those that the queue is
// narrowed to, of all on the page of customers.
func (m *Model) counts(t *soc.Tenant) bool {
	switch m.pageScope() {
	case action.Incident:
		return t.ID == m.detail.Incident.Ref.Tenant
	case action.Customers, action.Activity:
		return true
	}
	return m.queue.Where.Has(t)
}

// startingWord says what the customers are at that were never read.
func (m *Model) startingWord() string {
	if m.session.done {
		return "reading"
	}
	return "waiting"
}

// oneHealth is the state of the only customer that is shown.
func (m *Model) oneHealth(room int) (painted, plain string) {
	for p := range m.snap.Parts {
		if st := &m.snap.Parts[p].Status; m.counts(st.Tenant) {
			plain = fit.Cut(m.mask.Text(customers.State(st, m.now)), max(0, room))
			return m.theme.On(customers.Paint(st), plain), plain
		}
	}
	return "", ""
}

type healthPart struct {
	count int
	text  string
	paint style.Token
}

// joinHealth writes all parts where they fit; else how many are in order and how many are not.
func (m *Model) joinHealth(all int, parts []healthPart, room int) (painted, plain string) {
	lead := fmt.Sprintf("%d customers: ", all)
	var p, s []string
	for _, part := range parts {
		if part.count > 0 {
			p = append(p, m.theme.On(part.paint, part.text))
			s = append(s, part.text)
		}
	}
	plain = lead + strings.Join(s, " · ")
	if fit.Width(plain) <= room {
		return m.theme.On(style.Subtle, lead) + strings.Join(p, m.theme.On(style.Subtle, " · ")), plain
	}
	fresh := parts[0].count
	plain = fmt.Sprintf("%d of %d fresh", fresh, all)
	if fresh < all && fit.Width(plain)+2 <= room {
		return m.theme.On(style.Medium, plain+" !"), plain + " !"
	}
	if fit.Width(plain) > room {
		return "", ""
	}
	return m.theme.On(style.OK, plain), plain
}

// footer is the line that is typed into, a message, how a sequence of keys can go on, or the keys that matter here. The
// second value is the cell of the cursor, or -1.
func (m *Model) footer(w int) (string, int) {
	switch {
	case m.line != nil:
		return m.inputLine(w)
	case m.dialog != nil && m.message.text == "":
		return m.theme.On(style.Subtle, fit.Cut(" tab moves   enter presses the button   esc cancels", w)), -1
	case m.choice != nil && m.message.text == "":
		return m.theme.On(style.Subtle, fit.Cut(" "+m.choice.keys, w)), -1
	case len(m.pending) > 0:
		return m.continuations(w), -1
	case m.message.text != "":
		lines := m.messageLines(w)
		return lines[len(lines)-1], -1
	case m.scope() == action.Overlay:
		return m.theme.On(style.Subtle, fit.Cut(" "+m.overlayKeys(), w)), -1
	}
	return m.footKeys(w), -1
}

// mostSaidLines is how many lines a message has at most; the page of activity shows the rest of a longer one.
const mostSaidLines = 3

// messageLines is the message, over as many lines as it needs.
func (m *Model) messageLines(w int) []string {
	var lines []string
	for _, l := range fit.Wrap(m.mask.Text(m.message.text), w-2, mostSaidLines) {
		lines = append(lines, " "+m.theme.On(m.message.paint, l))
	}
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}

// overlayKeys says what can be done with what lies on top.
func (m *Model) overlayKeys() string {
	if m.link != nil {
		return m.key(action.CopyLink) + " copy link   " + m.key(action.Back) + " back"
	}
	return m.key(action.CopyLink) + " copy address   " + m.key(action.CopyRef) + " copy code   " + m.key(action.Back) + " hides this; the sign-in goes on"
}

// continuations shows how the keys that were pressed can go on.
func (m *Model) continuations(w int) string {
	var b strings.Builder
	b.WriteString(" " + m.theme.On(style.Title, strings.Join(m.pending, " ")) + "   ")
	used := fit.Width(strings.Join(m.pending, " ")) + 4
	for _, c := range m.keys.Continuations(m.scope(), m.pending) {
		what := fit.Ellipsis
		if a, ok := action.Find(m.table, c.Action); ok {
			what = string(a.ID)
		}
		key := keymap.Show(c.Key)
		if used += fit.Width(key) + fit.Width(what) + 4; used > w-12 {
			break
		}
		b.WriteString(m.theme.On(style.Accent, key) + " " + m.theme.On(style.Subtle, what) + "   ")
	}
	return b.String() + m.theme.On(style.Accent, "esc") + " " + m.theme.On(style.Subtle, "forget")
}

func (m *Model) inputLine(w int) (string, int) {
	line, at := m.line.prompt.Draw(m.theme, w)
	note := m.lineNote()
	used := ansi.StringWidthWc(line)
	if room := w - used - 4; room >= 12 && note != "" {
		note = fit.Cut(note, room)
		line += strings.Repeat(" ", max(1, w-used-fit.Width(note)-1)) + m.theme.On(style.Subtle, note)
	}
	return line, at
}

// lineNote says what the keys do with the line as it stands.
func (m *Model) lineNote() string {
	switch l := m.line; l.kind {
	case lineFilter:
		if l.problem != nil {
			return "esc undo"
		}
		if n := m.queue.Len(); !m.queue.Filter.IsZero() && !m.queue.Outdated() {
			return fmt.Sprintf("%d match   enter keep   esc undo", n)
		}
		return "tab completes   enter keep   esc undo"
	case lineFind:
		return "enter keep   esc undo"
	case lineName:
		return "enter save   esc back"
	}
	return "tab completes   enter run   esc back"
}

// mostOffered is how many lines of completions show above the line.
const mostOffered = 8

// aboveLine is what stands above the footer, over the last lines of the page: the beginning of a long message; of a line that is
// typed into what cannot be understood in it, and what it could go on with.
func (m *Model) aboveLine(w int) []string {
	if m.line == nil {
		if m.message.text == "" || len(m.pending) > 0 {
			return nil
		}
		lines := m.messageLines(w)
		return lines[:len(lines)-1]
	}
	lines := m.line.prompt.DrawSuggestions(m.theme, w, min(mostOffered, max(0, m.screen.height/3)))
	say := m.line.note
	if p := m.line.problem; p != nil {
		say = p.Error()
		if word := p.Word(); word != "" {
			say = word + ": " + say
		}
	}
	if say != "" {
		lines = append(lines, " "+m.theme.On(style.High, fit.Cut(m.mask.Text(say), w-2)))
	}
	if m.message.text != "" { // the line stands in its place
		lines = append(lines, " "+m.theme.On(m.message.paint, fit.Cut(m.mask.Text(m.message.text), w-2)))
	}
	return lines
}

// footOrder lists what the footer shows of each page, the most useful first.
func footOrder(s action.Scope) []action.ID {
	switch s {
	case action.Incident:
		return []action.ID{action.Back, action.Portal, action.CopyLink, action.Refresh, action.Filter, action.PivotUser, action.PivotDevice, action.CopyRef,
			action.Command, action.Switch}
	case action.Customers:
		return []action.ID{action.Open, action.Back, action.Filter, action.Refresh, action.ReadOnly, action.Command}
	case action.Activity:
		return []action.ID{action.Back, action.Filter, action.Open, action.Command, action.ShowHealth}
	}
	return []action.ID{action.Open, action.Filter, action.Switch, action.Command, action.Mark, action.Portal, action.CopyLink,
		action.NextSection, action.SortColumn, action.CopyRef, action.Preview, action.ShowHealth, action.ToggleAll}
}

// footWord is what the footer calls an action on a page.
func footWord(a *action.Action, s action.Scope) string {
	switch {
	case a.ID == action.Open && s != action.List:
		return "switch"
	case a.ID == action.Filter && s == action.Incident:
		return "search"
	case a.ID == action.PivotUser:
		return "same user"
	case a.ID == action.PivotDevice:
		return "same device"
	case a.ID == action.ReadOnly:
		return "read only"
	}
	return a.Short
}

// footKeys shows what matters here, as many as fit; help is always among them.
func (m *Model) footKeys(w int) string {
	var b strings.Builder
	used := 1
	b.WriteByte(' ')
	help := m.keyHint(action.Help, "help")
	if !m.session.done && (!m.session.running || m.session.prompt != nil) { // what comes first, since nothing else can be read
		first := m.keyHint(action.SignIn, "sign in")
		b.WriteString(first.painted + "   ")
		used += first.width + 3
	}
	for _, id := range footOrder(m.pageScope()) {
		a, ok := action.Find(m.table, id)
		if !ok || len(m.keys.Keys(id)) == 0 || m.disabled(id) != "" {
			continue
		}
		hint := m.keyHint(id, footWord(a, m.pageScope()))
		if used+hint.width+3+help.width > w-1 {
			break
		}
		b.WriteString(hint.painted + "   ")
		used += hint.width + 3
	}
	b.WriteString(help.painted)
	return b.String()
}

type hint struct {
	painted string
	width   int
}

func (m *Model) keyHint(id action.ID, short string) hint {
	key := m.key(id)
	return hint{m.theme.On(style.Accent, key) + " " + m.theme.On(style.Subtle, short), fit.Width(key) + 1 + fit.Width(short)}
}
