package keymap

import (
	"fmt"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
)

func TestKeysAreRead(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"g", "G", "?", ",", "+", "ö", "space", "enter", "esc", "tab", "shift+tab", "up", "home", "pgdown", "f1", "f12", "insert",
		"delete", "backspace", "ctrl+f", "ctrl+b", "ctrl+space", "ctrl+]", "alt+x", "alt++", "alt+shift+a", "alt+enter", "alt+esc", "ctrl+alt+f",
		"ctrl+alt+shift+up", "shift+f5", "g g", ", p", "ctrl+x ctrl+f", "a b c d"} {
		keys, err := ParseKeys(s)
		if err != nil || strings.Join(keys, " ") != s {
			t.Errorf("%q: %q, %v", s, keys, err)
		}
	}
	if keys, err := ParseKeys("  g\t g "); err != nil || len(keys) != 2 {
		t.Errorf("more white space: %q, %v", keys, err)
	}
}

func TestWhatIsNoKeySaysWhatToWrite(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"":             "the space bar is written space",
		"   ":          "the space bar is written space",
		"a b c d e":    "a sequence of 5 keys; it can have up to 4",
		"escape":       "did you mean esc",
		"return":       "did you mean enter",
		"pgdn":         "did you mean pgdown",
		"pagedonw":     `"pagedonw" is no key`,
		"Enter":        "did you mean enter",
		"shfit+tab":    "is no key",
		"ctrl+entr":    `"ctrl+entr" is no key; a key is a character`,
		"alt+entr":     "did you mean alt+enter",
		"backtab":      "did you mean shift+tab",
		"C-x":          "did you mean ctrl+x",
		"<C-x>":        "did you mean ctrl+x",
		"M-x":          "did you mean alt+x",
		"^f":           "did you mean ctrl+f",
		"control+f":    "did you mean ctrl+f",
		"Ctrl+f":       "did you mean ctrl+f",
		"comma":        "did you mean ,",
		"f13":          "is no key",
		"gg":           `"gg" is no key`,
		"ctrl+F":       "write ctrl+f",
		"alt+ctrl+f":   "write ctrl+alt+f",
		"shift+ctrl+a": "GNU screen",
		"alt+A":        "write alt+shift+a",
		"shift+a":      "write the character that it gives, such as A",
		"shift+1":      "write the character that it gives, such as ?",
		"alt+shift+1":  "write the character that it gives, such as alt+?",
		"super+a":      "is no key",
		"g esc":        "esc cannot be part of the sequence",
		"esc g":        "esc cannot be part of the sequence",
		"g alt+esc":    "alt+esc cannot be part",
		"漢":            "is no key",
		"e\u0301":      "is no key",
		"\u0301":       "is no key",
		"\u202e":       "is no key",
		"\u0903":       "is no key",
		"\x1b":         "is no key",
		"\xff":         "is no key",
		"ctrl+":        "is no key",
		"x\x1b[2J":     "is no key",
	} {
		keys, err := ParseKeys(s)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q, %v; that does not say %q", s, keys, err, want)
		}
	}
}

// TestKeysThatTerminalsConfuse keeps off the keys that a terminal, tmux or flow control takes for others
// (terminal.md 2.7 and 8.4).
func TestKeysThatTerminalsConfuse(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"ctrl+a", "ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "ctrl+q", "ctrl+s", "ctrl+[", "ctrl+\\", "ctrl+H", "ctrl+alt+m",
		"ctrl+shift+f", "ctrl+1", "ctrl+^", "ctrl+enter", "shift+enter", "ctrl+tab", "shift+esc", "shift+space", "ctrl+backspace", "alt+shift+tab",
		"alt+[", "alt+]", "alt+\\", "alt+^", "alt+_", "alt+shift+o", "alt+O", "alt+shift+p", "alt+shift+x", "alt+shift+n", "alt+ö", "g ctrl+s",
		"shift+f3"} {
		if keys, err := ParseKeys(s); err == nil || !strings.Contains(err.Error(), "cannot be bound") {
			t.Errorf("%q: %q, %v", s, keys, err)
		}
	}
}

// TestWhatCanBeBoundArrives sends all that a terminal without extensions can send through the decoder of key presses. A
// name that may be bound has to come out of it, under all ways to combine modifiers with keys.
func TestWhatCanBeBoundArrives(t *testing.T) {
	t.Parallel()
	arrive := arriving(t)
	var bases []string
	for r := '!'; r <= '~'; r++ {
		bases = append(bases, string(r))
	}
	bases = append(append(bases, controls()...), moving()...)
	accepted := 0
	for bits := range 8 {
		for _, b := range bases {
			name := mods{ctrl: bits&4 != 0, alt: bits&2 != 0, shift: bits&1 != 0}.String() + b
			if _, err := ParseKeys(name); err != nil {
				continue
			}
			accepted++
			if !arrive[name] {
				t.Errorf("%s can be bound, and no plain terminal sends it", name)
			}
		}
	}
	if accepted < 300 {
		t.Errorf("only %d names can be bound", accepted)
	}
}

func arriving(t *testing.T) map[string]bool {
	t.Helper()
	var sent []string
	for b := range 128 {
		sent = append(sent, string(rune(b)), "\x1b"+string(rune(b)))
	}
	final := []string{"A", "B", "C", "D", "H", "F", "P", "Q", "R", "S"}
	for mod := 1; mod <= 8; mod++ {
		for _, f := range final {
			sent = append(sent, fmt.Sprintf("\x1b[1;%d%s", mod, f))
		}
		for _, n := range []int{2, 3, 5, 6, 15, 17, 18, 19, 20, 21, 23, 24} {
			sent = append(sent, fmt.Sprintf("\x1b[%d;%d~", n, mod))
		}
	}
	for _, f := range final {
		sent = append(sent, "\x1b["+f, "\x1bO"+f)
	}
	sent = append(sent, "\x1b[Z")
	arrive := make(map[string]bool)
	for _, s := range sent {
		var d uv.EventDecoder
		n, event := d.Decode([]byte(s))
		if key, ok := event.(uv.KeyPressEvent); ok && n == len(s) {
			arrive[key.String()] = true
		}
	}
	return arrive
}

func TestKeysAreShownSafely(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{"space": "space", ",": ",", "g g": "g g", "ctrl+p": "ctrl+p", "\x1b[2J": `\u{1b}[2J`} {
		if got := Show(s); got != want {
			t.Errorf("%q: %q, not %q", s, got, want)
		}
	}
}

// FuzzParseKeys holds that what is accepted is read the same again, key by key, and can be shown as it is.
func FuzzParseKeys(f *testing.F) {
	for _, s := range []string{"g g", "ctrl+x", "alt+shift+a", "shift+tab", "alt++", "+", "C-x", "<esc>", "漢", "\x1b[A", "ctrl+ctrl+a", "f99", ", p"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		keys, err := ParseKeys(s)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\x1b\n\r") || len(err.Error()) > 2000 {
				t.Errorf("%q: the error is %q", s, err)
			}
			return
		}
		if len(keys) == 0 || len(keys) > maxSequence {
			t.Fatalf("%q: %d keys", s, len(keys))
		}
		for _, k := range keys {
			if again, err := ParseKeys(k); err != nil || len(again) != 1 || again[0] != k {
				t.Errorf("%q: %q alone is %q, %v", s, k, again, err)
			}
			if Show(k) != k {
				t.Errorf("%q is shown as %q", k, Show(k))
			}
			if m, base := split(k); m.String()+base != k {
				t.Errorf("%q is not written as key presses name themselves", k)
			}
		}
	})
}
