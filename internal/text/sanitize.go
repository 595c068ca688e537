package text

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// limits bounds one kind of text.
type limits struct {
	bytes int  // of the input before anything else, and of the output
	cells int  // of the output; 0 is no bound
	marks int  // over one base, and as many extenders
	block bool // LF is kept, CRLF is one LF, TAB becomes spaces
}

const (
	ellipsis = "…"
	tabWidth = 4
	// maxLinks is how many consonants may be joined into one conjunct; Sanskrit needs five.
	maxLinks = 8
)

// pass is one walk over one text. What it wrote so far is in[:n] until the first difference, and out after it, so that clean
// text is never copied. It holds to one rule, from which idempotence follows: the state after writing a piece is the state that
// a second walk has after reading that piece.
type pass struct {
	in  string
	lim limits
	out []byte

	n       int  // bytes written
	cells   int  // cells written
	col     int  // cells since the last line feed
	cut     int  // the last length that leaves room for the ellipsis
	full    bool // a piece did not fit
	escaped bool

	base    bool // there is a character for a mark to sit on
	marks   int
	extends int
	lead    bool // the last piece was a Hangul initial
	linked  bool // a virama came since the last base
	links   int  // viramas of the running conjunct
	excess  int  // marks over the cap, not yet written
}

// sanitize returns s made safe, and whether more than white space was changed. It takes linear time.
func sanitize(s string, lim limits) (shown string, escaped bool) {
	if isClean(s, lim) {
		return s, false
	}
	p := pass{in: s, lim: lim}
	over := len(s) > lim.bytes
	if over {
		p.in = s[:runeBoundary(s, lim.bytes)]
	}
	for i := 0; i < len(p.in) && !p.full; {
		i += p.step(i)
	}
	p.settle()
	if over || p.full {
		return p.shorten(), true
	}
	if p.out == nil {
		return s, false
	}
	return string(p.out), p.escaped
}

// isClean is the fast path: printable ASCII (and line feeds in a block) within the limits.
func isClean(s string, lim limits) bool {
	if len(s) > lim.bytes || lim.cells > 0 && len(s) > lim.cells {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c-0x20 > 0x7e-0x20 && (c != '\n' || !lim.block) {
			return false
		}
	}
	return true
}

// runeBoundary returns the last rune boundary of s that is at most n.
func runeBoundary(s string, n int) int {
	for i := n; i > n-utf8.UTFMax && i > 0; i-- {
		if utf8.RuneStart(s[i]) {
			return i
		}
	}
	return n
}

// step handles the piece of the input at i and returns its length.
func (p *pass) step(i int) int {
	c := p.in[i]
	switch {
	case c-0x20 <= 0x7e-0x20:
		return p.ascii(i)
	case c < utf8.RuneSelf:
		return p.control(i)
	}
	r, size := utf8.DecodeRuneInString(p.in[i:])
	if r == utf8.RuneError && size == 1 {
		p.settle()
		p.escapeByte(c)
		return 1
	}
	p.rune(i, r, size)
	return size
}

// ascii copies the run of printable ASCII at i, as far as it fits.
func (p *pass) ascii(i int) int {
	if p.settle(); p.full {
		return 0
	}
	j := i + 1
	for j < len(p.in) && p.in[j]-0x20 <= 0x7e-0x20 {
		j++
	}
	fit, beforeCut := j-i, j-i
	fit = min(fit, p.lim.bytes-p.n)
	beforeCut = min(beforeCut, p.lim.bytes-len(ellipsis)-p.n)
	if p.lim.cells > 0 {
		fit = min(fit, p.lim.cells-p.cells)
		beforeCut = min(beforeCut, p.lim.cells-1-p.cells)
	}
	if p.full = fit < j-i; beforeCut > 0 {
		p.cut = p.n + beforeCut
	}
	if p.out != nil {
		p.out = append(p.out, p.in[i:i+fit]...)
	}
	p.n += fit
	p.cells += fit
	p.col += fit
	p.startBase(false)
	return j - i
}

// control handles a C0 control or DEL. The three that honest text of several lines is full of get a picture of one cell in a
// line; their usual forms \t, \n and \r are everywhere in Windows paths.
func (p *pass) control(i int) int {
	p.settle()
	c := p.in[i]
	if p.lim.block {
		switch {
		case c == '\n':
			p.lineFeed(i)
			return 1
		case c == '\r' && i+1 < len(p.in) && p.in[i+1] == '\n':
			p.diverge()
			p.lineFeed(i + 1)
			return 2
		case c == '\t':
			p.write("    "[:tabWidth-p.col%tabWidth], tabWidth-p.col%tabWidth)
			return 1
		}
	}
	switch c {
	case '\t':
		p.escape("␉", 1)
	case '\n':
		p.escape("␊", 1)
	case '\r':
		p.escape("␍", 1)
	default:
		p.escapeRune(rune(c))
	}
	return 1
}

// lineFeed copies the line feed at i. Nothing sits before the first character of a line, so a mark there has no base.
func (p *pass) lineFeed(i int) {
	p.keep(i, 1, 0)
	p.col = 0
	p.startBase(false)
	p.base = false
}

// rune handles one well-formed rune outside of ASCII.
func (p *pass) rune(i int, r rune, size int) {
	c := classify(r)
	if c == mark || c == extend || c == lead && p.lead {
		p.follow(i, r, size, c)
		return
	}
	p.settle()
	switch c {
	case hidden:
		p.escapeRune(r)
	case blank:
		p.write(" ", 1)
	case prepend:
		p.prepend(i, r, size)
	default:
		p.keep(i, size, cells(r, c))
		p.startBase(p.linked && unicode.Is(unicode.Lo, r))
		p.lead = c == lead
	}
}

// follow handles a rune that joins the cluster before it. Without a base it would join our own text, so it is escaped; over the
// cap it is counted.
func (p *pass) follow(i int, r rune, size int, c class) {
	if !p.base {
		p.escapeRune(r)
		return
	}
	if c == mark {
		p.marks++
	} else {
		p.extends++
	}
	if unicode.Is(linkers, r) {
		p.linked = true
		p.links++
	}
	p.lead = c == lead
	if p.excess > 0 || p.marks > p.lim.marks || p.extends > p.lim.marks || p.links > maxLinks {
		p.diverge()
		p.excess++
		return
	}
	p.keep(i, size, cells(r, c))
}

// prepend keeps a rune that joins what comes after it only where that is a letter or digit of the same text: at the end of a
// field it would swallow the frame that we draw there.
func (p *pass) prepend(i int, r rune, size int) {
	next, _ := utf8.DecodeRuneInString(p.in[i+size:])
	if c := classify(next); c != plain && c != wide || !unicode.In(next, unicode.L, unicode.N) {
		p.escapeRune(r)
		return
	}
	cut := p.cut
	p.keep(i, size, 1)
	p.startBase(false)
	p.cut = cut // never cut between it and what it joins
}

// settle writes the count of the marks that were left out.
func (p *pass) settle() {
	if p.excess == 0 {
		return
	}
	var buf [24]byte
	b := append(buf[:0], `\u{+`...)
	b = strconv.AppendInt(b, int64(p.excess), 10)
	b = append(b, '}')
	p.excess = 0
	p.escape(string(b), len(b))
}

func (p *pass) escapeByte(c byte) {
	const hex = "0123456789abcdef"
	p.escape(string([]byte{'\\', 'x', hex[c>>4], hex[c&15]}), 4)
}

func (p *pass) escapeRune(r rune) {
	var buf [16]byte
	b := append(buf[:0], `\u{`...)
	b = strconv.AppendInt(b, int64(r), 16)
	b = append(b, '}')
	p.escape(string(b), len(b))
}

// escape writes what stands for something that may not be shown.
func (p *pass) escape(s string, cells int) {
	p.escaped = true
	p.write(s, cells)
}

// write writes a piece that differs from the input, whole or not at all.
func (p *pass) write(s string, cells int) {
	p.diverge()
	if p.advance(len(s), cells) {
		p.out = append(p.out, s...)
	}
	p.startBase(false)
}

// keep writes the piece of the input at i as it is, whole or not at all.
func (p *pass) keep(i, size, cells int) {
	if p.advance(size, cells) && p.out != nil {
		p.out = append(p.out, p.in[i:i+size]...)
	}
}

// diverge begins the output: from here on it differs from the input.
func (p *pass) diverge() {
	if p.out == nil {
		p.out = append(make([]byte, 0, len(p.in)+len(p.in)/4+32), p.in[:p.n]...)
	}
}

// advance counts a piece and tells whether it fits.
func (p *pass) advance(size, cells int) bool {
	if p.full || p.n+size > p.lim.bytes || p.lim.cells > 0 && p.cells+cells > p.lim.cells {
		p.full = true
		return false
	}
	p.n += size
	p.cells += cells
	p.col += cells
	if p.n+len(ellipsis) <= p.lim.bytes && (p.lim.cells == 0 || p.cells < p.lim.cells) {
		p.cut = p.n
	}
	return true
}

// startBase notes that a character stands there for marks to sit on, and whether a virama joins it to the one before.
func (p *pass) startBase(joins bool) {
	p.base, p.lead = true, false
	p.marks, p.extends = 0, 0
	if !joins {
		p.links = 0
	}
	p.linked = false
}

// shorten returns what fits before an ellipsis.
func (p *pass) shorten() string {
	if p.out == nil {
		return p.in[:p.cut] + ellipsis
	}
	return string(append(p.out[:p.cut], ellipsis...))
}
