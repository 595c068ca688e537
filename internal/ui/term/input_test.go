package term_test

import (
	"io"
	"os"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/ui/term"
)

func TestWatchInputTellsOfTheEnd(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	in, gone := term.WatchInput(r)
	t.Cleanup(func() { _ = r.Close() })
	if _, err := w.WriteString("j"); err != nil {
		t.Fatal(err)
	}
	if n, err := in.Read(make([]byte, 8)); n != 1 || err != nil {
		t.Fatalf("read %d bytes: %v", n, err)
	}
	select {
	case <-gone:
		t.Error("gone before the end")
	default:
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := in.Read(make([]byte, 8)); err != io.EOF {
			t.Errorf("at the end: %v", err)
		}
	}
	<-gone
}

func TestWatchInputLeavesOtherReadersAlone(t *testing.T) {
	t.Parallel()
	r := strings.NewReader("")
	if in, gone := term.WatchInput(r); in != io.Reader(r) || gone != nil {
		t.Errorf("got %T and a channel: %v", in, gone != nil)
	}
}
