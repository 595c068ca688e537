package ui

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

func wheel(button tea.MouseButton) tea.Msg { return tea.MouseWheelMsg{Button: button} }
func click(x, y int) tea.Msg               { return tea.MouseClickMsg{Button: tea.MouseLeft, X: x, Y: y} }

// mouseOn is a console with the mouse, over all incidents, that was drawn once.
func mouseOn(t *testing.T, f func(b *bench), change ...func(*Options)) {
	t.Helper()
	on(t, func(b *bench) {
		b.press("6")
		b.frame()
		f(b)
	}, append(change, func(o *Options) { o.Settings.Mouse = true })...)
}

func TestTheMouseIsOffUnlessAsked(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.frame()
		if got := b.m.View().MouseMode; got != tea.MouseModeNone {
			t.Errorf("the terminal is asked for the mouse: %v", got)
		}
		cursor := b.cursor()
		b.send(wheel(tea.MouseWheelDown), click(5, listTop+1), click(5, listTop+1))
		if b.cursor() != cursor || b.m.detail != nil {
			t.Error("a mouse that is off does something")
		}
		b.press("m")
		b.says("The mouse is on: click and wheel work here; shift and drag selects text. m puts it off.")
		if got := b.m.View().MouseMode; got != tea.MouseModeCellMotion {
			t.Errorf("mouse mode %v", got)
		}
		b.press("m")
		b.says("The mouse is off")
		if got := b.m.View().MouseMode; got != tea.MouseModeNone {
			t.Errorf("mouse mode %v", got)
		}
	})
}

func TestTheWheelMovesTheCursor(t *testing.T) {
	t.Parallel()
	mouseOn(t, func(b *bench) {
		first := b.cursor()
		b.send(wheel(tea.MouseWheelDown))
		second := b.cursor()
		if second == first {
			t.Fatal("down does not move")
		}
		b.send(wheel(tea.MouseWheelLeft), wheel(tea.MouseWheelRight))
		if b.cursor() != second {
			t.Error("the wheel to the side moves up or down")
		}
		b.send(wheel(tea.MouseWheelUp))
		if b.cursor() != first {
			t.Error("up does not move back")
		}
		b.press("D")
		before := b.frame()
		b.send(wheel(tea.MouseWheelDown))
		if b.frame() == before {
			t.Error("the customers do not scroll")
		}
	})
}

func TestClicks(t *testing.T) {
	t.Parallel()
	mouseOn(t, func(b *bench) {
		first := b.cursor()
		for _, y := range []int{0, 1, listTop - 1, listTop + 20, 30, 39, 200, -1} {
			b.send(click(5, y))
		}
		b.send(tea.MouseClickMsg{Button: tea.MouseRight, Y: listTop + 1}, tea.MouseClickMsg{Button: tea.MouseMiddle, Y: listTop + 1},
			tea.MouseReleaseMsg{Button: tea.MouseLeft, Y: listTop + 1}, tea.MouseMotionMsg{Button: tea.MouseLeft, Y: listTop + 1})
		if b.cursor() != first || b.m.detail != nil {
			t.Errorf("a click beside the rows went to %s", b.cursor())
		}
		b.send(click(5, listTop+2))
		if b.cursor() == first || b.m.detail != nil {
			t.Error("a click on a row does not go there, or opens it at once")
		}
		want := b.cursor()
		b.send(click(70, listTop+2))
		if b.m.detail == nil || b.m.detail.Incident.Ref.String() != want {
			t.Error("the second click does not open it")
		}
		b.send(click(5, listTop))
		b.shows("> " + want)
	})
}

func TestClicksOnARowThatTheListShows(t *testing.T) {
	t.Parallel()
	mouseOn(t, func(b *bench) {
		lines := b.lines()
		for y := listTop; y < listTop+b.m.queue.Len(); y++ {
			b.send(click(3, y))
			if b.m.detail != nil {
				b.press("q")
			}
			if got := b.lines()[y][:3]; got != " > " {
				t.Errorf("a click on line %d leaves the marker elsewhere:\n%s\nwas %s", y, b.frame(), lines[y])
			}
		}
	})
}

func (b *bench) lines() []string {
	var all []string
	start := 0
	f := b.frame()
	for n := range len(f) {
		if f[n] == '\n' {
			all = append(all, f[start:n])
			start = n + 1
		}
	}
	return append(all, f[start:])
}

func TestClicksWhereSomethingElseLies(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{"a line": {"/"}, "a choice": {"t"}, "a question": {"!", "!"}, "a link": {"o"}, "a lock": {",", "l"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mouseOn(t, func(b *bench) {
				cursor := b.cursor()
				b.press(keys...)
				before := b.frame()
				b.send(click(5, listTop+2), click(5, listTop+2), wheel(tea.MouseWheelDown))
				if b.frame() != before || b.cursor() != cursor || b.m.detail != nil {
					t.Error("a click reaches what lies behind")
				}
			})
		})
	}
}

func TestAClickOnThePreviewOpensNothing(t *testing.T) {
	t.Parallel()
	mouseOn(t, func(b *bench) {
		b.press("P")
		b.frame()
		cursor := b.cursor()
		for _, y := range []int{listTop + 2, listTop} {
			b.send(click(110, y))
			if b.cursor() != cursor || b.m.detail != nil {
				t.Error("a click on the preview is one on the row beside it")
			}
		}
		b.send(click(20, listTop+2))
		if b.cursor() == cursor {
			t.Error("a click on the list does nothing")
		}
	})
}

func TestAClickIsForgottenBySequences(t *testing.T) {
	t.Parallel()
	mouseOn(t, func(b *bench) {
		b.press(",")
		b.send(click(5, listTop+1))
		b.press("p")
		if b.m.mask != nil {
			t.Error("a sequence went on over a click")
		}
	})
}

// TestAClickFindsTheRowThatWasDrawn clicks while the first customers are still being read, when rows go where they belong.
func TestAClickFindsTheRowThatWasDrawn(t *testing.T) {
	t.Parallel()
	mouseOn(t, func(b *bench) {
		b.send(click(5, listTop+1))
		want := b.cursor()
		s := b.queue.Snapshot()
		b.queue.publish(with(s, 3, incident(b.m.o.Tenants[3], "1", "high", 9*time.Hour, "Worst of all")))
		b.settle()
		if b.cursor() != want {
			t.Errorf("what came in moved the cursor from %s to %s", want, b.cursor())
		}
	})
}
