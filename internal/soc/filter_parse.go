package soc

import (
	"fmt"
	"strings"

	"github.com/socctl/socctl/internal/text"
)

// Limits of a filter, since a paste is not a filter: bytes of its text, and parentheses inside parentheses.
const (
	maxFilter  = 2048
	maxNesting = 32
)

// Vocabulary is what a filter may name of this provider's own.
type Vocabulary struct {
	Codes  []Code
	Groups []string
}

// ParseFilter reads a filter. The customers and groups named in it are checked against known. An error is a FilterError.
func ParseFilter(s string, known Vocabulary) (Filter, error) {
	if len(s) > maxFilter {
		return Filter{}, &FilterError{Message: fmt.Sprintf("a filter has at most %d characters", maxFilter)}
	}
	p := parser{s: s, words: words(known)}
	if p.next(); p.at.kind == tokenEnd {
		return Filter{}, nil
	}
	var root *node
	var loose bool
	if p.at.kind != tokenClose {
		var err *FilterError
		if root, loose, err = p.or(false); err != nil {
			return Filter{}, err
		}
	}
	if p.at.kind == tokenClose {
		return Filter{}, p.wrong(p.at, "this parenthesis closes nothing")
	}
	return Filter{text: strings.Trim(s, " \t\r\n"), root: root, loose: loose}, nil
}

// parser reads a filter from left to right, one token ahead: not binds tighter than and, which binds tighter than or.
// Each method takes whether what it reads is negated, and gives it with the negation carried down to the words.
type parser struct {
	s     string
	words []filterWord
	at    token
	depth int
}

func (p *parser) next() { p.at = tokenAt(p.s, p.at.end) }

func (p *parser) wrong(at token, format string, args ...any) *FilterError {
	return &FilterError{Filter: p.s, Start: at.start, End: at.end, Message: fmt.Sprintf(format, args...)}
}

// or reads parts joined by or, and tells whether there was more than one.
func (p *parser) or(not bool) (n *node, several bool, err *FilterError) {
	var parts []*node
	for {
		part, err := p.and(not)
		if err != nil {
			return nil, false, err
		}
		parts = append(parts, part)
		if p.at.kind != tokenOr {
			return join(either(opOr, opAnd, not), parts), len(parts) > 1, nil
		}
		if err := p.wantMore(); err != nil {
			return nil, false, err
		}
	}
}

// and reads parts joined by and, or simply standing side by side.
func (p *parser) and(not bool) (*node, *FilterError) {
	if p.at.kind == tokenAnd || p.at.kind == tokenOr {
		return nil, p.wrong(p.at, "%s has nothing on its left; quotation marks around it look for it as text", p.operator())
	}
	var parts []*node
	for {
		part, err := p.part(not)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		if p.at.kind == tokenAnd {
			if err := p.wantMore(); err != nil {
				return nil, err
			}
		}
		if !p.at.kind.operand() {
			return join(either(opAnd, opOr, not), parts), nil
		}
	}
}

// either is the operator, or the one that it becomes under a negation.
func either(o, negated op, not bool) op {
	if not {
		return negated
	}
	return o
}

// part reads a word or a group, with the nots in front of it.
func (p *parser) part(not bool) (*node, *FilterError) {
	for p.at.kind == tokenNot {
		if err := p.wantMore(); err != nil {
			return nil, err
		}
		not = !not
	}
	if p.at.kind == tokenOpen {
		return p.group(not)
	}
	return p.word(not)
}

// wantMore goes past an operator, which wants something on its right.
func (p *parser) wantMore() *FilterError {
	at, name := p.at, p.operator()
	if p.next(); p.at.kind.operand() {
		return nil
	}
	return p.wrong(at, "%s has nothing on its right; quotation marks around it look for it as text", name)
}

func (p *parser) operator() string { return strings.ToLower(p.s[p.at.start:p.at.end]) }

// group reads what stands between parentheses.
func (p *parser) group(not bool) (*node, *FilterError) {
	open := p.at
	if p.depth++; p.depth > maxNesting {
		return nil, p.wrong(open, "a filter has at most %d parentheses inside each other", maxNesting)
	}
	if p.next(); p.at.kind == tokenClose {
		return nil, p.wrong(token{start: open.start, end: p.at.end}, "there is nothing between these parentheses")
	}
	if p.at.kind == tokenEnd {
		return nil, p.wrong(open, "this parenthesis is never closed")
	}
	n, _, err := p.or(not != (p.s[open.start] == '-'))
	if err != nil {
		return nil, err
	}
	if p.at.kind != tokenClose {
		return nil, p.wrong(open, "this parenthesis is never closed")
	}
	p.depth--
	p.next()
	return n, nil
}

// word reads one word.
func (p *parser) word(not bool) (*node, *FilterError) {
	switch p.at.flaw {
	case flawQuote:
		return nil, p.wrong(p.at, "a quotation mark is never closed")
	case flawParen:
		return nil, p.wrong(p.at, "a parenthesis inside this word is not closed; put the word between quotation marks")
	}
	n, err := p.meaning(readWord(p.s[p.at.start:p.at.end]))
	if err != nil {
		err.Filter, err.Start, err.End = p.s, p.at.start, p.at.end
		return nil, err
	}
	if not {
		n.not = !n.not
	}
	n.asks = n.asks && !n.not
	p.next()
	return n, nil
}

// meaning turns a word into what decides.
func (p *parser) meaning(w word) (*node, *FilterError) {
	n := &node{not: w.not}
	if w.key == "" {
		n.cost, n.values = costText, []matcher{matchText(w.values[0])}
		return n, nil
	}
	key, ok := findWord(p.words, w.key)
	if !ok {
		return nil, p.noKey(w.key)
	}
	n.cost = key.cost
	for _, v := range w.values {
		if v == "" {
			return nil, &FilterError{Message: w.key + ": wants a value, for example " + key.Example}
		}
		m, err := key.match(v)
		if err != nil {
			return nil, err
		}
		n.values = append(n.values, m)
		n.asks = n.asks || (key.asks && strings.EqualFold(v, string(StateRedirected)))
	}
	return n, nil
}

func (p *parser) noKey(key string) *FilterError {
	var keys []string
	for _, w := range p.words {
		keys = append(keys, w.Key)
		keys = append(keys, w.Aliases...)
	}
	if near, ok := Nearest(key, keys); ok {
		return &FilterError{Message: "there is no filter key " + text.Quote(key), Nearest: near + ":"}
	}
	return &FilterError{Message: fmt.Sprintf("there is no filter key %s; quotation marks around the word look for it as text", text.Quote(key))}
}
