// Package plain is the console for screen readers, dumb terminals and logs: it appends lines and never moves the
// cursor. It says what is new, what changed and which customer is in trouble, and takes commands a line at a time.
//
// Run is called once by whoever made the queue. One goroutine holds everything and writes; signing in and opening an
// incident run beside it and hand over what came of them. What is written is safe text and line feeds: no escape
// sequence, no carriage return. Each line of text from outside stands in quotation marks or behind a label, so that it
// cannot pass for a line of ours.
package plain

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Queue is where incidents come from. Its methods do not wait.
type Queue interface {
	Snapshot() *soc.Snapshot
	Changed() <-chan struct{}
	Refresh(soc.TenantID) // of all customers where the id is empty
}

// Incidents opens one incident with its alerts and evidence. It asks the customer and may take its time.
type Incidents interface {
	Incident(context.Context, soc.Ref) (*soc.Incident, error)
}

// Links makes portal links.
type Links interface {
	Link(*soc.Incident) Link
}

// Link is a portal page of one incident, always of the customer that it belongs to.
type Link struct {
	URL  string
	Note string // why it is not the link that the service gave, or empty
}

// Session signs the analyst in. SignIn returns once that is done; show is called, maybe never, with what the analyst
// has to do for it.
type Session interface {
	SignIn(ctx context.Context, show func(Prompt)) error
}

// Prompt is what an analyst has to do to sign in. Without a code, opening the address is enough.
type Prompt struct {
	Code, URL, Tenant, Client text.Line
	Expires                   time.Time
}

// Section is a saved view of the queue.
type Section struct {
	Name   string
	Filter soc.Filter
	Order  soc.Order
}

// Options are what the console is made of.
type Options struct {
	Queue     Queue
	Incidents Incidents
	Links     Links
	Session   Session

	Sections   []Section // at least one; the first is the one to start in
	Vocabulary soc.Vocabulary
	Tenants    []*soc.Tenant
	Notice     string // said first

	// In gives the commands. At its end the console goes on, unless it is interactive: then it quits. A reader that has
	// SetReadDeadline is woken at the end of Run; one that cannot be woken keeps a goroutine until it answers or the
	// process ends.
	In          io.Reader
	Out         io.Writer
	Interactive bool // In is a terminal: prompt for commands
	Now         func() time.Time
	Report      func(error) // to the log file
}

// Run shows the console until the context ends or the analyst quits, both of which give nil, or until writing fails.
func Run(ctx context.Context, o Options) error {
	if len(o.Sections) == 0 {
		return errors.New("the plain console needs at least one section")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Report == nil {
		o.Report = func(error) {}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	c := newConsole(o)
	in := startInput(ctx, o.In, o.Report)
	err := guard.Run("the plain console", func() error { return c.loop(ctx, in.lines) })
	stop()
	in.end()
	c.started.Wait()
	return err
}

// console is the state of the one goroutine that writes. Others reach it only through events.
type console struct {
	o       Options
	out     printer
	events  chan func()
	started sync.WaitGroup // what the console started and has to wait for
	quit    bool

	view    view
	session session
	first   firstRead
	told    told
	page    *pager
	numbers []soc.Ref     // what the numbers of the last list stand for, as far as it was printed
	opened  *soc.Incident // the last one that was opened, or nil
	opening bool          // the answer to an open is on its way: announcements and other commands wait
	pending []string      // commands that wait
}

func newConsole(o Options) *console {
	c := &console{o: o, out: printer{w: o.Out}, events: make(chan func())}
	c.view.enter(o.Sections, 0)
	return c
}

// start runs f beside the loop. What it learns it posts.
func (c *console) start(where string, f func()) {
	guard.Go(&c.started, where, c.o.Report, func() error {
		f()
		return nil
	})
}

// post has the loop call f, unless the console has ended.
func (c *console) post(ctx context.Context, f func()) {
	select {
	case c.events <- f:
	case <-ctx.Done():
	}
}
