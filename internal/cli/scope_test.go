package cli_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/socctl/socctl/internal/simcloud"
)

// asked lists the customers whose data was asked for.
func (l *lab) asked() []string {
	codes := map[string]bool{}
	for _, r := range l.Requests() {
		if r.TokenTenant != "" {
			codes[r.Tenant] = true
		}
	}
	return slices.Sorted(maps.Keys(codes))
}

// inGroup lists the codes of a group.
func (l *lab) inGroup(groups ...string) []string {
	var codes []string
	for _, t := range l.Tenants() {
		if slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(t.Groups, g) }) {
			codes = append(codes, t.Code)
		}
	}
	slices.Sort(codes)
	return codes
}

func TestOnlyTheChosenCustomersAreAsked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args string
		want func(*lab) []string
	}{
		"one":               {"--tenant CONT", func(*lab) []string { return []string{"CONT"} }},
		"in small letters":  {"-t cont", func(*lab) []string { return []string{"CONT"} }},
		"two in one flag":   {"--tenant WOOD,CONT", func(*lab) []string { return []string{"CONT", "WOOD"} }},
		"two flags":         {"-t WOOD -t CONT", func(*lab) []string { return []string{"CONT", "WOOD"} }},
		"twice the same":    {"-t CONT -t cont", func(*lab) []string { return []string{"CONT"} }},
		"a group":           {"--group gold", func(l *lab) []string { return l.inGroup("gold") }},
		"a group, any case": {"-g Gold", func(l *lab) []string { return l.inGroup("gold") }},
		"two groups":        {"-g gold,silver", func(l *lab) []string { return l.inGroup("gold", "silver") }},
		"customer or group": {"-t PROS -g gold", func(l *lab) []string { return append(l.inGroup("gold"), "PROS") }},
		"everybody":         {"", func(l *lab) []string { return slices.Sorted(slices.Values(l.codes())) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, noun := range []string{"incidents", "alerts", "tenants"} {
				l := newLab(t, func(o *simcloud.Options) { o.Incidents = -1 })
				want := c.want(l)
				a := l.run(append([]string{noun, "list", "-o", "json"}, strings.Fields(c.args)...)...).exits(exitDone).json()
				if got := l.asked(); !slices.Equal(got, want) {
					t.Errorf("%s: asked %v, want %v", noun, got, want)
				}
				var states []string
				for _, s := range a.Tenants {
					states = append(states, s.Code)
				}
				if slices.Sort(states); !slices.Equal(states, want) {
					t.Errorf("%s: the list tells of %v, want %v", noun, states, want)
				}
			}
		})
	}
}

func TestCustomersComeInTheOrderOfTheConfiguration(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	var got []string
	for _, i := range l.run("tenants", "list", "-t", "WING,FABR,CONT", "-o", "json").exits(exitDone).json().Items {
		got = append(got, i.Code)
	}
	if want := []string{"CONT", "FABR", "WING"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestFiltersKeepWhatTheySay(t *testing.T) {
	t.Parallel()
	l := newLab(t, func(o *simcloud.Options) { o.Incidents = 100 })
	some := []string{"incidents", "list", "-t", "CONT,FABR,LITW", "-o", "json", "-f"}
	everything := l.run(append(some, "")...).exits(exitDone).json().Items
	for name, c := range map[string]struct {
		filter string
		keep   func(item) bool
	}{
		"the default":  {"status:open", func(i item) bool { return i.Status != "resolved" }},
		"severity":     {"sev:high", func(i item) bool { return i.Severity == "high" }},
		"two values":   {"sev:high,LOW", func(i item) bool { return i.Severity == "high" || i.Severity == "low" }},
		"not":          {"-sev:high", func(i item) bool { return i.Severity != "high" }},
		"two words":    {"sev:high status:new", func(i item) bool { return i.Severity == "high" && i.Status == "new" }},
		"customer":     {"tenant:cont", func(i item) bool { return i.Tenant.Code == "CONT" }},
		"group":        {"group:gold", func(i item) bool { return slices.Contains(l.inGroup("gold"), i.Tenant.Code) }},
		"nobody's":     {"owner:none", func(i item) bool { return i.AssignedTo == "" }},
		"somebody's":   {"owner:mira", func(i item) bool { return strings.Contains(i.AssignedTo, "mira") }},
		"by reference": {everything[0].Ref, func(i item) bool { return i.Ref == everything[0].Ref }},
		"quoted text":  {`"` + everything[0].Title + `"`, func(i item) bool { return strings.Contains(i.Title, everything[0].Title) }},
	} {
		t.Run(name, func(t *testing.T) {
			want := map[string]bool{}
			for _, i := range everything {
				if c.keep(i) {
					want[i.Ref] = true
				}
			}
			if len(want) == 0 {
				t.Fatal("the estate has none: the case tests nothing")
			}
			got := map[string]bool{}
			for _, i := range l.run(append(some, c.filter)...).exits(exitDone).json().Items {
				got[i.Ref] = true
			}
			if !maps.Equal(got, want) {
				t.Errorf("%d incidents, want %d", len(got), len(want))
			}
		})
	}
}

func TestSortsAndLimits(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	rank := map[string]int{"high": 4, "medium": 3, "low": 2, "unknown": 1}
	for sort, before := range map[string]func(a, b item) int{
		"severity": func(a, b item) int { return rank[b.Severity] - rank[a.Severity] },
		"AGE":      func(a, b item) int { return a.Created.Compare(*b.Created) },
		"updated":  func(a, b item) int { return b.Updated.Compare(*a.Updated) },
		"tenant":   func(a, b item) int { return cmp.Compare(a.Tenant.Code, b.Tenant.Code) },
		"urgency":  func(item, item) int { return 0 },
	} {
		t.Run(sort, func(t *testing.T) {
			some := []string{"incidents", "list", "-t", "CONT,LITW,WOOD", "-s", sort, "-o", "json"}
			all := l.run(some...).exits(exitDone).json().Items
			if !slices.IsSortedFunc(all, before) {
				t.Error("out of order")
			}
			limits := map[string]int{"3": 3}
			if sort == "urgency" {
				limits = map[string]int{"0": len(all), "1": 1, "100000": len(all)}
			}
			for limit, want := range limits {
				first := l.run(append(some, "-n", limit)...).exits(exitDone).json().Items
				if len(first) != want {
					t.Fatalf("--limit %s gives %d", limit, len(first))
				}
				for n := range first {
					if first[n].Ref != all[n].Ref {
						t.Fatalf("--limit %s: number %d is %s, want %s", limit, n, first[n].Ref, all[n].Ref)
					}
				}
			}
		})
	}
}

func TestAlertsSinceAndSeverity(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	all := l.run("alerts", "list", "--since", "720h", "-o", "json").exits(exitDone).json().Items
	if !slices.IsSortedFunc(all, func(a, b item) int { return b.Updated.Compare(*a.Updated) }) {
		t.Error("the latest change is not first")
	}
	for args, keep := range map[string]func(item) bool{
		"--since 4h":                                func(i item) bool { return l.now.Sub(*i.Updated) <= 4*time.Hour },
		"--since 720h --severity high":              func(i item) bool { return i.Severity == "high" },
		"--since 720h --severity HIGH,low":          func(i item) bool { return i.Severity == "high" || i.Severity == "low" },
		"--since 720h --severity medium --limit 10": func(i item) bool { return i.Severity == "medium" },
		"--since 720h --filter tenant:LITW,CONT":    func(i item) bool { return i.Tenant.Code == "LITW" || i.Tenant.Code == "CONT" },
		"--since 720h -f -status:resolved":          func(i item) bool { return i.Status != "resolved" },
		"--since 48h --tenant CONT":                 func(i item) bool { return i.Tenant.Code == "CONT" && l.now.Sub(*i.Updated) <= 48*time.Hour },
	} {
		t.Run(args, func(t *testing.T) {
			var want []string
			for _, i := range all {
				if keep(i) {
					want = append(want, i.Tenant.Code+i.ID)
				}
			}
			if strings.Contains(args, "--limit 10") {
				want = want[:10]
			}
			var got []string
			for _, i := range l.run(append([]string{"alerts", "list", "-o", "json"}, strings.Fields(args)...)...).exits(exitDone).json().Items {
				got = append(got, i.Tenant.Code+i.ID)
			}
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("%d alerts, want %d", len(got), len(want))
			}
		})
	}
}

func TestTenantsOffline(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	h := bareHost(l.dir) // which knows no secret
	a := l.runOn(h, "tenants", "list", "--offline", "-g", "gold", "-o", "json", "--config", l.file("device.yaml", string(l.yaml("device-code")))).exits(exitDone).json()
	if len(a.Items) != len(l.inGroup("gold")) || a.Complete {
		t.Errorf("%d customers, complete %v", len(a.Items), a.Complete)
	}
	for _, c := range a.Tenants {
		if c.State != "starting" || c.AgeSeconds != nil {
			t.Errorf("%s is %s, %v seconds old, though nobody was asked", c.Code, c.State, c.AgeSeconds)
		}
	}
	if n := len(l.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
