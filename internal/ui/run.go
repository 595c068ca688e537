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

// fps bounds how often the screen is written; a queue does not need more, and an idle console stays cheap. slowFPS is the same
// for a slow line.
const (
	fps     = 30
	slowFPS = 8
)

// Run shows the console until the analyst quits, the context ends, or the terminal goes away. The terminal is whole
// afterwards, also after a panic, which comes back as an error with its value made safe.
func Run(ctx context.Context, o Options) error {
	m, err := newModel(ctx, o)
	if err != nil {
		return err
	}
	defer m.stop()
	wall := term.NewFirewall(o.Out, term.FirewallOptions{LinkHosts: o.LinkHosts, Mouse: true})
	in, lost := term.WatchInput(o.In)
	rate := fps
	if o.Settings.LowBandwidth {
		rate = slowFPS
	}
	// SIGINT and SIGTERM end the context; a handler of Bubble Tea's beside that would call an ordered end a failure.
	p := tea.NewProgram(m, tea.WithInput(in), tea.WithOutput(wall), tea.WithEnvironment(o.Environ), tea.WithFPS(rate),
		tea.WithoutSignalHandler(), tea.WithFilter(func(_ tea.Model, msg tea.Msg) tea.Msg { return filterModes(msg, o.Settings.SyncOutput) }))

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
	m.keep()
	if n := wall.Dropped(); n > 0 {
		o.Report(fmt.Errorf("the terminal's firewall dropped %d sequences", n))
	}
	return errors.Join(m.fatal, gone, err)
}

// keep keeps where the console was, and what the shell's completion offers, when it ends.
func (m *Model) keep() {
	if save := m.o.Files.SaveState; save != nil {
		s, marks, _ := m.state()
		m.saving.gate <- struct{}{}
		defer func() { <-m.saving.gate }()
		if err := save(withMarks(s, marks)); err != nil {
			m.o.Report(err)
		}
	}
	if remember := m.o.Files.Remember; remember != nil {
		if err := remember(m.snap); err != nil {
			m.o.Report(err)
		}
	}
}

// filterModes keeps Bubble Tea from switching the terminal to grapheme clusters (mode 2027): package fit counts cells by
// code points. A terminal that always clusters says so, and then the renderer has to know. It also keeps it from frames shown
// at once (mode 2026) where the configuration says so.
func filterModes(msg tea.Msg, sync string) tea.Msg {
	r, ok := msg.(tea.ModeReportMsg)
	switch {
	case !ok:
		return msg
	case r.Mode == ansi.ModeUnicodeCore && r.Value == ansi.ModeReset:
		return nil
	case r.Mode == ansi.ModeSynchronizedOutput && sync == "off":
		return nil
	}
	return msg
}
