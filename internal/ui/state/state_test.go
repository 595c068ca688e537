package state

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/socctl/socctl/internal/soc"
)

const contoso = soc.TenantID("0a1b2c3d-0000-4000-8000-000000000001")

// drawn gives any state that a console can have.
func drawn(t *rapid.T) State {
	word := rapid.StringN(0, 40, 200)
	id := rapid.StringMatching(`[A-Za-z0-9_~:-]{1,20}`)
	ref := rapid.Custom(func(t *rapid.T) Ref {
		return Ref{contoso, rapid.SampledFrom([]soc.Source{soc.SourceDefender, soc.SourceSentinel}).Draw(t, "source"), id.Draw(t, "id")}
	})
	s := State{
		Config: word.Draw(t, "config"), Saved: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "saved"), 0).UTC(), Section: word.Draw(t, "section"),
		Filter: word.Draw(t, "filter"), Order: soc.Order(word.Draw(t, "order")), Page: word.Draw(t, "page"), Preview: word.Draw(t, "preview"),
		Wide: rapid.Bool().Draw(t, "wide"), Marks: rapid.SliceOfN(ref, 0, 20).Draw(t, "marks"), History: rapid.SliceOfN(word, 0, maxHistory).Draw(t, "history"),
		Columns: rapid.MapOfN(word, rapid.SliceOfN(word, 1, 5), 0, 5).Draw(t, "columns"),
	}
	if rapid.Bool().Draw(t, "narrowed") {
		s.Tenant = contoso
	}
	if rapid.Bool().Draw(t, "open") {
		s.Open, s.Cursor = ref.Draw(t, "opened"), ref.Draw(t, "cursor")
	}
	return s
}

func TestAStateComesBackAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawn(t)
		data, err := Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(data)
		if err != nil {
			t.Fatalf("%v: %s", err, data)
		}
		s.Version = version
		for _, empty := range []func(){
			func() { s.Marks = nilIfEmpty(s.Marks) }, func() { s.History = nilIfEmpty(s.History) },
			func() {
				if len(s.Columns) == 0 {
					s.Columns = nil
				}
			},
		} {
			empty()
		}
		if !reflect.DeepEqual(got, s) {
			t.Fatalf("it came back as %+v, and was %+v", got, s)
		}
	})
}

func nilIfEmpty[E any](list []E) []E {
	if len(list) == 0 {
		return nil
	}
	return list
}

// TestWhatCannotBeAStateIsRefusedWhole: what comes with an error has nothing in it that somebody could use.
func TestWhatCannotBeAStateIsRefusedWhole(t *testing.T) {
	t.Parallel()
	const good = `"section":"Triage"`
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	mark := fmt.Sprintf(`{"tenant":%q,"source":"defender","id":"1"}`, contoso)
	columns := func(n int, list string) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf(`"s%d":[%s]`, i, list))
		}
		return `{"version":1,"columns":{` + strings.Join(all, ",") + `},` + good + `}`
	}
	for name, data := range map[string]string{
		"nothing": "", "no JSON": "\x1b]0;x\a", "a list": "[]", "cut off": `{"version":1,` + good, "two": `{"version":1,` + good + `}{}`,
		"no version": `{` + good + `}`, "a later version": `{"version":2,` + good + `}`, "a version that is none": `{"version":-1,` + good + `}`,
		"a key twice":       `{"version":1,"version":1,` + good + `}`,
		"a tenant":          `{"version":1,"tenant":"../../etc",` + good + `}`,
		"tenant and group":  fmt.Sprintf(`{"version":1,"tenant":%q,"group":"gold",%s}`, contoso, good),
		"a mark's tenant":   `{"version":1,"marks":[{"tenant":"x","source":"defender","id":"1"}],` + good + `}`,
		"a mark's source":   fmt.Sprintf(`{"version":1,"marks":[{"tenant":%q,"source":"x","id":"1"}],%s}`, contoso, good),
		"a mark's id":       fmt.Sprintf(`{"version":1,"marks":[{"tenant":%q,"source":"defender","id":"../1"}],%s}`, contoso, good),
		"the cursor's id":   fmt.Sprintf(`{"version":1,"cursor":{"tenant":%q,"source":"defender","id":"\u001b[2J"},%s}`, contoso, good),
		"what was open":     fmt.Sprintf(`{"version":1,"open":{"tenant":%q,"source":"defender","id":".."},%s}`, contoso, good),
		"too many marks":    `{"version":1,"marks":[` + many(maxMarks+1, mark) + `],` + good + `}`,
		"a long filter":     `{"version":1,"filter":"` + strings.Repeat("x", maxWords+1) + `",` + good + `}`,
		"a long history":    `{"version":1,"history":["` + strings.Repeat("x", maxWords+1) + `"],` + good + `}`,
		"a long name":       `{"version":1,"config":"` + strings.Repeat("x", maxWords+1) + `",` + good + `}`,
		"columns of many":   columns(maxColumns+1, `"id"`),
		"many columns":      columns(1, many(maxColumns+1, `"id"`)),
		"a column's name":   columns(1, `"`+strings.Repeat("x", maxWords+1)+`"`),
		"a section's name":  `{"version":1,"columns":{"` + strings.Repeat("x", maxWords+1) + `":["id"]},` + good + `}`,
		"columns in depth":  `{"version":1,"columns":` + strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000) + `,` + good + `}`,
		"a very large file": `{"version":1,` + good + `}` + strings.Repeat(" ", MaxBytes),
	} {
		s, err := Decode([]byte(data))
		if err == nil {
			t.Errorf("%s is taken", name)
			continue
		}
		if !reflect.DeepEqual(s, State{}) {
			t.Errorf("%s: a part of it comes with the error", name)
		}
		if strings.ContainsAny(err.Error(), "\x1b\a") || len(err.Error()) > 200 {
			t.Errorf("%s: the error quotes the file: %.300q", name, err)
		}
	}
	if s, err := Decode([]byte(`{"version":1,"marks":[` + many(maxMarks, mark) + `],"later":true,` + good + `}`)); err != nil || len(s.Marks) != maxMarks {
		t.Errorf("%d marks: %v", len(s.Marks), err)
	}
}

func TestTheColumnsOfVeryManySectionsAreNoReasonToLoseAState(t *testing.T) {
	t.Parallel()
	s := State{Section: "Triage", Columns: make(map[string][]string)}
	for n := range maxColumns + 1 {
		s.Columns[fmt.Sprintf("%03d", n)] = []string{"id"}
	}
	data, err := Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Decode(data); err != nil || len(got.Columns) != maxColumns || len(s.Columns) != maxColumns+1 {
		t.Errorf("%d columns: %v", len(got.Columns), err)
	}
}

func TestOfALongHistoryTheLatestStays(t *testing.T) {
	t.Parallel()
	s := State{Section: "Triage"}
	for n := range maxHistory + 7 {
		s.History = append(s.History, fmt.Sprint("/", n))
	}
	data, err := Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(data)
	if err != nil || len(got.History) != maxHistory || got.History[0] != "/7" || got.History[maxHistory-1] != fmt.Sprint("/", maxHistory+6) {
		t.Errorf("%v: %v", err, got.History)
	}
}

// TestBytesThatAreNoTextAreNoReasonToLoseAState: what was typed may hold anything.
func TestBytesThatAreNoTextAreNoReasonToLoseAState(t *testing.T) {
	t.Parallel()
	data, err := Encode(State{Section: "Triage", History: []string{":\xff\xfe"}})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := Decode(data); err != nil || s.Section != "Triage" {
		t.Errorf("%+v: %v", s, err)
	}
}

func FuzzDecode(f *testing.F) {
	whole, err := Encode(State{Section: "Triage", Tenant: contoso, Filter: "sev:high", Order: "-age", Cursor: Ref{contoso, soc.SourceDefender, "1"},
		Marks: []Ref{{contoso, soc.SourceSentinel, "a.b~c:d_e-f"}}, Columns: map[string][]string{"Triage": {"id"}}, History: []string{"/sev:high"}})
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{string(whole), "", "{}", `{"version":1}`, `{"version":1,"marks":[{}]}`, `{"version":1,"columns":{"":[]}}`, `{"version":1e0,"saved":"x"}`, `{"version":1,"cursor":{"source":"0"}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Decode(data)
		if err != nil {
			if !reflect.DeepEqual(s, State{}) {
				t.Fatalf("with %v comes %+v", err, s)
			}
			return
		}
		for _, r := range append([]Ref{s.Cursor, s.Open}, s.Marks...) {
			if !r.IsZero() && (!soc.ValidID(r.ID) || len(r.Tenant) != len(contoso)) {
				t.Fatalf("a reference that can be none: %+v", r)
			}
		}
		again, err := Encode(s)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		back, err := Decode(again)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v: %s", err, again)
		}
		if twice, err := Encode(back); err != nil || !bytes.Equal(twice, again) {
			t.Fatalf("what was read and written comes back as %s, %v, and was %s", twice, err, again)
		}
	})
}
