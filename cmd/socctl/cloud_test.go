package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
)

// cloud starts the simulated cloud as a server and makes its configuration that of the home. In it nothing happens by itself.
func cloud(t *testing.T, h home, customers int) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), binary, "simcloud", "--listen", "127.0.0.1:0", "--ca-out", filepath.Join(dir, "ca.pem"), "--config-out",
		filepath.Join(dir, "config.yaml"), "--customers", fmt.Sprint(customers), "--incidents", "60", "--still", "--latency", "5ms")
	cmd.Env = h.env
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait() // it ends by our signal
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, "simulated Microsoft cloud at ") {
		t.Fatalf("the cloud says %q, %v", line, err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "config.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	h.write(t, "config.yaml", string(data))
}

// path is that of a file in the configuration's directory.
func (h home) path(name string) string { return filepath.Join(h.dir, ".config", "socctl", name) }

// write puts a file into the configuration's directory, at once as an editor does.
func (h home) write(t *testing.T, name, content string) {
	t.Helper()
	path := h.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".new", []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func (h home) read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(h.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// sessions gives what is kept of sessions, by the name of the file.
func (h home) sessions(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(h.dir, ".local", "state", "socctl", "sessions", "*"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		found[filepath.Base(f)] = string(data)
	}
	return found
}

// start runs the program in the home.
func start(t *testing.T, h home, o tty.Options, args ...string) *tty.Program {
	t.Helper()
	o.Env = h.env
	return tty.Start(t, o, binary, args...)
}

func wide() tty.Options { return tty.Options{Cols: 120, Rows: 40} }

// list is what the queue shows, row by row.
type list struct {
	ids    []string
	cursor string // the number of the incident that it stands on
	marks  []string
}

// listOf reads the rows of the queue.
func listOf(s tty.Screen) list {
	var l list
	x, head, ok := s.Find("ID ")
	for y := head + 1; ok && y < s.Rows; y++ {
		id := strings.TrimSpace(s.Part(y, x, x+6))
		if id == "" || strings.Trim(id, "0123456789") != "" {
			break
		}
		l.ids = append(l.ids, id)
		sign := s.Part(y, 0, 3)
		if strings.Contains(sign, ">") {
			l.cursor = id
		}
		if strings.Contains(sign, "+") {
			l.marks = append(l.marks, id)
		}
	}
	return l
}

func (l list) String() string {
	return fmt.Sprintf("rows %s, cursor on %s, marks on %s", strings.Join(l.ids, " "), l.cursor, strings.Join(l.marks, " "))
}

// leave quits from the queue and gives what was printed for what comes then, as one line.
func leave(t *testing.T, p *tty.Program) string {
	t.Helper()
	p.Press("q")
	if code := p.Exit(soon); code != 0 {
		t.Errorf("exit code %d", code)
	}
	whole(t, p)
	raw := string(p.Raw())
	line := strings.TrimRight(raw, "\r\n")
	return line[strings.LastIndexAny(line, "\r\n\a")+1:]
}
