package term

import (
	"bytes"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/text"
)

// firewallState is where in a sequence the stream is.
type firewallState uint8

const (
	stGround        firewallState = iota
	stEscape                      // after ESC
	stEscapeMore                  // after ESC and an intermediate byte
	stCSI                         // after ESC [
	stOSC                         // after ESC ]
	stOSCEscape                   // after ESC inside it
	stDCS                         // after ESC P
	stDCSEscape                   // after ESC inside it
	stScreenGap                   // after a part of a clipboard command wrapped for screen: the next part must follow
	stScreenNext                  // after ESC there
	stDiscard                     // inside a string that is dropped
	stDiscardEscape               // after ESC inside it
)

const (
	byteBEL = 0x07
	byteESC = 0x1b
)

// tmuxWrap begins a device control string that tmux passes on; screen passes on any.
const tmuxWrap = "tmux;"

// clipboardStart begins a wrapped clipboard command.
const clipboardStart = "\x1b]52;"

// filter runs p through the state machine.
func (f *Firewall) filter(p []byte) {
	if len(f.partial) > 0 {
		p = append(f.partial, p...)
		f.partial = nil
	}
	for len(p) > 0 {
		n, ok := f.step(p)
		if !ok { // an incomplete rune
			f.partial = append(f.partial, p...)
			return
		}
		p = p[n:]
	}
}

// step handles the beginning of p and returns how much of it. That may be nothing where only the state changed, to one nearer
// to ground. It returns false where p is the beginning of a rune.
func (f *Firewall) step(p []byte) (n int, ok bool) {
	if f.state == stGround {
		return f.text(p)
	}
	c := p[0]
	switch f.state {
	case stEscape:
		return f.afterEscape(c), true
	case stEscapeMore:
		return f.afterIntermediate(c), true
	case stCSI:
		return f.inCSI(c), true
	case stOSC:
		return f.inOSC(p), true
	case stDCS:
		return f.inDCS(p), true
	case stDiscard:
		return f.inDiscard(p), true
	default:
		return f.afterInnerEscape(c), true
	}
}

// text handles what stands outside of sequences.
func (f *Firewall) text(p []byte) (n int, ok bool) {
	for n < len(p) && p[n]-0x20 <= 0x7e-0x20 {
		n++
	}
	if n > 0 {
		f.out = append(f.out, p[:n]...)
		f.marks = 0
		return n, true
	}
	switch c := p[0]; {
	case c == byteESC:
		f.state = stEscape
	case c == '\r', c == '\n', c == '\b', c == '\t':
		f.out = append(f.out, c)
		f.marks = 0
	case c < utf8.RuneSelf:
		f.drop(DropControl)
	default:
		return f.rune(p)
	}
	return 1, true
}

// rune handles one character outside of ASCII.
func (f *Firewall) rune(p []byte) (n int, ok bool) {
	if !utf8.FullRune(p) {
		return 0, false
	}
	r, n := utf8.DecodeRune(p)
	switch {
	case r == utf8.RuneError && n == 1:
		f.replace(DropBytes, string(p[:1]))
	case r < 0xa0:
		f.drop(DropControl)
	case text.IsMark(r):
		if f.marks++; f.marks > marksLimit {
			f.drop(DropRune)
		} else {
			f.out = append(f.out, p[:n]...)
		}
	case text.Visible(r):
		f.out = append(f.out, p[:n]...)
		f.marks = 0
	default:
		f.replace(DropRune, string(r))
	}
	return n, true
}

// replace drops s and fills the columns that the renderer counts for it. Were they left out, or a mark written for what it
// counts none for, its cursor would be off from here on and the next frame would be drawn over the wrong cells.
func (f *Firewall) replace(kind, s string) {
	f.drop(kind)
	for range ansi.StringWidthWc(s) {
		f.out = append(f.out, '?')
		f.marks = 0
	}
}

// abandon drops the sequence in hand and leaves the next byte to the given state.
func (f *Firewall) abandon(kind string, next firewallState) int {
	f.drop(kind)
	f.state = next
	f.seq = f.seq[:0]
	return 0
}

func (f *Firewall) begin(s firewallState) {
	f.state = s
	f.seq = f.seq[:0]
}

func (f *Firewall) afterEscape(c byte) int {
	switch {
	case c == '[':
		f.begin(stCSI)
	case c == ']':
		f.begin(stOSC)
	case c == 'P':
		f.begin(stDCS)
	case c == 'X', c == '^', c == '_':
		f.discard(DropString, c, sequenceLimit)
	case c == 'M': // reverse index
		f.out = append(f.out, byteESC, 'M')
		f.state = stGround
	case c >= 0x20 && c < 0x30:
		f.state = stEscapeMore
		f.limit = sequenceLimit
	case c >= 0x30 && c < 0x7f:
		f.drop(DropEscape)
		f.state = stGround
	default:
		return f.abandon(DropEscape, stGround)
	}
	return 1
}

func (f *Firewall) afterIntermediate(c byte) int {
	f.limit--
	switch {
	case c >= 0x20 && c < 0x30 && f.limit > 0:
	case c >= 0x30 && c < 0x7f:
		f.drop(DropEscape)
		f.state = stGround
	default:
		return f.abandon(DropEscape, stGround)
	}
	return 1
}

func (f *Firewall) inCSI(c byte) int {
	switch {
	case c >= 0x20 && c < 0x40:
		if len(f.seq) >= swallowFactor*sequenceLimit {
			return f.abandon(DropCSI, stGround)
		}
		f.seq = append(f.seq, c)
	case c >= 0x40 && c < 0x7f:
		f.seq = append(f.seq, c)
		if len(f.seq) <= sequenceLimit && f.allowCSI(f.seq) {
			f.out = append(append(f.out, byteESC, '['), f.seq...)
		} else {
			f.drop(DropCSI)
		}
		f.begin(stGround)
	default:
		return f.abandon(DropCSI, stGround)
	}
	return 1
}

// inString takes the bytes of a string up to the next control, as far as there is room.
func (f *Firewall) inString(p []byte, room int) int {
	n, most := 0, min(len(p), room-len(f.seq))
	for n < most && p[n] >= 0x20 {
		n++
	}
	f.seq = append(f.seq, p[:n]...)
	return n
}

func (f *Firewall) inOSC(p []byte) int {
	bound := oscBound(f.seq)
	if n := f.inString(p, bound); n > 0 {
		return n
	}
	switch p[0] {
	case byteBEL:
		f.endOSC("\a")
		return 1
	case byteESC:
		f.state = stOSCEscape
		return 1
	}
	if len(f.seq) < bound {
		return f.abandon(DropOSC, stGround) // another control
	}
	f.discard(DropOSC, ']', bound)
	return 0
}

// oscBound returns how long the command may become, by how it begins.
func oscBound(seq []byte) int {
	switch {
	case bytes.HasPrefix(seq, []byte("52;")):
		return clipboardSequenceLimit
	case bytes.HasPrefix(seq, []byte("8;")):
		return linkLimit
	}
	return sequenceLimit
}

func (f *Firewall) inDCS(p []byte) int {
	bound := dcsBound(f.seq)
	if n := f.inString(p, bound); n > 0 {
		return n
	}
	switch {
	case len(f.seq) >= bound && p[0] != byteESC:
		f.discard(DropDCS, 'P', bound)
		return 0
	case p[0] == byteESC:
		f.state = stDCSEscape
		return 1
	case p[0] == byteBEL && bound > sequenceLimit: // ends the wrapped command
		f.seq = append(f.seq, byteBEL)
		return 1
	}
	return f.abandon(DropDCS, stGround)
}

// dcsBound returns how long the string may become, by whether it wraps a clipboard command.
func dcsBound(seq []byte) int {
	if bytes.HasPrefix(bytes.TrimPrefix(seq, []byte(tmuxWrap)), []byte(clipboardStart)) {
		return clipboardSequenceLimit
	}
	return sequenceLimit
}

// afterInnerEscape handles what follows an ESC inside a string, and the gap between two strings of one command.
func (f *Firewall) afterInnerEscape(c byte) int {
	switch f.state {
	case stOSCEscape:
		if c == '\\' {
			f.endOSC("\x1b\\")
			return 1
		}
		return f.abandon(DropOSC, stEscape)
	case stDCSEscape:
		return f.afterDCSEscape(c)
	case stScreenGap:
		if c == byteESC {
			f.state = stScreenNext
			return 1
		}
		return f.abandon(DropDCS, stGround)
	case stScreenNext:
		if c == 'P' {
			f.state = stDCS
			return 1
		}
		return f.abandon(DropDCS, stEscape)
	default: // stDiscardEscape
		f.state = stEscape
		if c == '\\' {
			f.state = stGround
			return 1
		}
		return 0
	}
}

func (f *Firewall) afterDCSEscape(c byte) int {
	tmux := bytes.HasPrefix(f.seq, []byte(tmuxWrap))
	switch {
	case c == '\\':
		f.endDCS()
	case c == byteESC && tmux && len(f.seq) < dcsBound(f.seq): // tmux wants each ESC twice
		f.seq = append(f.seq, byteESC)
		f.state = stDCS
	case c == ']' && len(f.seq) == 0: // screen wants it once
		f.seq = append(f.seq, byteESC, ']')
		f.state = stDCS
	default:
		return f.abandon(DropDCS, stEscape)
	}
	return 1
}

// discard drops the string in hand and swallows the rest of it.
func (f *Firewall) discard(kind string, introducer byte, bound int) {
	f.abandon(kind, stDiscard)
	f.ended = introducer
	f.limit = swallowFactor * bound
}

func (f *Firewall) inDiscard(p []byte) int {
	for n, c := range p {
		switch {
		case c == byteESC:
			f.state = stDiscardEscape
			return n + 1
		case c == byteBEL && f.ended == ']':
			f.state = stGround
			return n + 1
		case c < 0x20 || f.limit == 0:
			f.state = stGround
			return n
		}
		f.limit--
	}
	return len(p)
}
