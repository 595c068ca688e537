//go:build !race

package ui

// stride is how many of the pairs of a width and a profile one hostile text meets in one place: one in three, so that it meets
// all widths and all profiles.
const stride = 3
