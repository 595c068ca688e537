package estate

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"
)

// rng is a seeded source of the estate's accidents. It is not for secrets.
type rng struct{ *rand.Rand }

// newRNG gives the source of one stream: the same seed and labels give the same numbers.
func newRNG(seed uint64, labels ...string) rng {
	h := fnv.New64a()
	for _, l := range labels {
		_, _ = h.Write([]byte(l))
		_, _ = h.Write([]byte{0})
	}
	return rng{rand.New(rand.NewPCG(seed, h.Sum64()))} //nolint:gosec // the same seed must give the same estate
}

// chance is true with probability p.
func (r rng) chance(p float64) bool { return r.Float64() < p }

// between gives a number from low to high, both included.
func (r rng) between(low, high int) int { return low + r.IntN(high-low+1) }

// pick chooses one of a list.
func pick[T any](r rng, list []T) T { return list[r.IntN(len(list))] }

// weighted chooses an index with the probability of its weight.
func (r rng) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := r.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// hex gives n lower-case hexadecimal digits.
func (r rng) hex(n int) string {
	b := make([]byte, 0, n+8)
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, r.Uint64())
	}
	return hex.EncodeToString(b[:(n+1)/2])[:n]
}

// guid gives a random-looking version 4 GUID.
func (r rng) guid() string {
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:8], r.Uint64())
	binary.LittleEndian.PutUint64(b[8:], r.Uint64())
	return formatGUID(b)
}

func formatGUID(b [16]byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

// StableGUID gives the GUID that belongs to a name, the same in every estate.
func StableGUID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return formatGUID([16]byte(sum[:16]))
}

// publicIP gives an address of the ranges that are reserved for documentation, so that nothing real is blamed.
func (r rng) publicIP() string {
	return pick(r, []string{"203.0.113.", "198.51.100.", "192.0.2."}) + strconv.Itoa(r.between(1, 254))
}

func (r rng) privateIP() string {
	return "10." + strconv.Itoa(r.between(0, 63)) + "." + strconv.Itoa(r.between(0, 254)) + "." + strconv.Itoa(r.between(2, 254))
}
