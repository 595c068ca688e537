package soc

import (
	"math/rand/v2"
	"regexp"
	"testing"
)

// What an id may be is written down here as a regular expression, which the code does without.
func TestIDsAreWhatTheExpressionsSay(t *testing.T) {
	t.Parallel()
	id := regexp.MustCompile(`^[A-Za-z0-9._~:-]{1,128}$`)
	guid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	r := rand.New(rand.NewPCG(1, 1))
	long := make([]byte, 129)
	for n := range long {
		long[n] = 'a'
	}
	const known = "0a1b2c3d-0000-4000-8000-00000000000f"
	list := []string{"", ".", "..", "...", "a\n", "é", string(long), string(long[1:]), known, known + "0", known[1:], known + "\n"}
	for c := range 256 {
		list = append(list, string([]byte{byte(c)}), "a"+string([]byte{byte(c)}))
	}
	for range 20_000 { // a known one with some bytes changed
		b := []byte(known)
		for range 1 + r.IntN(3) {
			b[r.IntN(len(b))] = "0129afgAFG-.:/@`[{ \x00\x80"[r.IntN(21)]
		}
		list = append(list, string(b))
	}
	for _, s := range list {
		if want := id.MatchString(s) && s != "." && s != ".."; ValidID(s) != want {
			t.Errorf("ValidID(%q) = %v", s, !want)
		}
		if want := guid.MatchString(s); isGUID(s) != want {
			t.Errorf("isGUID(%q) = %v", s, !want)
		}
	}
}
