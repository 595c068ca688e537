package plain

import (
	"context"
	"errors"
	"time"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

const (
	// patience is how long the summary at the start waits for customers that are still being read.
	patience = 30 * time.Second
	// gather is how long the console waits after a change before it says what changed, since answers come in pages.
	gather = time.Second
	// perLine is added to the wait before the next look for each line that was said: a voice needs its time.
	perLine = 500 * time.Millisecond
	// longest is the longest that the loop sleeps: the clock may have been set, or the machine slept.
	longest = time.Minute
)

// session is where signing in stands.
type session struct {
	running bool
	prompt  *Prompt // what the analyst has to do, while that is open
}

// firstRead is the time until every customer was read once.
type firstRead struct {
	concluded bool      // signing in has ended, well or not
	by        time.Time // when the summary is said at the latest; zero while signing in
	over      bool      // the summary was said
}

// loop handles one thing after the other, and writes after each what there is to say.
func (c *console) loop(ctx context.Context, lines <-chan line) error {
	if c.o.Notice != "" {
		c.out.say("%s", text.Escape(c.o.Notice))
	}
	c.signIn(ctx)
	timer := time.NewTimer(longest)
	defer timer.Stop()
	for {
		c.catchUp(c.o.Now())
		c.out.flush(!c.opening)
		if c.out.err != nil {
			return c.out.err
		}
		timer.Reset(c.wait(c.o.Now()))
		select {
		case <-ctx.Done():
			c.out.close()
			return nil
		case <-c.o.Queue.Changed():
			c.told.change(c.o.Now())
		case f := <-c.events:
			f()
		case l, ok := <-lines:
			if !ok {
				lines = nil
				c.quit = c.o.Interactive
				break
			}
			c.out.entered()
			c.take(ctx, l)
		case <-timer.C:
		}
		if c.quit {
			c.out.close()
			return c.out.err
		}
	}
}

// wait is the time until something is due by the clock alone.
func (c *console) wait(now time.Time) time.Duration {
	due := now.Add(longest)
	switch {
	case !c.first.over:
		if !c.first.by.IsZero() && c.first.by.Before(due) {
			due = c.first.by
		}
	case !c.opening:
		if t := c.told.due(); !t.IsZero() && t.Before(due) {
			due = t
		}
	}
	return max(0, due.Sub(now))
}

// catchUp says what is due: the summary once the customers were read, and from then on what changed.
func (c *console) catchUp(now time.Time) {
	if c.opening || !c.first.concluded {
		return
	}
	if !c.first.over {
		snap := c.o.Queue.Snapshot()
		if snap.Health()[soc.HealthStarting] > 0 && now.Before(c.first.by) {
			return
		}
		c.first.over = true
		c.told.start(snap, now)
		c.summary(snap, now)
		if c.o.Interactive {
			c.out.say("help names the commands.")
		}
		return
	}
	if t := c.told.due(); !t.IsZero() && !now.Before(t) {
		c.announce(now)
	}
}

// signIn starts signing in.
func (c *console) signIn(ctx context.Context) {
	c.session = session{running: true}
	show := func(p Prompt) {
		c.post(ctx, func() {
			c.session.prompt = &p
			c.showPrompt()
		})
	}
	c.start("sign-in", func() {
		err := guard.Run("sign-in", func() error { return c.o.Session.SignIn(ctx, show) })
		c.post(ctx, func() { c.signedIn(err) })
	})
}

// showPrompt says what the analyst has to do to sign in. The code stands alone, to be heard and copied.
func (c *console) showPrompt() {
	p := c.session.prompt
	c.out.prompting = c.o.Interactive
	what := "open " + p.URL.String()
	if !p.Code.IsZero() {
		what += " and enter the code below"
	}
	if !p.Expires.IsZero() {
		what += ", before " + clock(p.Expires, c.o.Now())
	}
	c.out.say("To sign in, %s.", what)
	if !p.Code.IsZero() {
		c.out.say("code: %s", p.Code)
	}
	if !p.Tenant.IsZero() {
		c.out.say("for tenant %s, application %s", p.Tenant, p.Client)
	}
}

// signedIn takes the end of signing in.
func (c *console) signedIn(err error) {
	c.session = session{}
	c.out.prompting = c.o.Interactive
	snap := c.o.Queue.Snapshot()
	switch {
	case err == nil && snap.Analyst.Known():
		c.out.say("Signed in as %s.", snap.Analyst.UPN)
	case err == nil:
		c.out.say("Signed in.")
	case errors.Is(err, context.Canceled):
		return
	default:
		c.o.Report(err)
		c.out.say("Not signed in: %s sign-in tries again.", problemText(err))
	}
	if c.first.concluded {
		return
	}
	c.first.concluded, c.first.by = true, c.o.Now().Add(patience)
	if snap.Health()[soc.HealthStarting] > 0 {
		c.out.say("Reading %s.", counted(len(snap.Parts), "customer", "customers"))
	}
}
