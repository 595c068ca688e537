package dialog

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
	"github.com/socctl/socctl/internal/ui/widget/prompt"
)

const (
	most  = 78 // cells of text in a line of the box
	least = 46
	tiny  = 24
	frame = 4 // cells that the box takes beside the text
	wraps = 200
)

// Draw gives the box in the middle of height lines, and the place of the cursor, which is -1, -1 where no field has the focus.
func (d *Dialog) Draw(theme *style.Theme, width, height int) (lines []string, x, y int) {
	if width < tiny { // no screen of the console is
		return []string{fit.Cut(text.Escape(d.o.Title), width)}, -1, -1
	}
	room := min(width-frame, most)
	inner := min(room, max(least, d.natural()))
	b := box{theme: theme, inner: inner, left: max(0, (width-inner-frame)/2), x: -1, y: -1}
	b.rule("┌", "┐", text.Escape(d.o.Title))
	d.body(&b, inner, height-2-d.foot())
	d.fields(&b)
	b.text(style.Text, "")
	d.buttons(&b)
	b.rule("└", "┘", "")
	above := max(0, (height-len(b.lines))/2)
	lines = append(make([]string, above), b.lines...)
	for len(lines) < height {
		lines = append(lines, "")
	}
	if b.y < 0 || b.y+above >= height {
		return lines[:max(0, height)], -1, -1
	}
	return lines[:height], b.x, b.y + above
}

// natural is the width that the texts want.
func (d *Dialog) natural() int {
	n := fit.Width(fit.Narrow(text.Escape(d.o.Title))) + 2
	for _, l := range d.o.Lines {
		n = max(n, fit.Width(fit.Narrow(text.Escape(l))))
	}
	if d.typed != nil {
		n = max(n, fit.Width(text.Escape(d.o.Type))+40)
	}
	if d.field != nil {
		n = most
	}
	return n
}

// foot is how many lines stand below the text.
func (d *Dialog) foot() int {
	n := 2 // a blank one, and the buttons
	if d.field != nil || d.typed != nil {
		n++ // a blank one before them
	}
	if d.field != nil {
		n++
	}
	if d.typed != nil {
		n++
	}
	if d.notice != "" {
		n++
	}
	return n
}

// body draws as many lines of the text as have room, and says how many more there are.
func (d *Dialog) body(b *box, width, room int) {
	var all []string
	for _, l := range d.o.Lines {
		wrapped := fit.Wrap(fit.Narrow(text.Escape(l)), width, wraps)
		all = append(all, wrapped...)
	}
	d.page, d.more = max(1, room-1), 0
	if len(all) > room {
		d.top = max(0, min(d.top, len(all)-d.page))
		d.more = len(all) - d.top - d.page
		all = all[d.top:min(len(all), d.top+d.page)]
	} else {
		d.top = 0
	}
	if room < 1 {
		return
	}
	for _, l := range all {
		b.text(style.Text, l)
	}
	switch {
	case d.more > 0:
		b.text(style.Subtle, fmt.Sprintf("%d more lines: pgdown", d.more))
	case d.top > 0:
		b.text(style.Subtle, "the end; pgup goes back")
	}
}

// fields draws what can be typed into, and what was wrong about it.
func (d *Dialog) fields(b *box) {
	if d.field != nil || d.typed != nil {
		b.text(style.Text, "")
	}
	if d.field != nil {
		b.prompt(d.field, d.focus() == onField)
	}
	if d.typed != nil {
		b.prompt(d.typed, d.focus() == onType)
	}
	if d.notice != "" {
		b.text(style.Medium, d.notice)
	}
}

// buttons draws No and Yes on the right. Brackets show the focus where colours do not.
func (d *Dialog) buttons(b *box) {
	no, yes := text.Escape(d.o.No), text.Escape(d.o.Yes)
	share := max(1, (b.inner-10)/2)
	no, yes = fit.Cut(no, share), fit.Cut(yes, share)
	paint := style.Text
	if d.o.Danger {
		paint = style.High
	}
	used := fit.Width(no) + fit.Width(yes) + 9
	b.line(fit.Spaces(b.inner-used)+b.button(no, style.Text, d.focus() == onNo)+" "+b.button(yes, paint, d.focus() == onYes), max(used, b.inner))
}

// box collects the lines of a box.
type box struct {
	theme *style.Theme
	lines []string
	inner int // cells of text in a line
	left  int // blanks in front of it
	x, y  int // of the cursor, among the lines
}

// line frames a painted text of a width.
func (b *box) line(s string, width int) {
	side := b.theme.On(style.Faint, "│")
	b.lines = append(b.lines, fit.Spaces(b.left)+side+" "+s+fit.Spaces(b.inner-width)+" "+side)
}

func (b *box) text(paint style.Token, s string) {
	s = fit.Cut(s, b.inner)
	b.line(b.theme.On(paint, s), fit.Width(s))
}

func (b *box) rule(from, to, title string) {
	if title = fit.Cut(fit.Narrow(title), b.inner-2); title != "" {
		title = " " + title + " "
	}
	rest := strings.Repeat("─", max(0, b.inner+2-fit.Width(title)))
	b.lines = append(b.lines, fit.Spaces(b.left)+b.theme.On(style.Faint, from)+b.theme.On(style.Title, title)+b.theme.On(style.Faint, rest+to))
}

func (b *box) prompt(p *prompt.Prompt, focused bool) {
	s, at := p.Draw(b.theme, b.inner)
	if focused {
		b.x, b.y = b.left+2+at, len(b.lines)
	}
	b.line(s, ansi.StringWidthWc(s))
}

func (b *box) button(word string, paint style.Token, focused bool) string {
	if focused {
		return b.theme.On(style.Selection, "[ "+word+" ]")
	}
	return "  " + b.theme.On(paint, word) + "  "
}
