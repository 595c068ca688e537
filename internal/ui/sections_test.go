package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"

	"github.com/socctl/socctl/internal/ui/page/queue"
)

// viewsFile stands for the file of saved sections.
type viewsFile struct {
	saved   []queue.Section
	deleted []string
	err     error
	hold    chan struct{} // where it is set, writing waits for it
}

func (f *viewsFile) files(o *Options) {
	o.Files.SaveView = func(s queue.Section) error {
		if f.hold != nil {
			<-f.hold
		}
		if f.err == nil {
			f.saved = append(f.saved, s)
		}
		return f.err
	}
	o.Files.DeleteView = func(name string) error {
		if f.err == nil {
			f.deleted = append(f.deleted, name)
		}
		return f.err
	}
}

func (b *bench) tabs() string { return strings.Split(b.frame(), "\n")[1] }

func TestSectionsByNumberAndRound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var list []string
		for n := range 12 {
			list = append(list, fmt.Sprintf("S%d & <日本> é", n+1), "", "age")
		}
		b := newBench(t, estate(), 160, 24, withSections(list...))
		for n := range 9 {
			b.press(fmt.Sprint(n + 1))
			if b.m.queue.Section != n {
				t.Errorf("key %d leads to section %d", n+1, b.m.queue.Section+1)
			}
		}
		for n := 9; n < 13; n++ {
			b.press("tab")
			if want := n % 12; b.m.queue.Section != want || !strings.Contains(b.tabs(), fmt.Sprintf("%d S%d &", want+1, want+1)) {
				t.Errorf("tab leads to section %d, want %d: %s", b.m.queue.Section+1, want+1, b.tabs())
			}
			checkFrame(t, b, 160, 24)
		}
		b.send(tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift})
		if b.m.queue.Section != 11 {
			t.Errorf("shift+tab leads to section %d", b.m.queue.Section+1)
		}
		b.press(":section 11", "enter")
		if b.m.queue.Section != 10 {
			t.Errorf(":section 11 leads to section %d", b.m.queue.Section+1)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, estate(), 80, 24, withSections("Only", "", "age"))
		b.press("tab")
		if b.m.queue.Section != 0 || b.m.queue.Len() != 4 {
			t.Errorf("section %d with %d rows", b.m.queue.Section, b.m.queue.Len())
		}
		b.press("2")
		b.shows("There are 1 sections")
	})
}

func TestABrokenSectionShowsItsReasonAndNoRows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &viewsFile{}
		b := newBench(t, estate(), 120, 40, withSections("Fine", "", "age", "Night", "", "age"), f.files, func(o *Options) {
			o.Settings.Sections[1].Broken, o.Settings.Sections[1].Saved = line("sev:hihg: there is no severity hihg"), true
		})
		b.press("2")
		b.shows("This section cannot be shown: sev:hihg: there is no severity hihg", "2 Night !")
		b.press("/", "sev:high", "enter")
		b.queue.publish(with(estate(), 0))
		b.settle()
		if b.m.queue.Len() != 0 || b.m.queue.Count(1) != 0 {
			t.Errorf("%d rows, a count of %d", b.m.queue.Len(), b.m.queue.Count(1))
		}
		b.press("esc", "s")
		b.shows("cannot be saved")
		if b.m.line != nil || len(f.saved) != 0 {
			t.Errorf("what is broken can be saved over: %v", f.saved)
		}
		b.press("esc", ":save-section night", "enter")
		b.shows("cannot be saved")
		b.press(":section", "enter")
		b.shows("cannot be shown")
		b.press("esc", ":delete-section night", "enter")
		b.shows("Delete the section Night", "sev:hihg: there is no severity")
		b.hides("everything")
	})
}

func TestSavingASection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &viewsFile{}
		b := newBench(t, estate(), 160, 40, f.files)
		b.press("6", "/", "sev:high or sev:medium", "enter", ":sort -id", "enter", ":columns id,cust,title,age", "enter")
		b.press("s", "Night shift", "enter")
		if len(f.saved) != 1 {
			t.Fatalf("saved %v", f.saved)
		}
		s := f.saved[0]
		if s.Name != "Night shift" || s.Filter.String() != "sev:high or sev:medium" || s.Order != "-id" || strings.Join(s.Columns, " ") != "id cust title age" || !s.Saved {
			t.Errorf("saved %+v", s)
		}
		b.shows("The section Night shift is saved", "7 Night shift 3", "1 Triage 3", "6 Everything 4")
		b.hides("/ sev", "by -id")
		if b.order() != "28282 1204 311" || strings.Join(strings.Fields(b.head()), " ") != "ID↑ CUST TITLE AGE" {
			t.Errorf("order %s, %s", b.order(), b.head())
		}
		b.press("/", "owner:none", "enter", "s", "enter")
		if len(f.saved) != 2 || f.saved[1].Name != "Night shift" || len(b.m.queue.Sections) != 7 {
			t.Fatalf("saved %+v", f.saved)
		}
		if got := f.saved[1].Filter.String(); got != "(sev:high or sev:medium) owner:none" {
			t.Errorf("the filter of both: %s", got)
		}
		b.shows("7 Night shift 1")
		b.press("1", "/", "sev:low", "enter", "s", "NIGHT shift", "enter")
		b.shows("Replace the section Night shift")
		b.press("esc")
		if len(f.saved) != 2 {
			t.Errorf("replaced without a yes: %+v", f.saved)
		}
		b.press("s", "NIGHT shift", "enter", "tab", "enter")
		if len(b.m.queue.Sections) != 7 || b.m.queue.Sections[6].Filter.String() != "(status:new,active -owner:experts) sev:low" &&
			b.m.queue.Sections[6].Filter.String() != "status:new,active -owner:experts sev:low" {
			t.Errorf("names are one in any case: %+v", b.m.queue.Sections)
		}
		b.is("the saved one is shown", "NIGHT shift, at CONT-28290")
	})
}

func TestASectionsNameIsChecked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &viewsFile{}
		b := newBench(t, estate(), 120, 40, f.files)
		for name, want := range map[string]string{
			"Triage": "which is not in the file", "triage": "which is not in the file", "  ": "1 to 40 characters", strings.Repeat("é", 41): "1 to 40 characters",
		} {
			b.press("s", name, "enter")
			b.shows(want)
			if b.m.line == nil || len(f.saved) != 0 {
				t.Errorf("%q was saved: %v", name, f.saved)
			}
			b.press("esc")
		}
		b.press("s", " Nacht\u202e   日本  "+strings.Repeat("é", 20), "enter")
		if len(f.saved) != 1 || strings.Contains(f.saved[0].Name, "\u202e") || strings.Contains(f.saved[0].Name, "  ") {
			t.Errorf("saved %+v", f.saved)
		}
		checkFrame(t, b, 120, 40)
	})
}

func TestASectionThatCannotBeSavedLosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &viewsFile{err: errors.New("no space left\x1b on the device")}
		b := newBench(t, estate(), 120, 40, f.files, func(o *Options) { o.Settings.Sections[1].Saved = true })
		b.press("6", "/", "sev:high", "enter", "j", "s", "Night", "enter")
		b.shows("The section Night was not saved: no space left", "/ sev:high")
		b.is("and all stays", "Everything, /sev:high, at FABR-1204")
		if len(b.m.queue.Sections) != 6 {
			t.Errorf("%d sections", len(b.m.queue.Sections))
		}
		b.press(":delete-section mine", "enter", "tab", "enter")
		b.shows("The section Mine was not deleted: no space left")
		if len(b.m.queue.Sections) != 6 {
			t.Errorf("%d sections", len(b.m.queue.Sections))
		}
	})
}

func TestASectionIsDeletedAfterAQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &viewsFile{}
		b := newBench(t, estate(), 120, 40, f.files, func(o *Options) { o.Settings.Sections[1].Saved = true })
		b.press("3", ":delete-section triage", "enter")
		b.shows("Only saved sections can be deleted")
		b.press(":delete-section mine", "enter")
		b.shows("Delete the section Mine", "owner:me status:open")
		b.press("esc")
		if len(f.deleted) != 0 || len(b.m.queue.Sections) != 6 {
			t.Errorf("deleted %v", f.deleted)
		}
		b.press(":delete-section mine", "enter", "tab", "enter")
		if len(f.deleted) != 1 || f.deleted[0] != "Mine" || len(b.m.queue.Sections) != 5 {
			t.Errorf("deleted %v", f.deleted)
		}
		b.shows("1 Triage 3", "2 High, unclaimed 1", "5 Everything 4")
		b.is("the section one was in", "High, unclaimed, at CONT-28282")
	})
}

// TestASlowFileTakesNobodyAway: the section is saved beside the loop, and the analyst goes on.
func TestASlowFileTakesNobodyAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &viewsFile{hold: make(chan struct{})}
		b := newBench(t, estate(), 120, 40, f.files)
		b.press("6", "/", "sev:high", "enter", "s", "Night", "enter")
		b.press("j", "enter")
		b.is("while it is saved", "Everything, /sev:high, open FABR-1204")
		close(f.hold)
		b.settle()
		b.is("when it is saved", "Everything, /sev:high, open FABR-1204")
		b.shows("The section Night is saved")
		b.press("esc")
		b.is("back", "Everything, /sev:high, at FABR-1204")
		if n := b.m.queue.Named("Night"); n != 6 || b.m.queue.Count(n) != 2 {
			t.Errorf("section %d counts %d", n+1, b.m.queue.Count(n))
		}
	})
}

func TestColumnsChosenAnewAreTheSavedSectionsOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &viewsFile{}
		b := newBench(t, estate(), 120, 40, f.files, func(o *Options) { o.Settings.Sections[1].Saved = true })
		b.press("2", ":columns id,cust,title", "enter", "s", "enter")
		if len(f.saved) != 1 || len(b.m.queue.Chosen) != 0 {
			t.Errorf("saved %+v, and %v is kept beside it", f.saved, b.m.queue.Chosen)
		}
	})
}
