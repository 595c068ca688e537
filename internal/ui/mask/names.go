package mask

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// name is a piece of text and what stands in its place.
type name struct {
	find string // folded
	put  string
	word bool // counts only where no letter or digit is next to it
}

// long is the length from which a name is looked for inside of words as well: a shorter one is part of too many of them.
const long = 5

func newName(s, put string) name {
	f := fold(make([]byte, 0, len(s)), s)
	return name{find: string(f.low), put: put, word: len(f.low) < long}
}

func (n *name) at(low []byte, at int) bool {
	end := at + len(n.find)
	if end > len(low) || string(low[at:end]) != n.find {
		return false
	}
	return !n.word || (at == 0 || !wordly(low[at-1])) && (end == len(low) || !wordly(low[end]))
}

// names finds thousands of names in one pass: a bit for each hash of three bytes says whether a name can begin there.
type names struct {
	bits  [1 << 10]uint64
	begin map[[key]byte][]name // longest first
	short few                  // those with fewer bytes
}

// key is how many bytes of a name decide where it is looked up.
const key = 3

func newNames(all []name) names {
	n := names{begin: make(map[[key]byte][]name, len(all)/4)}
	seen := make(map[string]bool, len(all))
	for _, one := range all {
		switch {
		case seen[one.find]: // of an earlier customer; both are hidden
		case len(one.find) < key:
			n.short.add(one)
		default:
			k := [key]byte([]byte(one.find[:key]))
			h := hash(k[0], k[1], k[2])
			n.bits[h>>6] |= 1 << (h & 63)
			n.begin[k] = append(n.begin[k], one)
		}
		seen[one.find] = true
	}
	for _, list := range n.begin {
		slices.SortStableFunc(list, func(a, b name) int { return len(b.find) - len(a.find) })
	}
	return n
}

// hash gives one of 65,536 bits for three bytes.
func hash(a, b, c byte) uint16 { return uint16(a&0x3f)<<10 ^ uint16(b&0x3f)<<5 ^ uint16(c&0x3f) }

// may tells whether a name may begin there; most places are told apart by it.
func (n *names) may(low []byte, at int) bool {
	if at+key > len(low) {
		return false
	}
	h := hash(low[at], low[at+1], low[at+2])
	return n.bits[h>>6]&(1<<(h&63)) != 0
}

// find gives the longest name that stands there.
func (n *names) find(low []byte, at int) (size int, put string) {
	if n.may(low, at) {
		list := n.begin[[key]byte(low[at:])]
		for i := range list {
			if list[i].at(low, at) {
				return len(list[i].find), list[i].put
			}
		}
	}
	return n.short.find(low, at)
}

// few finds a handful of names of two bytes or more. A single letter names nobody.
type few struct {
	bits [16]uint64 // by the first two bytes
	list []name
}

func (f *few) add(n name) {
	if len(n.find) < 2 {
		return
	}
	for i := range f.list {
		if f.list[i].find == n.find {
			return
		}
	}
	h := pair(n.find[0], n.find[1])
	f.bits[h>>6] |= 1 << (h & 63)
	f.list = append(f.list, n)
}

// pair gives one of 1,024 bits for two bytes.
func pair(a, b byte) uint16 { return uint16(a&0x1f)<<5 ^ uint16(b&0x3f) }

// may tells whether one of them may begin there.
func (f *few) may(low []byte, at int) bool {
	if at+1 >= len(low) {
		return false
	}
	h := pair(low[at], low[at+1])
	return f.bits[h>>6]&(1<<(h&63)) != 0
}

// find gives the longest name that stands there.
func (f *few) find(low []byte, at int) (size int, put string) {
	if !f.may(low, at) {
		return 0, ""
	}
	for i := range f.list {
		if n := &f.list[i]; len(n.find) > size && n.at(low, at) {
			size, put = len(n.find), n.put
		}
	}
	return size, put
}

// folded is a text in which letters that differ only in their case are the same.
type folded struct {
	low []byte
	at  []int // where each byte of low comes from, and the end; nil where nothing moved
}

// from gives the place in the text that a place in low stands for.
func (f *folded) from(n int) int {
	if f.at == nil {
		return n
	}
	return f.at[n]
}

// fold makes a text comparable. Some letters take another length in the other case (İ, the Kelvin sign), and none of them may
// keep the names around it from being found.
func fold(room []byte, s string) folded {
	for n := range len(s) {
		if s[n] >= utf8.RuneSelf {
			return foldRunes(room[:0], s)
		}
		b := s[n]
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		room = append(room, b)
	}
	return folded{low: room}
}

func foldRunes(room []byte, s string) folded {
	at := make([]int, 0, len(s)+utf8.UTFMax)
	for n, r := range s {
		before := len(room)
		room = utf8.AppendRune(room, unicode.ToLower(unicode.ToUpper(r)))
		for range len(room) - before {
			at = append(at, n)
		}
	}
	return folded{low: room, at: append(at, len(s))}
}

func letter(b byte) bool { return b >= 'a' && b <= 'z' }
func digit(b byte) bool  { return b >= '0' && b <= '9' }

// wordly tells whether a folded byte belongs to a word.
func wordly(b byte) bool { return letter(b) || digit(b) || b >= utf8.RuneSelf }
