package transport

import (
	"context"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Budget is how many requests a service documents for one tenant.
type Budget struct {
	PerMinute int // 0 is DefaultPerMinute
}

// Share is how many requests a minute one console allows itself of the budget.
func (b Budget) Share() int { return int(b.perMinute() * share) }

func (b Budget) perMinute() float64 {
	if b.PerMinute <= 0 {
		return DefaultPerMinute
	}
	return float64(b.PerMinute)
}

const (
	// DefaultPerMinute is Graph's limit for /security, per app and tenant.
	DefaultPerMinute = 150
	// share is the part of the limit that one console takes: others watch the same customers.
	share = 0.6
	// burst is how many seconds of the budget may be spent at once.
	burst = 10
	// waitJitter spreads the consoles that were told the same Retry-After.
	waitJitter = 0.2
)

// gate is the budget of one tenant at one service. A Retry-After closes it for all who share the client.
type gate struct {
	opts   Options
	bucket *rate.Limiter

	mu    sync.Mutex
	until time.Time // closed until then
}

func newGate(o Options) *gate {
	perSecond := o.Budget.perMinute() * share / 60
	return &gate{opts: o, bucket: rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond*burst)))}
}

func (g *gate) step(next step) step {
	return func(x *exchange) (*http.Response, error) {
		if err := g.pass(x.req.Context()); err != nil {
			return nil, err
		}
		g.opts.Meter.add(g.opts.Now())
		resp, err := next(x)
		if err == nil {
			g.heed(resp)
		}
		return resp, err
	}
}

// pass waits for the tenant's turn. Where that takes longer than the call has, or than maxWait, it says so at
// once: who shows the customer then knows that it is throttled.
func (g *gate) pass(ctx context.Context) error {
	now := g.opts.Now()
	giveUp := now.Add(maxWait)
	if d, ok := ctx.Deadline(); ok && d.Before(giveUp) {
		giveUp = d
	}
	turn := g.bucket.ReserveN(now, 1)
	for {
		wait := max(turn.DelayFrom(now), g.closedFor(now))
		if wait <= 0 {
			return nil
		}
		if at := now.Add(wait); at.After(giveUp) {
			turn.CancelAt(now)
			return g.throttled(at)
		}
		if err := g.opts.Sleep(ctx, wait); err != nil {
			turn.CancelAt(g.opts.Now())
			return ProblemOfError(g.opts.Service, err)
		}
		now = g.opts.Now()
	}
}

// heed closes the gate when the service asks for it. A 429 without Retry-After asks for the shortest wait.
func (g *gate) heed(resp *http.Response) {
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable {
		return
	}
	now := g.opts.Now()
	wait, ok := retryAfter(resp.Header, now)
	if !ok {
		if resp.StatusCode != http.StatusTooManyRequests {
			return
		}
		wait = minRetryAfter
	}
	wait = min(maxRetryAfter, wait+time.Duration(float64(wait)*waitJitter*g.opts.Rand()))
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := now.Add(wait); until.After(g.until) {
		g.until = until
	}
}

// closedFor tells how long the gate stays closed; 0 when it is open.
func (g *gate) closedFor(now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return max(0, g.until.Sub(now))
}

func (g *gate) throttled(until time.Time) *soc.Problem {
	return &soc.Problem{
		Kind:    soc.ProblemThrottled,
		Summary: text.NewLine(g.opts.Service + " takes no more requests for this customer before " + clock(until)),
		Next:    text.NewLine("wait until then; the other customers are not affected"),
		Until:   until,
	}
}

// clock writes a time of day as the console does, in UTC.
func clock(t time.Time) string { return t.UTC().Format("15:04:05Z") }
