package ui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
)

// TestTheSameReasonEverywhere holds that what cannot be done says why in the same words, wherever it is offered.
func TestTheSameReasonEverywhere(t *testing.T) {
	t.Parallel()
	for place, sc := range scenes() {
		if sc.scope == action.Overlay {
			continue
		}
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				sc.enter(b)
				b.send(tea.WindowSizeMsg{Width: 240, Height: 200})
				b.m.message = message{}
				footer := b.frame()[strings.LastIndex(b.frame(), "\n"):]
				seen := 0
				for _, a := range b.m.table {
					why := b.m.disabled(a.ID)
					if why == "" {
						continue
					}
					seen++
					if word := footWord(&a, b.m.pageScope()); word != "" && len(a.Keys) > 0 && strings.Contains(footer, " "+b.m.key(a.ID)+" "+word+" ") {
						t.Errorf("the footer offers %s, which says: %s", a.ID, why)
					}
					b.press("ctrl+p")
					b.listed(&a, why)
					b.press("esc")
					if a.In(b.m.scope()) {
						b.press("?")
						b.listed(&a, why)
						b.press("esc")
					}
					b.press(":", string(a.ID))
					b.listed(&a, why)
					b.press("enter")
					if b.said() != why {
						t.Errorf(":%s says %q instead of %q", a.ID, b.said(), why)
					}
					if len(a.Keys) == 1 && a.In(b.m.scope()) && len(a.Keys[0]) == 1 {
						b.press(a.Keys[0])
						if b.said() != why {
							t.Errorf("the key %s says %q instead of %q", a.Keys[0], b.said(), why)
						}
					}
				}
				if seen == 0 {
					t.Error("everything can be done here")
				}
			})
		})
	}
}

// listed checks that a line of a list has an action with a reason.
func (b *bench) listed(a *action.Action, why string) {
	b.t.Helper()
	for l := range strings.SplitSeq(b.frame(), "\n") {
		if strings.Contains(l, why) && (strings.Contains(l, a.Title) || strings.Contains(l, string(a.ID))) {
			return
		}
	}
	b.t.Errorf("%s: the list does not say %q", a.ID, why)
}

func TestThePaletteRunsWhatOnePicks(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press("ctrl+p", "activity", "enter")
		b.shows("  Activity  ")
		b.press("ctrl+p", "sort by the marked", "enter")
		b.says("Not here: it is for the list.")
		b.press("q", "?", "preview on", "enter")
		if b.m.preview.place != PreviewOff {
			t.Error("the help ran nothing")
		}
		b.press("?", "zzzz")
		b.shows("nothing matches")
		b.press("enter")
		if b.m.choice == nil {
			t.Error("enter on nothing closed the list")
		}
		b.press("esc")
		if b.m.choice != nil {
			t.Error("esc does not close it")
		}
		b.press("?", "filter words", "enter", "esc", "?", "the severity", "enter")
		if b.m.choice != nil || b.said() != "" {
			t.Error("a word of the filter language runs something")
		}
	})
}

func TestThePaletteFindsByAliasAndByKey(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]action.ID{"login": action.SignIn, "calls": action.ShowActivity, "@": action.ShowActivity, "!": action.ReadOnly, "W": action.Wide} {
		on(t, func(b *bench) {
			b.press("ctrl+p", typed)
			if i, ok := b.m.choice.Chosen(); !ok || i.Value != string(want) {
				t.Errorf("%s finds %s", typed, i.Value)
			}
		})
	}
}

// remap gives every action that a message names another key.
func remap() map[action.ID]string {
	return map[action.ID]string{
		action.Help: "f1", action.SignIn: "f2", action.Filter: "f3", action.Back: "f4", action.Refresh: "f5", action.ReadOnly: "f6", action.ShowHealth: "f7",
		action.Arrivals: "f8", action.Open: "f9", action.CopyLink: "f10", action.Mouse: "f11", action.Quit: "f12", action.Switch: "alt+s", action.Portal: "alt+p",
		action.QuitNow: "alt+q", action.Down: "alt+j", action.Mark: "alt+m", action.MarkRange: "alt+v", action.SaveSection: "alt+w", action.ColumnLeft: "alt+h",
		action.ColumnRight: "alt+l", action.ToggleAll: "alt+a", action.NextSection: "alt+n",
	}
}

func remapped(o *Options) {
	for id, key := range remap() {
		o.Settings.Keys = append(o.Settings.Keys, keymap.Change{Action: id, Keys: []string{key}})
	}
}

// TestOtherKeysShowEverywhere walks through the messages that name keys, with all of those keys changed.
func TestOtherKeysShowEverywhere(t *testing.T) {
	t.Parallel()
	tall := func(b *bench) { b.send(tea.WindowSizeMsg{Width: 240, Height: 160}) }
	run := func(id action.ID) func(*bench) { return func(b *bench) { b.run(b.m.start(id)); b.settle() } }
	for name, c := range map[string]struct {
		do   func(b *bench)
		want []string
	}{
		"footer":         {tall, []string{"f9 open", "f3 filter", "alt+s customer", "f1 help"}},
		"help":           {func(b *bench) { tall(b); run(action.Help)(b) }, []string{"f9 ", "f3 ", "f7 says why"}},
		"unknown key":    {func(b *bench) { b.press("%") }, []string{"% is not bound here. f1 lists what is."}},
		"paste":          {func(b *bench) { b.send(tea.PasteMsg{Content: "x"}) }, []string{"f3 opens the filter"}},
		"link":           {run(action.Portal), []string{"f10 copies the link", "f4 goes back", "f10 copy link   f4 back"}},
		"sign-in":        {func(b *bench) { b.m.signIn = &Prompt{} }, []string{"f4 hides this"}},
		"not signed in":  {func(b *bench) { b.m.session = sessionState{}; b.press("R") }, []string{"f2 signs in"}},
		"footer without": {func(b *bench) { b.m.session = sessionState{} }, []string{"f2 sign in"}},
		"failed sign-in": {func(b *bench) { b.m.signedIn(rawError("no")) }, []string{"f2 tries again"}},
		"mouse":          {run(action.Mouse), []string{"f11 puts it off"}},
		"quit":           {run(action.QuitNow), []string{"alt+q again quits"}},
		"outermost":      {run(action.Back), []string{"f12 quits"}},
		"all customers":  {run(action.ToggleAll), []string{"alt+s switches to one"}},
		"marks":          {run(action.ClearMarks), []string{"alt+m marks a row"}},
		"range":          {run(action.MarkRange), []string{"alt+v marks it, f4 forgets it"}},
		"wide":           {run(action.Wide), []string{"alt+h and alt+l scroll"}},
		"columns":        {func(b *bench) { b.command("columns cust,id,title") }, []string{"alt+w keeps them"}},
		"copy error":     {func(b *bench) { b.m.copied(copiedMsg{"link", rawError("x")}) }, []string{"alt+p shows the link"}},
		"browser":        {func(b *bench) { b.m.browsed(browsedMsg{err: rawError("x")}) }, []string{"f10 copies the link"}},
		"more lines": {func(b *bench) {
			b.opens.answer = opened(b)
			b.run(b.m.start(action.Open))
			b.settle()
		}, []string{"more lines: alt+j"}},
		"open error": {func(b *bench) {
			b.opens.answer = func(soc.Ref) (*soc.Incident, error) { return nil, rawError("no answer") }
			b.run(b.m.start(action.Open))
			b.settle()
		}, []string{"f5 tries again"}},
		"empty": {func(b *bench) { b.command("filter zzz") }, []string{"press f7 to see why", "f4 clears the filter"}},
		"nothing here": {func(b *bench) { b.command("filter zzz"); b.pass(time.Second); b.run(b.m.start(action.Open)) },
			[]string{"There is no incident here: alt+n goes to another section, alt+a to all customers."}},
		"arrivals": {func(b *bench) {
			b.press("j")
			s := b.queue.Snapshot()
			b.queue.publish(with(s, 1, append([]*soc.Incident{incident(b.m.o.Tenants[1], "9", soc.SeverityHigh, time.Hour, "New")}, s.Parts[1].Incidents...)...))
			b.settle()
		}, []string{"1 new f8"}},
		"read only": {func(b *bench) {
			b.m.o.Safety.SetReadOnly(b.m.o.Tenants[0].ID, true, time.Time{})
			b.m.say(0, "%s", b.m.readOnlyWhy(b.m.o.Tenants[0]))
		}, []string{"f6 unlocks it"}},
		"preview": {func(b *bench) {
			i := b.m.snap.Parts[0].Incidents[0]
			for n := range 20 {
				i.Digest.Heads = append(i.Digest.Heads, head("Head "+string(rune('a'+n)), time.Hour, "x"))
			}
		}, []string{"more: f9 opens CONT-28282"}},
		"nothing to search": {func(b *bench) { b.command("wood-311"); b.press("n") }, []string{"f3 searches"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				c.do(b)
				b.settle()
				b.shows(c.want...)
			}, remapped, withFiles)
		})
	}
}

func TestASequenceShowsHowItGoesOn(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press(",")
		b.shows(" ,   ", "p privacy", "t theme", "l lock", "r reload", "esc forget")
		b.press("p")
		b.says("Names of customers and users are masked")
		b.press(",", "x")
		b.says(", x is not bound here. ? lists what is.")
		if b.m.choice != nil || len(b.m.pending) != 0 {
			t.Error("the key that does not go on did something else")
		}
		b.press(",", "q")
		if b.quit {
			t.Error("a key behind an unknown sequence acted by itself")
		}
		b.press(",", "esc")
		if b.said() != "" || len(b.m.pending) != 0 || b.m.queue.Filter.String() != "" {
			t.Errorf("esc does more than to forget: %q", b.said())
		}
		b.press(",")
		b.send(tea.PasteMsg{Content: "p"})
		if len(b.m.pending) != 0 || b.m.mask == nil {
			t.Error("a paste went on with the sequence, or left it open")
		}
		b.press(",", "ctrl+c", "ctrl+c")
		if !b.quit {
			t.Error("ctrl+c does not quit from within a sequence")
		}
	})
}

func TestASequenceIsForgottenWhenTheScreenLocks(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press(",")
		b.pass(2 * time.Minute)
		if !b.m.lock.on {
			t.Fatal("it did not lock")
		}
		b.press("x", "p")
		if b.m.mask != nil || b.m.preview.place != PreviewOff {
			t.Error("the sequence went on behind the lock")
		}
	}, func(o *Options) { o.Settings.LockAfter = time.Minute })
}

func TestTheFilterLineCompletes(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press("/", "sev:h")
		b.shows("high")
		b.send(tea.KeyPressMsg{Code: tea.KeyRight})
		if got := b.m.line.prompt.Value(); got != "sev:high" {
			t.Errorf("right gives %q", got)
		}
		b.press(" ten", "tab")
		if got := b.m.line.prompt.Value(); got != "sev:high tenant:" {
			t.Errorf("tab gives %q", got)
		}
		b.press("fa", "tab", "enter")
		if b.order() != "1204" || b.m.queue.Filter.String() != "sev:high tenant:FABR" {
			t.Errorf("%s shows %s", b.m.queue.Filter.String(), b.order())
		}
	})
}

func TestEscBringsListAndCursorBack(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press("6", "j", "j")
		order, cursor := b.order(), b.cursor()
		b.press("/", "sev:high")
		b.pass(time.Second)
		if b.order() == order {
			t.Fatal("the list does not follow")
		}
		b.press("esc")
		if b.order() != order || b.cursor() != cursor {
			t.Errorf("%s at %s came back, not %s at %s", b.order(), b.cursor(), order, cursor)
		}
		b.press("/", "sev:", "esc")
		b.pass(time.Second)
		if b.order() != order || b.cursor() != cursor {
			t.Errorf("after a line that was left at once: %s at %s", b.order(), b.cursor())
		}
	})
}

func TestTypingWhileTheQueueChanges(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press("6", "/", "sev:hi")
		s := b.queue.Snapshot()
		b.queue.publish(with(s, 1, append([]*soc.Incident{incident(b.m.o.Tenants[1], "1300", soc.SeverityHigh, 2*time.Hour, "New and high")}, s.Parts[1].Incidents...)...))
		b.settle()
		if got := b.m.line.prompt.Value(); got != "sev:hi" {
			t.Fatalf("the line holds %q", got)
		}
		b.press("gh")
		b.pass(time.Second)
		b.press("enter")
		b.pass(time.Second)
		if !strings.Contains(b.order(), "1300") || strings.Contains(b.order(), "28290") {
			t.Errorf("order %s", b.order())
		}
		b.shows("/ sev:high · 3")
	})
}

func TestSearchingAPage(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.opens.answer = opened(b)
		b.press("enter")
		b.frame()
		b.press("/", "alert 3")
		b.frame()
		b.press("enter")
		b.shows(">")
		b.press("n")
		b.says("Match 2 of 11 for \"alert 3\".")
		b.press("N", "N")
		b.says("Match 11 of 11")
		b.press("/")
		b.shows(" / alert 3")
		b.send(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
		b.press("zzz")
		b.shows(`Nothing on this page has "zzz".`)
		b.press("esc")
		if b.m.detail.Word() != "alert 3" {
			t.Errorf("esc leaves the search at %q", b.m.detail.Word())
		}
		b.hides("zzz")
	})
}

func TestSearchingCustomersAndActivity(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press("R", "D", "/", "wood")
		b.shows("Woodgrove Bank")
		b.hides("Fabrikam")
		b.press("enter", "enter")
		b.shows("> Woodgrove Bank")
		b.press("D", "/", "zzz")
		b.shows(`No customer has "zzz".`)
		b.press("enter", "enter")
		b.says("This line is about no customer.")
		b.press("/", "esc")
		if b.m.customers.Word() != "zzz" {
			t.Error("esc takes away a search that was kept")
		}
		b.press("@", "/", "reading all")
		b.shows("Reading all customers again.")
		b.press("x")
		b.shows(`Nothing has "reading allx".`)
		b.press("esc")
		b.shows("Reading all customers again.")
	})
}
