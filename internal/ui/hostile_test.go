package ui

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/testkit/tty"
	"github.com/socctl/socctl/internal/text/hostile"
)

// shape is a terminal that hostile text is drawn on.
type shape struct {
	width   int
	profile colorprofile.Profile
}

func shapes() []shape {
	var all []shape
	for _, w := range []int{60, 80, 121, 200} {
		for _, p := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI, colorprofile.ASCII} {
			all = append(all, shape{w, p})
		}
	}
	return all
}

// probes are texts without malice that show where a field is: short, long, wide, with a mark, with a warning.
func probes() []string {
	all := []string{"p\u200b", "a\u00a0b", strings.Repeat("漢", 300), "n" + strings.Repeat("漢", 300)}
	for n := 10; n < 60; n += 10 {
		all = append(all, strings.Repeat("m", n))
	}
	return append([]string{
		"plain", "q", strings.Repeat("nnnn ", 300), strings.Repeat("n", 1500), strings.Repeat("漢字 ", 300), "pla\u200bin", strings.Repeat("mmm\u200b ", 300),
		strings.Repeat("n ", 600), strings.Repeat("n ", 600)[1:], "\u0301m", "\u0430bc \u2500", strings.Repeat("\u0430bc\u2500\u200b ", 200), strings.Repeat("one\ntwo\n", 60),
	}, all...)
}

// TestHostileTextStaysInItsField draws every hostile text in every place that shows text from outside, and compares with
// the frames of harmless texts in the same place: no sequence that is not ours, no forbidden character, no line wider than
// the screen, no cell changed outside of the field.
func TestHostileTextStaysInItsField(t *testing.T) {
	t.Parallel()
	var frames atomic.Int64
	for _, p := range places() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := stageOf(t)
				p.open(s)
				s.b.settle()
				for n, sh := range shapes() {
					if stride > 12 && n%5 != 0 { // under the race detector
						continue
					}
					s.size(sh, p.height())
					bounds := p.bounds(t, s)
					for k, sample := range hostile.Corpus() {
						if (k+n+n/3)%stride != 0 {
							continue
						}
						frames.Add(1)
						if err := bounds.check(s.show(p, sample.Text)); err != nil {
							t.Errorf("%s at width %d, profile %s: %v", sample.Name, sh.width, sh.profile, err)
						}
						if t.Failed() {
							return
						}
					}
					runtime.Gosched()
				}
			})
		})
	}
	t.Cleanup(func() { t.Logf("%d frames", frames.Load()) })
}

// size gives the console a terminal.
func (s *stage) size(sh shape, height int) {
	s.b.send(tea.ColorProfileMsg{Profile: sh.profile}, tea.WindowSizeMsg{Width: sh.width, Height: height})
	s.width = sh.width
}

// show puts a text in its place and draws.
func (s *stage) show(p spot, text string) []string {
	p.set(s, text)
	if s.b.m.detail != nil {
		s.b.m.detail.Redraw()
	}
	return strings.Split(s.b.m.View().Content, "\n")
}

// bounds say what of a frame a text may change.
type bounds struct {
	width int
	base  []string
	// Of a field with a fixed place: the first and the last cell of each line that it may change.
	from, to []int
	// Of a field that flows over lines: the lines before it and after it, which it may move but not change.
	flow         bool
	before, tail int
}

// bounds finds them with harmless texts.
func (p spot) bounds(t *testing.T, s *stage) bounds {
	t.Helper()
	var frames [][]string
	for _, text := range append(probes(), p.more...) {
		f := s.show(p, text)
		frames = append(frames, f)
		if err := sane(f, s.width, p.height()); err != nil {
			t.Fatalf("harmless text at width %d: %v", s.width, err)
		}
	}
	b := bounds{width: s.width, base: frames[0], flow: p.flow, before: len(frames[0]), tail: len(frames[0])}
	if p.flow {
		for _, f := range frames[1:] {
			before, tail := common(b.base, f)
			b.before, b.tail = min(b.before, before), min(b.tail, tail)
		}
		if b.before < 1 || b.tail < 1 || b.before == len(b.base) && s.width > 120 {
			t.Fatalf("%d lines before and %d after the field: the place was not found", b.before, b.tail)
		}
		return b
	}
	b.from, b.to = make([]int, p.height()), make([]int, p.height())
	found := false
	for y := range b.base {
		b.from[y], b.to[y] = s.width, -1
		for _, f := range frames[1:] {
			for _, x := range differ(b.base[y], f[y], s.width) {
				b.from[y], b.to[y], found = min(b.from[y], x), max(b.to[y], x), true
			}
		}
	}
	if !found && s.width > 120 {
		t.Fatal("harmless texts change nothing: the place was not found")
	}
	return b
}

// check compares a frame with the base.
func (b bounds) check(frame []string) error {
	if err := sane(frame, b.width, len(b.base)); err != nil {
		return err
	}
	if b.flow {
		if before, tail := common(b.base, frame); before < b.before || tail < b.tail {
			return fmt.Errorf("%d lines before and %d after the field are as they were, not %d and %d:\n%s", before, tail, b.before, b.tail, strings.Join(frame, "\n"))
		}
		return nil
	}
	for y := range frame {
		for _, x := range differ(b.base[y], frame[y], b.width) {
			if x < b.from[y] || x > b.to[y] {
				return fmt.Errorf("cell %d of line %d changed, outside of %d to %d:\n%s\n%s", x, y, b.from[y], b.to[y], b.base[y], frame[y])
			}
		}
	}
	return nil
}

// sane checks a frame by itself.
func sane(frame []string, width, height int) error {
	if len(frame) != height {
		return fmt.Errorf("%d lines instead of %d", len(frame), height)
	}
	for y, line := range frame {
		if err := tty.Scan([]byte(line), tty.Frame); err != nil {
			return fmt.Errorf("line %d: %w", y, err)
		}
		if strings.ContainsAny(line, "\r\t\b") {
			return fmt.Errorf("line %d holds a control: %q", y, line)
		}
		if w := ansi.StringWidthWc(line); w > width {
			return fmt.Errorf("line %d has %d cells on a screen of %d: %q", y, w, width, line)
		}
	}
	return nil
}

// common counts the lines that two frames have in common from above, and from below without the blank ones that fill the
// page, in front of the last one, which is the footer.
func common(a, b []string) (before, tail int) {
	for before < len(a) && a[before] == b[before] {
		before++
	}
	if a[len(a)-1] != b[len(b)-1] {
		return before, 0
	}
	a, b = filled(a), filled(b)
	for tail = 0; tail < min(len(a), len(b)) && a[len(a)-1-tail] == b[len(b)-1-tail]; tail++ {
	}
	return before, tail + 1
}

func filled(lines []string) []string {
	lines = lines[:len(lines)-1]
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// differ lists the cells in which two lines differ.
func differ(a, b string, width int) []int {
	if a == b {
		return nil
	}
	one, two := cellsOf(a, width), cellsOf(b, width)
	var at []int
	for x := range width {
		if c, d := one.CellAt(x, 0), two.CellAt(x, 0); !c.Equal(d) {
			at = append(at, x)
		}
	}
	return at
}

func cellsOf(line string, width int) uv.ScreenBuffer {
	buf := uv.NewScreenBuffer(width, 1)
	uv.NewStyledString(line).Draw(buf, buf.Bounds())
	return buf
}

// rawError is an error whose text is not safe.
func rawError(s string) error { return fmt.Errorf("read: %w", errors.New(s)) }

// problem is an error as the client side makes it.
func problem(s string) error {
	return &soc.Problem{Kind: soc.ProblemRefused, Summary: line(s), Next: line(s), RequestID: line(s)}
}
