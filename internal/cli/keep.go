package cli

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/session"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/ui/state"
)

// keptSession is the session of a console: what was kept of the last one, and where this one goes.
type keptSession struct {
	store  *session.Store // nil where there is no place to keep anything
	config string
	codes  map[soc.TenantID]soc.Code
	state  state.State // of the last time; zero for none
	notes  []text.Line
	last   state.State // what was kept latest
}

// openSession reads what was kept of the last session, where it is wanted. One that cannot be read stays as it is, and the
// console says so.
func (c *command) openSession(cfg *config.Config, s showing) (*keptSession, error) {
	k := &keptSession{config: cfg.Fingerprint(), codes: make(map[soc.TenantID]soc.Code)}
	for _, t := range cfg.Registry.All() {
		k.codes[t.ID] = t.Code
	}
	dir := c.host.stateDir()
	if dir == "" {
		return k, nil
	}
	store, err := session.Open(filepath.Join(dir, "sessions"), k.config, s.flags.session)
	if err != nil {
		return nil, usagef("--session %s: %v", text.Quote(s.flags.session), err)
	}
	k.store = store
	k.read(s)
	return k, nil
}

// read takes what was kept of the last session. Whatever is wrong with it is a note.
func (k *keptSession) read(s showing) {
	data, err := k.store.Load()
	if err != nil {
		k.note("The last session cannot be read, and is left as it is: " + err.Error())
		return
	}
	if data == nil && k.store.Elsewhere() && s.flags.resume && s.flags.session != "main" {
		k.note("The session " + k.store.Name() + " was kept with another configuration, where it stays; this one starts anew.")
	}
	if data == nil || !s.flags.resume {
		return
	}
	last, err := state.Decode(data)
	if err == nil && last.Config != k.config {
		err = fmt.Errorf("it is another configuration's")
	}
	if err != nil {
		aside := "it is left as it is"
		if where, moved := k.store.SetAside(); moved == nil {
			aside = "it is kept as " + where
		}
		k.note("The last session cannot be used, since " + err.Error() + "; " + aside + ", and this one starts anew.")
		return
	}
	k.state = last
}

func (k *keptSession) note(s string) { k.notes = append(k.notes, text.NewLine(s)) }

// save keeps a console's state.
func (k *keptSession) save(s state.State) error {
	if k.store == nil {
		return nil
	}
	s.Config = k.config
	data, err := state.Encode(s)
	if err == nil {
		err = k.store.Save(data)
	}
	if err == nil {
		k.last = s
	}
	return err
}

// sayResume says on one line how to go on where the console was left.
func (c *command) sayResume(k *keptSession, s showing) {
	if k.store == nil || k.last.Section == "" {
		return
	}
	where := []string{text.Escape(k.last.Section)}
	if code, ok := k.codes[k.last.Tenant]; ok {
		where = append(where, string(code))
	}
	if f := k.last.Filter; f != "" {
		where = append(where, text.Quote(f))
	}
	for _, r := range []state.Ref{k.last.Open, k.last.Cursor} {
		if code, ok := k.codes[r.Tenant]; ok && !r.IsZero() {
			where = append(where, soc.Ref{Code: code, Source: r.Source, ID: r.ID}.String())
			break
		}
	}
	if n := len(k.last.Marks); n > 0 {
		where = append(where, fmt.Sprintf("%d marked", n))
	}
	again := s.again
	if k.store.Name() != "main" {
		again += " --session " + k.store.Name()
	}
	_, _ = fmt.Fprintf(c.host.Out, "%s goes on at %s; %s starts anew.\n", again, strings.Join(where, ", "), s.fresh)
}
