package transport

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

const (
	// idleRead is how long a body may give nothing while somebody waits for it.
	idleRead = 20 * time.Second
	// wholeRead is how long a body may take altogether, so that a drip of bytes ends too.
	wholeRead = 2 * time.Minute
)

// errStalled is the cause with which a body that came too slowly is cut off.
var errStalled = errors.New("the answer stopped coming")

// body bounds an answer in size and time, and reports the attempt once it ends.
type body struct {
	opts   Options
	inner  io.ReadCloser
	cancel context.CancelCauseFunc
	whole  *time.Timer
	left   int64
	err    error // what the next Read answers

	mu      sync.Mutex
	stalled bool
	done    bool
	call    Call
}

func newBody(o Options, inner io.ReadCloser, cancel context.CancelCauseFunc, call Call) *body {
	b := &body{opts: o, inner: inner, cancel: cancel, left: o.MaxBody, call: call}
	b.whole = time.AfterFunc(wholeRead, b.stall)
	return b
}

// stall ends the request; a Read that waits for it then returns.
func (b *body) stall() {
	b.mu.Lock()
	b.stalled = true
	b.mu.Unlock()
	b.cancel(errStalled)
}

// Read gives decoded bytes up to the limit.
func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1] // one byte more tells "exactly the limit" from "over it"
	}
	idle := time.AfterFunc(idleRead, b.stall)
	n, err := b.inner.Read(p)
	idle.Stop()
	if int64(n) > b.left {
		n, err = int(b.left), tooLarge(b.opts, b.call.Status)
	}
	b.left -= int64(n)
	b.count(n)
	if err != nil {
		b.err = b.explain(err)
		b.finish(b.err)
	}
	return n, b.err
}

// Close ends the answer.
func (b *body) Close() error {
	err := b.inner.Close()
	b.finish(nil)
	return err
}

func (b *body) count(n int) {
	b.mu.Lock()
	b.call.Bytes += int64(n)
	b.mu.Unlock()
}

// explain turns a read error into a problem; io.EOF stays.
func (b *body) explain(err error) error {
	var p *soc.Problem
	if errors.Is(err, io.EOF) || errors.As(err, &p) {
		return err
	}
	b.mu.Lock()
	stalled := b.stalled
	b.mu.Unlock()
	switch {
	case stalled:
		return &soc.Problem{Kind: soc.ProblemUnavailable, Summary: text.NewLine(b.opts.Service + " began to answer and then fell silent"), Err: errStalled}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return ProblemOfError(b.opts.Service, err)
	}
	return &soc.Problem{
		Kind:    soc.ProblemUnavailable,
		Summary: text.NewLine("the answer of " + b.opts.Service + " broke off"),
		Next:    text.NewLine("try again in a moment"),
		Err:     err,
	}
}

// finish stops the clocks and reports, once.
func (b *body) finish(err error) {
	b.whole.Stop()
	b.cancel(nil)
	b.mu.Lock()
	done := b.done
	b.done = true
	call := b.call
	b.mu.Unlock()
	if done {
		return
	}
	call.Duration = b.opts.Now().Sub(call.Start)
	if err != nil && !errors.Is(err, io.EOF) {
		call.Error = soc.ProblemOf(err).Summary
	}
	b.opts.Observe(call)
}
