package feed

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// service is a Source that a test writes the answers of.
type service struct {
	tenant *soc.Tenant
	mu     sync.Mutex
	asked  []Query
	times  []time.Time
	answer func(ctx context.Context, n int, q Query, yield func([]*soc.Incident) error) (Result, error)
}

func (s *service) Read(ctx context.Context, q Query, yield func([]*soc.Incident) error) (Result, error) {
	s.mu.Lock()
	n := len(s.asked)
	s.asked, s.times = append(s.asked, q), append(s.times, time.Now())
	s.mu.Unlock()
	return s.answer(ctx, n, q, yield)
}

func (s *service) reads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

func customer(n int) *soc.Tenant {
	id := soc.TenantID(fmt.Sprintf("0a1b2c3d-0000-4000-8000-%012d", n))
	return &soc.Tenant{ID: id, Code: soc.Code(fmt.Sprintf("C%03d", n)), Name: text.NewLine("Customer")}
}

func incident(t *soc.Tenant, id string, updated time.Time) *soc.Incident {
	return &soc.Incident{Ref: soc.Ref{Tenant: t.ID, Code: t.Code, Source: soc.SourceDefender, ID: id}, Tenant: t, Updated: updated}
}

// pass lets time go by in a bubble of synctest.
func pass(d time.Duration) { <-time.After(d) }

// one makes a feed of one customer, without jitter.
func one(answer func(context.Context, int, Query, func([]*soc.Incident) error) (Result, error), change ...func(*Options)) (*Feed, *service) {
	s := &service{tenant: customer(1), answer: answer}
	o := Options{Customers: []Customer{{Tenant: s.tenant, Source: s}}, Jitter: func() float64 { return 0.5 }}
	for _, f := range change {
		f(&o)
	}
	return New(o), s
}

// start runs a feed until the test's bubble asks it to stop.
func start(f *Feed) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			panic(err)
		}
	}
}

func TestTheCursorMovesOnlyAfterACompleteRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s *service
		begin := time.Now()
		changed := begin.Add(-time.Hour)
		f, s := one(func(_ context.Context, n int, _ Query, yield func([]*soc.Incident) error) (Result, error) {
			if err := yield([]*soc.Incident{incident(s.tenant, "7", changed)}); err != nil {
				return Result{}, err
			}
			if n == 1 {
				return Result{}, errors.New("lost in the middle")
			}
			return Result{}, nil
		})
		stop := start(f)
		defer stop()
		pass(3 * time.Minute)
		synctest.Wait()
		want := []Query{{Open: true}, {Since: begin.Add(-30 * 24 * time.Hour)}, // the first read fails in its second half,
			{Since: begin.Add(5*time.Second - 30*24*time.Hour)}, {Since: changed.Add(-overlap)}} // and what is open was answered
		for n, q := range want {
			if s.asked[n] != q {
				t.Errorf("question %d: %+v, want %+v", n, s.asked[n], q)
			}
		}
		st := f.Snapshot().Parts[0].Status
		if st.Health != soc.HealthFresh || len(f.Snapshot().Parts[0].Incidents) != 1 {
			t.Errorf("at the end: %+v", st)
		}
	})
}

func TestEveryKindOfTroubleHasItsStateAndItsWait(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		err    error
		health soc.Health
		again  time.Duration
	}{
		{"no answer", errors.New("connection refused"), soc.HealthStale, 5 * time.Second},
		{"closed", &soc.Problem{Kind: soc.ProblemNoAccess, Summary: text.NewLine("not a guest")}, soc.HealthNoAccess, 15 * time.Minute},
		{"sign in again", &soc.Problem{Kind: soc.ProblemSignIn, Summary: text.NewLine("MFA")}, soc.HealthNoAccess, 15 * time.Minute},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f, s := one(func(context.Context, int, Query, func([]*soc.Incident) error) (Result, error) {
					return Result{}, fmt.Errorf("read: %w", c.err)
				})
				stop := start(f)
				defer stop()
				synctest.Wait()
				st := f.Snapshot().Parts[0].Status
				if st.Health != c.health || st.Problem.IsZero() || st.Err == nil {
					t.Errorf("status %+v", st)
				}
				pass(c.again - time.Millisecond)
				if s.reads() != 1 {
					t.Errorf("asked %d times before the wait of %s was over", s.reads(), c.again)
				}
				pass(2 * time.Millisecond)
				synctest.Wait()
				if s.reads() != 2 {
					t.Errorf("asked %d times after the wait", s.reads())
				}
			})
		})
	}
}

func TestAThrottledCustomerIsLeftAloneWhoeverAsks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, s := one(func(_ context.Context, n int, _ Query, _ func([]*soc.Incident) error) (Result, error) {
			if n == 0 {
				return Result{}, &soc.Problem{Kind: soc.ProblemThrottled, Summary: text.NewLine("429"), Until: time.Now().Add(4 * time.Minute)}
			}
			return Result{}, nil
		})
		stop := start(f)
		defer stop()
		for range 10 {
			synctest.Wait()
			f.Refresh("")
			pass(20 * time.Second)
		}
		if s.reads() != 1 {
			t.Errorf("asked %d times within the four minutes", s.reads())
		}
		if st := f.Snapshot().Parts[0].Status; st.Health != soc.HealthThrottled {
			t.Errorf("status %+v", st)
		}
		pass(time.Minute)
		synctest.Wait()
		if st := f.Snapshot().Parts[0].Status; st.Health != soc.HealthFresh {
			t.Errorf("afterwards: %+v", st)
		}
	})
}

func TestOneHangingCustomerHarmsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var customers []Customer
		for n := range 20 {
			s := &service{tenant: customer(n)}
			s.answer = func(ctx context.Context, _ int, _ Query, yield func([]*soc.Incident) error) (Result, error) {
				switch n {
				case 7:
					<-ctx.Done()
					return Result{}, ctx.Err()
				case 8:
					panic("a bug of ours")
				}
				return Result{}, yield([]*soc.Incident{incident(s.tenant, "1", time.Now())})
			}
			customers = append(customers, Customer{Tenant: s.tenant, Source: s})
		}
		f := New(Options{Customers: customers})
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() { done <- f.Run(ctx) }()
		synctest.Wait()
		h := f.Snapshot().Health()
		if h[soc.HealthFresh] != 18 || h[soc.HealthStarting] != 1 || h[soc.HealthStale] != 1 {
			t.Errorf("at once: %v", h)
		}
		pass(2*time.Minute + time.Second)
		synctest.Wait()
		if st := f.Snapshot().Parts[7].Status; st.Health != soc.HealthStale || st.Problem.String() != "no answer in time" {
			t.Errorf("the hanging one: %+v", st)
		}
		cancel()
		if err := <-done; err == nil {
			t.Error("the panic was swallowed")
		}
	})
}

func TestAnotherCustomersIncidentIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, _ := one(func(_ context.Context, _ int, _ Query, yield func([]*soc.Incident) error) (Result, error) {
			return Result{}, yield([]*soc.Incident{incident(customer(2), "1", time.Now())})
		})
		stop := start(f)
		defer stop()
		synctest.Wait()
		if p := f.Snapshot().Parts[0]; p.Status.Health == soc.HealthFresh || len(p.Incidents) != 0 {
			t.Errorf("%+v", p)
		}
	})
}

func TestARefusedQuestionAboutOldRowsIsNoFailure(t *testing.T) {
	t.Parallel()
	f, _ := one(func(_ context.Context, _ int, q Query, yield func([]*soc.Incident) error) (Result, error) {
		if q.Open {
			return Result{}, &soc.Problem{Kind: soc.ProblemRefused, Status: 400, Summary: text.NewLine("bad filter")}
		}
		return Result{}, yield([]*soc.Incident{incident(customer(1), "1", time.Now().Add(24*time.Hour))})
	}, func(o *Options) { o.Once = true })
	if err := f.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	st := f.Snapshot().Parts[0].Status
	if st.Health != soc.HealthFresh || st.Partial.IsZero() {
		t.Errorf("status %+v", st)
	}
	if f.workers[0].saved.Cursor.After(time.Now()) {
		t.Error("a change of tomorrow moved the cursor into the future")
	}
}

func TestWhatCouldNotBeReadStaysSaidUntilEverythingIsReadAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lost := 7
		f, s := one(func(_ context.Context, n int, _ Query, _ func([]*soc.Incident) error) (Result, error) {
			if n == 1 {
				return Result{Unreadable: lost}, nil
			}
			return Result{}, nil
		})
		stop := start(f)
		defer stop()
		pass(50 * time.Minute)
		synctest.Wait()
		if st := f.Snapshot().Parts[0].Status; st.Partial.String() != "7 records could not be read" || f.Snapshot().Complete() {
			t.Errorf("after %d reads: %+v", s.reads(), st)
		}
		pass(12 * time.Minute)
		synctest.Wait()
		if st := f.Snapshot().Parts[0].Status; !st.Good() {
			t.Errorf("after everything was read again: %+v", st)
		}
	})
}

func TestALargeCustomerMayTakeAsLongAsItAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, s := one(func(ctx context.Context, _ int, _ Query, yield func([]*soc.Incident) error) (Result, error) {
			for n := range 200 {
				select {
				case <-ctx.Done():
					return Result{}, ctx.Err()
				case <-time.After(90 * time.Second):
				}
				if err := yield([]*soc.Incident{incident(customer(1), fmt.Sprint(n), time.Now())}); err != nil {
					return Result{}, err
				}
			}
			return Result{}, nil
		})
		stop := start(f)
		defer stop()
		pass(400*90*time.Second + time.Minute)
		synctest.Wait()
		if st := f.Snapshot().Parts[0].Status; st.Health != soc.HealthFresh || s.reads() > 3 {
			t.Errorf("after %d reads: %+v", s.reads(), st)
		}
	})
}

func TestAReadThatFindsNothingNewChangesNoRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		at := time.Now()
		f, _ := one(func(_ context.Context, _ int, _ Query, yield func([]*soc.Incident) error) (Result, error) {
			return Result{}, yield([]*soc.Incident{incident(customer(1), "1", at)})
		})
		stop := start(f)
		defer stop()
		synctest.Wait()
		before := f.Snapshot()
		pass(5 * time.Minute)
		synctest.Wait()
		after := f.Snapshot()
		if !after.SameRows(before) || after.Version == before.Version {
			t.Errorf("rows %d, then %d; version %d, then %d", before.Parts[0].Rows, after.Parts[0].Rows, before.Version, after.Version)
		}
	})
}

func TestOnceReadsEveryoneOnceAndReturns(t *testing.T) {
	t.Parallel()
	f, s := one(func(_ context.Context, _ int, _ Query, yield func([]*soc.Incident) error) (Result, error) {
		return Result{}, nil
	}, func(o *Options) { o.Once = true })
	if err := f.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.reads() != 2 { // what is open, and what changed lately
		t.Errorf("asked %d times", s.reads())
	}
	select {
	case <-f.Changed():
	default:
		t.Error("the change was not signalled")
	}
}

func TestTheStoreBringsYesterdaysRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := NewMemory()
		yesterday := time.Now().Add(-24 * time.Hour)
		c := customer(1)
		err := store.Save(c.ID, Saved{Incidents: []*soc.Incident{incident(c, "1", yesterday)}, Cursor: yesterday, LastGood: yesterday})
		if err != nil {
			t.Fatal(err)
		}
		f, s := one(func(context.Context, int, Query, func([]*soc.Incident) error) (Result, error) {
			return Result{}, nil
		}, func(o *Options) { o.Store = store })
		before := f.Snapshot().Parts[0]
		if before.Status.Health != soc.HealthStale || len(before.Incidents) != 1 || before.Status.Age(time.Now()) != 24*time.Hour {
			t.Errorf("before the first read: %+v", before)
		}
		stop := start(f)
		defer stop()
		synctest.Wait()
		if s.asked[0] != (Query{Since: yesterday.Add(-overlap)}) {
			t.Errorf("the first question: %+v", s.asked[0])
		}
	})
}

func TestMerge(t *testing.T) {
	t.Parallel()
	c := customer(1)
	t0 := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	known := incident(c, "2", t0)
	known.AlertCount = 3
	rows, _ := merge(nil, []*soc.Incident{known, incident(c, "1", t0), incident(c, "10", t0)})
	blind := incident(c, "2", t0) // the same change, read without alerts
	blind.AlertCount = -1
	late := incident(c, "1", t0.Add(-time.Minute))
	next := incident(c, "10", t0.Add(time.Minute))
	got, changed := merge(rows, []*soc.Incident{late, blind, next, incident(c, "3", t0), incident(c, "3", t0.Add(time.Second))})
	if len(got) != 4 || !changed {
		t.Fatalf("%d rows, changed %v", len(got), changed)
	}
	same := *next
	if again, changed := merge(got, []*soc.Incident{&same, late, blind}); changed || len(again) != 4 {
		t.Errorf("the same records again: %d rows, changed %v", len(again), changed)
	}
	if got[0] != rows[0] || got[1] != next || got[2] != known || !got[3].Updated.Equal(t0.Add(time.Second)) {
		t.Errorf("rows: %v %v %v %v", got[0].Ref, got[1].Ref, got[2].Ref, got[3].Updated)
	}
	if len(rows) != 3 || rows[1].Ref.ID != "10" {
		t.Error("the old rows were changed: snapshots share them")
	}
}
