package simcloud_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"net/http/httptest"

	"github.com/socctl/socctl/internal/simcloud"
)

const incidents = "/v1.0/security/incidents"

func TestInjectedAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault simcloud.Fault
		check func(*testing.T, *lab, answer)
	}{
		{"html", simcloud.Fault{Status: 502, Body: "<html>Bad gateway</html>", ContentType: "text/html"}, func(t *testing.T, _ *lab, a answer) {
			if a.status != 502 || a.header.Get("Content-Type") != "text/html" || string(a.body) != "<html>Bad gateway</html>" {
				t.Errorf("%+v", a)
			}
		}},
		{"nothing", simcloud.Fault{Status: 200}, func(t *testing.T, _ *lab, a answer) {
			if a.status != 200 || len(a.body) != 0 {
				t.Errorf("%+v", a)
			}
		}},
		{"retry after as it is", simcloud.Fault{Status: 429, RetryAfter: "-5"}, func(t *testing.T, _ *lab, a answer) {
			if a.status != 429 || a.header.Get("Retry-After") != "-5" {
				t.Errorf("%+v", a)
			}
		}},
		{"throttled without a hint", simcloud.Fault{Status: 429}, func(t *testing.T, _ *lab, a answer) {
			if a.status != 429 || a.header.Get("Retry-After") != "" {
				t.Errorf("%+v", a)
			}
		}},
		{"challenge", simcloud.Fault{Status: 401, Header: http.Header{"WWW-Authenticate": {`Bearer error="insufficient_claims", claims="e30="`}}}, func(t *testing.T, _ *lab, a answer) {
			if a.status != 401 || !strings.Contains(a.header.Get("WWW-Authenticate"), "claims=") {
				t.Errorf("%+v", a)
			}
		}},
		{"next link to itself", simcloud.Fault{NextLink: "self"}, func(t *testing.T, l *lab, a answer) {
			if p := decode[list](t, a.body); p.Next != l.URL()+incidents+"?$top=3" || len(p.Value) != 3 {
				t.Errorf("%s", p.Next)
			}
		}},
		{"next link elsewhere", simcloud.Fault{NextLink: "https://evil.example/v1.0/x"}, func(t *testing.T, _ *lab, a answer) {
			if p := decode[list](t, a.body); p.Next != "https://evil.example/v1.0/x" {
				t.Errorf("%s", p.Next)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := start(t, small())
			c.fault.Tenant, c.fault.PathPrefix = "FABR", incidents
			l.Inject(c.fault)
			if a := l.get(l.token("CONT"), incidents+"?$top=3"); a.status != 200 {
				t.Errorf("another customer got it: %d", a.status)
			}
			if a := l.get(l.token("FABR"), "/v1.0/organization"); a.status != 200 {
				t.Errorf("another path got it: %d", a.status)
			}
			c.check(t, l, l.get(l.token("FABR"), incidents+"?$top=3"))
			if a := l.get(l.token("FABR"), incidents+"?$top=3"); a.status != 200 || decode[list](t, a.body).Next == "https://evil.example/v1.0/x" {
				t.Errorf("it struck twice: %d", a.status)
			}
		})
	}
}

func TestBrokenTransport(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	read := func() (int, int64, error) {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, l.URL()+incidents, nil)
		r.Header.Set("Authorization", "Bearer "+l.token("CONT"))
		resp, err := l.client.Do(r)
		if err != nil {
			return 0, 0, err
		}
		defer func() { _ = resp.Body.Close() }()
		n, err := io.Copy(io.Discard, io.LimitReader(resp.Body, 8<<20))
		return resp.StatusCode, n, err
	}
	l.Inject(simcloud.Fault{Truncate: true})
	if status, n, err := read(); status != 200 || n == 0 || err == nil {
		t.Errorf("truncated: %d, %d bytes, %v", status, n, err)
	}
	l.Inject(simcloud.Fault{Drop: true})
	if _, _, err := read(); err == nil {
		t.Error("dropped: an answer came")
	}
	l.Inject(simcloud.Fault{Endless: true})
	if status, n, err := read(); status != 200 || n != 8<<20 || err != nil {
		t.Errorf("endless: %d, %d bytes, %v", status, n, err)
	}
	if status, _, err := read(); status != 200 || err != nil {
		t.Errorf("after all: %d %v", status, err)
	}
}

func TestFaultsCount(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	statuses := func(n int) (out []int) {
		for range n {
			out = append(out, l.get(l.token("CONT"), incidents+"?$top=1").status)
		}
		return out
	}
	equal := func(got, want []int) bool {
		for i := range want {
			if got[i] != want[i] {
				return false
			}
		}
		return len(got) == len(want)
	}
	l.Inject(simcloud.Fault{Status: 503, Skip: 1, Count: 2})
	if got := statuses(4); !equal(got, []int{200, 503, 503, 200}) {
		t.Errorf("skip one, strike twice: %v", got)
	}
	remove := l.Inject(simcloud.Fault{Status: 500, Count: -1})
	if got := statuses(2); !equal(got, []int{500, 500}) {
		t.Errorf("for ever: %v", got)
	}
	remove()
	l.Inject(simcloud.Fault{Status: 500, Count: -1})
	l.ClearFaults()
	if got := statuses(1); !equal(got, []int{200}) {
		t.Errorf("taken back: %v", got)
	}
	l.Inject(simcloud.Fault{Tenant: "CONT", PathPrefix: "/oauth2/v2.0/token", Status: 500, Body: "{}"})
	if a := l.post(tokenPath(l.Tenants()[0].ID), secretForm(l)); a.status != 500 {
		t.Errorf("token endpoint: %d", a.status)
	}
}

func TestBuiltInProfiles(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	t.Run("throttled", func(t *testing.T) {
		t.Parallel()
		l := start(t, small())
		token := l.token(tenantWith(t, l, simcloud.Throttled).Code)
		a := l.get(token, incidents)
		if a.status != 429 || a.header.Get("Retry-After") != "20" || decode[graphError](t, a.body).Error.Code != "TooManyRequests" {
			t.Fatalf("%d %v %s", a.status, a.header, a.body)
		}
		l.clock.Advance(20 * time.Second)
		first, second := l.get(token, incidents), l.get(token, incidents)
		if first.status != 200 || second.status != 429 {
			t.Errorf("after the pause: %d, %d", first.status, second.status)
		}
	})
	t.Run("expand fails, always", func(t *testing.T) {
		t.Parallel()
		token := l.token(tenantWith(t, l, simcloud.Expand500).Code)
		for range 3 {
			if a := l.get(token, incidents+"?$expand=alerts"); a.status != 500 {
				t.Errorf("%d", a.status)
			}
		}
		if a := l.get(token, incidents); a.status != 200 {
			t.Errorf("without expand: %d", a.status)
		}
	})
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		o := small()
		o.Profiles = map[string]simcloud.Profile{}
		for _, tenant := range start(t, o).Tenants() {
			if tenant.Profile != simcloud.Normal {
				t.Errorf("%s is %q", tenant.Code, tenant.Profile)
			}
		}
	})
}

func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := small()
		o.Latency = 80 * time.Millisecond
		c, err := simcloud.New(o)
		if err != nil {
			t.Fatal(err)
		}
		took := func(p simcloud.Profile) time.Duration {
			for _, tenant := range c.Tenants() {
				if tenant.Profile != p {
					continue
				}
				token, _ := c.Token(simcloud.TokenSpec{Tenant: tenant.Code})
				r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, incidents, nil)
				r.Header.Set("Authorization", "Bearer "+token)
				w, begin := httptest.NewRecorder(), time.Now()
				c.Handler().ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					t.Errorf("%q: %d", p, w.Code)
				}
				return time.Since(begin)
			}
			return 0
		}
		if d := took(simcloud.Normal); d < 40*time.Millisecond || d > 120*time.Millisecond {
			t.Errorf("a normal answer takes %v", d)
		}
		if d := took(simcloud.Slow); d < 2*time.Second || d > 8*time.Second {
			t.Errorf("a slow answer takes %v", d)
		}
	})
}

func TestCloseEndsWaitingRequests(t *testing.T) {
	t.Parallel()
	o := small()
	o.Latency = time.Hour
	l := start(t, o)
	failed := make(chan error, 1)
	token := l.token("CONT")
	go func() {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, l.URL()+incidents, nil)
		r.Header.Set("Authorization", "Bearer "+token)
		resp, err := l.client.Do(r)
		if err == nil {
			_ = resp.Body.Close()
			err = errors.New("an answer came")
		} else {
			err = nil
		}
		failed <- err
	}()
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := <-failed; err != nil {
		t.Error(err)
	}
}
