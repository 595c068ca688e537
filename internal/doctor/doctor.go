// Package doctor looks at everything that socctl needs from its surroundings, and says of each thing what was found and
// what to do about it: the terminal, tmux, SSH, the locale, the configuration and its files, the clock, the proxy, each
// cloud in use, and, where asked, the sign-in and each customer.
//
// Run never fails: what cannot be looked at is skipped, with the reason, so that a broken or a missing configuration hides
// nothing else. All I/O is in Options, which Process fills with that of this process. Names, findings and fixes are safe
// text, and no check prints a secret, a token, the password of a proxy or the value of a variable that may hold one.
package doctor

import (
	"cmp"
	"context"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/colorprofile"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
	"github.com/socctl/socctl/internal/text"
)

// Verdict is what a check comes to.
type Verdict string

// The verdicts.
const (
	OK   Verdict = "ok"
	Warn Verdict = "warn" // it works, but not as well as it could
	Fail Verdict = "fail" // something will not work
	Skip Verdict = "skip" // could not be looked at, or there is nothing to look at
)

// The ids of the checks, which never change their meaning. A check that is made for several things, such as files, clouds
// or customers, has a row for each, named after it.
const (
	idTerminal      = "DR01"
	idColours       = "DR02"
	idAnswers       = "DR03"
	idLocale        = "DR04"
	idSSH           = "DR05"
	idBrowser       = "DR06"
	idTmux          = "DR07"
	idTmuxKeys      = "DR08"
	idTmuxFocus     = "DR09"
	idTmuxColours   = "DR10"
	idWrappers      = "DR11"
	idSignIn        = "DR12"
	idConfiguration = "DR13"
	idFile          = "DR14"
	idVariables     = "DR15"
	idPermissions   = "DR16"
	idSecret        = "DR17"
	idCAFile        = "DR18"
	idLog           = "DR19"
	idDisk          = "DR20"
	idCustomers     = "DR21"
	idDirectories   = "DR22"
	idClock         = "DR23"
	idProxy         = "DR24"
	idAuthority     = "DR25"
	idGraph         = "DR26"
	idInternal      = "DR99" // a check that panicked
)

// Check is one thing that was looked at. The JSON names are a contract.
type Check struct {
	ID      string    `json:"id"`
	Name    text.Line `json:"name"`
	Verdict Verdict   `json:"verdict"`
	Found   text.Line `json:"found"`
	Fix     text.Line `json:"fix"` // a command or a setting to copy, or what to do; empty where there is nothing to do

	access bool // a failure that signing in or being let in would end
}

func check(v Verdict, id, name, found, fix string) Check {
	return Check{ID: id, Name: text.NewLine(name), Verdict: v, Found: text.NewLine(found), Fix: text.NewLine(fix)}
}

// Report is all checks, by id. The JSON names are a contract.
type Report struct {
	Checks   []Check `json:"checks"`
	OK       int     `json:"ok"`
	Warnings int     `json:"warnings"`
	Failures int     `json:"failures"`
	Skipped  int     `json:"skipped"`
}

// AccessOnly tells whether something failed, and all that failed is a matter of signing in or of being let in.
func (r *Report) AccessOnly() bool {
	return r.Failures > 0 && !slices.ContainsFunc(r.Checks, func(c Check) bool { return c.Verdict == Fail && !c.access })
}

func newReport(checks []Check) *Report {
	slices.SortStableFunc(checks, func(a, b Check) int { return cmp.Compare(a.ID, b.ID) })
	r := &Report{Checks: checks}
	for _, c := range checks {
		switch c.Verdict {
		case OK:
			r.OK++
		case Warn:
			r.Warnings++
		case Fail:
			r.Failures++
		case Skip:
			r.Skipped++
		}
	}
	return r
}

// System is the I/O of the checks. Process gives that of this process; tests make their own.
type System struct {
	GOOS     string
	Now      func() time.Time
	Stat     func(path string) (fs.FileInfo, error)
	ReadFile func(path string) ([]byte, error) // refuses what is no plain file or larger than a megabyte
	Writable func(dir string) error            // tries to make a file in a directory
	Free     func(dir string) (uint64, error)  // bytes that we may still write below a directory
	Tmux     func(ctx context.Context, args ...string) (string, error)
	Parents  func() []string // the names of the processes above this one, where the system tells
	Terminfo func(term string) colorprofile.Profile
}

// FileCheck is a file beside the configuration that can be broken.
type FileCheck struct {
	Name  string // keys.yaml, or the name of a theme
	Path  string
	Check func() error // reads it; nil also where there is none
	Mild  bool         // the console starts all the same, without what is broken
}

// SignedIn is what a sign-in came to.
type SignedIn struct {
	Who       text.Line    // the analyst; empty for an application
	Customers []soc.Status // of one read of every customer
}

// Options say what is looked at.
type Options struct {
	System
	Environ []string // of the process, as os.Environ gives it

	InTTY, OutTTY bool
	Width, Height int // of the terminal in cells, 0 where unknown
	// Ask asks the terminal what it can do, see AskTerminal; nil where that cannot be done. The function that it returns
	// brings the terminal back and may be called once only.
	Ask     func() (Answer, func())
	Browser bool // a browser can be opened from here

	ConfigFlag string         // --config
	Config     *config.Config // nil where it could not be loaded
	ConfigErr  error          // why
	Files      []FileCheck
	LogFile    string // where the console's log goes; empty for nowhere

	// Transport makes the connections to a cloud afresh for each call; nil makes them as the program does.
	Transport func(tenants.Cloud) (http.RoundTripper, error)
	// Prepare joins the program without sending anything; its error says why it could not start. Nil is not looked at.
	Prepare func() error
	// SignIn signs in and reads every customer once; nil where nobody asked for it.
	SignIn func(context.Context) (SignedIn, error)
}

// doctor is one run.
type doctor struct {
	Options
	env    map[string]string
	answer Answer
}

// Run makes all checks. It ends early, with what it has, where the context does.
func Run(ctx context.Context, o Options) *Report {
	d := &doctor{Options: o, env: environment(o.Environ)}
	if d.Transport == nil && d.Config != nil {
		d.Transport = Transport(d.Config.ProxyFor, d.ReadFile)
	}
	finish := d.ask()
	checks := together([]group{
		{"terminal", d.terminal},
		{"tmux", func() []Check { return append(d.tmux(ctx), d.wrappers()...) }},
		{"configuration", func() []Check { return append(d.configuration(), d.variables()...) }},
		{"files", d.files},
		{"clouds", func() []Check { return append(d.proxies(), d.clouds(ctx)...) }},
	})
	finish() // before a sign-in, which may want somebody at the keyboard
	checks = append(checks, together([]group{{"sign-in", func() []Check { return d.signIn(ctx) }}})...)
	return newReport(checks)
}

// group is a number of checks that belong together.
type group struct {
	name string
	run  func() []Check
}

// together makes groups of checks side by side, and keeps their order. A panic in one is a failure of its own.
func together(groups []group) []Check {
	results := make([][]Check, len(groups))
	var wg sync.WaitGroup
	for n, g := range groups {
		guard.Go(&wg, g.name, func(err error) {
			results[n] = []Check{check(Fail, idInternal, g.name, err.Error(), "report it to the makers of socctl")}
		}, func() error {
			results[n] = g.run()
			return nil
		})
	}
	wg.Wait()
	return slices.Concat(results...)
}

// environment gives variables by name; of two with one name the last holds.
func environment(list []string) map[string]string {
	env := make(map[string]string, len(list))
	for _, entry := range list {
		if name, value, ok := strings.Cut(entry, "="); ok && name != "" {
			env[name] = value
		}
	}
	return env
}

// windows tells whether files have no modes, and locales no variables.
func (d *doctor) windows() bool { return d.GOOS == "windows" }

// configured gives the clouds in use, or none where there is no configuration.
func (d *doctor) configured() []tenants.Cloud {
	if d.Config == nil {
		return nil
	}
	return d.Config.UsedClouds()
}
