package prompt

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/ui/style"
)

func press(p *Prompt, s string) {
	for _, r := range s {
		p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

func TestPromptTypesAndMovesItsCursor(t *testing.T) {
	t.Parallel()
	theme := style.New(colorprofile.ASCII, style.Dark)
	p := New("/", "sev:high")
	press(p, " x")
	if p.Value() != "sev:high x" {
		t.Fatalf("value %q", p.Value())
	}
	line, at := p.Draw(theme, 80)
	if ansi.Strip(line) != " / sev:high x" || at != len(" / sev:high x") {
		t.Errorf("line %q, cursor %d", line, at)
	}
	p.Update(tea.KeyPressMsg{Code: tea.KeyHome})
	if _, at = p.Draw(theme, 80); at != len(" / ") {
		t.Errorf("cursor %d after home", at)
	}
}

func TestAHostilePasteStaysOneSafeLine(t *testing.T) {
	t.Parallel()
	theme := style.New(colorprofile.ASCII, style.Dark)
	p := New("/", "")
	p.Update(tea.PasteMsg{Content: "a\x1b]52;c;eA==\ab\nc\u202ed" + strings.Repeat("x", 1<<20)})
	line, at := p.Draw(theme, 60)
	if strings.ContainsAny(ansi.Strip(line), "\x1b\a\n\u202e") {
		t.Errorf("hostile bytes in %q", line)
	}
	if w := ansi.StringWidth(line); w > 60 || at > 60 {
		t.Errorf("the line has %d cells, the cursor stands at %d", w, at)
	}
	if len(p.Value()) > 4*limit {
		t.Errorf("a paste of a megabyte left %d bytes", len(p.Value()))
	}
}
