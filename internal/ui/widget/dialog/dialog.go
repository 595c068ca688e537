// Package dialog is a box that asks before something is done. Its default is no, a paste never confirms it, and keys that were
// meant for what was on the screen before do not reach it: a dialog that the program opens by itself takes none at first. It
// knows nothing of what it asks about; its owner reads the result.
package dialog

import (
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/widget/prompt"
)

// Grace is how long a dialog that the program opened by itself takes no keys.
const Grace = 400 * time.Millisecond

// Options say what is asked. Texts are made safe.
type Options struct {
	Title  string
	Lines  []string // what will happen, wrapped where they are too long; empty ones stand for a blank line
	Yes    string   // the word that does it; "Yes" where it is empty
	No     string   // the word that does not; "Cancel" where it is empty
	Danger bool     // the word that does it warns
	Type   string   // has to be typed, exactly, before it can be done
	Field  string   // the label of a text field; none where it is empty
	Value  string   // what stands in the text field
	Async  bool     // the program opened it, not a key
	Opened time.Time
}

// Result is what a key led to. Yes is set only where Done is.
type Result struct{ Done, Yes bool }

// focus is a part that keys go to.
type focus int

const (
	onField focus = iota
	onType
	onNo
	onYes
)

// Dialog is an open dialog.
type Dialog struct {
	o      Options
	order  []focus // the parts that there are, from top to bottom
	at     int     // in order
	field  *prompt.Prompt
	typed  *prompt.Prompt
	notice string
	top    int // the first line that is shown of those that have to be scrolled
	page   int // lines that had room when it was drawn
	more   int // lines that are below those
}

// New opens a dialog with the cursor in its first field, or on No where it has none.
func New(o Options) *Dialog {
	if o.Yes == "" {
		o.Yes = "Yes"
	}
	if o.No == "" {
		o.No = "Cancel"
	}
	d := &Dialog{o: o}
	if o.Field != "" {
		d.field = prompt.NewField(text.Escape(o.Field), o.Value)
		d.order = append(d.order, onField)
	}
	if o.Type != "" {
		d.typed = prompt.NewField("Type "+text.Escape(o.Type)+" to go on:", "")
		d.order = append(d.order, onType)
	}
	d.order = append(d.order, onNo, onYes)
	return d
}

// Text is what stands in the text field.
func (d *Dialog) Text() string {
	if d.field == nil {
		return ""
	}
	return d.field.Value()
}

// Update takes a key or a paste.
func (d *Dialog) Update(msg tea.Msg, now time.Time) Result {
	if d.early(now) {
		return Result{}
	}
	switch m := msg.(type) {
	case tea.PasteMsg:
		d.paste(m)
	case tea.KeyPressMsg:
		d.notice = ""
		return d.press(m)
	}
	return Result{}
}

// early tells whether a key may have been meant for something else.
func (d *Dialog) early(now time.Time) bool {
	if now.Before(d.o.Opened) {
		d.o.Opened = now // the clock was set back; the time of grace must end all the same
	}
	return d.o.Async && now.Sub(d.o.Opened) < Grace
}

func (d *Dialog) focus() focus { return d.order[d.at] }

// step moves the focus, round the ends.
func (d *Dialog) step(n int) { d.at = (d.at + n + len(d.order)) % len(d.order) }

func (d *Dialog) to(f focus) {
	for n, has := range d.order {
		if has == f {
			d.at = n
		}
	}
}

func (d *Dialog) paste(m tea.PasteMsg) {
	switch {
	case d.focus() == onField:
		d.field.Update(m)
		d.notice = ""
	case d.typed != nil:
		d.notice = "A paste does not count here: type " + text.Escape(d.o.Type) + "."
	default:
		d.notice = "A paste does not answer this: press y or n."
	}
}

func (d *Dialog) press(k tea.KeyPressMsg) Result {
	switch key := k.String(); key {
	case "esc", "alt+esc":
		return Result{Done: true}
	case "tab", "down":
		d.step(1)
	case "shift+tab", "up":
		d.step(-1)
	case "pgdown":
		d.top += min(d.page, d.more)
	case "pgup":
		d.top = max(0, d.top-d.page)
	case "enter":
		return d.enter()
	default:
		if d.focus() == onField || d.focus() == onType {
			d.write(k)
			return Result{}
		}
		return d.button(key)
	}
	return Result{}
}

// enter answers with the focused button. In the text field it goes on; behind what had to be typed it does it.
func (d *Dialog) enter() Result {
	switch d.focus() {
	case onField:
		d.step(1)
		return Result{}
	case onNo:
		return Result{Done: true}
	}
	return d.yes()
}

func (d *Dialog) yes() Result {
	if d.typed != nil && d.typed.Value() != d.o.Type {
		d.notice = "Type exactly " + text.Escape(d.o.Type) + " to go on; esc leaves it."
		d.to(onType)
		return Result{}
	}
	return Result{Done: true, Yes: true}
}

// button takes the keys that work while a button has the focus.
func (d *Dialog) button(key string) Result {
	switch key {
	case "left", "right", "h", "l":
		if d.focus() == onNo {
			d.to(onYes)
		} else {
			d.to(onNo)
		}
	case "y", "Y":
		return d.yes()
	case "n", "N", "q":
		return Result{Done: true}
	}
	return Result{}
}

// write puts a key into the field that has the focus. What is to be typed is typed letter by letter: a terminal may hand over a
// paste as one key.
func (d *Dialog) write(k tea.KeyPressMsg) {
	if d.focus() == onField {
		d.field.Update(k)
		return
	}
	if utf8.RuneCountInString(k.Text) > 1 {
		d.paste(tea.PasteMsg{})
		return
	}
	d.typed.Update(k)
}
