package soc

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	keys := []string{"tenants", "home", "clouds", "sla", "views", "refresh", "read_only"}
	for _, tc := range []struct {
		name, word string
		among      []string
		want       string // empty: nothing is offered
	}{
		{"one letter more", "tennants", keys, "tenants"},
		{"one letter less", "tenant", keys, "tenants"},
		{"one letter other", "viewz", keys, "views"},
		{"two letters swapped", "hoem", keys, "home"},
		{"a dash for an underscore", "read-only", keys, "read_only"},
		{"without the underscore", "readonly", keys, "read_only"},
		{"in capitals", "CLOUDS", keys, "clouds"},
		{"a swap at the end of a code", "FABB", []string{"CONT", "FABR", "WOOD"}, "FABR"},
		{"the beginning of one", "ref", keys, "refresh"},
		{"the beginning of two", "re", keys, ""},
		{"a single letter is not enough", "r", keys, ""},
		{"two letters, one slip", "sl", keys, "sla"},
		{"nothing alike", "banana", keys, ""},
		{"short and all different", "x", []string{"y"}, ""},
		{"the first of two equals", "cat", []string{"bat", "rat"}, "bat"},
		{"empty word", "", keys, ""},
		{"empty candidates", "home", nil, ""},
		{"an empty candidate", "a", []string{""}, ""},
		{"too long to be a slip", strings.Repeat("a", 65), []string{strings.Repeat("a", 64)}, ""},
		{"beyond ascii", "zürch", []string{"zürich"}, "zürich"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, ok := Nearest(tc.word, tc.among)
			if got != tc.want || ok != (tc.want != "") {
				t.Errorf("Nearest(%q) = %q, %v; want %q", tc.word, got, ok, tc.want)
			}
		})
	}
}

func TestDistanceIsADistance(t *testing.T) {
	t.Parallel()
	word := rapid.SliceOfN(rapid.RuneFrom([]rune("abc")), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := distance(a, b)
		if d != distance(b, a) {
			t.Fatalf("not symmetric: %q %q", string(a), string(b))
		}
		if (d == 0) != (string(a) == string(b)) {
			t.Fatalf("distance %d between %q and %q", d, string(a), string(b))
		}
		if d > max(len(a), len(b)) || d < len(a)-len(b) {
			t.Fatalf("distance %d between %q and %q is out of bounds", d, string(a), string(b))
		}
	})
}
