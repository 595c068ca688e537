package cli_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/cli"
	"github.com/socctl/socctl/internal/simcloud"
)

// startSimcloud runs `socctl simcloud` until the test ends, and gives the first lines that it prints. stop ends it and
// gives its exit code.
func startSimcloud(t *testing.T, args ...string) (lines []string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	h := bareHost(t.TempDir())
	h.Out, h.Err = w, w
	code := make(chan int, 1)
	go func() {
		code <- cli.Run(ctx, h, append([]string{"simcloud", "--listen", "127.0.0.1:0"}, args...))
		_ = w.Close()
	}()
	var drained sync.WaitGroup
	stop = sync.OnceValue(func() int {
		cancel()
		drained.Wait()
		return <-code
	})
	t.Cleanup(func() { stop() })
	s := bufio.NewScanner(r)
	for s.Scan() {
		lines = append(lines, s.Text())
		if strings.Contains(s.Text(), "customers  ") {
			break
		}
	}
	drained.Go(func() { _, _ = io.Copy(io.Discard, r) })
	return lines, stop
}

func TestSimcloudServesOtherPrograms(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args    []string
		environ string
	}{
		"device code":   {nil, ""},
		"client secret": {[]string{"--sign-in", "client-secret"}, "SOCCTL_CLIENT_SECRET=" + simcloud.ClientSecret},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			ca, config := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "sim.yaml")
			lines, stop := startSimcloud(t, append([]string{"--ca-out", ca, "--config-out", config, "--customers", "2", "--incidents", "30", "--still"}, c.args...)...)
			if !strings.HasPrefix(lines[0], "simulated Microsoft cloud at https://127.0.0.1:") {
				t.Fatalf("it says %q", lines)
			}
			for _, word := range []string{simcloud.PublicClientID, simcloud.ConfidentialClientID, simcloud.ClientSecret, "customers            2"} {
				if !strings.Contains(strings.Join(lines, "\n"), word) {
					t.Errorf("it does not tell %s: %q", word, lines)
				}
			}
			for _, path := range []string{ca, config} {
				if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%s: %v, %v", path, info, err)
				}
			}
			h := bareHost(dir)
			h.Environ = append(h.Environ, c.environ)
			a := run(t, h, "--config", config, "incidents", "list", "-f", "", "-o", "json").exits(exitDone).json()
			if len(a.Tenants) != 2 || len(a.Items) == 0 {
				t.Errorf("%d customers, %d incidents", len(a.Tenants), len(a.Items))
			}
			if code := stop(); code != exitDone {
				t.Errorf("exit code %d", code)
			}
			run(t, h, "--config", config, "incidents", "list").exits(exitError).says("could not be reached: connection refused")
		})
	}
}

// taken is a loopback address that somebody listens on until the test ends.
func taken(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

func TestSimcloudFlags(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, c := range map[string]struct {
		args string
		code int
		says string
	}{
		"no customers":                {"--customers 0", exitUsage, "--customers 0: there can be 1 to 500"},
		"too many customers":          {"--customers 501", exitUsage, "1 to 500"},
		"incidents below zero":        {"--incidents -1", exitUsage, "--incidents -1"},
		"latency":                     {"--latency 2m", exitUsage, "from 0s to 1m"},
		"seed":                        {"--seed -1", exitUsage, "a whole number is wanted, 0 or more"},
		"sign-in":                     {"--sign-in browser", exitUsage, "device-code or client-secret"},
		"configuration without a CA":  {"--config-out " + dir + "/sim.yaml", exitUsage, "--config-out needs --ca-out"},
		"no address":                  {"--listen nonsense", exitUsage, "127.0.0.1:8443"},
		"an address of the network":   {"--listen 192.0.2.1:0", exitUsage, "only this machine may be served"},
		"an address that is taken":    {"--listen " + taken(t), exitError, "address already in use"},
		"no such directory":           {"--payloads " + dir + "/none", exitError, "none"},
		"a CA that cannot be written": {"--listen 127.0.0.1:0 --ca-out " + dir + "/none/ca.pem", exitError, "--ca-out"},
		"a word":                      {"now", exitUsage, `"now"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := run(t, bareHost(dir), append([]string{"simcloud"}, strings.Fields(c.args)...)...).exits(c.code).silent().says(c.says)
			if strings.Count(r.err, "listen on") > 1 {
				t.Errorf("it says it twice: %s", r.err)
			}
		})
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%d files were written by commands that failed", len(left))
	}
}

// published reads the incidents and alerts of a directory of payloads, by their titles.
func published(t *testing.T, dir string) (incidents, alerts []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no payloads in %s: %v", dir, err)
	}
	type payload struct {
		ID, DisplayName, Title, IncidentID string
		Created                            *time.Time `json:"createdDateTime"`
		Updated                            *time.Time `json:"lastUpdateDateTime"`
		Status                             string
	}
	add := func(p payload) {
		switch {
		case p.ID == "" || p.Created == nil || p.Updated == nil:
		case p.DisplayName != "" && (strings.EqualFold(p.Status, "active") || strings.EqualFold(p.Status, "inProgress")):
			incidents = append(incidents, p.DisplayName)
		case p.Title != "" && p.IncidentID != "":
			alerts = append(alerts, p.Title)
		}
	}
	for _, f := range files {
		body, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var list struct {
			Value []payload
			payload
		}
		if json.Unmarshal(body, &list) != nil {
			continue // which the simulator leaves out too
		}
		for _, p := range append(list.Value, list.payload) {
			add(p)
		}
	}
	return incidents, alerts
}

// The queue shows what Microsoft and others published, as it is.
func TestPublishedPayloadsAreInTheQueue(t *testing.T) {
	t.Parallel()
	shared := os.Getenv("SOCCTL_SHARED")
	if shared == "" {
		t.Skip("SOCCTL_SHARED does not name the directory with samples/security: the published payloads are not tried")
	}
	dir := filepath.Join(shared, "samples", "security")
	incidents, alerts := published(t, dir)
	if len(incidents) < 3 || len(alerts) < 1 {
		t.Fatalf("%d incidents and %d alerts were published", len(incidents), len(alerts))
	}
	out := t.TempDir()
	config := filepath.Join(out, "sim.yaml")
	_, stop := startSimcloud(t, "--payloads", dir, "--ca-out", filepath.Join(out, "ca.pem"), "--config-out", config,
		"--customers", "12", "--incidents", "24", "--still", "--sign-in", "client-secret")
	h := bareHost(out)
	h.Environ = append(h.Environ, "SOCCTL_CLIENT_SECRET="+simcloud.ClientSecret)
	var healthy []string
	for _, s := range run(t, h, "--config", config, "tenants", "list", "--offline", "-o", "json").exits(exitDone).json().Tenants {
		if s.Code != "TAIL" && s.Code != "WING" { // which do not let anybody in
			healthy = append(healthy, s.Code)
		}
	}
	scope := []string{"--config", config, "-t", strings.Join(healthy, ","), "-o", "json"}
	shown := map[string]bool{}
	for _, i := range run(t, h, append([]string{"incidents", "list", "-f", ""}, scope...)...).exits(exitPartial).json().Items {
		shown[i.Title] = true
	}
	for _, i := range run(t, h, append([]string{"alerts", "list", "--since", "200000h"}, scope...)...).json().Items {
		shown[i.Title] = true
	}
	for _, title := range append(incidents, alerts...) {
		if !shown[title] {
			t.Errorf("%q is not shown", title)
		}
	}
	if code := stop(); code != exitDone {
		t.Errorf("exit code %d", code)
	}
}
