package soc

import (
	"fmt"
	"time"
)

// Short writes a span of time as people read it in a cell: 12s 4m 2h 3d.
func Short(d time.Duration) string {
	switch d = max(0, d); {
	case d < time.Minute:
		return fmt.Sprintf("%ds", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%dm", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dd", d/(24*time.Hour))
}

// Ago is Short with the word: 18m ago.
func Ago(d time.Duration) string { return Short(d) + " ago" }

// Clock writes what is left of an SLA as hours and minutes, with a sign once it is missed: 0:04, -0:18, 3d.
func Clock(d time.Duration) string {
	sign := ""
	if d < 0 { // a second too late is not "0:00" any more
		sign, d = "-", max(-d, time.Minute)
	}
	if d >= 100*time.Hour {
		return fmt.Sprintf("%s%dd", sign, d/(24*time.Hour))
	}
	return fmt.Sprintf("%s%d:%02d", sign, d/time.Hour, d%time.Hour/time.Minute)
}
