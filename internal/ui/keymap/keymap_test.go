package keymap

import (
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/ui/action"
)

func TestTheTableHasNoConflicts(t *testing.T) {
	t.Parallel()
	m, err := New(action.All())
	if err != nil {
		t.Fatal(err)
	}
	if id, _ := m.Find(action.List, "t"); id != action.Switch {
		t.Errorf("t leads to %q", id)
	}
	if id, ok := m.Find(action.Customers, "/"); ok {
		t.Errorf("/ leads to %q outside the list", id)
	}
}

// TestKeysThatTerminalsConfuse keeps off the keys that a terminal, tmux or flow control takes for others
// (terminal.md 2.7 and 8.4).
func TestKeysThatTerminalsConfuse(t *testing.T) {
	t.Parallel()
	never := []string{"ctrl+a", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+q", "ctrl+s", "ctrl+[", "ctrl+\\"}
	for _, a := range action.All() {
		for _, k := range a.Keys {
			for _, n := range never {
				if k == n {
					t.Errorf("%s is bound to %s", a.ID, k)
				}
			}
		}
		if len(a.Keys) == 1 && a.Keys[0] == "ctrl+b" {
			t.Errorf("%s is reachable by tmux's prefix alone", a.ID)
		}
	}
}

func TestAConflictNamesBothActions(t *testing.T) {
	t.Parallel()
	cases := map[string][]action.Action{
		"in one scope": {
			{ID: "one", Scopes: []action.Scope{action.List}, Keys: []string{"a"}},
			{ID: "two", Scopes: []action.Scope{action.List}, Keys: []string{"a"}},
		},
		"local over global": {
			{ID: "one", Scopes: []action.Scope{action.Global}, Keys: []string{"a"}},
			{ID: "two", Scopes: []action.Scope{action.List}, Keys: []string{"a"}},
		},
		"global under local": {
			{ID: "one", Scopes: []action.Scope{action.List}, Keys: []string{"a"}},
			{ID: "two", Scopes: []action.Scope{action.Global}, Keys: []string{"a"}},
		},
	}
	for name, table := range cases {
		_, err := New(table)
		if err == nil || !strings.Contains(err.Error(), "one") || !strings.Contains(err.Error(), "two") {
			t.Errorf("%s: error %v does not name both", name, err)
		}
	}
	apart := []action.Action{
		{ID: "one", Scopes: []action.Scope{action.List}, Keys: []string{"a"}},
		{ID: "two", Scopes: []action.Scope{action.Incident}, Keys: []string{"a"}},
	}
	if _, err := New(apart); err != nil {
		t.Errorf("scopes that never meet: %v", err)
	}
}
