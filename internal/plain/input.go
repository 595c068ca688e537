package plain

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/socctl/socctl/internal/guard"
)

// maxCommand is the longest line that is a command, in bytes: a pasted document is none.
const maxCommand = 4096

// line is one line of input.
type line struct {
	text    string
	tooLong bool
}

// input reads lines beside the loop. lines is closed at the end of the input.
type input struct {
	lines  chan line
	reader io.Reader
	done   chan struct{}
	wg     sync.WaitGroup
}

func startInput(ctx context.Context, r io.Reader, report func(error)) *input {
	in := &input{lines: make(chan line), reader: r, done: make(chan struct{})}
	guard.Go(&in.wg, "the input of commands", report, func() error {
		defer close(in.done)
		defer close(in.lines)
		if r == nil {
			return nil
		}
		err := in.read(ctx)
		if ctx.Err() != nil || errors.Is(err, io.EOF) {
			return nil
		}
		return err
	})
	return in
}

func (in *input) read(ctx context.Context) error {
	b := bufio.NewReaderSize(in.reader, maxCommand)
	for {
		data, prefix, err := b.ReadLine()
		if err != nil {
			return err
		}
		l := line{text: string(data), tooLong: prefix}
		for prefix && err == nil {
			_, prefix, err = b.ReadLine()
		}
		select {
		case in.lines <- l:
		case <-ctx.Done():
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// end wakes the reader and waits for it. The context of startInput has ended before.
func (in *input) end() {
	d, ok := in.reader.(interface{ SetReadDeadline(time.Time) error })
	if ok && d.SetReadDeadline(time.Unix(1, 0)) == nil {
		in.wg.Wait()
		_ = d.SetReadDeadline(time.Time{}) // whoever reads next is not to find ours
		return
	}
	select {
	case <-in.done:
		in.wg.Wait()
	default: // a Read that nobody can wake: it ends with the process
	}
}

// words cuts a command into its first word, in lower case, and the rest.
func words(s string) (name, rest string) {
	s = strings.TrimSpace(s)
	end := strings.IndexFunc(s, func(r rune) bool { return r == ' ' || r == '\t' })
	if end < 0 {
		return strings.ToLower(s), ""
	}
	return strings.ToLower(s[:end]), strings.TrimSpace(s[end:])
}
