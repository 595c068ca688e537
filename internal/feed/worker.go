package feed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

const (
	// overlap is how far before the cursor a read starts again, since changes show up late and out of order.
	overlap = 2 * time.Minute
	// firstRetry is the wait after the first failure in a row; it doubles up to the interval.
	firstRetry = 5 * time.Second
	// closedDoor is the wait before a customer is asked again that does not let us in.
	closedDoor = 15 * time.Minute
)

// worker reads one customer. Its fields belong to the goroutine of run, once that has started.
type worker struct {
	feed     *Feed
	place    int // in Snapshot.Parts
	tenant   *soc.Tenant
	customer Customer
	wake     chan struct{}

	saved    Saved
	status   soc.Status
	failures int // in a row
	reads    int
}

func newWorker(f *Feed, place int, c Customer) *worker {
	w := &worker{feed: f, place: place, tenant: c.Tenant, customer: c, wake: make(chan struct{}, 1)}
	w.status = soc.Status{Tenant: c.Tenant, Health: soc.HealthStarting}
	saved, err := f.o.Store.Load(c.Tenant.ID)
	if err != nil {
		f.o.Report(c.Tenant.Code, err)
		return w
	}
	w.saved, w.status.LastGood = saved, saved.LastGood
	if !saved.LastGood.IsZero() {
		w.status.Health = soc.HealthStale
		w.status.Problem = text.NewLine("not read since the start")
	}
	return w
}

// part is the worker's share of a snapshot.
func (w *worker) part() soc.Part {
	w.status.Calls = w.reads
	if w.customer.Calls != nil {
		w.status.Calls = w.customer.Calls()
	}
	return soc.Part{Status: w.status, Incidents: w.saved.Incidents}
}

func (w *worker) publish() {
	part := w.part()
	w.feed.publish(func(s *soc.Snapshot) { s.Parts[w.place] = part })
}

// run reads, waits, and reads again, until the context ends.
func (w *worker) run(ctx context.Context) error {
	for {
		err := w.read(ctx)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the read was ended, it did not fail
		}
		wait := w.settle(err, time.Now())
		w.publish()
		if w.feed.o.Once {
			return nil
		}
		if !w.sleep(ctx, wait) {
			return nil
		}
	}
}

// sleep waits until the time is up or somebody asks for a read; it tells whether to go on. A throttled customer is
// left alone for as long as it asked, whoever presses a key.
func (w *worker) sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-timer.C:
			return true
		case <-w.wake:
			if w.status.Health != soc.HealthThrottled {
				return true
			}
		}
	}
}

// read brings the rows up to date. Every page shows at once; the cursor moves only after all of them came.
func (w *worker) read(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, w.feed.o.Timeout)
	defer cancel()
	w.reads++
	start := time.Now()
	queries := []Query{{Since: w.saved.Cursor.Add(-overlap)}}
	if w.saved.Cursor.IsZero() {
		queries = []Query{{Open: true}, {Since: start.Add(-w.feed.o.Lookback)}}
	}
	newest, missing := w.saved.Cursor, text.Line{}
	for _, q := range queries {
		res, err := w.customer.Source.Read(ctx, q, w.take)
		if q.Open && refused(err) {
			missing = text.NewLine("the service does not list what was open and unchanged for long") // the rest is read all the same
			continue
		}
		if err != nil {
			return err
		}
		if res.Newest.After(newest) {
			newest = res.Newest
		}
		missing = partial(res, missing)
	}
	if newest.IsZero() {
		newest = start.Add(-w.feed.o.Lookback) // an empty customer: nothing older has to be asked for again
	}
	w.saved.LastGood = time.Now()
	w.saved.Cursor = newest
	if newest.After(w.saved.LastGood) {
		w.saved.Cursor = w.saved.LastGood // a change of tomorrow must not hide those of today
	}
	w.status.Partial = missing
	if err := w.feed.o.Store.Save(w.tenant.ID, w.saved); err != nil {
		w.feed.o.Report(w.tenant.Code, fmt.Errorf("save the rows of %s: %w", w.tenant.Code, err))
	}
	return nil
}

// refused tells whether the service understood the question and does not answer it.
func refused(err error) bool {
	var p *soc.Problem
	return errors.As(err, &p) && p.Kind == soc.ProblemRefused
}

// take puts a page into the rows.
func (w *worker) take(page []*soc.Incident) error {
	for _, i := range page {
		if i.Ref.Tenant != w.tenant.ID {
			return fmt.Errorf("an incident of tenant %s came in answer to a question to %s", i.Ref.Tenant, w.tenant.ID)
		}
	}
	w.saved.Incidents = merge(w.saved.Incidents, page)
	w.publish()
	return nil
}

// partial says what is missing in a read that succeeded.
func partial(r Result, before text.Line) text.Line {
	switch {
	case r.Unreadable > 0:
		return text.NewLine(fmt.Sprintf("%d records could not be read", r.Unreadable))
	case r.AlertsMissing:
		return text.NewLine("the service does not give the alerts of some incidents")
	}
	return before
}

// settle turns the outcome of a read into the customer's status, and says how long to wait.
func (w *worker) settle(err error, now time.Time) time.Duration {
	interval := w.jittered(w.feed.o.Interval)
	if err == nil {
		w.failures = 0
		w.status = soc.Status{Tenant: w.tenant, Health: soc.HealthFresh, LastGood: w.saved.LastGood,
			Partial: w.status.Partial, Until: now.Add(interval)}
		return interval
	}
	w.failures++
	w.feed.o.Report(w.tenant.Code, err)
	p := problemOf(err)
	w.status.Problem, w.status.Next, w.status.Err = text.NewLine(p.Error()), p.Next, err
	wait := min(interval, w.jittered(firstRetry<<min(w.failures-1, 10)))
	switch p.Kind {
	case soc.ProblemThrottled:
		w.status.Health = soc.HealthThrottled
		wait = max(wait, p.Until.Sub(now))
	case soc.ProblemNoAccess, soc.ProblemSignIn:
		w.status.Health = soc.HealthNoAccess
		wait = w.jittered(closedDoor)
	default:
		w.status.Health = soc.HealthStale
	}
	w.status.Until = now.Add(wait)
	return wait
}

// problemOf finds what a person is told about an error.
func problemOf(err error) *soc.Problem {
	var p *soc.Problem
	if !errors.As(err, &p) && errors.Is(err, context.DeadlineExceeded) {
		return &soc.Problem{Kind: soc.ProblemUnavailable, Summary: text.NewLine("no answer in time"), Err: err}
	}
	return soc.ProblemOf(err)
}

// jittered spreads a wait over 90 to 110 % of it, so that customers do not march in step.
func (w *worker) jittered(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.9 + 0.2*w.feed.o.Jitter()))
}

// broke shows that the worker stopped by a fault of ours.
func (w *worker) broke(err error) {
	w.feed.o.Report(w.tenant.Code, err)
	w.status.Health, w.status.Err = soc.HealthStale, err
	w.status.Problem = text.NewLine(err.Error())
	w.status.Next = text.NewLine("start socctl again; the log file has the details")
	w.publish()
}
