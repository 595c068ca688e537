// Package mask hides the names of customers and users, for analysts who share their screen. It changes copies of what is
// drawn; keys, links, writes and what is copied stay those of the real objects. A nil Mask hides nothing.
package mask

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Mask knows the names to hide.
type Mask struct {
	tenants map[soc.TenantID]*soc.Tenant // as they are shown
	names   []name                       // longest first
}

// name is a piece of text and what stands in its place. All letters of find are lower case.
type name struct{ find, put string }

// address finds what looks like a user's name at a domain.
var address = regexp.MustCompile(`[\pL\pN._%+#\-']+@[\pL\pN.\-]+`)

// New makes a mask for the customers. Each gets a number by its place in the configuration, the same every time.
func New(tenants []*soc.Tenant) *Mask {
	m := &Mask{tenants: make(map[soc.TenantID]*soc.Tenant, len(tenants))}
	for n, t := range tenants {
		shown := *t
		shown.Code = soc.Code(fmt.Sprintf("C%03d", n+1))
		shown.Name = t.Name.Masked(fmt.Sprintf("Customer %d", n+1))
		shown.Domain = text.Line{}
		m.tenants[t.ID] = &shown
		put := string(shown.Code)
		m.add(t.Name.String(), put)
		m.add(t.Domain.String(), put)
		m.add(string(t.ID), put)
		if word, _, _ := strings.Cut(t.Name.String(), " "); len(word) >= 5 {
			m.add(word, put)
		}
		m.add(string(t.Code)+"-", put+"-")
	}
	slices.SortFunc(m.names, func(a, b name) int { return len(b.find) - len(a.find) })
	return m
}

func (m *Mask) add(find, put string) {
	if find != "" {
		m.names = append(m.names, name{strings.ToLower(find), put})
	}
}

// Tenant is a customer as it is shown.
func (m *Mask) Tenant(t *soc.Tenant) *soc.Tenant {
	if m == nil {
		return t
	}
	if shown, ok := m.tenants[t.ID]; ok {
		return shown
	}
	return &soc.Tenant{ID: t.ID, Code: "C", Name: text.NewLine("Customer")}
}

// Ref is a reference as it is shown.
func (m *Mask) Ref(r soc.Ref) soc.Ref {
	if m == nil || r.IsZero() {
		return r
	}
	r.Code = m.Tenant(&soc.Tenant{ID: r.Tenant}).Code
	return r
}

// Text is a sentence of the console as it is shown: customers and addresses are hidden, and codes where they stand alone.
func (m *Mask) Text(s string) string {
	if m == nil {
		return s
	}
	return m.text(s, nil)
}

func (m *Mask) text(s string, users []name) string {
	s = replace(s, users)
	s = replace(s, m.names)
	return address.ReplaceAllString(s, "user@masked")
}

// replace puts each name's stand-in wherever the name stands, in any case.
func replace(s string, names []name) string {
	lower := strings.ToLower(s)
	if len(lower) != len(s) { // lower case took another length: compare what is left as it is
		lower = s
	}
	for _, n := range names {
		for at := strings.Index(lower, n.find); at >= 0; {
			s = s[:at] + n.put + s[at+len(n.find):]
			lower = lower[:at] + strings.ToLower(n.put) + lower[at+len(n.find):]
			from := at + len(n.put)
			next := strings.Index(lower[from:], n.find)
			if next < 0 {
				break
			}
			at = from + next
		}
	}
	return s
}

// shortest is how long a user's name has to be to be looked for inside of other text.
const shortest = 3

// users collects what names people in an incident, longest first.
func users(i *soc.Incident) []name {
	var out []name
	seen := make(map[string]bool)
	add := func(who string) {
		for _, s := range []string{who, local(who)} {
			s = strings.ToLower(s)
			if len(s) >= shortest && !seen[s] {
				seen[s] = true
				out = append(out, name{s, "user"})
			}
		}
	}
	for _, e := range i.Digest.Entities {
		if e.Kind == soc.EntityUser || e.Kind == soc.EntityMailbox {
			add(e.Name.String())
		}
	}
	for a := range i.Alerts {
		for e := range i.Alerts[a].Evidence {
			if k := i.Alerts[a].Evidence[e].Kind; k == "user" || k == "mailbox" {
				add(i.Alerts[a].Evidence[e].Name.String())
			}
		}
	}
	slices.SortFunc(out, func(a, b name) int { return len(b.find) - len(a.find) })
	return out
}

// local is the part of an account's name in front of its domain.
func local(who string) string {
	who, _, _ = strings.Cut(who, "@")
	if _, after, ok := strings.Cut(who, `\`); ok {
		who = after
	}
	return who
}
