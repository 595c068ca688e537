package cli

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// span is the value of a flag that takes a time: 90s, 30m, 4h, 2d, or several of them together, days first.
type span time.Duration

// spanVar adds a flag that takes a time.
func spanVar(flags *pflag.FlagSet, p *time.Duration, name string, value time.Duration, usage string) {
	*p = value
	flags.Var((*span)(p), name, usage)
}

// Type names the value in help texts.
func (s *span) Type() string { return "duration" }

// String writes the time without the units that are nothing: 24h, and nothing for no time at all.
func (s *span) String() string {
	if *s == 0 {
		return ""
	}
	out := time.Duration(*s).String()
	for _, unit := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(out, unit) {
			out = out[:len(out)-2]
		}
	}
	return out
}

// Set reads the time.
func (s *span) Set(value string) error {
	d, err := parseSpan(value)
	*s = span(d)
	return err
}

var errSpan = errors.New("a time is wanted, such as 90s, 30m, 4h or 2d")

// maxDays keeps the sum of the units within a time.Duration.
const maxDays = 36_500

func parseSpan(value string) (time.Duration, error) {
	var sum time.Duration
	if days, rest, ok := strings.Cut(value, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 32)
		if err != nil || n > maxDays {
			return 0, errSpan
		}
		if sum = time.Duration(n) * 24 * time.Hour; rest == "" {
			return sum, nil
		}
		if value = rest; value[0] == '-' || value[0] == '+' {
			return 0, errSpan
		}
	}
	d, err := time.ParseDuration(value)
	if err != nil || d > maxDays*24*time.Hour {
		return 0, errSpan
	}
	return sum + d, nil
}
