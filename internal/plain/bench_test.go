package plain

import (
	"fmt"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// BenchmarkLook is a look at 500 customers with 100,000 incidents, one of which changed.
func BenchmarkLook(b *testing.B) {
	snap := &soc.Snapshot{Parts: make([]soc.Part, 500)}
	for n := range snap.Parts {
		t := customerOf(1, "CONT", "Contoso Ltd")
		t.ID = soc.TenantID(fmt.Sprintf("0a1b2c3d-0000-4000-8000-%012d", n))
		p := &snap.Parts[n]
		p.Status = fresh()
		p.Status.Tenant = t
		for k := range 200 {
			p.Incidents = append(p.Incidents, incident(t, fmt.Sprint(10000+k), soc.SeverityHigh, -time.Duration(n)*time.Hour, "Something"))
		}
	}
	next := *snap
	next.Parts = append([]soc.Part(nil), snap.Parts...)
	changed := *snap.Parts[7].Incidents[3]
	changed.State = soc.StateActive
	put(7, &changed)(&next)
	var v view
	v.enter([]Section{{Name: "Everything"}}, 0)
	var t told
	t.start(snap, noon())
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		from := &next
		if n%2 == 1 {
			from = snap
		}
		if got := t.look(&v, from, noon()); len(got.changed) != 1 {
			b.Fatal(got)
		}
	}
}
