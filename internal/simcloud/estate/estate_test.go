package estate

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newEstate(t interface{ Fatal(...any) }, seed uint64) *Estate {
	e, err := New(Config{Customers: 2, Incidents: 12, Seed: seed, Start: noon, Interval: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// written writes down everything that a tenant has.
func written(e *Estate, now time.Time) []byte {
	var b bytes.Buffer
	for _, t := range e.Tenants() {
		e.View(t.ID, now, func(r *Records) {
			for _, i := range r.Incidents {
				b.Write(i.ExpandedJSON(true))
				b.WriteByte('\n')
			}
		})
	}
	return b.Bytes()
}

// TestAnyStepsGiveTheSameHistory looks at one estate at random moments and at its twin only at the end.
func TestAnyStepsGiveTheSameHistory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		stepped, whole := newEstate(t, seed), newEstate(t, seed)
		now := noon
		for _, ms := range rapid.SliceOfN(rapid.IntRange(0, 30_000), 1, 12).Draw(t, "steps") {
			now = now.Add(time.Duration(ms) * time.Millisecond)
			stepped.View(stepped.Tenants()[ms%2].ID, now, func(r *Records) {
				for _, i := range r.Incidents {
					i.JSON(false)
				}
			})
		}
		if !bytes.Equal(written(stepped, now), written(whole, now)) {
			t.Fatalf("seed %d: histories differ after %v", seed, now.Sub(noon))
		}
	})
}

// TestHistoryIsCoherent checks what must hold for every record at any time.
func TestHistoryIsCoherent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := newEstate(t, rapid.Uint64().Draw(t, "seed"))
		now := noon.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "seconds")) * time.Second)
		for _, tenant := range e.Tenants() {
			e.View(tenant.ID, now, func(r *Records) { coherent(t, r, now) })
		}
	})
}

func coherent(t *rapid.T, r *Records, now time.Time) {
	held := map[string]string{}
	for _, i := range r.Incidents {
		if i.Updated.Before(i.Created) || i.Updated.After(now) {
			t.Fatalf("incident %s: created %v, updated %v, now %v", i.ID, i.Created, i.Updated, now)
		}
		if (i.Status == "redirected") != (i.Redirect != "") || i.Redirect == i.ID || i.Redirect != "" && r.Incident(i.Redirect) == nil {
			t.Fatalf("incident %s: status %s, redirect %q", i.ID, i.Status, i.Redirect)
		}
		hops := 0
		for to := i; to.Redirect != ""; to = r.Incident(to.Redirect) {
			if hops++; hops > len(r.Incidents) {
				t.Fatalf("incident %s: redirects go in a circle", i.ID)
			}
		}
		for _, a := range i.Alerts {
			if held[a.ID] != "" || a.IncidentID != i.ID || r.Alert(a.ID) != a {
				t.Fatalf("alert %s of %s: says %s, also in %q", a.ID, i.ID, a.IncidentID, held[a.ID])
			}
			held[a.ID] = i.ID
			if a.Updated.Before(a.Created) || a.First.After(a.Last) || a.Last.After(a.Created) {
				t.Fatalf("alert %s: first %v, last %v, created %v, updated %v", a.ID, a.First, a.Last, a.Created, a.Updated)
			}
		}
	}
	if len(held) != len(r.Alerts) {
		t.Fatalf("%d alerts, %d of them in incidents", len(r.Alerts), len(held))
	}
}

func TestTextIsWrittenAsItIs(t *testing.T) {
	t.Parallel()
	check := func(t interface{ Fatalf(string, ...any) }, s string) {
		var back string
		if err := json.Unmarshal(AppendText(nil, s), &back); err != nil || back != strings.ToValidUTF8(s, "\ufffd") && utf8.ValidString(s) {
			t.Fatalf("%q comes back as %q: %v", s, back, err)
		}
	}
	for _, s := range hostileTexts() {
		if !utf8.ValidString(s) {
			t.Errorf("%q is not valid UTF-8", s)
		}
		check(t, s)
	}
	rapid.Check(t, func(t *rapid.T) { check(t, rapid.String().Draw(t, "text")) })
}

func TestEveryPlaceholderIsKnown(t *testing.T) {
	t.Parallel()
	s := newScene(newRNG(1, "x"), HomeTenant())
	for _, f := range allFamilies() {
		for _, text := range append([]string{f.description}, f.titles...) {
			if got := s.fill(text); strings.ContainsAny(got, "{}") {
				t.Errorf("%q is filled to %q", text, got)
			}
		}
	}
}

func TestPayloadsAreRecognisedByTheirFields(t *testing.T) {
	t.Parallel()
	times := `"createdDateTime":"2024-03-26T13:34:15.0433333Z","lastUpdateDateTime":"2024-03-26T13:35:45.23Z"`
	for _, c := range []struct{ name, body, want string }{
		{"incident", `{"id":"1","displayName":"a","status":"Active",` + times + `}`, "incident"},
		{"alert", `{"id":"1","title":"a","incidentId":"2",` + times + `}`, "alert"},
		{"no id", `{"displayName":"a","status":"active",` + times + `}`, ""},
		{"no times", `{"id":"1","displayName":"a","status":"active"}`, ""},
		{"something else", `{"id":"1","comment":"x",` + times + `}`, ""},
		{"a list", `[]`, ""},
	} {
		p, err := ReadPayload([]byte(c.body))
		got := ""
		switch {
		case p.Incident != nil:
			got = "incident"
		case p.Alert != nil:
			got = "alert"
		}
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}
