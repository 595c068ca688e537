package soc

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/text"
)

func matchSLA(v string) (matcher, *FilterError) {
	if strings.EqualFold(v, "missed") {
		return isMissed, nil
	}
	word, err := oneOf("SLA state", v, []string{"missed", "risk", "running", "none"})
	want := map[string]SLAState{"risk": SLARisk, "running": SLARuns, "none": SLANone}[word]
	return func(i *Incident, s *Scope) bool { return SLAOf(i, s.Now).State == want }, err
}

// comparison is how a number has to stand to the one that was asked for.
type comparison string

// cutComparison takes the sign off the front of a value, or gives the usual one.
func cutComparison(v string, usual comparison) (c comparison, rest string) {
	for _, sign := range []string{"<=", ">=", "<", ">", "="} {
		if rest, ok := strings.CutPrefix(v, sign); ok {
			return comparison(sign), rest
		}
	}
	return usual, v
}

func holds[N cmp.Ordered](a N, c comparison, b N) bool {
	switch c {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	case ">=":
		return a >= b
	}
	return a == b
}

func matchAlerts(v string) (matcher, *FilterError) {
	c, rest := cutComparison(v, "=")
	want, err := strconv.ParseUint(rest, 10, 31)
	if err != nil {
		return nil, &FilterError{Message: text.Quote(v) + " is not a number of alerts: write >5, <3, >=5, <=3 or 5"}
	}
	n := int(want)
	return func(i *Incident, _ *Scope) bool { return i.AlertCount >= 0 && holds(i.AlertCount, c, n) }, nil
}

func (i *Incident) created() time.Time { return i.Created }
func (i *Incident) updated() time.Time { return i.Updated }

// matchSpan compares the time since one of an incident's times. Where that is not known, nothing holds.
func matchSpan(key string, of func(*Incident) time.Time) func(string) (matcher, *FilterError) {
	return func(v string) (matcher, *FilterError) {
		c, rest := cutComparison(v, "<=")
		want, ok := parseSpan(rest)
		if !ok || c == "=" {
			return nil, &FilterError{Message: fmt.Sprintf("%s is not a span of time: write %s:<90s, %s:<=30m, %s:>4h or %s:>=2d",
				text.Quote(v), key, key, key, key)}
		}
		return func(i *Incident, s *Scope) bool {
			at := of(i)
			return !at.IsZero() && holds(s.Now.Sub(at), c, want)
		}, nil
	}
}

// parseSpan reads a span of time in the words of the configuration: 90s, 30m, 4h, 2d, 1d12h; at most ten years.
func parseSpan(s string) (time.Duration, bool) {
	const most = 3660 * 24 * time.Hour
	units := map[byte]time.Duration{'d': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second}
	var sum time.Duration
	for parts := 0; s != "" || parts == 0; parts++ {
		end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
		if end < 1 {
			return 0, false
		}
		n, err := strconv.ParseInt(s[:end], 10, 32) // only digits: not below zero
		unit := units[s[end]|lowerCase]
		if err != nil || unit == 0 || n > int64(most/unit) {
			return 0, false
		}
		if sum += time.Duration(n) * unit; sum > most {
			return 0, false
		}
		s = s[end+1:]
	}
	return sum, true
}
