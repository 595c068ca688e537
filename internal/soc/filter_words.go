package soc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/text"
)

// Vocabulary is what a filter may name of this provider's own.
type Vocabulary struct {
	Codes  []Code
	Groups []string
}

// FilterKeys lists the keys of the filter language with what they match, for help and completion.
func FilterKeys() []struct{ Key, Meaning string } {
	return []struct{ Key, Meaning string }{
		{"sev", "severity: high, medium, low, informational, unknown"},
		{"status", "new, active, awaiting, resolved, redirected, open (all but resolved and redirected)"},
		{"tenant", "a customer's code"},
		{"group", "a group of customers"},
		{"owner", "me, none, experts, or a part of the name"},
		{"sla", "missed, risk (15 minutes or less), running, none"},
	}
}

// word is one word of a filter, with its place.
type word struct {
	start, end int
	not        bool
	key        string
	values     []string
}

// asksFor tells whether the word names a value of a key, not behind a minus.
func (w word) asksFor(key, value string) bool {
	return !w.not && w.key == key && slices.ContainsFunc(w.values, func(v string) bool { return strings.EqualFold(v, value) })
}

// splitWords cuts a filter at spaces outside double quotes.
func splitWords(s string) ([]word, error) {
	var words []word
	for pos := 0; pos < len(s); {
		if s[pos] == ' ' || s[pos] == '\t' || s[pos] == '\n' || s[pos] == '\r' {
			pos++
			continue
		}
		end, closed := wordEnd(s, pos)
		if !closed {
			return nil, &FilterError{Filter: s, Start: pos, End: len(s), Message: "a quotation mark is never closed"}
		}
		words = append(words, readWord(s, pos, end))
		pos = end
	}
	return words, nil
}

// wordEnd finds the end of the word that starts at pos, and whether its quotes are closed.
func wordEnd(s string, pos int) (end int, closed bool) {
	quoted := false
	for ; pos < len(s); pos++ {
		switch c := s[pos]; {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ' ' || c == '\t' || c == '\n' || c == '\r'):
			return pos, true
		}
	}
	return pos, !quoted
}

// readWord takes a word apart. A colon makes a key only where letters stand before it and no quotation mark does, so
// that paths stay free text when they are quoted; a web address is free text as it is.
func readWord(s string, start, end int) word {
	w := word{start: start, end: end}
	body := s[start:end]
	if len(body) > 1 && body[0] == '-' {
		w.not, body = true, body[1:]
	}
	key, rest, ok := strings.Cut(body, ":")
	if ok && !strings.HasPrefix(rest, "//") && key != "" && strings.Trim(strings.ToLower(key), "abcdefghijklmnopqrstuvwxyz") == "" {
		w.key = strings.ToLower(key)
		for v := range strings.SplitSeq(rest, ",") {
			w.values = append(w.values, strings.ReplaceAll(v, `"`, ""))
		}
		return w
	}
	w.values = []string{strings.ReplaceAll(body, `"`, "")}
	return w
}

// term turns a word into what decides.
func (w word) term(known Vocabulary) (term, *FilterError) {
	t := term{not: w.not}
	for _, v := range w.values {
		if v == "" && w.key != "" {
			return term{}, &FilterError{Message: fmt.Sprintf("%s: wants a value", w.key)}
		}
		m, err := w.matcher(v, known)
		if err != nil {
			return term{}, err
		}
		t.values = append(t.values, m)
	}
	return t, nil
}

func (w word) matcher(v string, known Vocabulary) (matcher, *FilterError) {
	switch w.key {
	case "":
		return matchText(v), nil
	case "sev", "severity":
		return matchSeverity(v)
	case "status":
		return matchState(v)
	case "tenant":
		return matchTenant(v, known.Codes)
	case "group":
		return matchGroup(v, known.Groups)
	case "owner":
		return matchOwner(v), nil
	case "sla":
		return matchSLA(v)
	}
	var keys []string
	for _, k := range FilterKeys() {
		keys = append(keys, k.Key)
	}
	e := &FilterError{Message: fmt.Sprintf("there is no filter key %s; quotation marks around the word look for it as text", text.Quote(w.key))}
	if near, ok := Nearest(w.key, keys); ok {
		e.Message, e.Nearest = fmt.Sprintf("there is no filter key %s", text.Quote(w.key)), near+":"
	}
	return nil, e
}

func matchSeverity(v string) (matcher, *FilterError) {
	words := map[string]Severity{"high": SeverityHigh, "medium": SeverityMedium, "med": SeverityMedium, "low": SeverityLow,
		"informational": SeverityInformational, "info": SeverityInformational, "unknown": SeverityUnknown}
	want, ok := words[strings.ToLower(v)]
	if !ok {
		return nil, notKnown("severity", v, []string{"high", "medium", "low", "informational", "unknown"})
	}
	return func(i *Incident, _ *Scope) bool { return i.Severity == want }, nil
}

func matchState(v string) (matcher, *FilterError) {
	states := []string{"new", "active", "awaiting", "resolved", "redirected", "unknown", "open"}
	want := strings.ToLower(v)
	if !slices.Contains(states, want) {
		return nil, notKnown("status", v, states)
	}
	if want == "open" {
		return func(i *Incident, _ *Scope) bool { return i.State.Open() }, nil
	}
	return func(i *Incident, _ *Scope) bool { return i.State == State(want) }, nil
}

func matchSLA(v string) (matcher, *FilterError) {
	words := map[string]SLAState{"missed": SLAMissed, "risk": SLARisk, "running": SLARuns, "none": SLANone}
	want, ok := words[strings.ToLower(v)]
	if !ok {
		return nil, notKnown("SLA state", v, []string{"missed", "risk", "running", "none"})
	}
	return func(i *Incident, s *Scope) bool { return SLAOf(i, s.Now).State == want }, nil
}

func matchTenant(v string, codes []Code) (matcher, *FilterError) {
	want := Code(strings.ToUpper(v))
	if !slices.Contains(codes, want) {
		names := make([]string, len(codes))
		for n, c := range codes {
			names[n] = string(c)
		}
		return nil, notKnown("customer", v, names)
	}
	return func(i *Incident, _ *Scope) bool { return i.Ref.Code == want }, nil
}

func matchGroup(v string, groups []string) (matcher, *FilterError) {
	n := slices.IndexFunc(groups, func(g string) bool { return strings.EqualFold(g, v) })
	if n < 0 {
		return nil, notKnown("group", v, groups)
	}
	return func(i *Incident, _ *Scope) bool { return i.Tenant.InGroup(groups[n]) }, nil
}

func matchOwner(v string) matcher {
	switch want := strings.ToLower(v); want {
	case "me":
		return func(i *Incident, s *Scope) bool { return s.Me.Owns(i.AssignedTo.String()) }
	case "none", "nobody", "unassigned":
		return func(i *Incident, _ *Scope) bool { return i.AssignedTo.IsZero() }
	case "experts":
		return func(i *Incident, _ *Scope) bool { return i.Experts() }
	default:
		return func(i *Incident, _ *Scope) bool { return containsFold(i.AssignedTo.String(), want) }
	}
}

// Owns tells whether the name that stands in an incident's assignedTo is this analyst: the UPN, the display name, or
// the UPN that a customer's tenant gives its guest (kai_northwind.example#EXT#@contoso.onmicrosoft.com).
func (a Analyst) Owns(owner string) bool {
	if owner == "" || !a.Known() {
		return false
	}
	upn := a.UPN.String()
	if strings.EqualFold(owner, upn) || (!a.Name.IsZero() && strings.EqualFold(owner, a.Name.String())) {
		return true
	}
	guest, _, ok := strings.Cut(owner, "#EXT#@")
	return ok && strings.EqualFold(guest, strings.ReplaceAll(upn, "@", "_"))
}

// matchText looks for a piece of text in what an analyst sees of an incident.
func matchText(v string) matcher {
	want := strings.ToLower(v)
	return func(i *Incident, _ *Scope) bool {
		if containsFold(i.Title.String(), want) || containsFold(i.Ref.String(), want) ||
			containsFold(i.Tenant.Name.String(), want) || containsFold(i.AssignedTo.String(), want) {
			return true
		}
		return anyContains(i.Digest.Techniques, want) || anyContains(i.CustomTags, want) ||
			slices.ContainsFunc(i.Digest.Entities, func(e Entity) bool { return containsFold(e.Name.String(), want) })
	}
}

func anyContains(list []text.Line, want string) bool {
	return slices.ContainsFunc(list, func(l text.Line) bool { return containsFold(l.String(), want) })
}

// containsFold looks for want, which is in lower case, without regard to the case of s.
func containsFold(s, want string) bool {
	if len(want) == 0 {
		return true
	}
	first := want[0]
	for i := 0; i+len(want) <= len(s); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c >= 0x80 || first >= 0x80 { // beyond ASCII the lengths may differ: the slow way is right
			return strings.Contains(strings.ToLower(s), want)
		}
		if c == first && strings.EqualFold(s[i:i+len(want)], want) {
			return true
		}
	}
	return false
}

// notKnown makes an error for a word that is none of those known, with the nearest of them.
func notKnown(what, got string, known []string) *FilterError {
	e := &FilterError{Message: fmt.Sprintf("there is no %s %s", what, text.Quote(got))}
	if near, ok := Nearest(got, known); ok {
		e.Nearest = near
	} else if len(known) <= 8 {
		e.Message += ": there are " + strings.Join(known, ", ")
	}
	return e
}

// unknownWord is notKnown for words outside a filter.
func unknownWord(what, got string, known []string) error {
	return fmt.Errorf("%w", notKnown(what, got, known))
}
