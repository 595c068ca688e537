package tty

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/socctl/socctl/internal/text/hostile"
)

// Sequence is one escape sequence.
type Sequence struct {
	Kind    byte   // the byte after ESC: '[' CSI, ']' OSC, 'P' DCS, '_' APC, '^' PM, 'X' SOS, or another
	Private string // of a CSI: the first of < = > ?
	Params  string // of a CSI: numbers; of a string: all of it
	Middle  string // of a CSI: intermediate bytes
	Final   byte   // of a CSI
}

func (s Sequence) String() string {
	if s.Kind == '[' {
		return fmt.Sprintf("CSI %s%s%s%c", s.Private, s.Params, s.Middle, s.Final)
	}
	return fmt.Sprintf("ESC %c %q", s.Kind, s.Params)
}

// maxMarks is how many combining marks may stand on one character.
const maxMarks = 30

// Scan reads bytes as a terminal does, and hands over each escape sequence. The first error of allow ends it, and so does a
// control that is no layout, a byte that is not UTF-8, or a character that may never be shown. It shares no code with the
// firewall that it checks.
func Scan(raw []byte, allow func(Sequence) error) error {
	marks := 0
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c == 0x1b:
			s, n, err := sequence(raw[i:])
			if err == nil {
				err = allow(s)
			}
			if err != nil {
				return fmt.Errorf("at byte %d, after %q: %w", i, raw[max(0, i-20):i], err)
			}
			i += n
			continue
		case c == '\r' || c == '\n' || c == '\b' || c == '\t', c >= 0x20 && c < 0x7f:
			marks = 0
			i++
			continue
		}
		r, n := utf8.DecodeRune(raw[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return fmt.Errorf("at byte %d, after %q: %#02x is not UTF-8", i, raw[max(0, i-20):i], c)
		case hostile.Forbidden(r):
			return fmt.Errorf("at byte %d, after %q: %U may not be shown", i, raw[max(0, i-20):i], r)
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarks {
				return fmt.Errorf("at byte %d: more than %d marks on one character", i, maxMarks)
			}
		default:
			marks = 0
		}
		i += n
	}
	return nil
}

// sequence reads the escape sequence at the beginning of b, and gives its length.
func sequence(b []byte) (Sequence, int, error) {
	if len(b) < 2 {
		return Sequence{}, 0, fmt.Errorf("an escape at the end")
	}
	s := Sequence{Kind: b[1]}
	switch s.Kind {
	case '[':
		return control(b)
	case ']', 'P', '_', '^', 'X':
		return str(b)
	}
	return s, 2, nil
}

func control(b []byte) (Sequence, int, error) {
	s := Sequence{Kind: '['}
	i := 2
	take := func(lo, hi byte) string {
		from := i
		for i < len(b) && b[i] >= lo && b[i] <= hi {
			i++
		}
		return string(b[from:i])
	}
	if i < len(b) && b[i] >= '<' && b[i] <= '?' {
		s.Private = string(b[i])
		i++
	}
	s.Params = take('0', ';')
	s.Middle = take(' ', '/')
	if i >= len(b) || b[i] < 0x40 || b[i] > 0x7e {
		return s, i, fmt.Errorf("%q is no control sequence", b[:min(len(b), i+1)])
	}
	s.Final = b[i]
	return s, i + 1, nil
}

// str reads a string up to BEL or ST. In one for tmux an escape stands twice.
func str(b []byte) (Sequence, int, error) {
	s := Sequence{Kind: b[1]}
	for i := 2; i < len(b); i++ {
		switch {
		case b[i] == 0x1b && i+1 < len(b) && b[i+1] == '\\', b[i] == 0x07 && s.Kind == ']':
			s.Params = string(b[2:i])
			if b[i] == 0x1b {
				i++
			}
			return s, i + 1, nil
		case b[i] == 0x1b && s.Kind == 'P' && i+1 < len(b) && b[i+1] == 0x1b:
			i++
		case b[i] < 0x20 && s.Kind != 'P':
			return s, i, fmt.Errorf("%#02x inside the string %q", b[i], b[:i])
		}
	}
	return s, len(b), fmt.Errorf("the string %q does not end", b[:min(len(b), 40)])
}

// Portal is the only host that the console's hyperlinks lead to in tests.
const Portal = "https://security.microsoft.com/"

// Console allows what the console says to its terminal, and nothing else.
func Console(s Sequence) error {
	ok := false
	switch s.Kind {
	case '[':
		ok = s.Final == 'm' && s.Private == "" && s.Middle == "" && style(s.Params) || consoleControl(s)
	case ']':
		ok = link(s.Params) || slices.Contains([]string{"2;socctl", "2;", "10;?", "11;?"}, s.Params) || clipboard(s.Params)
	case 'P':
		inner, wrapped := strings.CutPrefix(s.Params, "tmux;\x1b\x1b]")
		ok = wrapped && clipboard(strings.TrimSuffix(inner, "\a"))
	case 'M':
		ok = true // reverse index
	}
	if !ok {
		return fmt.Errorf("%s is none of the console's sequences", s)
	}
	return nil
}

func consoleControl(s Sequence) bool {
	switch s.Private + s.Middle + string(s.Final) {
	case "A", "B", "C", "D", "G", "H", "d", "`", "I", "Z", "@", "P", "X", "L", "M", "S", "T", "b", "r", "K":
		return true
	case "J":
		return s.Params != "3"
	case "h", "l":
		return s.Params == "4" // insert mode, on terminals that cannot insert cells otherwise
	case "c", ">q", "?u", "?W", "<u", ">u", ">m", " q":
		return true
	case "?h", "?l", "?$p":
		for _, mode := range strings.Split(s.Params, ";") {
			if !slices.Contains([]string{"7", "25", "1004", "1049", "2004", "2026", "2027"}, mode) {
				return false
			}
		}
		return true
	}
	return false
}

// Frame allows what a frame of the console may hold before it is drawn: styles and links.
func Frame(s Sequence) error {
	if s.Kind == '[' && s.Final == 'm' && s.Private == "" && s.Middle == "" && style(s.Params) || s.Kind == ']' && link(s.Params) {
		return nil
	}
	return fmt.Errorf("%s does not belong in a frame", s)
}

// style tells whether the parameters are attributes and colours that the console's themes use: never conceal or blink.
func style(params string) bool {
	fields := strings.Split(params, ";")
	for i := 0; i < len(fields); i++ {
		switch f := fields[i]; f {
		case "", "0", "1", "2", "3", "4", "7", "22", "23", "24", "27", "39", "49", "59":
		case "38", "48":
			if i+1 >= len(fields) {
				return false
			}
			n := map[string]int{"5": 2, "2": 4}[fields[i+1]]
			if n == 0 || i+n >= len(fields) {
				return false
			}
			i += n
		default:
			if len(f) < 2 || strings.Trim(f, "0123456789") != "" {
				return false
			}
			base, unit := f[:len(f)-1], f[len(f)-1]
			if !slices.Contains([]string{"3", "4", "9", "10"}, base) || unit > '7' {
				return false
			}
		}
	}
	return true
}

func link(params string) bool {
	rest, ok := strings.CutPrefix(params, "8;")
	id, uri, found := strings.Cut(rest, ";")
	if !ok || !found || id != "" && !strings.HasPrefix(id, "id=") {
		return false
	}
	return uri == "" || strings.HasPrefix(uri, Portal)
}

func clipboard(params string) bool {
	data, ok := strings.CutPrefix(params, "52;c;")
	plain, err := base64.StdEncoding.DecodeString(data)
	return ok && err == nil && len(plain) > 0 && hostile.ScanBytes(bytes.ReplaceAll(plain, []byte{'\t'}, []byte{' '})) == nil
}
