//go:build !unix

package cli_test

import "testing"

// fifo stands in where there are no pipes with names.
func fifo(_ *testing.T, dir string) string { return dir }
