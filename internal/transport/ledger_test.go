package transport

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

func TestTheLedgerGivesWhatIsNew(t *testing.T) {
	t.Parallel()
	for _, total := range []int{0, 1, 2, LedgerSize - 1, LedgerSize, LedgerSize + 1, 2*LedgerSize + 7} {
		var l Ledger
		for n := range total {
			l.Add("CONT", Call{Status: n + 1})
		}
		for _, since := range []int{0, 1, total - 1, total, total + 1, total - LedgerSize + 1, LedgerSize - 3} {
			if since < 0 {
				continue
			}
			got := l.Since(uint64(since))
			want := max(0, min(total-since, LedgerSize))
			if len(got) != want {
				t.Fatalf("%d calls, since %d: %d, want %d", total, since, len(got), want)
			}
			for n, c := range got {
				if number := total - want + n + 1; c.Seq != uint64(number) || c.Status != number {
					t.Fatalf("%d calls, since %d: place %d has number %d of call %d, want %d", total, since, n, c.Seq, c.Status, number)
				}
			}
		}
	}
}

func TestTheLedgerIsCheap(t *testing.T) {
	var l Ledger
	call := Call{Method: "GET", Path: "/v1.0/security/incidents", RequestID: text.NewLine("7d1f")}
	for range LedgerSize {
		l.Add("CONT", call)
	}
	if n := testing.AllocsPerRun(100, func() { l.Add("CONT", call) }); n != 0 {
		t.Errorf("%v allocations for a call", n)
	}
	if n := testing.AllocsPerRun(100, func() { _ = l.Since(l.seq.Load()) }); n != 0 {
		t.Errorf("%v allocations where nothing is new", n)
	}
}

func TestTheLedgerIsSharedByAll(t *testing.T) {
	t.Parallel()
	var l Ledger
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(2)
		go func() {
			defer wg.Done()
			for range 1000 {
				l.Add("CONT", Call{})
			}
		}()
		go func() {
			defer wg.Done()
			for seq := uint64(0); seq < 4000; {
				for _, c := range l.Since(seq) {
					if c.Seq <= seq {
						t.Errorf("number %d comes after %d", c.Seq, seq)
						return
					}
					seq = c.Seq
				}
			}
		}()
	}
	wg.Wait()
	if got := l.Since(0); got[len(got)-1].Seq != 8000 {
		t.Errorf("%d calls", got[len(got)-1].Seq)
	}
}

func TestQueriesGiveOnlyTheirNames(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"": "",
		"$expand=alerts&$filter=title%20eq%20'Payroll'&$top=50": "$expand&$filter&$top",
		"%24filter=x&%24skiptoken=abc":                          "$filter&$skiptoken",
		"Payroll":                                               "…",
		"=Payroll&a=b":                                          "…&a",
		"pay%20roll=1&x9=2":                                     "…&…",
		"%zz=1&ok=2":                                            "…&ok",
		strings.Repeat("a", 33) + "=1":                          "…",
		strings.Repeat("a=1&", 20):                              strings.Repeat("a&", 12) + "…",
	} {
		if got := queryNames(raw); got != want {
			t.Errorf("%q gives %q, want %q", raw, got, want)
		}
	}
}

// secrets are what must not stand on the page of activity, wherever it occurs in a request or an answer.
func secrets() []string {
	return []string{jwt(tenantA), "Payroll+fraud", "Payroll%20fraud", "Payroll fraud", "GBHT2QKLM", "s3cr3t-value", "skip-me-not"}
}

// told fails where one of the secrets got in.
func told(t *testing.T, l *Ledger) []soc.Call {
	t.Helper()
	calls := l.Since(0)
	for _, c := range calls {
		all := fmt.Sprintf("%+v|%s|%s|%s", c, c.Path, c.RequestID, c.Err)
		for _, s := range secrets() {
			if strings.Contains(all, s) {
				t.Errorf("%q got into %s", s, all)
			}
		}
		if strings.Contains(all, "eyJ") {
			t.Errorf("a token got into %s", all)
		}
	}
	return calls
}

func TestNothingSecretGetsIntoTheLedger(t *testing.T) {
	t.Parallel()
	page := graphPage + "?$filter=" + url.QueryEscape("contains(displayName,'Payroll fraud')") + "&$skiptoken=skip-me-not&GBHT2QKLM9"
	cases := map[string]struct {
		base *wireSpy
		err  bool
	}{
		"an answer":      {answers(200, `{"displayName":"Payroll fraud"}`, "request-id", "7d1f"), false},
		"an error":       {answers(400, `{"error":{"message":"Payroll fraud, Bearer `+jwt(tenantA)+`"}}`, "request-id", jwt(tenantA)), false},
		"a redirect":     {answers(302, "", "Location", "https://evil.example/?t="+jwt(tenantA)), true},
		"another coding": {answers(200, "", "Content-Encoding", "s3cr3t-value"), true},
		"a broken answer": {script(func() (*http.Response, error) {
			r := reply(200, "")
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader("Payroll"), failing{}))
			return r, nil
		}), true},
		"no answer": {script(fails(&url.Error{Op: "Get", URL: page, Err: errors.New("Payroll fraud " + jwt(tenantA))})), true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var l Ledger
			cl := client(t, c.base, func(o *Options) {
				o.Observe = func(call Call) { l.Add("CONT", call) }
				o.Rand = func() float64 { return 0 }
			})
			if _, _, err := send(t, cl, http.MethodGet, page, ""); (err != nil) != c.err {
				t.Fatal(err)
			}
			calls := told(t, &l)
			if len(calls) == 0 || calls[0].Path.String() != "/v1.0/security/incidents?$filter&$skiptoken&…" ||
				calls[0].Err.IsZero() == c.err || calls[0].Attempt != 1 || calls[0].Tenant != tenantA || calls[0].Code != "CONT" {
				t.Errorf("%+v", calls)
			}
		})
	}
}

// failing is a body that breaks off with an error that quotes what it should not.
type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("Payroll fraud " + jwt(tenantA)) }

func TestATokenInAPathIsRedacted(t *testing.T) {
	t.Parallel()
	var l Ledger
	l.Add("CONT", Call{Path: "/v1.0/x/" + jwt(tenantA), RequestID: text.NewLine(jwt(tenantA)), Error: text.NewLine("said " + jwt(tenantA))})
	if c := told(t, &l)[0]; !strings.Contains(c.Path.String(), "[redacted]") || c.Err.String() != "said [redacted]" {
		t.Errorf("%+v", c)
	}
}

func TestSignInsAreObservedWithoutWhatTheyCarry(t *testing.T) {
	t.Parallel()
	const host = "https://login.microsoftonline.com/"
	send := func(base http.RoundTripper, address string) (soc.Call, error) {
		var l Ledger
		form := strings.NewReader("client_secret=s3cr3t-value&device_code=GBHT2QKLM&assertion=" + jwt(tenantA))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"?login_hint=Payroll+fraud", form)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := Observed(base, "the sign-in service", func(c Call) { l.Add("CONT", c) }).RoundTrip(req)
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			if len(l.Since(0)) != 0 {
				t.Error("the call was told of before it ended")
			}
			_, _ = resp.Body.Close(), resp.Body.Close()
		}
		calls := told(t, &l)
		if len(calls) != 1 {
			t.Fatalf("%d calls", len(calls))
		}
		return calls[0], err
	}
	answer := `{"access_token":"` + jwt(tenantA) + `","user_code":"GBHT2QKLM"}`
	c, err := send(answers(200, answer, "x-ms-request-id", "7d1f"), host+string(tenantA)+"/oauth2/v2.0/token")
	if err != nil || c.Tenant != tenantA || c.Status != 200 || c.Bytes != int64(len(answer)) || c.RequestID.String() != "7d1f" ||
		c.Path.String() != "login.microsoftonline.com/"+string(tenantA)+"/oauth2/v2.0/token" {
		t.Errorf("%+v, %v", c, err)
	}
	broken := errors.New("connection reset while sending client_secret=s3cr3t-value")
	c, err = send(script(fails(broken)), host+"common/discovery/instance")
	if !errors.Is(err, broken) || c.Tenant != "" || c.Status != 0 || c.Err.IsZero() {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestTheMeterCountsTheLastMinute(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_800_000_000, 0)
	var m Meter
	for n := range 90 {
		m.add(start.Add(time.Duration(n) * time.Second))
	}
	for after, want := range map[time.Duration]int{89 * time.Second: 60, 100 * time.Second: 49, 148 * time.Second: 1, 149 * time.Second: 0, time.Hour: 0} {
		again := Meter{seconds: m.seconds, newest: m.newest}
		if got := again.Used(start.Add(after)); got != want {
			t.Errorf("after %s: %d, want %d", after, got, want)
		}
	}
	m.add(start.Add(88 * time.Second)) // a clock that trembles loses nothing
	if got := m.Used(start.Add(89 * time.Second)); got != 61 {
		t.Errorf("a little back: %d", got)
	}
	if got := m.Used(start.Add(-time.Hour)); got != 0 {
		t.Errorf("an hour back: %d", got)
	}
	m.add(start.Add(-time.Hour))
	if got := m.Used(start.Add(-time.Hour + 59*time.Second)); got != 1 {
		t.Errorf("an hour back and on: %d", got)
	}
}

func TestTheGateFeedsTheMeter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var m Meter
		c := client(t, script(status(503), status(200)), func(o *Options) { o.Meter = &m })
		if _, _, err := send(t, c, http.MethodGet, graphPage, ""); err != nil {
			t.Fatal(err)
		}
		if got := m.Used(time.Now()); got != 2 {
			t.Errorf("%d requests, want 2: each attempt counts", got)
		}
		if _, _, err := send(t, c, http.MethodGet, "https://evil.example/", ""); err == nil || m.Used(time.Now()) != 2 {
			t.Error("a request that did not leave was counted")
		}
	})
	if got := (Budget{}).Share(); got != 90 {
		t.Errorf("the share of 150 is %d", got)
	}
	if got := (Budget{PerMinute: 50}).Share(); got != 30 {
		t.Errorf("the share of 50 is %d", got)
	}
}
