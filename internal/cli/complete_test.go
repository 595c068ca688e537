package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/cli"
	"github.com/socctl/socctl/internal/simcloud"
	"github.com/socctl/socctl/internal/text/hostile"
)

// The directives of cobra's protocol.
const (
	noSpace    = 2
	noFiles    = 4
	filterDirs = 16
)

// suggestions asks as the scripts of the shells do. It gives the words with their descriptions, and the directive.
func (l *lab) suggestions(args ...string) ([]string, int) {
	l.t.Helper()
	return suggestions(l.t, l.host(), append([]string{"--config", l.config}, args...)...)
}

func suggestions(t testing.TB, h cli.Host, args ...string) ([]string, int) {
	t.Helper()
	r := run(t, h, append([]string{"__complete"}, args...)...).exits(exitDone)
	lines := strings.Split(strings.TrimSuffix(r.out, "\n"), "\n")
	last := len(lines) - 1
	directive, err := strconv.Atoi(strings.TrimPrefix(lines[last], ":"))
	if err != nil || !strings.HasPrefix(lines[last], ":") {
		t.Fatalf("%q does not end with a directive: %q", args, r.out)
	}
	if err := hostile.ScanBytes([]byte(strings.ReplaceAll(r.out, "\t", " "))); err != nil {
		t.Errorf("%q: %v", args, err)
	}
	return lines[:last], directive
}

func TestCompletion(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for name, c := range map[string]struct {
		args      []string
		want      []string // exactly these, where there are any
		among     []string
		directive int // bits that have to be set
	}{
		"commands":            {args: []string{""}, among: []string{"incidents\tIncidents of all customers", "man\t", "completion\t"}},
		"verbs":               {args: []string{"incident", "s"}, want: []string{"show\tShow one incident with its alerts and evidence"}},
		"customers":           {args: []string{"incidents", "list", "--tenant", "CO"}, want: []string{"CONT\tContoso Ltd"}, directive: noFiles},
		"customers, short":    {args: []string{"alerts", "list", "-t", "CO"}, want: []string{"CONT\tContoso Ltd"}, directive: noFiles},
		"customers, small":    {args: []string{"tenants", "list", "--tenant=co"}, want: []string{"cont\tContoso Ltd"}, directive: noFiles},
		"one more customer":   {args: []string{"alerts", "list", "-t", "CONT,C"}, want: nil, directive: noFiles},
		"another customer":    {args: []string{"alerts", "list", "-t", "CONT,FA"}, want: []string{"CONT,FABR\tFabrikam"}, directive: noFiles},
		"groups":              {args: []string{"incidents", "list", "-g", "g"}, want: []string{"gold"}, directive: noFiles},
		"orders":              {args: []string{"incidents", "list", "--sort", ""}, among: []string{"urgency", "age"}, directive: noFiles},
		"orders of customers": {args: []string{"tenants", "list", "--sort", ""}, want: []string{"configured", "code", "name", "state", "open"}, directive: noFiles},
		"formats of a list":   {args: []string{"alerts", "list", "-o", ""}, want: []string{"table", "json", "ndjson", "csv", "yaml"}, directive: noFiles},
		"formats of one":      {args: []string{"incidents", "show", "-o", ""}, want: []string{"table", "json", "yaml"}, directive: noFiles},
		"severities":          {args: []string{"alerts", "list", "--severity", "high,m"}, want: []string{"high,medium"}, directive: noFiles},
		"filter keys":         {args: []string{"incidents", "list", "-f", "sev:high st"}, among: []string{"sev:high status:"}, directive: noFiles | noSpace},
		"filter values":       {args: []string{"incidents", "list", "-f", "sev:high tenant:co"}, among: []string{"sev:high tenant:cont"}, directive: noFiles | noSpace},
		"words of customers":  {args: []string{"tenants", "list", "-f", "s"}, want: nil, directive: noFiles},
		"shells":              {args: []string{"completion", ""}, want: []string{"bash", "zsh", "fish", "powershell"}, directive: noFiles},
		"pages":               {args: []string{"man", "incidents", "l"}, among: []string{"list\t"}, directive: noFiles},
		"help":                {args: []string{"help", "tenant", ""}, among: []string{"list\t"}, directive: noFiles},
		"numbers":             {args: []string{"incidents", "list", "-n", ""}, want: nil, directive: noFiles},
		"no argument":         {args: []string{"incidents", "list", ""}, want: nil, directive: noFiles},
		"directories":         {args: []string{"man", "--dir", ""}, want: nil, directive: filterDirs},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := *l
			r.t = t
			got, directive := r.suggestions(c.args...)
			for _, w := range c.among {
				if !slices.ContainsFunc(got, func(g string) bool { return strings.HasPrefix(g, w) }) {
					t.Errorf("%q is not among %q", w, got)
				}
			}
			if len(c.among) == 0 && !slices.Equal(only(got, c.args), c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if directive&c.directive != c.directive || directive&1 != 0 {
				t.Errorf("directive %d, want %d in it", directive, c.directive)
			}
		})
	}
	t.Cleanup(func() {
		if n := len(l.Requests()); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
	})
}

// only keeps what begins with what was typed, as shells do.
func only(list, args []string) []string {
	typed := args[len(args)-1]
	if _, value, ok := strings.Cut(typed, "="); ok {
		typed = value
	}
	var out []string
	for _, s := range list {
		if strings.HasPrefix(s, typed) {
			out = append(out, s)
		}
	}
	return out
}

// A file is offered only where one is wanted.
func TestCompletionOfFiles(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for _, args := range [][]string{{"--config", ""}, {"--log-file", ""}, {"simcloud", "--ca-out", ""}, {"simcloud", "--config-out", ""}} {
		if got, directive := l.suggestions(args...); len(got) != 0 || directive&noFiles != 0 {
			t.Errorf("%q: %q, directive %d", args, got, directive)
		}
	}
}

func TestCompletionOfReferences(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	if got, _ := l.suggestions("link", ""); len(got) != 0 {
		t.Errorf("nothing was seen yet, and there is %q", got)
	}
	items := l.run("incidents", "list", "-o", "json").exits(exitDone).json().Items
	if len(items) < 3 || len(items) > 40 {
		t.Fatalf("%d open incidents", len(items))
	}
	var want []string
	for _, i := range items {
		want = append(want, i.Ref+"\t"+i.Severity)
	}
	l.ForgetRequests()
	for _, args := range [][]string{{"incidents", "show", ""}, {"incident", "show", "-o", "json", ""}, {"link", ""}, {"open", ""}} {
		if got, directive := l.suggestions(args...); !slices.Equal(got, want) || directive&noFiles == 0 {
			t.Errorf("%q: %q, want the open ones in their order %q", args, got, want)
		}
	}
	one := items[0]
	if got, _ := l.suggestions("link", strings.ToLower(one.Ref)); !slices.Equal(got, []string{strings.ToLower(one.Ref) + "\t" + one.Severity}) {
		t.Errorf("in small letters: %q", got)
	}
	if got, _ := l.suggestions("link", one.Ref, ""); len(got) != 0 {
		t.Errorf("a second reference is offered: %q", got)
	}
	if n := len(l.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	l.holdsNoText(items)
}

// holdsNoText looks into the file of what was seen: who may read it, and that no customer's text is in it.
func (l *lab) holdsNoText(items []item) {
	l.t.Helper()
	found, err := filepath.Glob(filepath.Join(l.dir, ".local", "state", "socctl", "refs-*"))
	if err != nil || len(found) != 1 {
		l.t.Fatalf("files %q, %v", found, err)
	}
	data, err := os.ReadFile(found[0])
	if err != nil {
		l.t.Fatal(err)
	}
	for _, i := range items {
		if strings.Contains(string(data), i.Title) || !strings.Contains(string(data), fmt.Sprintf("\n%s %s %s\n", i.Ref, i.Severity, i.Status)) {
			l.t.Errorf("%s is not as it should be in %q", i.Ref, data)
		}
	}
	if runtime.GOOS == "windows" {
		return
	}
	for path, mode := range map[string]os.FileMode{found[0]: 0o600, filepath.Dir(found[0]): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			l.t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

// Of many incidents the customers are completed first.
func TestCompletionOfManyReferences(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *simcloud.Options) { o.Incidents = 300 })
	of := l.run("incidents", "list", "-o", "json").exits(exitDone).json().of()
	got, directive := l.suggestions("link", "")
	if want := fmt.Sprintf("CONT-\t%d open Contoso Ltd", of["CONT"]); directive&noSpace == 0 || len(got) != len(of) || !slices.Contains(got, want) {
		t.Errorf("%q, directive %d, want %q among %d", got, directive, want, len(of))
	}
	if got, directive := l.suggestions("link", "CONT-"); len(got) != of["CONT"] || directive&noSpace != 0 {
		t.Errorf("%d of Contoso with directive %d, want %d", len(got), directive, of["CONT"])
	}
}

// A list of one customer does not make the others' incidents unknown, and neither does one that fails.
func TestReferencesOfOthersAreKept(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.run("incidents", "list").exits(exitDone)
	before, _ := l.suggestions("link", "")
	l.run("incidents", "list", "-t", "CONT").exits(exitDone)
	l.Inject(simcloud.Fault{Tenant: "FABR", PathPrefix: "/v1.0/security", Count: -1, Status: 500})
	l.run("incidents", "list", "-t", "FABR").exits(exitPartial)
	after, _ := l.suggestions("link", "")
	slices.Sort(before)
	if slices.Sort(after); !slices.Equal(before, after) {
		t.Errorf("%d references became %d", len(before), len(after))
	}
}

func TestCompletionWithoutAConfiguration(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for name, path := range map[string]string{
		"missing":     filepath.Join(l.dir, "none.yaml"),
		"broken":      l.file("broken.yaml", "home: ["),
		"of nothing":  l.file("empty.yaml", ""),
		"a directory": l.dir,
		"a pipe":      fifo(t, l.dir),
	} {
		for _, args := range [][]string{{"link", ""}, {"incidents", "list", "-t", ""}, {"alerts", "list", "-g", ""}, {"alerts", "list", "-f", "sev:"}} {
			got, directive := suggestions(t, l.host(), append([]string{"--config", path}, args...)...)
			if len(got) != 0 || directive&noFiles == 0 || directive&1 != 0 {
				t.Errorf("%s: %q gives %q, directive %d", name, args, got, directive)
			}
		}
	}
	h := l.host()
	h.Environ = append(h.Environ, "SOCCTL_CONFIG="+l.config)
	if got, _ := suggestions(t, h, "alerts", "list", "-t", "CO"); !slices.Equal(got, []string{"CONT\tContoso Ltd"}) {
		t.Errorf("$SOCCTL_CONFIG: %q", got)
	}
}

// Privacy mode is for people who share their screen.
func TestCompletionInPrivacyMode(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	path := l.file("private.yaml", string(l.yaml("client-secret"))+"\nconsole:\n  privacy: true\n")
	if got, _ := suggestions(t, l.host(), "--config", path, "alerts", "list", "-t", "CO"); !slices.Equal(got, []string{"CONT"}) {
		t.Errorf("%q", got)
	}
}
