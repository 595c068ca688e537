package prompt

import "slices"

// history is what was entered before, the oldest first, and where in it the line stands. Behind the last entry stands what was
// being typed.
type history struct {
	entries []string
	at      int
	draft   string
}

// SetHistory gives the lines that up and down go through, the oldest first. The caller keeps them.
func (p *Prompt) SetHistory(entries []string) {
	p.history = history{entries: slices.Clone(entries), at: len(entries)}
}

// recall goes to an older (-1) or newer (1) line. What was being typed is not lost.
func (p *Prompt) recall(step int) bool {
	h := &p.history
	to := h.at + step
	if to < 0 || to > len(h.entries) {
		return false
	}
	if h.at == len(h.entries) {
		h.draft = p.Value()
	}
	h.at = to
	if to == len(h.entries) {
		p.SetValue(h.draft)
	} else {
		p.SetValue(h.entries[to])
	}
	return true
}

// leave makes the line a new one, once it was changed.
func (h *history) leave() { h.at = len(h.entries) }
