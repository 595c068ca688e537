package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/text"
)

// Options says where the configuration is.
type Options struct {
	Path    string   // --config, or empty
	Environ []string // the process's environment, as os.Environ gives it
}

// Load reads the configuration: from Options.Path, else from $SOCCTL_CONFIG, else from socctl/config.yaml in
// $XDG_CONFIG_HOME or ~/.config. Where the last is missing and variables name customers, the variables alone make the
// configuration. Otherwise a file that is missing gives a *MissingError.
func Load(o Options) (*Config, error) {
	path, from := locate(o)
	if path == "" {
		return nil, errors.New("the configuration cannot be looked for: HOME is not set; name a file with --config")
	}
	data, err := readFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && (from == "" || from == fromXDG) && newEnvironment(o.Environ)["SOCCTL_TENANTS"] != "":
		return Parse("", nil, o.Environ)
	case errors.Is(err, fs.ErrNotExist):
		return nil, &MissingError{Path: path, From: from}
	case err != nil:
		return nil, err
	}
	return Parse(path, data, o.Environ)
}

const fromXDG = "$XDG_CONFIG_HOME"

// locate finds where the configuration has to be, and what said so.
func locate(o Options) (path, from string) {
	env := newEnvironment(o.Environ)
	switch {
	case o.Path != "":
		return o.Path, "--config"
	case env["SOCCTL_CONFIG"] != "":
		return env["SOCCTL_CONFIG"], "$SOCCTL_CONFIG"
	}
	dir, from := usualDir(env)
	if dir == "" {
		return "", ""
	}
	return filepath.Join(dir, "config.yaml"), from
}

// usualDir gives the directory of the configuration where nothing names a file, and what said so, or nothing.
func usualDir(env environment) (dir, from string) {
	switch xdg := env["XDG_CONFIG_HOME"]; {
	case filepath.IsAbs(xdg): // a relative one has to be ignored, says the XDG specification
		return filepath.Join(xdg, "socctl"), fromXDG
	case env.home() != "":
		return filepath.Join(env.home(), ".config", "socctl"), ""
	}
	return "", ""
}

// readFile reads the configuration's file. Whoever can write it can send tokens to a host of their own, so nobody but
// the owner may.
func readFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration %s: %w", text.Quote(path), cause(err))
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the configuration %s: %w", text.Quote(path), cause(err))
	case info.IsDir():
		return nil, fmt.Errorf("the configuration %s is a directory", text.Quote(path))
	case runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o022 != 0:
		return nil, fmt.Errorf("others can change the configuration: run chmod go-w %s", shellWord(path))
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFile+int64(len("\ufeff"))+1))
	if err != nil {
		return nil, fmt.Errorf("read the configuration %s: %w", text.Quote(path), cause(err))
	}
	return data, nil
}

// shellWord writes a path so that it can be pasted into a shell.
func shellWord(path string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || slices.Contains([]rune("/._-+@~"), r)
	}
	safe := text.Escape(path)
	if strings.IndexFunc(safe, func(r rune) bool { return !plain(r) }) < 0 {
		return safe
	}
	return "'" + strings.ReplaceAll(safe, "'", `'\''`) + "'"
}
