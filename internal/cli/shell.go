package cli

import (
	_ "embed" // for the bash part
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/socctl/socctl/internal/soc"
)

// bashPart is what the bash script has beside cobra's.
//
//go:embed completion.bash
var bashPart string

func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

func completionCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use: "completion SHELL", Short: "Print the completion script of bash, zsh, fish or powershell",
		Long: "Print the completion script of a shell. It completes commands, flags and their values, customers, groups, filters, and the " +
			"references of incidents that were open when somebody last looked. It never signs in and asks nobody.\n\n" +
			"Write it where the shell looks for it, and start a new shell:\n" +
			"bash: ~/.local/share/bash-completion/completions/socctl; without the package bash-completion, source it in ~/.bashrc\n" +
			"zsh: _socctl in a directory of $fpath\n" +
			"fish: ~/.config/fish/completions/socctl.fish\n" +
			"powershell: at the end of the file that $PROFILE names",
		Example:   "  socctl completion bash\n  socctl completion zsh",
		ValidArgs: shells(), Args: oneShell,
		RunE: func(cmd *cobra.Command, args []string) error {
			return printScript(cmd.Root(), args[0], cmd.OutOrStdout())
		},
	}
	return cmd
}

func oneShell(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usagef("name one shell: %s", strings.Join(shells(), ", "))
	}
	for _, s := range shells() {
		if s == args[0] {
			return nil
		}
	}
	if near, ok := soc.Nearest(args[0], shells()); ok {
		return usagef("there is no completion for %q: did you mean %s?", args[0], near)
	}
	return usagef("there is no completion for %q: there are %s", args[0], strings.Join(shells(), ", "))
}

func printScript(root *cobra.Command, shell string, w io.Writer) error {
	switch shell {
	case "zsh":
		return root.GenZshCompletion(w)
	case "fish":
		return root.GenFishCompletion(w, true)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(w)
	}
	if err := root.GenBashCompletionV2(w, true); err != nil {
		return err
	}
	_, err := io.WriteString(w, bashPart)
	return err
}
