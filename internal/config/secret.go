package config

import (
	"fmt"
	"log/slog"
)

// Secret is a password that no format verb, log or encoder shows.
type Secret struct{ value string }

const hidden = "(hidden)"

// Reveal gives the secret itself, for whoever signs in.
func (s Secret) Reveal() string { return s.value }

// IsZero tells whether there is none.
func (s Secret) IsZero() bool { return s.value == "" }

// Format hides the secret from every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// String tells only whether there is one.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return hidden
}

// MarshalText hides the secret from encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue hides the secret from logs.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
