package odata

import (
	"strings"
	"time"
)

// maxDepth bounds nesting, so that a hostile filter cannot exhaust the stack.
const maxDepth = 64

// Expr is a parsed filter. The zero Expr matches everything.
type Expr struct{ root node }

// Parse reads a filter over the properties of a schema.
func Parse(filter string, schema Schema) (Expr, error) {
	tokens, err := lex(filter)
	if err != nil {
		return Expr{}, err
	}
	p := &parser{source: filter, tokens: tokens, schema: schema}
	root, err := p.or(0)
	if err != nil {
		return Expr{}, err
	}
	if t := p.peek(); t.kind != tokenEnd {
		return Expr{}, syntaxf(t.offset, "Syntax error at position %d in '%s'.", t.offset, filter)
	}
	return Expr{root}, nil
}

// parser is a recursive descent over the tokens: or < and < not < comparison, as OData ranks them.
type parser struct {
	source string
	tokens []token
	at     int
	schema Schema
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

// word consumes the keyword if it comes next.
func (p *parser) word(keyword string) bool {
	t := p.peek()
	if t.kind != tokenWord || !strings.EqualFold(t.text, keyword) {
		return false
	}
	p.at++
	return true
}

func (p *parser) or(depth int) (node, error) {
	left, err := p.and(depth)
	for err == nil && p.word("or") {
		var right node
		if right, err = p.and(depth); err == nil {
			left = orNode{left, right}
		}
	}
	return left, err
}

func (p *parser) and(depth int) (node, error) {
	left, err := p.not(depth)
	for err == nil && p.word("and") {
		var right node
		if right, err = p.not(depth); err == nil {
			left = andNode{left, right}
		}
	}
	return left, err
}

func (p *parser) not(depth int) (node, error) {
	if depth > maxDepth {
		return nil, syntaxf(p.peek().offset, "The recursion limit has been exceeded.")
	}
	if p.word("not") {
		inner, err := p.not(depth + 1)
		return notNode{inner}, err
	}
	if p.peek().kind != tokenOpen {
		return p.comparison()
	}
	p.next()
	inner, err := p.or(depth + 1)
	if err != nil {
		return nil, err
	}
	if t := p.next(); t.kind != tokenClose {
		return nil, syntaxf(t.offset, "')' or operator expected at position %d in '%s'.", t.offset, p.source)
	}
	return inner, nil
}

func (p *parser) comparison() (node, error) {
	name := p.next()
	if name.kind != tokenWord {
		return nil, syntaxf(name.offset, "Expression expected at position %d in '%s'.", name.offset, p.source)
	}
	if p.peek().kind == tokenOpen {
		return nil, syntaxf(name.offset, "An unknown function with name '%s' was found.", name.text)
	}
	spelled, prop, ok := p.property(name.text)
	if !ok {
		return nil, syntaxf(name.offset, "Invalid filter clause: Could not find a property named '%s', or it does not support filtering.", name.text)
	}
	op := p.next()
	cmp, ok := operator(op)
	if !ok {
		return nil, syntaxf(op.offset, "Syntax error at position %d in '%s'.", op.offset, p.source)
	}
	if prop.Kind == Enum && cmp != opEq && cmp != opNe {
		return nil, syntaxf(op.offset, "Invalid filter clause: operator '%s' is not supported for property '%s'.", op.text, spelled)
	}
	value, err := p.literal(spelled, prop)
	if err != nil {
		return nil, err
	}
	return compareNode{property: spelled, kind: prop.Kind, op: cmp, value: value}, nil
}

func (p *parser) property(name string) (string, Property, bool) {
	if prop, ok := p.schema[name]; ok {
		return name, prop, true
	}
	for spelled, prop := range p.schema {
		if strings.EqualFold(spelled, name) {
			return spelled, prop, true
		}
	}
	return "", Property{}, false
}

func (p *parser) literal(name string, prop Property) (Value, error) {
	t := p.next()
	if t.kind == tokenWord && t.text == "null" {
		return Value{Null: true}, nil
	}
	mismatch := syntaxf(t.offset, "Invalid filter clause: A binary operator with incompatible types was detected at position %d in '%s'.", t.offset, p.source)
	switch prop.Kind {
	case Time:
		at, err := time.Parse(time.RFC3339Nano, t.text)
		if t.kind != tokenWord || err != nil {
			return Value{}, mismatch
		}
		return Value{Time: at}, nil
	case Enum:
		if t.kind != tokenQuoted {
			return Value{}, mismatch
		}
		for _, member := range prop.Members {
			if strings.EqualFold(member, t.text) {
				return Value{Text: member}, nil
			}
		}
		return Value{}, syntaxf(t.offset, "Invalid filter clause: The string '%s' is not a valid enumeration type constant for '%s'.", t.text, name)
	default:
		if t.kind != tokenQuoted {
			return Value{}, mismatch
		}
		return Value{Text: t.text}, nil
	}
}
