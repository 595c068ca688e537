package signin

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a value that does not print: not by fmt, not as JSON, not in a log. The value stands behind a pointer, for
// fmt prints the unexported fields of a structure without asking their methods.
type Secret struct{ value *string }

const redacted = "[redacted]"

// NewSecret wraps a value.
func NewSecret(s string) Secret { return Secret{value: &s} }

// IsZero tells whether there is nothing to hide.
func (s Secret) IsZero() bool { return s.value == nil || *s.value == "" }

// reveal gives the value; only the code that sends it may ask.
func (s Secret) reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// String gives a placeholder.
func (s Secret) String() string { return redacted }

// GoString gives a placeholder for %#v.
func (s Secret) GoString() string { return redacted }

// Format gives a placeholder for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText gives a placeholder, which JSON uses too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue gives a placeholder.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
