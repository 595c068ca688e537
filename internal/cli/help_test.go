package cli_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/socctl/socctl/internal/cli"
)

// allCommands gives all commands that do something, the program first.
func allCommands(cmd *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		list = append(list, allCommands(sub)...)
	}
	return list
}

// noAnswer fails where a terminal is asked: reading its answer is what would wait.
type noAnswer struct{ t *testing.T }

func (n noAnswer) Read([]byte) (int, error) {
	n.t.Error("the terminal was read from")
	return 0, io.EOF
}

// Help, versions, pages and errors are text of ours on the host's streams, and ask no terminal for anything.
func TestHelpAsksNoTerminal(t *testing.T) {
	t.Parallel()
	h := bareHost(t.TempDir())
	h.In, h.InTTY, h.OutTTY = noAnswer{t}, true, true
	h.Environ = append(h.Environ, "TERM=xterm-256color", "COLORTERM=truecolor", "CLICOLOR_FORCE=1")
	for _, width := range []int{0, 10, 59, 80, 250} {
		h.Width = width
		for _, c := range allCommands(cli.Command()) {
			words := strings.Fields(c.CommandPath())[1:]
			for _, args := range [][]string{append(words, "--help"), append([]string{"help"}, words...), append([]string{"man"}, words...)} {
				r := run(t, h, args...).exits(exitDone).prints(strings.TrimSuffix(c.CommandPath(), " "))
				if r.err != "" || strings.ContainsAny(r.out, "\x1b\x07\t") {
					t.Errorf("%q: %q and standard error %q", args, r.out, r.err)
				}
				if args[0] != "man" {
					r.fits(max(width, 59))
				}
			}
		}
	}
	for _, args := range [][]string{{"incidnets"}, {"alerts", "list", "--since", "x"}, {"help", "incidnets"}, {"help", "link", "x"}, {"man", "x"}, {"--wobble"}} {
		if r := run(t, h, args...).exits(exitUsage).silent().says("socctl: "); strings.ContainsAny(r.err, "\x1b\x07") {
			t.Errorf("%q: %q", args, r.err)
		}
	}
}

// fits checks that running text is not wider than the terminal; command lines and examples are not broken.
func (r result) fits(width int) {
	r.t.Helper()
	for line := range strings.Lines(r.out) {
		if line = strings.TrimRight(line, "\n"); len(line) > max(width, 100) && !strings.HasPrefix(line, "  socctl") {
			r.t.Errorf("%q has %d cells on %d: %q", r.args, len(line), width, line)
		}
	}
}

// No help offers a format that its command refuses.
func TestHelpOffersWhatIsTaken(t *testing.T) {
	t.Parallel()
	h := bareHost(t.TempDir())
	n := 0
	for _, c := range allCommands(cli.Command()) {
		f := c.Flags().Lookup("output")
		if f == nil {
			continue
		}
		_, names, _ := strings.Cut(f.Usage, "one of ")
		for name := range strings.SplitSeq(names, ", ") {
			n++
			words := append(strings.Fields(c.CommandPath())[1:], "--output", name)
			if strings.HasSuffix(c.Use, "REF") {
				words = append(words, "CONT-1")
			}
			if r := run(t, h, words...); strings.Contains(r.err, "output format") {
				t.Errorf("%s: %s", c.CommandPath(), r.err)
			}
		}
	}
	if n < 18 {
		t.Errorf("%d formats were tried", n)
	}
	run(t, h, "incidents", "show", "CONT-1", "-o", "ndjson").exits(exitUsage).says("table, json or yaml")
}

// Times are typed as in the configuration, and help says how.
func TestSinceTakesDays(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.run("alerts", "list", "--since", "2d", "-t", "CONT").exits(exitDone)
	l.run("alerts", "list", "--since", "1d12h", "-t", "CONT").exits(exitDone)
	l.run("alerts", "list", "--since", "2w").exits(exitUsage).silent().says(`--since "2w": a time is wanted, such as 90s, 30m, 4h or 2d`)
	l.run("alerts", "list", "--help").exits(exitDone).prints("such as 90m, 4h or 2d (default 24h)")
}

// An application has no incidents of its own, and an empty list alone would look like an empty desk.
func TestOwnerMeOfAnApplication(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	const word = "signed in as an application"
	for _, noun := range []string{"incidents", "alerts"} {
		for _, filter := range []string{"owner:me", "status:open OWNER:ME", "-owner:none,me"} {
			l.run(noun, "list", "-f", filter).exits(exitDone).says("owner:me", word)
		}
		for _, filter := range []string{"owner:none", `"owner:me"`, "owner:meier", ""} {
			if r := l.run(noun, "list", "-f", filter).exits(exitDone); r.err != "" {
				t.Errorf("%s: %s", filter, r.err)
			}
		}
	}
	if r := l.run("incidents", "list", "-f", "owner:me", "--config", l.file("device.yaml", string(l.yaml("device-code")))).exits(exitDone); strings.Contains(r.err, word) {
		t.Errorf("a person is told: %s", r.err)
	}
}

func TestManPages(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "man", "man1")
	h := bareHost(t.TempDir())
	run(t, h, "man", "--dir", dir).exits(exitDone).silent()
	files, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, c := range allCommands(cli.Command()) {
		want = append(want, filepath.Join(dir, strings.ReplaceAll(c.CommandPath(), " ", "-")+".1"))
	}
	slices.Sort(want)
	if !slices.Equal(files, want) {
		t.Errorf("pages %q, want %q", files, want)
	}
	page := run(t, h, "man").exits(exitDone).prints(`.TH "SOCCTL" "1" "" "socctl 1.2.3"`, "FILES", "EXIT STATUS").out
	if data, err := os.ReadFile(filepath.Join(dir, "socctl.1")); err != nil || string(data) != page {
		t.Errorf("socctl.1 is not what socctl man prints: %v", err)
	}
	for _, c := range allCommands(cli.Command()) {
		page := run(t, h, append([]string{"man"}, strings.Fields(c.CommandPath())[1:]...)...).exits(exitDone).out
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if name := strings.ReplaceAll("--"+f.Name, "-", `\-`); f.Name != "help" && f.Name != "version" && !strings.Contains(page, name) {
				t.Errorf("the page of %s lacks %s", c.CommandPath(), name)
			}
		})
	}
	run(t, h, "man", "--dir", dir, "incidents").exits(exitUsage).silent().says("--dir writes every page")
	run(t, h, "man", "--dir", filepath.Join(files[0], "x")).exits(exitError).silent().says("--dir: ")
}

var overstrike = regexp.MustCompile(".\x08")

// groff reads the pages without a warning, and what people see is what the code says.
func TestManPagesAreRoff(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("groff is not on this machine: the pages are not rendered")
	}
	h := bareHost(t.TempDir())
	for _, c := range allCommands(cli.Command()) {
		page := run(t, h, append([]string{"man"}, strings.Fields(c.CommandPath())[1:]...)...).exits(exitDone).out
		cmd := exec.CommandContext(t.Context(), path, "-man", "-Tascii", "-P-c", "-ww", "-rLL=200n")
		cmd.Stdin = strings.NewReader(page)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil || errs.Len() > 0 {
			t.Errorf("%s: %v: %s", c.CommandPath(), err, errs.String())
		}
		shown := overstrike.ReplaceAllString(out.String(), "")
		for _, want := range append(strings.Split(strings.TrimSpace(c.Example), "\n"), c.Short) {
			if !strings.Contains(shown, strings.TrimSpace(want)) {
				t.Errorf("%s: %q is not in the page:\n%s", c.CommandPath(), want, shown)
			}
		}
	}
}
