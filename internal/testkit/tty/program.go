package tty

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/term"
)

// Patience is how long a wait lasts before the test fails.
const Patience = 30 * time.Second

// Options say what terminal a program gets.
type Options struct {
	Cols, Rows int
	Env        []string
	Dir        string
	// Mute makes a terminal that answers no query, such as a very old one.
	Mute bool
	// Detached gives a terminal that does not control the program: nobody sends it a SIGHUP when the terminal goes away.
	Detached bool
}

// Program is a running program with its terminal. Its methods are for the goroutine of the test.
type Program struct {
	t      testing.TB
	cmd    *exec.Cmd
	master *os.File
	before *term.State
	after  *term.State
	ended  chan struct{} // the process ended
	drawn  chan struct{} // all that it wrote is on the screen

	tty   sync.Mutex // for slave, which closes when the process ended
	slave *os.File

	mu      sync.Mutex
	screen  *vt.Emulator
	raw     []byte
	changed chan struct{} // closed and replaced at each change
}

// Start runs a program. It is killed when the test ends and it did not end before.
func Start(t testing.TB, o Options, path string, args ...string) *Program {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(slave, size(o.Cols, o.Rows)); err != nil {
		t.Fatal(err)
	}
	p := &Program{t: t, slave: slave, screen: vt.NewEmulator(o.Cols, o.Rows), ended: make(chan struct{}), drawn: make(chan struct{}), changed: make(chan struct{})}
	p.master = pollable(t, master)
	if p.before, err = term.GetState(int(slave.Fd())); err != nil {
		t.Fatal(err)
	}
	p.cmd = exec.CommandContext(t.Context(), path, args...) //nolint:gosec // the test says which program
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = slave, slave, slave
	p.cmd.Env, p.cmd.Dir = o.Env, o.Dir
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: !o.Detached}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.wait()
	go p.draw(p.read())
	go p.answer(o.Mute)
	t.Cleanup(p.stop)
	return p
}

func size(cols, rows int) *pty.Winsize {
	return &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)} //nolint:gosec // tests use small numbers
}

// pollable makes a file whose Close ends a Read that is under way: that is how a terminal is pulled from under a program.
func pollable(t testing.TB, f *os.File) *os.File {
	t.Helper()
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	syscall.CloseOnExec(fd)
	if err := syscall.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), "pty")
}

// wait notes the end of the process and in which state it left its terminal.
func (p *Program) wait() {
	_ = p.cmd.Wait() // the exit code is read from ProcessState
	p.tty.Lock()
	p.after, _ = term.GetState(int(p.slave.Fd()))
	_ = p.slave.Close() // now the master reads to the end of what was written
	p.slave = nil
	p.tty.Unlock()
	close(p.ended)
}

// read gives what the program writes, as it comes.
func (p *Program) read() <-chan []byte {
	chunks := make(chan []byte, 64)
	go func() {
		defer close(chunks)
		for {
			b := make([]byte, 64<<10)
			n, err := p.master.Read(b)
			if n > 0 {
				p.mu.Lock()
				p.raw = append(p.raw, b[:n]...)
				p.mu.Unlock()
				chunks <- b[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	return chunks
}

// pause is how long the end of what came is held back: the emulator ends a character with each Write.
const pause = 5 * time.Millisecond

// draw feeds the emulator whole characters.
func (p *Program) draw(chunks <-chan []byte) {
	defer close(p.drawn)
	var held []byte
	for {
		var quiet <-chan time.Time
		if len(held) > 0 {
			quiet = time.After(pause)
		}
		select {
		case c, more := <-chunks:
			if !more {
				p.feed(held)
				return
			}
			held = append(held, c...)
			for range len(chunks) {
				held = append(held, <-chunks...)
			}
			cut := bytes.LastIndexFunc(held, func(r rune) bool { return r < 0x80 })
			if cut > 0 {
				p.feed(held[:cut])
				held = append([]byte(nil), held[cut:]...)
			}
		case <-quiet:
			p.feed(held)
			held = nil
		}
	}
}

func (p *Program) feed(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(b) > 0 {
		n := segment(b)
		p.write(b[:n])
		b = b[n:]
	}
	close(p.changed)
	p.changed = make(chan struct{})
}

// write gives bytes to the emulator. What a program wrote for the window as it was before a resize may name margins that the
// smaller one does not have; a terminal bounds them, and this emulator panics. The frame that follows a resize is whole.
func (p *Program) write(b []byte) {
	defer func() {
		if recover() != nil {
			_, _ = p.screen.Write([]byte("\x1b[r"))
		}
	}()
	_, _ = p.screen.Write(b)
}

// segment gives the length of what the emulator may take at once. It joins characters to clusters, which a terminal does only
// in mode 2027; a Write of its own for each character that takes cells keeps it from that.
func segment(b []byte) int {
	for i := 1; i < len(b); i++ {
		if b[i] < utf8.RuneSelf || !utf8.RuneStart(b[i]) {
			continue
		}
		r, _ := utf8.DecodeRune(b[i:])
		if ansi.StringWidthWc(string(r)) > 0 {
			return i
		}
	}
	return len(b)
}

// answer hands the program what its terminal says.
func (p *Program) answer(mute bool) {
	var to io.Writer = p.master
	if mute {
		to = io.Discard
	}
	_, _ = io.Copy(quietly{to}, p.screen)
}

// quietly goes on where nobody reads any more: the emulator must never block.
type quietly struct{ w io.Writer }

func (q quietly) Write(b []byte) (int, error) {
	_, _ = q.w.Write(b)
	return len(b), nil
}

// stop ends what the test left running.
func (p *Program) stop() {
	select {
	case <-p.ended:
	default:
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
	_ = p.master.Close()
	<-p.drawn
	_ = p.screen.InputPipe().(io.Closer).Close()
}

// keyNames are what a terminal sends for keys that are no text.
func keyNames() map[string]string {
	return map[string]string{"enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "backspace": "\x7f", "space": " ",
		"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "pgdown": "\x1b[6~", "pgup": "\x1b[5~", "f2": "\x1bOQ",
		"ctrl+c": "\x03", "ctrl+d": "\x04", "ctrl+g": "\x07", "ctrl+l": "\x0c", "ctrl+p": "\x10", "ctrl+u": "\x15", "ctrl+z": "\x1a"}
}

// Press presses keys: a name such as enter, or text as it is typed.
func (p *Program) Press(keys ...string) {
	p.t.Helper()
	names := keyNames()
	for _, k := range keys {
		if seq, ok := names[k]; ok {
			k = seq
		}
		p.send(k)
	}
}

// Paste pastes text as a terminal in bracketed paste mode does. It returns once the program has taken it.
func (p *Program) Paste(text string) {
	p.t.Helper()
	p.send("\x1b[200~" + text + "\x1b[201~")
}

func (p *Program) send(s string) {
	p.t.Helper()
	if _, err := io.WriteString(p.master, s); err != nil {
		p.t.Fatalf("sending %.40q: %v", s, err)
	}
}

// Resize changes the size of the window.
func (p *Program) Resize(cols, rows int) {
	p.t.Helper()
	p.mu.Lock()
	p.screen.Resize(cols, rows)
	p.mu.Unlock()
	p.tty.Lock()
	defer p.tty.Unlock()
	if p.slave == nil {
		p.t.Fatal("the program ended before its window was resized")
	}
	if err := pty.Setsize(p.slave, size(cols, rows)); err != nil {
		p.t.Fatal(err)
	}
}

// Hangup takes the terminal away.
func (p *Program) Hangup() { _ = p.master.Close() }

// Signal sends the process a signal.
func (p *Program) Signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// Pid is the number of the process, and of its process group.
func (p *Program) Pid() int { return p.cmd.Process.Pid }

// Exit waits for the end of the process, and gives its exit code, or 128 and the signal that killed it.
func (p *Program) Exit(within time.Duration) int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(within):
		p.t.Fatalf("the program still runs after %s:\n%s", within, p.Screen())
	}
	select {
	case <-p.drawn:
	case <-time.After(Patience):
		p.t.Fatal("the end of what the program wrote did not come")
	}
	if s, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && s.Signaled() {
		return 128 + int(s.Signal())
	}
	return p.cmd.ProcessState.ExitCode()
}

// Restored tells how the ended program left the terminal's settings.
func (p *Program) Restored() error {
	if p.after == nil {
		return errors.New("the terminal's settings could not be read")
	}
	if !reflect.DeepEqual(p.before, p.after) {
		return errors.New("the terminal's settings differ from those before")
	}
	return nil
}

// Raw is all that the program wrote so far.
func (p *Program) Raw() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.raw)
}

// WaitUntil waits for a state of the screen, which what names.
func (p *Program) WaitUntil(what string, ok func(Screen) bool) Screen {
	p.t.Helper()
	deadline := time.After(Patience)
	ended := p.ended
	for {
		s, changed := p.look()
		if ok(s) {
			return s
		}
		select {
		case <-changed:
		case <-ended:
			ended = nil
			<-p.drawn
		case <-deadline:
			p.t.Fatalf("waited for %s in vain:\n%s", what, s)
		}
		if ended == nil {
			if s, _ := p.look(); !ok(s) {
				p.t.Fatalf("waited for %s; the program ended:\n%s", what, s)
			}
		}
	}
}

// WaitBoth waits for a state of two screens.
func WaitBoth(what string, a, b *Program, ok func(a, b Screen) error) {
	a.t.Helper()
	deadline := time.After(Patience)
	for {
		one, oneChanged := a.look()
		two, twoChanged := b.look()
		err := ok(one, two)
		if err == nil {
			return
		}
		select {
		case <-oneChanged:
		case <-twoChanged:
		case <-deadline:
			a.t.Fatalf("waited for %s in vain: %v", what, err)
		}
	}
}

// WaitFor waits until the screen shows all texts at once.
func (p *Program) WaitFor(texts ...string) Screen {
	p.t.Helper()
	return p.WaitUntil(strings.Join(texts, ", "), func(s Screen) bool {
		for _, text := range texts {
			if !s.Shows(text) {
				return false
			}
		}
		return true
	})
}

// WaitGone waits until the screen does not show a text.
func (p *Program) WaitGone(text string) Screen {
	p.t.Helper()
	return p.WaitUntil("the end of "+text, func(s Screen) bool { return !s.Shows(text) })
}
