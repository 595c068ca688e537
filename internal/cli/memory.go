package cli

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// A hundred thousand incidents take most of the memory that a console may have. Go's collector would let garbage take as much
// again before it looks for it; these say how much instead, in percent of what lives.
const (
	eager   = 400 // until the first frame stands: there is next to nothing to collect
	thrifty = 25
)

// firstFrame is the time after which the first frame stands, with plenty to spare.
const firstFrame = time.Second

// hurry lets a start go without collections. Whoever set GOGC knows better.
func hurry(gogc string) {
	if gogc == "" {
		debug.SetGCPercent(eager)
	}
}

// thrift keeps the console's memory small: it gives back what reading everybody for the first time took, once that is through,
// and then ends. There is no limit in bytes on purpose: a console that has more to show than fits would do nothing but collect.
func thrift(ctx context.Context, gogc string, snapshot func() *soc.Snapshot) error {
	if gogc != "" || !pause(ctx, firstFrame) {
		return nil
	}
	debug.SetGCPercent(thrifty)
	for snapshot().Health()[soc.HealthStarting] > 0 {
		if !pause(ctx, 5*time.Second) {
			return nil
		}
	}
	if pause(ctx, 5*time.Second) { // what was read last is garbage by then
		debug.FreeOSMemory()
	}
	return nil
}

// pause waits, and tells whether the time passed before the context ended.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
