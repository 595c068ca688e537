package transport

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The bounds of what a Retry-After may ask for, and of what a call waits for by itself.
const (
	minRetryAfter = time.Second
	maxRetryAfter = 10 * time.Minute
	maxWait       = 5 * time.Second
)

// retryAfter reads Retry-After, seconds or an HTTP date (ARM sends dates), and clamps it. A header that makes no sense
// still asks to wait: it counts as the shortest wait. Without the header, ok is false.
func retryAfter(h http.Header, now time.Time) (wait time.Duration, ok bool) {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0, false
	}
	return parseRetryAfter(v, now), true
}

func parseRetryAfter(v string, now time.Time) time.Duration {
	if len(v) > 64 {
		return minRetryAfter
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil || math.IsInf(s, 0) {
		return clampSeconds(s)
	}
	if t, err := http.ParseTime(v); err == nil {
		return clampSeconds(t.Sub(now).Seconds())
	}
	return minRetryAfter
}

// clampSeconds works on the float: 1e300 seconds do not fit a Duration, and NaN compares with nothing.
func clampSeconds(s float64) time.Duration {
	switch {
	case s >= maxRetryAfter.Seconds():
		return maxRetryAfter
	case s > minRetryAfter.Seconds():
		return time.Duration(s * float64(time.Second))
	}
	return minRetryAfter
}
