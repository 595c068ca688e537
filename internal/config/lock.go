package config

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/socctl/socctl/internal/text"
)

// patience says how to wait for a lock.
type patience struct {
	poll  time.Duration // between two looks
	stale time.Duration // a lock that nobody else took for so long belongs to nobody: its program is gone
	total time.Duration
}

var errBusy = errors.New("another program saves views there")

// usualPatience is for saves that take milliseconds, or a second or two on a disk that is busy.
func usualPatience() patience {
	return patience{poll: 10 * time.Millisecond, stale: 10 * time.Second, total: 30 * time.Second}
}

// fileLock is a file that only one program could make. It holds a word of its own, by which the program knows it again.
type fileLock struct {
	path string
	word []byte
}

// lock makes the lock file, and waits while another program has one. How long that one stands there is measured by
// looking, since the clocks of two machines differ.
func lock(path string, p patience) (*fileLock, error) {
	l := &fileLock{path: path, word: []byte(rand.Text())}
	end := time.Now().Add(p.total)
	var seen []byte
	var since time.Time
	for {
		err := l.take()
		switch {
		case err == nil:
			return l, nil
		case !errors.Is(err, fs.ErrExist):
			return nil, fmt.Errorf("make %s: %w", text.Quote(path), cause(err))
		}
		now := time.Now()
		other, err := os.ReadFile(path)
		switch {
		case err != nil || since.IsZero() || !bytes.Equal(other, seen):
			seen, since = other, now
		case now.Sub(since) >= p.stale:
			l.clear(seen)
			since = time.Time{}
			continue
		}
		if now.After(end) {
			return nil, fmt.Errorf("%w: try again, and remove %s if it stays", errBusy, text.Quote(path))
		}
		<-time.After(p.poll)
	}
}

// take makes the lock file, which fails where there is one.
func (l *fileLock) take() error {
	file, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(l.word)
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(l.path)
	}
	return err
}

// clear removes a lock that belongs to nobody. Another program may do the same and have made its own since: then that
// one is put back.
func (l *fileLock) clear(stale []byte) {
	aside := filepath.Join(filepath.Dir(l.path), "."+filepath.Base(l.path)+"-"+string(l.word))
	if os.Rename(l.path, aside) != nil {
		return
	}
	if got, err := os.ReadFile(aside); err == nil && !bytes.Equal(got, stale) {
		_ = os.Link(aside, l.path)
	}
	_ = os.Remove(aside)
}

// check tells whether the lock is still this program's.
func (l *fileLock) check() error {
	if got, err := os.ReadFile(l.path); err != nil || !bytes.Equal(got, l.word) {
		return errBusy
	}
	return nil
}

func (l *fileLock) release() {
	if l.check() == nil {
		_ = os.Remove(l.path)
	}
}

// replaceFile writes a file anew as a whole: whoever reads it gets the old or the new one.
func replaceFile(path string, data []byte) error {
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*") // readable by its owner only
	if err != nil {
		return fmt.Errorf("write %s: %w", text.Quote(path), cause(err))
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return fmt.Errorf("write %s: %w", text.Quote(path), cause(err))
	}
	if d, err := os.Open(dir); err == nil { // so that the name survives a power cut; not all systems know it
		_ = d.Sync()
		_ = d.Close()
	}
	return nil
}
