package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	xterm "golang.org/x/term"

	"github.com/socctl/socctl/internal/app"
	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/doctor"
	"github.com/socctl/socctl/internal/ui/term"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

func (c *command) doctorCmd() *cobra.Command {
	var f format
	var signIn bool
	cmd := &cobra.Command{
		Use: "doctor", Short: "Check the terminal, the configuration, its files, the clock and the way to each cloud",
		Long: "Check what socctl needs from its surroundings, and say what to do where something is not as it should be: the terminal, tmux, SSH, " +
			"the locale, the configuration, files and their permissions, the clock, the proxy, and each cloud in use. It works without a " +
			"configuration and with a broken one. Nobody is signed in unless --sign-in is given.\n\n" +
			"The exit code is 0 where nothing failed, 4 where only signing in or access failed, and else 1. JSON and YAML are one object: checks " +
			"[{id, name, verdict, found, fix}], and the numbers ok, warnings, failures and skipped. A verdict is ok, warn, fail or skip; an id " +
			"never changes its meaning, and stands on a row for each file, cloud or customer that it was made for.",
		Example: "  socctl doctor --sign-in",
		Args:    noWords,
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.doctor(cmd.Context(), f, signIn) },
	}
	f.flag(cmd, oneFormats())
	cmd.Flags().BoolVar(&signIn, "sign-in", false, "also sign in, and read every customer once")
	return cmd
}

func (c *command) doctor(ctx context.Context, f format, signIn bool) error {
	if err := f.check(); err != nil {
		return err
	}
	report := doctor.Run(ctx, c.doctorOptions(signIn))
	if err := printReport(c.host, f, report); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("stopped before everything was checked: %w", err)
	}
	if report.Failures == 0 {
		return nil
	}
	err := fmt.Errorf("%d of %d checks failed", report.Failures, len(report.Checks))
	if report.AccessOnly() {
		return &accessError{err}
	}
	return err
}

// doctorOptions says what is looked at from here.
func (c *command) doctorOptions(signIn bool) doctor.Options {
	cfg, err := c.load()
	o := doctor.Options{
		System: doctor.Process(c.host.Environ), Environ: c.host.Environ,
		InTTY: c.host.InTTY, OutTTY: c.host.OutTTY, Width: c.host.Width,
		Browser:    term.ReadEnv(c.host.Environ).Browser() != nil,
		ConfigFlag: c.config, Config: cfg, ConfigErr: err, LogFile: c.log,
	}
	o.Now = c.host.Now
	in, isFile := c.host.In.(*os.File)
	out, isOutFile := c.host.Out.(*os.File)
	if isOutFile && o.OutTTY {
		if w, h, err := xterm.GetSize(int(out.Fd())); err == nil {
			o.Width, o.Height = w, h
		}
	}
	if isFile && isOutFile && o.InTTY && o.OutTTY {
		o.Ask = func() (doctor.Answer, func()) { return doctor.AskTerminal(in, out) }
	}
	if cfg != nil {
		c.doctorOf(cfg, &o, signIn)
	}
	if o.LogFile == "" {
		o.LogFile = c.usualLog()
	}
	return o
}

// doctorOf adds what can be looked at with a configuration only.
func (c *command) doctorOf(cfg *config.Config, o *doctor.Options, signIn bool) {
	if o.LogFile == "" {
		o.LogFile = cfg.LogFile
	}
	o.Files = filesBeside(cfg)
	o.Prepare = func() error {
		a, err := app.New(app.Options{Config: cfg, Version: c.host.Version, Log: slog.New(slog.DiscardHandler), Once: true})
		if err == nil {
			a.Close()
		}
		return err
	}
	if signIn {
		o.SignIn = func(ctx context.Context) (doctor.SignedIn, error) { return c.signedIn(ctx, cfg) }
	}
}

// signedIn signs in and reads every customer once.
func (c *command) signedIn(ctx context.Context, cfg *config.Config) (doctor.SignedIn, error) {
	_, snap, done, err := c.read(ctx, cfg, nil)
	if err != nil {
		return doctor.SignedIn{}, err
	}
	defer done()
	in := doctor.SignedIn{Who: snap.Analyst.UPN}
	for n := range snap.Parts {
		in.Customers = append(in.Customers, snap.Parts[n].Status)
	}
	return in, nil
}

// filesBeside lists the files beside the configuration, each read as the console reads it.
func filesBeside(cfg *config.Config) []doctor.FileCheck {
	beside := besideOf(cfg)
	var files []doctor.FileCheck
	add := func(path string, mild bool, read func() error) {
		if path != "" {
			files = append(files, doctor.FileCheck{Name: filepath.Base(path), Path: path, Check: read, Mild: mild})
		}
	}
	add(beside.keys, false, func() error {
		_, err := readKeys(beside.keys)
		return err
	})
	add(beside.views, true, func() error {
		views, err := config.ReadViews(beside.views, cfg.Registry.Vocabulary())
		for _, b := range views.Broken {
			err = errors.Join(err, errors.New(b.Why))
		}
		for _, v := range views.List {
			_, wrong := columnsOf(v)
			err = errors.Join(err, wrong)
		}
		return err
	})
	add(beside.theme(cfg.Console.Theme), true, func() error {
		_, err := readTheme(beside, cfg.Console.Theme)
		return err
	})
	return files
}

// printReport prints a report in any of the formats.
func printReport(h Host, f format, r *doctor.Report) error {
	switch {
	case f.name == "json":
		return printJSON(h.Out, r)
	case f.name == "yaml":
		return printYAML(h.Out, r)
	case !h.OutTTY:
		rows := make([][]string, len(r.Checks))
		for n, c := range r.Checks {
			rows[n] = []string{string(c.Verdict), c.ID, c.Name.String(), c.Found.String(), c.Fix.String()}
		}
		return printTabs(h.Out, rows)
	}
	_, err := io.WriteString(h.Out, reportScreen(r, h.Width))
	return err
}

const (
	narrowReport = 120 // cells from which a fix has a column of its own
	reportNames  = 18  // cells of the longest name
)

// reportScreen draws a report: what is too long for its place goes on below it, and nothing is cut.
func reportScreen(r *doctor.Report, width int) string {
	if width <= 0 {
		width = 80
	}
	names, fixes := 13, 0
	for _, c := range r.Checks {
		names = max(names, min(reportNames, fit.Width(c.Name.String())))
		fixes = max(fixes, fit.Width(c.Fix.String()))
	}
	const before = len(" warn  DR01 ")
	room := max(20, width-before-names-1)
	found := room
	if width >= narrowReport && fixes > 0 {
		fixes = min(fixes, room*2/5)
		found = room - fixes - 2
	}
	var b strings.Builder
	line := func(head, middle, end string) {
		b.WriteString(strings.TrimRight(head+fit.Left(middle, found)+end, " ") + "\n")
	}
	for _, c := range r.Checks {
		head := " " + fit.Left(string(c.Verdict), 5) + " " + c.ID + " " + fit.Left(c.Name.String(), names) + " "
		left, right := wrapWords(c.Found.String(), found), wrapWords(c.Fix.String(), fixes)
		if width < narrowReport && !c.Fix.IsZero() {
			left, right = append(left, wrapWords("fix: "+c.Fix.String(), found)...), nil
		}
		for n := range max(len(left), len(right)) {
			line(head, at(left, n), "  "+at(right, n))
			head = strings.Repeat(" ", before+names+1)
		}
	}
	b.WriteString(" " + reportSum(r) + "\n")
	return b.String()
}

func at(lines []string, n int) string {
	if n < len(lines) {
		return lines[n]
	}
	return ""
}

// reportSum counts the checks.
func reportSum(r *doctor.Report) string {
	some := func(n int, word string) string {
		if n == 1 {
			return "1 " + word
		}
		return fmt.Sprintf("%d %ss", n, word)
	}
	s := fmt.Sprintf("%s: %d ok, %s, %s", some(len(r.Checks), "check"), r.OK, some(r.Warnings, "warning"), some(r.Failures, "failure"))
	if r.Skipped > 0 {
		s += fmt.Sprintf(", %d skipped", r.Skipped)
	}
	return s
}

// wrapWords breaks text between words, and a word that is longer than a line inside of it.
func wrapWords(s string, width int) []string {
	var lines []string
	line, cells := "", 0
	for _, word := range strings.Fields(s) {
		if line != "" && cells+1+fit.Width(word) > width {
			lines, line, cells = append(lines, line), "", 0
		}
		if line != "" {
			line, cells = line+" ", cells+1
		}
		for _, r := range word {
			w := fit.Width(string(r))
			if cells+w > width && line != "" {
				lines, line, cells = append(lines, line), "", 0
			}
			line, cells = line+string(r), cells+w
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
