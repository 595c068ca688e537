package main

import (
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
)

// TestNoPlaceToKeepAnything starts where nothing can be written: the queue is there all the same, and what is not kept is said.
// /proc and a file take no directory, whoever asks.
func TestNoPlaceToKeepAnything(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		env  []string
		said []string // on the page of activity
		end  string
	}{
		{"HOME", []string{"HOME=/proc/none"}, []string{"Nothing is logged: "}, "socctl: where you were is not kept: "},
		{"no HOME", []string{"HOME="}, []string{"Where you are is not kept for the next start: neither XDG_STATE_HOME nor HOME is set."}, ""},
		{"a file", []string{"XDG_STATE_HOME=/etc/passwd"}, []string{"Nothing is logged: ", "The last session cannot be read, and is left as it is: "},
			"socctl: where you were is not kept: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, c.env...)
			p := demo(t, h, tty.Options{Cols: 200, Rows: 40})
			fresh(p)
			p.Press("@")
			p.WaitFor(c.said...)
			p.Press("q")
			p.WaitFor("TITLE")
			line := leave(t, p)
			if !strings.HasPrefix(line, c.end) || c.end == "" && line != "" {
				t.Errorf("at the end it says %q", line)
			}
		})
	}
}
