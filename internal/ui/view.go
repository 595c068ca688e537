package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/page/customers"
	"github.com/socctl/socctl/internal/ui/page/detail"
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
	v := tea.View{AltScreen: true, WindowTitle: "socctl", ReportFocus: true}
	if m.set.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
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
	if m.lock.on {
		v.Content = strings.Join(m.lockLines(w, h), "\n")
		return
	}
	lines := make([]string, 0, h)
	lines = append(lines, m.header(w))
	above := m.aboveLine(w)
	body, cursor := m.body(w, h-2)
	if cursor != nil {
		cursor.Y++ // below the header
	}
	lines = append(append(lines, body[:max(0, len(body)-len(above))]...), above...)
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
	case m.dialog != nil:
		lines, x, y := m.dialog.Draw(m.theme, w, h)
		if x < 0 {
			return pad(lines, h), nil
		}
		return pad(lines, h), tea.NewCursor(x, y)
	case m.choice != nil:
		lines, x, y := m.choice.Draw(m.theme, w, h)
		return pad(lines, h), tea.NewCursor(x, y)
	case m.signIn != nil:
		return pad(m.signInLines(w), h), nil
	case m.link != nil:
		return pad(m.linkLines(w), h), nil
	}
	switch m.pageScope() {
	case action.Activity:
		return m.activity.Draw(m.theme, m.mask, m.now, w, h), nil
	case action.Customers:
		look := customers.Look{Theme: m.theme, Snap: m.snap, Now: m.now, Mask: m.mask,
			ReadOnly: func(id soc.TenantID) bool { return m.o.Safety.ReadOnly(id).On }}
		return m.customers.Draw(look, w, h), nil
	case action.Incident:
		return m.detailLines(w, h), nil
	}
	return m.queueLines(w, h), nil
}

func (m *Model) detailLines(w, h int) []string {
	i := m.detail.Incident
	return m.detail.Draw(detail.Look{Theme: m.theme, Me: m.snap.Analyst, Now: m.now, Incident: m.mask.Incident(i, m.snap.Analyst), Link: m.hyperlink(i),
		Hide: m.mask.Text, Down: m.key(action.Down), Again: m.key(action.Refresh)}, w, h)
}

// waiting says what has to happen before anything can be read.
func (m *Model) waiting() string {
	switch {
	case m.session.done:
		return ""
	case m.session.problem != "":
		return m.session.why() + " " + m.key(action.SignIn) + " signs in."
	case m.session.prompt != nil:
		return "Waiting for the sign-in: " + m.key(action.SignIn) + " shows what to do."
	}
	return "Signing in."
}

// previewHeight is how many lines of h the preview below the list gets.
func previewHeight(h int) int {
	switch {
	case h >= 40:
		return 14
	case h >= 26:
		return 9
	case h >= previewFrom:
		return 7
	}
	return 0
}

// previewFrom is the lines between header and footer from which the preview has room below the list.
const previewFrom = 20

// sideFrom is the width from which the preview can stand to the right of the list.
const sideFrom = 110

// sideWidth is how many of w cells it gets there.
func sideWidth(w int) int { return w * 2 / 5 }

func (m *Model) queueLines(w, h int) []string {
	lines := m.listLines(w, h)
	lines[0] = m.queue.Tabs(m.theme, w, m.key(action.Arrivals)) // after the rows, since it says how many of them have no room
	return lines
}

// listLines draws the list and the preview, and leaves the first line free.
func (m *Model) listLines(w, h int) []string {
	lines := []string{""}
	look := queue.Look{Theme: m.theme, Snap: m.snap, Now: m.now, Waiting: m.waiting(),
		Keys: queue.Keys{Health: m.key(action.ShowHealth), Back: m.key(action.Back), Open: m.key(action.Open)}}
	inc, ok := m.snap.Find(m.preview.ref)
	if i, here := m.queue.Current(); !ok && here && i.Ref == m.preview.ref {
		inc, ok = i, true // it is gone from its customer, and its row still shows
	}
	if !ok || m.preview.place == PreviewOff {
		return append(lines, m.queue.Draw(look, w, h-1)...)
	}
	shown, link := m.mask.Incident(inc, m.snap.Analyst), m.hyperlink(inc)
	if m.preview.place == PreviewRight && w >= sideFrom {
		side := sideWidth(w)
		list := m.queue.Draw(look, w-side-1, h-1)
		right := queue.Side(look, shown, side-3, h-1, link)
		bar := m.theme.On(style.Faint, "│")
		for n, l := range list {
			lines = append(lines, l+strings.Repeat(" ", max(0, w-side-1-ansi.StringWidthWc(l)))+" "+bar+" "+right[n])
		}
		return lines
	}
	below := previewHeight(h)
	lines = append(lines, m.queue.Draw(look, w, h-1-below)...)
	if below > 0 {
		lines = append(lines, queue.Preview(look, shown, w, below, link)...)
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
		if m.mask != nil {
			return s // the address names the customer's tenant
		}
		return ansi.SetHyperlink(url, "id="+i.Ref.String()) + s + ansi.ResetHyperlink()
	}
}

func (m *Model) linkLines(w int) []string {
	t := m.theme
	lines := []string{"", t.On(style.Title, "  Portal page of "+m.mask.Ref(m.link.ref).String()), ""}
	if m.mask != nil {
		return append(lines, "  The link names the customer and is hidden. "+m.key(action.CopyLink)+" copies it, "+m.key(action.Back)+" goes back.")
	}
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
	for _, l := range fit.Wrap("No browser can be opened from here. "+m.key(action.CopyLink)+" copies the link to your terminal's clipboard, "+m.key(action.Back)+
		" goes back.", w-4, 3) {
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
		t.On(style.Subtle, fit.Cut("  tenant       "+m.mask.Text(p.Tenant.String()), w)),
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
