package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// locking locks after a minute.
func locking(o *Options) { o.Settings.LockAfter = time.Minute }

// withSignIn unlocks by signing in alone.
func withSignIn(o *Options) { locking(o); o.Settings.LockSignIn = true }

// blank fails where a locked screen shows anything of a customer, or of what is going on.
func (b *bench) blank() {
	b.t.Helper()
	b.shows("socctl is locked.")
	v := b.m.View()
	for _, s := range []string{"Contoso", "CONT", "28282", "FABR", "Fabrikam", "kai", "customers", "Triage", "new", "Ransomware", "fresh", "https://"} {
		if strings.Contains(v.Content, s) {
			b.t.Errorf("a locked screen shows %q:\n%s", s, v.Content)
		}
	}
	if v.WindowTitle != "socctl" || v.Cursor != nil {
		b.t.Errorf("a locked screen has the title %q, the cursor %v", v.WindowTitle, v.Cursor)
	}
}

func TestTheScreenLocksWhereNobodyIs(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.pass(59 * time.Second)
		b.hides("socctl is locked.")
		b.press("j")
		cursor := b.cursor()
		b.pass(59 * time.Second)
		b.hides("socctl is locked.")
		b.pass(2 * time.Second)
		b.blank()
		b.press("q")
		if b.quit || b.cursor() != cursor {
			t.Error("the key that unlocks does something else")
		}
		b.hides("socctl is locked.")
		b.shows("28282")
	}, locking)
}

func TestWhatCountsAsSomebody(t *testing.T) {
	t.Parallel()
	mouse := tea.MouseWheelMsg{Button: tea.MouseWheelDown}
	for name, c := range map[string]struct {
		msg    tea.Msg
		mouse  bool
		keys   []string
		locked bool
	}{
		"a key":                          {msg: tea.KeyPressMsg{Code: 'j', Text: "j"}},
		"a paste":                        {msg: tea.PasteMsg{Content: "x"}},
		"the mouse":                      {msg: mouse, mouse: true},
		"the mouse over a question":      {msg: mouse, mouse: true, keys: []string{"!", "!"}},
		"the mouse while it is off":      {msg: mouse, locked: true},
		"the window that gets the focus": {msg: tea.FocusMsg{}, locked: true},
		"the window's size":              {msg: tea.WindowSizeMsg{Width: 120, Height: 40}, locked: true},
		"the queue":                      {msg: queueChangedMsg{estate()}, locked: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				b.m.set.Mouse = c.mouse
				b.press(c.keys...)
				b.pass(50 * time.Second)
				b.send(c.msg)
				b.pass(15 * time.Second)
				if b.m.lock.on != c.locked {
					t.Errorf("locked: %v", b.m.lock.on)
				}
			}, locking)
		})
	}
}

// TestTheFirstKeyAfterALongSleepFindsItLocked is a laptop that was closed: no tick came in between.
func TestTheFirstKeyAfterALongSleepFindsItLocked(t *testing.T) {
	t.Parallel()
	for name, msg := range map[string]tea.Msg{"a key": tea.KeyPressMsg{Code: 'q', Text: "q"}, "a paste": tea.PasteMsg{Content: "x"}, "the focus": tea.FocusMsg{},
		"the mouse": tea.MouseClickMsg{Button: tea.MouseLeft, Y: listTop}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				b.m.set.Mouse = true
				now := b.m.o.Now
				b.m.o.Now = func() time.Time { return now().Add(8 * time.Hour) }
				b.send(msg)
				if !b.m.lock.on || b.quit || b.m.detail != nil {
					t.Error("it did not lock, or it did what the key says")
				}
				b.blank()
			}, withSignIn)
		})
	}
}

func TestALockOnDemandKeepsWhatIsOpen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keys []string
		want string
	}{
		"a line":     {[]string{"/", "sev:hi"}, " / sev:hi"},
		"a command":  {[]string{":", "tena"}, " : tena"},
		"a question": {[]string{"!", "!", "CO"}, "Type CONT to go on:  CO"},
		"a choice":   {[]string{"t", "wood"}, "> wood"},
		"a page":     {[]string{"D"}, "CUSTOMER  "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				b.press(c.keys...)
				b.shows(c.want)
				b.pass(2 * time.Minute)
				b.blank()
				b.send(tea.PasteMsg{Content: "secret"})
				b.blank()
				b.press("enter")
				b.shows(c.want)
				if b.m.o.Safety.ReadOnly("").On {
					t.Error("the key did something")
				}
			}, locking)
		})
	}
}

func TestWhatHappensBehindTheLockStaysThere(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press(",", "l")
		b.blank()
		s := b.queue.Snapshot()
		b.queue.publish(with(s, 1, append([]*soc.Incident{incident(b.m.o.Tenants[1], "1300", soc.SeverityHigh, 2*time.Hour, "Ransomware again")}, s.Parts[1].Incidents...)...))
		b.settle()
		b.m.reloaded(reloadedMsg{err: errors.New("no Contoso")})
		b.m.opened(openedMsg{err: errors.New("no Contoso")})
		b.m.copied(copiedMsg{"reference CONT-28282", nil})
		b.pass(5 * time.Minute)
		b.blank()
		b.send(tea.WindowSizeMsg{Width: 60, Height: 15})
		b.blank()
		b.send(tea.WindowSizeMsg{Width: 20, Height: 5})
		if f := b.frame(); strings.Contains(f, "CONT") {
			t.Errorf("in a small window: %s", f)
		}
		b.send(tea.WindowSizeMsg{Width: 120, Height: 40})
		b.press("x")
		b.shows("1 new .")
		b.hides("1300")
	})
}

func TestALockedConsoleCanBeLeft(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*Options){locking, withSignIn} {
		on(t, func(b *bench) {
			b.press(",", "l", "ctrl+c")
			if b.quit {
				t.Fatal("one ctrl+c quit")
			}
			b.blank()
			b.shows("ctrl+c again quits.")
			b.press("ctrl+c")
			if !b.quit {
				t.Error("two did not")
			}
		}, change)
	}
}

func TestOnlyASignInUnlocks(t *testing.T) {
	t.Parallel()
	var s *fakeSession
	on(t, func(b *bench) {
		b.press(",", "l")
		for _, key := range []string{"x", "q", "esc", "j", ":", "ctrl+l", " ", "y"} {
			b.press(key)
			b.blank()
		}
		if b.m.session.running || b.quit {
			t.Fatal("one of them began a sign-in, or quit")
		}
		s.prompt = &Prompt{Code: text.NewLine("ABCD-EFGH"), URL: text.NewLine("microsoft.com/devicelogin")}
		b.press("enter")
		b.blank()
		b.shows("ABCD-EFGH", "microsoft.com/devicelogin")
		b.press("enter", "S")
		b.pass(time.Minute)
		b.blank()
		s.done <- errors.New("the code was not entered")
		b.settle()
		b.blank()
		b.shows("not signed in: the code was not entered")
		b.hides("ABCD-EFGH")
		b.press("S")
		s.done <- nil
		b.settle()
		b.hides("socctl is locked.", "ABCD-EFGH")
		b.shows("28282")
		b.pass(59 * time.Second)
		b.hides("socctl is locked.")
	}, withSignIn, func(o *Options) {
		s = signedIn()
		o.Session = s
	})
}

func TestASignInDoesNotUnlockWhereAKeyDoes(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press(",", "l")
		b.m.signedIn(nil)
		b.blank()
	})
}

func TestNothingLocksByItselfWhereNobodyWantsIt(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.pass(24 * time.Hour)
		b.hides("socctl is locked.")
	})
}
