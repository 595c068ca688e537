package simcloud

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/socctl/socctl/internal/simcloud/estate"
)

// readPayloads reads the published objects of a directory, in the order of file names, and says what it left out.
func readPayloads(dir string) (payloads []estate.Payload, notices []string, err error) {
	if dir == "" {
		return nil, nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("read payloads: %w", err)
	}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".json") {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, nil, fmt.Errorf("read payloads: %w", err)
		}
		found, err := objects(body)
		if err != nil {
			notices = append(notices, fmt.Sprintf("%s is not used: %v", e.Name(), err))
			continue
		}
		payloads = append(payloads, found...)
	}
	return payloads, notices, nil
}

// objects takes the incidents and alerts out of one file: a collection, or a single object. The bytes of each object
// stay as they are.
func objects(body []byte) ([]estate.Payload, error) {
	var collection struct {
		Value []json.RawMessage `json:"value"`
	}
	if err := json.Unmarshal(body, &collection); err != nil {
		return nil, fmt.Errorf("not a JSON object: %w", err)
	}
	if collection.Value == nil {
		collection.Value = []json.RawMessage{body}
	}
	var out []estate.Payload
	for _, raw := range collection.Value {
		p, err := estate.ReadPayload([]byte(strings.TrimSpace(string(raw))))
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}
