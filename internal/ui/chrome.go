package ui

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/page/customers"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

func itoa(n int) string { return strconv.Itoa(n) }

// header says where one is, how good the data is, and who one is.
func (m *Model) header(w int) string {
	t := m.theme
	where, who := " socctl  "+m.where(), m.who()
	room := w - fit.Width(where) - fit.Width(who) - 2
	health, plain := m.health(room)
	if room < 0 {
		where = fit.Cut(where, w-fit.Width(who)-2)
		room = max(0, w-fit.Width(where)-fit.Width(who)-2)
	}
	gap := max(0, room-fit.Width(plain))
	name, rest := where[:7], where[7:]
	return t.On(style.Title, name) + rest + strings.Repeat(" ", gap/2+1) + health + strings.Repeat(" ", gap-gap/2+1) + t.On(style.Subtle, who)
}

// where is the path to what is on the screen.
func (m *Model) where() string {
	path := "All customers"
	if !m.queue.Where.All() {
		path += " > " + m.queue.Where.Name
	}
	switch {
	case m.customers != nil:
		path = "Customers " + itoa(len(m.snap.Parts))
	case m.detail != nil:
		path += " > " + m.detail.Incident.Ref.String()
	}
	if m.o.ReadOnly {
		path += " · read only"
	}
	return fit.Narrow(path)
}

func (m *Model) who() string {
	who := "signing in"
	switch {
	case m.snap.Analyst.Known():
		who, _, _ = strings.Cut(m.snap.Analyst.UPN.String(), "@")
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
		if m.customers == nil && !m.queue.Where.Has(st.Tenant) {
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
		if st := &m.snap.Parts[p].Status; m.customers != nil || m.queue.Where.Has(st.Tenant) {
			plain = fit.Cut(customers.State(st, m.now), max(0, room))
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

// footer is the filter line while it is open, a message, or the keys that matter here. The second value is the cell of
// the cursor, or -1.
func (m *Model) footer(w int) (string, int) {
	switch {
	case m.filter != nil:
		return m.filterLine(w)
	case m.picker != nil:
		return m.theme.On(style.Subtle, fit.Cut(" type to search   enter choose   up and down move   esc back", w)), -1
	case m.message.text == "" && m.scope() == action.Overlay:
		return m.theme.On(style.Subtle, " "+m.overlayKeys()), -1
	case m.message.text != "":
		return " " + m.theme.On(m.message.paint, fit.Cut(m.message.text, w-2)), -1
	}
	return m.footKeys(w), -1
}

// overlayKeys says what can be done with what lies on top.
func (m *Model) overlayKeys() string {
	switch {
	case m.help != nil:
		return "j k scroll   esc back"
	case m.link != nil:
		return "Y copy link   esc back"
	}
	return "esc hides this; the sign-in goes on"
}

func (m *Model) filterLine(w int) (string, int) {
	line, at := m.filter.prompt.Draw(m.theme, w)
	note := "enter keep   esc undo"
	paint := style.Subtle
	if m.filter.problem != nil {
		note = "esc undo"
	} else if n := m.queue.Len(); !m.queue.Filter.IsZero() && !m.queue.Outdated() {
		note = fmt.Sprintf("%d match   %s", n, note)
	}
	used := fit.Width(line)
	if room := w - used - 4; room >= 12 {
		line = lineWithNote(line, used, m.theme.On(paint, fit.Cut(note, room)), fit.Width(fit.Cut(note, room)), w)
	}
	return line, at
}

// filterProblem says above the filter line what cannot be understood in it.
func (m *Model) filterProblem(w int) []string {
	if m.filter == nil || m.filter.problem == nil {
		return nil
	}
	p := m.filter.problem
	say := p.Error()
	if word := p.Word(); word != "" {
		say = word + ": " + say
	}
	return []string{" " + m.theme.On(style.High, fit.Cut(say, w-2))}
}

func lineWithNote(line string, used int, note string, noteWidth, w int) string {
	return line + strings.Repeat(" ", max(1, w-used-noteWidth-1)) + note
}

// footKeys shows the actions that have a short name, as many as fit; help is always among them.
func (m *Model) footKeys(w int) string {
	var b strings.Builder
	used := 1
	b.WriteByte(' ')
	help := m.keyHint(action.Help, "help")
	if !m.session.done && !m.session.running { // what comes first, since nothing else can be read
		first := m.keyHint(action.SignIn, "sign in")
		b.WriteString(first.painted + "   ")
		used += first.width + 3
	}
	for _, a := range action.All() {
		if a.Short == "" || a.ID == action.Help {
			continue
		}
		if _, ok := m.keys.Find(m.scope(), a.Keys[0]); !ok || m.disabled(a.ID) != "" {
			continue
		}
		hint := m.keyHint(a.ID, a.Short)
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
	key := m.keys.Keys(id)[0]
	return hint{m.theme.On(style.Accent, key) + " " + m.theme.On(style.Subtle, short), fit.Width(key) + 1 + fit.Width(short)}
}
