package config

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// must ends a test whose own work with files goes wrong.
func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// signalled waits for a signal, and fails where none comes for much longer than one takes.
func signalled(t testing.TB, changes <-chan struct{}) {
	t.Helper()
	select {
	case _, open := <-changes:
		if !open {
			t.Fatal("the watch has ended")
		}
	case <-time.After(slow):
		t.Fatal("there is no signal")
	}
}

func TestWatch(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		before func(t *testing.T, dir string) // makes what is there at the start, beside an empty directory conf
		change func(t *testing.T, dir string)
	}{
		"written again": {
			func(t *testing.T, dir string) { write(t, dir, "conf/a.yaml", []byte("one")) },
			func(t *testing.T, dir string) { write(t, dir, "conf/a.yaml", []byte("two")) },
		},
		"written in steps": {
			func(t *testing.T, dir string) { write(t, dir, "conf/a.yaml", []byte("one")) },
			func(t *testing.T, dir string) {
				f, err := os.OpenFile(filepath.Join(dir, "conf", "a.yaml"), os.O_WRONLY|os.O_TRUNC, 0)
				must(t, err)
				for _, part := range []string{"t", "w", "o"} {
					_, err := f.WriteString(part)
					must(t, err, f.Sync())
				}
				must(t, f.Close())
			},
		},
		"renamed over": {
			func(t *testing.T, dir string) { write(t, dir, "conf/a.yaml", []byte("one")) },
			func(t *testing.T, dir string) {
				must(t, os.Rename(write(t, dir, "conf/.a.yaml.swp", []byte("two")), filepath.Join(dir, "conf", "a.yaml")))
			},
		},
		"the same size and time": {
			func(t *testing.T, dir string) { write(t, dir, "conf/a.yaml", []byte("one")) },
			func(t *testing.T, dir string) {
				path := filepath.Join(dir, "conf", "a.yaml")
				info, err := os.Stat(path)
				must(t, err)
				write(t, dir, "conf/a.yaml", []byte("two"))
				must(t, os.Chtimes(path, info.ModTime(), info.ModTime()))
			},
		},
		"appeared": {
			func(*testing.T, string) {},
			func(t *testing.T, dir string) { write(t, dir, "conf/a.yaml", []byte("one")) },
		},
		"vanished": {
			func(t *testing.T, dir string) { write(t, dir, "conf/a.yaml", []byte("one")) },
			func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "conf", "a.yaml"))) },
		},
		"another mode": {
			func(t *testing.T, dir string) { write(t, dir, "conf/a.yaml", []byte("one")) },
			func(t *testing.T, dir string) {
				if runtime.GOOS == "windows" {
					t.Skip("files have no such mode there")
				}
				must(t, os.Chmod(filepath.Join(dir, "conf", "a.yaml"), 0o640))
			},
		},
		"directories that were missing": {
			func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "conf"))) },
			func(t *testing.T, dir string) {
				must(t, os.Mkdir(filepath.Join(dir, "conf"), 0o700))
				write(t, dir, "conf/a.yaml", []byte("one"))
			},
		},
		"a directory that went": {
			func(t *testing.T, dir string) { write(t, dir, "conf/a.yaml", []byte("one")) },
			func(t *testing.T, dir string) {
				must(t, os.Rename(filepath.Join(dir, "conf"), filepath.Join(dir, "old")))
			},
		},
		"another directory in its place": {
			func(t *testing.T, dir string) { write(t, dir, "conf/a.yaml", []byte("one")) },
			func(t *testing.T, dir string) {
				must(t, os.Rename(filepath.Join(dir, "conf"), filepath.Join(dir, "old")), os.Mkdir(filepath.Join(dir, "conf"), 0o700))
				write(t, dir, "conf/a.yaml", []byte("two"))
			},
		},
		"what a link leads to": {
			func(t *testing.T, dir string) {
				must(t, os.Mkdir(filepath.Join(dir, "dotfiles"), 0o700))
				write(t, dir, "dotfiles/a.yaml", []byte("one"))
				must(t, os.Symlink("../dotfiles/a.yaml", filepath.Join(dir, "conf", "a.yaml")))
			},
			func(t *testing.T, dir string) { write(t, dir, "dotfiles/a.yaml", []byte("two")) },
		},
		"a link to a directory that is swapped, as Kubernetes does": {
			func(t *testing.T, dir string) {
				conf := filepath.Join(dir, "conf")
				must(t, os.Mkdir(filepath.Join(conf, "..1"), 0o700), os.Mkdir(filepath.Join(conf, "..2"), 0o700))
				write(t, conf, "..1/a.yaml", []byte("one"))
				write(t, conf, "..2/a.yaml", []byte("two"))
				must(t, os.Symlink("..1", filepath.Join(conf, "..data")), os.Symlink("..data/a.yaml", filepath.Join(conf, "a.yaml")))
			},
			func(t *testing.T, dir string) {
				conf := filepath.Join(dir, "conf")
				must(t, os.Symlink("..2", filepath.Join(conf, "..tmp")), os.Rename(filepath.Join(conf, "..tmp"), filepath.Join(conf, "..data")))
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			must(t, os.Mkdir(filepath.Join(dir, "conf"), 0o700))
			tc.before(t, dir)
			changes, err := Watch(t.Context(), []string{"", filepath.Join(dir, "conf", "a.yaml"), filepath.Join(dir, "conf", "themes", "b.yaml")},
				func(err error) { t.Error(err) })
			must(t, err)
			tc.change(t, dir)
			signalled(t, changes)
		})
	}
}

// A directory that came after the start is watched from then on.
func TestWatchGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "themes", "a.yaml")
	changes, err := Watch(t.Context(), []string{path}, func(err error) { t.Error(err) })
	must(t, err)
	for _, content := range []string{"one", "two", "", "three"} {
		if content == "" {
			must(t, os.RemoveAll(filepath.Dir(path)))
		} else {
			must(t, os.MkdirAll(filepath.Dir(path), 0o700))
			write(t, dir, "themes/a.yaml", []byte(content))
		}
		signalled(t, changes)
		for settled := false; !settled; { // an early look has a second signal behind it
			select {
			case <-changes:
			case <-time.After(2 * settleAfter):
				settled = true
			}
		}
	}
}

func TestWatchEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	changes, err := Watch(ctx, []string{filepath.Join(t.TempDir(), "a.yaml")}, nil)
	must(t, err)
	cancel()
	select {
	case _, open := <-changes:
		if open {
			t.Error("a signal without a change")
		}
	case <-time.After(slow):
		t.Error("it goes on")
	}
}

func testWatch(t *testing.T, paths ...string) *watch {
	t.Helper()
	events, err := fsnotify.NewWatcher()
	must(t, err)
	t.Cleanup(func() { _ = events.Close() })
	w := &watch{paths: paths, events: events, signal: make(chan struct{}, 1), failed: make(map[string]bool)}
	w.follow()
	w.states = w.look()
	return w
}

func TestWhatIsTheSameIsNotSignalled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := write(t, dir, "a.yaml", []byte("one"))
	w := testWatch(t, path, filepath.Join(dir, "none.yaml"))
	must(t, os.Chtimes(path, time.Unix(1, 0), time.Unix(1, 0)))
	write(t, dir, "other.yaml", []byte("x"))
	must(t, os.Rename(write(t, dir, "b.yaml", []byte("one")), path))
	if w.compare(); len(w.signal) != 0 {
		t.Error("the same content is a change")
	}
	for _, content := range []string{"two", "three"} { // nobody listens: two are one, and nothing waits
		write(t, dir, "a.yaml", []byte(content))
		w.compare()
	}
	if len(w.signal) != 1 {
		t.Errorf("%d signals", len(w.signal))
	}
	if w.names[filepath.Join(dir, "other.yaml")] || !w.names[path] {
		t.Errorf("what matters: %v", w.names)
	}
}

func TestWatchBearsWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.yaml"), filepath.Join(dir, "b.yaml")
	must(t, os.Symlink("b.yaml", a), os.Symlink("a.yaml", b), os.Mkdir(filepath.Join(dir, "c.yaml"), 0o700))
	file := write(t, dir, "file", nil)
	w := testWatch(t, a, filepath.Join(dir, "c.yaml"), filepath.Join(file, "d.yaml"))
	if w.compare(); len(w.signal) != 0 {
		t.Error("nothing changed")
	}
	must(t, os.Remove(a))
	if w.compare(); len(w.signal) != 1 {
		t.Error("a link went without a signal")
	}
}
