package soc

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzParseFilter(f *testing.F) {
	seeds := []string{"sev:high status:new,active -owner:me", `"a b" -"c"`, "x:y", ":", "-", `""`, "tenant:", "\x1b[m\xff",
		"a or (b -(c not d))",
		"not(a)or(b)",
		"file:setup(1).exe", "age:<2h updated:>1d alerts:>=5", `user:"kai c",mira`, "ip:::ffff:203.0.113.0/120",
		"((", "a)b", "or", `"`, "ÄÖ:ü", "is:redirected or tech:T1059,", "-(-is:redirected)"}
	for _, s := range seeds {
		f.Add(s, len(s)/2)
		f.Add(s, len(s))
	}
	s := crowd(4, 3, 30)
	for i := range s.All() {
		i.Ref.Code, i.Tenant.Code = "CONT", "CONT"
	}
	values, scope := FilterValuesOf(s), &Scope{Me: s.Analyst, Now: noon()}
	f.Fuzz(func(t *testing.T, in string, cursor int) {
		completes(t, in, cursor, values)
		filter, err := ParseFilter(in, vocabulary())
		if err != nil {
			pointed(t, in, err)
			return
		}
		again, err := ParseFilter(filter.String(), vocabulary())
		if err != nil || again.String() != filter.String() {
			t.Fatalf("%q does not read back: %v", filter, err)
		}
		loose, err := ParseFilter("sev:high or is:redirected", vocabulary())
		if err != nil {
			t.Fatal(err)
		}
		joined := loose.And(filter)
		back, err := ParseFilter(joined.String(), vocabulary())
		if fits := len(joined.String()) <= maxFilter && strings.Count(in, "(") < maxNesting; fits && err != nil {
			t.Fatalf("%q does not read back: %v", joined, err)
		}
		for i := range s.All() {
			if filter.Match(i, scope) != again.Match(i, scope) || err == nil && joined.Match(i, scope) != back.Match(i, scope) {
				t.Fatalf("%q means another thing when it is read back", filter)
			}
		}
	})
}

// pointed checks that an error can be shown and points into the filter.
func pointed(t *testing.T, in string, err error) {
	t.Helper()
	e := AsFilterError(err)
	if e.Error() == "" || strings.ContainsAny(e.Error()+e.Word(), "\x1b\x00\x07") {
		t.Errorf("%q: error %q", in, e.Error())
	}
	if e.Start < 0 || e.Start > e.End || e.End > len(e.Filter) {
		t.Errorf("%q: points from %d to %d of %q", in, e.Start, e.End, e.Filter)
	}
	if e.Filter == in && in != "" && e.Start == e.End {
		t.Errorf("%q: points at nothing", in)
	}
	if e.Pointer() == "" {
		t.Errorf("%q: no carets", in)
	}
}

// completes checks that what is offered can be put in, and that it says what it stands for.
func completes(t *testing.T, in string, cursor int, values *FilterValues) {
	t.Helper()
	c := CompleteFilter(in, cursor, vocabulary(), values)
	if c.Start < 0 || c.Start > c.End || c.End > len(in) || len(c.Items) > maxItems {
		t.Fatalf("%q at %d: %d to %d, %d items", in, cursor, c.Start, c.End, len(c.Items))
	}
	if utf8.ValidString(in) && (!utf8.ValidString(in[:c.Start]) || !utf8.ValidString(in[c.End:])) {
		t.Fatalf("%q at %d: %d to %d cuts a character", in, cursor, c.Start, c.End)
	}
	for _, item := range c.Items {
		if item.Text == "" || strings.ContainsAny(item.Text+item.Note, "\x1b\x00\x07\n") {
			t.Errorf("%q at %d offers %q", in, cursor, item.Text)
		}
		next := in[:c.Start] + item.Text + in[c.End:]
		if _, err := ParseFilter(next, vocabulary()); err != nil {
			pointed(t, next, err)
		}
	}
}
