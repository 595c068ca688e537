package config

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestConsoleDefaults(t *testing.T) {
	t.Parallel()
	want := Console{Theme: "auto", SyncOutput: SyncOutputAuto, Preview: PreviewBelow, LockWith: LockWithKey, RelockAfter: 15 * time.Minute}
	for _, data := range []string{small, small + "console:\n", small + "console: {}\n", small + "console: {lock_after: 0}\n", small + "console: {lock_after: 0s}\n"} {
		if got := mustParse(t, data).Console; got != want {
			t.Errorf("%s\ngives %+v", data, got)
		}
	}
}

func TestConsoleIsRead(t *testing.T) {
	t.Parallel()
	want := Console{
		Theme: "my-own2", LowBandwidth: true, SyncOutput: SyncOutputOff, Mouse: true, Preview: PreviewRight, Privacy: true,
		LockAfter: 90 * time.Second, LockWith: LockWithSignIn, RelockAfter: 8 * time.Hour,
	}
	got := mustParse(t, small+`console:
  theme: my-own2
  low_bandwidth: true
  sync_output: off
  mouse: true
  preview: right
  privacy: true
  lock_after: 90s
  lock: sign-in
  relock_after: 8h
`).Console
	if got != want {
		t.Errorf("the file gives %+v", got)
	}
	got = mustParse(t, small, "SOCCTL_CONSOLE_THEME=my-own2", "SOCCTL_CONSOLE_LOW_BANDWIDTH=true", "SOCCTL_CONSOLE_SYNC_OUTPUT=off",
		"SOCCTL_CONSOLE_MOUSE=true", "SOCCTL_CONSOLE_PREVIEW=right", "SOCCTL_CONSOLE_PRIVACY=true", "SOCCTL_CONSOLE_LOCK_AFTER=90s",
		"SOCCTL_CONSOLE_LOCK=sign-in", "SOCCTL_CONSOLE_RELOCK_AFTER=8h").Console
	if got != want {
		t.Errorf("variables give %+v", got)
	}
}

// What the table of keys says is what holds where nothing is written.
func TestConsoleDefaultsStandInTheTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(small + "console:\n")
	for _, k := range consoleKeys()[1:] {
		b.WriteString("  " + lastPart(k.Path) + ": " + k.Default + "\n")
	}
	if got, want := mustParse(t, b.String()).Console, mustParse(t, small).Console; got != want {
		t.Errorf("the table gives %+v, nothing gives %+v", got, want)
	}
}

func TestConsoleFaults(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"thme: dark":           `7:3: unknown key "thme": did you mean "theme"?`,
		"theme: ../evil":       `7:10: theme: "../evil" is not a name: it has small letters, digits and single dashes, at most 32`,
		"theme: Dark":          `7:10: theme: "Dark" is not a name: it has small letters, digits and single dashes, at most 32`,
		"low_bandwidth: yes":   `7:18: low_bandwidth: "yes" is neither true nor false`,
		"sync_output: atuo":    `7:16: sync_output: "atuo" is none of auto, on, off: did you mean "auto"?`,
		"preview: rigth":       `7:12: preview: "rigth" is none of below, right, off: did you mean "right"?`,
		"lock: signin":         `7:9: lock: "signin" is none of key, sign-in: did you mean "sign-in"?`,
		"lock_after: 59s":      `7:15: lock_after: it has to be 0 for never, or between 1m and 24h`,
		"lock_after: 25h":      `7:15: lock_after: it has to be 0 for never, or between 1m and 24h`,
		"lock_after: never":    `7:15: lock_after: "never" is not a time: write 90s, 30m, 4h or 2d`,
		"lock_after: 00":       `7:15: lock_after: "00" is not a time: write 90s, 30m, 4h or 2d`,
		"relock_after: 30s":    `7:17: relock_after: it has to be between 1m and 8h`,
		"relock_after: 9h":     `7:17: relock_after: it has to be between 1m and 8h`,
		"relock_after: 0":      `7:17: relock_after: "0" is not a time: write 90s, 30m, 4h or 2d`,
		"preview: {off: true}": `7:12: preview wants a single value, not keys`,
	} {
		c, err := Parse("config.yaml", []byte(small+"console:\n  "+line+"\n"), nil)
		if got := faultsOf(t, c, err); !slices.Equal(got, []string{"config.yaml:" + want}) {
			t.Errorf("%s: got\n%s", line, strings.Join(got, "\n"))
		}
	}
}

func TestReadOnlyOfACustomer(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		general, own string
		want         bool
	}{
		{"", "", false}, {"", ", read_only: true", true}, {"", ", read_only: false", false},
		{"read_only: true\n", "", true}, {"read_only: true\n", ", read_only: false", false}, {"read_only: false\n", ", read_only: true", true},
	} {
		c := mustParse(t, strings.Replace(small, "000003}", "000003"+tc.own+"}", 1)+tc.general)
		if got := c.Registry.All()[0].ReadOnly; got != tc.want {
			t.Errorf("%q and %q: %v", tc.general, tc.own, got)
		}
	}
}
