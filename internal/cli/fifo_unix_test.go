//go:build unix

package cli_test

import (
	"path/filepath"
	"syscall"
	"testing"
)

// fifo makes a pipe that nobody writes into: opening it never ends.
func fifo(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "pipe.yaml")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
