package simcloud

import (
	"sync"
	"time"
)

// throttlePause is how long a throttled customer wants to be left alone between two answers.
const throttlePause = 20 * time.Second

// budget is the request budget of a throttled customer: one answer per pause, and none in the first one.
type budget struct {
	mu   sync.Mutex
	next time.Time
}

func newBudget(start time.Time) *budget { return &budget{next: start.Add(throttlePause)} }

// spend takes one answer, or says in how many whole seconds there will be one.
func (b *budget) spend(now time.Time) (retryAfter int, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if left := b.next.Sub(now); left > 0 {
		return int((left + time.Second - 1) / time.Second), false
	}
	b.next = now.Add(throttlePause)
	return 0, true
}
