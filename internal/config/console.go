package config

import (
	"cmp"
	"time"
)

// Console is how the console looks and behaves. A running console takes all of it over.
type Console struct {
	Theme        string // ThemeAuto, one of BuiltinThemes, or a file under themes/; a safe file name
	LowBandwidth bool
	SyncOutput   SyncOutput
	Mouse        bool
	Preview      Preview
	Privacy      bool
	LockAfter    time.Duration // without a key; 0 for never
	LockWith     LockWith
	RelockAfter  time.Duration // since a read-only customer was unlocked
}

// ThemeAuto is the theme that follows the terminal's background and what it can show.
const ThemeAuto = "auto"

// BuiltinThemes lists the themes that need no file, beside ThemeAuto. A theme's file builds on one of them.
func BuiltinThemes() []string {
	return []string{
		defaultBase, "light", "high-contrast", "high-contrast-light", "colour-blind", "colour-blind-light", "sixteen", "monochrome",
	}
}

// SyncOutput says when frames are sent as synchronized output.
type SyncOutput string

// The choices of console.sync_output.
const (
	SyncOutputAuto SyncOutput = "auto"
	SyncOutputOn   SyncOutput = "on"
	SyncOutputOff  SyncOutput = "off"
)

// SyncOutputs lists them, the default first.
func SyncOutputs() []SyncOutput { return []SyncOutput{SyncOutputAuto, SyncOutputOn, SyncOutputOff} }

// Preview is where the preview stands.
type Preview string

// The choices of console.preview.
const (
	PreviewBelow Preview = "below"
	PreviewRight Preview = "right"
	PreviewOff   Preview = "off"
)

// Previews lists them, the default first.
func Previews() []Preview { return []Preview{PreviewBelow, PreviewRight, PreviewOff} }

// LockWith is what opens a locked screen.
type LockWith string

// The choices of console.lock.
const (
	LockWithKey    LockWith = "key"
	LockWithSignIn LockWith = "sign-in"
)

// LockWiths lists them, the default first.
func LockWiths() []LockWith { return []LockWith{LockWithKey, LockWithSignIn} }

// words gives named strings as plain ones.
func words[T ~string](list []T) []string {
	plain := make([]string, len(list))
	for i, w := range list {
		plain[i] = string(w)
	}
	return plain
}

// The bounds and the defaults of the console's times.
const (
	minLock, maxLock     = time.Minute, 24 * time.Hour
	minRelock, maxRelock = time.Minute, 8 * time.Hour
	defaultRelock        = 15 * time.Minute
)

// console takes over the keys of the console.
func (b *builder) console(v *value) {
	c := &b.cfg.Console
	*c = Console{
		Theme:        string(cmp.Or(of[name](v, "theme"), ThemeAuto)),
		LowBandwidth: of[bool](v, "low_bandwidth"),
		SyncOutput:   SyncOutput(cmp.Or(of[string](v, "sync_output"), string(SyncOutputAuto))),
		Mouse:        of[bool](v, "mouse"),
		Preview:      Preview(cmp.Or(of[string](v, "preview"), string(PreviewBelow))),
		Privacy:      of[bool](v, "privacy"),
		LockAfter:    of[time.Duration](v, "lock_after"),
		LockWith:     LockWith(cmp.Or(of[string](v, "lock"), string(LockWithKey))),
		RelockAfter:  cmp.Or(of[time.Duration](v, "relock_after"), defaultRelock),
	}
	if c.LockAfter != 0 && (c.LockAfter < minLock || c.LockAfter > maxLock) {
		b.faults.add(v.where("lock_after"), "lock_after: it has to be 0 for never, or between 1m and 24h")
	}
	if c.RelockAfter < minRelock || c.RelockAfter > maxRelock {
		b.faults.add(v.where("relock_after"), "relock_after: it has to be between 1m and 8h")
	}
}
