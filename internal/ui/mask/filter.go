package mask

import (
	"regexp"
	"strings"
)

// term finds a key of the filter language with its values.
var term = regexp.MustCompile(`(\pL+):((?:"[^"]*"|[^\s()"])+)`)

// Filter is a filter as it is shown: whom it asks for is hidden, also where that is part of a device's name or of an alert's
// title, and the rest is text like any other. It cannot be read as a filter again.
func (m *Mask) Filter(s string) string {
	if m == nil {
		return s
	}
	return m.Text(term.ReplaceAllStringFunc(s, func(all string) string {
		key, value, _ := strings.Cut(all, ":")
		switch strings.ToLower(key) {
		case "tenant", "customer":
			return key + ":" + m.codesIn(value)
		case "user", "owner", "assigned", "device", "alert":
			if !meansNobody(value) {
				return key + ":hidden"
			}
		}
		return all
	}))
}

// meansNobody tells whether the values of owner: are all words of the language.
func meansNobody(values string) bool {
	for v := range strings.SplitSeq(strings.ToLower(values), ",") {
		if v != "me" && v != "none" && v != "experts" {
			return false
		}
	}
	return true
}

func (m *Mask) codesIn(values string) string {
	list := strings.Split(values, ",")
	for n, v := range list {
		if shown, ok := m.codes[strings.ToLower(strings.Trim(v, `"`))]; ok {
			list[n] = shown
		}
	}
	return strings.Join(list, ",")
}
