package text_test

import (
	"strings"
	"testing"

	"github.com/socctl/socctl/internal/text"
)

func samples() map[string]string {
	title := "Suspicious PowerShell command line on WS-0042 (3 alerts)"
	return map[string]string{
		"title":         title,
		"ascii1000":     strings.Repeat(title, 20)[:1000],
		"few-escapes":   strings.Repeat(title+title+"\x1b[31m", 20)[:1000],
		"german":        strings.Repeat("Verdächtige Änderung an der Überwachung, ", 40)[:1000],
		"cyrillic":      strings.Repeat("Подозрительная активность ", 30)[:1000],
		"cjk":           strings.Repeat("可疑的命令行活动", 30)[:600],
		"only-escapes":  strings.Repeat("\u202e", 300),
		"rare-scripts":  strings.Repeat("हिन्दी ไทย العربية ", 30)[:1000],
		"invalid-bytes": strings.Repeat("\xff", 500),
	}
}

func BenchmarkNewLine(b *testing.B) {
	for name, s := range samples() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			b.ReportAllocs()
			for b.Loop() {
				_ = text.NewLine(s)
			}
		})
	}
}

func BenchmarkNewBlock(b *testing.B) {
	clean := strings.Repeat("Investigate the process tree of the device, then isolate it.\n", 500)
	for name, s := range map[string]string{"ascii": clean, "crlf": strings.ReplaceAll(clean, "\n", "\r\n")} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			b.ReportAllocs()
			for b.Loop() {
				_ = text.NewBlock(s)
			}
		})
	}
}

func BenchmarkSuspicious(b *testing.B) {
	for name, s := range samples() {
		l := text.NewLine(s)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(l.String())))
			for b.Loop() {
				_ = l.Suspicious()
			}
		})
	}
}

// TestCleanASCIICostsNothing keeps the path of nearly all text free of allocations.
func TestCleanASCIICostsNothing(t *testing.T) {
	line, block := strings.Repeat("plain ", 100), strings.Repeat("plain\n", 100)
	if n := testing.AllocsPerRun(100, func() { _ = text.NewLine(line); _ = text.NewBlock(block) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestCleanUnicodeIsNotCopied shows that only altered text is built anew.
func TestCleanUnicodeIsNotCopied(t *testing.T) {
	line := strings.Repeat("Überprüfung 漢字 ", 20)
	if n := testing.AllocsPerRun(100, func() { _ = text.NewLine(line) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
