package feed

import (
	"fmt"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// gaps is what is missing in rows that were read without a failure. It stays known until everything was read again: a
// later read of what changed cannot fill it.
type gaps struct {
	openAt     time.Time // when what is open was last asked for
	refused    bool      // the service does not list it
	openLost   int       // records of it that could not be read
	recentLost int       // the same of what changed lately
}

// opened notes how the question for what is open was answered.
func (g *gaps) opened(at time.Time, refused bool, unreadable int) {
	g.openAt, g.refused, g.openLost = at, refused, unreadable
}

// changed notes how the question for what changed was answered.
func (g *gaps) changed(full bool, unreadable int) {
	if full {
		g.recentLost = unreadable
		return
	}
	g.recentLost = max(g.recentLost, unreadable)
}

// due tells whether it is time to read everything again.
func (g *gaps) due(now time.Time) bool {
	return (g.refused || g.openLost+g.recentLost > 0) && now.Sub(g.openAt) >= fullAgain
}

// text says what is missing, or nothing.
func (g *gaps) text(rows []*soc.Incident) text.Line {
	if n := max(g.openLost, g.recentLost); n > 0 {
		return text.NewLine(fmt.Sprintf("%d records could not be read", n))
	}
	if g.refused {
		return text.NewLine("the service does not list what was open and unchanged for long")
	}
	blind := 0
	for _, i := range rows {
		if i.AlertCount < 0 && i.State.Open() {
			blind++
		}
	}
	if blind > 0 {
		return text.NewLine(fmt.Sprintf("the service does not give the alerts of %d open incidents", blind))
	}
	return text.Line{}
}
