package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func (c *command) manCmd() *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use: "man [COMMAND]", Short: "Print the manual page of socctl or of a command, or write all of them",
		Example: "  socctl man incidents list\n  socctl man --dir man1", Args: cobra.ArbitraryArgs, ValidArgsFunction: commandWords,
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				target, err := commandAt(cmd.Root(), args)
				if err != nil {
					return err
				}
				_, err = fmt.Fprint(cmd.OutOrStdout(), c.manPage(target))
				return err
			}
			if len(args) > 0 {
				return usagef("--dir writes every page: name no command beside it")
			}
			return c.writeManPages(cmd.Root(), dir)
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "write every page into this directory, as socctl.1, socctl-incidents.1 and so on")
	return cmd
}

// writeManPages writes the page of a command and of those below it.
func (c *command) writeManPages(cmd *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("--dir: %w", err)
	}
	path := filepath.Join(dir, pageName(cmd)+".1")
	if err := os.WriteFile(path, []byte(c.manPage(cmd)), 0o644); err != nil { //nolint:gosec // a manual is for everybody
		return fmt.Errorf("--dir: %w", err)
	}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			if err := c.writeManPages(sub, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

// pageName is the name of a command's page: socctl-incidents-list.
func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manPage writes the page of a command in man(7)'s macros. It has no date, so that the same program gives the same page.
func (c *command) manPage(cmd *cobra.Command) string {
	var r roff
	name := pageName(cmd)
	r.macro("TH", strings.ToUpper(name), "1", "", strings.TrimSpace("socctl "+c.host.Version), "socctl")
	r.macro("SH", "NAME")
	r.text(name + " - " + cmd.Short)
	r.macro("SH", "SYNOPSIS")
	r.macro("B", cmd.UseLine())
	if cmd.HasAvailableSubCommands() {
		r.macro("br")
		r.macro("B", cmd.CommandPath()+" COMMAND")
	}
	r.macro("SH", "DESCRIPTION")
	r.paragraphs(cmp.Or(cmd.Long, sentence(cmd.Short)))
	if cmd.HasParent() && len(cmd.Aliases) > 0 {
		r.paragraphs("In place of " + cmd.Name() + ": " + strings.Join(cmd.Aliases, ", ") + ".")
	}
	manCommands(&r, cmd)
	manFlags(&r, "OPTIONS", cmd.LocalFlags())
	manFlags(&r, "OPTIONS OF EVERY COMMAND", cmd.InheritedFlags())
	manExamples(&r, cmd)
	if !cmd.HasParent() {
		manFiles(&r)
	}
	if !cmd.HasAvailableSubCommands() || !cmd.HasParent() {
		r.macro("SH", "EXIT STATUS")
		for _, e := range ExitCodes() {
			r.item(fmt.Sprint(e.Code), e.Meaning)
		}
	}
	manSeeAlso(&r, cmd)
	return r.page.String()
}

func manCommands(r *roff, cmd *cobra.Command) {
	if !cmd.HasAvailableSubCommands() {
		return
	}
	r.macro("SH", "COMMANDS")
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			r.item(sub.CommandPath(), sub.Short)
		}
	}
}

func manFlags(r *roff, title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	r.macro("SH", title)
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		kind, usage := pflag.UnquoteUsage(f)
		head := "--" + f.Name
		if f.Shorthand != "" {
			head = "-" + f.Shorthand + ", " + head
		}
		if kind != "" {
			head += " " + kind
		}
		if d := f.DefValue; d != "" && d != "0" && d != "false" && d != "[]" {
			usage += " (default " + d + ")"
		}
		r.item(head, usage)
	})
}

func manExamples(r *roff, cmd *cobra.Command) {
	if cmd.Example == "" {
		return
	}
	r.macro("SH", "EXAMPLES")
	r.macro("nf")
	for line := range strings.Lines(cmd.Example) {
		r.text(strings.TrimSpace(line))
	}
	r.macro("fi")
}

func manFiles(r *roff) {
	r.macro("SH", "FILES")
	r.item("$XDG_CONFIG_HOME/socctl/config.yaml", "the configuration, where neither --config nor $SOCCTL_CONFIG names another")
	r.item("$XDG_STATE_HOME/socctl/socctl.log", "the log of the console")
	r.item("$XDG_STATE_HOME/socctl/refs-*", "which incidents were open when they were last read, for completion: reference, severity, state")
	r.paragraphs("Without these variables the directories are ~/.config and ~/.local/state.")
}

func manSeeAlso(r *roff, cmd *cobra.Command) {
	var pages []string
	if cmd.HasParent() {
		pages = append(pages, pageName(cmd.Parent())+"(1)")
	}
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			pages = append(pages, pageName(sub)+"(1)")
		}
	}
	r.macro("SH", "SEE ALSO")
	r.text(strings.Join(pages, ", "))
}

// roff is a manual page that is being written.
type roff struct{ page strings.Builder }

// escape keeps roff from taking text for its own: backslashes, and signs that it would print as others.
func (r *roff) escape(s string) string {
	return strings.NewReplacer(`\`, `\(rs`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`).Replace(s)
}

// macro writes a line that starts with a macro.
func (r *roff) macro(name string, args ...string) {
	r.page.WriteString("." + name)
	for _, a := range args {
		r.page.WriteString(` "` + strings.ReplaceAll(r.escape(a), `"`, `\(dq`) + `"`)
	}
	r.page.WriteByte('\n')
}

// text writes a line of text. A dot at its start would make it a macro.
func (r *roff) text(s string) {
	s = r.escape(s)
	if strings.HasPrefix(s, ".") {
		s = `\&` + s
	}
	r.page.WriteString(s + "\n")
}

// paragraphs writes the lines of a text, each as a paragraph of its own.
func (r *roff) paragraphs(s string) {
	for line := range strings.SplitSeq(s, "\n") {
		if line != "" {
			r.macro("PP")
			r.text(line)
		}
	}
}

// item writes a word and what it means.
func (r *roff) item(word, meaning string) {
	r.macro("TP")
	r.macro("B", word)
	r.text(meaning)
}
