package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/testkit/tty"
)

func TestWithoutATerminal(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{"console": nil, "demo": {"demo"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			var out, problem bytes.Buffer
			cmd := exec.CommandContext(t.Context(), binary, args...)
			cmd.Env, cmd.Stdout, cmd.Stderr = h.env, &out, &problem
			_ = cmd.Run() // the exit code says it
			if code := cmd.ProcessState.ExitCode(); code != 2 {
				t.Errorf("exit code %d", code)
			}
			if !strings.Contains(problem.String(), "incidents list --output json") {
				t.Errorf("standard error does not name the command to use: %q", problem.String())
			}
			if bytes.ContainsRune(problem.Bytes(), 0x1b) || out.Len() > 0 {
				t.Errorf("standard error %q, standard output %q", problem.String(), out.String())
			}
			clean(t, h)
		})
	}
}

func TestBrokenConfigurationInATerminal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, yaml string
		want       []string
	}{
		{"unknown key", "home:\n  tenant: 8f0b1c5e-0000-4000-8000-000000000001\n  client_idd: x\n", []string{"config.yaml:3:3", "client_id"}},
		{"no yaml", "home: [\n", []string{"config.yaml:"}},
		{"hostile", "home:\n  \"\\x1b]0;owned\\a\\u202e\": 1\n", []string{"config.yaml:2:3"}},
		{"missing file", "", []string{"config.yaml"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			path := filepath.Join(h.dir, "config.yaml")
			if c.yaml != "" {
				if err := os.WriteFile(path, []byte(c.yaml), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			p := tty.Start(t, tty.Options{Cols: 120, Rows: 24, Env: h.env}, binary, "--config", path)
			if code := p.Exit(tty.Patience); code != 1 && code != 2 {
				t.Errorf("exit code %d", code)
			}
			s := p.Screen()
			for _, want := range append(c.want, "socctl:") {
				if !s.Shows(want) {
					t.Errorf("the screen does not show %q:\n%s", want, s)
				}
			}
			if bytes.Contains(p.Raw(), []byte("?1049h")) {
				t.Error("the alternate screen was opened for an error")
			}
			whole(t, p)
		})
	}
}

func TestUnknownFlagInATerminal(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := tty.Start(t, tty.Options{Cols: 80, Rows: 24, Env: h.env}, binary, "demo", "--custmers", "3")
	if code := p.Exit(tty.Patience); code != 2 {
		t.Errorf("exit code %d", code)
	}
	if s := p.Screen(); !s.Shows("custmers") {
		t.Errorf("the screen does not name the flag:\n%s", s)
	}
	whole(t, p)
}
