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
	"slices"
	"strings"
	"syscall"
	"time"

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

// screenEnviron is the environment for what draws. Any value of NO_COLOR means no colour (no-color.org), and the library that
// reads it knows only those of a boolean.
func (h Host) screenEnviron() []string {
	if h.getenv("NO_COLOR") == "" {
		return h.Environ
	}
	return append(slices.Clip(h.Environ), "NO_COLOR=1")
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
	err := guard.Run("socctl", func() error { return root.ExecuteContext(ctx) })
	if err != nil {
		c.printError(err)
	}
	return c.exitCode(err)
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
	began  bool // the arguments were understood: what goes wrong now is no error of usage
}

func (c *command) root() *cobra.Command {
	var f consoleFlags
	var fresh bool
	root := &cobra.Command{
		Use:   "socctl",
		Short: "One queue of incidents over all customers' Microsoft tenants",
		Long: "socctl is the console in which analysts of a managed security provider work the incidents of many customers' Microsoft tenants " +
			"at once. Without a command it opens the console; `socctl demo` opens it on a simulated cloud.",
		Args: firstWord,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.resume = !fresh
			return c.console(cmd.Context(), f, usedFlags(cmd))
		},
		PersistentPreRun: func(*cobra.Command, []string) {
			c.began = true
		},
		Version: versionText(c.host), SilenceErrors: true, SilenceUsage: true,
	}
	root.SetHelpFunc(c.showHelp)
	root.SetHelpCommand(c.helpCmd())
	root.SetFlagErrorFunc(flagError)
	f.flags(root)
	root.Flags().BoolVar(&fresh, "fresh", false, "start anew, not where the last session was left")
	root.PersistentFlags().StringVar(&c.config, "config", "", "configuration file (default $XDG_CONFIG_HOME/socctl/config.yaml)")
	root.PersistentFlags().StringVar(&c.log, "log-file", "", "write the log to this file, calls and errors, never secrets")
	root.AddCommand(c.demoCmd(), c.simcloudCmd(), c.incidentsCmd(), c.alertsCmd(), c.tenantsCmd(), c.linkCmd(), c.openCmd())
	root.AddCommand(completionCmd(), c.manCmd())
	root.AddCommand(c.doctorCmd())
	c.completeValues(root)
	return root
}

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
