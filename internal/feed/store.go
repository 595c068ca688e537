package feed

import (
	"sync"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// Saved is what is kept of a customer between two reads.
type Saved struct {
	Incidents []*soc.Incident // in the order of soc.SortPart; never changed once saved
	Cursor    time.Time       // the latest change that was read completely
	LastGood  time.Time
}

// Store keeps the rows of each customer. Its methods are called by the customer's own worker, one at a time for one
// customer and at once for different ones.
type Store interface {
	Load(soc.TenantID) (Saved, error)
	Save(soc.TenantID, Saved) error
}

// Memory is a Store that forgets everything at the end of the process.
type Memory struct {
	mu   sync.Mutex
	rows map[soc.TenantID]Saved
}

// NewMemory makes an empty Memory.
func NewMemory() *Memory { return &Memory{rows: make(map[soc.TenantID]Saved)} }

// Load gives what was saved, or nothing.
func (m *Memory) Load(id soc.TenantID) (Saved, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.rows[id], nil
}

// Save keeps the rows.
func (m *Memory) Save(id soc.TenantID, s Saved) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows[id] = s
	return nil
}
