package soc

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// FilterCompletion is how a filter can go on: one of Items instead of the bytes from Start to End.
type FilterCompletion struct {
	Start, End int
	Items      []FilterItem
}

// FilterItem is one way to go on, with what there is to say about it. Both are safe to show.
type FilterItem struct {
	Text, Note string
}

// maxItems is how many ways to go on are offered.
const maxItems = 50

// CompleteFilter tells how the filter in line can go on at the cursor, which is a byte offset: with a key, an operator, or a
// value of the key. What begins with what stands before the cursor comes first; then what holds it. Within these, the
// words of the language stand in their own order, and what incidents have by how often they have it, then by name. It
// works on a filter that is not finished, and asks for no more of it than quotation marks and blanks.
func CompleteFilter(line string, cursor int, v Vocabulary, values *FilterValues) FilterCompletion {
	cursor = max(0, min(cursor, len(line)))
	for cursor > 0 && cursor < len(line) && !utf8.RuneStart(line[cursor]) {
		cursor--
	}
	at, before := tokenUnder(line, cursor)
	c := completer{line: line, cursor: cursor, known: v, values: values}
	switch {
	case at.kind == tokenEnd:
		return c.keys(cursor, cursor, before, true)
	case at.kind == tokenOpen || at.kind == tokenClose || at.start == cursor:
		return FilterCompletion{Start: cursor, End: cursor}
	}
	start, plain := at.start, true
	if line[start] == '-' {
		start, plain = start+1, false
	}
	key, list, ok := cutKey(line[start:at.end])
	if colon := start + len(key); ok && cursor > colon {
		return c.list(key, at.end-len(list), at)
	} else if ok {
		return c.keys(start, colon+1, before, false)
	}
	return c.keys(start, at.end, before, plain)
}

// tokenUnder finds the token that the cursor stands in, in front of or behind; the end of the text where it stands between
// two. It tells whether what stands before that is something that an operator could join.
func tokenUnder(line string, cursor int) (at token, joins bool) {
	for {
		at = tokenAt(line, at.end)
		free := at.kind == tokenEnd || at.kind == tokenClose || at.start > cursor
		switch {
		case at.start >= cursor && free:
			return token{kind: tokenEnd, start: cursor, end: cursor}, joins
		case cursor < at.end, cursor == at.end && at.kind != tokenOpen && at.kind != tokenClose:
			return at, joins
		}
		joins = at.kind == tokenWord || at.kind == tokenClose
	}
}

// completer is one question to CompleteFilter.
type completer struct {
	line   string
	cursor int
	known  Vocabulary
	values *FilterValues
}

// keys offers the keys of the language, and its operators where they can stand.
func (c *completer) keys(start, end int, joins, operators bool) FilterCompletion {
	out := FilterCompletion{Start: start, End: end}
	typed := strings.ToLower(c.line[start:c.cursor])
	for _, w := range words(c.known) {
		starts := func(name string) bool { return strings.HasPrefix(name, typed) }
		if starts(w.Key) || (typed != "" && slices.ContainsFunc(w.Aliases, starts)) {
			out.Items = append(out.Items, FilterItem{w.Key + ":", w.Meaning})
		}
	}
	if !operators {
		return out
	}
	for _, o := range []FilterItem{{"or", "one of both sides"}, {"and", "both sides; the same as a blank"}, {"not", "not what follows"}} {
		if strings.HasPrefix(o.Text, typed) && (joins || o.Text == "not") {
			out.Items = append(out.Items, o)
		}
	}
	return out
}

// list offers the values of a key for the one of the list at the cursor, without those that the list has already. The list
// starts at from and ends with the word.
func (c *completer) list(key string, from int, at token) FilterCompletion {
	var start, end int // of the value at the cursor
	var others []string
	for pos := from; pos <= at.end; {
		next := pos + valueEnd(c.line[pos:at.end])
		if pos <= c.cursor && c.cursor <= next {
			start, end = pos, next
		} else {
			others = append(others, strings.ToLower(unquote(c.line[pos:next])))
		}
		pos = next + 1
	}
	if at.flaw == flawQuote && strings.Count(c.line[start:c.cursor], `"`)%2 == 1 {
		end = c.cursor // the mark that is open there takes in all that follows
	}
	out := FilterCompletion{Start: start, End: end}
	w, ok := findWord(words(c.known), strings.ToLower(key))
	if !ok {
		return out
	}
	typed := strings.ToLower(unquote(c.line[start:c.cursor]))
	var later []FilterItem
	for _, v := range c.of(w) {
		lower := strings.ToLower(v.Text)
		if n := strings.Index(lower, typed); n < 0 || strings.Contains(v.Text, `"`) || slices.Contains(others, lower) {
			continue
		} else if item := (FilterItem{quoted(v.Text), v.Note}); n == 0 {
			out.Items = append(out.Items, item)
		} else {
			later = append(later, item)
		}
	}
	out.Items = append(out.Items, later...)
	out.Items = out.Items[:min(len(out.Items), maxItems)]
	return out
}

// of gives the values of a key: the words of the language, what the provider calls its own, what the incidents have.
func (c *completer) of(w *filterWord) []FilterValue {
	all := make([]FilterValue, 0, len(w.Values))
	for _, v := range w.Values {
		all = append(all, FilterValue{Text: v})
	}
	switch seen := c.values.Of(w.Key); w.Key {
	case "tenant":
		all = c.tenants(seen)
	case "group":
		for _, g := range c.known.Groups {
			all = append(all, FilterValue{Text: g})
		}
	default:
		all = append(all, seen...)
	}
	return all
}

// tenants gives the customers that can be asked for: those of the vocabulary, those that have incidents first.
func (c *completer) tenants(seen []FilterValue) []FilterValue {
	left := make(map[string]bool, len(c.known.Codes))
	for _, code := range c.known.Codes {
		left[string(code)] = true
	}
	all := make([]FilterValue, 0, len(left))
	for _, v := range seen {
		if left[v.Text] {
			all = append(all, v)
			delete(left, v.Text)
		}
	}
	for _, code := range c.known.Codes {
		if left[string(code)] {
			all = append(all, FilterValue{Text: string(code)})
		}
	}
	return all
}

// quoted puts a value between quotation marks where it would fall apart without.
func quoted(s string) string {
	if strings.ContainsAny(s, " \t\r\n,()") {
		return `"` + s + `"`
	}
	return s
}
