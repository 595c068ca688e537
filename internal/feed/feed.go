// Package feed keeps the queue of all customers up to date: one worker per customer, all at once, each failing alone.
//
// A Feed is started once by Run, which returns when its context ends and every worker has stopped. Snapshot and Changed
// may be called from any goroutine at any time; neither waits for the network.
package feed

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
)

// Source reads the incidents of one customer from one service.
type Source interface {
	// Read gives the incidents that the query asks for to yield, a page at a time. They belong to the feed from then on, which
	// changes how they lie in memory. It may be asked again at once.
	Read(ctx context.Context, q Query, yield func([]*soc.Incident) error) (Result, error)
}

// Query says which incidents to read.
type Query struct {
	Since time.Time // changed at or after this time
	Open  bool      // only those that are neither resolved nor merged away, whatever their age
}

// Result tells how a read went that did not fail.
type Result struct {
	Unreadable int // records that could not be understood and were left out
}

// Customer is one customer with the source of its incidents.
type Customer struct {
	Tenant *soc.Tenant
	Source Source
	Calls  func() int // requests sent so far; nil counts reads

	// Usage is how many requests were sent in the last minute, and how many a minute are allowed; nil for nobody counts.
	Usage func() (minute, budget int)

	// Ready waits until the customer can be asked, such as for a token that others wait for too. That wait does not count
	// as the customer's silence. nil for at once.
	Ready func(context.Context) error
}

// Options configure a Feed.
type Options struct {
	Customers []Customer
	Store     Store         // nil keeps the rows in memory
	Interval  time.Duration // between two reads of a customer; one minute if zero
	Lookback  time.Duration // how far back resolved incidents are read at first; 30 days if zero
	Timeout   time.Duration // without a page of an answer, after which a read is given up; two minutes if zero
	Once      bool          // read every customer once, then let Run return
	Report    func(tenant soc.Code, err error)
	Jitter    func() float64 // in [0,1); random if nil
}

// Feed holds the queue.
type Feed struct {
	o       Options
	current atomic.Pointer[soc.Snapshot]
	changed chan struct{}
	workers []*worker
	common  *common

	mu      sync.Mutex // over the making of a snapshot
	last    time.Time  // when one was made
	waiting map[int]soc.Part
	due     *time.Timer // makes one of what waits; nil while nothing does
	dueAt   time.Time
}

// How long news may wait for other news, so that five hundred customers do not make a snapshot for each page that they read.
const (
	// burst is the least time between two snapshots for rows.
	burst = 50 * time.Millisecond
	// quiet is what a read waits that found nothing new: nobody looks at the second in which it ended.
	quiet = 2 * time.Second
)

// New prepares a Feed; nothing is read before Run. The first snapshot holds what the store has.
func New(o Options) *Feed {
	setDefaults(&o)
	f := &Feed{o: o, changed: make(chan struct{}, 1), common: newCommon()}
	first := &soc.Snapshot{Version: 1, At: time.Now(), Parts: make([]soc.Part, len(o.Customers))}
	for n, c := range o.Customers {
		w := newWorker(f, n, c)
		f.workers = append(f.workers, w)
		first.Parts[n] = w.part()
	}
	first.Index()
	f.current.Store(first)
	return f
}

func setDefaults(o *Options) {
	if o.Store == nil {
		o.Store = NewMemory()
	}
	if o.Interval == 0 {
		o.Interval = time.Minute
	}
	if o.Lookback == 0 {
		o.Lookback = 30 * 24 * time.Hour
	}
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Minute
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Report == nil {
		o.Report = func(soc.Code, error) {}
	}
}

// Run reads all customers until the context ends; with Options.Once, until each was read once. It returns nil when
// the context ended it, and otherwise what made a worker stop that should not have.
func (f *Feed) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var broken []error
	for _, w := range f.workers {
		guard.Go(&wg, "the feed of "+string(w.tenant.Code), func(err error) {
			mu.Lock()
			defer mu.Unlock()
			broken = append(broken, err)
			w.broke(err)
		}, func() error { return w.run(ctx) })
	}
	wg.Wait()
	f.flush()
	return errors.Join(broken...)
}

// Snapshot gives the queue as it is now.
func (f *Feed) Snapshot() *soc.Snapshot { return f.current.Load() }

// Changed is signalled after a new snapshot; several changes may be told by one signal. It has one reader.
func (f *Feed) Changed() <-chan struct{} { return f.changed }

// Refresh asks for a read now: of one customer, or of all where the id is empty. A customer that asked us to wait is
// not asked before the time is up.
func (f *Feed) Refresh(id soc.TenantID) {
	for _, w := range f.workers {
		if id == "" || w.tenant.ID == id {
			select {
			case w.wake <- struct{}{}:
			default: // it was asked already
			}
		}
	}
}

// Tasks lists the customers that are being read at this moment, and those that wait for their turn to be.
func (f *Feed) Tasks() []soc.Task {
	var list []soc.Task
	for _, w := range f.workers {
		if t := w.doing.Load(); t != nil {
			list = append(list, *t)
		}
	}
	return list
}

// SetAnalyst tells who sits at the keyboard, once it is known.
func (f *Feed) SetAnalyst(a soc.Analyst) {
	f.publish(func(s *soc.Snapshot) { s.Analyst = a })
}

// tell brings a customer's share into the next snapshot, which is made within patience of now.
func (f *Feed) tell(place int, part soc.Part, patience time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.waiting == nil {
		f.waiting = make(map[int]soc.Part)
	}
	f.waiting[place] = part
	now := time.Now()
	at := now.Add(patience)
	switch {
	case patience <= 0:
		f.make(func(*soc.Snapshot) {})
	case f.due == nil:
		f.due, f.dueAt = time.AfterFunc(patience, f.flush), at
	case at.Before(f.dueAt):
		f.due.Reset(patience)
		f.dueAt = at
	}
}

// soon is the patience of new rows: none, unless there was a snapshot a moment ago.
func (f *Feed) soon() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return burst - time.Since(f.last)
}

// flush makes a snapshot of what waits.
func (f *Feed) flush() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.waiting) > 0 {
		f.make(func(*soc.Snapshot) {})
	}
}

// publish makes the next snapshot out of the current one and what waits.
func (f *Feed) publish(change func(*soc.Snapshot)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.make(change)
}

// make is publish under the lock.
func (f *Feed) make(change func(*soc.Snapshot)) {
	if f.due != nil {
		f.due.Stop()
		f.due = nil
	}
	old := f.current.Load()
	next := *old
	next.Version++
	next.At = time.Now()
	next.Parts = append([]soc.Part(nil), old.Parts...)
	for place, part := range f.waiting {
		next.Parts[place] = part
	}
	clear(f.waiting)
	change(&next)
	f.last = next.At
	f.current.Store(&next)
	select {
	case f.changed <- struct{}{}:
	default: // the reader has not seen the last signal yet: it will find this snapshot
	}
}
