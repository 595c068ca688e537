package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/ui/term"
)

// ErrHangup is returned when the terminal went away under the console.
var ErrHangup = errors.New("the terminal hung up")

// fps bounds how often the screen is written; a queue does not need more, and an idle console stays cheap.
const fps = 30

// Run shows the console until the analyst quits, the context ends, or the terminal goes away. The terminal is whole
// afterwards, also after a panic, which comes back as an error with its value made safe.
func Run(ctx context.Context, o Options) error {
	m, err := newModel(ctx, o)
	if err != nil {
		return err
	}
	defer m.stop()
	wall := term.NewFirewall(o.Out, term.FirewallOptions{LinkHosts: o.LinkHosts})
	in, lost := term.WatchInput(o.In)
	// SIGINT and SIGTERM end the context; a handler of Bubble Tea's beside that would call an ordered end a failure.
	p := tea.NewProgram(m, tea.WithInput(in), tea.WithOutput(wall), tea.WithEnvironment(o.Environ), tea.WithFPS(fps),
		tea.WithoutSignalHandler(), tea.WithFilter(countByCodePoints))

	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	ended := make(chan struct{})
	var wg sync.WaitGroup
	var gone error
	guard.Go(&wg, "the watch over the terminal", o.Report, func() error {
		select {
		case <-hup:
			gone = ErrHangup
			p.Quit()
		case <-lost:
			gone = ErrHangup
			p.Quit()
		case <-ctx.Done():
			p.Quit()
		case <-m.ctx.Done():
			p.Quit() // something in the console asked to stop, such as a panic while drawing
		case <-ended:
		}
		return nil
	})
	_, err = p.Run()
	close(ended)
	wg.Wait()
	if n := wall.Dropped(); n > 0 {
		o.Report(fmt.Errorf("the terminal's firewall dropped %d sequences", n))
	}
	return errors.Join(m.fatal, gone, err)
}

// countByCodePoints keeps Bubble Tea from switching the terminal to grapheme clusters (mode 2027): package fit counts cells by
// code points. A terminal that always clusters says so, and then the renderer has to know.
func countByCodePoints(_ tea.Model, msg tea.Msg) tea.Msg {
	if r, ok := msg.(tea.ModeReportMsg); ok && r.Mode == ansi.ModeUnicodeCore && r.Value == ansi.ModeReset {
		return nil
	}
	return msg
}
