//go:build !unix

package signin

import "errors"

// KeySource gives the key that a file is encrypted with: 32 bytes.
type KeySource interface {
	Key() ([]byte, error)
}

// NewFileStore is for systems with owners and modes of files.
func NewFileStore(string, KeySource) (Store, error) {
	return nil, errors.New("a sign-in is kept in memory only on this system")
}

// KeyringKey is the kernel keyring of Linux.
func KeyringKey() (KeySource, error) {
	return nil, errors.New("this system has no kernel keyring")
}
