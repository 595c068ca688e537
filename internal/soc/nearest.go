package soc

import (
	"strings"
)

// maxNearest bounds the length of a word, in characters, for which a correction is looked for: what is longer is no
// typing mistake, and the distance costs the product of the two lengths.
const maxNearest = 64

// Nearest finds the candidate that was most likely meant by a word that is none of them: the one with the fewest
// slips of the finger (a character more, less, other, or two of them swapped) without regard to case, or the only one
// that starts with the word. Of equally near candidates the first one wins. It reports false where nothing is near
// enough to offer.
func Nearest(word string, candidates []string) (string, bool) {
	w := []rune(strings.ToLower(word))
	if len(w) == 0 || len(w) > maxNearest {
		return "", false
	}
	best, bestSlips := "", slips(len(w))+1
	for _, c := range candidates {
		r := []rune(strings.ToLower(c))
		if len(r) == 0 || len(r)-len(w) >= bestSlips || len(w)-len(r) >= bestSlips {
			continue
		}
		// A word that shares nothing with the candidate is no slip of it, however short both are.
		if d := distance(w, r); d < bestSlips && d < max(len(w), len(r)) {
			best, bestSlips = c, d
		}
	}
	if best != "" {
		return best, true
	}
	return onlyPrefixed(string(w), candidates)
}

// slips is the number of slips that a word of n characters may have: one in each three, at least one, at most three.
func slips(n int) int { return min(max(1, (n+1)/3), 3) }

// onlyPrefixed finds the one candidate that an unfinished word of two characters or more begins.
func onlyPrefixed(word string, candidates []string) (string, bool) {
	if len(word) < 2 {
		return "", false
	}
	found := ""
	for _, c := range candidates {
		if !strings.HasPrefix(strings.ToLower(c), word) {
			continue
		}
		if found != "" && !strings.EqualFold(found, c) {
			return "", false
		}
		found = c
	}
	return found, found != ""
}

// distance counts the slips between two words: the Damerau-Levenshtein distance in its restricted form, which changes
// no character twice.
func distance(a, b []rune) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
