package soc

import (
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/socctl/socctl/internal/text"
)

// needle is a text to look for without regard to case. What is ASCII is looked for by the byte of it that is rarest in
// names, eight bytes at a time, and compared only where that stands.
type needle struct {
	want  string // lower case
	ascii bool
	at    int    // where in want its rarest byte stands
	rare  uint64 // that byte with the bit of lower case, eight times

	first rune    // of want, where it is not ASCII
	run   *needle // the longest piece of it that is, or nil

	code, number string // want cut at its first dash, for references; only where it has one
}

// common lists the bytes of names and titles by how often they occur, the most frequent last.
const common = "zqjxkvwybfgphmu/_0123456789-.dlcrnstoaie "

const (
	eachByte  = 0x0101010101010101
	lowerCase = 0x20 // the bit that makes a capital letter of ASCII a small one, and of other bytes another byte
)

func newNeedle(s string) needle {
	n := needle{want: strings.ToLower(s)}
	n.ascii = isASCII(n.want)
	n.code, n.number, _ = strings.Cut(n.want, "-")
	if !n.ascii {
		n.first, _ = utf8.DecodeRuneInString(n.want)
		runs := strings.FieldsFunc(n.want, func(r rune) bool { return r >= utf8.RuneSelf })
		if len(runs) > 0 {
			run := newNeedle(slices.MaxFunc(runs, func(a, b string) int { return len(a) - len(b) }))
			n.run = &run
		}
		return n
	}
	best := len(common)
	for at := range len(n.want) {
		if rank := strings.IndexByte(common, n.want[at]); rank < best {
			best, n.at = rank, at
		}
	}
	if n.want != "" {
		n.rare = uint64(n.want[n.at]|lowerCase) * eachByte
	}
	return n
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// in tells whether s holds the text.
func (n *needle) in(s string) bool {
	if !n.ascii {
		return (n.run == nil || n.run.in(s)) && n.inRunes(s)
	}
	last := len(s) - len(n.want) // where the text can begin at most
	if last < 0 || n.want == "" {
		return n.want == ""
	}
	if len(s) < 8 {
		return n.inShort(s, last)
	}
	end := n.at + last + 1
	for from := n.at; from < end; from += 8 {
		from := min(from, len(s)-8) // the last eight bytes may be looked at twice
		v := eight(s[from:]) | eachByte*lowerCase
		v ^= n.rare // now zero where the rarest byte stands, in either case
		for hits := (v - eachByte) &^ v & (eachByte << 7); hits != 0; hits &= hits - 1 {
			begin := from + bits.TrailingZeros64(hits)/8 - n.at
			if begin >= 0 && begin <= last && hasFold(s[begin:], n.want) {
				return true
			}
		}
	}
	return false
}

// eight reads the first eight bytes of s, of which it has at least as many.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func (n *needle) inShort(s string, last int) bool {
	for begin := 0; begin <= last; begin++ {
		if hasFold(s[begin:], n.want) {
			return true
		}
	}
	return false
}

// begins tells whether s begins with the text.
func (n *needle) begins(s string) bool {
	if n.ascii {
		return hasFold(s, n.want)
	}
	return beginsRunes(s, n.want)
}

// hasFold tells whether s begins with want, which is lower-case ASCII.
func hasFold(s, want string) bool {
	if len(s) < len(want) {
		return false
	}
	for i := range len(want) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != want[i] {
			return false
		}
	}
	return true
}

// inRunes looks for a text that is not ASCII. Where it does not begin with ASCII, it passes over what is quickly.
func (n *needle) inRunes(s string) bool {
	for len(s) >= 1 {
		if s[0] < utf8.RuneSelf && n.first >= utf8.RuneSelf {
			s = s[1:]
			continue
		}
		if beginsRunes(s, n.want) {
			return true
		}
		_, size := utf8.DecodeRuneInString(s)
		s = s[size:]
	}
	return false
}

func beginsRunes(s, want string) bool {
	for _, w := range want {
		r, size := utf8.DecodeRuneInString(s)
		if size == 0 || unicode.ToLower(r) != w {
			return false
		}
		s = s[size:]
	}
	return true
}

func (n *needle) inAny(list []text.Line) bool {
	return slices.ContainsFunc(list, func(l text.Line) bool { return n.in(l.String()) })
}

// inRef tells whether the reference holds the text, without making a string of it: in its code, in its number, or across
// the dash between them. A code has no dash.
func (n *needle) inRef(r *Ref) bool {
	if !n.ascii {
		return false
	}
	if n.in(string(r.Code)) || n.in(r.ID) {
		return true
	}
	number, across := n.want, len(n.code) < len(n.want)
	if across {
		number = n.number
		if from := len(r.Code) - len(n.code); from < 0 || !hasFold(string(r.Code[from:]), n.code) {
			return false
		}
	}
	if r.Source == SourceSentinel {
		if number == "" {
			return across
		}
		return number[0] == 's' && hasFold(r.ID, number[1:])
	}
	return across && hasFold(r.ID, number)
}

// matchText looks for a piece of text in what an analyst sees of an incident.
func matchText(v string) matcher {
	n := newNeedle(v)
	return func(i *Incident, _ *Scope) bool {
		if n.in(i.Title.String()) || n.in(i.AssignedTo.String()) || n.in(i.Tenant.Name.String()) || n.inRef(&i.Ref) {
			return true
		}
		if n.inAny(i.Digest.Techniques) || n.inAny(i.CustomTags) {
			return true
		}
		for e := range i.Digest.Entities {
			if n.in(i.Digest.Entities[e].Name.String()) {
				return true
			}
		}
		return false
	}
}
