package cli

import (
	"context"
	"fmt"
	"sync"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/guard"
)

// follower tells when one of the files that a running console reads was changed. There may come more of them: a theme is a
// file of its own.
type follower struct {
	ctx     context.Context //nolint:containedctx // of all watches, which end with the console
	report  func(error)
	changed chan struct{} // of one place
	running sync.WaitGroup

	mu    sync.Mutex
	known map[string]bool
}

func newFollower(ctx context.Context, report func(error)) *follower {
	return &follower{ctx: ctx, report: report, changed: make(chan struct{}, 1), known: make(map[string]bool)}
}

// follow watches files beside those that are watched already.
func (f *follower) follow(paths []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var more []string
	for _, p := range paths {
		if !f.known[p] {
			more = append(more, p)
			f.known[p] = true
		}
	}
	if len(more) == 0 || f.ctx.Err() != nil {
		return
	}
	changed, err := config.Watch(f.ctx, more, f.report)
	if err != nil {
		f.report(fmt.Errorf("the configuration's files are not followed: %w", err))
		return
	}
	guard.Go(&f.running, "following the configuration's files", f.report, func() error {
		for range changed {
			select {
			case f.changed <- struct{}{}:
			default:
			}
		}
		return nil
	})
}

// wait waits for the end of the watches, after that of the context.
func (f *follower) wait() {
	f.mu.Lock() // whoever follows more from here on finds the context ended
	defer f.mu.Unlock()
	f.running.Wait()
}
