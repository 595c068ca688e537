package app

import (
	"slices"
	"sync"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

// homeCode stands where a call is for the analyst's own tenant.
const homeCode soc.Code = "HOME"

// Calls gives the calls after the one with the number, newest last, as far as they are remembered.
func (a *App) Calls(since uint64) []soc.Call { return a.ledger.Since(since) }

// Tasks lists what runs right now: what somebody asked for first, then the customers that are being read.
func (a *App) Tasks() []soc.Task { return append(a.running.list(), a.feed.Tasks()...) }

// observe writes a call down, for the page of activity and for the log.
func (a *App) observe(code soc.Code, c transport.Call) {
	a.ledger.Add(code, c)
	a.logCall(code, c)
}

// observeSignIn does the same for a request of the sign-in, which names its tenant itself.
func (a *App) observeSignIn(c transport.Call) { a.observe(a.codeOf(c.Tenant), c) }

func (a *App) codeOf(id soc.TenantID) soc.Code {
	if c, ok := a.customers[id]; ok {
		return c.tenant.Code
	}
	if id == a.o.Config.Home.Tenant {
		return homeCode
	}
	return ""
}

// running holds the tasks that somebody waits for.
type running struct {
	now   func() time.Time
	mu    sync.Mutex
	tasks []*soc.Task
}

// begin notes a task until end is called.
func (r *running) begin(what string, id soc.TenantID, code soc.Code) (end func()) {
	t := &soc.Task{What: text.NewLine(what), Tenant: id, Code: code, Since: r.now()}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tasks = append(r.tasks, t)
	return func() { r.end(t) }
}

func (r *running) end(t *soc.Task) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tasks = slices.DeleteFunc(r.tasks, func(other *soc.Task) bool { return other == t })
}

// list gives the tasks, the oldest first.
func (r *running) list() []soc.Task {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]soc.Task, 0, len(r.tasks))
	for _, t := range r.tasks {
		list = append(list, *t)
	}
	return list
}

// Usage tells how many requests went to a customer in the last minute, and how many a minute are allowed: what
// soc.Status says, as it is now.
func (a *App) Usage(id soc.TenantID) (minute, budget int) {
	c, ok := a.customers[id]
	if !ok {
		return 0, 0
	}
	return c.usage()
}
