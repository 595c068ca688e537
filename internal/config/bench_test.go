package config

import (
	"fmt"
	"strings"
	"testing"
)

// The configuration is read before the first screen: 500 customers must not be felt.
func BenchmarkParse500Customers(b *testing.B) {
	var s strings.Builder
	s.WriteString(customers)
	for i := range 500 {
		fmt.Fprintf(&s, `  - code: C%d
    name: Customer %d Ltd
    id: 0a1b2c3d-0000-4000-8000-%012d
    domain: customer%d.onmicrosoft.com
    groups: [gold, emea]
    access:
      tier1: {package: 5b1e0000-0000-4000-8000-%012d, policy: 77aa0000-0000-4000-8000-000000000005}
`, i, i, i+1, i, i)
	}
	s.WriteString("sla:\n  gold: {high: 30m, medium: 4h, low: 24h}\n")
	data := []byte(s.String())
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Parse("config.yaml", data, nil); err != nil {
			b.Fatal(err)
		}
	}
}
