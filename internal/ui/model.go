package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
	"github.com/socctl/socctl/internal/ui/mask"
	"github.com/socctl/socctl/internal/ui/page/activity"
	"github.com/socctl/socctl/internal/ui/page/customers"
	"github.com/socctl/socctl/internal/ui/page/detail"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/widget/picker"
	"github.com/socctl/socctl/internal/ui/widget/prompt"
)

// Model is the console. It is the only tea.Model.
type Model struct {
	o      Options
	ctx    context.Context //nolint:containedctx // ends the commands that the model started; it lives as long as the program
	stop   context.CancelFunc
	table  []action.Action
	keys   *keymap.Map
	theme  *style.Theme
	screen screen
	set    Settings   // as they hold now
	mask   *mask.Mask // nil while nothing is hidden

	snap  *soc.Snapshot
	now   time.Time
	queue *queue.Page

	// At most one of these lies over the queue.
	detail    *detail.Page
	customers *customers.Page
	activity  *activity.Page

	// At most one of these takes the keys.
	line   *lineInput
	choice *choice
	dialog *question
	link   *linkBox
	signIn *Prompt // shown; the session keeps it while it is hidden
	lock   lockState

	pending  []string // keys of a sequence that goes on
	message  message
	said     []activity.Said
	words    []string // commands and filters that were typed, the latest last
	session  sessionState
	preview  previewState
	compute  computeState
	history  history
	saving   savingState
	values   *soc.FilterValues // what filters can name in the incidents at hand, as of the last look
	clock    int               // the latest tick that was asked for; older ones end
	opens    int               // the latest incident that was asked for; older answers are dropped
	reloads  int               // the latest reading of the files; older ones are dropped
	quitting time.Time         // of the first ctrl+c
	lastAll  queue.Where
	fatal    error
}

// screen is the terminal as it is known so far.
type screen struct {
	width, height int
	profile       colorprofile.Profile
	ground        style.Ground
}

// message is a line in the footer that the next key clears.
type message struct {
	text  string
	paint style.Token
}

// sessionState is where signing in stands.
type sessionState struct {
	running bool
	done    bool
	prompt  *Prompt // what the analyst has to do, while that is open
	problem string
}

// why is what went wrong with signing in, as a sentence.
func (s *sessionState) why() string {
	if s.problem == "" {
		return ""
	}
	return ended(strings.ToUpper(s.problem[:1]) + s.problem[1:])
}

// previewState keeps what the preview shows: it follows the cursor only once that rests, since a preview costs more
// bytes than the move.
type previewState struct {
	place Place
	side  Place // where it was before it was put off
	ref   soc.Ref
	turn  int
}

// computeState keeps at most one answer of the queue on the way that nobody waits for.
type computeState struct {
	running bool
	again   bool
}

// choice is an open list to choose from, and what becomes of the chosen value.
type choice struct {
	*picker.Picker
	keys   string // for the footer
	chosen func(value string) tea.Cmd
}

// lineInput is the open line at the foot of the screen.
type lineInput struct {
	kind    lineKind
	prompt  *prompt.Prompt
	before  soc.Filter
	word    string     // that the page was searched for
	at      soc.Ref    // the incident that the cursor stood on
	parsed  soc.Filter // of a filter as it stands, while problem is nil
	problem *soc.FilterError
	note    string // what is wrong with a command as it stands
	turn    int
}

// lineKind says what is typed.
type lineKind int

const (
	lineFilter  lineKind = iota // narrows the queue
	lineFind                    // a word to look for on a page
	lineCommand                 // an action by its name
	lineName                    // the name of a section to save
)

// linkBox shows a link where no browser can be opened.
type linkBox struct {
	ref  soc.Ref
	link Link
}

// newModel makes the console; Run starts it.
func newModel(ctx context.Context, o Options) (*Model, error) {
	table := action.All()
	keys, err := keymap.New(table, o.Settings.Keys)
	if err != nil {
		return nil, fmt.Errorf("key map: %w", err)
	}
	if len(o.Settings.Sections) == 0 {
		return nil, fmt.Errorf("the console needs at least one section")
	}
	ctx, stop := context.WithCancel(ctx)
	m := &Model{o: o, ctx: ctx, stop: stop, table: table, keys: keys, set: o.Settings, snap: o.Queue.Snapshot(), now: o.Now(),
		queue: queue.New(o.Settings.Sections)}
	m.screen = screen{profile: colorprofile.TrueColor}
	m.saving.gate = make(chan struct{}, 1)
	if m.theme, err = style.Make(m.look(), m.screen.profile, m.screen.ground); err != nil {
		stop()
		return nil, err
	}
	m.message = message{text: o.Notice, paint: style.Subtle}
	m.adopt()
	m.restore(o.State)
	m.lock.touched = m.now
	m.history.add(m.place())
	return m, nil
}

// look is the theme in force.
func (m *Model) look() style.Choice {
	c := m.set.Theme
	c.Lean = m.set.LowBandwidth
	return c
}

// adopt takes over settings that the model keeps elsewhere.
func (m *Model) adopt() {
	m.preview.place = m.set.Preview
	if m.preview.place == "" {
		m.preview.place = PreviewBelow
	}
	m.preview.side = m.preview.place
	if m.preview.side == PreviewOff {
		m.preview.side = PreviewBelow
	}
	m.queue.Marker = m.set.LowBandwidth
	m.setPrivacy(m.set.Privacy)
	for _, n := range m.set.Notes {
		m.say(style.Medium, "%s", n.String())
	}
}

// Init starts what runs besides the loop: signing in, listening to the queue and to the files, the clock.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, m.syncCmd(), m.signInCmd(), m.changedCmd(), m.filesCmd(), m.clockCmd(), m.noticeCmd(), m.ask(),
		m.savingCmd(), m.reopen())
}

// scope is where keys are looked up.
func (m *Model) scope() action.Scope {
	if m.link != nil || m.signIn != nil {
		return action.Overlay
	}
	return m.pageScope()
}

// pageScope is the scope of the page that shows, whatever lies over it.
func (m *Model) pageScope() action.Scope {
	switch {
	case m.activity != nil:
		return action.Activity
	case m.customers != nil:
		return action.Customers
	case m.detail != nil:
		return action.Incident
	}
	return action.List
}

// current is the incident that actions are about.
func (m *Model) current() (*soc.Incident, bool) {
	switch m.pageScope() {
	case action.Incident:
		return m.detail.Incident, true
	case action.List:
		return m.queue.Current()
	}
	return nil, false
}

// mostSaid is how many of its own messages the console keeps for the activity page.
const mostSaid = 200

// say puts a message into the footer and keeps it for the activity page. Arguments that come from outside are safe text.
func (m *Model) say(paint style.Token, format string, args ...any) {
	m.message = message{text: fmt.Sprintf(format, args...), paint: paint}
	m.said = append(m.said, activity.Said{At: m.o.Now(), Text: m.message.text, Bad: paint == style.High || paint == style.Medium})
	if over := len(m.said) - mostSaid; over > 0 {
		m.said = append([]activity.Said(nil), m.said[over:]...)
	}
	if m.activity != nil {
		m.activity.Say(m.said)
	}
}

// key is how the first key of an action is written, or its command where it has none.
func (m *Model) key(id action.ID) string {
	if k := m.keys.Keys(id); len(k) > 0 {
		return keymap.Show(k[0])
	}
	return ":" + string(id)
}

// problemText says who, what and what next.
func (m *Model) problemText(t *soc.Tenant, err error) string {
	p := soc.ProblemOf(err)
	s := t.Name.String() + ": " + text.Escape(p.Error()) + "."
	if !p.Next.IsZero() {
		s += " " + p.Next.String() + "."
	}
	return s
}
