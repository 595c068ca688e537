// Package state is what a console keeps from one start to the next: where one was, what the list looked like, what was
// marked. It holds references and the analyst's own words, and nothing of a customer's data. Decode takes bytes that may have
// been written by anybody; what it gives is bounded, and names no customer by more than an id that the caller has to know.
package state

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/soc"
)

// version is that of the format. A newer one is refused rather than guessed at.
const version = 1

// The bounds of what is read.
const (
	MaxBytes   = 4 << 20
	maxMarks   = 10_000
	maxWords   = 4096
	maxHistory = 50
	maxColumns = 64
)

// State is a console's state.
type State struct {
	Version int                 `json:"version"`
	Config  string              `json:"config"` // the configuration's fingerprint
	Saved   time.Time           `json:"saved"`
	Tenant  soc.TenantID        `json:"tenant,omitempty"` // that the queue is narrowed to
	Group   string              `json:"group,omitempty"`
	Section string              `json:"section"`
	Filter  string              `json:"filter,omitempty"`
	Order   soc.Order           `json:"order,omitempty"`
	Cursor  Ref                 `json:"cursor,omitzero"`
	Open    Ref                 `json:"open,omitzero"` // the incident that was open
	Page    string              `json:"page,omitempty"`
	Marks   []Ref               `json:"marks,omitempty"`
	Preview string              `json:"preview,omitempty"`
	Wide    bool                `json:"wide,omitempty"`
	Privacy bool                `json:"privacy,omitempty"` // names were masked
	Columns map[string][]string `json:"columns,omitempty"` // by section
	History []string            `json:"history,omitempty"` // of commands and filters, the latest last
}

// Ref is an incident's key without the customer's code, which is the configuration's.
type Ref struct {
	Tenant soc.TenantID `json:"tenant"`
	Source soc.Source   `json:"source"`
	ID     string       `json:"id"`
}

// RefOf is the saved form of a reference.
func RefOf(r soc.Ref) Ref { return Ref{r.Tenant, r.Source, r.ID} }

// IsZero tells whether it names nothing.
func (r Ref) IsZero() bool { return r.ID == "" }

// valid tells whether the reference can be one at all.
func (r Ref) valid() bool {
	if r == (Ref{}) {
		return true
	}
	_, err := soc.ParseTenantID(string(r.Tenant))
	return err == nil && (r.Source == soc.SourceDefender || r.Source == soc.SourceSentinel) && soc.ValidID(r.ID)
}

// Encode writes a state in a way that Decode takes. Bytes that are no text are replaced, and of the columns of very many
// sections the first by name are kept.
func Encode(s State) ([]byte, error) {
	s.Version = version
	if len(s.Columns) > maxColumns {
		few := make(map[string][]string, maxColumns)
		for _, name := range slices.Sorted(maps.Keys(s.Columns))[:maxColumns] {
			few[name] = s.Columns[name]
		}
		s.Columns = few
	}
	data, err := json.Marshal(&s, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return nil, fmt.Errorf("write the session: %w", err)
	}
	return append(data, '\n'), nil
}

// Decode reads a state and refuses what cannot be one, whole.
func Decode(data []byte) (State, error) {
	if len(data) > MaxBytes {
		return State{}, fmt.Errorf("it has more than %d MiB", MaxBytes>>20)
	}
	var s State
	if err := json.Unmarshal(bytes.TrimSpace(data), &s); err != nil {
		return State{}, fmt.Errorf("it is not a session's JSON") // the decoder's text would quote the file
	}
	if s.Version != version {
		return State{}, fmt.Errorf("it has the format %d, and this socctl knows %d", s.Version, version)
	}
	if err := s.check(); err != nil {
		return State{}, err
	}
	return s, nil
}

func (s *State) check() error {
	if _, err := soc.ParseTenantID(string(s.Tenant)); s.Tenant != "" && err != nil {
		return fmt.Errorf("its customer is no tenant id")
	}
	if s.Tenant != "" && s.Group != "" {
		return fmt.Errorf("it is narrowed to a customer and to a group, which cannot be")
	}
	if len(s.Marks) > maxMarks {
		return fmt.Errorf("it has more than %d marks", maxMarks)
	}
	for _, r := range append([]Ref{s.Cursor, s.Open}, s.Marks...) {
		if !r.valid() {
			return fmt.Errorf("it has a reference that can be none")
		}
	}
	if len(s.Config)+len(s.Filter)+len(s.Section)+len(s.Group)+len(s.Order)+len(s.Preview)+len(s.Page) > maxWords || len(s.Columns) > maxColumns {
		return fmt.Errorf("it is too long")
	}
	for section, columns := range s.Columns {
		if len(section)+len(strings.Join(columns, "")) > maxWords || len(columns) > maxColumns {
			return fmt.Errorf("its columns are too long")
		}
	}
	if over := len(s.History) - maxHistory; over > 0 {
		s.History = s.History[over:]
	}
	for _, h := range s.History {
		if len(h) > maxWords {
			return fmt.Errorf("its history is too long")
		}
	}
	return nil
}
