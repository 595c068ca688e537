package term_test

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	xterm "golang.org/x/term"

	"github.com/socctl/socctl/internal/text/hostile"
	"github.com/socctl/socctl/internal/ui/term"
)

// patience is how long a test waits for a frame before it gives up.
const patience = 30 * time.Second

// screens shows the same program on two emulated terminals, one in front of the firewall and one behind it.
type screens struct {
	mu       sync.Mutex
	raw      *vt.Emulator
	filtered *vt.Emulator
	out      bytes.Buffer // all that passed the firewall
	firewall *term.Firewall
	changed  chan struct{}
	answers  *answers // of the terminal behind the firewall, to the queries of Bubble Tea
}

func newScreens(t *testing.T, width, height int, o term.FirewallOptions) *screens {
	t.Helper()
	s := &screens{raw: vt.NewEmulator(width, height), filtered: vt.NewEmulator(width, height), changed: make(chan struct{}, 1), answers: newAnswers()}
	s.firewall = term.NewFirewall(io.MultiWriter(onlcr{s.filtered}, &s.out), o)
	var pumps sync.WaitGroup
	pumps.Go(func() { _, _ = io.Copy(io.Discard, s.raw) })
	pumps.Go(func() { _, _ = io.Copy(s.answers, s.filtered) })
	t.Cleanup(func() {
		closeInput(s.raw)
		closeInput(s.filtered)
		pumps.Wait()
		s.answers.close()
	})
	return s
}

// answers holds what the terminal says until Bubble Tea reads it, as the buffer of a terminal driver does. An emulator answers
// in the middle of a Write, when Bubble Tea does not read.
type answers struct {
	mu    sync.Mutex
	more  *sync.Cond
	held  bytes.Buffer
	ended bool
}

func newAnswers() *answers {
	a := new(answers)
	a.more = sync.NewCond(&a.mu)
	return a
}

func (a *answers) Write(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.more.Broadcast()
	return a.held.Write(p)
}

func (a *answers) Read(p []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for a.held.Len() == 0 && !a.ended {
		a.more.Wait()
	}
	return a.held.Read(p)
}

func (a *answers) close() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
	a.more.Broadcast()
}

// onlcr does what a terminal driver does, on which the renderer counts where its input is no terminal.
type onlcr struct{ w io.Writer }

func (o onlcr) Write(p []byte) (int, error) {
	if _, err := o.w.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// closeInput ends whoever reads the answers of the terminal.
func closeInput(e *vt.Emulator) { _ = e.InputPipe().(io.Closer).Close() }

// Write is the output of Bubble Tea.
func (s *screens) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		select {
		case s.changed <- struct{}{}:
		default:
		}
	}()
	if _, err := (onlcr{s.raw}).Write(p); err != nil {
		return 0, err
	}
	return s.firewall.Write(p)
}

// await waits until the screen behind the firewall shows want.
func (s *screens) await(t *testing.T, want string) {
	t.Helper()
	deadline := time.After(patience)
	for {
		s.mu.Lock()
		shown := s.filtered.String()
		s.mu.Unlock()
		if strings.Contains(shown, want) {
			return
		}
		select {
		case <-s.changed:
		case <-deadline:
			t.Fatalf("%q never appeared on\n%s", want, shown)
		}
	}
}

// compare reports how the two screens differ.
func (s *screens) compare(t *testing.T, when string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, b := s.raw.Render(), s.filtered.Render(); a != b {
		t.Errorf("%s: the screens differ, without firewall:\n%s\nwith it:\n%s", when, a, b)
	}
	if a, b := s.raw.CursorPosition(), s.filtered.CursorPosition(); a != b {
		t.Errorf("%s: the cursor is at %v, with firewall at %v", when, a, b)
	}
}

// queue is a model with all that the console asks of a terminal.
type queue struct {
	frame, top, selected int
	width, height        int
	title                string
	inline, cursor       bool
	mouse                tea.MouseMode
	seen                 chan<- tea.Msg
}

func (q queue) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, tea.RequestTerminalVersion)
}

func (q queue) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if q.seen != nil {
		select {
		case q.seen <- msg:
		default:
		}
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		q.width, q.height = msg.Width, msg.Height
		q.frame++
	case tea.KeyPressMsg:
		q.frame++
		return q.key(msg.String())
	}
	return q, nil
}

func (q queue) key(key string) (tea.Model, tea.Cmd) {
	page := q.height - 3
	switch key {
	case "j":
		q.selected++
		q.top = max(q.top, q.selected-page+1)
	case "k":
		q.selected = max(0, q.selected-1)
		q.top = min(q.top, q.selected)
	case "d":
		q.selected, q.top = q.selected+page, q.top+page
	case "u":
		q.selected, q.top = max(0, q.selected-page), max(0, q.top-page)
	case "t":
		q.title = fmt.Sprintf("socctl – %d open", q.frame)
	case "m":
		q.mouse = (q.mouse + 1) % 3
	case "i":
		q.inline = !q.inline
	case "c":
		q.cursor = !q.cursor
	case "y":
		return q, tea.SetClipboard("CONT-28282")
	case "p":
		return q, tea.Println("printed above")
	case "q":
		return q, tea.Quit
	}
	return q, nil
}

func (q queue) View() tea.View {
	severity := lipgloss.NewStyle().Foreground(lipgloss.Color("#d04040")).Bold(true)
	marked := lipgloss.NewStyle().Reverse(true).Underline(true)
	open := lipgloss.NewStyle().Hyperlink("https://"+portalHost+"/incidents/1", "id=one").UnderlineStyle(lipgloss.UnderlineCurly)
	var b strings.Builder
	fmt.Fprintf(&b, "frame %03d  %s", q.frame, open.Render("open in portal"))
	rows := q.height - 3
	if q.inline {
		rows = 5
	}
	for i := q.top; i < q.top+rows; i++ {
		title := fmt.Sprintf("%-30s %s", "Suspicious PowerShell", strings.Repeat("─", i%40))
		if i%11 == 0 {
			title += " 漢字 e\u0301 🔥"
		}
		if i == q.selected {
			title = marked.Render(title)
		}
		fmt.Fprintf(&b, "\n%04d %s %s", i, severity.Render("High"), title)
	}
	b.WriteString("\n" + strings.Repeat(" ", max(0, q.width-12)) + "j k d u: move")
	v := tea.NewView(b.String())
	v.AltScreen = !q.inline
	v.ReportFocus = true
	v.WindowTitle = q.title
	v.MouseMode = q.mouse
	if q.cursor {
		v.Cursor = tea.NewCursor(4, 1)
		v.Cursor.Shape = tea.CursorBar
	}
	return v
}

// TestFirewallIsInvisibleToBubbleTea runs a program of every feature that the console uses, on terminals of several names since
// the renderer chooses its sequences by name, and expects that nothing of it is dropped.
func TestFirewallIsInvisibleToBubbleTea(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"xterm-256color", "xterm-kitty", "alacritty", "tmux-256color", "screen-256color", "linux", "xterm-ghostty", "vt100"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options()
			o.Mouse = true
			o.OnDrop = func(kind string) { t.Errorf("dropped: %s", kind) }
			s := newScreens(t, 120, 40, o)
			run(t, s, name)
			if n := s.firewall.Dropped(); n != 0 {
				t.Errorf("%d sequences of Bubble Tea were dropped", n)
			}
			if err := scanOutput(mouseOn.Replace(s.out.String())); err != nil {
				t.Error(err)
			}
		})
	}
}

// mouseOn takes away what the oracle, which knows no mouse, would refuse.
var mouseOn = strings.NewReplacer("\x1b[?1002h", "", "\x1b[?1003h", "", "\x1b[?1006h", "")

func run(t *testing.T, s *screens, name string) {
	t.Helper()
	p := tea.NewProgram(queue{width: 120, height: 40}, tea.WithInput(s.answers), tea.WithOutput(s), tea.WithWindowSize(120, 40),
		tea.WithColorProfile(colorprofile.TrueColor), tea.WithEnvironment([]string{"TERM=" + name}), tea.WithFPS(120),
		tea.WithoutSignalHandler())
	done := make(chan error, 1)
	go func() {
		_, err := p.Run()
		done <- err
	}()
	frame := 1 // the first size
	s.await(t, "frame 001")
	for i, key := range strings.Split("jjjjkkdduudjjtcjjkcjmjmjmjyjdddddukktipjjjijdyq", "") {
		if i%16 == 15 {
			s.mu.Lock()
			s.raw.Resize(120-i, 40-i/4)
			s.filtered.Resize(120-i, 40-i/4)
			s.mu.Unlock()
			p.Send(tea.WindowSizeMsg{Width: 120 - i, Height: 40 - i/4})
			frame++
			s.await(t, fmt.Sprintf("frame %03d", frame))
			s.compare(t, "after a resize")
		}
		p.Send(tea.KeyPressMsg{Code: rune(key[0]), Text: key})
		if frame++; key != "q" {
			s.await(t, fmt.Sprintf("frame %03d", frame))
			s.compare(t, "after "+key)
		}
	}
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("the program did not end")
	}
	s.compare(t, "after the end")
}

// field is a model that puts one text, raw, into a frame of ours.
type field struct {
	step    int
	samples []hostile.Sample
}

func (f field) Init() tea.Cmd { return nil }

func (f field) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		if f.step++; key.String() == "q" {
			return f, tea.Quit
		}
	}
	return f, nil
}

func (f field) View() tea.View {
	sample := f.samples[f.step%len(f.samples)].Text
	v := tea.NewView(fmt.Sprintf("our step %04d\nour second row\nour third row\nfield <%s> ends\nour last row", f.step, sample))
	v.AltScreen = true
	return v
}

// TestFirewallBehindHostileViews puts each sample raw into a view, as a mistake in the console would, and expects that the
// terminal sees nothing but the vocabulary and that the rows above the field stay as they are.
func TestFirewallBehindHostileViews(t *testing.T) {
	t.Parallel()
	s := newScreens(t, 100, 30, options())
	// x/ansi v0.11.9 panics on a control sequence of more than 32 parameters, in a goroutine of Bubble Tea that does not recover:
	// no firewall behind it can help, only package text before it.
	samples := slices.DeleteFunc(hostile.Corpus(), func(s hostile.Sample) bool { return s.Name == "csi-long-parameters" })
	p := tea.NewProgram(field{samples: samples}, tea.WithInput(s.answers), tea.WithOutput(s), tea.WithWindowSize(100, 30),
		tea.WithColorProfile(colorprofile.TrueColor), tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithFPS(120),
		tea.WithoutSignalHandler())
	done := make(chan error, 1)
	go func() {
		_, err := p.Run()
		done <- err
	}()
	for i, sample := range samples {
		s.await(t, fmt.Sprintf("our step %04d", i))
		s.mu.Lock()
		rows := strings.Split(s.filtered.String(), "\n")
		s.mu.Unlock()
		for y, want := range []string{"our step", "our second row", "our third row"} {
			if !strings.HasPrefix(strings.TrimRight(rows[y], " \r"), want) || len(strings.TrimRight(rows[y], " \r")) > len(want)+5 {
				t.Errorf("%s: row %d reads %q", sample.Name, y, rows[y])
			}
		}
		p.Send(tea.KeyPressMsg{Code: 'n', Text: "n"})
	}
	p.Send(tea.KeyPressMsg{Code: 'q', Text: "q"})
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := scanOutput(s.out.String()); err != nil {
		t.Error(err)
	}
	if s.firewall.Dropped() == 0 {
		t.Error("nothing was dropped")
	}
}

// TestFirewallKeepsTheTerminal runs Bubble Tea on a pseudo-terminal and expects that behind a firewall it finds the size and
// the colours, sets raw mode and restores it, as without one.
func TestFirewallKeepsTheTerminal(t *testing.T) {
	t.Parallel()
	for name, walled := range map[string]bool{"without": false, "with": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			master, tty, err := pty.Open()
			if err != nil {
				t.Skipf("no pseudo-terminal: %v", err)
			}
			defer tty.Close()
			defer master.Close()
			if err := pty.Setsize(tty, &pty.Winsize{Rows: 33, Cols: 101}); err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = io.Copy(io.Discard, master) }()
			before, err := xterm.GetState(int(tty.Fd()))
			if err != nil {
				t.Fatal(err)
			}
			seen := make(chan tea.Msg, 64)
			firewall := term.NewFirewall(tty, options())
			var out io.Writer = tty
			if walled {
				out = firewall
			}
			p := tea.NewProgram(queue{seen: seen}, tea.WithInput(tty), tea.WithOutput(out),
				tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithoutSignalHandler())
			done := make(chan error, 1)
			go func() {
				_, err := p.Run()
				done <- err
			}()
			awaitTerminal(t, seen)
			if during, err := xterm.GetState(int(tty.Fd())); err != nil || reflect.DeepEqual(before, during) {
				t.Errorf("the terminal is not raw: %v", err)
			}
			for _, key := range "jjddukyt" {
				p.Send(tea.KeyPressMsg{Code: key, Text: string(key)})
			}
			p.Quit()
			if err := <-done; err != nil {
				t.Error(err)
			}
			if after, err := xterm.GetState(int(tty.Fd())); err != nil || !reflect.DeepEqual(before, after) {
				t.Errorf("the terminal is not as it was: %v", err)
			}
			if n := firewall.Dropped(); n != 0 {
				t.Errorf("%d sequences were dropped", n)
			}
		})
	}
}

// awaitTerminal waits for the size and the colour profile of the pseudo-terminal.
func awaitTerminal(t *testing.T, seen <-chan tea.Msg) {
	t.Helper()
	var size, colours bool
	deadline := time.After(patience)
	for !size || !colours {
		select {
		case msg := <-seen:
			switch msg := msg.(type) {
			case tea.WindowSizeMsg:
				if size = true; msg.Width != 101 || msg.Height != 33 {
					t.Errorf("size %dx%d", msg.Width, msg.Height)
				}
			case tea.ColorProfileMsg:
				if colours = true; msg.Profile != colorprofile.ANSI256 {
					t.Errorf("profile %v", msg.Profile)
				}
			}
		case <-deadline:
			t.Fatal("Bubble Tea told neither size nor colours")
		}
	}
}
