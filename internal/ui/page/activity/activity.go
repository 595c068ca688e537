// Package activity shows what the console is doing and did: running tasks, calls with their time, status and request id, and
// what the console said. What it shows carries no secret and no customer text: it was redacted where it was recorded.
package activity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/mask"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/fit"
	"github.com/socctl/socctl/internal/ui/widget/table"
)

// Said is something that the console told the analyst.
type Said struct {
	At   time.Time
	Text string // safe
	Bad  bool
}

// Page is the open list, the latest first. The cursor stays on its line whatever comes in, unless it stands on the first.
type Page struct {
	calls []soc.Call // oldest first
	tasks []soc.Task
	said  []Said
	lines []line // latest first, those that the word lets through
	view  table.View
	word  string
	bad   bool // only what failed
}

// line is a call or something that was said.
type line struct {
	at   time.Time
	call *soc.Call
	said *Said
}

// most is how many calls are kept.
const most = 2000

// New opens the list over what the console said so far.
func New(said []Said) *Page { return &Page{said: said} }

// Last is the number of the latest call that the page has.
func (p *Page) Last() uint64 {
	if len(p.calls) == 0 {
		return 0
	}
	return p.calls[len(p.calls)-1].Seq
}

// Take adds calls and replaces the tasks.
func (p *Page) Take(calls []soc.Call, tasks []soc.Task) {
	for n := range calls {
		if calls[n].Seq > p.Last() {
			p.calls = append(p.calls, calls[n])
		}
	}
	if over := len(p.calls) - most; over > 0 {
		p.calls = slices.Clone(p.calls[over:])
	}
	p.tasks = tasks
	p.list()
}

// Say takes what the console said since.
func (p *Page) Say(said []Said) {
	p.said = said
	p.list()
}

// Filter narrows the list to lines that have a word; the word failed stands for what failed.
func (p *Page) Filter(word string) {
	p.word = strings.ToLower(strings.TrimSpace(word))
	p.bad = p.word == "failed"
	p.list()
}

// Word is what the list is narrowed to.
func (p *Page) Word() string { return p.word }

// list joins calls and what was said, and keeps the cursor where it was.
func (p *Page) list() {
	var at *line
	if p.view.Cursor > 0 && p.view.Cursor < len(p.lines) {
		at = &p.lines[p.view.Cursor]
	}
	lines := make([]line, 0, len(p.calls)+len(p.said))
	for n := range p.calls {
		lines = append(lines, line{at: p.calls[n].At, call: &p.calls[n]})
	}
	for n := range p.said {
		lines = append(lines, line{at: p.said[n].At, said: &p.said[n]})
	}
	lines = slices.DeleteFunc(lines, func(l line) bool { return !p.shows(&l) })
	slices.Reverse(lines) // of one moment, too, the latest comes first
	slices.SortStableFunc(lines, func(a, b line) int { return b.at.Compare(a.at) })
	if at != nil {
		n := slices.IndexFunc(lines, func(l line) bool { return l.same(at) })
		if n < 0 { // it is forgotten, or not let through: to what came next before it
			n = slices.IndexFunc(lines, func(l line) bool { return !l.at.After(at.at) })
		}
		if n < 0 {
			n = len(lines) - 1
		}
		p.view.Top += n - p.view.Cursor
		p.view.Cursor = n
	}
	p.lines, p.view.Len = lines, len(lines)
	p.view.Fit()
}

func (l *line) same(m *line) bool {
	if l.call != nil && m.call != nil {
		return l.call.Seq == m.call.Seq
	}
	return l.said != nil && m.said != nil && l.said.At.Equal(m.said.At) && l.said.Text == m.said.Text
}

func (l *line) failed() bool {
	if l.said != nil {
		return l.said.Bad
	}
	return !l.call.Err.IsZero() || l.call.Status >= 400
}

func (p *Page) shows(l *line) bool {
	switch {
	case p.bad:
		return l.failed()
	case p.word == "":
		return true
	case l.said != nil:
		return strings.Contains(strings.ToLower(l.said.Text), p.word)
	}
	c := l.call
	all := strings.Join([]string{string(c.Code), c.Method, c.Path.String(), fmt.Sprint(c.Status), c.RequestID.String(), c.Err.String()}, " ")
	return strings.Contains(strings.ToLower(all), p.word)
}

// Move moves the cursor with f.
func (p *Page) Move(f func(*table.View)) { f(&p.view) }

// Current is the call under the cursor; nil where that is none.
func (p *Page) Current() *soc.Call {
	if p.view.Cursor < 0 || p.view.Cursor >= len(p.lines) {
		return nil
	}
	return p.lines[p.view.Cursor].call
}

func columns() []table.Column {
	return []table.Column{
		{ID: "at", Title: "TIME", Width: 9},
		{ID: "cust", Title: "CUST", Width: 8, Plain: true},
		{ID: "status", Title: "STATUS", Width: 9},
		{ID: "took", Title: "MS", Width: 6, Right: true, Drop: 1},
		{ID: "what", Title: "CALL", Width: 24, Flex: true},
		{ID: "try", Title: "TRY", Width: 3, Right: true, Drop: 3},
		{ID: "size", Title: "KB", Width: 5, Right: true, Drop: 4},
		{ID: "id", Title: "REQUEST", Width: 13, Drop: 2},
	}
}

// foot is the lines below the list that show the line under the cursor in full.
const foot = 4

// Draw gives exactly height lines.
func (p *Page) Draw(theme *style.Theme, m *mask.Mask, now time.Time, width, height int) []string {
	lines := p.running(theme, m, now, width, max(1, min(len(p.tasks), height/4)))
	layout := table.Lay(columns(), table.Options{Width: width, Column: -1, Sorted: -1})
	lines = append(lines, layout.Head(theme))
	p.view.Height = max(1, height-foot-len(lines))
	p.view.Fit()
	if len(p.lines) == 0 {
		say := "Nothing was asked yet."
		if p.word != "" {
			say = "Nothing has " + text.Quote(p.word) + "."
		}
		lines = append(lines, "   "+theme.On(style.Subtle, fit.Cut(say, width-4)))
	}
	from, to := p.view.Range()
	for n := from; n < to; n++ {
		lines = append(lines, layout.Row(theme, cells(&p.lines[n], m), table.RowState{Cursor: n == p.view.Cursor}))
	}
	for len(lines) < height-foot {
		lines = append(lines, "")
	}
	lines = append(lines, p.explain(theme, m, width)...)
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines[:height]
}

// running lists what runs now, at most so many lines.
func (p *Page) running(theme *style.Theme, m *mask.Mask, now time.Time, width, limit int) []string {
	if len(p.tasks) == 0 {
		return []string{theme.On(style.Subtle, "   Nothing runs.")}
	}
	var lines []string
	for n, t := range p.tasks {
		if n == limit-1 && len(p.tasks) > limit {
			return append(lines, theme.On(style.Subtle, fmt.Sprintf("   and %d more", len(p.tasks)-n)))
		}
		who := ""
		if t.Code != "" {
			who = string(m.Ref(soc.Ref{Tenant: t.Tenant, Code: t.Code, ID: "1"}).Code) + " "
		}
		lines = append(lines, "   "+theme.On(style.Accent, "· ")+fit.Cut(who+m.Text(t.What.String())+", "+soc.Short(now.Sub(t.Since)), width-6))
	}
	return lines
}

func cells(l *line, m *mask.Mask) []table.Cell {
	at := table.Cell{Text: l.at.UTC().Format("15:04:05Z"), Paint: style.Subtle}
	if l.said != nil {
		return []table.Cell{at, {}, {Text: "-", Paint: style.Faint}, {}, {Text: m.Text(l.said.Text), Paint: badPaint(l.said.Bad)}, {}, {}, {}}
	}
	c := l.call
	try := ""
	if c.Attempt > 1 {
		try = fmt.Sprint(c.Attempt)
	}
	code := string(c.Code)
	if code != "" {
		code = string(m.Ref(soc.Ref{Tenant: c.Tenant, Code: c.Code, ID: "1"}).Code)
	}
	return []table.Cell{at, {Text: code}, {Text: status(c), Paint: badPaint(l.failed())}, {Text: fmt.Sprint(c.Took.Milliseconds())},
		{Text: m.Text(c.Method + " " + c.Path.String()), Altered: c.Path.Altered()}, {Text: try}, {Text: fmt.Sprint((c.Bytes + 1023) / 1024)},
		{Text: c.RequestID.String(), Paint: style.Subtle, Altered: c.RequestID.Altered()}}
}

func badPaint(bad bool) style.Token {
	if bad {
		return style.High
	}
	return style.Text
}

func status(c *soc.Call) string {
	if c.Status == 0 {
		return "no answer"
	}
	return fmt.Sprint(c.Status)
}

// explain shows the line under the cursor in full.
func (p *Page) explain(theme *style.Theme, m *mask.Mask, width int) []string {
	if p.view.Cursor < 0 || p.view.Cursor >= len(p.lines) {
		return nil
	}
	l := &p.lines[p.view.Cursor]
	var say string
	if l.said != nil {
		say = l.said.Text
	} else {
		say = l.call.Method + " " + l.call.Path.String() + ": " + status(l.call)
		if !l.call.RequestID.IsZero() {
			say += ", request " + l.call.RequestID.String()
		}
		if !l.call.Err.IsZero() {
			say += ". " + l.call.Err.String()
		}
	}
	lines := []string{""}
	for _, s := range fit.Wrap(m.Text(say), width-4, foot-1) {
		lines = append(lines, "  "+theme.On(style.Subtle, s))
	}
	return lines
}
