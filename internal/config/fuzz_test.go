package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// slow is a time that no configuration may take to be read or refused, on a machine that is busy with other tests.
const slow = 20 * time.Second

// A small or a large file that was made to be hard to read is refused in bounded time.
func TestHardFilesAreBounded(t *testing.T) {
	t.Parallel()
	const size = maxFile / 32 // what is hard grows in line with it
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, data := range map[string]string{
		"nested lists":       fill("["),
		"nested maps":        fill("{a: "),
		"nested keys":        fill("? "),
		"nested dashes":      fill("- "),
		"one long word":      fill("a"),
		"one long string":    `home: "` + fill("a") + `"`,
		"many keys":          "{" + fill("a: b, ") + "}",
		"many lines":         fill("a: b\n"),
		"many empty entries": "tenants: [" + fill("{},") + "]",
		"many names":         "sla: {" + fill("a: {},") + "}",
		"many anchors":       fill("- &a a\n"),
		"many documents":     fill("---\n"),
		"many comments":      fill("#\n"),
		"many breaks":        fill("\n") + small,
		"many colons":        fill(":"),
		"many quotes":        fill(`"`),
		"a long escape":      `"` + fill(`\x41`) + `"`,
		"laughs":             "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n",
		"a ring":             "a: &a [*a]\n",
		"many groups":        customers + "  - {code: CONT, name: a, id: " + secondTenant + ", groups: [" + fill("a,") + "]}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			c, err := Parse("config.yaml", []byte(data), nil)
			took := time.Since(start)
			t.Log(took)
			if name != "many breaks" {
				faultsOf(t, c, err)
			}
			if took > slow {
				t.Errorf("took %s", took)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	design, err := os.ReadFile(filepath.Join("testdata", "design.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(design), "HOME", "/home/kai")
	f.Add(small, "SOCCTL_TENANTS", "[{code: CONT, name: a, id: 0a1b2c3d-0000-4000-8000-000000000003}]")
	f.Add(small+"sla: {gold: {high: 1h}}\n", "SOCCTL_SLA_GOLD_HIGH", "30m")
	f.Add("clouds: {lab: {ca_file: x}}\n", "SOCCTL_CLOUDS_LAB_GRAPH", "https://[::1]:8443/")
	f.Add("a: &a [*a]\n---\n", "SOCCTL_VIEWS", "[{name: a, filter: 'status:new'}]")
	f.Add("home: {tenant: !!binary x, ? [a] : b}\n", "HTTPS_PROXY", "http://u:p@h")
	f.Fuzz(func(t *testing.T, data, variable, setting string) {
		c, err := Parse("config.yaml", []byte(data), []string{variable + "=" + setting})
		var e *Error
		switch {
		case err == nil && (c == nil || c.Registry == nil || len(c.Registry.All()) == 0 || c.Home.Tenant == "" || c.Home.Cloud.Graph == "" || c.Refresh < minRefresh):
			t.Fatalf("half a configuration: %+v", c)
		case err == nil:
			return
		case c != nil || !errors.As(err, &e) || len(e.Faults) == 0 || len(e.Faults) > maxFaults:
			t.Fatalf("not an *Error alone: %v, %v", c, err)
		}
		for _, line := range e.Faults {
			if strings.IndexFunc(line.String(), invisible) >= 0 || line.Where == "" || line.Message == "" {
				t.Fatalf("a fault that cannot be shown: %q", line)
			}
		}
	})
}
