package signin

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sys/unix"
)

// keyName is the key's description in the kernel keyring.
const keyName = "socctl:signin:1"

const keySize = 32

// keyring keeps the key in the kernel, for this user: it is on no disk, and gone after a restart of the machine.
type keyring struct {
	mu   sync.Mutex
	ring int
	name string
}

// KeyringKey takes the key from the kernel keyring. It fails where the kernel has none, or does not let us use it, as in
// some containers; the choice is then to keep a sign-in in memory only.
func KeyringKey() (KeySource, error) { return newKeyring(keyName) }

func newKeyring(name string) (*keyring, error) {
	// The persistent keyring outlives the last session of the user for three days; not every kernel has one.
	ring, err := unix.KeyctlInt(unix.KEYCTL_GET_PERSISTENT, -1, unix.KEY_SPEC_PROCESS_KEYRING, 0, 0)
	if err != nil {
		if ring, err = unix.KeyctlGetKeyringID(unix.KEY_SPEC_USER_KEYRING, true); err != nil {
			return nil, fmt.Errorf("the kernel keyring cannot be used: %w", err)
		}
		// Keys of the user's ring are read through the session's; without the link the kernel refuses.
		_, _ = unix.KeyctlInt(unix.KEYCTL_LINK, unix.KEY_SPEC_USER_KEYRING, unix.KEY_SPEC_PROCESS_KEYRING, 0, 0)
	}
	k := &keyring{ring: ring, name: name}
	if _, err := k.Key(); err != nil {
		return nil, err
	}
	return k, nil
}

// Key gives the key, and makes one where there is none.
func (k *keyring) Key() ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key, err := k.find(); err == nil {
		return key, nil
	}
	fresh := make([]byte, keySize)
	_, _ = rand.Read(fresh)
	if _, err := unix.AddKey("user", k.name, fresh, k.ring); err != nil {
		return nil, fmt.Errorf("the kernel keyring takes no key: %w", err)
	}
	return k.find() // another process may have made one at the same moment: the last one counts for all
}

func (k *keyring) find() ([]byte, error) {
	id, err := unix.KeyctlSearch(k.ring, "user", k.name, 0)
	if err != nil {
		return nil, err
	}
	key := make([]byte, keySize+1)
	n, err := unix.KeyctlBuffer(unix.KEYCTL_READ, id, key, 0)
	if err != nil {
		return nil, err
	}
	if n != keySize {
		return nil, errors.New("the key in the kernel keyring is not ours")
	}
	return key[:keySize], nil
}

// Remove takes the key out of the keyring: what was encrypted with it is lost, as after a logout.
func (k *keyring) Remove() error {
	id, err := unix.KeyctlSearch(k.ring, "user", k.name, 0)
	if err != nil {
		return nil //nolint:nilerr // there is none
	}
	_, err = unix.KeyctlInt(unix.KEYCTL_UNLINK, id, k.ring, 0, 0)
	return err
}

// Format prints nothing of the key.
func (*keyring) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "keyring") }
