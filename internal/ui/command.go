package ui

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/style"
)

// enterCommand runs the typed command. One that cannot be understood stays in its line, with what is wrong beside it.
func (m *Model) enterCommand(value string) tea.Cmd {
	if value == "" {
		m.line = nil
		return nil
	}
	a, arg, why := m.parseCommand(value)
	if (a == nil || !typedWhole(a, value)) && m.isRef(value) {
		m.line = nil
		m.remember(":" + value)
		return m.openRef(value)
	}
	if ref, ok := m.linked(value); ok {
		m.line = nil
		m.remember(":" + value)
		return m.openAgain(ref)
	}
	if t, no := m.coded(soc.Code(strings.ToUpper(value))); a == nil && no == "" { // a customer's code alone goes there
		m.line = nil
		m.remember(":" + value)
		return m.switchTo(tenantWhere(t))
	}
	if why != "" {
		m.line.note = why
		return nil
	}
	m.line = nil
	m.remember(":" + value)
	return m.runCommand(a, arg)
}

// linked finds the incident of a portal address: the customer is the one that its tid names, and nothing else of it counts.
func (m *Model) linked(value string) (soc.Ref, bool) {
	u, err := url.Parse(strings.TrimSpace(value))
	if err != nil || u.Scheme != "https" || !slices.Contains(m.o.LinkHosts, u.Hostname()) {
		return soc.Ref{}, false
	}
	id, err := soc.ParseTenantID(u.Query().Get("tid"))
	t := m.tenantByID(id)
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if err != nil || t == nil || len(parts) < 2 || parts[0] != "incidents" && parts[0] != "incident2" || !soc.ValidID(parts[1]) {
		return soc.Ref{}, false
	}
	return soc.Ref{Tenant: t.ID, Code: t.Code, Source: soc.SourceDefender, ID: parts[1]}, true
}

// isRef tells whether a line names an incident: a number, or a reference of one of the customers. Names of actions look like
// references too (copy-link), so whose code is nobody's is none.
func (m *Model) isRef(value string) bool {
	ref, err := soc.ParseRef(value)
	if errors.Is(err, soc.ErrBareNumber) {
		return true
	}
	if err != nil {
		return false
	}
	_, why := m.coded(ref.Code)
	return why == ""
}

// typedWhole tells whether a line begins with one of the action's names, whole.
func typedWhole(a *action.Action, line string) bool {
	name, _, _ := strings.Cut(line, " ")
	return slices.Contains(commandNames(a), strings.ToLower(name))
}

// commandNames lists what an action can be called by.
func commandNames(a *action.Action) []string { return append([]string{string(a.ID)}, a.Aliases...) }

// parseCommand finds the action that a line names: by its whole name, or by the beginning of one where that is one
// action's alone.
func (m *Model) parseCommand(line string) (a *action.Action, arg, why string) {
	name, arg, _ := strings.Cut(line, " ")
	name, arg = strings.ToLower(name), strings.TrimSpace(arg)
	var begin []*action.Action
	var all []string
	for n := range m.table {
		for _, own := range commandNames(&m.table[n]) {
			all = append(all, own)
			if own == name {
				return &m.table[n], arg, ""
			}
			if strings.HasPrefix(own, name) && !slices.Contains(begin, &m.table[n]) {
				begin = append(begin, &m.table[n])
			}
		}
	}
	switch {
	case len(begin) == 1:
		return begin[0], arg, ""
	case len(begin) > 1:
		var could []string
		for _, b := range begin {
			could = append(could, string(b.ID))
		}
		return nil, "", fmt.Sprintf("%s could be %s", text.Quote(name), strings.Join(could[:min(5, len(could))], ", "))
	}
	why = "there is no command " + text.Quote(name)
	if near, ok := soc.Nearest(name, all); ok {
		why += ": did you mean " + near + "?"
	}
	return nil, "", why
}

// runCommand runs an action with what was typed behind it.
func (m *Model) runCommand(a *action.Action, arg string) tea.Cmd {
	if arg == "" {
		return m.start(a.ID)
	}
	if a.Arg == action.NoArg {
		m.say(style.Medium, "%s takes nothing behind it.", a.ID)
		return nil
	}
	at := m.tenantHere()
	if a.Arg == action.ArgCustomer {
		if t, unknown := m.customer(arg); unknown == "" {
			at = t // what is typed decides, not where the cursor stands
		}
	}
	if why := m.disabledAt(a.ID, at); why != "" && a.ID != action.Open {
		m.say(style.Medium, "%s", why)
		return nil
	}
	cmd, why := m.runWith(a, arg)
	if why != "" {
		m.say(style.Medium, "%s: %s", a.ID, ended(why))
	}
	return cmd
}

// ended gives a sentence its full stop, unless it asks.
func ended(s string) string {
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

func (m *Model) runWith(a *action.Action, arg string) (cmd tea.Cmd, why string) {
	switch a.Arg {
	case action.ArgCustomer:
		return m.withCustomer(a.ID, arg)
	case action.ArgGroup:
		for _, g := range m.o.Vocabulary.Groups {
			if strings.EqualFold(g, arg) {
				return m.switchTo(queue.Where{Group: g}), ""
			}
		}
		return nil, noSuch("group", arg, m.o.Vocabulary.Groups)
	case action.ArgSection:
		return m.withSection(a.ID, arg)
	case action.ArgFilter:
		if m.pageScope() != action.List {
			m.find(arg)
			return nil, ""
		}
		f, err := soc.ParseFilter(arg, m.o.Vocabulary)
		if err != nil {
			return nil, soc.AsFilterError(err).Error()
		}
		return m.applyFilter(f, soc.Ref{}, true), ""
	case action.ArgOrder:
		o, err := soc.ParseOrder(arg)
		if err != nil {
			return nil, err.Error()
		}
		return m.sortBy(o), ""
	case action.ArgReference:
		return m.openRef(arg), ""
	case action.ArgFormat:
		if !slices.Contains(copyFormats(), arg) {
			return nil, noSuch("format", arg, copyFormats())
		}
		return m.copyOf(action.Copy, arg), ""
	}
	return m.runRest(a, arg)
}

func (m *Model) runRest(a *action.Action, arg string) (cmd tea.Cmd, why string) {
	switch a.Arg {
	case action.ArgTheme:
		return m.chooseTheme(arg), ""
	case action.ArgName:
		m.openSave()
		return m.saveAs(arg), ""
	case action.ArgColumns:
		ids := strings.FieldsFunc(arg, func(r rune) bool { return r == ',' || r == ' ' })
		for n := range ids {
			ids[n] = queue.ColumnNamed(ids[n])
		}
		if err := queue.CheckColumns(ids); err != nil {
			return nil, err.Error()
		}
		return m.setColumns(ids), ""
	case action.ArgSwitch:
		if arg != "on" && arg != "off" {
			return nil, "it takes on or off"
		}
		m.turn(a.ID, arg == "on")
	}
	return nil, ""
}

// turn puts a switch on or off.
func (m *Model) turn(id action.ID, on bool) {
	switch id {
	case action.Preview:
		m.putPreview(on)
	case action.Mouse:
		m.setMouse(on)
	case action.Privacy:
		m.setPrivacy(on)
		m.say(style.Subtle, "%s", privacyWords(on))
	case action.LowBandwidth:
		m.setLowBandwidth(on)
	case action.ReadOnlyAll:
		m.putReadOnly(nil, on)
	}
}

// customer finds a customer by code, or by the beginning of a name that is one customer's alone.
func (m *Model) customer(word string) (*soc.Tenant, string) {
	var begin []*soc.Tenant
	var codes []string
	for _, t := range m.o.Tenants {
		shown := m.mask.Tenant(t)
		codes = append(codes, string(shown.Code))
		if strings.EqualFold(string(t.Code), word) || strings.EqualFold(string(shown.Code), word) || strings.EqualFold(shown.Name.String(), word) {
			return t, ""
		}
		if strings.HasPrefix(strings.ToLower(t.Name.String()), strings.ToLower(word)) {
			begin = append(begin, t)
		}
	}
	switch len(begin) {
	case 1:
		return begin[0], ""
	case 0:
		return nil, noSuch("customer", word, codes)
	}
	return nil, fmt.Sprintf("%d customers begin with %s", len(begin), text.Quote(word))
}

// coded finds the customer of a reference: by the whole code, so that half of one opens nobody else's incident.
func (m *Model) coded(code soc.Code) (*soc.Tenant, string) {
	var codes []string
	for _, t := range m.o.Tenants {
		shown := m.mask.Tenant(t).Code
		if t.Code == code || shown == code {
			return t, ""
		}
		codes = append(codes, string(shown))
	}
	return nil, noSuch("customer", string(code), codes)
}

func (m *Model) withCustomer(id action.ID, arg string) (tea.Cmd, string) {
	if id == action.Switch && strings.EqualFold(arg, "all") {
		return m.switchTo(queue.Where{}), ""
	}
	t, why := m.customer(arg)
	if why != "" {
		return nil, why
	}
	switch id {
	case action.Refresh:
		return m.refreshTenant(t.ID, string(m.mask.Tenant(t).Code)), ""
	case action.ReadOnly:
		m.putReadOnly(t, !m.o.Safety.ReadOnly(t.ID).On)
		return nil, ""
	}
	return m.switchTo(tenantWhere(t)), ""
}

func (m *Model) withSection(id action.ID, arg string) (tea.Cmd, string) {
	n, err := strconv.Atoi(arg)
	n--
	if err != nil || n < 0 || n >= len(m.queue.Sections) {
		n = slices.IndexFunc(m.queue.Sections, func(s queue.Section) bool { return strings.EqualFold(s.Name, arg) })
	}
	if n < 0 {
		var names []string
		for _, s := range m.queue.Sections {
			names = append(names, s.Name)
		}
		return nil, noSuch("section", arg, names)
	}
	if id == action.DropSection {
		return m.dropSection(m.queue.Sections[n].Name), ""
	}
	return m.section(n), ""
}

func noSuch(what, got string, known []string) string {
	s := "there is no " + what + " " + text.Quote(got)
	if near, ok := soc.Nearest(got, known); ok {
		return s + ": did you mean " + near + "?"
	}
	if len(known) <= 8 {
		return s + ": there are " + strings.Join(known, ", ")
	}
	return s
}

// openRef opens an incident by its reference, also one that the queue does not have.
func (m *Model) openRef(word string) tea.Cmd {
	ref, err := soc.ParseRef(word)
	if errors.Is(err, soc.ErrBareNumber) {
		return m.openNumber(ref.ID)
	}
	if err != nil {
		m.say(style.Medium, "%s", ended(err.Error()))
		return nil
	}
	t, why := m.coded(ref.Code)
	if why != "" {
		m.say(style.Medium, "%s", ended(why))
		return nil
	}
	ref.Tenant, ref.Code = t.ID, t.Code
	return m.openAgain(ref)
}

// openNumber opens the incident with a number that one customer alone has.
func (m *Model) openNumber(id string) tea.Cmd {
	switch found := m.snap.Numbered(id); len(found) {
	case 0:
		m.say(style.Medium, "No incident that was read has the number %s. With its customer's code in front it is asked for.", id)
		return nil
	case 1:
		return m.openIncident(found[0])
	default:
		var who []string
		for _, i := range found {
			who = append(who, m.mask.Ref(i.Ref).String())
		}
		m.say(style.Medium, "%s is the number of several: %s. Say which.", id, strings.Join(who[:min(6, len(who))], ", "))
		return nil
	}
}

// openAgain opens an incident by its key: from the queue, or by asking its customer.
func (m *Model) openAgain(ref soc.Ref) tea.Cmd {
	if i, ok := m.snap.Find(ref); ok {
		return m.openIncident(i)
	}
	t := m.tenantByID(ref.Tenant)
	if t == nil {
		m.say(style.Medium, "%s belongs to no customer here.", m.mask.Ref(ref))
		return nil
	}
	return m.openIncident(&soc.Incident{Ref: ref, Tenant: t, Title: text.NewLine("not in the queue: asking " + string(t.Code)), AlertCount: -1, Priority: -1,
		Severity: soc.SeverityUnknown, State: soc.StateUnknown})
}
