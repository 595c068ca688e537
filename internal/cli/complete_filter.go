package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/socctl/socctl/internal/soc"
)

// completeFilter completes the last word of a filter. No blank follows: a filter can always go on.
func (c *command) completeFilter(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	const how = noFiles | cobra.ShellCompDirectiveKeepOrder | cobra.ShellCompDirectiveNoSpace
	cfg, ok := c.known()
	if !ok {
		return nil, how
	}
	done := soc.CompleteFilter(typed, len(typed), cfg.Registry.Vocabulary(), nil)
	if done.Start < 0 || done.Start > len(typed) || strings.ContainsAny(typed, "\t\r\n") {
		return nil, how
	}
	var words []string
	for _, i := range done.Items {
		if word, fits := begun(typed[done.Start:], i.Text); fits {
			words = append(words, described(typed[:done.Start]+word, i.Note))
		}
	}
	return words, how
}
