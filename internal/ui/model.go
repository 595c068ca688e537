package ui

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/ui/action"
	"github.com/socctl/socctl/internal/ui/keymap"
	"github.com/socctl/socctl/internal/ui/page/customers"
	"github.com/socctl/socctl/internal/ui/page/detail"
	"github.com/socctl/socctl/internal/ui/page/help"
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
	keys   *keymap.Map
	theme  *style.Theme
	screen screen

	snap  *soc.Snapshot
	now   time.Time
	queue *queue.Page

	// At most one of these lies over the queue, in the order of drawing.
	detail    *detail.Page
	customers *customers.Page

	// At most one of these takes the keys.
	filter *filterInput
	picker *picker.Picker
	help   *help.Page
	link   *linkBox
	signIn *Prompt // shown; the session keeps it while it is hidden

	message  message
	session  sessionState
	preview  previewState
	compute  computeState
	clock    int       // the latest tick that was asked for; older ones end
	opens    int       // the latest incident that was asked for; older answers are dropped
	quitting time.Time // of the first ctrl+c
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

// previewState keeps what the preview shows: it follows the cursor only once that rests, since a preview costs more
// bytes than the move.
type previewState struct {
	off  bool
	ref  soc.Ref
	turn int
}

// computeState keeps at most one answer of the queue on the way that nobody waits for.
type computeState struct {
	running bool
	again   bool
}

// filterInput is the open filter line.
type filterInput struct {
	prompt  *prompt.Prompt
	before  soc.Filter
	at      soc.Ref    // the incident that the cursor stood on
	parsed  soc.Filter // of the line as it stands, while problem is nil
	problem *soc.FilterError
	turn    int
}

// linkBox shows a link where no browser can be opened.
type linkBox struct {
	ref  soc.Ref
	link Link
}

// newModel makes the console; Run starts it.
func newModel(ctx context.Context, o Options) (*Model, error) {
	keys, err := keymap.New(action.All())
	if err != nil {
		return nil, fmt.Errorf("key map: %w", err)
	}
	if len(o.Sections) == 0 {
		return nil, fmt.Errorf("the console needs at least one section")
	}
	ctx, stop := context.WithCancel(ctx)
	m := &Model{o: o, ctx: ctx, stop: stop, keys: keys, snap: o.Queue.Snapshot(), now: o.Now(), queue: queue.New(o.Sections)}
	m.screen = screen{profile: colorprofile.TrueColor}
	m.theme = style.New(m.screen.profile, m.screen.ground)
	m.message = message{text: o.Notice, paint: style.Subtle}
	return m, nil
}

// Init starts what runs besides the loop: signing in, listening to the queue, the clock.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, m.signInCmd(), m.changedCmd(), m.clockCmd(), m.noticeCmd(), m.ask())
}

// scope is where keys are looked up.
func (m *Model) scope() action.Scope {
	switch {
	case m.help != nil || m.link != nil || m.signIn != nil:
		return action.Overlay
	case m.customers != nil:
		return action.Customers
	case m.detail != nil:
		return action.Incident
	}
	return action.List
}

// current is the incident that actions are about.
func (m *Model) current() (*soc.Incident, bool) {
	if m.customers == nil && m.detail != nil {
		return m.detail.Incident, true
	}
	return m.queue.Current()
}

func (m *Model) say(paint style.Token, format string, args ...any) {
	m.message = message{text: fmt.Sprintf(format, args...), paint: paint}
}
