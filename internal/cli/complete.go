package cli

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
)

// Completion runs while somebody types. It signs in nowhere, asks nobody, waits for nothing and says nothing of what is
// wrong: with a configuration that cannot be read it suggests nothing.

const noFiles = cobra.ShellCompDirectiveNoFileComp

// fixed completes a flag with one of some words.
func fixed(cmd *cobra.Command, flag string, words []string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, noFiles|cobra.ShellCompDirectiveKeepOrder))
}

// several completes a flag that takes some words with commas between them.
func several(cmd *cobra.Command, flag string, words []string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return oneMore(typed, words), noFiles | cobra.ShellCompDirectiveKeepOrder
	})
}

// completeValues gives every command what completes its flags and arguments, as far as the command did not say so
// itself. Only what names a file is completed with files.
func (c *command) completeValues(cmd *cobra.Command) {
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) { c.completeFlag(cmd, f) })
	cmd.PersistentFlags().VisitAll(func(f *pflag.Flag) { c.completeFlag(cmd, f) })
	switch {
	case cmd.ValidArgsFunction != nil || len(cmd.ValidArgs) > 0:
	case strings.HasSuffix(cmd.Use, " REF"):
		cmd.ValidArgsFunction = c.completeRef
	default:
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, sub := range cmd.Commands() {
		c.completeValues(sub)
	}
}

func (c *command) completeFlag(cmd *cobra.Command, f *pflag.Flag) {
	if _, done := cmd.GetFlagCompletionFunc(f.Name); done {
		return
	}
	complete := cobra.NoFileCompletions
	switch f.Name {
	case "tenant":
		complete = c.completeTenant
	case "group":
		complete = c.completeGroup
	case "filter":
		if cmd.CommandPath() != "socctl tenants list" { // whose filter is plain words
			complete = c.completeFilter
		}
	case "dir", "payloads":
		_ = cmd.MarkFlagDirname(f.Name)
		return
	case "config", "log-file", "ca-out", "config-out":
		return // the shell's own completion of files
	}
	_ = cmd.RegisterFlagCompletionFunc(f.Name, complete)
}

// known reads the configuration. What is no plain file is left alone: it may never end.
func (c *command) known() (*config.Config, bool) {
	if path := cmp.Or(c.config, c.host.getenv("SOCCTL_CONFIG")); path != "" {
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			return nil, false
		}
	}
	cfg, err := c.load()
	return cfg, err == nil
}

// nameOf is a customer's name as a description, which privacy mode keeps to itself.
func nameOf(cfg *config.Config, t *tenants.Tenant) string {
	if cfg.Console.Privacy {
		return ""
	}
	return t.Name.String()
}

func (c *command) completeTenant(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	cfg, ok := c.known()
	if !ok {
		return nil, noFiles
	}
	var words []string
	for _, t := range cfg.Registry.All() {
		words = append(words, described(string(t.Code), nameOf(cfg, t)))
	}
	return oneMore(typed, words), noFiles
}

func (c *command) completeGroup(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	cfg, ok := c.known()
	if !ok {
		return nil, noFiles
	}
	return oneMore(typed, cfg.Registry.Groups()), noFiles
}

// manyRefs is the number of references above which their customers are completed first.
const manyRefs = 40

// completeRef offers the incidents that were open when somebody last looked.
func (c *command) completeRef(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, noFiles
	}
	cfg, ok := c.known()
	if !ok {
		return nil, noFiles
	}
	var words []string
	open := make(map[soc.Code]int)
	for _, s := range readSeen(c.seenFile(cfg)) {
		word, fits := begun(typed, s.ref)
		if _, err := cfg.Registry.ByCode(string(s.code)); err == nil && fits {
			words = append(words, described(word, string(s.severity)))
			open[s.code]++
		}
	}
	if len(words) <= manyRefs || len(open) == 1 {
		return words, noFiles | cobra.ShellCompDirectiveKeepOrder
	}
	words = words[:0]
	for _, t := range cfg.Registry.All() {
		if n := open[t.Code]; n > 0 {
			word, _ := begun(typed, string(t.Code)+"-")
			words = append(words, described(word, strings.TrimSpace(fmt.Sprintf("%d open %s", n, nameOf(cfg, t)))))
		}
	}
	return words, noFiles | cobra.ShellCompDirectiveKeepOrder | cobra.ShellCompDirectiveNoSpace
}

// described is a suggestion with what it means.
func described(word, meaning string) string {
	if meaning == "" {
		return word
	}
	return cobra.CompletionWithDesc(word, meaning)
}

// begun tells whether a word begins with what was typed, in any case, and gives it in the case of the typing hand: a
// shell drops what does not begin with what stands there.
func begun(typed, word string) (string, bool) {
	if len(word) < len(typed) || !strings.EqualFold(word[:len(typed)], typed) {
		return "", false
	}
	if typed == strings.ToLower(typed) && typed != strings.ToUpper(typed) {
		return strings.ToLower(word), true
	}
	return word, true
}

// oneMore completes the last of some words with commas between them; those that stand there already are not offered
// again. The suggestions may have descriptions.
func oneMore(typed string, words []string) []string {
	head, last := "", typed
	if n := strings.LastIndexByte(typed, ','); n >= 0 {
		head, last = typed[:n+1], typed[n+1:]
	}
	taken := strings.Split(strings.ToLower(head), ",")
	var out []string
	for _, w := range words {
		word, meaning, _ := strings.Cut(w, "\t")
		if word, fits := begun(last, word); fits && !slices.Contains(taken, strings.ToLower(word)) {
			out = append(out, described(head+word, meaning))
		}
	}
	return out
}
