package action

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestEveryActionIsWhole(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	for _, a := range All() {
		if !name.MatchString(string(a.ID)) {
			t.Errorf("%q cannot be typed as a command", a.ID)
		}
		for _, alias := range a.Aliases {
			if !name.MatchString(alias) {
				t.Errorf("%s: the alias %q cannot be typed as a command", a.ID, alias)
			}
		}
		if a.Title == "" || unicode.IsUpper([]rune(a.Title)[0]) || strings.HasSuffix(a.Title, ".") {
			t.Errorf("%s: the title %q is not in the imperative in lower case", a.ID, a.Title)
		}
		if !slices.Contains(Groups(), a.Group) {
			t.Errorf("%s stands in the group %q, which the help does not have", a.ID, a.Group)
		}
		if len(a.Scopes) == 0 {
			t.Errorf("%s can be started nowhere", a.ID)
		}
		if a.Danger != Safe && a.Danger != Guards && a.Danger != Writes {
			t.Errorf("%s has the danger %q", a.ID, a.Danger)
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	owner := make(map[string]ID)
	for _, a := range All() {
		for _, n := range append([]string{string(a.ID)}, a.Aliases...) {
			if other, taken := owner[n]; taken {
				t.Errorf("%q names %s and %s", n, other, a.ID)
			}
			owner[n] = a.ID
		}
	}
}

// TestEveryActionCanBeReachedFromAPage holds that what has no key of its own can be typed: a line opens on pages only.
func TestEveryActionCanBeReachedFromAPage(t *testing.T) {
	t.Parallel()
	for _, a := range All() {
		page := slices.ContainsFunc(Pages(), func(s Scope) bool { return a.In(s) })
		if !page && len(a.Keys) == 0 {
			t.Errorf("%s has no key, and nothing can be typed where it counts: %v", a.ID, a.Scopes)
		}
	}
}

func TestWhereAnActionCounts(t *testing.T) {
	t.Parallel()
	a := Action{Scopes: []Scope{Global}}
	for _, s := range Pages() {
		if !a.In(s) {
			t.Errorf("what is global does not count in %s", s)
		}
	}
	if a.In(Overlay) {
		t.Error("what is global counts in what lies on top of a page")
	}
	if b := (&Action{Scopes: []Scope{List}}); b.In(Incident) || b.In(Overlay) || !b.In(List) {
		t.Error("what is for the list counts elsewhere")
	}
}

func TestSectionsByTheirNumber(t *testing.T) {
	t.Parallel()
	for n := range 9 {
		id := sectionKey(string(rune('1' + n))).ID
		if got, ok := SectionOf(id); !ok || got != n {
			t.Errorf("%s goes to %d, %v", id, got, ok)
		}
		if a, ok := Find(All(), id); !ok || a.ID != id {
			t.Errorf("%s is not in the table", id)
		}
	}
	for _, id := range []ID{Section, "section-", "section-12", "sections-1", Quit} {
		if n, ok := SectionOf(id); ok {
			t.Errorf("%s goes to section %d", id, n)
		}
	}
	if _, ok := Find(All(), "nothing"); ok {
		t.Error("an action was found that there is not")
	}
}
