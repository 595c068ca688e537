package cli_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// The names that DESIGN section 5 fixes, written down here by hand: a test that took them from the code would agree with
// any change of it.
var (
	envelopeNames = "items tenants complete"
	stateNames    = "code id state age_seconds error"
	incidentNames = "ref tenant sources title severity status classification determination assigned_to created updated first_activity " +
		"last_activity alert_count entities tags system_tags techniques detection_sources redirect_to portal_url sla age_seconds"
	partNames = map[string]string{"tenant": "code id name", "sources": "kind id url", "sla": "due left_seconds state"}
)

type object = map[string]json.RawMessage

// has checks that an object has all of the names. More may come.
func has(t *testing.T, what string, o object, names string) {
	t.Helper()
	for _, n := range strings.Fields(names) {
		if _, ok := o[n]; !ok {
			t.Errorf("%s has no %q: a renamed or removed field breaks whoever reads it; it has %s", what, n,
				strings.Join(slices.Sorted(maps.Keys(o)), " "))
		}
	}
}

// hasParts checks the objects inside of an incident.
func hasParts(t *testing.T, incident object) {
	t.Helper()
	for part, names := range partNames {
		raw := string(incident[part])
		if part == "sources" {
			list := decode[[]object](t, raw)
			if len(list) == 0 {
				t.Fatal("an incident without a source")
			}
			has(t, part, list[0], names)
			continue
		}
		has(t, part, decode[object](t, raw), names)
	}
}

func TestJSONNamesAreTheContract(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for _, noun := range []string{"incidents", "alerts", "tenants"} {
		o := decode[object](t, l.run(noun, "list", "-o", "json").exits(exitDone).out)
		has(t, noun+" list", o, envelopeNames)
		if len(o) != 3 {
			t.Errorf("%s list: the envelope has %d names", noun, len(o))
		}
		states := decode[[]object](t, string(o["tenants"]))
		if len(states) != 8 {
			t.Fatalf("%s list names %d of 8 customers", noun, len(states))
		}
		has(t, "an entry of tenants", states[0], stateNames)
		if string(o["complete"]) != "true" {
			t.Errorf("%s list: complete is %s", noun, o["complete"])
		}
	}
	items := decode[struct{ Items []object }](t, l.run("incidents", "list", "-o", "json").out).Items
	for _, i := range items {
		has(t, "an incident", i, incidentNames)
		hasParts(t, i)
	}
	has(t, "a customer", decode[struct{ Items []object }](t, l.run("tenants", "list", "-o", "json").out).Items[0],
		stateNames+" name domain cloud groups open next")
	shown := decode[object](t, l.run("incidents", "show", strings.Trim(string(items[0]["ref"]), `"`), "-o", "json").exits(exitDone).out)
	has(t, "incidents show", shown, incidentNames+" description summary comments alerts")
	hasParts(t, shown)
}

// ndjson has the same items as json, one a line.
func TestNDJSONHasTheItemsAlone(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	whole := decode[struct{ Items []object }](t, l.run("incidents", "list", "-o", "json").out).Items
	out := l.run("incidents", "list", "-o", "ndjson").exits(exitDone).out
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != len(whole) || len(whole) < 5 {
		t.Fatalf("%d lines for %d incidents", len(lines), len(whole))
	}
	for n, line := range lines {
		o := decode[object](t, line)
		has(t, "a line", o, incidentNames)
		if string(o["ref"]) != string(whole[n]["ref"]) {
			t.Errorf("line %d is %s, the list has %s", n, o["ref"], whole[n]["ref"])
		}
	}
}

// A list is a list and a time is a time in UTC, whatever the service left out.
func TestMissingFieldsHaveTheirTypes(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.serveList("FABR", "/v1.0/security/incidents", []record{{"id": "1001"}})
	o := decode[struct{ Items []object }](t, l.run("incidents", "list", "-t", "FABR", "-o", "json").exits(exitPartial).out).Items
	if len(o) != 1 {
		t.Fatalf("%d incidents", len(o))
	}
	has(t, "an incident of which only the id is known", o[0], incidentNames)
	for _, name := range strings.Fields("sources entities tags system_tags techniques detection_sources") {
		if !strings.HasPrefix(string(o[0][name]), "[") {
			t.Errorf("%s is %s, not a list", name, o[0][name])
		}
	}
	for _, name := range strings.Fields("created updated first_activity last_activity age_seconds alert_count") {
		if string(o[0][name]) != "null" {
			t.Errorf("%s is %s, though nobody knows it", name, o[0][name])
		}
	}
	l.run("incidents", "list", "-t", "FABR").exits(exitPartial).prints("FABR-1001\tunknown\tunknown\t\tFabrikam\t")
	if out := l.run("incidents", "list", "-t", "FABR").out; strings.Contains(out, "0001-01-01") {
		t.Errorf("a time that nobody knows is printed: %s", out)
	}
	empty := l.run("incidents", "list", "-t", "CONT", "-f", "nothing-has-this-text", "-o", "json").exits(exitDone).out
	if !strings.Contains(empty, `"items": []`) {
		t.Errorf("an empty list is not []: %.200s", empty)
	}
	l.run("incidents", "list", "-t", "CONT", "-f", "nothing-has-this-text", "-o", "ndjson").exits(exitDone).silent()
}

func TestTimesAreInUTC(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.serve("FABR", record{"id": "1001", "status": "active", "createdDateTime": "2026-11-20T12:00:00+05:30", "lastUpdateDateTime": "2026-11-20T12:30:00.25-08:00"})
	o := decode[struct{ Items []object }](t, l.run("incidents", "list", "-t", "FABR", "-o", "json").exits(exitDone).out).Items
	if got := string(o[0]["created"]); got != `"2026-11-20T06:30:00Z"` {
		t.Errorf("created is %s", got)
	}
	if got := string(o[0]["updated"]); got != `"2026-11-20T20:30:00.25Z"` {
		t.Errorf("updated is %s", got)
	}
	l.run("incidents", "list", "-t", "FABR").prints("2026-11-20T06:30:00Z\n")
	for _, i := range l.run("incidents", "list", "-f", "", "-o", "json").json().Items {
		if i.Created == nil || i.Created.Location() != time.UTC {
			t.Errorf("%s was created at %v", i.Ref, i.Created)
		}
	}
}
