// Package secret holds what must never be printed: passwords, keys, client secrets. It imports nothing of ours.
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Value is a secret that does not print: not by fmt, not as JSON or YAML, not in a log. It stands behind a pointer, for fmt
// prints the unexported fields of a structure without asking their methods. The zero Value holds nothing.
type Value struct{ value *string }

const redacted = "[redacted]"

// New wraps a secret.
func New(s string) Value { return Value{value: &s} }

// IsZero tells whether there is nothing to hide.
func (v Value) IsZero() bool { return v.value == nil || *v.value == "" }

// Reveal gives the secret itself. Only the code that sends it may ask.
func (v Value) Reveal() string {
	if v.value == nil {
		return ""
	}
	return *v.value
}

// String tells at most that there is one.
func (v Value) String() string {
	if v.IsZero() {
		return ""
	}
	return redacted
}

// GoString is String for %#v.
func (v Value) GoString() string { return v.String() }

// Format is String for every verb.
func (v Value) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, v.String()) }

// MarshalText is String for encoders.
func (v Value) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// LogValue is String for logs.
func (v Value) LogValue() slog.Value { return slog.StringValue(v.String()) }
