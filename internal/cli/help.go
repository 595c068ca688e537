package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// The cells of a line of help: what the terminal has, but no more than people read with ease.
const (
	helpWidth    = 100
	minHelpWidth = 40
)

// showHelp prints the help of a command. It is plain text, the same on every terminal and in every file, and asks no
// terminal for anything: an answer that comes late would be typed into the shell.
func (c *command) showHelp(cmd *cobra.Command, _ []string) {
	width := helpWidth
	if w := c.host.Width; w > 0 {
		width = max(minHelpWidth, min(w, helpWidth))
	}
	_, _ = io.WriteString(cmd.OutOrStdout(), helpText(cmd, width))
}

func helpText(cmd *cobra.Command, width int) string {
	var b strings.Builder
	for line := range strings.SplitSeq(cmp.Or(cmd.Long, sentence(cmd.Short)), "\n") {
		b.WriteString(wrapped(line, "", width))
	}
	b.WriteString("\nUsage:\n  " + cmd.UseLine() + "\n")
	if cmd.HasAvailableSubCommands() {
		b.WriteString("  " + cmd.CommandPath() + " COMMAND\n")
	}
	if cmd.HasParent() && len(cmd.Aliases) > 0 {
		fmt.Fprintf(&b, "\nIn place of %s:\n  %s\n", cmd.Name(), strings.Join(cmd.Aliases, ", "))
	}
	if cmd.Example != "" {
		b.WriteString("\nExamples:\n" + cmd.Example + "\n")
	}
	helpCommands(&b, cmd, width)
	if cmd.HasAvailableLocalFlags() {
		b.WriteString("\nFlags:\n" + cmd.LocalFlags().FlagUsagesWrapped(width))
	}
	if cmd.HasAvailableInheritedFlags() {
		b.WriteString("\nFlags of every command:\n" + cmd.InheritedFlags().FlagUsagesWrapped(width))
	}
	return b.String()
}

func helpCommands(b *strings.Builder, cmd *cobra.Command, width int) {
	if !cmd.HasAvailableSubCommands() {
		return
	}
	b.WriteString("\nCommands:\n")
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			b.WriteString(wrapped(sub.Short, "  "+fit.Left(sub.Name(), cmd.NamePadding()+3), width))
		}
	}
}

// wrapped breaks a text into lines; the first starts with head, and the others below the text.
func wrapped(s, head string, width int) string {
	if s == "" {
		return head + "\n"
	}
	const every = 1000 // a help text has fewer lines
	lines := fit.Wrap(s, max(1, width-fit.Width(head)), every)
	return head + strings.Join(lines, "\n"+strings.Repeat(" ", fit.Width(head))) + "\n"
}

// sentence ends a short description with a full stop.
func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

// helpCmd stands in for cobra's, which answers a word that is no command with the usage of the whole program.
func (c *command) helpCmd() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Show what a command does and takes", Args: cobra.ArbitraryArgs,
		ValidArgsFunction: commandWords,
		RunE: func(cmd *cobra.Command, args []string) error {
			target, err := commandAt(cmd.Root(), args)
			if err != nil {
				return err
			}
			target.InitDefaultHelpFlag()
			target.InitDefaultVersionFlag()
			c.showHelp(target, nil)
			return nil
		},
	}
}

// commandAt finds the command that words name.
func commandAt(root *cobra.Command, words []string) (*cobra.Command, error) {
	at := root
	for _, w := range words {
		named := func(sub *cobra.Command) bool { return sub.IsAvailableCommand() && (sub.Name() == w || sub.HasAlias(w)) }
		n := slices.IndexFunc(at.Commands(), named)
		if n < 0 {
			return nil, noCommand(at, w)
		}
		at = at.Commands()[n]
	}
	return at, nil
}

// commandWords completes the names of commands, one level after the other.
func commandWords(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	at, err := commandAt(cmd.Root(), args)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var words []string
	for _, sub := range at.Commands() {
		if sub.IsAvailableCommand() {
			words = append(words, cobra.CompletionWithDesc(sub.Name(), sub.Short))
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}
