package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"github.com/socctl/socctl/internal/text"
)

// maxBeside bounds each of the files that stand beside the configuration, in bytes.
const maxBeside = 1 << 20

// readBeside reads a file that stands beside the configuration and may be missing. Whoever can write it decides what a
// key does, so nobody but the owner may, as with the configuration. Only plain files are opened: others may never end.
func readBeside(path string) (data []byte, found bool, err error) {
	if path == "" {
		return nil, false, nil
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("read %s: %w", text.Quote(path), cause(err))
	case !info.Mode().IsRegular():
		return nil, false, fmt.Errorf("read %s: it is not a file", text.Quote(path))
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0:
		return nil, false, fmt.Errorf("others can change %s: run chmod go-w %s", text.Quote(path), shellWord(path))
	}
	file, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist): // it went in between
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("read %s: %w", text.Quote(path), cause(err))
	}
	defer func() { _ = file.Close() }()
	data, err = io.ReadAll(io.LimitReader(file, maxBeside+int64(len("\ufeff"))+1))
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", text.Quote(path), cause(err))
	}
	return data, true, nil
}

// parseBeside reads a document by a table of keys. What is wrong with it comes as one *Error; the reader is given for
// what the caller checks beyond the table.
func parseBeside(file string, data []byte, keys []Key) (*reader, *value, error) {
	r := newReader(file, maxBeside)
	root := r.document(place{where: r.file}, data)
	if root == nil {
		return nil, nil, r.faults.err()
	}
	top := tree(keys)
	top.name = "the file"
	v := r.value(top, root)
	if err := r.faults.err(); err != nil {
		return nil, nil, err
	}
	return r, v, nil
}
