package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/ui"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// The exit codes of DESIGN section 5. 129 is the shell's own for a process that a hang-up ended.
const (
	exitDone    = 0
	exitError   = 1
	exitUsage   = 2
	exitPartial = 3
	exitAccess  = 4
	exitHangup  = 129
)

// usageError is an error in what was typed.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// partialError says that some customers failed; what came was printed.
type partialError struct{ failed, all int }

func (e *partialError) Error() string {
	return fmt.Sprintf("%d of %d customers could not be read completely", e.failed, e.all)
}

// accessError says that nobody let us in.
type accessError struct{ err error }

func (e *accessError) Error() string { return e.err.Error() }
func (e *accessError) Unwrap() error { return e.err }

// exitCode gives the code for what a command returned.
func (c *command) exitCode(err error) int {
	var (
		usage   *usageError
		partial *partialError
		access  *accessError
		filter  *soc.FilterError
		unknown *tenants.UnknownError
		problem *soc.Problem
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &partial):
		return exitPartial
	case errors.As(err, &access):
		return exitAccess
	case errors.Is(err, ui.ErrHangup):
		return exitHangup
	case !c.began, errors.As(err, &usage), errors.As(err, &filter), errors.As(err, &unknown):
		return exitUsage
	case errors.As(err, &problem) && (problem.Kind == soc.ProblemNoAccess || problem.Kind == soc.ProblemSignIn):
		return exitAccess
	}
	return exitError
}

// errorText writes an error for people: what happened, where it points, what to do next.
func errorText(err error) string {
	var b strings.Builder
	b.WriteString(err.Error())
	var filter *soc.FilterError
	if errors.As(err, &filter) && filter.Filter != "" {
		fmt.Fprintf(&b, "\n  %s\n  %s", filter.Shown(), pointer(filter))
	}
	var problem *soc.Problem
	if errors.As(err, &problem) && !problem.Next.IsZero() {
		b.WriteString("\n  next: " + problem.Next.String())
	}
	var broken *config.Error
	if errors.As(err, &broken) {
		b.WriteString("\n  nothing was loaded; " + config.Documentation + " lists the keys")
	}
	return b.String()
}

// pointer is a line of carets under the word of a filter that cannot be understood, in cells.
func pointer(e *soc.FilterError) string {
	shown := []rune(e.Shown()) // one for each of the filter
	start, end := len([]rune(e.Filter[:e.Start])), len([]rune(e.Filter[:e.End]))
	return strings.Repeat(" ", fit.Width(string(shown[:start]))) + strings.Repeat("^", max(1, fit.Width(string(shown[start:end]))))
}
