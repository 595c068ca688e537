package secret

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestASecretDoesNotPrint(t *testing.T) {
	t.Parallel()
	const word = "hunter2"
	type holder struct {
		Open   Value
		hidden Value
	}
	h := holder{New(word), New(word)}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("sign-in", "secret", h.Open, "all", h)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("sign-in", "secret", h.Open, "all", h)
	j, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	shown := log.String() + string(j)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		shown += fmt.Sprintf(verb+verb+verb, h, &h, h.hidden)
	}
	if strings.Contains(shown, word) || strings.Contains(shown, fmt.Sprintf("%x", word)) {
		t.Errorf("the secret shows in: %s", shown)
	}
	if got := fmt.Sprintf("%v %s %#v %q %x", h.Open, h.Open, h.Open, h.Open, h.Open); strings.Count(got, redacted) != 5 {
		t.Errorf("printed as %s", got)
	}
	if h.Open.Reveal() != word || h.Open.IsZero() || !(Value{}).IsZero() || (Value{}).Reveal() != "" {
		t.Error("the secret is lost")
	}
}
