package cli_test

import (
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/text/hostile"
)

// What is wrong with a command line is said before anything is read or asked.
func TestWrongCommandLines(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for name, c := range map[string]struct {
		args string
		says []string
	}{
		"unknown command":              {"foo", []string{`no command "foo"`, "incidents"}},
		"misspelt command":             {"incidnets list", []string{"did you mean incidents?"}},
		"noun alone":                   {"incidents", []string{"list, show"}},
		"unknown verb":                 {"incidents frobnicate", []string{`no command "frobnicate" under socctl incidents`, "list, show"}},
		"misspelt verb":                {"tenants lsit", []string{"did you mean list?"}},
		"verb of an alias":             {"alert shwo", []string{"list"}},
		"unknown flag":                 {"incidents list --wobble", []string{"--wobble", "socctl incidents list --help"}},
		"misspelt flag":                {"incidents list --outptu json", []string{"--outptu", "did you mean --output?"}},
		"misspelt flag of the program": {"--confg x", []string{"did you mean --config?"}},
		"unknown short flag":           {"incidents list -Z", []string{"-Z"}},
		"flag without its value":       {"incidents list --sort", []string{"--sort"}},
		"word too many":                {"incidents list CONT", []string{"takes flags only", `"CONT"`}},
		"no reference":                 {"incidents show", []string{"CONT-28282"}},
		"two references":               {"link CONT-1 CONT-2", []string{"name one incident"}},
		"format":                       {"incidents list -o jsno", []string{"did you mean json?"}},
		"format of nothing near":       {"alerts list --output xml", []string{"table, json, ndjson, csv, yaml"}},
		"one incident as rows":         {"incidents show CONT-1 -o csv", []string{"table, json or yaml"}},
		"limit below zero":             {"incidents list --limit -1", []string{"--limit -1"}},
		"limit that is no number":      {"incidents list --limit many", []string{`--limit "many"`, "a whole number is wanted"}},
		"sort":                         {"incidents list --sort urgncy", []string{"--sort", "did you mean urgency?"}},
		"sort of nothing near":         {"incidents list --sort xyzzy", []string{"urgency, severity, age, updated, tenant"}},
		"unknown customer":             {"incidents list --tenant FABB", []string{"no customer FABB", "FABR (Fabrikam)"}},
		"customer by name":             {"tenants list --tenant Fabrikan", []string{"FABR (Fabrikam)"}},
		"customer of nothing near":     {"alerts list --tenant ZZZZZZ", []string{"no customer ZZZZZZ"}},
		"unknown group":                {"incidents list --group gould", []string{"no group gould", "did you mean gold?"}},
		"severity":                     {"alerts list --severity hihg", []string{"--severity", "did you mean high?"}},
		"empty severity":               {"alerts list --severity high,", []string{"--severity"}},
		"since":                        {"alerts list --since 4days", []string{`--since "4days"`, "4h"}},
		"since nothing":                {"alerts list --since 0s", []string{"--since 0s", "4h"}},
		"no reference at all":          {"incidents show hello", []string{`"hello"`, "CODE-NUMBER"}},
		"unknown customer's reference": {"incidents show FABB-12", []string{"no customer FABB", "FABR (Fabrikam)"}},
		"Sentinel's reference":         {"incidents show CONT-S104", []string{"CONT-S104", "Sentinel"}},
		"link of Sentinel's":           {"link cont-s104", []string{"CONT-S104", "Sentinel"}},
		"open of no customer":          {"open WOOF-1", []string{"WOOD (Woodgrove Bank)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := *l
			r.t = t
			got := r.run(strings.Fields(c.args)...).exits(exitUsage).silent().says("socctl: ").says(c.says...)
			if strings.Contains(got.err, "strconv") || strings.Contains(got.err, "pflag") {
				t.Errorf("words of the library show: %s", got.err)
			}
		})
	}
	t.Cleanup(func() {
		if n := len(l.Requests()); n != 0 {
			t.Errorf("%d requests were sent for command lines that are wrong", n)
		}
	})
}

func TestFilterErrorsPointAtTheWord(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for name, c := range map[string]struct{ filter, says, pointer string }{
		"key":          {"sev:high sve:low", "did you mean sev:?", "  sev:high sve:low\n           ^^^^^^^"},
		"severity":     {"sev:hgih", "did you mean high?", "  sev:hgih\n  ^^^^^^^^"},
		"status":       {"owner:me status:opne", "did you mean open?", "  owner:me status:opne\n           ^^^^^^^^^^^"},
		"customer":     {"tenant:FABB", "did you mean FABR?", "  tenant:FABB\n  ^^^^^^^^^^^"},
		"group":        {"-group:gould", "did you mean gold?", "  -group:gould\n  ^^^^^^^^^^^^"},
		"sla":          {"sla:mised x", "did you mean missed?", "  sla:mised x\n  ^^^^^^^^^"},
		"no value":     {"sev:", "wants a value", "  sev:\n  ^^^^"},
		"quote":        {`phish "left open`, "never closed", "  phish \"left open\n        ^^^^^^^^^^"},
		"after accent": {"é sev:x", "no severity", "  é sev:x\n    ^^^^^"},
		"after wide":   {"漢字 sev:x", "no severity", "  漢字 sev:x\n       ^^^^^"},
		"after escape": {"\x1b[2J sev:x", "no severity", "  ?[2J sev:x\n       ^^^^^"},
		"two lines":    {"phish\nsev:x", "no severity", "  phish?sev:x\n        ^^^^^"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := *l
			r.t = t
			r.run("incidents", "list", "--filter", c.filter).exits(exitUsage).silent().says("--filter: ", c.says, c.pointer+"\n")
		})
	}
}

// What was typed may come from a clipboard: no error hands it to the terminal as it is.
func TestErrorsShowNoHostileArguments(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for n, s := range hostile.Corpus() {
		if len(s.Text) > 1024 || strings.ContainsRune(s.Text, 0) {
			continue // which no system hands over, or nobody pastes
		}
		places := [][]string{
			{s.Text}, {"incidents", s.Text}, {"-" + s.Text}, {"incidents", "list", "-t", s.Text}, {"incidents", "list", "-g", s.Text},
			{"incidents", "list", "-o", s.Text}, {"incidents", "list", "-s", s.Text}, {"incidents", "list", "-n", s.Text},
			{"alerts", "list", "--severity", s.Text}, {"incidents", "show", s.Text}, {"--config", s.Text, "tenants", "list"},
			{"--log-file", l.config + "/" + s.Text, "tenants", "list"},
		}
		for _, args := range [][]string{{"--" + s.Text}, {"incidents", "list", "--filter", "sev:" + s.Text}, places[n%len(places)]} {
			r := l.run(args...)
			if err := hostile.ScanBytes([]byte(r.out + r.err)); err != nil {
				t.Errorf("%s in %.80q: %v\n%q", s.Name, args, err, r.err)
			}
		}
	}
}
