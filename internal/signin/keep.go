package signin

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
)

// maxNap is how long Keep sleeps at most, so that it sees tokens that were fetched meanwhile.
const maxNap = 30 * time.Second

// Warm fetches silent tokens of many tenants side by side, and returns when all were tried or the context has ended.
// done is told how each one went, by several goroutines; it may be nil. Nobody is asked anything.
func (i *Identity) Warm(ctx context.Context, scope string, list []soc.TenantID, done func(soc.TenantID, error)) {
	each(list, func(t soc.TenantID) {
		if ctx.Err() != nil {
			return
		}
		_, err := i.For(t, scope).Token(ctx)
		if done != nil {
			done(t, err)
		}
	})
}

// Keep renews the tokens that are in use well before they end, each at a moment of its own, so that nobody waits for
// one and the authority is not asked for all of them at once. It returns when the context has ended. A tenant that
// refuses is left to whoever needs its token next.
func (i *Identity) Keep(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		due, next := i.due()
		each(due, func(t *TenantTokens) { t.renewAhead(ctx) })
		timer.Reset(min(max(next, time.Second), maxNap))
	}
}

// each calls f for every element, with maxFlights of them under way, and waits for all.
func each[T any](list []T, f func(T)) {
	var wg sync.WaitGroup
	todo := make(chan T, len(list))
	for _, e := range list {
		todo <- e
	}
	close(todo)
	for range min(len(list), maxFlights) {
		guard.Go(&wg, "the renewal of tokens", nil, func() error {
			for e := range todo {
				_ = guard.Run("the renewal of a token", func() error { f(e); return nil }) // one that breaks takes no other along
			}
			return nil
		})
	}
	wg.Wait()
}

// due lists the tokens to renew now, and tells how long until the next one.
func (i *Identity) due() ([]*TenantTokens, time.Duration) {
	i.mu.Lock()
	all := make([]*TenantTokens, 0, len(i.tokens))
	for _, t := range i.tokens {
		all = append(all, t)
	}
	i.mu.Unlock()
	now, next := i.opts.Now(), maxNap
	var out []*TenantTokens
	for _, t := range all {
		h := t.held.Load()
		switch wait := h.aheadAt.Sub(now); {
		case h.token.Token == "" || h.epoch != i.epoch.Load() || h.final != nil || h.step != nil || !t.used.Load():
		case wait <= 0:
			out = append(out, t)
		default:
			next = min(next, wait)
		}
	}
	return out, next
}

// renewAhead renews a token that still works, unless somebody is at it.
func (t *TenantTokens) renewAhead(ctx context.Context) {
	select {
	case t.turn <- struct{}{}:
	default:
		return
	}
	defer func() { <-t.turn }()
	if _, err := t.renew(ctx, "", t.held.Load().token.Token); err != nil && ctx.Err() == nil {
		t.later()
	}
}

// ahead picks when Keep renews a token: somewhere in the second half of the time until it has to be renewed, so that
// tokens that were fetched together are not renewed together.
func ahead(now, refreshAt time.Time) time.Time {
	half := refreshAt.Sub(now) / 2
	if half <= 0 {
		return refreshAt
	}
	return now.Add(half + rand.N(half)) //nolint:gosec // spreads load; nothing is secret about it
}
