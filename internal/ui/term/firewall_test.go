package term_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/socctl/socctl/internal/text/hostile"
	"github.com/socctl/socctl/internal/ui/term"
)

const portalHost = "security.microsoft.com"

func options() term.FirewallOptions {
	return term.FirewallOptions{LinkHosts: []string{portalHost, "lab.example:8443"}}
}

// filtered sends the pieces through a firewall, one Write each, and returns what came out and how much was dropped.
func filtered(t testing.TB, o term.FirewallOptions, pieces ...string) (string, uint64) {
	t.Helper()
	var out bytes.Buffer
	f := term.NewFirewall(&out, o)
	for _, p := range pieces {
		if n, err := io.WriteString(f, p); n != len(p) || err != nil {
			t.Fatalf("Write(%q) = %d, %v", p, n, err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String(), f.Dropped()
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func link(uri string) string { return "\x1b]8;;" + uri + "\a" }

// passing holds what the console needs, one unit each.
func passing() map[string]string {
	all := map[string]string{
		"text":                 "Incident CONT-28282 → é 漢 │ ● … ~",
		"layout":               "a\r\n\tb\b",
		"e with an accent":     "e\u0301",
		"marks after layout":   "a" + strings.Repeat("\u0301", 30) + "\r" + strings.Repeat("\u0301", 30),
		"reverse index":        ansi.ReverseIndex,
		"attributes":           "\x1b[m\x1b[0m\x1b[1;2;3;4;5;6;7;9;21;22;24;25;27;29m",
		"basic colours":        "\x1b[31;42;93;104;39;49m",
		"indexed colours":      "\x1b[38;5;255;48;5;0m",
		"true colours":         "\x1b[38;2;1;2;3;48;2;255;255;0;58;2;9;9;9m",
		"colon forms":          "\x1b[4:5;4:3;38:2::1:2:3;58:5:9m",
		"scroll region":        "\x1b[2;40r\x1b[r",
		"cursor":               "\x1b[H\x1b[12;40H\x1b[3A\x1b[B\x1b[40C\x1b[D\x1b[7G\x1b[7d\x1b[7`\x1b[2I\x1b[3Z",
		"edits":                "\x1b[3@\x1b[3P\x1b[3X\x1b[3L\x1b[3M\x1b[3S\x1b[3T\x1b[80b\x1b[9999C",
		"erase":                "\x1b[J\x1b[1J\x1b[2J\x1b[K\x1b[1K\x1b[2K",
		"insert mode":          "\x1b[4h\x1b[4l",
		"tab stops":            ansi.SetTabEvery8Columns,
		"alternate screen":     "\x1b[?1049h\x1b[?1049l",
		"modes":                "\x1b[?7l\x1b[?7h\x1b[?25h\x1b[?25l\x1b[?1004h\x1b[?2004h\x1b[?2026h\x1b[?2027h\x1b[?2027l",
		"mouse off":            "\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1000l",
		"keyboard":             "\x1b[>4;2m\x1b[>4m\x1b[>1u\x1b[>u\x1b[<1u\x1b[=1;1u\x1b[?u",
		"queries":              "\x1b[?2026$p\x1b[?2027$p\x1b[?1000$p\x1b[c\x1b[>q\x1b]10;?\a\x1b]11;?\a",
		"cursor style":         "\x1b[5 q\x1b[0 q",
		"title":                "\x1b]2;socctl: 12 open\a\x1b]2;\a",
		"link":                 link("https://"+portalHost+"/incidents/1?tid=2#x") + "open" + link(""),
		"link with id":         "\x1b]8;id=inc-1.a_B;https://" + portalHost + "/\x1b\\open\x1b]8;;\x1b\\",
		"link with port":       link("https://lab.example:8443/") + link(""),
		"link, host in caps":   link("https://SECURITY.microsoft.com/") + link(""),
		"clipboard":            ansi.SetSystemClipboard("CONT-28282 – 漢\r\n\tx") + ansi.SetPrimaryClipboard("x"),
		"clipboard, largest":   ansi.SetSystemClipboard(strings.Repeat("x", 100<<10)),
		"clipboard, st":        "\x1b]52;c;" + b64("x") + "\x1b\\",
		"clipboard in tmux":    ansi.TmuxPassthrough(ansi.SetSystemClipboard("x")),
		"clipboard, tmux, st":  ansi.TmuxPassthrough("\x1b]52;c;" + b64("x") + "\x1b\\"),
		"clipboard, tmux, max": ansi.TmuxPassthrough(ansi.SetSystemClipboard(strings.Repeat("x", 100<<10))),
		"clipboard in screen":  ansi.ScreenPassthrough(ansi.SetSystemClipboard("x"), 768),
		"clipboard, two parts": ansi.ScreenPassthrough(ansi.SetSystemClipboard(strings.Repeat("x", 700)), 768),
		"clipboard, parts":     ansi.ScreenPassthrough(ansi.SetSystemClipboard(strings.Repeat("x", 5000)), 768),
	}
	return all
}

func TestFirewallPasses(t *testing.T) {
	t.Parallel()
	for name, in := range passing() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, dropped := filtered(t, options(), in); got != in || dropped != 0 {
				t.Errorf("%q came out as %q, %d dropped", clipped(in), clipped(got), dropped)
			}
		})
	}
}

func TestFirewallDrops(t *testing.T) {
	t.Parallel()
	evil := link("https://evil.example/")
	for name, c := range map[string]struct{ in, want, kind string }{
		"bell":                        {"\a", "", term.DropControl},
		"nul":                         {"\x00", "", term.DropControl},
		"shift out":                   {"\x0e", "", term.DropControl},
		"delete":                      {"\x7f", "", term.DropControl},
		"vertical tab":                {"\v", "", term.DropControl},
		"c1 in utf-8":                 {"\u009b31m", "31m", term.DropControl},
		"next line":                   {"\u0085", "", term.DropControl},
		"c1 byte":                     {"\x9b31m", "31m", term.DropBytes},
		"invalid bytes":               {"\xff\xc0\x80", "", term.DropBytes},
		"surrogate":                   {"\xed\xa0\x80", "?", term.DropBytes},
		"lead byte before a sequence": {"\xf0\x1b[6nX", "?X", term.DropBytes},
		"reset":                       {"\x1bc", "", term.DropEscape},
		"save cursor":                 {"\x1b7X\x1b0X", "XX", term.DropEscape},
		"charset":                     {"\x1b(0X", "X", term.DropEscape},
		"double height":               {"\x1b#3", "", term.DropEscape},
		"single shifts":               {"\x1bN\x1bO", "", term.DropEscape},
		"lone string terminator":      {"\x1b\\", "", term.DropEscape},
		"too many intermediates":      {"\x1b" + strings.Repeat(" ", 300) + "0", strings.Repeat(" ", 44) + "0", term.DropEscape},
		"device status":               {"\x1b[6n", "", term.DropCSI},
		"secondary attributes":        {"\x1b[>c", "", term.DropCSI},
		"tertiary attributes":         {"\x1b[=c", "", term.DropCSI},
		"window report":               {"\x1b[21t", "", term.DropCSI},
		"erase scrollback":            {"\x1b[3J", "", term.DropCSI},
		"soft reset":                  {"\x1b[!p", "", term.DropCSI},
		"save and restore":            {"\x1b[s\x1b[u", "", term.DropCSI},
		"conceal":                     {"\x1b[8m", "", term.DropCSI},
		"conceal among others":        {"\x1b[1;8;31m", "", term.DropCSI},
		"conceal after a colour":      {"\x1b[38;5;1;8m", "", term.DropCSI},
		"colour cut short":            {"\x1b[38;5m\x1b[38;2;1;2m", "", term.DropCSI},
		"colour out of range":         {"\x1b[38;5;256m", "", term.DropCSI},
		"colour of no kind":           {"\x1b[38;9;1m\x1b[38m\x1b[38;2;1;2;m", "", term.DropCSI},
		"colour, colons, range":       {"\x1b[38:5:256m\x1b[38:9:1m\x1b[4:6m", "", term.DropCSI},
		"subparameters elsewhere":     {"\x1b[1:2H", "", term.DropCSI},
		"two numbers for one":         {"\x1b[1;2A", "", term.DropCSI},
		"mode query, other end":       {"\x1b[?2026$q", "", term.DropCSI},
		"cursor style, two":           {"\x1b[5;5 q", "", term.DropCSI},
		"cursor style, other end":     {"\x1b[5 p", "", term.DropCSI},
		"version query, two":          {"\x1b[>0;0q", "", term.DropCSI},
		"font":                        {"\x1b[11m", "", term.DropCSI},
		"underline style unknown":     {"\x1b[4:9m", "", term.DropCSI},
		"keyboard lock":               {"\x1b[2h", "", term.DropCSI},
		"unknown mode":                {"\x1b[?1047h", "", term.DropCSI},
		"unknown mode among known":    {"\x1b[?25;1048h", "", term.DropCSI},
		"mouse on":                    {"\x1b[?1003h", "", term.DropCSI},
		"cursor query":                {"\x1b[?6n", "", term.DropCSI},
		"kitty flags too large":       {"\x1b[>99u", "", term.DropCSI},
		"other key modifiers":         {"\x1b[>1;2m", "", term.DropCSI},
		"repeat bomb":                 {"\x1b[99999b", "", term.DropCSI},
		"private marker inside":       {"\x1b[1?25h", "", term.DropCSI},
		"two intermediates":           {"\x1b[ $q", "", term.DropCSI},
		"csi too long":                {"\x1b[" + strings.Repeat("0;", 200) + "mX", "X", term.DropCSI},
		"csi cut by escape":           {"\x1b[31\x1b[1mX", "\x1b[1mX", term.DropCSI},
		"csi cut by a line feed":      {"\x1b[31\nX", "\nX", term.DropCSI},
		"csi cancelled":               {"\x1b[31\x18X", "X", term.DropCSI},
		"csi cut by a c1 byte":        {"\x1b[31\x9cX", "X", term.DropCSI},
		"csi at the end":              {"A\x1b[31", "A", term.DropEscape},
		"title and icon":              {"\x1b]0;x\a", "", term.DropOSC},
		"palette":                     {"\x1b]4;1;?\a", "", term.DropOSC},
		"palette set":                 {"\x1b]11;#000\a", "", term.DropOSC},
		"directory":                   {"\x1b]7;file:///\a", "", term.DropOSC},
		"notification":                {"\x1b]9;x\a\x1b]777;notify;a;b\a\x1b]99;;x\a", "", term.DropOSC},
		"font query":                  {"\x1b]50;?\a", "", term.DropOSC},
		"iterm file":                  {"\x1b]1337;File=:QQ==\a", "", term.DropOSC},
		"osc without number":          {"\x1b]x\a\x1b]\a", "", term.DropOSC},
		"osc cut by a line feed":      {"\x1b]2;tit\nle", "\nle", term.DropOSC},
		"osc cut by escape":           {"\x1b]2;tit\x1b[1mle", "\x1b[1mle", term.DropOSC},
		"osc cancelled":               {"\x1b]2;tit\x1ale", "le", term.DropOSC},
		"osc too long":                {"\x1b]2;" + strings.Repeat("x", 300) + "\aX", "X", term.DropOSC},
		"osc without end":             {"\x1b]2;" + strings.Repeat("x", 17*256) + "\nX", strings.Repeat("x", 2) + "\nX", term.DropOSC},
		"title with bidi":             {"\x1b]2;a\u202eb\a", "", term.DropTitle},
		"title with c1":               {"\x1b]2;a\u009cb\a", "", term.DropTitle},
		"title with a bad byte":       {"\x1b]2;a\x9cb\a", "", term.DropTitle},
		"link elsewhere":              {evil + "x" + link(""), "x" + link(""), term.DropLink},
		"link over http":              {link("http://" + portalHost), "", term.DropLink},
		"link, scheme in caps":        {link("HTTPS://" + portalHost), "", term.DropLink},
		"link with userinfo":          {link("https://" + portalHost + "@evil.example/"), "", term.DropLink},
		"link with own userinfo":      {link("https://a@" + portalHost + "/"), "", term.DropLink},
		"link to a look-alike":        {link("https://" + portalHost + ".evil.example/"), "", term.DropLink},
		"link with backslash":         {link(`https://evil.example\@` + portalHost), "", term.DropLink},
		"link to another port":        {link("https://" + portalHost + ":8443/"), "", term.DropLink},
		"link without slashes":        {link("https:" + portalHost), "", term.DropLink},
		"link with a space":           {link("https://" + portalHost + "/a b"), "", term.DropLink},
		"link with a quote":           {link("https://" + portalHost + `/"x`), "", term.DropLink},
		"link outside ascii":          {link("https://" + portalHost + "/é"), "", term.DropLink},
		"link with a bad escape":      {link("https://" + portalHost + "%zz/"), "", term.DropLink},
		"link to ssh":                 {link("ssh://-oProxyCommand=x"), "", term.DropLink},
		"link to a file":              {link("file:///etc/passwd"), "", term.DropLink},
		"link, odd id":                {"\x1b]8;id=a b;https://" + portalHost + "\a", "", term.DropLink},
		"link, other parameter":       {"\x1b]8;x=1;https://" + portalHost + "\a", "", term.DropLink},
		"link without parameters":     {"\x1b]8\a\x1b]8;\a", "", term.DropLink},
		"link too long":               {link("https://"+portalHost+"/"+strings.Repeat("x", 5000)) + "X", "X", term.DropOSC},
		"refused link in an open one": {link("https://"+portalHost) + "a" + evil + "b", link("https://"+portalHost) + "a" + link("") + "b", term.DropLink},
		"refused link after a closed": {link("https://"+portalHost) + "a" + link("") + evil + "b", link("https://"+portalHost) + "a" + link("") + "b", term.DropLink},
		"clipboard query":             {"\x1b]52;c;?\a", "", term.DropClipboard},
		"clipboard, other selection":  {"\x1b]52;s;" + b64("x") + "\a", "", term.DropClipboard},
		"clipboard, two selections":   {"\x1b]52;cp;" + b64("x") + "\a", "", term.DropClipboard},
		"clipboard, no selection":     {"\x1b]52;;" + b64("x") + "\a", "", term.DropClipboard},
		"clipboard, cleared":          {"\x1b]52;c;\a", "", term.DropClipboard},
		"clipboard, bad base64":       {"\x1b]52;c;QQ\a", "", term.DropClipboard},
		"clipboard, loose base64":     {"\x1b]52;c;QR==\a", "", term.DropClipboard},
		"clipboard ends a paste":      {"\x1b]52;c;" + b64("\x1b[201~id") + "\a", "", term.DropClipboard},
		"clipboard, bad utf-8":        {"\x1b]52;c;" + b64("\xff") + "\a", "", term.DropClipboard},
		"clipboard, bidi":             {"\x1b]52;c;" + b64("a\u202eb") + "\a", "", term.DropClipboard},
		"clipboard too long":          {ansi.SetSystemClipboard(strings.Repeat("x", 100<<10+1)), "", term.DropClipboard},
		"clipboard far too long":      {ansi.SetSystemClipboard(strings.Repeat("x", 1<<20)) + "X", "X", term.DropOSC},
		"settings query":              {"\x1bP$qm\x1b\\", "", term.DropDCS},
		"terminfo query":              {"\x1bP+q544e\x1b\\", "", term.DropDCS},
		"sixel":                       {"\x1bPq" + strings.Repeat("~", 1000) + "\x1b\\X", "X", term.DropDCS},
		"tmux control mode":           {"\x1bP1000p\n", "\n", term.DropDCS},
		"dcs with a bell":             {"\x1bPq\aX", "X", term.DropDCS},
		"tmux wraps a title":          {ansi.TmuxPassthrough("\x1b]2;x\a"), "", term.DropDCS},
		"tmux wraps plain text":       {"\x1bPtmux;x\x1b\\", "", term.DropDCS},
		"tmux wraps a query":          {ansi.TmuxPassthrough(ansi.RequestSystemClipboard), "", term.DropClipboard},
		"tmux wraps two commands":     {ansi.TmuxPassthrough(ansi.SetSystemClipboard("x") + "\x1b[c"), "", term.DropClipboard},
		"tmux wraps no end":           {ansi.TmuxPassthrough("\x1b]52;c;" + b64("x")), "", term.DropClipboard},
		"tmux, escape once":           {"\x1bPtmux;\x1b]52;c;QQ==\a\x1b\\", "\x1b]52;c;QQ==\a", term.DropDCS},
		"tmux, escapes only":          {"\x1bPtmux;" + strings.Repeat("\x1b\x1b", 500) + "\x1b\\X", "X", term.DropDCS},
		"screen wraps a title":        {ansi.ScreenPassthrough("\x1b]2;x\a", 0), "", term.DropDCS},
		"screen wraps a query":        {ansi.ScreenPassthrough("\x1b]52;c;?\a", 0), "", term.DropClipboard},
		"screen, next part missing":   {"\x1bP\x1b]52;c;QUJD\x1b\\X\x1b[1m", "X\x1b[1m", term.DropDCS},
		"screen, other string next":   {"\x1bP\x1b]52;c;QUJD\x1b\\\x1b[1mX", "\x1b[1mX", term.DropDCS},
		"apc":                         {"\x1b_Ga=d\x1b\\X", "X", term.DropString},
		"apc with a bell":             {"\x1b_Ga=d\aX\x1b\\", "X", term.DropString},
		"pm":                          {"\x1b^x\x1b\\X", "X", term.DropString},
		"sos":                         {"\x1bXx\x1b\\X", "X", term.DropString},
		"string without end":          {"\x1b_abc\x1b[2JX", "\x1b[2JX", term.DropString},
		"string, very long":           {"\x1b_" + strings.Repeat("x", 17*256), strings.Repeat("x", 256), term.DropString},
		"bidi":                        {"a\u202eb", "ab", term.DropRune},
		"zero width":                  {"a\u200bb", "ab", term.DropRune},
		"tag":                         {"a\U000e0041b", "ab", term.DropRune},
		"variation selector":          {"a\ufe0fb", "ab", term.DropRune},
		"line separator":              {"a\u2028b", "ab", term.DropRune},
		"private use":                 {"a\ue0b0b", "a?b", term.DropRune},
		"noncharacter":                {"a\ufdd0b", "a?b", term.DropRune},
		"no-break space":              {"a\u00a0b", "a?b", term.DropRune},
		"wide filler":                 {"a\u3164b", "a??b", term.DropRune},
		"wide space":                  {"a\u3000b", "a??b", term.DropRune},
		"marks":                       {"a" + strings.Repeat("\u0301", 31), "a" + strings.Repeat("\u0301", 30), term.DropRune},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var kinds []string
			o := options()
			o.OnDrop = func(kind string) { kinds = append(kinds, kind) }
			got, dropped := filtered(t, o, c.in)
			if got != c.want || dropped == 0 {
				t.Errorf("%q came out as %q, want %q; %d dropped", clipped(c.in), clipped(got), clipped(c.want), dropped)
			}
			if c.kind != term.DropEscape && !slices.Contains(kinds, c.kind) {
				t.Errorf("told of %q, want %q", kinds, c.kind)
			}
		})
	}
}

func clipped(s string) string { return s[:min(len(s), 200)] }

func TestFirewallMouseOption(t *testing.T) {
	t.Parallel()
	o := options()
	o.Mouse = true
	in := "\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1006h"
	if got, dropped := filtered(t, o, in); got != in || dropped != 0 {
		t.Errorf("came out as %q, %d dropped", got, dropped)
	}
}

// TestFirewallSplitAnywhere cuts each stream at every byte, and into single bytes.
func TestFirewallSplitAnywhere(t *testing.T) {
	t.Parallel()
	streams := slices.Collect(func(yield func(string) bool) {
		for _, s := range passing() {
			if !yield(s) {
				return
			}
		}
		for _, s := range hostile.Corpus() {
			if !yield("<" + s.Text + ">\x1b[1m" + s.Text) {
				return
			}
		}
	})
	for _, in := range streams {
		in = in[:min(len(in), 1100)]
		want, wantDropped := filtered(t, options(), in)
		for i := 0; i < len(in); i += 1 + len(in)/300 { // every byte of all but the longest
			if got, dropped := filtered(t, options(), in[:i], in[i:]); got != want || dropped != wantDropped {
				t.Fatalf("%q cut at %d came out as %q, %d dropped; want %q, %d", in, i, got, dropped, want, wantDropped)
			}
		}
		if got, _ := filtered(t, options(), strings.Split(in, "")...); utf8.ValidString(in) && got != want {
			t.Fatalf("%q rune by rune came out as %q, want %q", in, got, want)
		}
	}
}

// counted notes the writes that reach it and answers as told.
type counted struct {
	writes []string
	n      int
	err    error
}

func (c *counted) Write(p []byte) (int, error) {
	c.writes = append(c.writes, string(p))
	if c.n > 0 || c.err != nil {
		return c.n, c.err
	}
	return len(p), nil
}

func TestFirewallWritesOnce(t *testing.T) {
	t.Parallel()
	var w counted
	f := term.NewFirewall(&w, options())
	for _, p := range []string{"a\x1b[1mb\x1b[8mc\u202ed", "\x1b[8m", "", "x\x1b[3", "1my"} {
		if n, err := f.Write([]byte(p)); n != len(p) || err != nil {
			t.Fatalf("Write(%q) = %d, %v", p, n, err)
		}
	}
	if want := []string{"a\x1b[1mbcd", "x", "\x1b[31my"}; !slices.Equal(w.writes, want) {
		t.Errorf("the terminal got %q, want %q", w.writes, want)
	}
}

func TestFirewallReportsFailedWrites(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	f := term.NewFirewall(&counted{err: gone}, options())
	if n, err := f.Write([]byte("abc")); n != 0 || !errors.Is(err, gone) {
		t.Errorf("Write = %d, %v", n, err)
	}
	f = term.NewFirewall(&counted{n: 1}, options())
	if n, err := f.Write([]byte("abc")); n != 0 || !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a short write: %d, %v", n, err)
	}
}

func TestFirewallTellsEachKindOnce(t *testing.T) {
	t.Parallel()
	var kinds []string
	var f *term.Firewall
	f = term.NewFirewall(io.Discard, term.FirewallOptions{OnDrop: func(kind string) {
		kinds = append(kinds, kind)
		_, _ = f.Write([]byte("from the callback")) // no lock is held
	}})
	_, _ = f.Write([]byte("\a\a\x1bc\x1b[6n\a"))
	if want := []string{term.DropControl, term.DropEscape, term.DropCSI}; !slices.Equal(kinds, want) || f.Dropped() != 5 {
		t.Errorf("told of %q, %d dropped", kinds, f.Dropped())
	}
}

func TestFirewallIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	f := term.NewFirewall(&out, options())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				_, _ = f.Write([]byte("\x1b[1mrow\x1b[8m\r\n"))
			}
		})
	}
	wg.Wait()
	if want := strings.Repeat("\x1b[1mrow\r\n", 800); out.String() != want || f.Dropped() != 800 {
		t.Errorf("%d bytes came out, %d dropped", out.Len(), f.Dropped())
	}
}

func BenchmarkFirewall(b *testing.B) {
	row := "\x1b[38;2;90;90;90m│\x1b[m \x1b[1;31mHigh\x1b[m   CONT-28282  Suspicious PowerShell command line on WS-0042          3m\r\n"
	for name, s := range map[string]string{
		"frame": strings.Repeat(row, 50),
		"ascii": strings.Repeat("Suspicious PowerShell command line on WS-0042 (3 alerts)\r\n", 50),
		"runes": strings.Repeat("│ Überprüfung ● Подозрительная → 漢字 │", 50),
	} {
		b.Run(name, func(b *testing.B) {
			f := term.NewFirewall(io.Discard, options())
			p := []byte(s)
			b.SetBytes(int64(len(p)))
			b.ReportAllocs()
			for b.Loop() {
				_, _ = f.Write(p)
			}
		})
	}
}
