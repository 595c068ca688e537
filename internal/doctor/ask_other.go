//go:build !linux && !darwin

package doctor

import "os"

// AskTerminal asks nothing: this system's terminals are not asked.
func AskTerminal(_, _ *os.File) (a Answer, finish func()) { return Answer{}, func() {} }
