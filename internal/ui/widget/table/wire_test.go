package table

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/socctl/socctl/internal/ui/style"
)

// wire is a Bubble Tea program that shows the frames that it is given, and counts the bytes that each costs.
type wire struct {
	program *tea.Program
	writes  chan int
	done    chan error
	last    string
}

type frame string

// shown is the model of a wire.
type shown struct{ content string }

func (shown) Init() tea.Cmd { return nil }

func (s shown) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if f, ok := msg.(frame); ok {
		s.content = string(f)
	}
	return s, nil
}

func (s shown) View() tea.View {
	v := tea.NewView(s.content)
	v.AltScreen = true
	return v
}

// counter tells of each write how many bytes it had. The renderer writes each frame at once.
type counter struct{ writes chan int }

func (c counter) Write(p []byte) (int, error) {
	c.writes <- len(p)
	return len(p), nil
}

const (
	screenWidth  = 160
	screenHeight = 50
)

func newWire(tb testing.TB) *wire {
	tb.Helper()
	w := &wire{writes: make(chan int, 1000), done: make(chan error, 1)}
	w.program = tea.NewProgram(shown{content: "start"}, tea.WithInput(nil), tea.WithOutput(io.Writer(counter{w.writes})),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithColorProfile(colorprofile.TrueColor),
		tea.WithWindowSize(screenWidth, screenHeight), tea.WithoutSignalHandler(), tea.WithFPS(120))
	go func() {
		_, err := w.program.Run()
		w.done <- err
	}()
	<-w.writes
	return w
}

// show gives the bytes that a frame costs. A frame that equals the one before costs none.
func (w *wire) show(content string) int {
	if content == w.last {
		return 0
	}
	w.last = content
	w.program.Send(frame(content))
	return <-w.writes
}

func (w *wire) close(tb testing.TB) {
	tb.Helper()
	w.program.Quit()
	for {
		select {
		case err := <-w.done:
			if err != nil {
				tb.Error(err)
			}
			return
		case <-w.writes:
		}
	}
}

// queueColumns are those of the console's queue.
func queueColumns() []Column {
	return []Column{
		{ID: "sev", Title: "SEV", Width: 6, Fixed: true},
		{ID: "left", Title: "LEFT", Width: 6, Right: true, Fixed: true},
		{ID: "cust", Title: "CUST", Width: 4, Fixed: true},
		{ID: "id", Title: "ID", Width: 5, Plain: true, Fixed: true},
		{ID: "title", Title: "TITLE", Width: 28, Flex: true},
		{ID: "alerts", Title: "ALERTS", Width: 6, Right: true, Drop: 2},
		{ID: "entities", Title: "ENTITIES", Width: 12, Drop: 3},
		{ID: "status", Title: "STATUS", Width: 8},
		{ID: "owner", Title: "OWNER", Width: 8, Drop: 1},
		{ID: "src", Title: "SRC", Width: 3, Drop: 4},
	}
}

// queueRow makes the nth row of a queue as analysts know it: the severe ones first, titles of all lengths, some cells coloured.
func queueRow(n int) []Cell {
	pick := func(salt int, of ...string) string { return of[(n*2654435761>>3+salt*n*7919)&0xffff%len(of)] }
	sev, paint := "● Low", style.Low
	switch {
	case n < 40:
		sev, paint = "■ High", style.High
	case n < 700:
		sev, paint = "▲ Med", style.Medium
	}
	left, owner, state := style.Text, style.Text, style.Text
	if n < 12 || n%50 == 0 {
		left = style.High
	}
	who := pick(1, "-", "-", "-", "-", "-", "-", "-", "you", "mira", "jon.w", "jon.w", "Experts")
	switch who {
	case "you":
		owner = style.Accent
	case "Experts":
		owner, state = style.Experts, style.Experts
	}
	return []Cell{
		{Text: sev, Paint: paint}, {Text: fmt.Sprintf("%d:%02d", n%48, n*7%60), Paint: left},
		{Text: pick(2, "CONT", "FABR", "WOOD", "TAIL", "DELT", "BIRC", "LITW")}, {Text: fmt.Sprint(1000 + n*37%29000)},
		{Text: pick(3, "Suspicious inbox rule", "Multi-stage incident: initial access and C2", "Unusual sign-in",
			"Email messages containing malicious URL removed after delivery involving multiple users",
			"DLP policy (Payment data) matched for email with subject (Invoice 48112 overdue) in Exchange",
			"Brute force against kaito.s@happytrails.onmicrosoft.com", "Ransomware activity on FS-01",
			"Lateral movement from SQL-5 using remote services", "Suspicious OAuth app Mail Sync Pro was granted consent")},
		{Text: fmt.Sprint(n*31%17 + 1)}, {Text: pick(4, "1 dev", "2 usr 1 mbx", "3 dev 2 usr", "1 usr", "2 dev 1 usr")},
		{Text: pick(5, "New", "Active", "Awaiting"), Paint: state}, {Text: who, Paint: owner}, {Text: pick(6, "D", "S", "D+S")},
	}
}

// scene is a list of many rows between header, tabs and footer.
type scene struct {
	theme  *style.Theme
	layout Layout
	view   View
	rows   func(n int) []Cell
	below  int // lines of a preview, which stays as it is
}

func newScene(o Options) *scene {
	o.Width, o.Column, o.Sorted = screenWidth, -1, 1
	return &scene{theme: style.New(colorprofile.TrueColor, style.Dark), layout: Lay(queueColumns(), o),
		view: View{Height: screenHeight - 4, Len: 100_000}, rows: queueRow}
}

// preview takes lines from the list.
func (s *scene) preview(lines int) {
	s.below = lines
	s.view.Height -= lines
}

func (s *scene) draw() string {
	lines := make([]string, 0, screenHeight)
	lines = append(lines, " socctl  All customers"+strings.Repeat(" ", 100)+"48 customers: 48 fresh    kai  14:22Z",
		" 1 Triage 37   "+s.theme.On(style.Subtle, "2 Mine 4   3 High, unclaimed 6"), s.layout.Head(s.theme))
	from, to := s.view.Range()
	for n := from; n < to; n++ {
		lines = append(lines, s.layout.Row(s.theme, s.rows(n), RowState{Cursor: n == s.view.Cursor}))
	}
	for n := range s.below {
		lines = append(lines, fmt.Sprintf("  13:%02d  Suspicious execution of hidden file    Endpoint    PC-%d", n, n))
	}
	return strings.Join(append(lines, s.theme.On(style.Subtle, " enter open   o portal   / filter   ? help")), "\n")
}

// costs presses a key many times.
func (s *scene) costs(w *wire, times int, key func(*View)) []int {
	w.show(s.draw())
	all := make([]int, 0, times)
	for range times {
		key(&s.view)
		all = append(all, w.show(s.draw()))
	}
	return all
}

// percentile of some figures, sorted in place.
func percentile(all []int, p int) int {
	slices.Sort(all)
	return all[min(len(all)-1, len(all)*p/100)]
}

// TestMovesAreCheapOnTheWire holds what a key costs over SSH to the figures of docs/PERFORMANCE.md, over 150 keys. Of the moves
// most scroll. Synchronized output, which these frames do without, adds 16 bytes to each.
func TestMovesAreCheapOnTheWire(t *testing.T) {
	t.Parallel()
	for _, c := range wireCases() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWire(t)
				defer w.close(t)
				costs := c.scene().costs(w, 150, c.key)
				median, p99 := percentile(costs, 50), percentile(costs, 99)
				t.Logf("median %d, p99 %d, most %d bytes", median, p99, costs[len(costs)-1])
				if median > c.median || p99 > c.p99 {
					t.Errorf("a key costs %d bytes in the median and %d at p99, want at most %d and %d", median, p99, c.median, c.p99)
				}
			})
		})
	}
}

// wireCase is a key pressed over and over, and what it may cost.
type wireCase struct {
	name        string
	o           Options
	preview     int
	from        int // the row that it starts at
	step        int
	key         func(*View)
	median, p99 int
}

func wireCases() []wireCase {
	down, up, page := func(v *View) { v.Move(1) }, func(v *View) { v.Move(-1) }, func(v *View) { v.Page(2) }
	return []wireCase{
		{name: "down", key: down, median: 260, p99: 320},
		{name: "up", from: 500, key: up, median: 260, p99: 320},
		{name: "down with a marker", o: Options{Marker: true}, step: MarkerStep, key: down, median: 20, p99: 640},
		{name: "page down", key: page, median: 5_900, p99: 7_000},
		{name: "page down beside a preview", preview: 14, key: page, median: 4_080, p99: 4_800},
	}
}

func (c *wireCase) scene() *scene {
	s := newScene(c.o)
	s.preview(c.preview)
	s.view.Step = c.step
	s.view.Move(c.from)
	return s
}

// BenchmarkWire reports the bytes of a key through Bubble Tea's renderer, whose clock sets the time.
func BenchmarkWire(b *testing.B) {
	for _, c := range wireCases() {
		b.Run(c.name, func(b *testing.B) {
			w := newWire(b)
			defer w.close(b)
			s := c.scene()
			w.show(s.draw())
			total := 0
			for b.Loop() {
				c.key(&s.view)
				total += w.show(s.draw())
			}
			b.ReportMetric(float64(total)/float64(b.N), "bytes/op")
		})
	}
}
