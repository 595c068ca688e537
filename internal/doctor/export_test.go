//go:build linux || darwin

package doctor

import "os"

// Ask is AskTerminal without asking whether we are in the foreground: a test's terminal is nobody's.
func Ask(in, out *os.File) (Answer, func()) { return ask(in, out) }
