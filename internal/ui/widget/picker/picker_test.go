package picker

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/ui/style"
)

func items() []Item {
	return []Item{{Code: "all", Label: "All customers"}, {Value: "c", Code: "CONT", Label: "Contoso Ltd"},
		{Value: "f", Code: "FABR", Label: "Fabrikam"}, {Value: "t", Code: "TAIL", Label: "Tailspin Toys"},
		{Value: "a", Code: "TOYS", Label: "Wingtip Toys"}}
}

func typing(p *Picker, s string) {
	for _, r := range s {
		p.Update(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

func TestPickerFindsByCodeNameAndLetters(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"cont": "c", "fab": "f", "tspn": "t", "toys": "a", "contoso": "c"} {
		p := New("Switch", items(), "")
		typing(p, word)
		if got, ok := p.Chosen(); !ok || got.Value != want {
			t.Errorf("%q chooses %q, want %q", word, got.Value, want)
		}
	}
	p := New("Switch", items(), "")
	typing(p, "zzz")
	if _, ok := p.Chosen(); ok {
		t.Error("nothing matches zzz, yet something is chosen")
	}
}

func TestPickerStartsWhereOneIs(t *testing.T) {
	t.Parallel()
	p := New("Switch", items(), "f")
	if got, _ := p.Chosen(); got.Value != "f" {
		t.Errorf("the cursor stands on %q", got.Value)
	}
	lines, _, _ := p.Draw(style.New(colorprofile.ASCII, style.Dark), 60, 10)
	if got := ansi.Strip(strings.Join(lines, "\n")); !strings.Contains(got, " > FABR") {
		t.Errorf("drawn:\n%s", got)
	}
}

func BenchmarkSearchOf500(b *testing.B) {
	var list []Item
	for n := range 500 {
		list = append(list, Item{Value: fmt.Sprint(n), Code: fmt.Sprintf("C%03d", n), Label: fmt.Sprintf("Customer number %d Ltd", n)})
	}
	p := New("Switch", list, "")
	typing(p, "cust")
	b.ReportAllocs()
	for b.Loop() {
		p.search()
	}
}
