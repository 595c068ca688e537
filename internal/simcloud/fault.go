package simcloud

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Fault is a way in which the cloud misbehaves once or for a while. The zero Fault matches every request and answers it
// as usual; each field makes it worse.
type Fault struct {
	// Tenant limits the fault to a customer, by code or id; empty means all. Of Graph it is the token's tenant, of Entra
	// the one in the path.
	Tenant string
	// PathPrefix limits it to paths, without regard to case: "/v1.0/security/incidents", or below any tenant of Entra
	// "/oauth2/v2.0/token". Empty means all.
	PathPrefix string
	Skip       int // lets so many matching requests pass first
	Count      int // how often it strikes; 0 means once, below zero for ever

	Delay       time.Duration // before anything else
	Drop        bool          // the connection ends without an answer
	Status      int           // with Body as it is, even when that is empty; 0 keeps the usual answer
	RetryAfter  string        // header, as it is
	Header      http.Header   // further headers
	Body        string        // with Status 0 it means 200
	ContentType string        // of Body; empty means application/json
	Truncate    bool          // the headers promise the whole answer, half of it comes
	Endless     bool          // the answer, which is Body or an opened list, never ends
	// NextLink replaces or adds @odata.nextLink in the usual answer; "self" is the address that was asked for.
	NextLink string
}

// faultList holds the faults that are still to come, in the order in which they were injected.
type faultList struct {
	mu   sync.Mutex
	list []*Fault
}

// Inject adds a fault. The first one that matches a request strikes. The returned function takes it back.
func (c *Cloud) Inject(f Fault) (remove func()) {
	if f.Count == 0 {
		f.Count = 1
	}
	if t, ok := c.estate.Tenant(f.Tenant); ok {
		f.Tenant = t.ID
	} else if f.Tenant == c.Home().Code {
		f.Tenant = c.Home().ID
	}
	l := &c.faults
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, &f)
	return func() { l.remove(&f) }
}

// ClearFaults takes all faults back.
func (c *Cloud) ClearFaults() {
	c.faults.mu.Lock()
	defer c.faults.mu.Unlock()
	c.faults.list = nil
}

func (l *faultList) remove(f *Fault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, other := range l.list {
		if other == f {
			l.list = append(l.list[:i:i], l.list[i+1:]...)
			return
		}
	}
}

// strike gives the fault for a request, nil when there is none, and counts it.
func (l *faultList) strike(tenantID, path string) *Fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, f := range l.list {
		if !f.matches(tenantID, path) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		if f.Count > 0 {
			if f.Count--; f.Count == 0 {
				l.list = append(l.list[:i:i], l.list[i+1:]...)
			}
		}
		return f
	}
	return nil
}

func (f *Fault) matches(tenantID, path string) bool {
	if f.Tenant != "" && !strings.EqualFold(f.Tenant, tenantID) {
		return false
	}
	prefix := strings.ToLower(f.PathPrefix)
	path = strings.ToLower(path)
	if strings.HasPrefix(path, prefix) {
		return true
	}
	_, below, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return strings.HasPrefix("/"+below, prefix)
}
