package term

import (
	"io"
	"sync"
)

// inputFile is what Bubble Tea takes for a terminal to read from.
type inputFile interface {
	io.ReadWriteCloser
	Fd() uintptr
	Name() string
}

// input is a terminal's input that tells when the terminal went away.
type input struct {
	inputFile
	gone chan struct{}
	once sync.Once
}

// WatchInput gives a reader for Bubble Tea, and a channel that is closed at the end of the input. Bubble Tea runs on there;
// without a SIGHUP, as under nohup or setsid, nothing else would end an orphan. A reader that is no file cannot go away: it
// comes back as it is, with a channel that stays open.
func WatchInput(r io.Reader) (in io.Reader, gone <-chan struct{}) {
	f, ok := r.(inputFile)
	if !ok {
		return r, nil
	}
	i := &input{inputFile: f, gone: make(chan struct{})}
	return i, i.gone
}

// Read reads, and tells of the end.
func (i *input) Read(p []byte) (int, error) {
	n, err := i.inputFile.Read(p)
	if err != nil {
		i.once.Do(func() { close(i.gone) })
	}
	return n, err
}
