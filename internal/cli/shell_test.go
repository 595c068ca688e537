package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestCompletionScripts(t *testing.T) {
	t.Parallel()
	h := bareHost(t.TempDir())
	for shell, word := range map[string]string{
		"bash": "complete -o default -F __socctl_complete socctl", "zsh": "compdef _socctl socctl",
		"fish": "complete -c socctl", "powershell": "Register-ArgumentCompleter",
	} {
		run(t, h, "completion", shell).exits(exitDone).prints(word, "__complete")
	}
	run(t, h, "completion").exits(exitUsage).silent().says("bash, zsh, fish, powershell")
	run(t, h, "completion", "zhs").exits(exitUsage).silent().says("did you mean zsh?")
	run(t, h, "completion", "tcsh").exits(exitUsage).silent().says("there are bash")
}

// script writes a completion script, and a socctl to the front of a directory for PATH.
func (l *lab) script(shell string) (script, dir string) {
	l.t.Helper()
	self, err := os.Executable()
	if err != nil {
		l.t.Fatal(err)
	}
	dir = l.t.TempDir()
	stub := "#!/bin/sh\n" + asProgram + "=1 exec '" + self + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(dir, "socctl"), []byte(stub), 0o700); err != nil {
		l.t.Fatal(err)
	}
	return l.file("completion."+shell, l.run("completion", shell).exits(exitDone).out), dir
}

// shell runs commands in a shell that knows nothing but the script, and gives what it printed.
func (l *lab) shell(name, commands string, args, words []string) string {
	l.t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		l.t.Skipf("%s is not on this machine: its completion is not tried in it", name)
	}
	_, dir := l.script(name)
	cmd := exec.CommandContext(l.t.Context(), path, slices.Concat(args, []string{"-c", commands, name}, words)...)
	cmd.Dir = l.dir
	cmd.Env = []string{"HOME=" + l.dir, "PATH=" + dir + ":" + os.Getenv("PATH"), "SOCCTL_CONFIG=" + l.config, "LC_ALL=C.UTF-8",
		"COLUMNS=100", l.host().Environ[1]}
	out, err := cmd.CombinedOutput()
	if err != nil {
		l.t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// Bash cuts the line into words before it asks; what it makes of each line was read off bash 5 with readline.
func TestBashCompletes(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("bash on Windows is not ours to start")
	}
	l := newLab(t)
	first := l.run("incidents", "list", "-o", "json").exits(exitDone).json().Items[0].Ref
	for name, c := range map[string]struct {
		line  string
		words string
		want  []string
	}{
		"a command":                    {"socctl inci", "socctl inci", []string{"incidents"}},
		"a customer":                   {"socctl alerts list -t CO", "socctl alerts list -t CO", []string{"CONT"}},
		"a customer behind =":          {"socctl alerts list --tenant=CO", "socctl alerts list --tenant = CO", []string{"CONT"}},
		"one of several, with meaning": {"socctl completion ", "socctl completion ''", []string{"bash", "zsh", "fish", "powershell"}},
		"a reference":                  {"socctl link " + first[:len(first)-1], "socctl link " + first[:len(first)-1], []string{first}},
		"a filter":                     {"socctl alerts list -f sev:hi", "socctl alerts list -f sev : hi", []string{"high"}},
		"a filter behind =":            {"socctl alerts list --filter=sev:hi", "socctl alerts list --filter = sev : hi", []string{"high"}},
		"an escaped blank":             {`socctl alerts list -f sev:high\ tenant:CO`, `socctl alerts list -f sev : 'high\ tenant' : CO`, []string{"CONT"}},
		"an open quotation mark":       {`socctl alerts list -f 'sev:high tenant:CO`, `socctl alerts list -f "'sev:high tenant:CO"`, []string{"sev:high tenant:CONT", "sev:high tenant:CONT "}},
		"double quotation marks":       {`socctl alerts list -f "sev:high tenant:CO`, `socctl alerts list -f '"sev:high tenant:CO'`, []string{"sev:high tenant:CONT", "sev:high tenant:CONT "}},
		"a quotation mark before":      {`socctl alerts list -f 'it is' -t CO`, `socctl alerts list -f "'it is'" -t CO`, []string{"CONT"}},
		"nothing":                      {"socctl alerts list -t XX", "socctl alerts list -t XX", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := *l
			r.t = t
			r.dir = t.TempDir()
			env := "XDG_STATE_HOME='" + filepath.Join(l.dir, ".local", "state") + "'\nexport XDG_STATE_HOME\n"
			out := r.shell("bash", env+`set -u
source completion.bash
COMP_LINE="$1"
eval "COMP_WORDS=($2)"
COMP_POINT=${#COMP_LINE} COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_TYPE=9 COMP_KEY=9
compopt() { :; }
"$(complete -p socctl | sed 's/.*-F \([^ ]*\) .*/\1/')" socctl
printf '%s\n' ${COMPREPLY[@]+"${COMPREPLY[@]}"}
`, []string{"--norc", "--noprofile"}, []string{c.line, c.words})
			if got := strings.FieldsFunc(out, func(r rune) bool { return r == '\n' }); !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, want %q", c.line, got, c.want)
			}
		})
	}
}

// The shells that may not be here at least have to take their script.
func TestShellsTakeTheirScripts(t *testing.T) {
	t.Parallel()
	for shell, args := range map[string][]string{"zsh": {"-n"}, "fish": {"--no-execute"}, "bash": {"-n"}} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			path, err := exec.LookPath(shell)
			if err != nil {
				t.Skipf("%s is not on this machine: its script is not tried", shell)
			}
			l := newLab(t)
			script, _ := l.script(shell)
			if out, err := exec.CommandContext(t.Context(), path, append(args, script)...).CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}
