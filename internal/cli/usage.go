package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/socctl/socctl/internal/soc"
)

// flagError says what is wrong with a flag in words of ours, and offers the nearest flag for one that is none.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	switch {
	case errors.As(err, &value):
		return usagef("--%s %q: %s", value.GetFlag().Name, value.GetValue(), wanted(value))
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near, ok := soc.Nearest(unknown.GetSpecifiedName(), names); ok {
			return usagef("%w: did you mean --%s?", err, near)
		}
	}
	return usagef("%w; %s --help lists the flags", err, cmd.CommandPath())
}

// wanted says what the value of a flag looks like.
func wanted(e *pflag.InvalidValueError) string {
	switch e.GetFlag().Value.Type() {
	case "int":
		return "a whole number is wanted"
	case "uint64":
		return "a whole number is wanted, 0 or more"
	case "duration":
		return errSpan.Error()
	case "bool":
		return "it is true or false"
	}
	return e.Unwrap().Error()
}

// noWords refuses arguments of a command that takes only flags.
func noWords(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usagef("%s takes flags only, and %q is none; %s --help lists them", cmd.CommandPath(), args[0], cmd.CommandPath())
}

// noCommand refuses a word that is no command of a command, and offers the nearest that is one.
func noCommand(cmd *cobra.Command, word string) error {
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	under := ""
	if cmd.HasParent() {
		under = " under " + cmd.CommandPath()
	}
	if len(names) == 0 {
		return usagef("there is no command %q%s: it has none", word, under)
	}
	if near, ok := soc.Nearest(word, names); ok {
		return usagef("there is no command %q%s: did you mean %s?", word, under, near)
	}
	return usagef("there is no command %q%s: there are %s", word, under, strings.Join(names, ", "))
}

// firstWord refuses any argument of the program itself, which has commands only.
func firstWord(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return noCommand(cmd, args[0])
}

// noun makes a command that only groups others say so when it is called alone or with a wrong word.
func noun(cmd *cobra.Command) *cobra.Command {
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return noCommand(cmd, args[0])
		}
		var names []string
		for _, sub := range cmd.Commands() {
			names = append(names, sub.Name())
		}
		return &usageError{fmt.Errorf("%s needs a command: %s", cmd.CommandPath(), strings.Join(names, ", "))}
	}
	return cmd
}
