package cli

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/simcloud"
	"github.com/socctl/socctl/internal/text"
)

// estateFlags say what the simulated customers are like.
type estateFlags struct {
	customers, incidents int
	seed                 uint64
	latency              time.Duration
	payloads             string
	still                bool
}

func (e *estateFlags) flags(cmd *cobra.Command, latency time.Duration) {
	cmd.Flags().IntVar(&e.customers, "customers", 48, "number of customers, 1 to 500")
	cmd.Flags().IntVar(&e.incidents, "incidents", 1200, "incidents at the start, over all customers")
	cmd.Flags().Uint64Var(&e.seed, "seed", 1, "the same seed gives the same customers and the same history")
	spanVar(cmd.Flags(), &e.latency, "latency", latency, "what an answer takes, for example 80ms")
	cmd.Flags().StringVar(&e.payloads, "payloads", "", "directory with published payloads to serve as they are")
	cmd.Flags().BoolVar(&e.still, "still", false, "nothing happens: no incident arrives or changes")
}

func (e *estateFlags) cloud(autoApprove bool) (*simcloud.Cloud, error) {
	switch {
	case e.customers < 1 || e.customers > 500:
		return nil, usagef("--customers %d: there can be 1 to 500", e.customers)
	case e.incidents < 0:
		return nil, usagef("--incidents %d: a number is not negative", e.incidents)
	case e.latency < 0 || e.latency > time.Minute:
		return nil, usagef("--latency %s: from 0s to 1m", e.latency)
	}
	o := simcloud.Options{Customers: e.customers, Incidents: e.incidents, Seed: e.seed, Latency: e.latency,
		PayloadDir: e.payloads, AutoApprove: autoApprove, PollInterval: time.Second}
	if e.incidents == 0 {
		o.Incidents = -1
	}
	if e.still {
		o.Speed = -1
	}
	cloud, err := simcloud.New(o)
	if err != nil {
		return nil, fmt.Errorf("simulated cloud: %w", err)
	}
	return cloud, nil
}

// demoLatency is what an answer takes in the demo: enough for the slow customer to be seen as slow.
const demoLatency = 20 * time.Millisecond

func (c *command) demoCmd() *cobra.Command {
	var e estateFlags
	var f consoleFlags
	cmd := &cobra.Command{
		Use: "demo", Short: "Open the console on a simulated Microsoft cloud, started inside this process",
		Args: noWords, RunE: func(cmd *cobra.Command, _ []string) error { return c.demo(cmd.Context(), e, f, usedFlags(cmd)) },
	}
	e.flags(cmd, demoLatency)
	f.flags(cmd)
	cmd.Flags().BoolVar(&f.resume, "resume", false, "go on where the last demo of the same customers was left")
	return cmd
}

// demo starts the cloud, and then does what the console does everywhere else, with a configuration that names it.
// Keys and themes are the analyst's own; saved sections are the demo's.
func (c *command) demo(ctx context.Context, e estateFlags, f consoleFlags, used string) error {
	if err := c.needTerminal(f, "socctl simcloud --ca-out ca.pem --config-out sim.yaml, and beside it socctl --config sim.yaml incidents list --output json"); err != nil {
		return err
	}
	cloud, err := e.cloud(true)
	if err != nil {
		return err
	}
	server, err := cloud.Start("127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("simulated cloud: %w", err)
	}
	defer func() { _ = server.Close() }()
	dir, err := os.MkdirTemp("", "socctl-demo-")
	if err != nil {
		return fmt.Errorf("simulated cloud: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ca := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(ca, server.CAPEM(), 0o600); err != nil {
		return fmt.Errorf("simulated cloud: %w", err)
	}
	cfg, err := config.Parse("demo", server.ConfigYAML(simcloud.ConfigOptions{CAFile: ca}), c.consoleVariables())
	if err != nil {
		return fmt.Errorf("the simulated cloud's configuration: %w", err)
	}
	notice := "A demo: simulated customers at " + server.URL() + ", nothing here is real."
	for _, n := range cloud.Notices() {
		notice += " " + n
	}
	return c.show(ctx, cfg, showing{flags: f, notice: notice, beside: c.demoFiles(), again: "socctl demo --resume" + used, fresh: "socctl demo" + used})
}

// consoleVariables are the variables that say how the console looks: they hold for the demo as well.
func (c *command) consoleVariables() []string {
	var out []string
	for _, v := range c.host.Environ {
		if strings.HasPrefix(v, "SOCCTL_CONSOLE_") || strings.HasPrefix(v, "SOCCTL_READ_ONLY=") {
			out = append(out, v)
		}
	}
	return out
}

// demoFiles are the files that the demo reads beside its configuration, which has none.
func (c *command) demoFiles() besideFiles {
	var b besideFiles
	if dir := c.host.configDir(); dir != "" {
		b.keys, b.themes = filepath.Join(dir, keysName), filepath.Join(dir, themesName)
	}
	if dir := c.host.stateDir(); dir != "" {
		b.views = filepath.Join(dir, "demo", viewsName)
	}
	return b
}

// configDir is where the configuration is, or empty where there is no such place.
func (h Host) configDir() string {
	if dir := h.getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "socctl")
	}
	if home := h.getenv("HOME"); home != "" {
		return filepath.Join(home, ".config", "socctl")
	}
	return ""
}

func (c *command) simcloudCmd() *cobra.Command {
	var e estateFlags
	var listen, caOut, configOut, signIn string
	var approve bool
	cmd := &cobra.Command{
		Use: "simcloud", Short: "Run the simulated Microsoft cloud as a server for any program",
		Example: "  socctl simcloud --listen 127.0.0.1:8443 --ca-out ca.pem --config-out sim.yaml\n  socctl --config sim.yaml",
		Args:    noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkServerFlags(listen, caOut, configOut, signIn); err != nil {
				return err
			}
			cloud, err := e.cloud(approve)
			if err != nil {
				return err
			}
			server, err := cloud.Start(listen)
			if err != nil {
				return fmt.Errorf("simulated cloud: %w", err)
			}
			defer func() { _ = server.Close() }()
			if err := writeServerFiles(server, caOut, configOut, signIn); err != nil {
				return err
			}
			c.describeServer(cloud, server, signIn)
			<-cmd.Context().Done()
			return nil
		},
	}
	e.flags(cmd, 0)
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8443", "address to listen on")
	cmd.Flags().StringVar(&caOut, "ca-out", "", "write the certificate authority to this file")
	cmd.Flags().StringVar(&configOut, "config-out", "", "write a configuration of socctl for this cloud to this file")
	cmd.Flags().StringVar(&signIn, "sign-in", "device-code", "how that configuration signs in: device-code or client-secret")
	cmd.Flags().BoolVar(&approve, "auto-approve", true, "approve every device code by itself")
	return cmd
}

// checkServerFlags looks at the flags before anything is started or written.
func checkServerFlags(listen, caOut, configOut, signIn string) error {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return usagef("--listen %q: an address and a port are wanted, such as 127.0.0.1:8443", listen)
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return usagef("--listen %q: only this machine may be served, such as 127.0.0.1:8443", listen)
	}
	if signIn != "device-code" && signIn != "client-secret" {
		return usagef("--sign-in %q: device-code or client-secret", signIn)
	}
	if configOut != "" && caOut == "" {
		return usagef("--config-out needs --ca-out: the configuration names that file")
	}
	return nil
}

// writeServerFiles writes what a client of the server needs.
func writeServerFiles(s *simcloud.Server, caOut, configOut, signIn string) error {
	if caOut != "" {
		if err := os.WriteFile(caOut, s.CAPEM(), 0o600); err != nil {
			return fmt.Errorf("--ca-out: %w", err)
		}
	}
	if configOut == "" {
		return nil
	}
	ca, err := filepath.Abs(caOut)
	if err != nil {
		return fmt.Errorf("--ca-out: %w", err)
	}
	if err := os.WriteFile(configOut, s.ConfigYAML(simcloud.ConfigOptions{CAFile: ca, SignIn: signIn}), 0o600); err != nil {
		return fmt.Errorf("--config-out: %w", err)
	}
	return nil
}

// describeServer says where the cloud is and how to get in.
func (c *command) describeServer(cloud *simcloud.Cloud, s *simcloud.Server, signIn string) {
	_, _ = fmt.Fprintf(c.host.Out, "simulated Microsoft cloud at %s\n  home tenant          %s\n  public client        %s\n"+
		"  confidential client  %s, secret %s\n  customers            %d\n", s.URL(), cloud.Home().ID, simcloud.PublicClientID,
		simcloud.ConfidentialClientID, simcloud.ClientSecret, len(cloud.Tenants()))
	if signIn == "client-secret" {
		_, _ = fmt.Fprintf(c.host.Out, "  before using the configuration: export SOCCTL_CLIENT_SECRET=%s\n", simcloud.ClientSecret)
	}
	for _, n := range cloud.Notices() {
		_, _ = fmt.Fprintln(c.host.Out, "  "+text.Escape(n))
	}
}
