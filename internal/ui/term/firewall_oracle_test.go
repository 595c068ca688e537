package term_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/socctl/socctl/internal/text/hostile"
)

// allowedToken is the vocabulary once more, as a grammar: what the output may be made of.
var allowedToken = regexp.MustCompile(`\A(?:` + strings.Join([]string{
	`[\x20-\x7e\r\n\t\x08]+`,
	`\x1bM`,
	`\x1b\[[0-9]{0,4}(?:[ABCDGdIZ@PXLMSTb]|` + "`" + `)`,
	`\x1b\[[0-9]{0,4}(?:;[0-9]{0,4})?[Hr]`,
	`\x1b\[0*[012]?[JK]`,
	`\x1b\[0*4[hl]`,
	`\x1b\[0*c`,
	`\x1b\[[0-9;:]{0,253}m`,
	`\x1b\[\?(?:0*(?:7|25|1004|1049|2004|2026|2027);?)+[hl]`,
	`\x1b\[\?(?:0*(?:7|25|1000|1002|1003|1004|1006|1049|2004|2026|2027);?)+(?:l|\$p)`,
	`\x1b\[\?0*5W`,
	`\x1b\[\?u`,
	`\x1b\[>0*4(?:;0*[012]?)?m`,
	`\x1b\[>0*[0-9]{0,2}u`,
	`\x1b\[<0*[0-9]?u`,
	`\x1b\[=0*[0-9]{0,2}(?:;0*[0-3]?)?u`,
	`\x1b\[>0*q`,
	`\x1b\[0*[0-6]? q`,
	`\x1b\](?:10|11);\?` + `(?:\a|\x1b\\)`,
	`\x1b\]2(?:;[^\x00-\x1f\x7f]*)?` + `(?:\a|\x1b\\)`,
	`\x1b\]8;(?:id=[A-Za-z0-9._-]{1,64})?;` + `(?:\a|\x1b\\)`,
	`\x1b\]8;(?:id=[A-Za-z0-9._-]{1,64})?;https://(?i:security\.microsoft\.com|lab\.example:8443)(?:[/?#][!-~]*)?` + `(?:\a|\x1b\\)`,
	`\x1b\]52;[cp];[A-Za-z0-9+/=]+` + `(?:\a|\x1b\\)`,
	`\x1bPtmux;\x1b\x1b\]52;[cp];[A-Za-z0-9+/=]+(?:\a|\x1b\x1b\\)\x1b\\`,
	`\x1bP\x1b\]52;[cp];(?:[A-Za-z0-9+/=]|\x1b\\\x1bP)+\a\x1b\\`,
	`\x1bP\x1b\]52;[cp];(?:[A-Za-z0-9+/=]|\x1b\\\x1bP)+\x1b\\\x1bP\a\x1b\\`,
}, "|") + `)`)

// scanOutput is the oracle: it names the first thing in out that is outside of the vocabulary.
func scanOutput(out string) error {
	for rest := out; rest != ""; {
		if r, size := utf8.DecodeRuneInString(rest); r >= 0x80 {
			if r == utf8.RuneError && size == 1 || hostile.Forbidden(r) {
				return fmt.Errorf("%q at offset %d", rest[:size], len(out)-len(rest))
			}
			rest = rest[size:]
			continue
		}
		token := allowedToken.FindString(rest)
		if token == "" {
			return fmt.Errorf("%q at offset %d", rest[:min(len(rest), 40)], len(out)-len(rest))
		}
		if title, ok := strings.CutPrefix(token, "\x1b]2;"); ok {
			if err := hostile.ScanBytes([]byte(strings.TrimRight(title, "\a\x1b\\"))); err != nil {
				return fmt.Errorf("title: %w", err)
			}
		}
		if strings.HasSuffix(token, "m") && strings.HasPrefix(token, "\x1b[") && conceals.MatchString(colour.ReplaceAllString(token, "")) {
			return fmt.Errorf("conceal in %q", token)
		}
		rest = rest[len(token):]
	}
	return nil
}

var (
	colour   = regexp.MustCompile(`0*[345]8;(?:0*5;[0-9]+|0*2;[0-9]+;[0-9]+;[0-9]+)`)
	conceals = regexp.MustCompile(`[\[;]0*8[;m]`)
)

// checkStream returns an error for each promise that the firewall breaks for one stream.
func checkStream(t testing.TB, in string) error {
	t.Helper()
	out, _ := filtered(t, options(), in)
	if err := scanOutput(out); err != nil {
		return fmt.Errorf("%q came out as %q: %w", in, out, err)
	}
	if again, dropped := filtered(t, options(), out); again != out || dropped != 0 {
		return fmt.Errorf("%q came out as %q, and that as %q", in, out, again)
	}
	if cut := len(in) / 2; in != "" {
		if parts, _ := filtered(t, options(), in[:cut], in[cut:]); parts != out {
			return fmt.Errorf("%q came out as %q, in two parts as %q", in, out, parts)
		}
	}
	return nil
}

func TestFirewallStopsTheCorpus(t *testing.T) {
	t.Parallel()
	for _, s := range hostile.Corpus() {
		for _, in := range []string{s.Text, "\x1b[31m" + s.Text + "\x1b[m", s.Text + s.Text, "\x1b" + s.Text, "\x1b]8;;" + s.Text, "\xf0" + s.Text} {
			if err := checkStream(t, in); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
		}
	}
	for name, s := range passing() {
		if err := checkStream(t, s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFirewallShowsWhatFollows ends each sample with a frame and expects all of it, whatever the sample left open.
func TestFirewallShowsWhatFollows(t *testing.T) {
	t.Parallel()
	const frame = "\x1b[5;1H\x1b[1mour own row\x1b[m\r\n"
	for _, s := range hostile.Corpus() {
		if got, _ := filtered(t, options(), s.Text, frame); !strings.HasSuffix(got, frame) {
			t.Errorf("%s: the frame came out as %q", s.Name, got)
		}
	}
}

func FuzzFirewall(f *testing.F) {
	for _, s := range hostile.Corpus() {
		if len(s.Text) < 600 {
			f.Add(s.Text)
		}
	}
	for _, s := range passing() {
		if len(s) < 600 {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, in string) {
		if err := checkStream(t, in); err != nil {
			t.Error(err)
		}
	})
}
