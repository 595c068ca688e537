package config

import (
	"reflect"
	"strings"
	"testing"
)

func actions() []string {
	return []string{"go.top", "go.bottom", "queue.filter", "queue.next", "queue.mark", "claim", "quit", "help", "palette", "copy"}
}

func TestReadKeys(t *testing.T) {
	t.Parallel()
	path := write(t, t.TempDir(), "keys.yaml", []byte(`keys:
  go.top: ["g g", home]
  quit: []      # never by accident
  claim: a
  help:
    - "?"
    - f1
  copy: "~"
  palette: 1
`))
	got, err := ReadKeys(path, actions())
	want := []KeyChange{
		{"go.top", []string{"g g", "home"}, path + ":2"}, {"quit", []string{}, path + ":3"}, {"claim", []string{"a"}, path + ":4"},
		{"help", []string{"?", "f1"}, path + ":6"}, {"copy", []string{"~"}, path + ":8"}, {"palette", []string{"1"}, path + ":9"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, want)
	}
}

func TestFaultsOfKeys(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		"key: {quit: x}\n":                        `1:1: unknown key "key": did you mean "keys"?`,
		"keys: [a]\n":                             `1:7: keys wants names with something below them, not a list`,
		"keys:\n  quti: x\n":                      `2:3: there is no action "quti": did you mean "quit"?`,
		"keys:\n  banana: x\n":                    `2:3: there is no action "banana"`,
		"keys:\n  quit: x\n  claim: a\n  quit: y": `4:3: the key "quit" is given twice, first in line 2`,
		"keys:\n  quit:\n":                        `2:8: quit has no key: write [] for none, and put ~ between quotation marks`,
		"keys:\n  quit: ~\n":                      `2:9: quit has no key: write [] for none, and put ~ between quotation marks`,
		"keys:\n  quit: [x, '']\n":                `2:13: quit has no value`,
		"keys:\n  quit: [[x]]\n":                  `2:10: quit wants a single value, not a list`,
		"keys:\n  quit: {x: y}\n":                 `2:9: quit wants a single value, not keys`,
		"keys:\n  quit: \"\\e[2J\"\n":             `2:9: quit: there is a line break or an invisible character in the value`,
		"keys:\n  quit: " + strings.Repeat("x", maxKey+1) + "\n":    `2:9: quit: "` + strings.Repeat("x", maxKey+1) + `" is too long for a key`,
		"keys:\n  quit: [" + strings.Repeat("x,", maxKeys) + "y]\n": `2:9: quit has more than 16 entries`,
		"keys:\n  quit: @\n": `2: this is not YAML: found character that cannot start any token`,
	} {
		got, err := parseKeys("keys.yaml", []byte(data), actions())
		if err == nil || got != nil || err.Error() != "keys.yaml:"+want {
			t.Errorf("%q:\ngot  %v\nwant keys.yaml:%s", data, err, want)
		}
	}
}

// Where there are no actions there is none to name, rather than any.
func TestReadKeysWithoutActions(t *testing.T) {
	t.Parallel()
	for _, none := range [][]string{nil, {}} {
		if got, err := parseKeys("keys.yaml", []byte("keys: {quit: x}\n"), none); err == nil {
			t.Errorf("got %v", got)
		}
	}
}
