package graph

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// maxReached is how many things a list names of one alert.
const maxReached = 3

// digester sums up the alerts of one incident after another. Its slices are its own; end gives copies that fit.
type digester struct {
	d    soc.Digest
	seen map[entityKey]struct{}
}

// entityKey finds an entity again, as it came and in lower case (PC-23 and pc-23 are one device), and whatever else an
// incident lists once. A map keeps an incident with ten thousand of them linear.
type entityKey struct {
	kind soc.EntityKind
	name string
}

func newDigester() *digester { return &digester{seen: make(map[entityKey]struct{}, 16)} }

// begin forgets the incident before.
func (g *digester) begin() {
	g.d = soc.Digest{
		Heads: g.d.Heads[:0], Entities: g.d.Entities[:0], Techniques: g.d.Techniques[:0],
		Detections: g.d.Detections[:0], Services: g.d.Services[:0],
	}
	clear(g.seen)
}

// entity counts a thing that an alert points at and gives it to the alert's head.
func (g *digester) entity(h *soc.AlertHead, e soc.Entity) {
	if e.Name.IsZero() {
		return
	}
	named := e.Kind == soc.EntityDevice || e.Kind == soc.EntityUser || e.Kind == soc.EntityIP
	if named && len(h.Reached) < maxReached && !slices.Contains(h.Reached, e.Name) {
		if h.Reached == nil {
			h.Reached = make([]text.Line, 0, maxReached)
		}
		h.Reached = append(h.Reached, e.Name)
	}
	key := entityKey{e.Kind, e.Name.String()}
	if !g.first(key) {
		return
	}
	if lower := strings.ToLower(key.name); lower != key.name && !g.first(entityKey{e.Kind, lower}) {
		return
	}
	g.d.Entities = append(g.d.Entities, e)
}

// first tells whether a thing comes for the first time in this incident.
func (g *digester) first(key entityKey) bool {
	if _, ok := g.seen[key]; ok {
		return false
	}
	g.seen[key] = struct{}{}
	return true
}

// alert counts an alert whose entities were counted already.
func (g *digester) alert(h soc.AlertHead, a *soc.Alert) {
	h.Title, h.Severity, h.Service = a.Title, a.Severity, a.Service
	if h.At = a.FirstActivity; h.At.IsZero() {
		h.At = a.Created
	}
	g.d.Heads = append(g.d.Heads, h)
	for _, t := range a.Techniques {
		if g.first(entityKey{"technique", t.String()}) {
			g.d.Techniques = append(g.d.Techniques, t)
		}
	}
	if a.Detection != "" && g.first(entityKey{"detection", string(a.Detection)}) {
		g.d.Detections = append(g.d.Detections, a.Detection)
	}
	if a.Service != "" && g.first(entityKey{"service", string(a.Service)}) {
		g.d.Services = append(g.d.Services, a.Service)
	}
	if t := a.FirstActivity; !t.IsZero() && (g.d.FirstActivity.IsZero() || t.Before(g.d.FirstActivity)) {
		g.d.FirstActivity = t
	}
	if t := a.LastActivity; t.After(g.d.LastActivity) {
		g.d.LastActivity = t
	}
}

// end gives the sum: the heads in the order in which things happened.
func (g *digester) end() soc.Digest {
	slices.SortStableFunc(g.d.Heads, func(a, b soc.AlertHead) int { return a.At.Compare(b.At) })
	return soc.Digest{
		Heads: fit(g.d.Heads), Entities: fit(g.d.Entities), Techniques: fit(g.d.Techniques),
		Detections: fit(g.d.Detections), Services: fit(g.d.Services),
		FirstActivity: g.d.FirstActivity, LastActivity: g.d.LastActivity,
	}
}

// fit copies a slice into memory of its own size.
func fit[E any](s []E) []E {
	if len(s) == 0 {
		return nil
	}
	return append(make([]E, 0, len(s)), s...)
}

// digestOf sums up alerts that were read whole.
func digestOf(alerts []soc.Alert) soc.Digest {
	g := newDigester()
	for i := range alerts {
		var h soc.AlertHead
		for _, e := range alerts[i].Evidence {
			g.entity(&h, soc.Entity{Kind: namingOf(e.Kind).kind, Name: e.Name})
		}
		g.alert(h, &alerts[i])
	}
	return g.end()
}

// alertHeads reads the alerts of an incident down to their sum, and gives their number, or -1 where there is no list.
func (r *reader) alertHeads(g *digester) int {
	if r.peek() != jsontext.KindBeginArray {
		r.skip()
		return -1
	}
	n := 0
	for range r.elements {
		if r.peek() != jsontext.KindBeginObject {
			r.skip()
			continue
		}
		r.alertHead(g)
		n++
	}
	return n
}

func (r *reader) alertHead(g *digester) {
	var h soc.AlertHead
	a := soc.Alert{Severity: soc.SeverityUnknown}
	for name := range r.members {
		switch string(name) {
		case "title":
			a.Title = r.line()
		case "severity":
			a.Severity = soc.ParseSeverity(r.string())
		case "serviceSource":
			a.Service = parseProduct(r.text())
		case "detectionSource":
			a.Detection = parseDetection(r.text())
		case "mitreTechniques":
			a.Techniques = r.textList()
		case "createdDateTime":
			a.Created = r.time()
		case "firstActivityDateTime":
			a.FirstActivity = r.time()
		case "lastActivityDateTime":
			a.LastActivity = r.time()
		case "evidence":
			for range r.elements {
				g.entity(&h, r.entity())
			}
		default:
			r.skip()
		}
	}
	g.alert(h, &a)
}
