package text_test

import (
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/text"
)

func TestLineShows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"nothing":                         {"", ""},
		"plain ascii":                     {"Suspicious PowerShell", "Suspicious PowerShell"},
		"windows path":                    {`C:\new\temp\x41\u{41}`, `C:\new\temp\x41\u{41}`},
		"other scripts":                   {"Ünïcödé Привет 漢字 한글 עברית العربية हिन्दी ไทย", "Ünïcödé Привет 漢字 한글 עברית العربية हिन्दी ไทย"},
		"accent as mark":                  {"e\u0301", "e\u0301"},
		"emoji":                           {"🔥 alert", "🔥 alert"},
		"escape":                          {"\x1b[31mred", `\u{1b}[31mred`},
		"nul":                             {"a\x00b", `a\u{0}b`},
		"delete":                          {"\x7f", `\u{7f}`},
		"line feed":                       {"a\nb", "a␊b"},
		"crlf":                            {"a\r\nb", "a␍␊b"},
		"tab":                             {"a\tb", "a␉b"},
		"c1 as utf-8":                     {"\u009b31m", `\u{9b}31m`},
		"c1 as byte":                      {"\x9b31m", `\x9b31m`},
		"invalid byte":                    {"a\xffb", `a\xffb`},
		"each byte of a surrogate":        {"\xed\xa0\x80", `\xed\xa0\x80`},
		"lead byte before an escape":      {"x\xf0\x1b]52;c;QQ==\a", `x\xf0\u{1b}]52;c;QQ==\u{7}`},
		"replacement character":           {"\ufffd", "\ufffd"},
		"bidi override":                   {"invoice\u202efdp.exe", `invoice\u{202e}fdp.exe`},
		"soft hyphen":                     {"in\u00advalid", `in\u{ad}valid`},
		"zero width joiner":               {"a\u200db", `a\u{200d}b`},
		"emoji loses its joiner":          {"👨\u200d👩", `👨\u{200d}👩`},
		"emoji variation":                 {"⚠\ufe0f", `⚠\u{fe0f}`},
		"tag":                             {"\U000e0041", `\u{e0041}`},
		"line separator":                  {"a\u2028b", `a\u{2028}b`},
		"private use":                     {"\ue0b0", `\u{e0b0}`},
		"noncharacter":                    {"\ufdd0", `\u{fdd0}`},
		"last code point":                 {"\U0010ffff", `\u{10ffff}`},
		"unassigned":                      {"\u0378", `\u{378}`},
		"hangul filler":                   {"a\u3164b", `a\u{3164}b`},
		"blank braille":                   {"\u2800", `\u{2800}`},
		"no-break space":                  {"a\u00a0b", "a b"},
		"ideographic space":               {"a\u3000b", "a b"},
		"four marks stay":                 {"a\u0301\u0302\u0303\u0304b", "a\u0301\u0302\u0303\u0304b"},
		"more marks are counted":          {"a" + strings.Repeat("\u0301", 104) + "b", "a" + strings.Repeat("\u0301", 4) + `\u{+100}b`},
		"count at the end":                {"a" + strings.Repeat("\u0301", 5), "a" + strings.Repeat("\u0301", 4) + `\u{+1}`},
		"mark without base":               {"\u0301a", `\u{301}a`},
		"mark on an escape":               {"\x1b\u0301", "\\u{1b}\u0301"},
		"spacing marks are counted":       {"क" + strings.Repeat("\u0903", 6), "क" + strings.Repeat("\u0903", 4) + `\u{+2}`},
		"skin tones are counted":          {"👍" + strings.Repeat("🏽", 6), "👍" + strings.Repeat("🏽", 4) + `\u{+2}`},
		"hangul initials are counted":     {strings.Repeat("ᄀ", 8) + "a", strings.Repeat("ᄀ", 5) + `\u{+3}a`},
		"decomposed korean stays":         {"\u1112\u1161\u11ab\u1100\u1173\u11af", "\u1112\u1161\u11ab\u1100\u1173\u11af"},
		"long conjunct is broken":         {strings.Repeat("क\u094d", 9) + "क", strings.Repeat("क\u094d", 8) + `क\u{+1}क`},
		"short conjuncts stay":            {strings.Repeat("क\u094dक", 12), strings.Repeat("क\u094dक", 12)},
		"burmese stays":                   {"လျှို့ဝှက်", "လျှို့ဝှက်"},
		"number mark before a digit":      {"\u0600١", "\u0600١"},
		"number mark at the end":          {"a\u0600", `a\u{600}`},
		"number mark before a mark":       {"\u0600\u0301", "\\u{600}\u0301"},
		"only the last number mark stays": {"\u0600\u06001", `\u{600}` + "\u06001"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := text.NewLine(c.in)
			if l.String() != c.want {
				t.Errorf("NewLine(%+q) shows %+q, want %+q", c.in, l.String(), c.want)
			}
			if l.Altered() != (c.in != c.want) {
				t.Errorf("Altered() = %v", l.Altered())
			}
			if l.Original() != c.in {
				t.Errorf("Original() = %+q, want %+q", l.Original(), c.in)
			}
		})
	}
}

func TestBlockShows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"line feeds stay":         {"a\n\nb\n", "a\n\nb\n"},
		"crlf is one line feed":   {"a\r\nb\r\n", "a\nb\n"},
		"lone carriage return":    {"a\rb", "a␍b"},
		"two returns":             {"a\r\r\nb", "a␍\nb"},
		"tab to the next stop":    {"a\tb\n\tc\nabcd\te", "a   b\n    c\nabcd    e"},
		"tab after a wide rune":   {"漢\tb", "漢  b"},
		"escape":                  {"a\n\x1b[2Jb", "a\n\\u{1b}[2Jb"},
		"next line":               {"a\u0085b", `a\u{85}b`},
		"line separator":          {"a\u2028b", `a\u{2028}b`},
		"thirty marks stay":       {"a" + strings.Repeat("\u0301", 30), "a" + strings.Repeat("\u0301", 30)},
		"more marks are counted":  {"a" + strings.Repeat("\u0301", 31) + "\nb", "a" + strings.Repeat("\u0301", 30) + "\\u{+1}\nb"},
		"mark on a line feed":     {"a\n\u0301", "a\n\\u{301}"},
		"initials on a line feed": {"ᄀ\nᄀ", "ᄀ\nᄀ"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := text.NewBlock(c.in)
			if b.String() != c.want {
				t.Errorf("NewBlock(%+q) shows %+q, want %+q", c.in, b.String(), c.want)
			}
			if b.Altered() != (c.in != c.want) || b.Original() != c.in {
				t.Errorf("Altered() = %v, Original() = %+q", b.Altered(), b.Original())
			}
		})
	}
}

func TestLongTextIsCut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, want string }{
		"line at the cell limit":    {strings.Repeat("x", 1024), strings.Repeat("x", 1024)},
		"line over the cell limit":  {strings.Repeat("x", 1025), strings.Repeat("x", 1023) + "…"},
		"line of wide runes":        {strings.Repeat("漢", 513), strings.Repeat("漢", 511) + "…"},
		"line of hexagrams":         {strings.Repeat("䷀", 513), strings.Repeat("䷀", 511) + "…"},
		"line of wide runes, fits":  {strings.Repeat("漢", 512), strings.Repeat("漢", 512)},
		"line over the byte limit":  {"a" + strings.Repeat("\u0301", 3000), "a" + strings.Repeat("\u0301", 4) + `\u{+2043}…`},
		"line of escapes":           {strings.Repeat("\x1b", 500), strings.Repeat(`\u{1b}`, 170) + "…"},
		"line that ends in a joint": {strings.Repeat("x", 1022) + "\u0600" + strings.Repeat("x", 9), strings.Repeat("x", 1022) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := text.NewLine(c.in)
			if l.String() != c.want {
				t.Errorf("shows %+q", l.String())
			}
			if l.Altered() != (c.in != c.want) || l.Escaped() != l.Altered() {
				t.Errorf("Altered() = %v, Escaped() = %v", l.Altered(), l.Escaped())
			}
		})
	}
	long := strings.Repeat("line\n", text.MaxBlockBytes)
	b := text.NewBlock(long)
	if got := b.String(); len(got) > text.MaxBlockBytes || len(got) < text.MaxBlockBytes-8 || !strings.HasSuffix(got, "…") {
		t.Errorf("a long block is cut to %d bytes", len(got))
	}
	if got := b.Original(); len(got) != 4*text.MaxBlockBytes || !strings.HasPrefix(long, got) {
		t.Errorf("%d bytes of the original are kept", len(got))
	}
}

func TestEscapedIgnoresWhiteSpace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in      string
		escaped bool
	}{
		"clean":          {"a b\nc", false},
		"crlf":           {"a\r\nb", false},
		"tab":            {"a\tb", false},
		"no-break space": {"a\u00a0b", false},
		"escape":         {"a\r\n\x1b", true},
		"marks":          {"a" + strings.Repeat("\u0301", 31), true},
	} {
		if got := text.NewBlock(c.in).Escaped(); got != c.escaped {
			t.Errorf("%s: Escaped() = %v", name, got)
		}
	}
}

func TestZeroValues(t *testing.T) {
	t.Parallel()
	var l text.Line
	if !l.IsZero() || l != text.NewLine("") || l.Altered() || l.Original() != "" || l.Suspicious() {
		t.Errorf("zero line: %#v", l)
	}
	var b text.Block
	if !b.IsZero() || b != text.NewBlock("") || b.Altered() {
		t.Errorf("zero block: %#v", b)
	}
}

func TestEqualTextsCompareEqual(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"plain", "a\x1bb", strings.Repeat("\x1b", 9000)} {
		if text.NewLine(s) != text.NewLine(strings.Clone(s)) {
			t.Errorf("lines of %.20q differ", s)
		}
	}
	if text.NewLine("a\x1bb") == text.NewLine(`a\u{1b}b`) {
		t.Error("an escape and its imitation are equal")
	}
}

func TestSuspicious(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   string
		want bool
	}{
		"plain":                         {"Multi-stage incident (3 alerts) & more", false},
		"path":                          {`C:\Users\x`, false},
		"accents":                       {"Björn Müller, café", false},
		"cyrillic":                      {"Привет мир", false},
		"scripts in words of their own": {"user Иван on HOST-1", false},
		"latin after cyrillic, dot":     {"иван.example.com", false},
		"cjk with latin":                {"東京Tower", false},
		"micro sign":                    {"10µs", false},
		"own pictures":                  {"a\nb\x1b", false},
		"cyrillic a in paypal":          {"p\u0430ypal.com", true},
		"latin in cyrillic word":        {"Приvет", true},
		"greek o":                       {"micr\u03bfsoft", true},
		"digits do not part words":      {"\u0430365admin", true},
		"last digit does not either":    {"\u04309admin", true},
		"accented latin counts":         {"\u0430é", true},
		"dash parts words":              {"—Иван—Olga—", false},
		"box":                           {"┌ Approve ┐", true},
		"block":                         {"████ 80%", true},
		"arrow":                         {"→ next", true},
		"triangle":                      {"▶ run", true},
		"legacy computing":              {"\U0001fb00", true},
	} {
		if got := text.NewLine(c.in).Suspicious(); got != c.want {
			t.Errorf("%s: Suspicious(%q) = %v", name, c.in, got)
		}
	}
}
