package estate

import (
	"math"
	"strconv"
	"sync"
	"time"
)

// book is what is known about one tenant. It is written lazily: nothing is in it before the first look, and each look
// first writes down what happened since the last one.
type book struct {
	estate   *Estate
	index    int
	tenant   Tenant
	count    int // incidents at the start
	special  special
	payloads []Payload
	interval time.Duration // mean time between two events; zero stands still

	mu      sync.Mutex
	maker   *maker // nil before the first look
	records Records
	events  rng
	next    time.Time // of the next event
	serial  int       // of the next event
}

// catchUp writes the history up to now. An event depends on the seed, its serial number and the events before it, never
// on when somebody looked.
func (b *book) catchUp(now time.Time) {
	if b.maker == nil {
		b.begin()
	}
	for b.interval > 0 && !b.next.After(now) {
		b.event(b.next)
		b.next = b.next.Add(b.gap())
		b.serial++
	}
}

// gap is the time to the next event: exponential, as independent accidents are.
func (b *book) gap() time.Duration {
	gap := time.Duration(b.events.ExpFloat64() * float64(b.interval))
	return max(gap.Truncate(tick), time.Millisecond)
}

// begin makes the incidents that exist when the cloud starts.
func (b *book) begin() {
	c := b.estate.config
	families := b.estate.families
	b.maker = &maker{
		rng: newRNG(c.Seed, "incidents", b.tenant.Code), tenant: b.tenant, families: families,
		number: firstNumber(b.tenant), foreign: (b.index*17 + 3) % hostileEvery,
	}
	if b.count < hostileEvery {
		b.maker.foreign = (b.index*17 + 3) % max(b.count*2, 1)
	}
	b.events = newRNG(c.Seed, "events", b.tenant.Code)
	for n, age := range b.ages() {
		b.first(n, c.Start.Add(-age))
	}
	b.mergeSome(c.Start)
	b.oddities()
	b.publish()
	if b.interval > 0 {
		b.next = c.Start.Add(b.gap())
	}
}

// ages deals the ages of the first incidents, oldest first.
func (b *book) ages() []time.Duration {
	r := b.maker
	out := make([]time.Duration, b.count)
	for i := range out {
		hours := r.ExpFloat64() * 14
		if r.chance(0.25) {
			hours = 24 + r.ExpFloat64()*96
		}
		out[i] = time.Duration(math.Min(hours, 24*28) * float64(time.Hour)).Truncate(tick)
	}
	for i := 1; i < len(out); i++ { // insertion sort: nearly every tenant has a few dozen
		for j := i; j > 0 && out[j] > out[j-1]; j-- {
			out[j], out[j-1] = out[j-1], out[j]
		}
	}
	return out
}

// first makes the n-th of the first incidents and what became of it before the start.
func (b *book) first(n int, at time.Time) {
	m, start := b.maker, b.estate.config.Start
	f, forced := m.family(), false
	// The newest ones carry the families that must appear, so that they are seen first.
	if index, ok := b.special.families[b.count-1-n]; ok {
		f, forced = b.estate.families[index], true
	}
	i := m.incident(at, f)
	b.records.addIncident(i)
	age := start.Sub(at)
	last := at.Add(time.Duration(m.Float64() * float64(min(age, 36*time.Hour)))).Truncate(tick)
	i.Updated = last
	m.alerts(&b.records, i, f, forced)
	i.Updated = at
	for _, a := range i.Alerts {
		i.Updated = later(i.Updated, a.Created)
	}
	open := stillOpen(i.Severity, age)
	if i.Status == "awaitingAction" && age < 24*time.Hour {
		open = 1
	}
	switch {
	case !m.chance(open):
		if m.chance(0.4) {
			m.comment(i, later(i.Updated, at.Add(last.Sub(at)/2).Truncate(tick)))
		}
		m.resolve(i, last, f)
	case i.Status == "active" && i.AssignedTo == "" && m.chance(0.3):
		m.assign(i, last)
		if m.chance(0.5) {
			m.comment(i, last)
		}
	case m.chance(0.2):
		i.touch(last, correlation)
	}
	if m.chance(0.08) {
		i.CustomTags = append(i.CustomTags, pick(m.rng, []string{"VIP", "Demo", "Red team", "Watchlist", "Ticket INC0048112"}))
	}
}

// stillOpen is how likely an incident of an age still waits: a provider that keeps its promises leaves few behind.
func stillOpen(severity string, age time.Duration) float64 {
	patience := 24 * time.Hour
	switch severity {
	case "high":
		patience = time.Hour
	case "medium":
		patience = 5 * time.Hour
	}
	switch {
	case age < patience/2:
		return 0.95
	case age < patience:
		return 0.7
	case age < 2*patience:
		return 0.1
	}
	return 0.01
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// family chooses what happens next, common things often.
func (m *maker) family() family {
	r := m.IntN(3 * len(m.families))
	if r >= len(m.families) { // mostly only among the everyday ones
		return m.families[pick(m.rng, everyday(m.families))]
	}
	return m.families[r]
}

// everyday lists the families that mostly end harmlessly.
func everyday(families []family) []int {
	var out []int
	for i, f := range families {
		if f.severity[3] <= 1 {
			out = append(out, i)
		}
	}
	return out
}

// oddities plants the records that are wrong on purpose.
func (b *book) oddities() {
	all := b.records.Incidents
	if len(all) == 0 {
		return
	}
	newest := all[len(all)-1]
	if b.special.unknownKind {
		newest.Alerts[0].kinds = append(append([]string(nil), newest.Alerts[0].kinds...), unknownKind)
	}
	if b.special.foreignID != "" {
		newest.TenantID = b.special.foreignID
	}
	if b.special.foreignURL != "" {
		newest.WebURL = webURL(newest.ID, b.special.foreignURL)
	}
}

// event writes down one thing that happens.
func (b *book) event(at time.Time) {
	r := newRNG(b.estate.config.Seed, "event", b.tenant.Code, strconv.Itoa(b.serial))
	b.maker.rng = r
	open := b.open()
	switch kind := r.weighted(24, 18, 16, 12, 21, 5, 3); {
	case kind == 0 || len(open) == 0:
		b.arrive(at, b.maker.family())
	case kind == 1:
		b.join(pick(r, open), at)
	case kind == 2:
		b.maker.assign(pick(r, open), at)
	case kind == 3:
		b.maker.comment(pick(r, open), at)
	case kind == 4:
		b.maker.resolve(open[r.IntN(len(open))], at, b.maker.family())
	case kind == 5 && len(open) > 1:
		b.merge(open, at)
	default:
		b.ask(pick(r, open), at)
	}
}

// open lists the incidents that events may touch; published ones stay as they are.
func (b *book) open() []*Incident {
	var out []*Incident
	for _, i := range b.records.Incidents {
		if i.Open() && i.Verbatim == nil {
			out = append(out, i)
		}
	}
	return out
}

func (b *book) arrive(at time.Time, f family) {
	i := b.maker.incident(at, f)
	if b.records.addIncident(i) {
		b.maker.alerts(&b.records, i, f, false)
	}
}

// join adds another alert to an incident.
func (b *book) join(i *Incident, at time.Time) {
	if len(i.Alerts) >= 12 {
		i.touch(at, correlation)
		return
	}
	b.records.addAlert(i, b.maker.alert(i, pick(b.maker.rng, b.maker.family().forms), at))
	i.touch(at, correlation)
}

// merge redirects the younger of two incidents to an older one, which takes over its alerts.
func (b *book) merge(open []*Incident, at time.Time) {
	n := 1 + b.maker.IntN(len(open)-1)
	target, loser := open[b.maker.IntN(n)], open[n]
	for _, a := range loser.Alerts {
		a.IncidentID = target.ID
		a.touch(at)
	}
	target.Alerts = append(target.Alerts, loser.Alerts...)
	loser.Alerts = nil
	loser.Status, loser.Redirect = "redirected", target.ID
	loser.touch(at, correlation)
	target.touch(at, correlation)
}

// mergeSome makes a few of the first incidents redirected ones.
func (b *book) mergeSome(start time.Time) {
	for n := b.count; n > 0; n -= 30 {
		open := b.open()
		if len(open) < 4 || !b.maker.chance(float64(n)/30) {
			return
		}
		youngest := open[len(open)-1].Created
		b.merge(open[:len(open)-1], youngest.Add(start.Sub(youngest)/2).Truncate(tick))
	}
}

// ask lets Defender Experts wait for the customer.
func (b *book) ask(i *Incident, at time.Time) {
	if len(i.SystemTags) == 0 || i.SystemTags[len(i.SystemTags)-1] != defenderExperts {
		i.SystemTags = append(i.SystemTags, defenderExperts)
	}
	i.Status, i.AssignedTo = "awaitingAction", defenderExperts
	i.Summary = i.scene.fill("Defender Experts has identified suspicious activity of {upn} on {dev} and waits for your answer.")
	i.touch(at, "Defender Experts")
}
