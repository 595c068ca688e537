//go:build linux

package doctor_test

import (
	"bytes"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/socctl/socctl/internal/doctor"
)

// terminalFor opens a pseudo-terminal behind which somebody answers to what is asked.
func terminalFor(t *testing.T, answer func(asked []byte) []byte) (tty *os.File) {
	t.Helper()
	outer, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		var asked []byte
		buffer := make([]byte, 256)
		for {
			n, err := outer.Read(buffer)
			if err != nil {
				return
			}
			asked = append(asked, buffer[:n]...)
			if reply := answer(asked); reply != nil {
				_, _ = outer.Write(reply)
				asked = nil
			}
		}
	})
	t.Cleanup(func() {
		_ = tty.Close()
		_ = outer.Close()
		wg.Wait()
	})
	return tty
}

// pending counts the bytes that the next program would read. In canonical mode the system counts whole lines only.
func pending(t *testing.T, tty *os.File) int {
	t.Helper()
	m := modes(t, tty)
	m.Lflag &^= unix.ICANON
	if err := unix.IoctlSetTermios(int(tty.Fd()), unix.TCSETS, &m); err != nil {
		t.Fatal(err)
	}
	wait := []unix.PollFd{{Fd: int32(tty.Fd()), Events: unix.POLLIN}}
	if _, err := unix.Poll(wait, 100); err != nil { // the system hands bytes over a moment after they were written
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCINQ)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// modes gives the terminal's settings.
func modes(t *testing.T, tty *os.File) unix.Termios {
	t.Helper()
	m, err := unix.IoctlGetTermios(int(tty.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return *m
}

// A pseudo-terminal that is not the process's own counts as the background: nothing is asked, and nothing changed.
func TestAStrangersTerminalIsLeftAlone(t *testing.T) {
	t.Parallel()
	tty := terminalFor(t, func([]byte) []byte { t.Error("it was asked"); return []byte{} })
	before := modes(t, tty)
	a, finish := doctor.AskTerminal(tty, tty)
	finish()
	if a.Asked || a.Err == nil || modes(t, tty) != before {
		t.Errorf("%+v", a)
	}
}

func TestTheTerminalAnswers(t *testing.T) {
	t.Parallel()
	query := []byte("\x1b[?2026$p\x1b[c")
	for name, c := range map[string]struct {
		reply    string
		complete bool
		sync     doctor.Sync
	}{
		"knows the mode": {"\x1b[?2026;2$y\x1b[?62;22c", true, doctor.SyncKnown},
		"does not":       {"\x1b[?2026;0$y\x1b[?62;22c", true, doctor.SyncNone},
		"says nothing":   {"\x1b[?62;22c", true, doctor.SyncUnknown},
		"typed ahead":    {"ls\r\x1b[?2026;1$y\x1b[?62;22c", true, doctor.SyncKnown},
		"stays silent":   {"", false, doctor.SyncUnknown},
		"only half":      {"\x1b[?2026;2$y", false, doctor.SyncKnown},
		"floods":         {strings.Repeat("x", 9000) + "\x1b[?2026;2$y\x1b[?62;22c", true, doctor.SyncKnown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tty := terminalFor(t, func(asked []byte) []byte {
				if bytes.Contains(asked, query) {
					return []byte(c.reply)
				}
				return nil
			})
			before := modes(t, tty)
			start := time.Now()
			a, finish := doctor.Ask(tty, tty)
			finish()
			if a.Complete != c.complete || a.Sync != c.sync || !a.Asked {
				t.Errorf("%+v", a)
			}
			if c.complete && a.Attributes != "62;22" {
				t.Errorf("attributes %q", a.Attributes)
			}
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("it took %s", took)
			}
			if modes(t, tty) != before {
				t.Error("the terminal is not as it was")
			}
			if n := pending(t, tty); n != 0 {
				t.Errorf("%d bytes are left for the prompt", n)
			}
		})
	}
}

// An answer that comes after the checks gave up on it is thrown away at the end, not typed into the shell.
func TestALateAnswerIsThrownAway(t *testing.T) {
	t.Parallel()
	outer, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = tty.Close(), outer.Close() }()
	before := modes(t, tty)
	a, finish := doctor.Ask(tty, tty)
	if a.Complete || a.Took < 300*time.Millisecond {
		t.Errorf("%+v", a)
	}
	if modes(t, tty).Lflag&unix.ECHO != 0 {
		t.Error("the terminal echoes while an answer is under way")
	}
	var wg sync.WaitGroup
	wg.Go(finish)
	timer := time.NewTimer(200 * time.Millisecond) // a slow line
	<-timer.C
	if _, err := outer.WriteString("\x1b[?2026;2$y\x1b[?62;22c"); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if modes(t, tty) != before {
		t.Error("the terminal is not as it was")
	}
	if n := pending(t, tty); n != 0 {
		t.Errorf("%d bytes are left for the prompt", n)
	}
}
