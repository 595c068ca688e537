package transport

import (
	"sync"
	"time"
)

// window is how far back a Meter looks, in seconds.
const window = 60

// Meter counts the requests that a client's gate let through in the last minute, in steps of a second. The zero value
// is ready; all methods may be called from any goroutine.
type Meter struct {
	mu      sync.Mutex
	seconds [window]uint16 // by Unix time modulo window
	newest  int64          // Unix time of the newest of them
}

func (m *Meter) add(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn(now)
	if n := &m.seconds[m.newest%window]; *n < ^uint16(0) {
		*n++
	}
}

// Used is the number of requests in the minute before now.
func (m *Meter) Used(now time.Time) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.turn(now)
	sum := 0
	for _, n := range m.seconds {
		sum += int(n)
	}
	return sum
}

// turn brings the window to now. A clock that was set back by more than the window starts a new one; one that trembles
// counts into the newest second.
func (m *Meter) turn(now time.Time) {
	at := max(0, now.Unix())
	if at >= m.newest+window || at <= m.newest-window {
		clear(m.seconds[:])
		m.newest = at
	}
	for m.newest < at {
		m.newest++
		m.seconds[m.newest%window] = 0
	}
}
