package text

import "unicode/utf8"

// maxQuote bounds what an error message repeats of bad input, in bytes.
const maxQuote = 80

// Quote makes s safe, shortens it and puts it between double quotes, for error messages that repeat bad input.
func Quote(s string) string {
	if len(s) > maxQuote {
		end := maxQuote
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end] + "…"
	}
	return `"` + Escape(s) + `"`
}
