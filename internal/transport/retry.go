package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

const (
	maxAttempts = 3
	backoffBase = 500 * time.Millisecond
	backoffCap  = 20 * time.Second

	retryShare   = 0.1 // of all requests may be retries
	retryReserve = 5   // and these few always may
)

// retrier sends reads again. Writes pass it once: a lost answer to a write is the outbox's business.
type retrier struct {
	opts Options
	gate *gate

	mu     sync.Mutex
	credit float64 // retries that are left; every request earns a tenth
}

func newRetrier(o Options, g *gate) *retrier {
	return &retrier{opts: o, gate: g, credit: retryReserve}
}

func (r *retrier) step(next step) step {
	return func(x *exchange) (*http.Response, error) {
		r.earn()
		for attempt := 1; ; attempt++ {
			resp, err := next(&exchange{req: x.req, attempt: attempt})
			if !reads(x.req) || !worthRetry(x.req.Context(), resp, err, attempt) {
				return resp, err
			}
			if p := r.tooLong(x.req.Context(), resp); p != nil {
				return nil, p
			}
			if attempt == maxAttempts || !r.spend() {
				return resp, err
			}
			if !r.pause(x.req.Context(), resp, attempt) {
				return resp, err
			}
			discard(resp)
		}
	}
}

// worthRetry tells whether the same read may succeed a little later.
func worthRetry(ctx context.Context, resp *http.Response, err error, attempt int) bool {
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		var p *soc.Problem
		return errors.As(err, &p) && p.Kind == soc.ProblemUnavailable && passing(p.Err)
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusBadGateway,
		http.StatusGatewayTimeout, http.StatusRequestTimeout:
		return true
	case http.StatusInternalServerError:
		return attempt == 1 // a bug of the service seldom passes
	}
	return false
}

// tooLong gives the problem when the service asked for a wait that this call does not have; the answer is used up.
func (r *retrier) tooLong(ctx context.Context, resp *http.Response) *soc.Problem {
	if resp == nil {
		return nil
	}
	if _, asked := retryAfter(resp.Header, r.opts.Now()); !asked && resp.StatusCode != http.StatusTooManyRequests {
		return nil
	}
	now := r.opts.Now()
	wait := r.gate.closedFor(now)
	until := now.Add(wait)
	if d, ok := ctx.Deadline(); wait <= maxWait && (!ok || until.Before(d)) {
		return nil
	}
	body, _ := io.ReadAll(io.LimitReader(resp.Body, drainLimit))
	_ = resp.Body.Close()
	p := ProblemOfResponse(r.opts.Service, resp, body, now)
	p.Kind, p.Until = soc.ProblemThrottled, until
	p.Summary = text.NewLine(r.opts.Service + " asked to wait until " + clock(until))
	return p
}

// pause waits before the next attempt. Where the service named a time, the gate waits for it, and pause does not. It
// reports false when the context leaves no time.
func (r *retrier) pause(ctx context.Context, resp *http.Response, attempt int) bool {
	if r.gate.closedFor(r.opts.Now()) > 0 && resp != nil {
		return true
	}
	wait := time.Duration(r.opts.Rand() * float64(min(backoffCap, backoffBase<<(attempt-1))))
	if d, ok := ctx.Deadline(); ok && !r.opts.Now().Add(wait).Before(d) {
		return false
	}
	return r.opts.Sleep(ctx, wait) == nil
}

func (r *retrier) earn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.credit = min(retryReserve, r.credit+retryShare)
}

func (r *retrier) spend() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.credit < 1 {
		return false
	}
	r.credit--
	return true
}
