package keymap

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/socctl/socctl/internal/ui/action"
)

func act(id action.ID, keys string, scopes ...action.Scope) action.Action {
	a := action.Action{ID: id, Scopes: scopes}
	if keys != "" {
		a.Keys = strings.Split(keys, "|")
	}
	return a
}

func must(t *testing.T, table []action.Action, changes ...Change) *Map {
	t.Helper()
	m, err := New(table, changes)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTheTableHasNoConflicts also types every sequence of the table in every scope of its action.
func TestTheTableHasNoConflicts(t *testing.T) {
	t.Parallel()
	m := must(t, action.All())
	for _, a := range action.All() {
		for _, s := range a.Scopes {
			for _, keys := range a.Keys {
				if got := typed(m, s, strings.Fields(keys)); got != a.ID {
					t.Errorf("%s in %s leads to %q, not to %s", keys, s, got, a.ID)
				}
			}
		}
		if !slices.Equal(m.Keys(a.ID), a.Keys) {
			t.Errorf("%s has the keys %q, not %q", a.ID, m.Keys(a.ID), a.Keys)
		}
	}
	if r := m.Press(action.Customers, nil, "s"); r.Found || !r.Unknown {
		t.Errorf("s leads to %v outside of the list", r)
	}
	if r := m.Press(action.Overlay, nil, "t"); r.Found || !r.Unknown {
		t.Errorf("t leads to %v in an overlay", r)
	}
}

// typed presses keys and gives the action of the last, or nothing where one before it leads anywhere else.
func typed(m *Map, s action.Scope, keys []string) action.ID {
	var pending []string
	for n, key := range keys {
		r := m.Press(s, pending, key)
		if n == len(keys)-1 {
			if !r.Found || len(r.Pending) > 0 || r.Unknown {
				return ""
			}
			return r.Action
		}
		if r.Found || r.Unknown || !slices.Equal(r.Pending, keys[:n+1]) || len(r.Next) == 0 {
			return ""
		}
		pending = r.Pending
	}
	return ""
}

func TestASequenceSaysHowItGoesOn(t *testing.T) {
	t.Parallel()
	m := must(t, []action.Action{act("lock", ", l", action.Global), act("wide", ", x w", action.List), act("theme", ", t", action.List),
		act("back", "esc", action.Global, action.Overlay), act("over", ", o", action.Overlay), act(action.QuitNow, "ctrl+c", action.Global)})
	r := m.Press(action.List, nil, ",")
	want := []Continuation{{"l", "lock"}, {"t", "theme"}, {"x", ""}}
	if !slices.Equal(r.Next, want) || !slices.Equal(r.Pending, []string{","}) || r.Found || r.Unknown {
		t.Errorf("after a comma: %+v", r)
	}
	if next := m.Continuations(action.List, []string{",", "x"}); !slices.Equal(next, []Continuation{{"w", "wide"}}) {
		t.Errorf("after , x: %v", next)
	}
	if next := m.Continuations(action.Incident, []string{","}); !slices.Equal(next, []Continuation{{"l", "lock"}}) {
		t.Errorf("on another page: %v", next)
	}
	if next := m.Continuations(action.Overlay, nil); !slices.Equal(next, []Continuation{{",", ""}, {"esc", "back"}}) {
		t.Errorf("what begins in an overlay: %v", next)
	}
	for _, c := range []struct {
		key  string
		want Result
	}{
		{"esc", Result{}}, {"alt+esc", Result{}}, {"z", Result{Unknown: true}}, {",", Result{Unknown: true}}, {"", Result{Unknown: true}},
		{"ctrl+c", Result{Action: action.QuitNow, Found: true}}, {"l", Result{Action: "lock", Found: true}},
	} {
		got := m.Press(action.List, []string{","}, c.key)
		if got.Action != c.want.Action || got.Found != c.want.Found || got.Unknown != c.want.Unknown || len(got.Pending)+len(got.Next) > 0 {
			t.Errorf("comma, then %q: %+v", c.key, got)
		}
	}
	if r := m.Press(action.List, nil, ""); !r.Unknown || len(r.Pending) > 0 {
		t.Errorf("no key at all: %+v", r)
	}
	if r := m.Press(action.List, nil, "esc"); r.Action != "back" {
		t.Errorf("esc with nothing pending: %+v", r)
	}
}

func TestPressDoesNotTouchWhatIsPending(t *testing.T) {
	t.Parallel()
	m := must(t, []action.Action{act("one", "a b c", action.List), act("two", "a d e", action.List)})
	pending := append(make([]string, 0, 4), "a")
	first, second := m.Press(action.List, pending, "b"), m.Press(action.List, pending, "d")
	if first.Pending[1] != "b" || second.Pending[1] != "d" || len(pending) != 1 {
		t.Errorf("%q and %q", first.Pending, second.Pending)
	}
}

func TestChangesReplaceKeys(t *testing.T) {
	t.Parallel()
	table := []action.Action{act("one", "a|b", action.List), act("two", "c", action.List), act("three", "d", action.Global)}
	m := must(t, table, Change{Action: "one", Keys: []string{"c", "g  g"}, At: "keys.yaml:1"}, Change{Action: "two", At: "keys.yaml:2"})
	if got := m.Keys("one"); !slices.Equal(got, []string{"c", "g g"}) {
		t.Errorf("one has %q", got)
	}
	if got := m.Keys("two"); len(got) != 0 {
		t.Errorf("two has %q", got)
	}
	for key, want := range map[string]action.ID{"a": "", "b": "", "c": "one", "d": "three"} {
		if r := m.Press(action.List, nil, key); r.Action != want {
			t.Errorf("%s leads to %q, not to %q", key, r.Action, want)
		}
	}
	if r := m.Press("elsewhere", nil, "d"); r.Action != "three" {
		t.Errorf("a page without keys of its own has the global ones, not %+v", r)
	}
	if r := m.Press(action.Overlay, nil, "d"); r.Found {
		t.Errorf("an overlay without keys of its own has none, not %+v", r)
	}
}

func TestFaultsAreNamed(t *testing.T) {
	t.Parallel()
	list, global, overlay := action.List, action.Global, action.Overlay
	const remedy = "; give one of them another key, or none"
	cases := map[string]struct {
		table   []action.Action
		changes []Change
		want    []string // the lines of the error
	}{
		"one key in one scope": {[]action.Action{act("one", "a", list), act("two", "a", list, action.Incident)}, []Change{{"two", []string{"a"}, "keys.yaml:3"}},
			[]string{"the key a is bound to one (in list; built in) and to two (in list, incident; keys.yaml:3), which meet" + remedy}},
		"local over global": {[]action.Action{act("one", "a", global), act("two", "a", list)}, nil,
			[]string{"the key a is bound to one (in global; built in) and to two (in list; built in), which meet" + remedy}},
		"global under local": {[]action.Action{act("one", "a", list), act("two", "a", global)}, nil,
			[]string{"the key a is bound to one (in list; built in) and to two (in global; built in), which meet" + remedy}},
		"scopes that never meet": {[]action.Action{act("one", "a", list), act("two", "a", action.Incident)}, nil, nil},
		"global and an overlay":  {[]action.Action{act("one", "a", global), act("two", "a", overlay)}, nil, nil},
		"two of an overlay": {[]action.Action{act("one", "a", global, overlay), act("two", "a", overlay)}, nil,
			[]string{"the key a is bound to one (in global, overlay; built in) and to two (in overlay; built in), which meet" + remedy}},
		"a key before a sequence": {[]action.Action{act("one", "g g", list), act("two", "g", global)}, nil,
			[]string{"the key g of two (in global; built in) acts before the sequence g g of one (in list; built in) can be typed" + remedy}},
		"a sequence before a sequence": {[]action.Action{act("one", "g g", list), act("two", "g g g", list)}, nil,
			[]string{"the key g g of one (in list; built in) acts before the sequence g g g of two (in list; built in) can be typed" + remedy}},
		"sequences with one beginning": {[]action.Action{act("one", "g g", list), act("two", "g h", list)}, nil, nil},
		"keys with one beginning":      {[]action.Action{act("one", "f1", list), act("two", "f12 f", list), act("three", "f", list)}, nil, nil},
		"a key twice":                  {[]action.Action{act("one", "g|g", list)}, nil, []string{"built in: one has the key g twice; list it once"}},
		"a key before its own sequence": {[]action.Action{act("one", "g g|g", list)}, nil,
			[]string{"built in: one acts on g before g g can be typed; leave one of them out"}},
		"an action twice": {[]action.Action{act("one", "a", list), act("one", "b", list)}, nil, []string{"the action one stands in the table twice"}},
		"an action that there is not": {[]action.Action{act("mark", "a", list)}, []Change{{"makr", nil, "keys.yaml:3"}, {"zzzz\x1b", nil, ""}},
			[]string{`keys.yaml:3: there is no action "makr"; did you mean mark`, `built in: there is no action "zzzz\u{1b}"; look it up in docs/keys.md`}},
		"two changes of one": {[]action.Action{act("one", "a", list)}, []Change{{"one", []string{"b"}, "keys.yaml:3"}, {"one", []string{"c"}, "keys.yaml:9"}},
			[]string{"keys.yaml:9: the keys of one are already set at keys.yaml:3; list them all in one place"}},
		"no key, and a terminal's": {[]action.Action{act("one", "a", list)}, []Change{{"one", []string{"pgdn", "x", "ctrl+s"}, "keys.yaml:3"}},
			[]string{`keys.yaml:3: one: "pgdn" is no key; did you mean pgdown`,
				`keys.yaml:3: one: "ctrl+s" cannot be bound: it stops and starts the output of a terminal`}},
		"tmux alone": {[]action.Action{act("one", "ctrl+b", list), act("two", "ctrl+b x|g ctrl+b", action.Incident), act("three", "ctrl+b|x", action.Customers)}, nil,
			[]string{"built in: one can be reached by ctrl+b alone, which tmux takes for itself; give it a second key",
				"built in: two can be reached by ctrl+b alone, which tmux takes for itself; give it a second key"}},
		"no way out": {[]action.Action{act(action.Back, "esc", global), act(action.QuitNow, "ctrl+c", global), act(action.Quit, "q", global)},
			[]Change{{action.Back, nil, "keys.yaml:1"}, {action.QuitNow, []string{}, "keys.yaml:2"}, {action.Quit, nil, "keys.yaml:3"}},
			[]string{"keys.yaml:1: back has no key, and nothing would leave a dialog; leave it one",
				"keys.yaml:2: quit-now has no key, and nothing would leave a dialog; leave it one"}},
		"too many keys": {[]action.Action{act("one", strings.Repeat("a|", maxKeys)+"b", list)}, nil,
			[]string{"built in: one has 17 keys; it can have up to 16"}},
		"a hostile place": {[]action.Action{act("one", "", list)}, []Change{{"one", []string{""}, "k\x1b[2J"}},
			[]string{`k\u{1b}[2J: one: there is no key; the space bar is written space`}},
	}
	for name, c := range cases {
		m, err := New(c.table, c.changes)
		if (err == nil) != (m != nil) {
			t.Errorf("%s: a map beside an error", name)
		}
		got := ""
		if err != nil {
			got = err.Error()
		}
		if want := strings.Join(c.want, "\n"); got != want {
			t.Errorf("%s:\n%s\nis not\n%s", name, got, want)
		}
	}
}

func TestFaultsWithoutEndAreCounted(t *testing.T) {
	t.Parallel()
	var changes []Change
	for n := range 100 {
		changes = append(changes, Change{Action: action.ID(fmt.Sprintf("zzzzzz%d", n))})
	}
	_, err := New(nil, changes)
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != maxFaults+1 || lines[maxFaults] != "and 60 more faults" {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}

// tables draws tables whose keys often meet, among them such as cannot be bound.
func tables(t *rapid.T) ([]action.Action, []Change) {
	scopes := append(action.Pages()[:2], action.Global, action.Overlay)
	key := rapid.SampledFrom([]string{"a", "b", "g", "space", "ctrl+f", "f1", "alt+a"})
	sequence := rapid.Custom(func(t *rapid.T) string {
		if rapid.IntRange(0, 60).Draw(t, "odd") == 0 {
			return rapid.SampledFrom([]string{"ctrl+s", "nokey", "ctrl+b", "esc a", "a b a b a"}).Draw(t, "bad")
		}
		return strings.Join(rapid.SliceOfN(key, 1, 3).Draw(t, "keys"), " ")
	})
	var table []action.Action
	for n := range rapid.IntRange(1, 5).Draw(t, "actions") {
		table = append(table, action.Action{ID: action.ID(fmt.Sprintf("action-%d", n)),
			Scopes: rapid.SliceOfNDistinct(rapid.SampledFrom(scopes), 1, 2, rapid.ID[action.Scope]).Draw(t, "scopes"),
			Keys:   rapid.SliceOfN(sequence, 0, 2).Draw(t, "bound")})
	}
	var changes []Change
	for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(table)-1), 0, 2, rapid.ID[int]).Draw(t, "changed") {
		changes = append(changes, Change{Action: table[n].ID, Keys: rapid.SliceOfN(sequence, 0, 2).Draw(t, "changed keys"), At: fmt.Sprint("keys.yaml:", n)})
	}
	return table, changes
}

// TestEveryBoundSequenceLeadsToItsAction holds a map against the plainest reading of table and changes: either it is
// refused and there is a reason, or each sequence leads to its action, and what begins one waits.
func TestEveryBoundSequenceLeadsToItsAction(t *testing.T) {
	t.Parallel()
	made, refused := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		table, changes := tables(rt)
		m, err := New(table, changes)
		bound, sound := plainly(table, changes)
		if (err == nil) != sound {
			rt.Fatalf("sound is %v, and the error %v", sound, err)
		}
		if err != nil {
			refused++
			return
		}
		made++
		for s, all := range bound {
			for keys, id := range all {
				if got := typed(m, s, strings.Fields(keys)); got != id {
					rt.Fatalf("%s in %s leads to %q, not to %s", keys, s, got, id)
				}
			}
			for _, key := range []string{"a", "b", "g", "z"} {
				if r := m.Press(s, nil, key); r.Found && all[key] != r.Action {
					rt.Fatalf("%s in %s leads to %s by nobody's wish", key, s, r.Action)
				}
			}
		}
	})
	if made < 10 || refused < 10 {
		t.Errorf("%d maps made and %d refused: one side was hardly tried", made, refused)
	}
}

// plainly gives what is bound in each scope, and whether that can all be typed.
func plainly(table []action.Action, changes []Change) (map[action.Scope]map[string]action.ID, bool) {
	bound, sound := make(map[action.Scope]map[string]action.ID), true
	for _, s := range append(action.Pages(), action.Global, action.Overlay) {
		bound[s] = make(map[string]action.ID)
		for _, a := range table {
			keys := a.Keys
			for _, ch := range changes {
				if ch.Action == a.ID {
					keys = ch.Keys
				}
			}
			there := a.In(s)
			tmux := len(keys) > 0
			for _, k := range keys {
				if _, err := ParseKeys(k); err != nil {
					sound = false
				}
				tmux = tmux && strings.Contains(k, "ctrl+b")
				if _, twice := bound[s][k]; twice && there {
					sound = false
				}
				if there {
					bound[s][k] = a.ID
				}
			}
			sound = sound && !tmux
		}
		for k := range bound[s] {
			for other := range bound[s] {
				sound = sound && !strings.HasPrefix(other+" ", k+" ") || k == other && sound
			}
		}
	}
	return bound, sound
}

func BenchmarkPress(b *testing.B) {
	m, err := New(action.All(), nil)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Press(action.List, nil, "j")
	}
}
