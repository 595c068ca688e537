package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/text/hostile"
)

func seenIncident(code soc.Code, id string, severity soc.Severity, state soc.State) *soc.Incident {
	return &soc.Incident{Ref: soc.Ref{Code: code, Source: soc.SourceDefender, ID: id}, Tenant: &soc.Tenant{Code: code},
		Title: text.NewLine("a title"), Severity: severity, State: state}
}

func seenPart(code soc.Code, health soc.Health, incidents ...*soc.Incident) soc.Part {
	return soc.Part{Status: soc.Status{Tenant: &soc.Tenant{Code: code}, Health: health}, Incidents: incidents}
}

func TestSeenKeepsWhatWasNotReadAgain(t *testing.T) {
	t.Parallel()
	before := []seenRef{
		{"CONT", "CONT-1", soc.SeverityHigh, soc.StateNew}, {"FABR", "FABR-1", soc.SeverityHigh, soc.StateNew},
		{"FABR", "FABR-2", soc.SeverityLow, soc.StateNew}, {"WOOD", "WOOD-1", soc.SeverityLow, soc.StateNew},
	}
	snap := &soc.Snapshot{Parts: []soc.Part{
		seenPart("CONT", soc.HealthFresh, seenIncident("CONT", "2", soc.SeverityMedium, soc.StateNew), seenIncident("CONT", "3", soc.SeverityHigh, soc.StateResolved)),
		seenPart("FABR", soc.HealthStale, seenIncident("FABR", "2", soc.SeverityHigh, soc.StateActive)),
	}}
	var got []string
	for _, s := range mergeSeen(before, snap, time.Now()) {
		got = append(got, s.ref+" "+string(s.severity))
	}
	if want := []string{"FABR-2 high", "CONT-2 medium", "FABR-1 high", "WOOD-1 low"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSeenIsBounded(t *testing.T) {
	t.Parallel()
	var many []*soc.Incident
	for n := range maxSeen + 100 {
		many = append(many, seenIncident("CONT", fmt.Sprint(n), soc.SeverityLow, soc.StateNew))
	}
	many = append(many, seenIncident("CONT", "high", soc.SeverityHigh, soc.StateNew))
	snap := &soc.Snapshot{Parts: []soc.Part{seenPart("CONT", soc.HealthFresh, many...)}}
	list := mergeSeen([]seenRef{{"FABR", "FABR-1", soc.SeverityHigh, soc.StateNew}}, snap, time.Now())
	if len(list) != maxSeen || list[0].ref != "CONT-high" {
		t.Errorf("%d, the first is %s", len(list), list[0].ref)
	}
	path := filepath.Join(t.TempDir(), "state", "refs")
	if err := writeSeen(path, list); err != nil {
		t.Fatal(err)
	}
	if got := readSeen(path); !slices.Equal(got, list) {
		t.Errorf("%d were read of %d", len(got), len(list))
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
}

// What the service says in words of its own is not written.
func TestSeenHoldsOurWordsOnly(t *testing.T) {
	t.Parallel()
	s := newSeen(seenIncident("CONT", "1", "very high: call Kai", "on fire"))
	if s.severity != soc.SeverityUnknown || s.state != soc.StateUnknown {
		t.Errorf("%+v", s)
	}
}

func TestSeenTrustsNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := "CONT-1 high new"
	for name, c := range map[string]struct {
		content string
		want    int
	}{
		"good":             {seenHeader + "\n" + good + "\n", 1},
		"of another time":  {"socctl-refs 2\n" + good + "\n", 0},
		"nothing":          {"", 0},
		"header alone":     {seenHeader, 0},
		"too few words":    {seenHeader + "\nCONT-1\nCONT-1 high\n" + good, 1},
		"too many words":   {seenHeader + "\nCONT-1 high new x\n" + good, 1},
		"unknown severity": {seenHeader + "\nCONT-1 dire new\n" + good, 1},
		"resolved":         {seenHeader + "\nCONT-1 high resolved\n" + good, 1},
		"no number":        {seenHeader + "\nCONT- high new\n-1 high new\n" + good, 1},
		"a shell's signs":  {seenHeader + "\nCONT-$(reboot) high new\nCONT-1;ls high new\n" + good, 1},
		"a line too long":  {seenHeader + "\n" + good + "\n" + strings.Repeat("x", 1<<20), 1},
		"too many":         {seenHeader + "\n" + strings.Repeat(good+"\n", 2*maxSeen), maxSeen},
	} {
		path := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := readSeen(path); len(got) != c.want {
			t.Errorf("%s: %d references, want %d", name, len(got), c.want)
		}
	}
	if got := readSeen(dir); got != nil {
		t.Errorf("a directory gives %v", got)
	}
	for _, s := range hostile.Corpus() {
		if got, ok := parseSeen(s.Text + "-1 high new"); ok && hostile.ScanBytes([]byte(got.ref)) != nil {
			t.Errorf("%s is taken: %q", s.Name, got.ref)
		}
	}
}

// A directory that cannot be written is no reason to end a command.
func TestSeenThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeSeen(filepath.Join(file, "state", "refs"), nil); err == nil {
		t.Error("a file was taken for a directory")
	}
	for environ, want := range map[string]string{
		"XDG_STATE_HOME=/state": filepath.FromSlash("/state/socctl"), "XDG_STATE_HOME=state": "", "HOME=/home/kai": filepath.FromSlash("/home/kai/.local/state/socctl"),
	} {
		if got := (Host{Environ: []string{environ}}).stateDir(); got != want {
			t.Errorf("%s: %q, want %q", environ, got, want)
		}
	}
}

// BenchmarkReadSeen is the part of a completion that grows with what was seen.
func BenchmarkReadSeen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "refs")
	var list []seenRef
	for n := range maxSeen {
		list = append(list, seenRef{"CONT", fmt.Sprintf("CONT-%d", 20000+n), soc.SeverityHigh, soc.StateNew})
	}
	if err := writeSeen(path, list); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if len(readSeen(path)) != maxSeen {
			b.Fatal("not all were read")
		}
	}
}
