package cli

import (
	"testing"
	"time"
)

func TestSpans(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "30m": 30 * time.Minute, "4h": 4 * time.Hour, "2d": 48 * time.Hour, "1d12h": 36 * time.Hour, "1h30m": 90 * time.Minute,
		"80ms": 80 * time.Millisecond, "0s": 0, "0d": 0, "-4h": -4 * time.Hour, "36500d": 36500 * 24 * time.Hour,
	} {
		var s span
		if err := s.Set(in); err != nil || time.Duration(s) != want {
			t.Errorf("%s is %s, %v; want %s", in, time.Duration(s), err, want)
		}
	}
	for _, in := range []string{"", "d", "2", "2dd", "1h2d", "4days", "-2d", "2d-4h", "2d+4h", "1.5d", "36501d", "99999999999d", "9999999h", "2 d", "h"} {
		var s span
		if err := s.Set(in); err == nil {
			t.Errorf("%q is taken for %s", in, time.Duration(s))
		}
	}
	for d, want := range map[time.Duration]string{
		24 * time.Hour: "24h", 90 * time.Minute: "1h30m", 20 * time.Second: "20s", 30 * time.Minute: "30m", 0: "", 20 * time.Millisecond: "20ms",
		time.Hour + 20*time.Second: "1h0m20s",
	} {
		if s := span(d); s.String() != want {
			t.Errorf("%s is written %q, want %q", d, s.String(), want)
		}
	}
}
