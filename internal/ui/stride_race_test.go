//go:build race

package ui

// stride is larger under the race detector, which looks for something else: one hostile text meets one of 24 in one place.
const stride = 24
