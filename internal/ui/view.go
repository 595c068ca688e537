package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// The smallest window that the console works in.
const (
	minWidth  = 60
	minHeight = 15
)

// View draws the frame. A panic in it ends the program with the next message instead of here.
func (m *Model) View() tea.View {
	v := tea.View{AltScreen: true, WindowTitle: "socctl"}
	if m.screen.width == 0 {
		return v // the terminal did not tell its size yet
	}
	err := guard.Run("drawing", func() error {
		m.draw(&v)
		return nil
	})
	if err != nil && m.fatal == nil {
		m.fatal = err
		m.o.Report(err)
		m.stop() // ends the commands that wait; the loop's next message quits
		v.Content = "socctl met an internal error and stops."
	}
	return v
}

func (m *Model) draw(v *tea.View) {
	w, h := m.screen.width, m.screen.height
	if w < minWidth || h < minHeight {
		v.Content = fit.Cut(tooSmall(w, h), w)
		return
	}
	lines := make([]string, 0, h)
	lines = append(lines, m.header(w))
	above := m.filterProblem(w)
	body, cursor := m.body(w, h-2-len(above))
	if cursor != nil {
		cursor.Y++ // below the header
	}
	lines = append(append(lines, body...), above...)
	foot, at := m.footer(w)
	lines = append(lines, foot)
	if at >= 0 {
		cursor = tea.NewCursor(at, h-1)
	}
	if cursor != nil {
		cursor.Blink = false
		v.Cursor = cursor
	}
	v.Content = strings.Join(lines, "\n")
}

func tooSmall(w, h int) string {
	return "This window is " + itoa(w) + "x" + itoa(h) + "; socctl needs " + itoa(minWidth) + "x" + itoa(minHeight) + "."
}

// body draws what is between header and footer, in exactly height lines.
func (m *Model) body(w, h int) ([]string, *tea.Cursor) {
	switch {
	case m.picker != nil:
		lines, x, y := m.picker.Draw(m.theme, w, h)
		return pad(lines, h), tea.NewCursor(x, y)
	case m.help != nil:
		return m.help.Draw(m.theme, w, h), nil
	case m.signIn != nil:
		return pad(m.signInLines(w), h), nil
	case m.link != nil:
		return pad(m.linkLines(w), h), nil
	case m.customers != nil:
		return m.customers.Draw(m.theme, m.snap, m.now, w, h), nil
	case m.detail != nil:
		return m.detail.Draw(m.theme, m.snap.Analyst, m.now, w, h, m.hyperlink(m.detail.Incident)), nil
	}
	return m.queueLines(w, h), nil
}

// previewHeight is how many lines of h the preview gets.
func previewHeight(h int) int {
	switch {
	case h >= 40:
		return 14
	case h >= 26:
		return 9
	case h >= 20:
		return 7
	}
	return 0
}

func (m *Model) queueLines(w, h int) []string {
	lines := []string{m.queue.Tabs(m.theme, w)}
	below := previewHeight(h)
	inc, ok := m.snap.Find(m.preview.ref)
	if m.preview.off || !ok {
		below = 0
	}
	lines = append(lines, m.queue.Draw(m.theme, w, h-1-below, m.snap, m.now)...)
	if below > 0 {
		lines = append(lines, queue.Preview(m.theme, inc, m.snap, m.now, w, below, m.hyperlink(inc))...)
	}
	return lines
}

// hyperlink makes text a link to the incident's page, for terminals that know OSC 8; in others it is just text.
func (m *Model) hyperlink(i *soc.Incident) func(string) string {
	return func(s string) string {
		url := m.o.Links.Link(i).URL
		if url == "" {
			return s
		}
		return ansi.SetHyperlink(url, "id="+i.Ref.String()) + s + ansi.ResetHyperlink()
	}
}

func (m *Model) linkLines(w int) []string {
	t := m.theme
	lines := []string{"", t.On(style.Title, "  Portal page of "+m.link.ref.String()), ""}
	for url := m.link.link.URL; url != ""; {
		n := min(len(url), w)
		lines = append(lines, t.On(style.Accent, url[:n])) // from the first cell on, to be marked with a mouse; a link is ASCII
		url = url[n:]
	}
	if m.link.link.Note != "" {
		lines = append(lines, "")
		for _, l := range fit.Wrap(m.link.link.Note, w-4, 3) {
			lines = append(lines, "  "+t.On(style.Medium, l))
		}
	}
	lines = append(lines, "")
	for _, l := range fit.Wrap("No browser can be opened from here. Y copies the link to your terminal's clipboard, esc goes back.", w-4, 3) {
		lines = append(lines, "  "+t.On(style.Subtle, l))
	}
	return lines
}

func (m *Model) signInLines(w int) []string {
	t, p := m.theme, m.signIn
	u := p.URL.String()
	url := fit.Cut(u, w-12)
	if strings.HasPrefix(u, "https://") && !p.URL.Altered() {
		url = ansi.SetHyperlink(u) + t.On(style.Accent, url) + ansi.ResetHyperlink()
	}
	return []string{
		"", t.On(style.Title, "  Sign in"), "",
		"  Open    " + url,
		"  Code    " + t.On(style.Title, fit.Cut(p.Code.String(), w-12)), "",
		t.On(style.Subtle, fit.Cut("  tenant       "+p.Tenant.String(), w)),
		t.On(style.Subtle, fit.Cut("  application  "+p.Client.String(), w)),
		t.On(style.Subtle, "  valid until  "+p.Expires.UTC().Format("15:04:05Z")), "",
		t.On(style.Subtle, fit.Cut("  Enter this code only if you started this sign-in yourself, just now.", w)),
	}
}

func pad(lines []string, h int) []string {
	for len(lines) < h {
		lines = append(lines, "")
	}
	return lines[:h]
}
