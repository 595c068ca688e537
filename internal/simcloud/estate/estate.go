package estate

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Limits of an estate.
const (
	MaxCustomers = 500
	MaxIncidents = 100_000
)

// Config describes an estate.
type Config struct {
	Customers int    // 1 to MaxCustomers
	Incidents int    // at the start, over all customers
	Seed      uint64 // decides everything
	Start     time.Time
	// Interval is the mean time between two events over the whole estate; zero or less stands still.
	Interval time.Duration
	Profiles map[string]Profile // by code
	Payloads []Payload          // published objects to serve as they are
}

// Estate is a set of customers and what happens to them. It is safe for concurrent use.
type Estate struct {
	config   Config
	tenants  []Tenant
	books    []*book // one per tenant, same order
	byID     map[string]int
	families []family
}

// New lays out an estate. It is cheap: a tenant's incidents are made when View first asks for them.
func New(c Config) (*Estate, error) {
	if c.Customers < 1 || c.Customers > MaxCustomers {
		return nil, fmt.Errorf("customers: want 1 to %d, got %d", MaxCustomers, c.Customers)
	}
	if c.Incidents < 0 || c.Incidents > MaxIncidents {
		return nil, fmt.Errorf("incidents: want 0 to %d, got %d", MaxIncidents, c.Incidents)
	}
	c.Start = c.Start.UTC().Truncate(tick)
	e := &Estate{config: c, tenants: makeTenants(c.Customers, c.Profiles), byID: map[string]int{}, families: allFamilies()}
	shares := spread(c.Incidents, c.Customers, c.Seed)
	special := plan(e.tenants, shares, e.families)
	payloads := deal(c.Payloads, len(e.tenants))
	for i, t := range e.tenants {
		e.byID[t.ID] = i
		b := &book{estate: e, index: i, tenant: t, count: shares[i], special: special[i], payloads: payloads[i]}
		if c.Interval > 0 {
			b.interval = time.Duration(float64(c.Interval) * float64(c.Customers))
		}
		e.books = append(e.books, b)
	}
	return e, nil
}

// Tenants lists the customers, in the order of the estate.
func (e *Estate) Tenants() []Tenant { return append([]Tenant(nil), e.tenants...) }

// Tenant finds a customer by id or code.
func (e *Estate) Tenant(idOrCode string) (Tenant, bool) {
	if i, ok := e.byID[strings.ToLower(idOrCode)]; ok {
		return e.tenants[i], true
	}
	for _, t := range e.tenants {
		if strings.EqualFold(t.Code, idOrCode) {
			return t, true
		}
	}
	return Tenant{}, false
}

// View brings a tenant up to now and lends its records to f, which must not keep them: other views wait meanwhile.
// It reports whether the tenant exists.
func (e *Estate) View(tenantID string, now time.Time, f func(*Records)) bool {
	i, ok := e.byID[strings.ToLower(tenantID)]
	if !ok {
		return false
	}
	b := e.books[i]
	b.mu.Lock()
	defer b.mu.Unlock()
	b.catchUp(now)
	f(&b.records)
	return true
}

// spread deals the incidents to the customers: a few have many, most have some. The first has a larger share, so that
// it needs more than one page.
func spread(incidents, customers int, seed uint64) []int {
	r := newRNG(seed, "spread")
	weights := make([]float64, customers)
	sum := 0.0
	for i := range weights {
		weights[i] = 0.4 + r.ExpFloat64()
		if i == 0 {
			weights[i] = 4
		}
		sum += weights[i]
	}
	out := make([]int, customers)
	dealt := 0
	for i, w := range weights {
		out[i] = int(float64(incidents) * w / sum)
		dealt += out[i]
	}
	for i := 0; dealt < incidents; i, dealt = (i+1)%customers, dealt+1 {
		out[i]++
	}
	return out
}

// special are the oddities that one tenant carries, by the position of an incident among its first ones.
type special struct {
	families    map[int]int // position to family that must appear
	unknownKind bool        // one alert has evidence of an unknown @odata.type
	foreignID   string      // one incident names this other tenant as its own
	foreignURL  string      // one incident's incidentWebUrl names this other tenant
}

// plan deals every family of incidents, and the records that are wrong on purpose, to the tenants that behave, so that
// the smallest estate shows each at least once if it has room.
func plan(tenants []Tenant, shares []int, families []family) []special {
	out := make([]special, len(tenants))
	var room []int
	for i, t := range tenants {
		out[i].families = map[int]int{}
		if t.Profile == Normal && shares[i] > 0 {
			room = append(room, i)
		}
	}
	if len(room) == 0 {
		return out
	}
	for f, left := 0, len(families)*len(tenants); f < len(families) && left > 0; left-- {
		i := room[(len(families)*len(tenants)-left)%len(room)]
		if position := len(out[i].families); position < shares[i] {
			out[i].families[position] = f
			f++
		}
	}
	out[room[0]].unknownKind = true
	out[room[1%len(room)]].foreignID = tenants[room[0]].ID
	out[room[2%len(room)]].foreignURL = tenants[room[0]].ID
	return out
}

// firstNumber is where a tenant's incident numbers begin; tenants overlap, as they do in reality.
func firstNumber(t Tenant) int {
	n, _ := strconv.ParseUint(StableGUID("numbers", t.Code)[:8], 16, 64)
	return 200 + int(n%30_000)
}
