package config

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/socctl/socctl/internal/secret"
	"github.com/socctl/socctl/internal/text"
)

// files opens what the configuration names.
type files struct {
	dir  string // of the configuration: relative paths start there
	home string // of the person, for ~/; may be empty
}

// path completes a path of the configuration.
func (f files) path(p string) (string, error) {
	if rest, ok := strings.CutPrefix(p, "~/"); ok {
		if f.home == "" {
			return "", fmt.Errorf("%s cannot be found: HOME is not set", text.Quote(p))
		}
		return filepath.Join(f.home, rest), nil
	}
	if filepath.IsAbs(p) {
		return filepath.Clean(p), nil
	}
	return filepath.Join(f.dir, p), nil
}

// maxNamed bounds the files that the configuration names: certificates and a secret.
const maxNamed = 1 << 20

// read reads a file that the configuration names. Only plain files are opened: others may never end.
func (f files) read(path string) ([]byte, fs.FileInfo, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("%s cannot be read: %w", text.Quote(path), cause(err))
	case !info.Mode().IsRegular():
		return nil, nil, fmt.Errorf("%s is not a file", text.Quote(path))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s cannot be read: %w", text.Quote(path), cause(err))
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxNamed+1))
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("%s cannot be read: %w", text.Quote(path), cause(err))
	case len(data) > maxNamed:
		return nil, nil, fmt.Errorf("%s is larger than 1 MiB", text.Quote(path))
	}
	return data, info, nil
}

// cause drops the path from an error that names it already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// checkCA wants at least one certificate in a PEM file, and no block that is broken.
func (f files) checkCA(path string) error {
	data, _, err := f.read(path)
	if err != nil {
		return err
	}
	found := 0
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return fmt.Errorf("%s has a certificate that cannot be read: %s", text.Quote(path), text.Escape(err.Error()))
		}
		found++
	}
	if found == 0 {
		return fmt.Errorf("%s holds no certificate in PEM", text.Quote(path))
	}
	return nil
}

// secret reads a secret from a file that nobody but its owner, and at most its group, may read.
func (f files) secret(path string) (secret.Value, error) {
	data, info, err := f.read(path)
	if err != nil {
		return secret.Value{}, err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o037 != 0 {
		return secret.Value{}, fmt.Errorf("others can read or change the secret in %s: run chmod 600 on it", text.Quote(path))
	}
	s := string(bytes.TrimRight(data, "\r\n"))
	if s == "" || strings.ContainsAny(s, "\r\n\x00") {
		return secret.Value{}, fmt.Errorf("%s has to hold the secret on one line", text.Quote(path))
	}
	return secret.New(s), nil
}
