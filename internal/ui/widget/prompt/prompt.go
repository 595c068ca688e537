// Package prompt is one line of input: bubbles' textinput for the editing, drawn by ourselves so that the cursor stands
// right behind wide letters and pasted text is safe.
package prompt

import (
	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// Prompt is a line of input behind a label.
type Prompt struct {
	label string
	input textinput.Model
}

// limit bounds what can be typed or pasted, in characters.
const limit = 1000

// New makes a focused prompt that holds value.
func New(label, value string) *Prompt {
	in := textinput.New()
	in.CharLimit = limit
	in.KeyMap.Paste = key.NewBinding(key.WithDisabled()) // it would read the clipboard of the host, not the analyst's
	in.SetVirtualCursor(false)
	in.SetValue(text.Escape(value))
	in.CursorEnd()
	in.Focus()
	return &Prompt{label: label, input: in}
}

// Value is what stands in the line.
func (p *Prompt) Value() string { return p.input.Value() }

// Update takes a key or a paste. It tells whether the value changed.
func (p *Prompt) Update(msg tea.Msg) bool {
	if paste, ok := msg.(tea.PasteMsg); ok {
		paste.Content = text.Escape(paste.Content)
		msg = paste
	}
	before := p.input.Value()
	p.input, _ = p.input.Update(msg) // its command only blinks the cursor, and ours does not blink
	return p.input.Value() != before
}

// Draw gives the line in at most width cells, and the cell of the cursor.
func (p *Prompt) Draw(theme *style.Theme, width int) (line string, cursor int) {
	label := " " + p.label + " "
	room := max(1, width-fit.Width(label)-1)
	runes := []rune(p.input.Value())
	pos := min(p.input.Position(), len(runes))
	from := 0
	for fit.Width(text.Escape(string(runes[from:pos]))) > room {
		from++ // the end of the input is what is being typed
	}
	shown := fit.Cut(text.Escape(string(runes[from:])), room)
	at := fit.Width(text.Escape(string(runes[from:pos])))
	return theme.On(style.Accent, label) + shown, fit.Width(label) + at
}
