package graph

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
)

// answersInTurn is a service that gives the answers one after the other, and then the last one for ever.
func answersInTurn(t *testing.T, bodies ...string) *testService {
	t.Helper()
	var n atomic.Int64
	return serveFunc(t, func(*http.Request) answer {
		return answer{body: bodies[min(int(n.Add(1)), len(bodies))-1]}
	})
}

func record(id, title string) string { return fmt.Sprintf(`{"id":%q,"displayName":%q}`, id, title) }

func page(records ...string) string { return `{"value":[` + strings.Join(records, ",") + `]}` }

func TestTheSameAnswerIsGivenOnce(t *testing.T) {
	t.Parallel()
	one, other := page(record("1", "a")), page(record("1", "b")) // of the same length
	long := page(record("1", strings.Repeat("x", maxEcho)))
	for _, tc := range []struct {
		name   string
		bodies []string
		query  Query
		given  []int
	}{
		{"the same", []string{one}, Query{Changes: true}, []int{1, 0, 0}},
		{"another one of the same length", []string{one, other}, Query{Changes: true}, []int{1, 1, 0}},
		{"another one and back", []string{one, other, one}, Query{Changes: true}, []int{1, 1, 1}},
		{"a longer one that begins alike", []string{one, one + " ", one + "  "}, Query{Changes: true}, []int{1, 1, 1}},
		{"behind white space", []string{" \r\n\t" + one}, Query{Changes: true}, []int{1, 0, 0}},
		{"nobody asked for changes alone", []string{one}, Query{}, []int{1, 1, 1}},
		{"with a record that cannot be read", []string{page(record("1", "a"), record("bad id", ""))}, Query{Changes: true}, []int{1, 1, 1}},
		{"too long to be looked at as a whole", []string{long}, Query{Changes: true}, []int{1, 1, 1}},
		{"an empty list", []string{page()}, Query{Changes: true}, []int{0, 0, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := answersInTurn(t, tc.bodies...).client(t)
			for n, want := range tc.given {
				if all, _, err := list(t, c, tc.query); err != nil || len(all) != want {
					t.Errorf("read %d gave %d incidents, %v; want %d", n+1, len(all), err, want)
				}
			}
		})
	}
}

func TestAnAnswerIsRememberedWithItsQuestion(t *testing.T) {
	t.Parallel()
	c := answersInTurn(t, page(record("1", "a"))).client(t)
	for n, q := range []Query{{Changes: true}, {Changes: true, PageSize: 7}, {Changes: true, WithAlerts: true}, {Changes: true, Since: testNow}, {Changes: true}} {
		if all, _, err := list(t, c, q); err != nil || len(all) != 1 {
			t.Errorf("question %d gave %d incidents, %v", n+1, len(all), err)
		}
	}
}

func TestAnAnswerThatWasNotTakenIsGivenAgain(t *testing.T) {
	t.Parallel()
	c := answersInTurn(t, page(record("1", "a"))).client(t)
	refused := errors.New("no room")
	if _, err := c.Incidents(context.Background(), Query{Changes: true}, func([]*soc.Incident) error { return refused }); !errors.Is(err, refused) {
		t.Fatal(err)
	}
	if all, _, err := list(t, c, Query{Changes: true}); err != nil || len(all) != 1 {
		t.Errorf("%d incidents, %v", len(all), err)
	}
}

func TestTwoPagesAreReadEachTime(t *testing.T) {
	t.Parallel()
	first := `{"value":[{"id":"1"}],"@odata.nextLink":"{root}/v1.0/security/incidents?$skiptoken=b"}`
	s := serve(t, map[string]answer{"/v1.0/security/incidents?$top=50": {body: first}, "/v1.0/security/incidents?$skiptoken=b": {body: page(record("2", ""))}})
	c := s.client(t)
	for range 2 {
		if all, _, err := list(t, c, Query{Changes: true}); err != nil || len(all) != 2 {
			t.Errorf("%d incidents, %v", len(all), err)
		}
	}
}

func TestAListThatNeverBeginsIsCutOff(t *testing.T) {
	t.Parallel()
	s := serveFunc(t, nil)
	blank := []byte(strings.Repeat(" ", 64<<10))
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for sent := 0; sent < 1<<30; sent += len(blank) {
			if _, err := w.Write(blank); err != nil {
				return
			}
		}
	})
	c, err := newClient(Options{Tenant: testTenant(), Root: s.URL, HTTP: s.Client()}, 3<<20)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = list(t, c, Query{})
	wantProblem(t, err, soc.ProblemUnsafe, "more than 3 MB")
}

// A list that breaks off is no bad JSON: it is the connection that has to be blamed.
func TestAListThatBreaksOffSaysSo(t *testing.T) {
	t.Parallel()
	s := serveFunc(t, nil)
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000000")
		_, _ = io.WriteString(w, `{"value":[`+record("1", "a")+",")
		panic(http.ErrAbortHandler)
	})
	all, _, err := list(t, s.client(t), Query{})
	wantProblem(t, err, soc.ProblemUnavailable)
	if len(all) > 0 {
		t.Error("half a page was given")
	}
}

func TestAPanicOfWhoTakesThePageIsItsOwn(t *testing.T) {
	t.Parallel()
	c := answersInTurn(t, page(record("1", "a"))).client(t)
	_, err := c.Incidents(context.Background(), Query{}, func([]*soc.Incident) error { panic("a bug of ours") })
	var p *guard.Panic
	var problem *soc.Problem
	if !errors.As(err, &p) || errors.As(err, &problem) {
		t.Errorf("%v", err)
	}
}

// A page goes through without ever being in memory as a whole, and what is lent for it comes back.
func TestAPageIsReadInLittleMemory(t *testing.T) {
	records := make([]string, 50)
	for n := range records {
		records[n] = `{"id":"` + fmt.Sprint(n) + `","customThing":"` + strings.Repeat("x", 20_000) + `"}`
	}
	body := page(records...)
	b := &Buffers{}
	read := func() {
		s := newStream(strings.NewReader(body), b, seedOf(t))
		defer s.close()
		r := newStreamReader(s, newLineCache())
		if _, err := r.readPage(s.head, r.skip); err != nil {
			t.Error(err)
		}
	}
	read()
	if per := testing.Benchmark(func(tb *testing.B) {
		tb.ReportAllocs()
		for tb.Loop() {
			read()
		}
	}).AllocedBytesPerOp(); per > int64(len(body)/10) {
		t.Errorf("%d bytes for a page of %d", per, len(body))
	}
}

func seedOf(t *testing.T) maphash.Seed {
	t.Helper()
	return maphash.MakeSeed()
}
