// Package term is the console's side of the terminal: what may be written to it, and what it can do. It holds no state of the
// program and draws nothing.
package term

import (
	"io"
	"strings"
	"sync"
	"sync/atomic"
)

// Bounds of what is held back while a sequence is incomplete.
const (
	sequenceLimit  = 256       // bytes of a sequence, unless it is one of the next two
	linkLimit      = 4 << 10   // bytes of an OSC 8
	clipboardLimit = 100 << 10 // bytes that one OSC 52 may put on the clipboard
	marksLimit     = 30        // combining marks over one character
	numberLimit    = 9999      // value of a parameter; Bubble Tea draws no screen larger than 4096
	swallowFactor  = 16        // times its bound that an overlong sequence is swallowed before what follows counts as text
)

// Kinds of what the firewall drops, as OnDrop names them.
const (
	DropControl   = "control"   // a control that is not layout, as a byte or as UTF-8
	DropEscape    = "escape"    // an escape sequence of no other kind, also one that was cut off
	DropCSI       = "csi"       // a control sequence outside the vocabulary
	DropOSC       = "osc"       // an operating system command outside the vocabulary
	DropTitle     = "title"     // a window title that is not safe text
	DropLink      = "link"      // a hyperlink to a host that is not listed, or not https
	DropClipboard = "clipboard" // a clipboard command that asks, is too long or is not safe text
	DropDCS       = "dcs"       // a device control string that wraps no clipboard command
	DropString    = "string"    // SOS, PM or APC
	DropBytes     = "bytes"     // bytes that are not UTF-8
	DropRune      = "rune"      // a character that package text would not show
)

// FirewallOptions says what a Firewall lets through beyond its fixed vocabulary.
type FirewallOptions struct {
	// LinkHosts lists the hosts, with ":port" where there is one, that hyperlinks may lead to. None are allowed without it.
	LinkHosts []string
	// Mouse lets the program turn mouse reports on. Turning them off always passes.
	Mouse bool
	// OnDrop, where set, is told the kinds of what a Write dropped, each once, after that Write and outside of any lock.
	OnDrop func(kind string)
}

// Firewall stands between Bubble Tea and the terminal (tea.WithOutput) and passes only what the console itself needs to say. It
// is the second of two defences: customer text is made safe by package text before it reaches a view, and the firewall stops
// what a mistake there would let through, since Bubble Tea is no barrier (it passes DCS, APC, SGR, any OSC 8, C1 and bidi).
//
// It parses the byte stream as a terminal does and passes
//
//   - printable characters as package text defines them, and CR, LF, BS and TAB
//   - the cursor, erase, insert, delete, scroll and style sequences of the renderer, with bounded parameters
//   - alternate screen, cursor, auto wrap, bracketed paste, focus, synchronized output, grapheme, mouse and keyboard modes
//   - queries for modes, primary attributes, version, keyboard flags, foreground and background colour
//   - OSC 2 with a safe title, OSC 8 to a listed host over https, OSC 52 that sets the clipboard to safe text, also wrapped for
//     tmux or screen
//
// Everything else is dropped, however it is split over writes. A dropped sequence leaves nothing behind, with one exception: in
// place of a refused link an open one is closed, lest its text seem to belong to that. A character that is not printable, or a
// broken one, leaves as many question marks as Bubble Tea counts columns for it (for many that is none), so that the columns
// stay right. An unfinished sequence ends at the next control or escape character and cannot swallow the frames after it.
//
// Where w is a terminal file, so is the Firewall: Bubble Tea asks its output for Fd to find the size, the colour profile and
// (on Windows) the console mode, and finds those of w. A command run through tea.ExecProcess must be given the file itself as
// its Stdout, else it would write into a pipe.
//
// All methods are safe for concurrent use.
type Firewall struct {
	w       io.Writer
	hosts   map[string]bool
	mouse   bool
	onDrop  func(string)
	dropped atomic.Uint64

	mu      sync.Mutex
	out     []byte // what this Write lets through
	state   firewallState
	seq     []byte // the incomplete sequence, without its introducer
	partial []byte // the incomplete rune
	limit   int    // bytes that may still be swallowed
	ended   byte   // what began the string that is swallowed
	marks   int    // combining marks since the last other character
	linked  bool   // a hyperlink is open
	kinds   uint32 // what this Write dropped, a bit for each of dropKinds
}

// file is what Bubble Tea takes for a terminal file.
type file interface {
	io.ReadWriteCloser
	Fd() uintptr
}

var _ file = (*Firewall)(nil)

// NewFirewall returns a Firewall that writes to w.
func NewFirewall(w io.Writer, o FirewallOptions) *Firewall {
	hosts := make(map[string]bool, len(o.LinkHosts))
	for _, h := range o.LinkHosts {
		hosts[strings.ToLower(h)] = true
	}
	return &Firewall{w: w, hosts: hosts, mouse: o.Mouse, onDrop: o.OnDrop}
}

// Dropped returns how many sequences and characters were dropped so far.
func (f *Firewall) Dropped() uint64 { return f.dropped.Load() }

// Write filters p and hands what may pass to the underlying writer in at most one Write. An incomplete sequence or rune at the
// end of p is held back until more comes. It returns len(p), or 0 and the error of the underlying writer.
func (f *Firewall) Write(p []byte) (int, error) {
	kinds, err := f.write(p)
	if f.onDrop != nil {
		for i, kind := range dropKinds {
			if kinds&(1<<i) != 0 {
				f.onDrop(kind)
			}
		}
	}
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

func (f *Firewall) write(p []byte) (kinds uint32, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.out, f.kinds = f.out[:0], 0
	f.filter(p)
	return f.kinds, f.flush()
}

func (f *Firewall) flush() error {
	if len(f.out) == 0 {
		return nil
	}
	n, err := f.w.Write(f.out)
	if err == nil && n < len(f.out) {
		err = io.ErrShortWrite
	}
	return err
}

// Read reads from the underlying terminal file. Bubble Tea wants the method and does not call it.
func (f *Firewall) Read(p []byte) (int, error) {
	if r, ok := f.w.(io.Reader); ok {
		return r.Read(p)
	}
	return 0, io.EOF
}

// Close drops what is held back and closes the underlying writer where it can be closed. Bubble Tea does not call it.
func (f *Firewall) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.state != stGround || len(f.partial) > 0 {
		f.drop(DropEscape)
	}
	f.state, f.seq, f.partial = stGround, nil, nil
	if c, ok := f.w.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// Fd returns the descriptor of the underlying terminal file, or one that is no terminal.
func (f *Firewall) Fd() uintptr {
	if t, ok := f.w.(file); ok {
		return t.Fd()
	}
	return ^uintptr(0)
}

// dropKinds gives each kind its bit.
var dropKinds = [...]string{
	DropControl, DropEscape, DropCSI, DropOSC, DropTitle, DropLink, DropClipboard, DropDCS, DropString, DropBytes, DropRune,
}

func (f *Firewall) drop(kind string) {
	f.dropped.Add(1)
	for i, k := range dropKinds {
		if k == kind {
			f.kinds |= 1 << i
		}
	}
}
