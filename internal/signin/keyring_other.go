//go:build unix && !linux

package signin

import "errors"

// KeyringKey is the kernel keyring of Linux.
func KeyringKey() (KeySource, error) {
	return nil, errors.New("this system has no kernel keyring")
}
