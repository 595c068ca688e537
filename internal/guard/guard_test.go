package guard

import (
	"errors"
	"strings"
	"sync"
	"testing"
)

func TestRunTurnsAPanicIntoAnError(t *testing.T) {
	t.Parallel()
	err := Run("the test", func() error { panic("boom \x1b]52;c;eA==\a") })
	var p *Panic
	if !errors.As(err, &p) {
		t.Fatalf("Run returned %v, want a *Panic", err)
	}
	if p.Where != "the test" || len(p.Stack) == 0 {
		t.Errorf("the panic lost its place or stack: %q, %d bytes", p.Where, len(p.Stack))
	}
	if strings.ContainsAny(err.Error(), "\x1b\a") {
		t.Errorf("the panic's text is not safe to print: %q", err.Error())
	}
}

func TestGoReportsWhatWentWrongAndIsWaitedFor(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	var mu sync.Mutex
	var got []string
	done := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, err.Error())
	}
	Go(&wg, "a", done, func() error { return errors.New("failed") })
	Go(&wg, "b", done, func() error { panic("gone") })
	Go(&wg, "c", done, func() error { return nil })
	wg.Wait()
	if len(got) != 2 {
		t.Fatalf("reports: %q, want two", got)
	}
}
