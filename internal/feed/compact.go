package feed

import (
	"slices"
	"sync"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// A hundred thousand incidents stay in memory, and most of what they say was said before: the titles of detections, the
// techniques, a customer's devices and users. What is equal is kept once. Nothing that can be seen changes by it.

// compactor shares what the incidents of one read have in common, and with other customers what all have in common. It
// belongs to one worker and is dropped with the read.
type compactor struct {
	common *common
	lines  map[string]text.Line // names that only this customer has
}

func newCompactor(c *common) *compactor {
	return &compactor{common: c, lines: make(map[string]text.Line)}
}

// page makes a page's incidents take less memory, in place: copies would leave holes of the originals' size between
// them, which nothing fills.
func (c *compactor) page(page []*soc.Incident) {
	c.common.mu.Lock()
	defer c.common.mu.Unlock()
	c.common.trim()
	for _, i := range page {
		c.incident(i)
	}
}

func (c *compactor) incident(r *soc.Incident) {
	r.Title = shared(c.common.lines, r.Title)
	r.AssignedTo, r.ModifiedBy = shared(c.common.lines, r.AssignedTo), shared(c.common.lines, r.ModifiedBy)
	r.ResolvingComment = shared(c.lines, r.ResolvingComment)
	r.Description, r.Summary = shared(c.common.blocks, r.Description), shared(c.common.blocks, r.Summary)
	r.CustomTags, r.SystemTags = c.common.list(r.CustomTags), c.common.list(r.SystemTags)
	r.Comments = trimmed(r.Comments)
	for n := range r.Comments {
		r.Comments[n].By = shared(c.common.lines, r.Comments[n].By)
	}
	c.digest(r)
}

// trimmed gives a list without room at its end.
func trimmed[E any](list []E) []E {
	if len(list) == cap(list) {
		return list
	}
	return slices.Clip(slices.Clone(list))
}

// digest shares what the sum of the alerts names.
func (c *compactor) digest(r *soc.Incident) {
	d := &r.Digest
	d.Techniques = c.common.list(d.Techniques)
	d.Services = words(&c.common.keys, c.common.services, d.Services)
	d.Detections = words(&c.common.keys, c.common.detections, d.Detections)
	d.Entities = trimmed(d.Entities)
	for n := range d.Entities {
		e := &d.Entities[n]
		e.Name = shared(c.table(e.Kind), e.Name)
	}
	d.Heads = trimmed(d.Heads)
	for n := range d.Heads {
		d.Heads[n].Title = shared(c.common.lines, d.Heads[n].Title)
	}
	c.reached(r)
}

// table is where the names of a kind of thing are looked up: devices, people and addresses of pages are a customer's own,
// while the same files, hosts and programs turn up everywhere.
func (c *compactor) table(k soc.EntityKind) map[string]text.Line {
	switch k {
	case soc.EntityDevice, soc.EntityUser, soc.EntityMailbox, soc.EntityURL:
		return c.lines
	}
	return c.common.lines
}

// maxArrays bounds how many lists of reached things an incident's alerts are compared with.
const maxArrays = 8

// reached lets alerts that name the same things share the list. One that names fewer is the beginning of one that names
// more, since alerts of one incident name its things in the same order: the long ones come first.
func (c *compactor) reached(r *soc.Incident) {
	var known [maxArrays][]text.Line
	n, longest := 0, 0
	for _, h := range r.Digest.Heads {
		longest = max(longest, len(h.Reached))
	}
	for size := min(longest, maxArrays); size > 0; size-- {
		for k := range r.Digest.Heads {
			h := &r.Digest.Heads[k]
			if len(h.Reached) != size {
				continue
			}
			at := slices.IndexFunc(known[:n], func(a []text.Line) bool { return slices.Equal(a[:size], h.Reached) })
			if at >= 0 {
				h.Reached = known[at][:size:size]
				continue
			}
			h.Reached = c.names(h.Reached)
			if n < maxArrays {
				known[n] = h.Reached
				n++
			}
		}
	}
}

// names gives a list of names anew.
func (c *compactor) names(list []text.Line) []text.Line {
	own := make([]text.Line, len(list))
	for n, l := range list {
		if have, ok := c.common.lines[l.String()]; ok && !l.Altered() {
			own[n] = have // an address, which other customers see too
			continue
		}
		own[n] = shared(c.lines, l)
	}
	return own
}

// common is what the incidents of all customers share. It is bounded: a customer that makes up a new title for each
// alert costs the others their sharing for a while, and nothing else.
type common struct {
	mu         sync.Mutex
	keys       []byte // scratch
	lines      map[string]text.Line
	blocks     map[string]text.Block
	lists      map[string][]text.Line
	services   map[string][]soc.Product
	detections map[string][]soc.Detection
}

// maxCommon bounds each of the tables: a table of that size takes about one megabyte.
const maxCommon = 16384

func newCommon() *common {
	c := &common{}
	c.reset()
	return c
}

func (c *common) reset() {
	c.lines, c.blocks, c.lists = make(map[string]text.Line), make(map[string]text.Block), make(map[string][]text.Line)
	c.services, c.detections = make(map[string][]soc.Product), make(map[string][]soc.Detection)
}

// trim begins anew where a table is full.
func (c *common) trim() {
	if max(len(c.lines), len(c.blocks), len(c.lists), len(c.services), len(c.detections)) >= maxCommon {
		c.reset()
	}
}

// list shares a whole list of lines.
func (c *common) list(list []text.Line) []text.Line {
	if len(list) == 0 || slices.ContainsFunc(list, text.Line.Altered) {
		return list
	}
	c.keys = c.keys[:0]
	for _, l := range list {
		c.keys = append(append(c.keys, l.String()...), 0)
	}
	if have, ok := c.lists[string(c.keys)]; ok {
		return have
	}
	own := make([]text.Line, len(list))
	for n, l := range list {
		own[n] = shared(c.lines, l)
	}
	c.lists[string(c.keys)] = own
	return own
}

// words shares a whole list of words.
func words[E ~string](scratch *[]byte, known map[string][]E, list []E) []E {
	if len(list) == 0 {
		return list
	}
	key := (*scratch)[:0]
	for _, e := range list {
		key = append(append(key, e...), 0)
	}
	*scratch = key
	if have, ok := known[string(key)]; ok {
		return have
	}
	own := slices.Clip(slices.Clone(list))
	known[string(key)] = own
	return own
}

// shown is a text.Line or a text.Block.
type shown interface {
	comparable
	String() string
	Altered() bool
}

// shared gives the text that was seen first among equal ones. What was altered is rare, and its original counts too: it
// stays alone.
func shared[T shown](known map[string]T, t T) T {
	s := t.String()
	if s == "" || t.Altered() {
		return t
	}
	if have, ok := known[s]; ok {
		return have
	}
	known[s] = t
	return t
}
