package keymap

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// maxSequence is how many keys one after the other may stand for an action. More cannot be remembered, nor shown.
const maxSequence = 4

// escapes are the keys that leave a sequence that has begun. A terminal sends the second for two quick presses of the first.
const (
	escape      = "esc"
	escapeTwice = "alt+esc"
)

// ParseKeys reads a key or a sequence of keys with spaces between them, named as a key press names itself: "g", "G",
// "space", "shift+tab", "ctrl+f", ", p". It refuses names that are no keys, and keys that not every terminal, tmux, GNU
// screen or flow control lets through as themselves (terminal 2.7 and 8.4).
func ParseKeys(s string) ([]string, error) {
	keys := strings.Fields(s)
	switch {
	case len(keys) == 0:
		return nil, errors.New("there is no key; the space bar is written space")
	case len(keys) > maxSequence:
		return nil, fmt.Errorf("%s is a sequence of %d keys; it can have up to %d", text.Quote(s), len(keys), maxSequence)
	}
	for _, k := range keys {
		if err := check(k); err != nil {
			return nil, err
		}
		if len(keys) > 1 && leaves(k) {
			return nil, fmt.Errorf("%s cannot be part of the sequence %s, since it leaves one", k, text.Quote(s))
		}
	}
	return keys, nil
}

// Show writes a key or a sequence for people: as the key map's file has it, so that what the help shows can be bound.
func Show(keys string) string { return text.Escape(keys) }

func leaves(key string) bool { return key == escape || key == escapeTwice }

// mods is the modifiers of a key.
type mods struct{ ctrl, alt, shift bool }

func (m mods) String() string {
	var b strings.Builder
	for _, p := range []struct {
		held bool
		name string
	}{{m.ctrl, "ctrl+"}, {m.alt, "alt+"}, {m.shift, "shift+"}} {
		if p.held {
			b.WriteString(p.name)
		}
	}
	return b.String()
}

// split takes the modifiers off a name, in whatever order they stand. "+" can be a key itself.
func split(name string) (m mods, key string) {
	for {
		before, rest, found := strings.Cut(name, "+")
		if !found || rest == "" {
			return m, name
		}
		switch before {
		case "ctrl":
			m.ctrl = true
		case "alt":
			m.alt = true
		case "shift":
			m.shift = true
		default:
			return m, name
		}
		name = rest
	}
}

// check tells why a name cannot be bound.
func check(name string) error {
	m, key := split(name)
	switch {
	case slices.Contains(controls(), key):
		if m != (mods{}) && m != (mods{alt: true}) && name != "shift+tab" && name != "ctrl+space" {
			return confused(name, "most terminals send "+key+" for it")
		}
	case key == "f3" && m != (mods{}):
		return confused(name, "it looks like a terminal's answer to where its cursor is")
	case slices.Contains(moving(), key):
	case !isCharacter(key):
		return unknown(name)
	case m.ctrl:
		return checkCtrl(name, m, key)
	case m.alt:
		return checkAlt(name, m, key)
	case m.shift:
		return fmt.Errorf("%s is no key; write the character that it gives, such as %s", text.Quote(name), upper(key))
	}
	if want := m.String() + key; want != name {
		return instead(name, want)
	}
	return nil
}

// controls lists the keys that terminals send as one control character, so that most modifiers are lost on them.
func controls() []string { return []string{"enter", escape, "tab", "space", "backspace"} }

// moving lists the keys that have a sequence of their own, with room for modifiers.
func moving() []string {
	list := []string{"up", "down", "left", "right", "home", "end", "pgup", "pgdown", "insert", "delete"}
	for n := range 12 {
		list = append(list, "f"+strconv.Itoa(n+1))
	}
	return list
}

// isCharacter tells whether the key is one character that can be shown in one cell.
func isCharacter(key string) bool {
	r, size := utf8.DecodeRuneInString(key)
	return size == len(key) && r != utf8.RuneError && unicode.IsPrint(r) && r != ' ' && ansi.StringWidth(key) == 1 && text.Escape(key) == key
}

// checkCtrl lets letters and ] pass: other characters have no control code of their own, or one that is sent for several keys.
func checkCtrl(name string, m mods, key string) error {
	low := strings.ToLower(key)
	if why := taken(low); why != "" {
		return confused(name, why)
	}
	switch letter := len(low) == 1 && low[0] >= 'a' && low[0] <= 'z'; {
	case m.shift && letter:
		return confused(name, "most terminals send ctrl+"+low+" for it")
	case m.shift || !letter && key != "]":
		return confused(name, "most terminals do not send it")
	}
	if want := m.String() + low; want != name {
		return instead(name, want)
	}
	return nil
}

// taken says for what ctrl with a character is taken.
func taken(key string) string {
	switch key {
	case "a":
		return "GNU screen takes it for itself"
	case "h":
		return "it is backspace on many terminals"
	case "i":
		return "it is tab on most terminals"
	case "j", "m":
		return "it is enter on most terminals"
	case "q", "s":
		return "it stops and starts the output of a terminal"
	case "[":
		return "it is esc on most terminals"
	case `\`:
		return "it makes a terminal end the program"
	}
	return ""
}

// checkAlt keeps off the characters that begin or end an escape sequence when esc stands before them, as alt sends it.
func checkAlt(name string, m mods, key string) error {
	r, _ := utf8.DecodeRuneInString(key)
	if r > unicode.MaxASCII {
		return confused(name, "not all terminals send alt with such a character")
	}
	if strings.ContainsRune(`[]\^_`, r) || strings.ContainsRune("NOPX", unicode.ToUpper(r)) && (m.shift || unicode.IsUpper(r)) {
		return confused(name, "it begins an escape sequence")
	}
	want := m.String() + key
	switch {
	case unicode.IsUpper(r):
		m.shift = true
		want = m.String() + strings.ToLower(key)
	case m.shift && !unicode.IsLower(r):
		m.shift = false
		return fmt.Errorf("%s is no key; write the character that it gives, such as %s?", text.Quote(name), m)
	}
	if want != name {
		return instead(name, want)
	}
	return nil
}

func confused(name, why string) error {
	return fmt.Errorf("%s cannot be bound: %s", text.Quote(name), why)
}

func instead(name, want string) error {
	return fmt.Errorf("%s is no key; write %s", text.Quote(name), want)
}

// upper is what shift makes of a letter, or an example where that depends on the keyboard.
func upper(key string) string {
	if up := strings.ToUpper(key); up != key && isCharacter(up) {
		return up
	}
	return "?"
}

// unknown says what a name may have meant: what other programs call the key, or the nearest name.
func unknown(name string) error {
	known := append(controls(), moving()...)
	m, key := split(strings.ToLower(strings.Trim(name, "<>")))
	if also, ok := elsewhere()[key]; ok {
		key = also
	} else if near, ok := soc.Nearest(key, known); ok {
		key = near
	}
	if want := m.String() + key; want != name && bindable(want) {
		return fmt.Errorf("%s is no key; did you mean %s", text.Quote(name), want)
	}
	if want, ok := byPrefix(name); ok {
		return fmt.Errorf("%s is no key; did you mean %s", text.Quote(name), want)
	}
	return fmt.Errorf("%s is no key; a key is a character, with ctrl+ or alt+ before it or not, or one of %s, f1 to f12", text.Quote(name),
		strings.Join(known[:len(known)-12], ", "))
}

// bindable tells whether a name that is to be proposed can be bound. It asks nobody for proposals.
func bindable(name string) bool {
	_, key := split(name)
	if !slices.Contains(controls(), key) && !slices.Contains(moving(), key) && !isCharacter(key) {
		return false
	}
	return check(name) == nil
}

// elsewhere gives names that other programs have for keys.
func elsewhere() map[string]string {
	return map[string]string{"escape": escape, "return": "enter", "cr": "enter", "del": "delete", "ins": "insert", "bs": "backspace",
		"spacebar": "space", "pagedown": "pgdown", "pgdn": "pgdown", "page-down": "pgdown", "pageup": "pgup", "page-up": "pgup",
		"backtab": "shift+tab", "s-tab": "shift+tab", "comma": ",", "period": ".", "plus": "+", "minus": "-", "slash": "/", "colon": ":",
		"arrowup": "up", "arrowdown": "down", "arrowleft": "left", "arrowright": "right"}
}

// byPrefix reads the ways in which Emacs, vim and shells write modifiers.
func byPrefix(name string) (string, bool) {
	bare := strings.Trim(name, "<>")
	for _, p := range []struct{ theirs, ours string }{{"C-", "ctrl+"}, {"M-", "alt+"}, {"A-", "alt+"}, {"^", "ctrl+"}, {"control+", "ctrl+"},
		{"meta+", "alt+"}, {"option+", "alt+"}, {"Ctrl+", "ctrl+"}, {"Alt+", "alt+"}, {"Shift+", "shift+"}} {
		if rest, found := strings.CutPrefix(bare, p.theirs); found {
			if want := p.ours + strings.ToLower(rest); bindable(want) {
				return want, true
			}
		}
	}
	return "", false
}
