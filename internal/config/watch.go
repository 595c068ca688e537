package config

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/text"
)

// The times of Watch: editors write a file in several steps, and one that never rests is looked at all the same.
const (
	settleAfter  = 200 * time.Millisecond
	settleAtMost = 2 * time.Second
)

// Watch signals when one of the files has other content or another mode than before, appeared or vanished. The signal
// is a channel of one place: changes that come together, or while nobody listens, are one. It is closed once ctx has
// ended and nothing runs any more. Files and directories may be missing. To miss nothing, start to watch before the
// files are read. What goes wrong is given to report, which may be called from another goroutine.
//
// Directories are watched and not files, since editors put a new file in the place of the old one; and so are those
// that links on the way lead through, since Kubernetes swaps a link to a directory.
func Watch(ctx context.Context, paths []string, report func(error)) (<-chan struct{}, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch the configuration: %w", err)
	}
	w := &watch{events: events, report: report, signal: make(chan struct{}, 1), failed: make(map[string]bool)}
	for _, p := range paths {
		if p == "" {
			continue
		}
		full, err := filepath.Abs(p)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("watch %s: %w", text.Quote(p), err), events.Close())
		}
		w.paths = append(w.paths, full)
	}
	w.follow()
	w.states = w.look()
	var running sync.WaitGroup
	guard.Go(&running, "the watch over the configuration", w.tell, func() error {
		defer close(w.signal)
		defer func() { _ = events.Close() }()
		w.run(ctx)
		return nil
	})
	return w.signal, nil
}

// watch is what the goroutine of Watch owns.
type watch struct {
	paths  []string // absolute
	events *fsnotify.Watcher
	report func(error)
	signal chan struct{}

	names  map[string]bool // what a change of may matter: files, links, directories
	dirs   map[string]bool // what is watched
	failed map[string]bool // directories that could not be watched, which is reported once
	states []fileState     // of paths
}

// tell reports an error where somebody wants it.
func (w *watch) tell(err error) {
	if w.report != nil && err != nil {
		w.report(err)
	}
}

func (w *watch) run(ctx context.Context) {
	settled := time.NewTimer(settleAfter)
	settled.Stop()
	defer settled.Stop()
	var since time.Time // the first event that was not looked at; zero for none
	for {
		select {
		case <-ctx.Done():
			return
		case e, ok := <-w.events.Events:
			if !ok {
				return
			}
			if !w.names[e.Name] {
				continue
			}
			since = w.await(settled, since)
		case err, ok := <-w.events.Errors:
			if !ok {
				return
			}
			if errors.Is(err, fsnotify.ErrEventOverflow) { // something was missed: it is looked for
				since = w.await(settled, since)
				continue
			}
			w.tell(fmt.Errorf("watch the configuration: %w", err))
		case <-settled.C:
			since = time.Time{}
			w.compare()
		}
	}
}

// await sets the timer to the time at which events have settled, and gives the time of the first one.
func (w *watch) await(settled *time.Timer, since time.Time) time.Time {
	now := time.Now()
	if since.IsZero() {
		since = now
	}
	settled.Reset(min(settleAfter, max(0, settleAtMost-now.Sub(since))))
	return since
}

// compare signals if a file is not as it was.
func (w *watch) compare() {
	w.follow()
	states := w.look()
	same := true
	for i := range states {
		same = same && states[i] == w.states[i]
	}
	if w.states = states; same {
		return
	}
	select {
	case w.signal <- struct{}{}:
	default:
	}
}

// follow watches the directories that matter now, and no others. Making a watch takes a moment in which more may have
// changed, so it goes on until nothing new is found; a few rounds are enough, or else an event comes.
func (w *watch) follow() {
	for range 4 {
		names, dirs := make(map[string]bool), make(map[string]bool)
		for _, p := range w.paths {
			trace(p, names, dirs)
		}
		again := false
		for dir := range dirs {
			again = w.add(dir) || again
			names[dir] = true
		}
		for dir := range w.dirs {
			if !dirs[dir] {
				_ = w.events.Remove(dir) // which may be gone by itself
			}
		}
		w.names, w.dirs = names, dirs
		if !again {
			return
		}
	}
}

// add watches a directory, and tells whether it was not before.
func (w *watch) add(dir string) bool {
	for _, have := range w.events.WatchList() { // a directory that went takes its watch with it
		if have == dir {
			return false
		}
	}
	err := w.events.Add(dir)
	switch {
	case err == nil:
		delete(w.failed, dir)
		return true
	case errors.Is(err, fs.ErrNotExist):
		return true // it went in between: the next round finds what is there
	case !w.failed[dir]:
		w.failed[dir] = true
		w.tell(fmt.Errorf("changes in %s are not noticed: %w", text.Quote(dir), cause(err)))
	}
	return false
}

// maxLinks bounds the links that are followed for one path, which may lead in a circle.
const maxLinks = 40

// trace adds what a path leads through: by name the file, the links and the first thing that is missing, and the
// directories that these stand in.
func trace(path string, names, dirs map[string]bool) {
	root := filepath.VolumeName(path) + string(filepath.Separator)
	at, rest := root, parts(path)
	note := func(next string) { names[next], dirs[at] = true, true }
	for links := 0; len(rest) > 0; {
		next := filepath.Join(at, rest[0])
		info, err := os.Lstat(next)
		switch {
		case err != nil: // missing, or not to be looked at
			note(next)
			return
		case info.Mode()&fs.ModeSymlink != 0:
			note(next)
			to, err := os.Readlink(next)
			if links++; err != nil || links > maxLinks {
				return
			}
			if filepath.IsAbs(to) {
				at = root
			}
			rest = append(parts(to), rest[1:]...)
			continue
		case len(rest) == 1 || !info.IsDir():
			note(next)
			return
		}
		at, rest = next, rest[1:]
	}
}

// parts cuts a path into its names.
func parts(path string) []string {
	path = filepath.Clean(path)[len(filepath.VolumeName(path)):]
	var all []string
	for _, p := range strings.Split(filepath.ToSlash(path), "/") {
		if p != "" && p != "." {
			all = append(all, p)
		}
	}
	return all
}

// fileState is what makes two looks at a file the same.
type fileState struct {
	mode fs.FileMode
	sum  [sha256.Size]byte
	err  string
}

func (w *watch) look() []fileState {
	states := make([]fileState, len(w.paths))
	for i, p := range w.paths {
		states[i] = stateOf(p)
	}
	return states
}

// stateOf looks at a file. Its content counts and not its time, which a copy may keep.
func stateOf(path string) fileState {
	info, err := os.Stat(path)
	if err != nil {
		return fileState{err: cause(err).Error()}
	}
	s := fileState{mode: info.Mode()}
	if !info.Mode().IsRegular() { // reading others may never end
		return s
	}
	file, err := os.Open(path)
	if err != nil {
		s.err = cause(err).Error()
		return s
	}
	defer func() { _ = file.Close() }()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(file, maxFile+1)); err != nil {
		s.err = cause(err).Error()
	}
	sum.Sum(s.sum[:0])
	return s
}
