//go:build race

package ui

// stride is larger under the race detector, which looks for something else: one hostile text meets one width and one profile.
const stride = 12
