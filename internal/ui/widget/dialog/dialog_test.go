package dialog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/socctl/socctl/internal/text/hostile"
	"github.com/socctl/socctl/internal/ui/style"
)

func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

// keys presses keys by name; what is no name is typed.
func keys(d *Dialog, names ...string) Result {
	codes := map[string]tea.KeyPressMsg{"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab},
		"shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight},
		"up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown}, "pgdown": {Code: tea.KeyPgDown}, "pgup": {Code: tea.KeyPgUp},
		"alt+esc": {Code: tea.KeyEscape, Mod: tea.ModAlt}, "backspace": {Code: tea.KeyBackspace}}
	var r Result
	for _, n := range names {
		if k, ok := codes[n]; ok {
			r = d.Update(k, noon())
			continue
		}
		for _, c := range n {
			r = d.Update(tea.KeyPressMsg{Code: c, Text: string(c)}, noon())
		}
	}
	return r
}

func resolve() Options {
	return Options{Title: "Resolve 1 incident of Contoso Ltd", Yes: "Resolve", Danger: true, Lines: []string{
		"CONT-28282  Multi-stage incident: initial access and C2", "", "status New -> Resolved      7 alerts will be resolved as well",
		"3 open siblings in Contoso share PC-23; once this is resolved Defender will not merge them with it."}}
}

func frameOf(d *Dialog, width, height int) string {
	lines, _, _ := d.Draw(style.New(colorprofile.ASCII, style.Dark), width, height)
	return ansi.Strip(strings.Join(lines, "\n"))
}

func TestTheAnswerIsNoUnlessAskedFor(t *testing.T) {
	t.Parallel()
	cases := []struct {
		keys []string
		want Result
	}{
		{[]string{"enter"}, Result{Done: true}},
		{[]string{"esc"}, Result{Done: true}},
		{[]string{"alt+esc"}, Result{Done: true}},
		{[]string{"n"}, Result{Done: true}},
		{[]string{"q"}, Result{Done: true}},
		{[]string{"y"}, Result{Done: true, Yes: true}},
		{[]string{"tab", "enter"}, Result{Done: true, Yes: true}},
		{[]string{"right", "enter"}, Result{Done: true, Yes: true}},
		{[]string{"left", "enter"}, Result{Done: true, Yes: true}},
		{[]string{"right", "left", "enter"}, Result{Done: true}},
		{[]string{"tab", "tab", "enter"}, Result{Done: true}},
		{[]string{"shift+tab", "enter"}, Result{Done: true, Yes: true}},
		{[]string{"down", "up", "enter"}, Result{Done: true}},
		{[]string{"x"}, Result{}},
		{[]string{"tab", "esc"}, Result{Done: true}},
	}
	for _, c := range cases {
		if got := keys(New(resolve()), c.keys...); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.keys, got, c.want)
		}
	}
}

func TestWhatHasToBeTypedHasToBeTypedExactly(t *testing.T) {
	t.Parallel()
	o := resolve()
	o.Type = "unlock CONT"
	cases := []struct {
		keys []string
		want Result
	}{
		{[]string{"enter"}, Result{}},
		{[]string{"unlock cont", "enter"}, Result{}},
		{[]string{"unlock CONT ", "enter"}, Result{}},
		{[]string{"unlock CONT", "enter"}, Result{Done: true, Yes: true}},
		{[]string{"unlock CONT", "tab", "enter"}, Result{Done: true}},
		{[]string{"unlock CONT", "tab", "y"}, Result{Done: true, Yes: true}},
		{[]string{"unlock CONT", "tab", "tab", "enter"}, Result{Done: true, Yes: true}},
		{[]string{"y"}, Result{}},
		{[]string{"n"}, Result{}},
		{[]string{"tab", "y"}, Result{}},
		{[]string{"tab", "n"}, Result{Done: true}},
		{[]string{"tab", "tab", "enter"}, Result{}},
		{[]string{"esc"}, Result{Done: true}},
	}
	for _, c := range cases {
		d := New(o)
		if got := keys(d, c.keys...); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.keys, got, c.want)
		}
	}
	d := New(o)
	keys(d, "tab", "tab", "enter")
	if got := frameOf(d, 80, 20); !strings.Contains(got, "Type exactly unlock CONT to go on") {
		t.Errorf("nothing says what is missing:\n%s", got)
	}
	if got := keys(d, "unlock CONT", "enter"); !got.Yes {
		t.Error("after the notice the cursor is not where one types")
	}
}

func TestAPasteConfirmsNothing(t *testing.T) {
	t.Parallel()
	o := resolve()
	for _, o.Type = range []string{"", "37"} {
		for _, before := range [][]string{nil, {"tab"}, {"tab", "tab"}} {
			for _, paste := range []tea.Msg{tea.PasteMsg{Content: "37"}, tea.PasteMsg{Content: "y\r\n"}, tea.PasteMsg{Content: "37\n"}} {
				d := New(o)
				keys(d, before...)
				if got := d.Update(paste, noon()); got != (Result{}) {
					t.Errorf("%+v answers %+v", paste, got)
				}
				if got := frameOf(d, 60, 15); !strings.Contains(got, "A paste does not ") {
					t.Errorf("nothing says that a paste is ignored:\n%s", got)
				}
				if o.Type != "" && d.typed.Value() != "" {
					t.Errorf("a paste filled in %q", d.typed.Value())
				}
			}
		}
	}
	o.Type = "37"
	d := New(o)
	d.Update(tea.KeyPressMsg{Code: tea.KeyExtended, Text: "37"}, noon())
	if got := keys(d, "enter"); got.Yes {
		t.Error("a paste that came as one key was taken")
	}
	if got := keys(d, "37", "enter"); !got.Yes {
		t.Error("typing after a paste does not work")
	}
}

func TestTheTextFieldTakesTextAndPastes(t *testing.T) {
	t.Parallel()
	o := resolve()
	o.Field, o.Value = "Comment", "old "
	d := New(o)
	keys(d, "y")
	d.Update(tea.PasteMsg{Content: "pasted\x1b[31m"}, noon())
	if got := d.Text(); got != `old ypasted\u{1b}[31m` {
		t.Errorf("text %q", got)
	}
	if got := keys(d, "enter"); got.Done {
		t.Errorf("enter in the field answers %+v", got)
	}
	if got := keys(d, "enter"); got != (Result{Done: true}) {
		t.Errorf("enter then is %+v, want No", got)
	}
	if d = New(resolve()); d.Text() != "" {
		t.Error("a dialog without a field has a text")
	}
	o.Type = "37"
	d = New(o)
	if got := keys(d, "enter", "37", "enter"); !got.Yes {
		t.Errorf("field, then typing, then enter: %+v", got)
	}
}

func TestKeysMeantForSomethingElseDoNotReachIt(t *testing.T) {
	t.Parallel()
	y := tea.KeyPressMsg{Code: 'y', Text: "y"}
	cases := []struct {
		name  string
		async bool
		after time.Duration
		want  bool
	}{
		{"opened by a key", false, 0, true},
		{"at once", true, 0, false},
		{"just before the end", true, Grace - time.Nanosecond, false},
		{"after", true, Grace, true},
	}
	for _, c := range cases {
		o := resolve()
		o.Async, o.Opened = c.async, noon()
		if got := New(o).Update(y, noon().Add(c.after)); got.Yes != c.want || got.Done != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	o := resolve()
	o.Async, o.Opened, o.Field = true, noon(), "Comment"
	d := New(o)
	d.Update(tea.PasteMsg{Content: "x"}, noon())
	d.Update(y, noon())
	if d.Text() != "" {
		t.Errorf("the field holds %q", d.Text())
	}
	back := noon().Add(-time.Hour) // the clock is set back
	d.Update(y, back)
	if d.Update(y, back.Add(Grace)); d.Text() != "y" {
		t.Errorf("the time of grace does not end: %q", d.Text())
	}
}

func TestLongTextScrolls(t *testing.T) {
	t.Parallel()
	o := Options{Title: "Long"}
	for n := range 30 {
		o.Lines = append(o.Lines, fmt.Sprintf("line-%02d", n))
	}
	d := New(o)
	seen := map[string]bool{}
	for range 10 {
		frame := frameOf(d, 60, 15)
		if !strings.Contains(frame, "[ Cancel ]") || !strings.Contains(frame, "└") {
			t.Fatalf("the buttons are out of sight:\n%s", frame)
		}
		for _, l := range o.Lines {
			seen[l] = seen[l] || strings.Contains(frame, l)
		}
		keys(d, "pgdown")
	}
	if len(seen) != 30 {
		t.Error("lines are missing")
	}
	for l, ok := range seen {
		if !ok {
			t.Errorf("%s never shows", l)
		}
	}
	for range 10 {
		keys(d, "pgup")
	}
	if frame := frameOf(d, 60, 15); !strings.Contains(frame, "line-00") || !strings.Contains(frame, "more lines: pgdown") {
		t.Errorf("back at the top:\n%s", frame)
	}
}

func TestDialogsLookLikeThis(t *testing.T) {
	t.Parallel()
	typed := resolve()
	typed.Field, typed.Value, typed.Type = "Comment", "Account reset, sessions revoked.", "1"
	d := New(typed)
	d.Update(tea.KeyPressMsg{Code: tea.KeyTab}, noon())
	d.Update(tea.PasteMsg{Content: "1"}, noon())
	frames := []string{frameOf(New(resolve()), 100, 12), frameOf(New(resolve()), 60, 15), frameOf(d, 100, 16),
		frameOf(New(Options{Title: "Quit"}), 60, 15)}
	for n, f := range frames {
		lines := strings.Split(f, "\n")
		for i, l := range lines {
			lines[i] = strings.TrimRight(l, " ")
		}
		frames[n] = strings.Join(lines, "\n")
	}
	golden.RequireEqual(t, []byte(strings.Join(frames, "\n----\n")+"\n"))
}

func TestTheBoxStaysABox(t *testing.T) {
	t.Parallel()
	theme := style.New(colorprofile.TrueColor, style.Dark)
	corpus := append(hostile.Corpus(), hostile.Sample{Name: "empty"},
		hostile.Sample{Name: "wide", Text: strings.Repeat("日本語 🔴 क्षेत्र ", 20)})
	for _, s := range corpus {
		full := Options{Title: s.Text, Lines: []string{s.Text, "x" + s.Text}, Yes: s.Text, No: s.Text, Type: s.Text, Field: s.Text, Value: s.Text}
		for _, o := range []Options{full, {Title: "t", Lines: []string{s.Text}, Field: "f"}} {
			d := New(o)
			d.Update(tea.PasteMsg{Content: s.Text}, noon())
			keys(d, "tab")
			d.Update(tea.PasteMsg{Content: s.Text}, noon())
			for _, size := range [][2]int{{60, 15}, {80, 24}, {160, 50}, {5, 3}, {0, 0}, {24, 2}} {
				check(t, s.Name, d, theme, size[0], size[1])
			}
		}
	}
}

func check(t *testing.T, name string, d *Dialog, theme *style.Theme, width, height int) {
	t.Helper()
	lines, x, y := d.Draw(theme, width, height)
	if width >= 60 && len(lines) != height || x >= width && x > 0 || y >= max(1, height) {
		t.Fatalf("%s at %dx%d: %d lines, cursor at %d, %d", name, width, height, len(lines), x, y)
	}
	edge := -1
	for n, l := range lines {
		l = ansi.Strip(l)
		if err := hostile.ScanBytes([]byte(l)); err != nil || strings.Contains(l, "\n") || ansi.StringWidthWc(l) > width {
			t.Fatalf("%s at %dx%d: %v, %d cells in %q", name, width, height, err, ansi.StringWidthWc(l), l)
		}
		if l == "" || width < 60 {
			continue
		}
		if edge < 0 {
			edge = ansi.StringWidthWc(l)
		}
		if ansi.StringWidthWc(l) != edge {
			t.Fatalf("%s at %dx%d: line %d has %d cells, the first %d: %q", name, width, height, n, ansi.StringWidthWc(l), edge, l)
		}
	}
}
