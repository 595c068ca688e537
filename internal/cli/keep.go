package cli

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

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
	hidden bool // the screen is shared: nothing of a customer is said at the end
	now    func() time.Time

	mu   sync.Mutex  // a console that ends saves while an earlier save may still be under way
	last state.State // what was kept latest
	bad  error       // of the latest try to keep it
}

// openSession reads what was kept of the last session, where it is wanted. One that cannot be read stays as it is, and the
// console says so.
func (c *command) openSession(cfg *config.Config, s showing) (*keptSession, error) {
	k := &keptSession{config: cfg.Fingerprint(), codes: make(map[soc.TenantID]soc.Code), hidden: s.flags.privacy || cfg.Console.Privacy, now: c.host.Now}
	for _, t := range cfg.Registry.All() {
		k.codes[t.ID] = t.Code
	}
	dir := c.host.stateDir()
	if dir == "" {
		k.note("Where you are is not kept for the next start: neither XDG_STATE_HOME nor HOME is set.")
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

// save keeps a console's state. Several goroutines may call it.
func (k *keptSession) save(s state.State) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.store == nil {
		return nil
	}
	s.Config, s.Saved = k.config, k.now().UTC().Truncate(time.Second)
	data, err := state.Encode(s)
	if err == nil {
		err = k.store.Save(data)
	}
	if err == nil {
		k.last = s
	}
	k.bad = err
	return err
}

// sayResume says on one line how to go on where the console was left.
func (c *command) sayResume(k *keptSession, s showing) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.bad != nil {
		_, _ = fmt.Fprintln(c.host.Err, "socctl: where you were is not kept: "+text.Escape(k.bad.Error()))
	}
	if k.last.Section == "" {
		return
	}
	again := s.again
	if k.store.Name() != "main" {
		again += " --session " + k.store.Name()
	}
	if k.hidden || k.last.Privacy {
		_, _ = fmt.Fprintf(c.host.Out, "%s goes on where you were; %s starts anew.\n", again, s.fresh)
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
	_, _ = fmt.Fprintf(c.host.Out, "%s goes on at %s; %s starts anew.\n", again, strings.Join(where, ", "), s.fresh)
}

// usedFlags writes the flags that a command was called with as a shell reads them, without those that say where to go on.
func usedFlags(cmd *cobra.Command) string {
	s := ""
	cmd.Flags().Visit(func(f *pflag.Flag) {
		switch {
		case f.Name == "resume" || f.Name == "fresh" || f.Name == "session":
		case f.Value.Type() == "bool" && f.Value.String() == "true":
			s += " --" + f.Name
		default:
			s += " --" + f.Name + "=" + shellWord(f.Value.String())
		}
	})
	return s
}

// plainSigns are the signs that mean nothing to any shell.
const plainSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/:@%+=,-"

// shellWord quotes a word for a shell, where it needs that, and makes it safe to show.
func shellWord(s string) string {
	if s != "" && strings.Trim(s, plainSigns) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(text.Escape(s), "'", `'\''`) + "'"
}
