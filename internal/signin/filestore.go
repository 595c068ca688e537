//go:build unix

package signin

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// KeySource gives the key that a file is encrypted with: 32 bytes. Where there is none yet it makes one.
type KeySource interface {
	Key() ([]byte, error)
}

// magic begins the file: a name and the version of its form. It is authenticated with the rest.
const magic = "socctl-signin-1\n"

// maxStore bounds the file, which holds about 4 KB.
const maxStore = 1 << 20

// lockWait is how long another process may hold the file; it takes milliseconds.
const lockWait = 5 * time.Second

// fileStore is an encrypted file (AES-256-GCM) beside a lock. The file is written anew and renamed, so that it is
// whole or the old one; one that cannot be read is as good as none, and the next change replaces it.
type fileStore struct {
	path string
	keys KeySource
}

// NewFileStore keeps a sign-in in a file. Its directory is made for the user alone; one that belongs to somebody else,
// or that others may enter, is refused.
func NewFileStore(path string, keys KeySource) (Store, error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	var st unix.Stat_t
	if err := unix.Lstat(dir, &st); err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	switch {
	case st.Mode&unix.S_IFMT != unix.S_IFDIR:
		return nil, fmt.Errorf("%s is no directory", dir)
	case int(st.Uid) != os.Getuid():
		return nil, fmt.Errorf("%s belongs to somebody else", dir)
	case st.Mode&0o077 != 0:
		return nil, fmt.Errorf("%s can be entered by others: chmod 700 it", dir)
	}
	return &fileStore{path, keys}, nil
}

// Load reads the file without a lock: it is replaced as a whole.
func (s *fileStore) Load() ([]byte, error) {
	raw, err := s.raw()
	if err != nil || raw == nil {
		return nil, err
	}
	return s.open(raw), nil
}

// raw gives the bytes of the file; nil where there is none. Links are not followed, and somebody else's file is refused.
func (s *fileStore) raw() ([]byte, error) {
	fd, err := unix.Open(s.path, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.path, err)
	}
	f := os.NewFile(uintptr(fd), s.path)
	defer func() { _ = f.Close() }()
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG || int(st.Uid) != os.Getuid() || st.Mode&0o077 != 0 {
		return nil, fmt.Errorf("%s is not a file of this user alone", s.path)
	}
	return io.ReadAll(io.LimitReader(f, maxStore))
}

// open decrypts; nil for what is torn, changed, or was written with a key that is gone.
func (s *fileStore) open(raw []byte) []byte {
	seal, err := s.seal()
	if err != nil || len(raw) < len(magic)+seal.NonceSize() || string(raw[:len(magic)]) != magic {
		return nil
	}
	nonce, body := raw[len(magic):len(magic)+seal.NonceSize()], raw[len(magic)+seal.NonceSize():]
	plain, err := seal.Open(nil, nonce, body, []byte(magic))
	if err != nil {
		return nil
	}
	return plain
}

func (s *fileStore) seal() (cipher.AEAD, error) {
	key, err := s.keys.Key()
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, errors.New("the key of the sign-in's file has the wrong length")
	}
	return cipher.NewGCM(block)
}

// Change replaces the file while it holds the lock.
func (s *fileStore) Change(f func(old []byte) []byte) error {
	unlock, err := s.lock()
	if err != nil {
		return err
	}
	defer unlock()
	raw, err := s.raw()
	if err != nil {
		return err
	}
	next := f(s.open(raw))
	if next == nil {
		if err := os.Remove(s.path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return nil
	}
	seal, err := s.seal()
	if err != nil {
		return err
	}
	nonce := make([]byte, seal.NonceSize())
	_, _ = rand.Read(nonce)
	return s.write(seal.Seal(append([]byte(magic), nonce...), nonce, next, []byte(magic)))
}

// write makes a new file and gives it the old one's name.
func (s *fileStore) write(b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(s.path), ".signin-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), s.path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// lock waits for the other processes of this user. The kernel gives it back when a process dies.
func (s *fileStore) lock() (unlock func(), err error) {
	fd, err := unix.Open(s.path+".lock", unix.O_RDWR|unix.O_CREAT|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%s.lock: %w", s.path, err)
	}
	deadline := time.NewTimer(lockWait)
	defer deadline.Stop()
	for {
		err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return func() { _ = unix.Close(fd) }, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			_ = unix.Close(fd)
			return nil, err
		}
		select {
		case <-deadline.C:
			_ = unix.Close(fd)
			return nil, fmt.Errorf("%s is held by another process", s.path)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Format prints the path and nothing more.
func (s *fileStore) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "store("+filepath.Base(s.path)+")")
}
