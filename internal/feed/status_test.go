package feed

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

func TestTasksNameTheCustomersThatAreRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		f, s := one(func(context.Context, int, Query, func([]*soc.Incident) error) (Result, error) {
			pass(10 * time.Second)
			return Result{}, nil
		})
		token := make(chan struct{})
		f.workers[0].customer.Ready = func(context.Context) error {
			<-token
			return nil
		}
		want := func(what string, since time.Duration) {
			t.Helper()
			synctest.Wait()
			got := f.Tasks()
			if what == "" && len(got) == 0 {
				return
			}
			if len(got) != 1 || got[0].What.String() != what || got[0].Tenant != s.tenant.ID || got[0].Code != s.tenant.Code || got[0].Since.Sub(begin) != since {
				t.Errorf("%+v, want %q since %s", got, what, since)
			}
		}
		want("", 0)
		stop := start(f)
		want("waiting for a token", 0)
		pass(3 * time.Second)
		close(token)
		want("reading incidents", 3*time.Second)
		pass(21 * time.Second)
		want("", 0)
		stop()
		want("", 0)
	})
}

func TestAReadThatFailsIsNoTaskAnyMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f, _ := one(func(context.Context, int, Query, func([]*soc.Incident) error) (Result, error) { panic("a bug of ours") })
		if err := f.Run(t.Context()); err == nil {
			t.Error("the panic was swallowed")
		}
		if got := f.Tasks(); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestTheLastChangeIsTheNewestAmongTheRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		now, c := time.Now(), customer(1)
		old, middle, latest := now.Add(-3*time.Hour), now.Add(-2*time.Hour), now.Add(-time.Hour)
		store := NewMemory()
		if err := store.Save(c.ID, Saved{Incidents: []*soc.Incident{incident(c, "1", old)}, Cursor: old, LastGood: old}); err != nil {
			t.Fatal(err)
		}
		f, _ := one(func(_ context.Context, n int, _ Query, yield func([]*soc.Incident) error) (Result, error) {
			switch n {
			case 0:
				return Result{}, yield([]*soc.Incident{incident(c, "2", middle), incident(c, "3", now.Add(time.Hour))})
			case 1:
				return Result{}, errors.New("no answer")
			}
			return Result{}, yield([]*soc.Incident{incident(c, "2", latest)})
		}, func(o *Options) { o.Store = store })
		want := func(when string, at time.Time) {
			t.Helper()
			synctest.Wait()
			if got := f.Snapshot().Parts[0].Status.LastChange; !got.Equal(at) {
				t.Errorf("%s: %v, want %v", when, got, at)
			}
		}
		want("from the store", old)
		stop := start(f)
		defer stop()
		want("after a read, without the one that is dated into the future", middle)
		pass(62 * time.Second)
		want("after a read that failed", middle)
		pass(10 * time.Second)
		want("after the next", latest)
		pass(2 * time.Minute)
		want("while nothing changes", latest)
	})
}

func TestCountingACallMakesNoSnapshot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		used := 2
		f, _ := one(func(context.Context, int, Query, func([]*soc.Incident) error) (Result, error) { return Result{}, nil },
			func(o *Options) { o.Customers[0].Usage = func() (int, int) { return used, 90 } })
		stop := start(f)
		defer stop()
		synctest.Wait()
		first := f.Snapshot()
		if st := first.Parts[0].Status; st.CallsMinute != 2 || st.Budget != 90 {
			t.Errorf("%d of %d calls", st.CallsMinute, st.Budget)
		}
		used = 5
		pass(30 * time.Second)
		synctest.Wait()
		if f.Snapshot() != first {
			t.Error("there is a new snapshot, and nothing was read")
		}
		pass(time.Minute)
		synctest.Wait()
		if st := f.Snapshot().Parts[0].Status; st.CallsMinute != 5 {
			t.Errorf("%d calls after the next read", st.CallsMinute)
		}
	})
}
