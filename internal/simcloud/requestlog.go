package simcloud

import (
	"sync"
	"time"
)

// Request is what was asked and answered, without the secrets.
type Request struct {
	Time            time.Time
	Tenant          string // code of the tenant whose data or sign-in was asked for; empty where unknown
	TokenTenant     string // tid of a valid token; empty without
	Method          string
	Path            string
	Query           string
	Status          int // 0 where the connection was dropped
	Authorization   bool
	Prefer          string
	ClientRequestID string
	UserAgent       string
	GrantType       string // of token requests, as are the next two
	Scope           string
	Claims          string
	Fault           bool // an injected fault answered
}

// requestLog remembers the last requests.
type requestLog struct {
	mu   sync.Mutex
	size int
	ring []Request
	next int
}

func (l *requestLog) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.ring) < l.size {
		l.ring = append(l.ring, r)
		return
	}
	l.ring[l.next] = r
	l.next = (l.next + 1) % l.size
}

// Requests gives the last requests, oldest first, in the order in which they were answered.
func (c *Cloud) Requests() []Request {
	l := &c.log
	l.mu.Lock()
	defer l.mu.Unlock()
	return append(append([]Request(nil), l.ring[l.next:]...), l.ring[:l.next]...)
}

// ForgetRequests empties the log.
func (c *Cloud) ForgetRequests() {
	l := &c.log
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring, l.next = nil, 0
}
