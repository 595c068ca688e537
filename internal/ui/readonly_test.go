package ui

import (
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
)

// locks are the fake that a bench has.
func (b *bench) locks() *fakeSafety { return b.m.o.Safety.(*fakeSafety) }

func TestLockingIsImmediateAndUnlockingIsNot(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		cont := b.m.o.Tenants[0]
		b.press("!")
		b.says("Contoso Ltd (CONT): read only from now on.")
		if got := b.locks().locked[cont.ID]; !got.On || b.m.o.Safety.ReadOnly(b.m.o.Tenants[1].ID).On {
			t.Errorf("locked: %+v", b.locks().locked)
		}
		b.press("!")
		b.shows("Unlock Contoso Ltd (CONT)", "Changes can then be made there for 15m", "Type CONT to go on")
		b.press("!", "enter", "y", "enter", "tab", "tab", "enter", "y")
		if !b.m.o.Safety.ReadOnly(cont.ID).On {
			t.Fatal("it was unlocked without the code")
		}
		b.press("esc", "esc", "!")
		b.send(tea.PasteMsg{Content: "CONT"})
		b.shows("A paste does not count here: type CONT.")
		b.press("enter")
		b.shows("Type exactly CONT to go on")
		b.press("cont", "enter")
		if !b.m.o.Safety.ReadOnly(cont.ID).On {
			t.Fatal("it was unlocked with something else than the code")
		}
		b.press("esc")
		b.hides("Unlock Contoso")
		b.press("!", "CONT")
		b.pass(time.Minute)
		b.press("enter")
		got := b.locks().locked[cont.ID]
		if want := noon().Add(time.Minute + 15*time.Minute); got.On || !got.Until.Equal(want) {
			t.Errorf("unlocked: %+v, want until %s", got, want)
		}
		b.says("Contoso Ltd (CONT): unlocked until 14:38Z.")
	})
}

func TestKeysPressedQuicklyNeverUnlock(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		for range 20 {
			b.m.Update(tea.KeyPressMsg{Code: '!', Text: "!"})
		}
		b.settle()
		if !b.m.o.Safety.ReadOnly(b.m.o.Tenants[0].ID).On {
			t.Error("the customer is not read only")
		}
		b.press("esc")
		b.command("read-only-all")
		b.command("read-only-all")
		b.press("enter", "enter")
		if !b.m.o.Safety.ReadOnly("").On {
			t.Error("all were unlocked by themselves")
		}
	})
}

func TestTheTimeOfRelockingIsTheConfigurations(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press("!", "!")
		b.shows("for 5m")
		b.press("CONT", "enter")
		if got := b.locks().locked[b.m.o.Tenants[0].ID].Until; !got.Equal(noon().Add(5 * time.Minute)) {
			t.Errorf("until %s", got)
		}
	}, func(o *Options) { o.Settings.RelockAfter = 5 * time.Minute })
}

func TestAllAreLockedTogether(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.command("read-only-all on")
		b.shows("All customers · read only")
		b.command("read-only-all on")
		b.says("All customers: read only already.")
		b.press("!")
		b.says("All customers are read only, Contoso Ltd (CONT) with them: :read-only-all off unlocks all.")
		if b.m.dialog != nil {
			t.Error("it asks for what does not help")
		}
		b.command("read-only-all off")
		b.shows("Unlock all customers", "Type all to go on")
		b.press("all", "enter")
		if b.m.o.Safety.ReadOnly("").On {
			t.Error("it is locked still")
		}
		b.hides("· read only")
		b.command("read-only-all off")
		b.says("All customers: unlocked until 14:37Z.")
	})
}

func TestTheHeaderSaysWhoIsReadOnly(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press("!")
		b.hides("· read only")
		b.press("enter")
		b.shows("> CONT-28282 · read only")
		b.press("q", "j", "enter")
		b.hides("· read only")
		b.press("q")
		b.command("tenant cont")
		b.shows("> Contoso Ltd · read only")
		b.press("D")
		b.shows("read only")
	})
}

func TestWhereThereIsNoCustomer(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		b.press("@", "!")
		b.says("There is no customer here. :read-only-all is for all of them.")
	})
}

func TestTheReasonOfTheConfigurationIsShown(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		cont := b.m.o.Tenants[0]
		b.locks().locked[cont.ID] = soc.ReadOnly{On: true, Why: text.NewLine("the configuration says so")}
		b.press("!")
		b.shows("It is read only now: the configuration says so.")
	})
}

const write action.ID = "assign"

// writing adds an action that changes something at a customer.
func writing(b *bench) {
	b.t.Helper()
	b.m.table = append([]action.Action{{ID: write, Title: "take the incident", Short: "take", Group: action.OnIncident,
		Scopes: []action.Scope{action.List, action.Incident, action.Activity}, Keys: []string{"a"}, Arg: action.ArgCustomer, Danger: action.Writes}}, b.m.table...)
	keys, err := keymap.New(b.m.table, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.m.keys = keys
}

// TestAWriteIsRefusedWhereverItCanBeStarted holds for one customer, and for all.
func TestAWriteIsRefusedWhereverItCanBeStarted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lock soc.TenantID
		why  string
	}{
		"one": {"0a1b2c3d-0000-4000-8000-000000000001", "Contoso Ltd is read only: it was switched on. ! unlocks it."},
		"all": {"", "All customers are read only: it was switched on. :read-only-all off unlocks them."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			on(t, func(b *bench) {
				writing(b)
				b.m.o.Safety.SetReadOnly(c.lock, true, time.Time{})
				b.press("a")
				b.says(c.why)
				for _, keys := range [][]string{{"ctrl+p", "take the"}, {"?", "take the"}, {":", "assign"}} {
					b.press(keys...)
					b.shows(c.why)
					b.press("enter")
					b.says(c.why)
				}
				if name == "all" {
					b.command("assign fabr")
					b.says(c.why)
				}
				b.press("enter", "a")
				b.says(c.why)
				if name == "all" {
					b.press("@", "a") // of no customer
					b.says(c.why)
				}
			})
		})
	}
}

// TestAWriteForAnotherCustomerAsksForThatOne holds that the customer behind a command decides, not the one at the cursor.
func TestAWriteForAnotherCustomerAsksForThatOne(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		writing(b)
		b.m.o.Safety.SetReadOnly(b.m.o.Tenants[1].ID, true, time.Time{})
		b.command("assign fabr")
		b.says("Fabrikam is read only: it was switched on.")
	})
}

func TestAWriteIsOfferedWhereItCanBeDone(t *testing.T) {
	t.Parallel()
	on(t, func(b *bench) {
		writing(b)
		b.m.o.Safety.SetReadOnly(b.m.o.Tenants[1].ID, true, time.Time{})
		if why := b.m.disabled(write); why != "" {
			t.Errorf("at CONT: %s", why)
		}
		b.press("j")
		if why := b.m.disabled(write); why == "" {
			t.Error("at FABR it is offered")
		}
	})
}
