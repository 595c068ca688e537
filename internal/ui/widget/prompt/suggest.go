package prompt

import (
	"strings"
	"unicode/utf8"

	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
)

// Suggestion is one way to go on.
type Suggestion struct {
	Text string // what it puts into the line
	Note string // what it means
}

// offer is the suggestions for a part of the line, the best first. While tab goes through them, the chosen one stands in the line
// in place of that part.
type offer struct {
	start, end int // in bytes of the value
	items      []Suggestion
	chosen     int
}

// none is chosen until tab is pressed.
const none = -1

// clear forgets the suggestions, because the line changed under them.
func (o *offer) clear() { *o = offer{chosen: none} }

// SetSuggestions offers items for the part of the value from start up to end, in bytes, the best first. It is ignored while tab
// goes through the ones before: they would be narrowed to the one that was just put in.
func (p *Prompt) SetSuggestions(start, end int, items []Suggestion) {
	if p.offer.chosen != none {
		return
	}
	value := p.Value()
	start = max(0, min(start, len(value)))
	p.offer = offer{start: start, end: max(start, min(end, len(value))), items: items, chosen: none}
}

// Suggested tells how many suggestions there are.
func (p *Prompt) Suggested() int { return len(p.offer.items) }

// cycle puts the next suggestion into the line. A single one is taken at once, so that what follows it can be offered.
func (p *Prompt) cycle(step int) bool {
	o := &p.offer
	n := len(o.items)
	switch {
	case n == 0:
		return false
	case o.chosen == none && step < 0:
		o.chosen = n - 1
	default:
		o.chosen = (o.chosen + step + n) % n
	}
	if !p.put(o.items[o.chosen].Text) {
		o.chosen = none
		return false
	}
	if n == 1 {
		o.clear()
	}
	return true
}

// accept takes what stands faint behind the cursor, or ends the choice with what tab put in.
func (p *Prompt) accept() bool {
	o := &p.offer
	switch {
	case o.chosen != none:
	case p.ghost() == "" || !p.put(o.items[0].Text):
		return false
	}
	o.clear()
	return true
}

// put replaces the part of the line that the suggestions are for, unless the line would be too long.
func (p *Prompt) put(s string) bool {
	o := &p.offer
	value := p.Value()
	if o.end > len(value) {
		return false
	}
	head := value[:o.start] + safe(s)
	next := head + value[o.end:]
	if utf8.RuneCountInString(next) > limit {
		return false
	}
	p.history.leave()
	p.input.SetValue(next)
	p.input.SetCursor(utf8.RuneCountInString(head))
	o.end = len(head)
	return true
}

// ghost is the rest of the best suggestion, where the cursor stands at the end of the line and what was typed begins it.
func (p *Prompt) ghost() string {
	o := &p.offer
	value := p.Value()
	if len(o.items) == 0 || o.chosen != none || o.end != len(value) || p.input.Position() < utf8.RuneCountInString(value) {
		return ""
	}
	typed, best := value[o.start:], o.items[0].Text
	if len(best) <= len(typed) || !strings.EqualFold(best[:len(typed)], typed) || !utf8.RuneStart(best[len(typed)]) {
		return ""
	}
	return best[len(typed):]
}

// DrawSuggestions gives at most rows lines with the suggestions, of which the one that stands in the line is marked and in sight.
func (p *Prompt) DrawSuggestions(theme *style.Theme, width, rows int) []string {
	o := &p.offer
	if len(o.items) == 0 || rows < 1 || width < 1 {
		return nil
	}
	first := max(0, min(o.chosen-rows+1, len(o.items)-rows))
	shown := o.items[first:min(len(o.items), first+rows)]
	room := 0
	for _, s := range shown {
		room = max(room, fit.Width(text.Escape(s.Text)))
	}
	room = min(room, max(1, (width-6)*2/3))
	lines := make([]string, 0, len(shown))
	for n, s := range shown {
		marker, paint := "   ", style.Text
		if first+n == o.chosen {
			marker, paint = " > ", style.Selection
		}
		label := fit.Cut(marker+fit.Left(fit.Narrow(text.Escape(s.Text)), room), width)
		note := fit.Cut(fit.Narrow(text.Escape(s.Note)), width-fit.Width(label)-2)
		if note != "" {
			note = "  " + theme.On(style.Subtle, note)
		}
		lines = append(lines, theme.On(paint, label)+note)
	}
	return lines
}
