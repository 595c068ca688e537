package simcloud

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/simcloud/odata"
)

// query are the options of a list.
type query struct {
	filter  odata.Expr
	order   string // createdDateTime or lastUpdateDateTime
	up      bool   // oldest first
	top     int
	skip    int
	count   bool
	expand  bool
	after   *position // from $skiptoken
	options url.Values
}

// position is where a page ends: the key of its last object. The next page starts behind it, so that a change elsewhere
// neither repeats nor hides what did not change.
type position struct {
	Time time.Time `json:"t"`
	ID   string    `json:"i"`
}

func (p position) token() string {
	b, _ := json.Marshal(p) // a time and a string always have a JSON form
	return base64.RawURLEncoding.EncodeToString(b)
}

// collection says what a list accepts.
type collection struct {
	schema odata.Schema
	maxTop int
	expand bool // $expand=alerts
}

// defaultTop is the page size without $top.
const defaultTop = 50

// parse reads the query options; where it answers itself, it reports false.
func (g *graphCall) parse(c collection) (query, bool) {
	q := query{order: "createdDateTime", top: defaultTop, options: g.r.URL.Query()}
	for name, values := range q.options {
		if !strings.HasPrefix(name, "$") {
			continue
		}
		if len(values) != 1 {
			g.badRequest("Query option '%s' was specified more than once, but it must be specified at most once.", name)
			return q, false
		}
		if !g.option(c, &q, strings.ToLower(name), values[0]) {
			return q, false
		}
	}
	return q, true
}

// option reads one query option.
func (g *graphCall) option(c collection, q *query, name, value string) (ok bool) {
	switch name {
	case "$filter":
		return g.filterOption(c, q, value)
	case "$orderby":
		return g.orderOption(q, value)
	case "$top", "$skip":
		return g.numberOption(c, q, name, value)
	case "$count":
		q.count = strings.EqualFold(value, "true")
		return g.require(q.count || strings.EqualFold(value, "false"), "Invalid value '%s' for $count query option found.", value)
	case "$expand":
		q.expand = c.expand && strings.EqualFold(value, "alerts")
		return g.require(q.expand, "The query specified in the URI is not valid. Could not find a property named '%s' to expand.", value)
	case "$skiptoken":
		b, err := base64.RawURLEncoding.DecodeString(value)
		q.after = &position{}
		return g.require(err == nil && json.Unmarshal(b, q.after) == nil, "The skip token is not valid.%s", "")
	case "$select":
		return g.require(false, "The query specified in the URI is not valid. Query option '%s' is not allowed. To allow it, set the 'AllowedQueryOptions' property on EnableQueryAttribute or QueryValidationSettings.", "Select")
	default:
		return g.require(false, "The query parameter '%s' is not supported.", name)
	}
}

// require answers 400 unless the condition holds.
func (g *graphCall) require(condition bool, format, value string) bool {
	if !condition {
		g.badRequest(format, value)
	}
	return condition
}

func (g *graphCall) filterOption(c collection, q *query, value string) bool {
	var err error
	if q.filter, err = odata.Parse(value, c.schema); err != nil {
		g.badRequest("%s", err)
		return false
	}
	return true
}

func (g *graphCall) orderOption(q *query, value string) bool {
	property, direction, _ := strings.Cut(strings.TrimSpace(value), " ")
	direction = strings.ToLower(strings.TrimSpace(direction))
	switch strings.ToLower(property) {
	case "createddatetime":
		q.order = "createdDateTime"
	case "lastupdatedatetime":
		q.order = "lastUpdateDateTime"
	default:
		return g.require(false, "The query specified in the URI is not valid. Sorting by '%s' is not supported.", property)
	}
	q.up = direction != "desc"
	return g.require(direction == "" || direction == "asc" || direction == "desc", "Syntax error in '%s'.", value)
}

func (g *graphCall) numberOption(c collection, q *query, name, value string) bool {
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		g.badRequest("Invalid value '%s' for %s query option found. The %s query option requires a non-negative integer value.", value, name, name)
		return false
	}
	if name == "$skip" {
		q.skip = n
		return true
	}
	if n > c.maxTop {
		g.topExceeded(c.maxTop, value)
		return false
	}
	q.top = n
	return true
}

// record is what lists are made of.
type record interface {
	Value(property string) odata.Value
	Key() string // unique in its tenant, and the tie-breaker of every order
}

// page is one answer's share of a list.
type page[T record] struct {
	items []T
	total int       // that match, before paging
	next  *position // nil on the last page
}

// paginate filters, orders and cuts a list.
func paginate[T record](all []T, q query) page[T] {
	matching := make([]T, 0, len(all))
	for _, item := range all {
		if q.filter.Match(item.Value) {
			matching = append(matching, item)
		}
	}
	at := func(item T) position { return position{item.Value(q.order).Time, item.Key()} }
	slices.SortFunc(matching, func(a, b T) int { return q.compare(at(a), at(b)) })
	p := page[T]{total: len(matching)}
	from := min(q.skip, len(matching))
	if q.after != nil {
		from = sort.Search(len(matching), func(i int) bool { return q.compare(at(matching[i]), *q.after) > 0 })
	}
	to := min(from+q.top, len(matching))
	p.items = matching[from:to]
	if to < len(matching) && to > from {
		end := at(matching[to-1])
		p.next = &end
	}
	return p
}

// compare orders positions as the query wants them.
func (q query) compare(a, b position) int {
	c := a.Time.Compare(b.Time)
	if c == 0 {
		if c = len(a.ID) - len(b.ID); c == 0 {
			c = strings.Compare(a.ID, b.ID)
		}
	}
	if q.up {
		return c
	}
	return -c
}

// nextLink is the address of the page behind a position: the same query with a $skiptoken.
func (g *graphCall) nextLink(q query, p position) string {
	var b strings.Builder
	b.WriteString(rootOf(g.r))
	b.WriteString(g.r.URL.EscapedPath())
	sep := "?"
	names := make([]string, 0, len(q.options))
	for name := range q.options {
		names = append(names, name)
	}
	sort.Strings(names)
	add := func(name, value string) {
		b.WriteString(sep + name + "=" + strings.ReplaceAll(url.QueryEscape(value), "+", "%20"))
		sep = "&"
	}
	for _, name := range names {
		if lower := strings.ToLower(name); lower == "$skip" || lower == "$skiptoken" {
			continue
		}
		for _, value := range q.options[name] {
			add(name, value)
		}
	}
	add("$skiptoken", p.token())
	return b.String()
}
