package doctor

import (
	"regexp"
	"time"

	"github.com/charmbracelet/x/ansi"
)

// Sync says whether the terminal takes a frame at once (mode 2026).
type Sync string

// What a terminal answers to the question for mode 2026.
const (
	SyncUnknown Sync = ""      // it did not say
	SyncKnown   Sync = "known" // it has the mode
	SyncNone    Sync = "none"  // it says that it does not
)

// Answer is what a terminal said.
type Answer struct {
	Asked      bool
	Complete   bool          // the answer to the last question came
	Attributes string        // its primary attributes, such as 62;22
	Sync       Sync          //
	Took       time.Duration // until the answer was complete
	Err        error         // why it could not be asked
}

const (
	// askTimeout is how long the checks wait for the terminal.
	askTimeout = 300 * time.Millisecond
	// lateTimeout is how much longer the end of a run waits for an answer that is under way, lest it be typed into the shell.
	lateTimeout = time.Second
)

// question asks for mode 2026, and then for the primary attributes: every terminal answers these, and in order, so that
// their answer is the end of all.
func question() string {
	return ansi.RequestModeSynchronizedOutput + ansi.RequestPrimaryDeviceAttributes
}

// cleanLine takes away what a terminal that does not know the question may have printed of it.
const cleanLine = "\r\x1b[K"

var (
	attributesAnswer = regexp.MustCompile(`\x1b\[\?([0-9;]{1,64})c`)
	syncAnswer       = regexp.MustCompile(`\x1b\[\?2026;([0-4])\$y`)
)

// read takes an answer apart: DECRPM gives 0 for a mode that is not known, 4 for one that is off for good.
func (a *Answer) read(raw []byte) {
	if m := syncAnswer.FindSubmatch(raw); m != nil {
		if a.Sync = SyncKnown; m[1][0] == '0' || m[1][0] == '4' {
			a.Sync = SyncNone
		}
	}
	if m := attributesAnswer.FindSubmatch(raw); m != nil {
		a.Complete, a.Attributes = true, string(m[1])
	}
}
