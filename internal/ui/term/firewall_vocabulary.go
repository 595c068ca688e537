package term

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/text"
)

// clipboardSequenceLimit is the length of the longest clipboard command, wrapped.
const clipboardSequenceLimit = (clipboardLimit+2)/3*4 + 32

// screenPartSize is how much screen passes on in one string.
const screenPartSize = 768

// csiParams are the numbers of a control sequence. An omitted one is 0.
type csiParams struct {
	n [4]int
	l int
}

// only tells whether there are at most most numbers, none above limit.
func (p csiParams) only(most, limit int) bool {
	for _, n := range p.n[:p.l] {
		if n > limit {
			return false
		}
	}
	return p.l <= most
}

// allowCSI tells whether the control sequence, without its introducer, is one that the renderer of Bubble Tea emits for what the
// console uses (ultraviolet terminal_renderer.go and terminal_renderer_hardscroll.go, Bubble Tea cursed_renderer.go and tea.go).
func (f *Firewall) allowCSI(seq []byte) bool {
	final, body := seq[len(seq)-1], seq[:len(seq)-1]
	var private, intermediate byte
	if len(body) > 0 && body[0] >= '<' {
		private, body = body[0], body[1:]
	}
	if len(body) > 0 && body[len(body)-1] < '0' {
		intermediate, body = body[len(body)-1], body[:len(body)-1]
	}
	if final == 'm' && private == 0 && intermediate == 0 {
		return allowStyle(body)
	}
	p, ok := parseCSIParams(body)
	if !ok {
		return false
	}
	switch {
	case intermediate == '$' && private == '?':
		return final == 'p' && p.l == 1 && f.allowModes(p, true)
	case intermediate == ' ' && private == 0:
		return final == 'q' && p.only(1, 6) // cursor style
	case intermediate != 0:
		return false
	}
	switch private {
	case 0:
		return allowPlainCSI(final, p)
	case '?':
		return f.allowPrivateCSI(final, p)
	}
	return allowKeyboardCSI(private, final, p)
}

func allowPlainCSI(final byte, p csiParams) bool {
	switch final {
	case 'A', 'B', 'C', 'D', 'G', 'd', '`', 'I', 'Z', // cursor up, down, forward, back, to column, to row, to column, tabs
		'@', 'P', 'X', 'L', 'M', 'S', 'T', 'b': // insert, delete, erase, lines, scroll, repeat
		return p.only(1, numberLimit)
	case 'H', 'r': // cursor position, scroll region
		return p.only(2, numberLimit)
	case 'J', 'K': // erase display (not the scrollback) and line
		return p.only(1, 2)
	case 'h', 'l': // insert mode
		return p.l == 1 && p.n[0] == 4
	case 'c': // primary device attributes
		return p.only(1, 0)
	}
	return false
}

func (f *Firewall) allowPrivateCSI(final byte, p csiParams) bool {
	switch final {
	case 'h':
		return f.allowModes(p, f.mouse)
	case 'l':
		return f.allowModes(p, true)
	case 'W': // tab stops at every eighth column
		return p.l == 1 && p.n[0] == 5
	case 'u': // asks for the keyboard flags
		return p.l == 0
	}
	return false
}

func (f *Firewall) allowModes(p csiParams, mouse bool) bool {
	for _, n := range p.n[:p.l] {
		switch n {
		case 7, 25, 1004, 1049, 2004, 2026, 2027: // wrap, cursor, focus, alternate screen, paste, synchronized, graphemes
		case 1000, 1002, 1003, 1006:
			if !mouse {
				return false
			}
		default:
			return false
		}
	}
	return p.l > 0
}

// allowKeyboardCSI allows modifyOtherKeys, the Kitty keyboard stack and the question for the terminal's version.
func allowKeyboardCSI(private, final byte, p csiParams) bool {
	const flags = 31
	switch string([]byte{private, final}) {
	case ">m":
		return p.l > 0 && p.n[0] == 4 && p.only(2, 4) && p.n[1] <= 2
	case ">u":
		return p.only(1, flags)
	case "<u":
		return p.only(1, 9)
	case "=u":
		return p.l > 0 && p.only(2, flags) && p.n[1] <= 3
	case ">q":
		return p.only(1, 0)
	}
	return false
}

// parseCSIParams reads numbers between semicolons.
func parseCSIParams(b []byte) (p csiParams, ok bool) {
	if len(b) == 0 {
		return p, true
	}
	for field := range bytes.SplitSeq(b, []byte{';'}) {
		n, ok := csiNumber(field)
		if !ok || p.l == len(p.n) {
			return p, false
		}
		p.n[p.l] = n
		p.l++
	}
	return p, true
}

// csiNumber reads digits up to numberLimit; none are 0.
func csiNumber(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' || n > numberLimit {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, n <= numberLimit
}

// allowStyle tells whether the parameters of an SGR are attributes and colours. Conceal is none of them: it hides text.
func allowStyle(b []byte) bool {
	for len(b) > 0 {
		var field []byte
		field, b, _ = bytes.Cut(b, []byte{';'})
		if bytes.IndexByte(field, ':') >= 0 {
			if !allowSubStyle(field) {
				return false
			}
			continue
		}
		n, ok := csiNumber(field)
		switch {
		case !ok:
			return false
		case n == 38 || n == 48 || n == 58:
			if b, ok = skipStyleColour(b); !ok {
				return false
			}
		case !styleAttribute(n):
			return false
		}
	}
	return true
}

func styleAttribute(n int) bool {
	switch {
	case n <= 7, n == 9, n >= 21 && n <= 25, n >= 27 && n <= 29:
		return true
	case n >= 30 && n <= 49, n == 59, n >= 90 && n <= 97, n >= 100 && n <= 107:
		return true
	}
	return false
}

// skipStyleColour skips 5;n or 2;r;g;b.
func skipStyleColour(b []byte) (rest []byte, ok bool) {
	field, rest, _ := bytes.Cut(b, []byte{';'})
	count := 0
	switch string(field) {
	case "5":
		count = 1
	case "2":
		count = 3
	}
	for range count {
		field, rest, _ = bytes.Cut(rest, []byte{';'})
		if n, ok := csiNumber(field); !ok || n > 255 || len(field) == 0 {
			return nil, false
		}
	}
	return rest, count > 0
}

// allowSubStyle allows 4:n (underline styles) and colours written with colons.
func allowSubStyle(field []byte) bool {
	parts := bytes.Split(field, []byte{':'})
	for _, p := range parts {
		if n, ok := csiNumber(p); !ok || n > 255 {
			return false
		}
	}
	switch string(parts[0]) {
	case "4":
		return len(parts) == 2 && len(parts[1]) == 1 && parts[1][0] <= '5'
	case "38", "48", "58":
		five := len(parts) == 3 && string(parts[1]) == "5"
		two := (len(parts) == 5 || len(parts) == 6) && string(parts[1]) == "2"
		return five || two
	}
	return false
}

// endOSC passes the finished operating system command or drops it.
func (f *Firewall) endOSC(terminator string) {
	command, rest, _ := bytes.Cut(f.seq, []byte{';'})
	allowed, kind := false, DropOSC
	switch string(command) {
	case "2":
		allowed, kind = !text.NewLine(string(rest)).Altered(), DropTitle
	case "8":
		allowed, kind = f.allowLink(rest), DropLink
	case "10", "11": // foreground and background colour
		allowed = string(rest) == "?"
	case "52":
		allowed, kind = allowClipboard(rest), DropClipboard
	}
	if allowed {
		f.out = append(append(append(f.out, byteESC, ']'), f.seq...), terminator...)
	} else {
		f.drop(kind)
	}
	f.begin(stGround)
}

// allowLink checks "parameters;uri". An empty URI closes a link.
func (f *Firewall) allowLink(rest []byte) bool {
	parameters, uri, found := bytes.Cut(rest, []byte{';'})
	switch {
	case !found || !allowLinkID(string(parameters)):
		f.closeLink()
		return false
	case len(uri) == 0:
		f.linked = false
		return true
	case f.allowURI(string(uri)):
		f.linked = true
		return true
	}
	f.closeLink()
	return false
}

// closeLink ends an open link in place of one that is refused.
func (f *Firewall) closeLink() {
	if f.linked {
		f.out = append(f.out, ansi.ResetHyperlink()...)
		f.linked = false
	}
}

// allowLinkID allows no parameter, or an id of plain characters.
func allowLinkID(s string) bool {
	if s == "" {
		return true
	}
	id, ok := strings.CutPrefix(s, "id=")
	if !ok || id == "" || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if l := c | 0x20; (l < 'a' || l > 'z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

// allowURI allows an https URI in ASCII to a listed host, without userinfo.
func (f *Firewall) allowURI(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return false
		}
	}
	u, err := url.Parse(s)
	return err == nil && strings.HasPrefix(s, "https://") && u.User == nil && u.Opaque == "" && f.hosts[strings.ToLower(u.Host)]
}

// allowClipboard checks "selection;base64". The text must be safe to paste: an escape character in it could end a bracketed
// paste and type commands.
func allowClipboard(rest []byte) bool {
	selection, data, _ := bytes.Cut(rest, []byte{';'})
	if s := string(selection); s != "c" && s != "p" || len(data) == 0 {
		return false
	}
	plain, err := base64.StdEncoding.Strict().DecodeString(string(data))
	if err != nil || len(plain) > clipboardLimit || !utf8.Valid(plain) {
		return false
	}
	for _, r := range string(plain) {
		if !text.Visible(r) && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
	}
	return true
}

// endDCS passes a clipboard command wrapped for tmux or screen, and drops every other device control string. Screen takes a
// long command in several strings, which must follow one another.
func (f *Firewall) endDCS() {
	command, tmux := bytes.CutPrefix(f.seq, []byte(tmuxWrap))
	inner, ok := bytes.CutPrefix(command, []byte(clipboardStart))
	if !ok {
		f.abandon(DropDCS, stGround)
		return
	}
	data, ok := bytes.CutSuffix(inner, []byte{byteBEL})
	if !ok && tmux {
		data, ok = bytes.CutSuffix(inner, []byte("\x1b\\"))
	}
	switch {
	case !ok && !tmux:
		f.state = stScreenGap
		return
	case !ok || !allowClipboard(data):
		f.drop(DropClipboard)
	case tmux:
		f.out = append(f.out, ansi.TmuxPassthrough(string(command))...)
	default:
		f.out = append(f.out, ansi.ScreenPassthrough(string(command), screenPartSize)...)
	}
	f.begin(stGround)
}
