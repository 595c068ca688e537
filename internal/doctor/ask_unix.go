//go:build linux || darwin

package doctor

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// AskTerminal asks the terminal behind in and out what it can do, and waits 300 ms for the answer. The terminal neither
// echoes nor waits for whole lines meanwhile; ctrl+c still works. Where the answer came, the terminal is back as it was at
// once. Where it did not, it may be under way: then finish waits for it a second longer, throws away what came, and brings
// the terminal back. Finish is called exactly once.
func AskTerminal(in, out *os.File) (a Answer, finish func()) {
	if group, err := unix.IoctlGetInt(int(in.Fd()), unix.TIOCGPGRP); err != nil || group != unix.Getpgrp() {
		return Answer{Err: errors.New("socctl is not in the foreground")}, func() {} // changing the terminal would stop us
	}
	return ask(in, out)
}

func ask(in, out *os.File) (a Answer, finish func()) {
	nothing := func() {}
	fd := int(in.Fd())
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return Answer{Err: err}, nothing
	}
	quiet := *before
	quiet.Lflag &^= unix.ICANON | unix.ECHO
	quiet.Cc[unix.VMIN], quiet.Cc[unix.VTIME] = 0, 1 // a read ends after 100 ms at the latest
	if err := unix.IoctlSetTermios(fd, setTermios, &quiet); err != nil {
		return Answer{Err: err}, nothing
	}
	restore := func(request uint) { _ = unix.IoctlSetTermios(fd, request, before) }
	start := time.Now()
	a.Asked = true
	if _, err := out.WriteString(question()); err != nil {
		restore(setTermios)
		return Answer{Err: err}, nothing
	}
	raw := listen(fd, &a, nil, askTimeout)
	a.Took = time.Since(start)
	_, _ = out.WriteString(cleanLine)
	if a.Complete {
		restore(setTermios) // what somebody typed behind the answer is theirs
		return a, nothing
	}
	late := a
	return a, func() {
		listen(fd, &late, raw, lateTimeout)
		restore(setTermiosFlush)
	}
}

// maxAnswer bounds what is kept of what is read, in bytes: the answer is at its end.
const maxAnswer = 4 << 10

// listen reads on until the answer is complete or the time is over.
func listen(fd int, a *Answer, raw []byte, most time.Duration) []byte {
	buffer := make([]byte, 256)
	for end := time.Now().Add(most); !a.Complete && time.Now().Before(end); {
		wait := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}} //nolint:gosec // a descriptor is small
		if _, err := unix.Poll(wait, int(time.Until(end).Milliseconds())+1); err != nil && !errors.Is(err, unix.EINTR) {
			return raw
		}
		n, err := unix.Read(fd, buffer)
		switch {
		case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
		case err != nil:
			return raw
		case n > 0:
			raw = append(raw, buffer[:n]...)
			raw = raw[max(0, len(raw)-maxAnswer):]
			a.read(raw)
		case wait[0].Revents&unix.POLLHUP != 0:
			return raw
		}
	}
	return raw
}
