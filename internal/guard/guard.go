// Package guard is the one way in which socctl starts a goroutine: the starter owns it, waits for it, and learns of a
// panic in it instead of losing the terminal to a stack trace. It imports only text, since a panic's value may quote
// what a customer's attacker wrote.
package guard

import (
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/socctl/socctl/internal/text"
)

// Panic is what a goroutine, or a function behind Run, panicked with.
type Panic struct {
	Where string
	Value text.Line // the value, made safe
	Stack []byte    // for the log file only
}

// Error names the place and the value, never the stack.
func (p *Panic) Error() string { return "internal error in " + p.Where + ": " + p.Value.String() }

// Run calls f and turns a panic in it into a *Panic.
func Run(where string, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &Panic{Where: where, Value: text.NewLine(fmt.Sprint(v)), Stack: debug.Stack()}
		}
	}()
	return f()
}

// Go starts f in a goroutine that wg waits for, and gives what it returns, or its panic, to done. A nil error is not
// reported.
func Go(wg *sync.WaitGroup, where string, done func(error), f func() error) {
	wg.Go(func() {
		if err := Run(where, f); err != nil && done != nil {
			done(err)
		}
	})
}
