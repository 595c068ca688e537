// Package session keeps what a console wants to find again at its next start, as bytes that it does not look into, in one
// file for each configuration and name. It never writes over what another process wrote: then it goes on under another
// name, and says under which.
package session

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// MaxBytes bounds a session.
const MaxBytes = 4 << 20

// Store is one session. It is for one goroutine at a time.
type Store struct {
	dir, config string
	name        string
	known       []byte // what the file held when it was last read or written here; nil for no file
}

var valid = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$`)

// Open names a session. config is the configuration's fingerprint. Nothing is read yet.
func Open(dir, config, name string) (*Store, error) {
	if !valid.MatchString(name) {
		return nil, errors.New("a session's name has 1 to 32 small letters, digits and dashes")
	}
	return &Store{dir: dir, config: config, name: name}, nil
}

// Name is the session's name; Save may change it.
func (s *Store) Name() string { return s.name }

func (s *Store) path(name string) string {
	return filepath.Join(s.dir, s.config+"-"+name+".json")
}

// Load reads the session; nil where there is none.
func (s *Store) Load() ([]byte, error) {
	data, err := read(s.path(s.name))
	if err != nil {
		return nil, fmt.Errorf("session %s: %w", s.name, err)
	}
	s.known = data
	return data, nil
}

// Elsewhere tells whether another configuration has a session of this name.
func (s *Store) Elsewhere() bool {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if own := filepath.Base(s.path(s.name)); e.Name() != own && strings.HasSuffix(e.Name(), "-"+s.name+".json") &&
			len(e.Name()) == len(own) {
			return true
		}
	}
	return false
}

// SetAside moves a session that its reader could not use out of the way, and gives the name of the file that it is in then.
func (s *Store) SetAside() (string, error) {
	aside := s.path(s.name) + ".broken"
	if err := os.Rename(s.path(s.name), aside); err != nil {
		return "", fmt.Errorf("session %s: %w", s.name, err)
	}
	s.known = nil
	return filepath.Base(aside), nil
}

// others is how many names are tried beside one that another process writes to.
const others = 20

// Save keeps data as the session.
func (s *Store) Save(data []byte) error {
	if len(data) > MaxBytes {
		return fmt.Errorf("session %s: it has more than %d MiB", s.name, MaxBytes>>20)
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("session %s: %w", s.name, err)
	}
	name, err := s.free()
	if err != nil {
		return err
	}
	if err := write(s.path(name), data); err != nil {
		return fmt.Errorf("session %s: %w", name, err)
	}
	s.name, s.known = name, bytes.Clone(data)
	return nil
}

// abandoned is the age from which a session beside the first one may be written over: its console is long gone.
const abandoned = 7 * 24 * time.Hour

// free is the name to write to: the session's own, or where another process wrote there, the next one that nobody writes to.
func (s *Store) free() (string, error) {
	if there, err := read(s.path(s.name)); err == nil && (there == nil || bytes.Equal(there, s.known)) {
		return s.name, nil
	}
	oldest, since := "", time.Now().Add(-abandoned)
	for n := 2; n <= others; n++ {
		name := fmt.Sprintf("%s-%d", s.name, n)
		info, err := os.Lstat(s.path(name))
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err == nil && info.Mode().IsRegular() && info.ModTime().Before(since) {
			oldest, since = name, info.ModTime()
		}
	}
	if oldest == "" {
		return "", fmt.Errorf("session %s: other consoles write to it", s.name)
	}
	return oldest, nil
}

// read gives nil for a file that is missing.
func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("it is no file")
	}
	data, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("it has more than %d MiB", MaxBytes>>20)
	}
	if data == nil {
		data = []byte{}
	}
	return data, nil
}

// write replaces a file at once: whoever reads it finds the old or the new one, whole.
func write(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".session-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
