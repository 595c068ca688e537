package soc

import (
	"slices"
	"time"
)

// Filter is a parsed filter; docs/filter.md describes the language. The zero Filter matches everything that is not
// merged away. A Filter is immutable and may be used from any goroutine.
type Filter struct {
	text  string
	root  *node // nil where nothing is asked
	loose bool  // the text has an "or" outside all parentheses, so that more text beside it would bind tighter
}

// node is a word of a filter, or several parts joined. The parser carries every negation down to the words, so that a
// filter is built of and, or, and words that have to match or may not match.
type node struct {
	op   op
	asks bool // it, or a part of it, asks for what was merged away
	cost cost
	kids []*node // of and, or

	not    bool // the word may not match
	values []matcher
}

type op uint8

const (
	opWord op = iota
	opAnd
	opOr
)

// cost orders the parts of an "and", so that the dear ones only see what the cheap ones let through.
type cost uint8

const (
	costField cost = iota // looks at fields
	costList              // walks over tags or entities
	costText              // looks for text in all of it
)

// matcher decides about one value of one word. It allocates nothing.
type matcher func(*Incident, *Scope) bool

// Scope is what a filter has to know besides the incident.
type Scope struct {
	Me  Analyst
	Now time.Time
}

// And gives a filter that both have to match. What was merged away shows where one of them asks for it. The text of the
// result reads back as the same filter, unless it got longer or its parentheses deeper than ParseFilter takes.
func (f Filter) And(g Filter) Filter {
	switch {
	case f.IsZero():
		return g
	case g.IsZero():
		return f
	}
	return Filter{text: f.tight() + " " + g.tight(), root: join(opAnd, []*node{f.root, g.root})}
}

// tight is the text as it can stand beside more text.
func (f Filter) tight() string {
	if f.loose {
		return "(" + f.text + ")"
	}
	return f.text
}

// String gives the filter as it was written.
func (f Filter) String() string { return f.text }

// IsZero tells whether nothing was asked.
func (f Filter) IsZero() bool { return f.root == nil }

// Match decides about one incident. One that was merged away shows only where what it matches asks for it: among parts
// joined by or, one that asks has to match; among parts that all have to match, it is enough that one of them asks.
func (f Filter) Match(i *Incident, s *Scope) bool {
	merged := i.State == StateRedirected
	if f.root == nil || (merged && !f.root.asks) {
		return !merged
	}
	ok, asked := f.root.match(i, s, merged)
	return ok && (asked || !merged)
}

// match tells whether the incident matches, and whether something that it matches asks for what was merged away.
func (n *node) match(i *Incident, s *Scope, merged bool) (ok, asked bool) {
	switch n.op {
	case opAnd:
		for _, k := range n.kids {
			ok, asks := k.match(i, s, merged)
			if !ok {
				return false, false
			}
			asked = asked || asks
		}
		return true, asked
	case opOr:
		for _, k := range n.kids {
			if one, asks := k.match(i, s, merged); one {
				if ok = true; asks || !merged {
					return true, asks
				}
			}
		}
		return ok, false
	}
	ok = n.any(i, s) != n.not
	return ok, ok && n.asks
}

func (n *node) any(i *Incident, s *Scope) bool {
	for _, m := range n.values {
		if m(i, s) {
			return true
		}
	}
	return false
}

// join makes one node of several, without a node of the same kind inside. The parts of an "and" are put in the order of
// what they cost, which changes nothing else.
func join(o op, parts []*node) *node {
	if len(parts) == 1 {
		return parts[0]
	}
	n := &node{op: o, kids: make([]*node, 0, len(parts))}
	for _, p := range parts {
		n.asks, n.cost = n.asks || p.asks, max(n.cost, p.cost)
		if p.op == o {
			n.kids = append(n.kids, p.kids...)
		} else {
			n.kids = append(n.kids, p)
		}
	}
	slices.SortStableFunc(n.kids, func(a, b *node) int { return int(a.cost) - int(b.cost) })
	return n
}

// Select gives the incidents of a snapshot that match, in the order asked for.
func (s *Snapshot) Select(f Filter, by Order, now time.Time) []*Incident {
	scope := &Scope{Me: s.Analyst, Now: now}
	list := make([]*Incident, 0, s.Len())
	for i := range s.All() {
		if f.Match(i, scope) {
			list = append(list, i)
		}
	}
	Sort(list, by, now)
	return list
}
