package detail

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Find looks for a word on the page, in any case, and goes to the first line at or below the top that has it. It tells how
// many lines do.
func (p *Page) Find(word string) int {
	p.word = strings.ToLower(strings.TrimSpace(word))
	p.hits = find(p.lines, p.word)
	p.hit = max(0, slices.IndexFunc(p.hits, func(at int) bool { return at >= p.top }))
	p.reveal()
	return len(p.hits)
}

// Next goes n matches on, round at the ends. It tells which one of how many that is, counted from 1.
func (p *Page) Next(n int) (at, of int) {
	if len(p.hits) == 0 {
		return 0, 0
	}
	p.hit = ((p.hit+n)%len(p.hits) + len(p.hits)) % len(p.hits)
	p.reveal()
	return p.hit + 1, len(p.hits)
}

// Word is what is searched for.
func (p *Page) Word() string { return p.word }

// reveal scrolls to the match that the search stands on.
func (p *Page) reveal() {
	if p.hit >= len(p.hits) {
		return
	}
	if at := p.hits[p.hit]; at < p.top || at >= p.top+p.rows-1 {
		p.scroll(at - p.rows/3)
	}
}

func find(lines []string, word string) []int {
	if word == "" {
		return nil
	}
	var hits []int
	for n, l := range lines {
		if strings.Contains(strings.ToLower(ansi.Strip(l)), word) {
			hits = append(hits, n)
		}
	}
	return hits
}
