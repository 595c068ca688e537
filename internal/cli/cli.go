// Package cli is the command line: one file per noun. A command parses its flags, calls package app, and prints; it has
// no logic of its own. What it prints for programs, its exit codes and its flags are a contract (DESIGN section 5).
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/signin"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui"
)

// Host is the process that a command runs in. Tests make their own.
type Host struct {
	Version, Commit string

	In       io.Reader
	Out, Err io.Writer
	Environ  []string
	Now      func() time.Time

	InTTY, OutTTY bool
	Width         int // of the terminal behind Out, in cells; 0 where there is none
}

// Process is the process that we are.
func Process(version, commit string) Host {
	h := Host{Version: version, Commit: commit, In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Environ: os.Environ(), Now: time.Now}
	h.InTTY, h.OutTTY = term.IsTerminal(int(os.Stdin.Fd())), term.IsTerminal(int(os.Stdout.Fd()))
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		h.Width = w
	}
	return h
}

// getenv reads a variable of the host.
func (h Host) getenv(key string) string {
	for i := len(h.Environ) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(h.Environ[i], key+"="); ok {
			return v
		}
	}
	return ""
}

// Main runs a command and gives the exit code.
func Main(h Host, args []string) int {
	quiet()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	return Run(ctx, h, args)
}

// quiet turns off the debug outputs that libraries open by themselves when a variable asks for it: they would write
// customers' data, raw, over the terminal or into the current directory.
func quiet() {
	signin.Quiet()
	for _, v := range []string{"TEA_DEBUG", "TEA_TRACE"} {
		_ = os.Unsetenv(v)
	}
}

// Run is Main without signals.
func Run(ctx context.Context, h Host, args []string) int {
	c := &command{host: h}
	root := c.root()
	root.SetArgs(args)
	root.SetIn(h.In)
	root.SetOut(h.Out)
	root.SetErr(h.Err)
	c.keepErrors(root)
	err := guard.Run("socctl", func() error {
		return fang.Execute(ctx, root, fang.WithVersion(versionText(h)), fang.WithErrorHandler(c.printUsageError))
	})
	var p *guard.Panic
	if c.err != nil {
		err = c.err
		c.printError(err)
	} else if errors.As(err, &p) {
		c.printError(err)
	}
	return c.exitCode(err)
}

// keepErrors takes what a command returns away from fang, which asks the terminal for its colours before it prints an error:
// an answer that comes late would be typed into the shell.
func (c *command) keepErrors(cmd *cobra.Command) {
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			c.err = run(cmd, args)
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		c.keepErrors(sub)
	}
}

func versionText(h Host) string {
	if h.Commit == "" {
		return h.Version
	}
	return h.Version + " (" + h.Commit + ")"
}

// command is what the commands share.
type command struct {
	host   Host
	config string
	log    string
	err    error // what the command returned
	began  bool  // the arguments were understood: what goes wrong now is no error of usage
}

func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "socctl",
		Short: "One queue of incidents over all customers' Microsoft tenants",
		Long: "socctl is the console in which analysts of a managed security provider work the incidents of many customers' Microsoft tenants " +
			"at once. Without a command it opens the console; `socctl demo` opens it on a simulated cloud.",
		Args: firstWord,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.console(cmd.Context()) },
		PersistentPreRun: func(*cobra.Command, []string) {
			c.began = true
		},
	}
	root.SetFlagErrorFunc(flagError)
	root.PersistentFlags().StringVar(&c.config, "config", "", "configuration file (default $XDG_CONFIG_HOME/socctl/config.yaml)")
	root.PersistentFlags().StringVar(&c.log, "log-file", "", "write the log to this file, calls and errors, never secrets")
	root.AddCommand(c.demoCmd(), c.simcloudCmd(), c.incidentsCmd(), c.alertsCmd(), c.tenantsCmd(), c.linkCmd(), c.openCmd())
	return root
}

// printUsageError prints what fang was given: errors in what was typed.
func (c *command) printUsageError(_ io.Writer, _ fang.Styles, err error) { c.printError(err) }

// printError says what went wrong on standard error. Errors are made of safe text where they quote the world; what was
// typed is made safe here.
func (c *command) printError(err error) {
	var partial *partialError
	switch {
	case errors.As(err, &partial):
		return // each customer was named already
	case errors.Is(err, ui.ErrHangup):
		return // nobody is there to read it
	}
	_, _ = fmt.Fprintln(c.host.Err, "socctl: "+text.NewBlock(errorText(err)).String())
}
