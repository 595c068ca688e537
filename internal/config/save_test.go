package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

func read(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// alone wants nothing but the file in its directory: no lock and no half-written file.
func alone(t testing.TB, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 || entries[0].Name() != filepath.Base(path) {
		t.Errorf("the directory holds %v, %v", entries, err)
	}
}

func TestSaveViewMakesTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "socctl", "views.yaml")
	view := SavedView{Name: "Gold: first", Filter: `group:gold -"a b" path:C:\x`, Sort: "severity", Columns: []string{"severity", "title"}}
	if err := SaveView(path, view); err != nil {
		t.Fatal(err)
	}
	want := `views:
  - name: 'Gold: first'
    filter: "group:gold -\"a b\" path:C:\\x"
    sort: severity
    columns: [severity, title]
`
	if got := read(t, path); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	alone(t, path)
	if runtime.GOOS != "windows" {
		for p, mode := range map[string]fs.FileMode{path: 0o600, filepath.Dir(path): 0o700 | fs.ModeDir, filepath.Dir(filepath.Dir(path)): 0o700 | fs.ModeDir} {
			if info, err := os.Stat(p); err != nil || info.Mode() != mode {
				t.Errorf("%s: %v, %v", p, info.Mode(), err)
			}
		}
	}
}

const commented = `# my views

# the ones for the night
views: # all of them
  # first thing
  - name: Triage # at the start
    filter: "status:new" # only new ones
    # the order
    sort: age
    # end of triage

  # broken, to be repaired
  - {name: Gone, filter: "tenant:CONS", sort: urgncy} # some day
  - name: Last
    columns:
      # left
      - title # wide
# the end
`

func TestSaveViewKeepsEverythingElse(t *testing.T) {
	t.Parallel()
	for _, v := range []SavedView{
		{Name: "New", Filter: "sev:high"},
		{Name: "TRIAGE", Filter: "status:active", Sort: "severity", Columns: []string{"age"}},
		{Name: "Last", Filter: "sev:low", Columns: []string{"title"}},
		{Name: "gone", Filter: "tenant:CONT"},
	} {
		path := write(t, t.TempDir(), "views.yaml", []byte(commented))
		before, err := viewEntries("", []byte(commented))
		if err != nil {
			t.Fatal(err)
		}
		want := savedViews(before)
		if n := slices.IndexFunc(want, func(o SavedView) bool { return strings.EqualFold(o.Name, v.Name) }); n >= 0 {
			want[n] = v
		} else {
			want = append(want, v)
		}
		for range 3 { // once more changes nothing more
			if err := SaveView(path, v); err != nil {
				t.Fatalf("%s: %v", v.Name, err)
			}
		}
		got := read(t, path)
		after, err := viewEntries("", []byte(got))
		if err != nil || !slices.EqualFunc(savedViews(after), want, SavedView.equal) {
			t.Errorf("%s: %+v, %v", v.Name, savedViews(after), err)
		}
		for line := range strings.Lines(commented) {
			if _, comment, ok := strings.Cut(strings.TrimSpace(line), "# "); ok && strings.Count(got, "# "+comment) != 1 && comment != "the order" {
				t.Errorf("%s: the comment %q is not there once:\n%s", v.Name, comment, got)
			}
		}
		if lines := strings.Count(got, "\n"); lines > strings.Count(commented, "\n")+5 {
			t.Errorf("%s: the file grows:\n%s", v.Name, got)
		}
	}
}

func TestSaveViewIntoOddFiles(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{
		"":                                    "views:\n  - name: a\n",
		"# only\n# this":                      "# only\n# this\nviews:\n  - name: a\n",
		"\ufeff# only\n":                      "# only\nviews:\n  - name: a\n",
		"---\n# c\n":                          "views:\n  - name: a\n\n# c\n",
		"views: # none yet\n":                 "views: # none yet\n  - name: a\n",
		"views: ~ # none yet\n":               "views: # none yet\n  - name: a\n",
		"views: # one\n  [] # two\n":          "views: # one\n  # two\n  - name: a\n",
		"# a\n---\n# b\n~ # c\n# d\n":         "# a\n# b\n\n# c\n\n# d\n\nviews:\n  - name: a\n",
		"views:\n  -\n    # c\n    name: b\n": "views:\n  -\n    # c\n    name: b\n  - name: a\n",
		"views:\n":                            "views:\n  - name: a\n",
		"views: [] # none yet\n":              "views: # none yet\n  - name: a\n",
		"{}\n":                                "views:\n  - name: a\n",
		"views: [{name: b}]\n":                "views: [{name: b}, {name: a}]\n",
		"{views: [{name: A}]} # x\n":          "{views: [{name: a}]} # x\n",
		"views:\r\n- name: b # c\r\n":         "views:\r\n- name: b # c\r\n- name: a\r\n",
	} {
		path := write(t, t.TempDir(), "views.yaml", []byte(data))
		if err := SaveView(path, SavedView{Name: "a"}); err != nil {
			t.Errorf("%q: %v", data, err)
		}
		if got := read(t, path); got != want {
			t.Errorf("%q gives\n%s\nwant\n%s", data, got, want)
		}
	}
}

// A new view goes between the lines, wherever the list ends, and no other line changes.
func TestSaveViewAddsLinesAlone(t *testing.T) {
	t.Parallel()
	const place = "<here>"
	for _, file := range []string{
		strings.Replace(commented, "# the end\n", place+"# the end\n", 1),
		"views:\n\n\n- name:   b\n\n- {name: c,   filter: x} # d\n" + place + "\n\n# end\n",
		"views:\n  - name: b\n\n  # c\n\n  - name: d\n    # of d\n" + place + "  # tail\n",
		"views:\n  - name: b\n    filter: >-\n      one\n      two\n" + place + "# end\n",
		"views:\n  - name: b\n    columns: [\n      a,\n\n      c\n    ]\n" + place,
		"views:\n  - {name: b, filter: \"x\n     y\"\n    }\n" + place + "\n...\n",
	} {
		before, after, _ := strings.Cut(file, place)
		path := write(t, t.TempDir(), "views.yaml", []byte(before+after))
		if err := SaveView(path, SavedView{Name: "new", Sort: "age"}); err != nil {
			t.Errorf("%v:\n%s", err, file)
		}
		margin := ""
		if strings.Contains(before, "\n  -") {
			margin = "  "
		}
		want := before + margin + "- name: new\n" + margin + "  sort: age\n" + after
		if got := read(t, path); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
}

func TestSaveViewLeavesAFileThatItCannotRead(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, "  - {name: v%d}\n", i)
	}
	for data, want := range map[string]string{
		"views: [\n":                         ":1: this is not YAML",
		"views: [{nam: a}]\n":                `unknown key "nam": did you mean "name"?`,
		"banana: 1\n":                        `unknown key "banana"`,
		"views: [{name: x}, {name: X}]\n":    `there is a view "X" already`,
		strings.Repeat("#", maxBeside+1):     "is larger than 1 MiB",
		strings.Repeat("# x\n", maxBeside/4): "is larger than 1 MiB",
		"views:\n" + many.String():           "views has more than 100 entries",
	} {
		path := write(t, t.TempDir(), "views.yaml", []byte(data))
		for what, err := range map[string]error{"save": SaveView(path, SavedView{Name: "a"}), "delete": DeleteView(path, "a")} {
			if what == "delete" && (strings.HasPrefix(data, "views:\n") || strings.HasPrefix(data, "# x")) {
				continue // which reads well, and has no such view
			}
			if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), what+` the view "a": `) {
				t.Errorf("%s: %.40q: %v", what, data, err)
			}
		}
		if read(t, path) != data {
			t.Errorf("%.40q was changed", data)
		}
		alone(t, path)
	}
}

func TestSaveViewRefusesWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "views.yaml")
	for _, v := range []SavedView{
		{}, {Name: " a"}, {Name: "a\nb"}, {Name: "a\x1b[2J"}, {Name: "\xff"}, {Name: strings.Repeat("a", maxText+1)},
		{Name: "a", Filter: "a\nb"}, {Name: "a", Filter: strings.Repeat("a", maxLong+1)}, {Name: "a", Sort: "banana"},
		{Name: "a", Columns: []string{"A b"}}, {Name: "a", Columns: []string{"a", "a"}}, {Name: "a", Columns: make([]string, maxColumns+1)},
	} {
		if err := SaveView(path, v); err == nil || strings.ContainsAny(err.Error(), "\n\x1b") {
			t.Errorf("%+v: %v", v, err)
		}
	}
	if err := SaveView("", SavedView{Name: "a"}); err == nil || !strings.Contains(err.Error(), "HOME is not set") {
		t.Errorf("no place: %v", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file was made: %v", err)
	}
}

// What YAML would take for something else comes back as the text that it was.
func TestSaveViewKeepsText(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "views.yaml")
	names := []string{"null", "~", "true", "12", "1e3", "- a", "a: b", "# a", "a #b", "'", `"`, "*", "&a", "!a", "@", "{", "[a]", "?", "<<", "é 日本", "2020-01-01", "%a", "---"}
	for _, n := range names {
		if err := SaveView(path, SavedView{Name: n, Filter: n}); err != nil {
			t.Errorf("%s: %v", n, err)
		}
	}
	list, err := viewEntries(path, []byte(read(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	got := savedViews(list)
	for i, n := range names {
		if got[i].Name != n || got[i].Filter != n {
			t.Errorf("%q came back as %+v", n, got[i])
		}
	}
}

func TestDeleteView(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string][]string{
		"triage": {"first thing", "at the start", "only new ones", "the order", "end of triage"}, "Gone": {"broken, to be repaired", "some day"}, "LAST": {"left", "wide"},
	} {
		path := write(t, t.TempDir(), "views.yaml", []byte(commented))
		if err := DeleteView(path, name); err != nil {
			t.Fatal(err)
		}
		got := read(t, path)
		list, err := viewEntries("", []byte(got))
		if err != nil || len(savedViews(list)) != 2 {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
		for line := range strings.Lines(commented) {
			if _, comment, ok := strings.Cut(strings.TrimSpace(line), "# "); ok && strings.Contains(got, "# "+comment) == slices.Contains(gone, comment) {
				t.Errorf("%s: the comment %q:\n%s", name, comment, got)
			}
		}
	}
	path := write(t, t.TempDir(), "views.yaml", []byte(commented))
	err := DeleteView(path, "Triaeg")
	if want := `delete the view "Triaeg": there is no such view in "views.yaml": did you mean "Triage"?`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	for _, name := range []string{"Triage", "Gone", "Last"} {
		if err := DeleteView(path, name); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := ReadViews(path, soc.Vocabulary{}); err != nil || len(got.List)+len(got.Broken) != 0 {
		t.Errorf("%+v, %v:\n%s", got, err, read(t, path))
	}
	if err := SaveView(path, SavedView{Name: "a"}); err != nil || !strings.HasPrefix(read(t, path), "# my views\n") {
		t.Errorf("%v:\n%s", err, read(t, path))
	}
	if err := DeleteView(filepath.Join(t.TempDir(), "views.yaml"), "a"); err == nil {
		t.Error("a view of no file was deleted")
	}
}

func TestSaveViewFollowsALink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target := write(t, dir, "mine.yaml", []byte("views: [{name: b}]\n"))
	path := filepath.Join(dir, "views.yaml")
	if err := os.Symlink("mine.yaml", path); err != nil {
		t.Skip(err)
	}
	if err := SaveView(path, SavedView{Name: "a"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&fs.ModeSymlink == 0 || read(t, target) != "views: [{name: b}, {name: a}]\n" {
		t.Errorf("%v, %v:\n%s", info.Mode(), err, read(t, target))
	}
}

// Programs know of each other by the file alone, so that goroutines stand for them.
func TestSavesAtTheSameTimeLoseNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "views.yaml")
	const writers, each = 8, 6
	var wg sync.WaitGroup
	failed := func(err error) { t.Error(err) }
	for w := range writers {
		guard.Go(&wg, "a writer", failed, func() error {
			for i := range each {
				if err := SaveView(path, SavedView{Name: fmt.Sprintf("view %d of %d", i, w)}); err != nil {
					return err
				}
			}
			return DeleteView(path, fmt.Sprintf("view 0 of %d", w))
		})
	}
	wg.Wait()
	got, err := ReadViews(path, soc.Vocabulary{})
	if err != nil || len(got.List) != writers*(each-1) {
		t.Errorf("%d views are left, %v", len(got.List), err)
	}
	alone(t, path)
}

func TestALockOfAProgramThatIsGoneIsTaken(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "views.yaml")
	for _, word := range []string{"", "another program"} {
		write(t, filepath.Dir(path), "views.yaml.lock", []byte(word))
		p := patience{poll: time.Millisecond, stale: 20 * time.Millisecond, total: time.Minute}
		if err := changeViews(path, p, func(s *sheet) error { s.put(SavedView{Name: "a" + word}); return nil }); err != nil {
			t.Errorf("%q: %v", word, err)
		}
		alone(t, path)
	}
}

func TestALockIsRespected(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "views.yaml")
	write(t, dir, "views.yaml.lock", []byte("another program"))
	p := patience{poll: time.Millisecond, stale: time.Minute, total: 20 * time.Millisecond}
	err := changeViews(path, p, func(*sheet) error { t.Error("changed behind a lock"); return nil })
	if !errors.Is(err, errBusy) || read(t, path+".lock") != "another program" {
		t.Errorf("%v", err)
	}
}

// Who was taken for gone and is not must not write over what others saved since.
func TestALostLockWritesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "views.yaml")
	err := changeViews(path, usualPatience(), func(s *sheet) error {
		write(t, dir, "views.yaml.lock", []byte("another program"))
		s.put(SavedView{Name: "a"})
		return nil
	})
	if _, missing := os.Stat(path); !errors.Is(err, errBusy) || !errors.Is(missing, fs.ErrNotExist) || read(t, path+".lock") != "another program" {
		t.Errorf("%v, %v", err, missing)
	}
}

func TestAFreshLockIsPutBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l := &fileLock{path: filepath.Join(dir, "lock"), word: []byte("mine")}
	for content, left := range map[string]bool{"stale": false, "fresh": true} {
		write(t, dir, "lock", []byte(content))
		l.clear([]byte("stale"))
		got, err := os.ReadFile(l.path)
		if (err == nil) != left || left && !bytes.Equal(got, []byte(content)) {
			t.Errorf("%s: %q, %v", content, got, err)
		}
		if entries, _ := os.ReadDir(dir); left != (len(entries) == 1) {
			t.Errorf("%s: the directory holds %v", content, entries)
		}
		_ = os.Remove(l.path)
	}
}

// YAML's reader drops some comments; where no other way is found, the file stays.
func TestASaveThatWouldLoseACommentIsRefused(t *testing.T) {
	t.Parallel()
	for data, comment := range map[string]string{
		"views: [ # one\n  {name: b}]\n":                                "# one",
		"{ # one\nviews: [{name: b}]}\n":                                "# one",
		"views: [{name: b, # one\n  columns: # it's \\\"two\n  [a]}]\n": `# it's \"two`,
	} {
		path := write(t, t.TempDir(), "views.yaml", []byte(data))
		err := SaveView(path, SavedView{Name: "a"})
		if want := "would lose the comment " + text.Quote(comment) + ": put it on a line above a view"; err == nil || !strings.HasSuffix(err.Error(), want) || read(t, path) != data {
			t.Errorf("%v:\n%s", err, read(t, path))
		}
		alone(t, path)
	}
}

func TestCommentIn(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"# a # b\n": "# a # b", "  # a\r\n": "# a", "a: b # c": "# c", "a: b#c": "", "a: '# b' # c": "# c", `a: "\" # b" # c`: "# c",
		"a: 'it''s # b' # c": "# c", "a: it's # b": "# b", "[ \"a\" # b": "# b", "a: \"b": "", "\t#": "#", "": "",
	} {
		if got := commentIn(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}
