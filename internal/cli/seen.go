package cli

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/socctl/socctl/internal/config"
	"github.com/socctl/socctl/internal/soc"
)

// What completion offers for a reference comes from a file of what was seen last, one for each configuration:
// refs-FINGERPRINT in the directory of the program's state. Its first line is seenHeader; each further line is an open
// incident, most urgent first: reference, severity and state, with a blank between them. Nothing that a customer or an
// attacker wrote is in it, and nothing of it is trusted: what does not read as such a line is left out.
const (
	seenHeader = "socctl-refs 1"
	maxSeen    = 5000    // incidents
	maxSeenLen = 1 << 20 // bytes, above what so many lines can have
)

// seenRef is one line of the file.
type seenRef struct {
	code     soc.Code
	ref      string // with the code
	severity soc.Severity
	state    soc.State
}

// stateDir is where the program keeps what it remembers between two runs, or empty where there is no such place.
func (h Host) stateDir() string {
	if dir := h.getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) { // a relative one has to be ignored, says the XDG specification
		return filepath.Join(dir, "socctl")
	}
	if home := h.getenv("HOME"); home != "" {
		return filepath.Join(home, ".local", "state", "socctl")
	}
	return ""
}

// seenFile is the file of a configuration, or empty where there is none.
func (c *command) seenFile(cfg *config.Config) string {
	dir := c.host.stateDir()
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, "refs-"+cfg.Fingerprint())
}

// rememberRefs writes down which incidents are open, for completion. It is a convenience: where it cannot be written,
// nothing is said and completion offers less.
func (c *command) rememberRefs(cfg *config.Config, snap *soc.Snapshot) {
	if path := c.seenFile(cfg); path != "" {
		_ = writeSeen(path, mergeSeen(readSeen(path), snap, c.host.Now()))
	}
}

// mergeSeen gives what is open now: what the snapshot has, and what was known before of the customers that it did not
// read completely.
func mergeSeen(before []seenRef, snap *soc.Snapshot, now time.Time) []seenRef {
	var open []*soc.Incident
	for i := range snap.All() {
		if i.State.Open() && soc.ValidID(i.Ref.ID) {
			open = append(open, i)
		}
	}
	soc.Sort(open, soc.OrderUrgency, now)
	if len(open) > maxSeen {
		open = open[:maxSeen]
	}
	var list []seenRef
	known := make(map[string]bool, len(open))
	for _, i := range open {
		known[i.Ref.String()] = true
		list = append(list, newSeen(i))
	}
	whole := make(map[soc.Code]bool)
	for n := range snap.Parts {
		whole[snap.Parts[n].Status.Tenant.Code] = snap.Parts[n].Status.Good()
	}
	for _, s := range before {
		if len(list) < maxSeen && !whole[s.code] && !known[s.ref] {
			list = append(list, s)
		}
	}
	return list
}

// newSeen is what is written of an incident. A severity or a state that we do not know is the service's text, and stays out.
func newSeen(i *soc.Incident) seenRef {
	s := seenRef{i.Ref.Code, i.Ref.String(), i.Severity, i.State}
	if !slices.Contains(soc.Severities(), s.severity) {
		s.severity = soc.SeverityUnknown
	}
	if !slices.Contains(openStates(), s.state) {
		s.state = soc.StateUnknown
	}
	return s
}

func openStates() []soc.State {
	return []soc.State{soc.StateNew, soc.StateActive, soc.StateAwaiting, soc.StateUnknown}
}

// readSeen reads the file; one that is missing or broken holds nothing.
func readSeen(path string) []seenRef {
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(io.LimitReader(f, maxSeenLen))
	if !lines.Scan() || lines.Text() != seenHeader {
		return nil
	}
	var list []seenRef
	for lines.Scan() && len(list) < maxSeen {
		if s, ok := parseSeen(lines.Text()); ok {
			list = append(list, s)
		}
	}
	return list
}

// refSigns are the signs that a reference can have behind its code, as soc.ValidID says.
const refSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~:-"

// parseSeen reads a line. There are thousands, and somebody waits: the pattern of a reference is not asked.
func parseSeen(line string) (seenRef, bool) {
	ref, rest, _ := strings.Cut(line, " ")
	severity, state, _ := strings.Cut(rest, " ")
	code, id, _ := strings.Cut(ref, "-")
	s := seenRef{soc.Code(code), ref, soc.Severity(severity), soc.State(state)}
	ours := code != "" && id != "" && strings.Trim(ref, refSigns) == ""
	return s, ours && slices.Contains(soc.Severities(), s.severity) && slices.Contains(openStates(), s.state)
}

// writeSeen replaces the file at once, so that nobody reads half of it, and keeps it from other people's eyes.
func writeSeen(path string, list []seenRef) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*") // with 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	var b bytes.Buffer
	b.WriteString(seenHeader + "\n")
	for _, s := range list {
		b.WriteString(s.ref + " " + string(s.severity) + " " + string(s.state) + "\n")
	}
	_, err = f.Write(b.Bytes())
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}
