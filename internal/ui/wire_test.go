package ui

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// wire is a Bubble Tea program that shows the console's frames, one after the other, and counts the bytes that each costs
// a terminal of 160x50. Synchronized output, which these frames do without, adds 16 bytes to each.
type wire struct {
	program *tea.Program
	writes  chan int
	done    chan error
	last    string
}

// picture is a frame on its way to the program.
type picture string

// easel is the program's model.
type easel struct{ content string }

func (easel) Init() tea.Cmd { return nil }

func (e easel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if p, ok := msg.(picture); ok {
		e.content = string(p)
	}
	return e, nil
}

func (e easel) View() tea.View { return tea.View{Content: e.content, AltScreen: true} }

// counter tells of each write how many bytes it had. The renderer writes each frame at once.
type counter struct{ writes chan int }

func (c counter) Write(p []byte) (int, error) {
	c.writes <- len(p)
	return len(p), nil
}

func newWire() *wire {
	w := &wire{writes: make(chan int, 1000), done: make(chan error, 1)}
	w.program = tea.NewProgram(easel{"start"}, tea.WithInput(nil), tea.WithOutput(counter{w.writes}), tea.WithEnvironment([]string{"TERM=xterm-256color"}),
		tea.WithColorProfile(colorprofile.TrueColor), tea.WithWindowSize(160, 50), tea.WithoutSignalHandler())
	go func() {
		_, err := w.program.Run()
		w.done <- err
	}()
	<-w.writes
	return w
}

// costs gives the bytes of each frame after the first. One that equals the one before it costs none.
func (w *wire) costs(frames []string) []int {
	var all []int
	for n, f := range frames {
		bytes := 0
		if f != w.last {
			w.last = f
			w.program.Send(picture(f))
			bytes = <-w.writes
		}
		if n > 0 {
			all = append(all, bytes)
		}
	}
	w.program.Quit()
	for {
		select {
		case <-w.done:
			return all
		case <-w.writes:
		}
	}
}

// watch is 300 incidents of three customers, whose SLA clocks run, as an analyst has them on the screen.
func watch() *soc.Snapshot {
	s := estate()
	titles := []string{"Suspicious inbox rule", "Multi-stage incident: initial access and C2", "Unusual sign-in", "Ransomware activity on FS-01",
		"Email messages containing malicious URL removed after delivery involving multiple users"}
	for n := range 300 {
		part := n % 3
		t := s.Parts[part].Status.Tenant
		i := incident(t, fmt.Sprint(30_000+n), soc.Severities()[n%3], time.Duration(n)*time.Minute, titles[n%len(titles)], func(i *soc.Incident) {
			i.State = []soc.State{soc.StateNew, soc.StateActive}[n%2]
			i.AlertCount = n % 7
			i.Digest.Entities = entities("device", "PC-1", "user", "kai.c")
		})
		s.Parts[part].Incidents = append(s.Parts[part].Incidents, i)
	}
	for n := range s.Parts {
		soc.SortPart(s.Parts[n].Incidents)
		s.Parts[n].Status.Health, s.Parts[n].Status.LastGood = soc.HealthFresh, noon()
	}
	return s
}

// onWatch is a console in colour that has read everything and on which nobody presses a key.
func onWatch(t *testing.T) *bench {
	t.Helper()
	b := newBench(t, watch(), 160, 50)
	b.send(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
	b.press("6", "g")
	b.pass(10 * time.Second)
	return b
}

// TestARefreshOfTwentyRowsIsCheap: status and owner of 20 rows on the screen change, where they stand. docs/PERFORMANCE.md has
// the figure.
func TestARefreshOfTwentyRowsIsCheap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := onWatch(t)
		frames := []string{b.m.View().Content}
		next := b.queue.Snapshot()
		v := b.m.queue.View()
		for n, i := range b.m.queue.Rows()[v.Top+1 : v.Top+21] {
			changed := *i
			changed.State, changed.AssignedTo = soc.StateActive, text.NewLine([]string{"mira@northwind.example", "kai@northwind.example", "jon@northwind.example"}[n%3])
			changed.Updated = b.m.now
			part := slices.IndexFunc(next.Parts, func(p soc.Part) bool { return p.Status.Tenant.ID == i.Ref.Tenant })
			list := slices.Clone(next.Parts[part].Incidents)
			list[slices.IndexFunc(list, func(o *soc.Incident) bool { return o.Ref == i.Ref })] = &changed
			next = with(next, part, list...)
		}
		b.queue.publish(next)
		b.pass(5 * time.Second)
		frames = append(frames, b.m.View().Content)
		if same := b.m.queue.Rows()[v.Top+1].State == soc.StateActive; !same {
			t.Fatal("the rows did not change")
		}
		if got := newWire().costs(frames)[0]; got == 0 || got > 4096 {
			t.Errorf("%d bytes for 20 rows, want 4096 at most", got)
		} else {
			t.Logf("%d bytes for 20 rows", got)
		}
	})
}

// TestAClockIsCheap: over five minutes on which nothing happens, only the clocks are written.
func TestAClockIsCheap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := onWatch(t)
		frames := []string{b.m.View().Content}
		const seconds = 300
		for range seconds {
			b.pass(time.Second)
			frames = append(frames, b.m.View().Content)
		}
		total, written := 0, 0
		costs := newWire().costs(frames)
		for _, c := range costs {
			if total += c; c > 0 {
				written++
			}
		}
		t.Logf("%.1f bytes a second; %d of %d seconds wrote something: %v", float64(total)/seconds, written, seconds, slices.DeleteFunc(costs, func(c int) bool { return c == 0 }))
		if total > 32*seconds {
			t.Errorf("%d bytes in %d s", total, seconds)
		}
		if written > seconds/60 {
			t.Errorf("something was written in %d of %d seconds", written, seconds)
		}
	})
}
