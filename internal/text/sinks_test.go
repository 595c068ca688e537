package text_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/text/hostile"
)

// holder has its line in a field that fmt may read but not call methods on.
type holder struct{ title text.Line }

// TestSinksShowOnlySafeText sends the corpus through the ways in which text leaves by accident.
func TestSinksShowOnlySafeText(t *testing.T) {
	t.Parallel()
	for _, s := range hostile.Corpus() {
		l := text.NewLine(s.Text)
		var out bytes.Buffer
		logText, logJSON := slog.New(slog.NewTextHandler(&out, nil)), slog.New(slog.NewJSONHandler(&out, nil))
		for _, log := range []*slog.Logger{logText, logJSON} {
			log.Info("incident", "title", l, "group", []any{l}, "err", errors.New(text.Escape(s.Text)))
		}
		fmt.Fprintf(&out, "%v %s %q %+v %#v %v %+v %v\n", l, l, l, l, l, &l, holder{l}, struct{ L text.Line }{l})
		if err := json.NewEncoder(&out).Encode(map[string]any{"title": l}); err != nil {
			t.Fatal(err)
		}
		if err := hostile.ScanBytes(out.Bytes()); err != nil {
			t.Errorf("%s: %v in %q", s.Name, err, out.Bytes())
		}
	}
}

func TestJSONRoundTripIsSafe(t *testing.T) {
	t.Parallel()
	type record struct {
		Title text.Line  `json:"title"`
		Body  text.Block `json:"body"`
	}
	var got record
	if err := json.Unmarshal([]byte(`{"title":"a\u001b[31m","body":"a\r\n\u202eb"}`), &got); err != nil {
		t.Fatal(err)
	}
	if got.Title != text.NewLine("a\x1b[31m") || got.Body != text.NewBlock("a\r\n\u202eb") {
		t.Errorf("decoded %#v", got)
	}
	b, err := json.Marshal(got)
	if want := `{"title":"a\\u{1b}[31m","body":"a\n\\u{202e}b"}`; err != nil || string(b) != want {
		t.Errorf("encoded %s, %v; want %s", b, err, want)
	}
}
