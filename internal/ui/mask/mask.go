// Package mask hides the names of customers and users, for analysts who share their screen. It changes copies of what is
// drawn; keys, links, writes and what is copied stay those of the real objects. A nil Mask hides nothing.
//
// A screen is masked with every frame, so looking for the names of 500 customers at once has to cost no more than reading the
// text: see names.
package mask

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Mask knows the names to hide. It keeps what it masked last, so it is for one goroutine.
type Mask struct {
	tenants map[soc.TenantID]*soc.Tenant // as they are shown
	names   names
	codes   map[string]string // what stands for a code, by the code in lower case

	user, somebody, you text.Line

	shown map[*soc.Incident]*soc.Incident // as masked for me; the rows of a screen are drawn again with every frame
	me    soc.Analyst
}

// mostShown is how many masked incidents are kept: more than a screen has rows.
const mostShown = 256

// New makes a mask for the customers. Each gets a number by its place in the configuration, the same every time.
func New(tenants []*soc.Tenant) *Mask {
	m := &Mask{tenants: make(map[soc.TenantID]*soc.Tenant, len(tenants)), codes: make(map[string]string, len(tenants)),
		user: text.NewLine("user"), somebody: text.NewLine("somebody"), you: text.NewLine("you")}
	letter := free(tenants)
	var all []name
	for n, t := range tenants {
		shown := *t
		shown.Code = soc.Code(fmt.Sprintf("%s%03d", letter, n+1))
		shown.Name = t.Name.Masked(fmt.Sprintf("Customer %d", n+1))
		shown.Domain = text.Line{}
		m.tenants[t.ID] = &shown
		m.codes[strings.ToLower(string(t.Code))] = string(shown.Code)
		all = append(all, namesOf(t, string(shown.Code))...)
	}
	m.names = newNames(all)
	return m
}

// free gives the letter that begins the codes that are shown. What is masked may be masked again, so none of these may be a
// real customer's.
func free(tenants []*soc.Tenant) string {
	for _, letter := range "CKXYZABDEFGHIJLMNOPQRSTUVW" {
		taken := false
		for _, t := range tenants {
			rest, ok := strings.CutPrefix(string(t.Code), string(letter))
			taken = taken || ok && strings.Trim(rest, "0123456789") == ""
		}
		if !taken {
			return string(letter)
		}
	}
	return "C"
}

// namesOf lists what people and machines call a customer: its name, also without blanks and without its last word, which is
// often that of a legal form; its first word; its domain and the beginning of that; its tenant's id.
func namesOf(t *soc.Tenant, put string) []name {
	var all []name
	add := func(s string, least int) {
		if len(s) >= least {
			all = append(all, newName(s, put))
		}
	}
	full := t.Name.String()
	words := strings.Fields(full)
	add(full, 1)
	add(squeezed(full), long)
	if len(words) > 2 {
		shorter := strings.Join(words[:len(words)-1], " ")
		add(shorter, long)
		add(squeezed(shorter), long)
	}
	if len(words) > 1 && !common(words[0]) {
		add(words[0], shortWord)
	}
	add(t.Domain.String(), 1)
	label, _, _ := strings.Cut(t.Domain.String(), ".")
	add(label, shortWord)
	add(string(t.ID), 1)
	return all
}

// shortWord is how long the word at the beginning of a name has to be to be taken for it.
const shortWord = 3

// common tells whether the first word of a customer's name is one that every text has.
func common(word string) bool {
	switch strings.ToLower(word) {
	case "the", "and", "for", "new", "one", "all", "our", "die", "der", "das":
		return true
	}
	return false
}

// squeezed is a name as file names and accounts write it: letters and digits alone.
func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
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
	r.Code = m.code(r.Tenant)
	return r
}

func (m *Mask) code(id soc.TenantID) soc.Code {
	if shown, ok := m.tenants[id]; ok {
		return shown.Code
	}
	return "C"
}

// Text is a sentence of the console as it is shown: customers, accounts and addresses are hidden. Masking it twice changes no
// more than masking it once.
func (m *Mask) Text(s string) string {
	if m == nil {
		return s
	}
	return m.text(s, &few{})
}

// text hides the names of all customers and those that one incident adds.
func (m *Mask) text(s string, own *few) string { return accounts(m.replace(s, own)) }

// replace puts each name's stand-in where the name stands. Where several begin, the longest counts.
func (m *Mask) replace(s string, own *few) string {
	var room [256]byte
	f := fold(room[:0], s)
	var out []byte
	done := 0 // bytes of s that are in out
	for at, before := 0, byte(' '); at < len(f.low); {
		b := f.low[at]
		begins := letter(b) && !wordly(before)
		before = b
		if !begins && !m.names.may(f.low, at) && !own.may(f.low, at) && !m.names.short.may(f.low, at) {
			at++ // nearly everywhere
			continue
		}
		size, put := m.find(s, &f, at, own, begins)
		if size == 0 {
			at++
			continue
		}
		out = append(append(out, s[done:f.from(at)]...), put...)
		at += size
		before, done = f.low[at-1], f.from(at)
	}
	if out == nil {
		return s
	}
	return string(append(out, s[done:]...))
}

// find gives the longest name that stands at a place, with what stands for it. A code stands only where a word begins.
func (m *Mask) find(s string, f *folded, at int, own *few, begins bool) (size int, put string) {
	size, put = m.names.find(f.low, at)
	if n, p := own.find(f.low, at); n > size {
		size, put = n, p
	}
	if begins {
		if n, p := m.findCode(s, f, at); n > size {
			size, put = n, p
		}
	}
	return size, put
}

// findCode finds a customer's code at the beginning of a word: in capitals, or in any case at the beginning of a reference. A code in
// small letters alone may be a word of the language.
func (m *Mask) findCode(s string, f *folded, at int) (size int, put string) {
	end := at + 1
	for end < len(f.low) && wordly(f.low[end]) {
		if end++; end-at > longestCode {
			return 0, ""
		}
	}
	if !numbered(f.low[end:]) && !capitals(s[f.from(at):f.from(end)]) {
		return 0, ""
	}
	put, ok := m.codes[string(f.low[at:end])]
	if !ok {
		return 0, ""
	}
	return end - at, put
}

func capitals(word string) bool {
	for n := range len(word) {
		if b := word[n]; (b < 'A' || b > 'Z') && !digit(b) {
			return false
		}
	}
	return true
}

// longestCode is that of soc.ParseCode.
const longestCode = 8

// numbered tells whether what follows a word makes it a reference: -28282 or -s104.
func numbered(rest []byte) bool {
	if len(rest) > 2 && rest[1] == 's' {
		rest = rest[1:]
		return digit(rest[1])
	}
	return len(rest) > 1 && rest[0] == '-' && digit(rest[1])
}
