package soc

import (
	"iter"
	"sort"
	"time"
)

// Snapshot is the queue of all customers at one moment. It is immutable: the feed makes a new one for each change and
// shares with the old one what did not change.
type Snapshot struct {
	Version uint64
	At      time.Time
	Parts   []Part // one per customer, in the order of the configuration
	Analyst Analyst

	places map[TenantID]int // in Parts, as of Index; nil where that was not called
}

// Part is one customer's share of the queue.
type Part struct {
	Status    Status
	Incidents []*Incident // by Ref.ID, ascending; shared, never changed
	Rows      uint64      // counts the changes of Incidents, so that who has drawn them knows whether to look again
}

// SameRows tells whether two snapshots of one feed have the same incidents and the same analyst, whatever became of the
// customers' states.
func (s *Snapshot) SameRows(t *Snapshot) bool {
	if s.Analyst != t.Analyst || len(s.Parts) != len(t.Parts) {
		return false
	}
	for i := range s.Parts {
		if s.Parts[i].Rows != t.Parts[i].Rows {
			return false
		}
	}
	return true
}

// Len is the number of incidents of all customers, merged ones included.
func (s *Snapshot) Len() int {
	n := 0
	for i := range s.Parts {
		n += len(s.Parts[i].Incidents)
	}
	return n
}

// All walks over every incident of every customer.
func (s *Snapshot) All() iter.Seq[*Incident] {
	return func(yield func(*Incident) bool) {
		for i := range s.Parts {
			for _, inc := range s.Parts[i].Incidents {
				if !yield(inc) {
					return
				}
			}
		}
	}
}

// Index makes Part and Find quick among many customers. It is called before anybody else has the snapshot; copies of it are
// as quick, as long as their customers are the same.
func (s *Snapshot) Index() {
	s.places = make(map[TenantID]int, len(s.Parts))
	for n := range s.Parts {
		s.places[s.Parts[n].Status.Tenant.ID] = n
	}
}

// Part finds the share of a tenant.
func (s *Snapshot) Part(id TenantID) (*Part, bool) {
	if n, ok := s.places[id]; ok && n < len(s.Parts) && s.Parts[n].Status.Tenant.ID == id {
		return &s.Parts[n], true
	}
	for i := range s.Parts {
		if s.Parts[i].Status.Tenant.ID == id {
			return &s.Parts[i], true
		}
	}
	return nil, false
}

// Find looks an incident up by its key.
func (s *Snapshot) Find(r Ref) (*Incident, bool) {
	p, ok := s.Part(r.Tenant)
	if !ok {
		return nil, false
	}
	return p.find(r)
}

func (p *Part) find(r Ref) (*Incident, bool) {
	i := sort.Search(len(p.Incidents), func(i int) bool { return p.Incidents[i].Ref.ID >= r.ID })
	for ; i < len(p.Incidents) && p.Incidents[i].Ref.ID == r.ID; i++ {
		if p.Incidents[i].Ref.Source == r.Source {
			return p.Incidents[i], true
		}
	}
	return nil, false
}

// maxHops bounds how often one incident can have been merged into the next.
const maxHops = 5

// Follow finds the incident that r was merged into, through at most five merges; it stops at the last one that is
// known, and in a ring. An incident that was not merged is found itself. A merge never leaves the customer.
func (s *Snapshot) Follow(r Ref) (*Incident, bool) {
	inc, ok := s.Find(r)
	for hop := 0; ok && inc.RedirectTo != "" && hop < maxHops; hop++ {
		next := inc.Ref
		next.ID = inc.RedirectTo
		target, found := s.Find(next)
		if !found || target.Ref == r {
			break
		}
		inc = target
	}
	return inc, ok
}

// Numbered lists the incidents that carry a bare number, over all customers.
func (s *Snapshot) Numbered(id string) []*Incident {
	var found []*Incident
	for i := range s.Parts {
		for _, src := range []Source{SourceDefender, SourceSentinel} {
			if inc, ok := s.Parts[i].find(Ref{ID: id, Source: src}); ok {
				found = append(found, inc)
			}
		}
	}
	return found
}

// Health counts the customers in each state of health.
func (s *Snapshot) Health() map[Health]int {
	n := make(map[Health]int, 5)
	for i := range s.Parts {
		n[s.Parts[i].Status.Health]++
	}
	return n
}

// Complete tells whether every customer's rows are there and fresh.
func (s *Snapshot) Complete() bool {
	for i := range s.Parts {
		if !s.Parts[i].Status.Good() {
			return false
		}
	}
	return true
}

// SortPart brings incidents into the order that Part requires.
func SortPart(list []*Incident) {
	sort.Slice(list, func(i, j int) bool {
		a, b := list[i].Ref, list[j].Ref
		if a.ID != b.ID {
			return a.ID < b.ID
		}
		return a.Source < b.Source
	})
}

// Open is the number of incidents that still want somebody.
func (p *Part) Open() int {
	n := 0
	for _, i := range p.Incidents {
		if i.State.Open() {
			n++
		}
	}
	return n
}
