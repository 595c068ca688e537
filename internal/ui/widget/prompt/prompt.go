// Package prompt is one line of input: bubbles' textinput for the editing, drawn by ourselves so that the cursor stands
// right behind wide letters and pasted text is safe. It completes from suggestions that its owner sets after each change, and
// goes through a history that its owner keeps.
package prompt

import (
	"sort"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// Prompt is a line of input behind a label.
type Prompt struct {
	label   string // with the blanks around it
	input   textinput.Model
	history history
	offer   offer
}

const (
	limit     = 1000 // what can be typed or pasted, in characters
	mostCells = 1000 // what is drawn of it; package text cuts a line that is longer
	leastRoom = 8    // cells that a long label leaves
)

// New makes a focused prompt that holds value.
func New(label, value string) *Prompt { return newPrompt(" "+label+" ", value) }

// NewField makes a focused prompt whose label begins in the first cell, for a box.
func NewField(label, value string) *Prompt { return newPrompt(label+"  ", value) }

func newPrompt(label, value string) *Prompt {
	in := textinput.New()
	in.CharLimit = limit
	in.KeyMap.Paste = key.NewBinding(key.WithDisabled()) // it would read the clipboard of the host, not the analyst's
	in.KeyMap.AcceptSuggestion = key.NewBinding(key.WithDisabled())
	in.KeyMap.NextSuggestion = key.NewBinding(key.WithDisabled())
	in.KeyMap.PrevSuggestion = key.NewBinding(key.WithDisabled())
	in.SetVirtualCursor(false)
	in.Focus()
	p := &Prompt{label: label, input: in, offer: offer{chosen: none}}
	p.SetValue(value)
	return p
}

// Value is what stands in the line. What was pasted is safe; what was typed is made so when it is drawn.
func (p *Prompt) Value() string { return p.input.Value() }

// SetValue replaces what stands in the line and puts the cursor behind it.
func (p *Prompt) SetValue(value string) {
	p.input.SetValue(safe(value))
	p.input.CursorEnd()
	p.offer = offer{chosen: none}
}

// Position is the place of the cursor in the value, in bytes.
func (p *Prompt) Position() int {
	runes := []rune(p.input.Value())
	return len(string(runes[:min(p.input.Position(), len(runes))]))
}

// Update takes a key or a paste. It tells whether suggestions for the line should be set anew: its value changed, or one of
// them was taken.
func (p *Prompt) Update(msg tea.Msg) bool {
	switch m := msg.(type) {
	case tea.PasteMsg:
		m.Content = safe(strings.TrimRight(m.Content[:min(len(m.Content), 4*limit)], "\r\n")) // a copied line ends with a line feed
		msg = m
	case tea.KeyPressMsg:
		if len(m.Text) > limit {
			m.Text = safe(m.Text)
			msg = m
		}
		if done, changed := p.special(m.String()); done {
			return changed
		}
	}
	before := p.input.Value()
	p.input, _ = p.input.Update(msg) // its command only blinks the cursor, and ours does not blink
	if p.input.Value() == before {
		return false
	}
	p.history.leave()
	p.offer.clear()
	return true
}

// special takes the keys of completion and history.
func (p *Prompt) special(key string) (done, changed bool) {
	switch key {
	case "tab":
		return true, p.cycle(1)
	case "shift+tab":
		return true, p.cycle(-1)
	case "right":
		if p.input.Position() < len([]rune(p.input.Value())) {
			return false, false
		}
		return true, p.accept()
	case "up":
		return true, p.recall(-1)
	case "down":
		return true, p.recall(1)
	}
	return false, false
}

// safe makes text from outside one safe line of at most limit characters. It is cut first: the rest, which may be megabytes, is
// never looked at.
func safe(s string) string {
	n := 0
	for i := range s {
		if n == limit {
			s = s[:i]
			break
		}
		n++
	}
	out := text.Escape(s)
	if !strings.HasSuffix(s, fit.Ellipsis) {
		out = strings.TrimSuffix(out, fit.Ellipsis) // a mark of the cut is no part of what was pasted
	}
	return out
}

// Draw gives the line in at most width cells, and the cell of the cursor. Behind the cursor at the end of the line stands the
// rest of the best suggestion, faint.
func (p *Prompt) Draw(theme *style.Theme, width int) (line string, cursor int) {
	label := fit.Cut(p.label, max(0, width-leastRoom))
	room := max(1, min(width-fit.Width(label)-1, mostCells))
	runes := []rune(p.input.Value())
	pos := min(p.input.Position(), len(runes))
	from := sort.Search(pos, func(n int) bool { return cells(runes[n:pos]) <= room }) // the end of the input is what is being typed
	shown := fit.Cut(text.Escape(string(runes[from:])), room)
	line = theme.On(style.Accent, label) + shown
	if ghost := p.ghost(); ghost != "" {
		line += theme.On(style.Faint, fit.Cut(text.Escape(ghost), room-fit.Width(shown)))
	}
	return line, fit.Width(label) + cells(runes[from:pos])
}

func cells(runes []rune) int { return fit.Width(text.Escape(string(runes))) }
