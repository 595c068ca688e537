package odata

import "strings"

type op int

const (
	opEq op = iota
	opNe
	opGt
	opGe
	opLt
	opLe
)

func operator(t token) (op, bool) {
	if t.kind != tokenWord {
		return 0, false
	}
	for i, name := range [...]string{"eq", "ne", "gt", "ge", "lt", "le"} {
		if strings.EqualFold(t.text, name) {
			return op(i), true
		}
	}
	return 0, false
}

// Match reports whether the filter lets an object through.
func (e Expr) Match(row Row) bool { return e.root == nil || e.root.match(row) }

type node interface{ match(Row) bool }

type (
	orNode  struct{ left, right node }
	andNode struct{ left, right node }
	notNode struct{ inner node }
)

func (n orNode) match(r Row) bool  { return n.left.match(r) || n.right.match(r) }
func (n andNode) match(r Row) bool { return n.left.match(r) && n.right.match(r) }
func (n notNode) match(r Row) bool { return !n.inner.match(r) }

type compareNode struct {
	property string
	kind     Kind
	op       op
	value    Value
}

// match follows OData's rule for null: equal only to null, and neither before nor after anything.
func (n compareNode) match(r Row) bool {
	got := r(n.property)
	if got.Null || n.value.Null {
		switch n.op {
		case opEq:
			return got.Null == n.value.Null
		case opNe:
			return got.Null != n.value.Null
		default:
			return false
		}
	}
	var c int
	switch n.kind {
	case Time:
		c = got.Time.Compare(n.value.Time)
	default:
		c = strings.Compare(strings.ToLower(got.Text), strings.ToLower(n.value.Text))
	}
	switch n.op {
	case opEq:
		return c == 0
	case opNe:
		return c != 0
	case opGt:
		return c > 0
	case opGe:
		return c >= 0
	case opLt:
		return c < 0
	default:
		return c <= 0
	}
}
