package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/colorprofile"
)

// Process is the I/O of this process, with an environment for the programs that it runs.
func Process(environ []string) System {
	return System{
		GOOS: runtime.GOOS, Now: time.Now, Stat: os.Stat, ReadFile: readFile, Writable: writable, Free: freeSpace,
		Tmux:    func(ctx context.Context, args ...string) (string, error) { return tmuxOutput(ctx, environ, args) },
		Parents: parents, Terminfo: colorprofile.Terminfo,
	}
}

// maxRead bounds a file that is read: certificates.
const maxRead = 1 << 20

func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("not a file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxRead+1))
	if err == nil && len(data) > maxRead {
		err = errors.New("larger than 1 MiB")
	}
	return data, err
}

func writable(dir string) error {
	f, err := os.CreateTemp(dir, ".socctl-doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// tmuxOutput asks tmux one thing. It is asked for as little as a line, and a server that hangs is not waited for.
func tmuxOutput(ctx context.Context, environ, args []string) (string, error) {
	cmd := exec.CommandContext(ctx, "tmux", args...) //nolint:gosec // the arguments are our own words
	var out bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.WaitDelay = environ, &out, 100*time.Millisecond
	if err := cmd.Run(); err != nil {
		return "", err
	}
	return strings.TrimRight(string(out.Bytes()[:min(out.Len(), 4<<10)]), "\n"), nil
}

// parents walks up the processes as Linux shows them (proc(5)); elsewhere it finds nothing.
func parents() []string {
	var names []string
	for pid := os.Getppid(); pid > 1 && len(names) < 32; {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			break
		}
		_, rest, _ := strings.Cut(string(stat), "(")
		end := strings.LastIndexByte(rest, ')') // the name may have parentheses of its own
		if end < 0 {
			break
		}
		names = append(names, rest[:end])
		fields := strings.Fields(rest[end+1:])
		if len(fields) < 2 {
			break
		}
		next, err := strconv.Atoi(fields[1])
		if err != nil || next == pid {
			break
		}
		pid = next
	}
	return names
}
