// Package house holds the layout of the project in place: which room may import which (docs/ARCHITECTURE.md). The linter's
// depguard rules say the same for those who run it; this test needs nothing but Go.
package house

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/socctl/socctl/internal/"

// floors gives each room its height. A room imports rooms of lower floors, itself and its own sub-packages; never a room
// of the same floor. config stands on tenants, signin and graph stand on transport: hence the floors between.
func floors() map[string]int {
	return map[string]int{
		"text": 0, "secret": 0, "soc": 1, "guard": 1, "tenants": 2, "portal": 2, "config": 3, "session": 3, "transport": 4, "signin": 5, "graph": 5, "feed": 6,
		"ui": 7, "plain": 7, "app": 7, "cli": 8, "docs": 9,
		"doctor":   7,
		"simcloud": 0, // imports nothing of ours, and only cli may start it
		"testkit":  1, // helps tests, and only tests import it
	}
}

// owners says which room alone may import a module from outside.
func owners() map[string][]string {
	return map[string][]string{
		"github.com/microsoftgraph/msgraph-sdk-go":            {"graph"},
		"github.com/microsoft/kiota-":                         {"graph"},
		"github.com/Azure/azure-sdk-for-go/sdk/azidentity":    {"signin"},
		"github.com/AzureAD/microsoft-authentication-library": {"signin"},
		"charm.land/bubbletea":                                {"ui"},
		"charm.land/bubbles":                                  {"ui"},
		"charm.land/lipgloss":                                 {"ui", "cli"},
		"github.com/spf13/cobra":                              {"cli"},
		"github.com/fsnotify/fsnotify":                        {"config"},
	}
}

// source is one Go file with what it imports.
type source struct {
	path, room string
	test       bool
	imports    []string
}

func sources(t *testing.T) []source {
	t.Helper()
	root := filepath.Join("..")
	var all []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.Contains(path, "testdata") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		s := source{path: rel, room: strings.Split(filepath.ToSlash(rel), "/")[0], test: strings.HasSuffix(path, "_test.go")}
		for _, i := range f.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, p)
		}
		all = append(all, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("only %d files were found: the walk is broken", len(all))
	}
	return all
}

func TestImportsGoDown(t *testing.T) {
	t.Parallel()
	heights := floors()
	for _, s := range sources(t) {
		height, known := heights[s.room]
		if !known && s.room != "house" {
			t.Errorf("%s: the room %s has no floor: give it one here, in .golangci.yml and in docs/ARCHITECTURE.md", s.path, s.room)
		}
		for _, i := range s.imports {
			room, ours := strings.CutPrefix(i, module)
			room, _, _ = strings.Cut(room, "/")
			if !ours || room == s.room || s.test {
				continue
			}
			if room == "simcloud" && s.room != "cli" {
				t.Errorf("%s imports the simulated cloud: only cli and tests do", s.path)
			} else if room == "testkit" {
				t.Errorf("%s imports testkit: only tests do", s.path)
			} else if s.room == "simcloud" || (room != "simcloud" && heights[room] >= height) {
				t.Errorf("%s imports %s, which does not lie below %s", s.path, i, s.room)
			}
		}
	}
}

func TestTheSimulatedCloudAndTheClientNeverMeet(t *testing.T) {
	t.Parallel()
	client := []string{"graph", "sentinel", "signin", "transport"}
	for _, s := range sources(t) {
		for _, i := range s.imports {
			room, _ := strings.CutPrefix(i, module)
			room, _, _ = strings.Cut(room, "/")
			if s.room == "simcloud" && slices.Contains(client, room) || slices.Contains(client, s.room) && room == "simcloud" {
				t.Errorf("%s imports %s: the two are written from the reference, to catch each other's mistakes", s.path, i)
			}
		}
	}
}

func TestModulesFromOutsideHaveOneDoor(t *testing.T) {
	t.Parallel()
	doors := owners()
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, i := range s.imports {
			for prefix, rooms := range doors {
				if strings.HasPrefix(i, prefix) && !slices.Contains(rooms, s.room) {
					t.Errorf("%s imports %s: only %s may", s.path, i, strings.Join(rooms, " and "))
				}
			}
		}
	}
}

func TestTheConsoleKnowsNoClient(t *testing.T) {
	t.Parallel()
	never := []string{"graph", "sentinel", "store", "signin", "transport", "feed", "app", "config"}
	for _, s := range sources(t) {
		for _, i := range s.imports {
			room, ours := strings.CutPrefix(i, module)
			room, _, _ = strings.Cut(room, "/")
			if ours && s.room == "ui" && !s.test && slices.Contains(never, room) {
				t.Errorf("%s imports %s: the console reaches the world through interfaces of its own", s.path, i)
			}
		}
	}
}

// maxLines is the longest that a file may be: longer ones are no longer about one thing.
const maxLines = 500

func TestFilesStayShort(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		data, err := os.ReadFile(filepath.Join("..", s.path))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(data), "\n"); n > maxLines {
			t.Errorf("%s has %d lines, more than %d", s.path, n, maxLines)
		}
	}
}
