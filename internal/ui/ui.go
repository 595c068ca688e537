// Package ui is the Bubble Tea console: one tea.Model and its parts. The parts are structs with methods that are given
// a size and draw into it; only the model handles messages. It reaches the world through the small interfaces below and
// never waits in Update or View: what takes time runs as a command, which captures values and answers with one message.
package ui

import (
	"context"
	"io"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/keymap"
	"github.com/socctl/socctl/internal/ui/page/queue"
	"github.com/socctl/socctl/internal/ui/state"
	"github.com/socctl/socctl/internal/ui/style"
	"github.com/socctl/socctl/internal/ui/term"
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

// Prompt is what an analyst has to do to sign in with a device code.
type Prompt struct {
	Code, URL, Tenant, Client text.Line
	Expires                   time.Time
}

// Safety says where nothing may be changed, and changes that. It is asked again below for each write. An empty id stands for
// all customers. Its methods do not wait.
type Safety interface {
	ReadOnly(soc.TenantID) soc.ReadOnly
	SetReadOnly(id soc.TenantID, on bool, until time.Time)
}

// Activity tells what is being done and was done. Its methods do not wait.
type Activity interface {
	Calls(since uint64) []soc.Call // oldest first
	Tasks() []soc.Task
}

// Files are what the console keeps in files and reads from them. All may be nil; each may take its time.
type Files struct {
	Changed    <-chan struct{}                         // a file of the configuration changed
	Load       func() (Settings, error)                // reads them all again
	SaveView   func(queue.Section) error               // adds or replaces a section by its name
	DeleteView func(name string) error                 //
	SaveState  func(state.State) error                 // keeps where one is
	Theme      func(name string) (style.Choice, error) // reads a theme of the analyst's own
	JSON       func(*soc.Incident) string              // an incident as the commands print it
	Remember   func(snap *soc.Snapshot) error          // what the shell's completion knows
}

// Place is where the preview lies.
type Place string

// The places of the preview.
const (
	PreviewBelow Place = "below"
	PreviewRight Place = "right"
	PreviewOff   Place = "off"
)

// Settings are what a running console can take over from its files at any time.
type Settings struct {
	Sections     []queue.Section
	Keys         []keymap.Change
	Theme        style.Choice
	Themes       []string // of the analyst's own, by name
	Preview      Place
	LowBandwidth bool
	SyncOutput   string // auto, on, off
	Mouse        bool
	Privacy      bool
	LockAfter    time.Duration // 0 for never
	LockSignIn   bool          // a locked screen wants a sign-in, not just a key
	RelockAfter  time.Duration // after which an unlocked customer is read only again
	Notes        []text.Line   // what could not be taken over, and why
}

// Options are what the console is made of.
type Options struct {
	Queue     Queue
	Incidents Incidents
	Links     Links
	Session   Session
	Safety    Safety
	Activity  Activity
	Files     Files

	Settings   Settings
	State      state.State // of the last session; zero for none
	Vocabulary soc.Vocabulary
	Tenants    []*soc.Tenant
	LinkHosts  []string // hosts that hyperlinks may lead to
	Notice     string   // said once in the footer at the start

	In      io.Reader
	Out     io.Writer
	Environ []string
	Now     func() time.Time
	Report  func(error) // to the log file

	// Browser opens a URL on this desktop; nil where there is none, and then the link is shown.
	Browser func(url string) error
	// Clipboard hands text to a helper of the terminal multiplexer beside the escape sequence; nil where there is none.
	Clipboard func(ctx context.Context, s string) error
	Terminal  term.Env
}
