package feed

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

const (
	// overlap is how far before the cursor a read starts again, since changes show up late and out of order.
	overlap = 2 * time.Minute
	// firstRetry is the wait after the first failure in a row; it doubles up to the interval.
	firstRetry = 5 * time.Second
	// fullAgain is the time after which a customer is read as a whole again, if something could not be read.
	fullAgain = time.Hour
	// skew is how far a customer's clock may be ahead of ours. A change that is later still does not move the cursor: it
	// would hide those of today.
	skew = 5 * time.Minute
	// closedDoor is the wait before a customer is asked again that does not let us in.
	closedDoor = 15 * time.Minute
)

// errNoAnswer ends a read in which nothing came for too long.
var errNoAnswer error = &soc.Problem{Kind: soc.ProblemUnavailable, Summary: text.NewLine("no answer in time"),
	Next: text.NewLine("trying again by itself")}

// worker reads one customer. Its fields belong to the goroutine of run, once that has started.
type worker struct {
	feed     *Feed
	place    int // in Snapshot.Parts
	tenant   *soc.Tenant
	customer Customer
	wake     chan struct{}

	saved    Saved
	rows     uint64 // changes of saved.Incidents
	told     uint64 // rows as of the end of the last read
	status   soc.Status
	gaps     gaps
	failures int // in a row
	reads    int
	alive    func() // called for every page, while a read is under way
	newest   time.Time
	small    *compactor // while a read is under way

	doing atomic.Pointer[soc.Task] // what the worker does right now; nil while it waits for the next read
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
	w.changed(saved.Incidents, time.Now())
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
	if w.customer.Usage != nil {
		w.status.CallsMinute, w.status.Budget = w.customer.Usage()
	}
	return soc.Part{Status: w.status, Incidents: w.saved.Incidents, Rows: w.rows}
}

// publish shows the worker's share at once.
func (w *worker) publish() { w.feed.tell(w.place, w.part(), 0) }

// run reads, waits, and reads again, until the context ends.
func (w *worker) run(ctx context.Context) error {
	for {
		err := w.read(ctx)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the read was ended, it did not fail
		}
		before, rows := w.status, w.rows
		wait := w.settle(err, time.Now())
		if w.told == rows && calm(&before, &w.status) && !w.feed.o.Once {
			w.feed.tell(w.place, w.part(), quiet)
		} else {
			w.publish()
		}
		w.told = rows
		if w.feed.o.Once {
			return nil
		}
		if !w.sleep(ctx, wait) {
			return nil
		}
	}
}

// calm tells whether a read left a customer as it was: in order, with nothing else to say about it.
func calm(before, after *soc.Status) bool {
	return before.Health == soc.HealthFresh && after.Health == soc.HealthFresh && before.Partial == after.Partial
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

// read brings the rows up to date. Every page shows at once; the cursor moves only after all of them came. What bounds a
// read is the time between two pages: a large customer takes as long as it takes.
func (w *worker) read(ctx context.Context) error {
	defer w.doing.Store(nil)
	if w.customer.Ready != nil {
		w.does("waiting for a token")
		if err := w.customer.Ready(ctx); err != nil {
			return err
		}
	}
	w.does("reading incidents")
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := time.AfterFunc(w.feed.o.Timeout, func() { cancel(errNoAnswer) })
	defer idle.Stop()
	w.alive = func() { idle.Reset(w.feed.o.Timeout) }
	w.reads++
	w.small = newCompactor(w.feed.common)
	defer func() { w.small = nil }()
	if err := w.ask(ctx, time.Now()); err != nil {
		if errors.Is(context.Cause(ctx), errNoAnswer) {
			return errNoAnswer
		}
		return err
	}
	if err := w.feed.o.Store.Save(w.tenant.ID, w.saved); err != nil {
		w.feed.o.Report(w.tenant.Code, fmt.Errorf("save the rows of %s: %w", w.tenant.Code, err))
	}
	return nil
}

// does tells what the worker does from now on.
func (w *worker) does(what string) {
	w.doing.Store(&soc.Task{What: text.NewLine(what), Tenant: w.tenant.ID, Code: w.tenant.Code, Since: time.Now()})
}

// changed notes the latest change among rows. One that the service dates into the future tells nothing.
func (w *worker) changed(rows []*soc.Incident, now time.Time) {
	future := now.Add(skew)
	for _, i := range rows {
		if i.Updated.After(w.status.LastChange) && i.Updated.Before(future) {
			w.status.LastChange = i.Updated
		}
	}
}

// ask puts the questions that are due. From time to time everything is asked again, if something could not be read.
func (w *worker) ask(ctx context.Context, start time.Time) error {
	since := w.saved.Cursor.Add(-overlap)
	w.newest = w.saved.Cursor
	full := w.saved.Cursor.IsZero() || w.gaps.due(start)
	if full {
		since = start.Add(-w.feed.o.Lookback)
		if err := w.askOpen(ctx, start); err != nil {
			return err
		}
	}
	res, err := w.customer.Source.Read(ctx, Query{Since: since}, w.take)
	if err != nil {
		return err
	}
	w.gaps.changed(full, res.Unreadable)
	if w.newest.IsZero() {
		w.newest = since // an empty customer: nothing older has to be asked for again
	}
	w.saved.Cursor, w.saved.LastGood = w.newest, time.Now()
	return nil
}

// askOpen asks for what is open, however old. Once that was answered, a read that fails later does not ask it again.
func (w *worker) askOpen(ctx context.Context, start time.Time) error {
	if start.Sub(w.gaps.openAt) < fullAgain {
		return nil
	}
	before := w.newest
	res, err := w.customer.Source.Read(ctx, Query{Open: true}, w.take)
	w.newest = before // closed ones of the same time were not read yet
	if err != nil && !refused(err) {
		return err
	}
	w.gaps.opened(start, err != nil, res.Unreadable)
	return nil
}

// refused tells whether the service understood the question and does not answer it.
func refused(err error) bool {
	var p *soc.Problem
	return errors.As(err, &p) && p.Kind == soc.ProblemRefused
}

// take puts a page into the rows.
func (w *worker) take(page []*soc.Incident) error {
	w.alive()
	future := time.Now().Add(skew)
	for _, i := range page {
		if i.Ref.Tenant != w.tenant.ID {
			return fmt.Errorf("an incident of tenant %s came in answer to a question to %s", i.Ref.Tenant, w.tenant.ID)
		}
		if i.Updated.After(w.newest) && i.Updated.Before(future) {
			w.newest = i.Updated
		}
	}
	w.small.page(page)
	rows, changed := merge(w.saved.Incidents, page)
	if changed {
		w.saved.Incidents = rows
		w.rows++
		w.changed(page, time.Now())
		w.feed.tell(w.place, w.part(), w.feed.soon())
	}
	return nil
}

// settle turns the outcome of a read into the customer's status, and says how long to wait.
func (w *worker) settle(err error, now time.Time) time.Duration {
	interval := w.jittered(w.feed.o.Interval)
	if err == nil {
		w.failures = 0
		w.status = soc.Status{Tenant: w.tenant, Health: soc.HealthFresh, LastGood: w.saved.LastGood,
			LastChange: w.status.LastChange, Partial: w.gaps.text(w.saved.Incidents), Until: now.Add(interval)}
		return interval
	}
	w.failures++
	w.feed.o.Report(w.tenant.Code, err)
	p := soc.ProblemOf(err)
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
