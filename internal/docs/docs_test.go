package docs_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/socctl/socctl/internal/docs"
)

var update = flag.Bool("update", false, "write the generated documents anew")

const root = "../.."

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, path))
	if *update && os.IsNotExist(err) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// current compares a document with what it should be, or writes it.
func current(t *testing.T, path, want string) {
	t.Helper()
	got := read(t, path)
	if got == want {
		return
	}
	if !*update {
		t.Errorf("%s is stale: run go test ./internal/docs -update", path)
		return
	}
	if err := os.WriteFile(filepath.Join(root, path), []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestGeneratedDocumentsAreCurrent(t *testing.T) {
	pages, err := docs.Pages()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		current(t, p.Path, p.Text)
	}
	want, err := docs.WithScreen(read(t, "README.md"), read(t, "internal/ui/testdata/TestFrames/queue-120x40.golden"))
	if err != nil {
		t.Fatal(err)
	}
	current(t, "README.md", want)
}
