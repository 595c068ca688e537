package ui

import (
	"io"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/ui/term"
)

func lowBandwidth(o *Options) { o.Settings.LowBandwidth = true }

func TestLowBandwidthWritesLess(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
		b.frame()
		rich := b.m.View().Content
		b.press(",", "b")
		b.says("Low bandwidth: short colours, a marker for a cursor.")
		b.press("j", "k")
		lean := b.m.View().Content
		if len(lean) >= len(rich) {
			t.Errorf("%d bytes with low bandwidth, %d without", len(lean), len(rich))
		}
		if strings.Contains(lean, "38;2;") || strings.Contains(lean, "48;2;") || !strings.Contains(rich, "38;2;") {
			t.Error("long colours are written, or there are none to leave out")
		}
		if !b.m.queue.Marker {
			t.Error("the cursor is painted")
		}
		b.press(",", "b")
		b.says("Low bandwidth is off.")
		b.press("j", "k")
		if got := b.m.View().Content; got != rich {
			t.Errorf("it is not as before:\n%q\n%q", got, rich)
		}
	})
}

// TestTheMarkerIsAllThatMoves holds that a move of the cursor changes the marker's cells alone.
func TestTheMarkerIsAllThatMoves(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
		b.press("p")
		b.frame()
		before := strings.Split(b.m.View().Content, "\n")
		b.press("j")
		after := strings.Split(b.m.View().Content, "\n")
		for y := range after {
			for _, x := range differ(before[y], after[y], 120) {
				if x > 2 && y >= listTop {
					t.Errorf("cell %d of line %d changed", x, y)
				}
			}
		}
	}, lowBandwidth)
}

func TestThePreviewWaitsLongerOverASlowLine(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press("j")
		b.pass(rest * 2)
		b.shows("── CONT-28282")
		b.pass(longRest)
		b.shows("── FABR-1204")
	}, lowBandwidth)
}

// asked are the sequences that a command writes by itself.
func asked(cmd tea.Cmd) string {
	if cmd == nil {
		return ""
	}
	switch msg := cmd().(type) {
	case tea.RawMsg:
		return msg.Msg.(string)
	case tea.ModeReportMsg:
		if msg.Mode == ansi.ModeSynchronizedOutput && msg.Value == ansi.ModeReset {
			return "on"
		}
	}
	return "?"
}

func TestFramesAtOnce(t *testing.T) {
	t.Parallel()
	ask := ansi.RequestModeSynchronizedOutput
	for name, c := range map[string]struct {
		mode string
		ssh  bool
		want string
	}{
		"auto over SSH asks":        {"auto", true, ask},
		"auto is the usual one":     {"", true, ask},
		"auto at home":              {"auto", false, ""}, // Bubble Tea asks by itself
		"on":                        {"on", true, "on"},
		"on at home":                {"on", false, "on"},
		"off":                       {"off", true, ""},
		"off at home":               {"off", false, ""},
		"what the file cannot hold": {"perhaps", true, ask},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				if got := asked(b.m.syncCmd()); got != c.want {
					t.Errorf("it asks with %q, not %q", got, c.want)
				}
			}, func(o *Options) {
				o.Settings.SyncOutput, o.Terminal = c.mode, term.Env{SSH: c.ssh}
				o.Out = io.Discard
			})
		})
	}
}

func TestReportsOfModes(t *testing.T) {
	t.Parallel()
	sync := tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: ansi.ModeReset}
	clusters := tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeReset}
	always := tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModePermanentlySet}
	for name, c := range map[string]struct {
		msg  tea.Msg
		mode string
		pass bool
	}{
		"at once, auto":           {sync, "auto", true},
		"at once, on":             {sync, "on", true},
		"at once, off":            {sync, "off", false},
		"clusters":                {clusters, "auto", false},
		"clusters that stay":      {always, "auto", true},
		"clusters that stay, off": {always, "off", true},
		"a key":                   {tea.KeyPressMsg{Code: 'x'}, "off", true},
	} {
		if got := filterModes(c.msg, c.mode); (got != nil) != c.pass {
			t.Errorf("%s: passes %v", name, got != nil)
		}
	}
}
