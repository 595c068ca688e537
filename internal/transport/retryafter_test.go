package transport

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

func TestParseRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	cases := []struct {
		in   string
		want time.Duration
	}{
		{"-5", time.Second}, {"0", time.Second}, {"0.5", time.Second}, {"1", time.Second}, {"1.5", 1500 * time.Millisecond},
		{"30", 30 * time.Second}, {"600", 10 * time.Minute}, {"601", 10 * time.Minute}, {"1e9", 10 * time.Minute},
		{"1e999", 10 * time.Minute}, {"-1e999", time.Second}, {"Inf", 10 * time.Minute}, {"-Inf", time.Second},
		{"NaN", time.Second}, {"junk", time.Second}, {"10 s", time.Second}, {"99999999999999999999999", 10 * time.Minute},
		{now.Add(-time.Hour).Format(http.TimeFormat), time.Second},
		{now.Add(20 * time.Second).Format(http.TimeFormat), 20 * time.Second},
		{now.AddDate(50, 0, 0).Format(http.TimeFormat), 10 * time.Minute},
		{now.AddDate(7000, 0, 0).Format(http.TimeFormat), 10 * time.Minute},
	}
	for _, c := range cases {
		if got, ok := retryAfter(http.Header{"Retry-After": {c.in}}, now); got != c.want || !ok {
			t.Errorf("Retry-After %q gives %v, want %v", c.in, got, c.want)
		}
	}
	if _, ok := retryAfter(http.Header{}, now); ok {
		t.Error("no header counts as one")
	}
}

// TestRetryAfterBounds is figure F6: a poller that comes back when the problem says, over a service that answers 429
// once. No request is earlier than 1 s, none later than 10 min.
func TestRetryAfterBounds(t *testing.T) {
	t.Parallel()
	date := func(d time.Duration) string { return "+" + d.String() }
	cases := []struct {
		name, header string
		atLeast      time.Duration
		inside       bool // waited for inside the call
	}{
		{"negative", "-5", time.Second, true},
		{"zero", "0", time.Second, true},
		{"half", "0.5", time.Second, true},
		{"seconds", "4", 4 * time.Second, true},
		{"beyond the call", "45", 45 * time.Second, false},
		{"billion", "1e9", 10 * time.Minute, false},
		{"not a number", "NaN", time.Second, true},
		{"past date", date(-time.Hour), time.Second, true},
		{"future date", date(4 * time.Second), 4 * time.Second, true},
		{"junk", "soon", time.Second, true},
		{"missing", "", time.Second, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				header := c.header
				if len(header) > 1 && header[0] == '+' {
					d, _ := time.ParseDuration(header[1:])
					header = time.Now().Add(d).UTC().Format(http.TimeFormat)
				}
				gap, problems := pollOnce429(t, header)
				if gap < c.atLeast || gap > 10*time.Minute {
					t.Errorf("the second request came after %v, want %v to 10 min", gap, c.atLeast)
				}
				if (problems == 0) != c.inside {
					t.Errorf("%d problems, want waiting inside: %v", problems, c.inside)
				}
			})
		})
	}
}

// pollOnce429 polls until 200 comes and gives the time between the two requests that reached the service.
func pollOnce429(t *testing.T, header string) (gap time.Duration, problems int) {
	var times []time.Time
	base := &wireSpy{answer: func(n int, _ *http.Request) (*http.Response, error) {
		times = append(times, time.Now())
		if n > 1 {
			return reply(200, "{}"), nil
		}
		if header == "" {
			return reply(429, "{}"), nil
		}
		return reply(429, "{}", "Retry-After", header, "request-id", "r-1"), nil
	}}
	c := client(t, base, nil)
	for len(times) < 2 {
		_, _, err := send(t, c, http.MethodGet, graphPage, "")
		var p *soc.Problem
		switch {
		case err == nil:
		case errors.As(err, &p) && p.Kind == soc.ProblemThrottled && p.Until.After(time.Now()):
			problems++
			pass(time.Until(p.Until)) // the bubble's clock
		default:
			t.Fatalf("unexpected: %v", err)
		}
	}
	return times[1].Sub(times[0]), problems
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"-5", "0.5", "1e9", "NaN", "Sun, 22 Nov 2026 12:00:00 GMT", "0x1p-2", "1_0", "+Inf"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		if d := parseRetryAfter(s, now); d < minRetryAfter || d > maxRetryAfter {
			t.Errorf("%q gives %v", s, d)
		}
	})
}
