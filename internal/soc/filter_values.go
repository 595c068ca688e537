package soc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/text"
)

// FilterValue is a value that incidents have, and in how many places they have it.
type FilterValue struct {
	Text  string // safe to show
	Note  string // what there is to say beside it, safe to show
	Count int
}

// FilterValues is what the incidents of a snapshot offer to the completion of a filter. It is immutable. The nil
// FilterValues offers nothing.
type FilterValues struct {
	byKey map[string][]FilterValue
}

// Of gives the values for a key, the most frequent first.
func (v *FilterValues) Of(key string) []FilterValue {
	if v == nil {
		return nil
	}
	return v.byKey[key]
}

// Limits of what is kept for a key: values, different ones that are counted (what comes first after them is not), and
// bytes of one value, since nobody completes to a command line.
const (
	maxValues   = 500
	maxCounted  = 1 << 16
	maxValueLen = 200
)

// counter counts the different values of one key.
type counter map[string]int

func (c counter) add(l text.Line) {
	s := l.String()
	if s == "" || len(s) > maxValueLen {
		return
	}
	if len(c) < maxCounted {
		c[s]++
	} else if n, known := c[s]; known {
		c[s] = n + 1
	}
}

// FilterValuesOf collects what the incidents of a snapshot offer to completion. It walks over all of them: not for the
// loop of a screen.
func FilterValuesOf(s *Snapshot) *FilterValues {
	owners, tags, techniques := counter{}, counter{}, counter{}
	kinds := make(map[EntityKind]counter)
	last, entities := EntityKind(""), counter(nil) // things of one kind often stand together
	for i := range s.All() {
		owners.add(i.AssignedTo)
		for _, t := range i.CustomTags {
			tags.add(t)
		}
		for _, t := range i.SystemTags {
			tags.add(t)
		}
		for _, t := range i.Digest.Techniques {
			techniques.add(t)
		}
		for n := range i.Digest.Entities {
			e := &i.Digest.Entities[n]
			if e.Kind != last || entities == nil {
				if last, entities = e.Kind, kinds[e.Kind]; entities == nil {
					entities = counter{}
					kinds[e.Kind] = entities
				}
			}
			entities.add(e.Name)
		}
	}
	v := &FilterValues{byKey: map[string][]FilterValue{
		"tenant": tenantValues(s), "owner": owners.top(), "tag": tags.top(), "tech": techniques.top(),
	}}
	v.entities(kinds)
	return v
}

// entities fills in the keys that look for entities.
func (v *FilterValues) entities(kinds map[EntityKind]counter) {
	var all []FilterValue
	top := make(map[EntityKind][]FilterValue, len(kinds))
	for _, kind := range entityKinds() {
		top[kind] = kinds[kind].top()
		all = append(all, top[kind]...)
	}
	for key, kind := range map[string]EntityKind{"device": EntityDevice, "ip": EntityIP, "file": EntityFile, "url": EntityURL,
		"app": EntityApp, "mailbox": EntityMailbox} {
		v.byKey[key] = top[kind]
	}
	v.byKey["ip"] = slices.DeleteFunc(slices.Clone(top[EntityIP]), func(a FilterValue) bool {
		_, ok := parseNetwork(a.Text)
		return !ok
	})
	v.byKey["user"] = mergeValues(slices.Concat(top[EntityUser], top[EntityMailbox]))
	v.byKey["entity"] = mergeValues(all)
}

func entityKinds() []EntityKind {
	return []EntityKind{EntityDevice, EntityUser, EntityMailbox, EntityIP, EntityFile, EntityURL, EntityApp, EntityOther}
}

// tenantValues says who stands behind each code.
func tenantValues(s *Snapshot) []FilterValue {
	all := make([]FilterValue, 0, len(s.Parts))
	for p := range s.Parts {
		t := s.Parts[p].Status.Tenant
		all = append(all, FilterValue{Text: string(t.Code), Note: t.Name.String(), Count: len(s.Parts[p].Incidents)})
	}
	slices.SortFunc(all, byCount)
	return all
}

func byCount(a, b FilterValue) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Text, b.Text)) }

// top gives the most frequent values. It does not sort all of them: four times as many as are wanted are kept, and cut
// down whenever they are full.
func (c counter) top() []FilterValue {
	const room = 4 * maxValues
	all := make([]FilterValue, 0, min(len(c), room))
	var last FilterValue // of those that were kept at the last cut; what comes after it is not among the first
	for s, n := range c {
		v := FilterValue{Text: s, Count: n}
		if last.Count > 0 && byCount(v, last) > 0 {
			continue
		}
		if all = append(all, v); len(all) == room {
			slices.SortFunc(all, byCount)
			all = all[:room/2]
			last = all[len(all)-1]
		}
	}
	return mergeValues(all)
}

// mergeValues counts what differs in case alone as one, under its most frequent spelling, and gives the most frequent.
func mergeValues(all []FilterValue) []FilterValue {
	slices.SortFunc(all, byCount)
	at := make(map[string]int, len(all))
	merged := all[:0]
	for _, v := range all {
		lower := strings.ToLower(v.Text)
		if n, ok := at[lower]; ok {
			merged[n].Count += v.Count
			continue
		}
		at[lower] = len(merged)
		merged = append(merged, v)
	}
	slices.SortFunc(merged, byCount)
	merged = slices.Clone(merged[:min(len(merged), maxValues)])
	for n := range merged {
		merged[n].Note = fmt.Sprintf("%d times", merged[n].Count)
		if merged[n].Count == 1 {
			merged[n].Note = "once"
		}
	}
	return merged
}
