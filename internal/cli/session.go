package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/signin"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
)

// load reads the configuration that the flags name.
func (c *command) load() (*config.Config, error) {
	return config.Load(config.Options{Path: c.config, Environ: c.host.Environ})
}

// openLog opens the log file: the flag's or the configuration's. Without a file the log goes nowhere; it never goes to the
// terminal.
func (c *command) openLog(cfg *config.Config) (*slog.Logger, io.Closer, error) {
	path := c.log
	if path == "" {
		path = cfg.LogFile
	}
	if path == "" {
		return slog.New(slog.DiscardHandler), io.NopCloser(nil), nil
	}
	return c.logTo(path)
}

// consoleLog opens the log file of the console, which has a usual one. Where nobody asked for a log, one that cannot be
// written is no reason to stay out of the queue: then why says so.
func (c *command) consoleLog(cfg *config.Config) (log *slog.Logger, closer io.Closer, why string, err error) {
	path := c.usualLog()
	if c.log != "" || cfg.LogFile != "" || path == "" {
		log, closer, err = c.openLog(cfg)
		return log, closer, "", err
	}
	if log, closer, err = c.logTo(path); err != nil {
		return slog.New(slog.DiscardHandler), io.NopCloser(nil), "Nothing is logged: " + err.Error(), nil //nolint:nilerr // why says it
	}
	return log, closer, "", nil
}

func (c *command) logTo(path string) (*slog.Logger, io.Closer, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, nil, fmt.Errorf("log file: %w", err)
	}
	level := slog.LevelInfo
	if c.log != "" {
		level = slog.LevelDebug // asked for by the flag: every call is a line
	}
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Size() > maxLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, nil, fmt.Errorf("log file: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("log file: %w", err)
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		if err := f.Chmod(0o600); err != nil { // it names customers and incidents
			_ = f.Close()
			return nil, nil, fmt.Errorf("log file: %w", err)
		}
	}
	return slog.New(slog.NewJSONHandler(f, &slog.HandlerOptions{Level: level})), f, nil
}

// maxLog is the size from which a log is moved aside, to its name with .1, when it is opened next.
const maxLog = 20 << 20

// usualLog is where the console keeps its log: socctl.log in the directory of the program's state.
func (c *command) usualLog() string {
	dir := c.host.stateDir()
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "socctl.log")
}

// scope is the flags that choose customers.
type scope struct {
	tenants []string
	groups  []string
}

// choose gives the customers that the flags name, in the configuration's order; nil means all.
func (s scope) choose(r *tenants.Registry) ([]*tenants.Tenant, error) {
	if len(s.tenants)+len(s.groups) == 0 {
		return nil, nil
	}
	var chosen []*tenants.Tenant
	for _, code := range s.tenants {
		t, err := r.ByCode(strings.TrimSpace(code))
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, t)
	}
	for _, g := range s.groups {
		list, err := r.InGroup(strings.TrimSpace(g))
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, list...)
	}
	var ordered []*tenants.Tenant
	for _, t := range r.All() {
		if slices.Contains(chosen, t) {
			ordered = append(ordered, t)
		}
	}
	return ordered, nil
}

// open makes the app for a command that reads once, and signs in.
func (c *command) open(ctx context.Context, cfg *config.Config, only []*tenants.Tenant) (*app.App, func(), error) {
	log, closer, err := c.openLog(cfg)
	if err != nil {
		return nil, nil, err
	}
	a, err := app.New(app.Options{Config: cfg, Version: c.host.Version, Log: log, Only: only, Once: true})
	if err != nil {
		_ = closer.Close()
		return nil, nil, err
	}
	done := func() {
		a.Close()
		_ = closer.Close()
	}
	if err := a.SignIn(ctx, c.showCode); err != nil {
		done()
		return nil, nil, notSignedIn(err)
	}
	return a, done, nil
}

// notSignedIn marks a sign-in that somebody has to see to. One that got no answer, or one that makes no sense, is an
// error like any other.
func notSignedIn(err error) error {
	switch p := soc.ProblemOf(err); p.Kind {
	case soc.ProblemNoAccess, soc.ProblemSignIn, soc.ProblemRefused:
		return &accessError{err}
	}
	return err
}

// showCode says on standard error what a person has to do to sign in.
func (c *command) showCode(d signin.DeviceCode) {
	_, _ = fmt.Fprintf(c.host.Err, "To sign in to tenant %s as application %s, open %s and enter the code %s before %s.\n",
		d.Tenant, d.ClientID, d.VerificationURL, d.UserCode, d.Expires.UTC().Format("15:04Z"))
}

// read reads all chosen customers once.
func (c *command) read(ctx context.Context, cfg *config.Config, only []*tenants.Tenant) (*app.App, *soc.Snapshot, func(), error) {
	a, done, err := c.open(ctx, cfg, only)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := a.Run(ctx); err != nil {
		a.Report(err) // a customer's reader broke: its state says so, and the others' rows are whole
	}
	if err := ctx.Err(); err != nil {
		done()
		return nil, nil, nil, fmt.Errorf("stopped before everything was read: %w", err)
	}
	return a, a.Snapshot(), done, nil
}

// outcome names the customers that failed on standard error, and gives the error for the exit code.
func (c *command) outcome(snap *soc.Snapshot) error {
	failed, closed := 0, 0
	for n := range snap.Parts {
		st := &snap.Parts[n].Status
		if st.Good() {
			continue
		}
		failed++
		if st.Health == soc.HealthNoAccess {
			closed++
		}
		say := st.Problem.String()
		if say == "" {
			say = st.Partial.String()
		}
		if !st.Next.IsZero() {
			say += ". Next: " + st.Next.String()
		}
		state := string(st.Health)
		if st.Health == soc.HealthFresh {
			state = string(statePartial)
		}
		_, _ = fmt.Fprintf(c.host.Err, "%s (%s): %s: %s\n", st.Tenant.Code, st.Tenant.Name, state, say)
	}
	switch {
	case failed == 0:
		return nil
	case closed == len(snap.Parts):
		return &accessError{fmt.Errorf("no customer let you in")}
	}
	err := &partialError{failed: failed, all: len(snap.Parts)}
	_, _ = fmt.Fprintln(c.host.Err, err.Error())
	return err
}
