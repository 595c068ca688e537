package plain

import (
	"fmt"
	"io"
	"strings"

	"github.com/socctl/socctl/internal/text"
)

// prompt is what stands before a command.
const prompt = "> "

// printer collects lines and writes them at once, so that nothing comes between them.
type printer struct {
	w         io.Writer
	prompting bool // whether there is a prompt, which comes once there was something to answer
	open      bool // the prompt stands on the last line, maybe with something typed behind it
	buf       strings.Builder
	err       error // the first failure; nothing is written after it
}

// say adds one line. Whatever it is made of, it is safe to show and one line.
func (p *printer) say(format string, args ...any) {
	l := text.NewBlock(fmt.Sprintf(format, args...)).String()
	p.buf.WriteString(strings.ReplaceAll(l, "\n", "␊"))
	p.buf.WriteByte('\n')
}

// flush writes what was said, on lines of its own, and the prompt after it where an answer can be typed.
func (p *printer) flush(ready bool) {
	s := p.buf.String()
	p.buf.Reset()
	if s != "" && p.open {
		s, p.open = "\n"+s, false
	}
	if p.prompting && ready && !p.open {
		s, p.open = s+prompt, true
	}
	p.write(s)
}

// entered tells that the analyst ended the line of the prompt; the terminal has gone to the next one.
func (p *printer) entered() { p.open = false }

// close ends the line of the prompt, so that what comes after the console starts on its own.
func (p *printer) close() {
	p.prompting = false
	if p.open && p.buf.Len() == 0 {
		p.open = false
		p.write("\n")
		return
	}
	p.flush(false)
}

func (p *printer) write(s string) {
	if s == "" || p.err != nil {
		return
	}
	if _, err := io.WriteString(p.w, s); err != nil {
		p.err = fmt.Errorf("write to the terminal: %w", err)
	}
}
