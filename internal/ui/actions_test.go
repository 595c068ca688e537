package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
)

// on runs a test on a console over the estate, in a bubble of its own.
func on(t *testing.T, f func(b *bench), change ...func(*Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		t.Helper()
		f(newBench(t, estate(), 120, 40, change...))
	})
}

// command types a command and enters it.
func (b *bench) command(line string) {
	b.t.Helper()
	b.press(":", line, "enter")
}

// said is the line in the footer.
func (b *bench) said() string { return b.m.message.text }

// says checks the line in the footer.
func (b *bench) says(want string) {
	b.t.Helper()
	if got := b.said(); !strings.Contains(got, want) {
		b.t.Errorf("the console says %q, not %q", got, want)
	}
}

// opened gives the incident with enough alerts to scroll.
func opened(b *bench) func(soc.Ref) (*soc.Incident, error) {
	return func(ref soc.Ref) (*soc.Incident, error) {
		i, ok := b.queue.Snapshot().Find(ref)
		if !ok {
			return nil, errors.New("not there")
		}
		full := *i
		for n := range 40 {
			full.Alerts = append(full.Alerts, soc.Alert{Title: text.NewLine(fmt.Sprintf("Alert %d", n)), Created: noon()})
		}
		return &full, nil
	}
}

// scene is a place in the console where actions can be started, with something above and below the cursor.
type scene struct {
	scope action.Scope
	enter func(b *bench)
}

func scenes() map[string]scene {
	session := func(b *bench) {
		b.m.signIn = &Prompt{Code: line("ABCD-EFGH"), URL: line("https://microsoft.com/devicelogin")}
	}
	return map[string]scene{
		"list": {action.List, func(b *bench) {
			b.frame()
			b.press("6", "j", "l", "l", "l", "l", "l")
			b.pass(time.Second)
		}},
		"incident": {action.Incident, func(b *bench) {
			b.opens.answer = opened(b)
			b.press("enter")
			b.frame()
			b.press("j", "j")
		}},
		"customers": {action.Customers, func(b *bench) { b.press("D") }},
		"activity": {action.Activity, func(b *bench) {
			for range 30 {
				b.press("R")
				b.pass(time.Second)
			}
			b.press("@")
			b.frame()
			b.press("j", "j")
		}},
		"link":    {action.Overlay, func(b *bench) { b.press("o") }},
		"sign-in": {action.Overlay, session},
	}
}

// state is all that an analyst could notice.
func (b *bench) state() string {
	return fmt.Sprint(b.m.View().Content, b.m.View().MouseMode, b.quit, b.raw, b.queue.refreshed, b.m.lock.on, b.m.session.running)
}

func TestNoActionDoesNothingSilently(t *testing.T) {
	t.Parallel()
	for name, place := range scenes() {
		for _, a := range action.All() {
			if !a.In(place.scope) {
				continue
			}
			t.Run(name+"/"+string(a.ID), func(t *testing.T) {
				t.Parallel()
				on(t, func(b *bench) {
					b.send(tea.WindowSizeMsg{Width: 120, Height: 24})
					place.enter(b)
					b.m.message = message{}
					if got := b.m.scope(); got != place.scope {
						t.Fatalf("the scene is %s", got)
					}
					before := b.state()
					cmd := b.m.start(a.ID)
					b.run(cmd)
					b.settle()
					b.pass(longRest)
					if a.ID == action.Redraw || a.ID == action.Suspend {
						if cmd == nil {
							t.Error("the terminal is asked for nothing")
						}
						return
					}
					if b.state() == before {
						t.Errorf("it does nothing and says nothing:\n%s", b.frame())
					}
				}, withFiles)
			})
		}
	}
}

func TestKeysDuringADialogThatTheProgramOpened(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press(":", "tena")
		b.m.session.running, b.m.session.prompt = true, &Prompt{Code: line("ABCD-EFGH"), URL: line("https://microsoft.com/devicelogin")}
		b.send(promptDueMsg{})
		b.press("nt wood", "enter")
		if b.m.queue.Where != tenantWhere(b.m.o.Tenants[2]) {
			t.Errorf("what was being typed got lost: %+v, %s", b.m.queue.Where, b.said())
		}
		b.hides("ABCD-EFGH")
		b.pass(patience)
		b.shows("ABCD-EFGH")
		b.press("j", "p", "x", "enter")
		if b.m.signIn == nil || b.m.preview.place == PreviewOff || b.m.detail != nil {
			t.Error("keys that were meant for the list did something behind the sign-in")
		}
		b.press("esc")
		b.hides("ABCD-EFGH")
	})
}

func TestReasonsAreSentences(t *testing.T) {
	t.Parallel()
	empty := func(o *Options) {
		s := *estate()
		s.Parts = nil
		o.Queue.(*fakeQueue).snap.Store(&s)
		o.Files, o.Session = Files{}, &fakeSession{done: make(chan error, 1)}
	}
	seen := 0
	for name, change := range map[string][]func(*Options){"with rows": nil, "empty": {empty}} {
		for place, sc := range scenes() {
			if name == "empty" && sc.scope != action.List && sc.scope != action.Customers {
				continue
			}
			on(t, func(b *bench) {
				sc.enter(b)
				for _, a := range b.m.table {
					why := b.m.disabled(a.ID)
					if why == "" {
						continue
					}
					seen++
					if first := []rune(why)[0]; unicode.IsLower(first) || !strings.HasSuffix(why, ".") || strings.Contains(why, "  ") || strings.Contains(why, "..") {
						t.Errorf("%s, %s, %s: %q is no sentence", name, place, a.ID, why)
					}
				}
			}, change...)
		}
	}
	if seen < 50 {
		t.Errorf("%d reasons were looked at", seen)
	}
}

func TestReasonsNameTheWayOut(t *testing.T) {
	t.Parallel()
	keys := func(o *Options) {
		o.Settings.Keys = []keymap.Change{{Action: action.Mark, Keys: []string{"f2"}}, {Action: action.SignIn, Keys: []string{"f3"}}, {Action: action.Filter, Keys: []string{"f4"}},
			{Action: action.Switch, Keys: []string{"f5"}}}
		o.Session = &fakeSession{done: make(chan error, 1)}
	}
	on(t, func(b *bench) {
		for id, want := range map[action.ID]string{action.ClearMarks: "f2 ", action.Refresh: "f3 ", action.RefreshAll: "f3 "} {
			if why := b.m.disabled(id); !strings.Contains(why, want) {
				t.Errorf("%s: %q does not name %s", id, why, want)
			}
		}
		b.m.detail = nil
		b.press("enter")
		if why := b.m.disabled(action.FindNext); !strings.Contains(why, "f4 ") {
			t.Errorf("%q does not name the key", why)
		}
	}, keys)
}

func TestNextMatchIsForTheIncidentThatShows(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press("enter", "/", "high", "enter", "@")
		b.m.message = message{}
		b.run(b.m.start(action.FindNext))
		b.says("Not here: it is for an incident.")
	})
}

// TestHostileKeys types characters that a terminal can send and that no screen may show.
func TestHostileKeys(t *testing.T) {
	t.Parallel()
	for _, what := range []string{":", "/", ":tenant ", ":filter title:", ":open ", ":theme ", ":sort ", ":section ", ":columns ", ":copy ", ":group ", ":mouse ", ":x"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				b.press(what[:1])
				b.press(what[1:])
				for _, r := range "\u202e\u200b\u009b\u0301\ue000" {
					b.send(tea.KeyPressMsg{Code: r, Text: string(r)})
				}
				check := func() {
					t.Helper()
					if f := b.m.View().Content; strings.ContainsAny(ansi.Strip(f), "\u202e\u200b\u009b\ue000") {
						t.Errorf("it reaches the screen: %q", b.said())
					}
				}
				check()
				b.pass(time.Second)
				check()
				b.press("enter")
				check()
				b.press("esc")
				b.press("@")
				check()
			})
		})
	}
}
