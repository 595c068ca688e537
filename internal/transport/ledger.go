package transport

import (
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// LedgerSize is how many calls a Ledger remembers: at 48 customers read once a minute, more than half an hour.
const LedgerSize = 2000

// Ledger remembers the last calls of all clients, for the page of activity. The zero value is ready; its methods may be
// called from any goroutine.
type Ledger struct {
	seq  atomic.Uint64 // of the newest call
	mu   sync.Mutex
	ring []soc.Call // the call with number n stands at (n-1) modulo LedgerSize
}

// Add writes down a call of a customer. Nothing that looks like a token gets in, wherever a service has put it.
func (l *Ledger) Add(code soc.Code, c Call) {
	call := soc.Call{
		At: c.Start, Took: c.Duration, Tenant: c.Tenant, Code: code, Method: c.Method, Path: ledgerPath(c), Status: c.Status,
		RequestID: redactLine(c.RequestID), Err: redactLine(c.Error), Attempt: c.Attempt, Bytes: c.Bytes,
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	call.Seq = l.seq.Load() + 1
	if len(l.ring) < LedgerSize {
		l.ring = append(l.ring, call)
	} else {
		l.ring[(call.Seq-1)%LedgerSize] = call
	}
	l.seq.Store(call.Seq)
}

// Since gives the calls after the one with the number, newest last, as far as they are remembered. Where there are none
// it costs nothing.
func (l *Ledger) Since(seq uint64) []soc.Call {
	if l.seq.Load() <= seq {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	last := l.seq.Load()
	n := min(last-seq, uint64(len(l.ring)))
	first := (last - n) % LedgerSize // where the oldest of them stands
	calls := make([]soc.Call, 0, n)
	calls = append(calls, l.ring[first:min(first+n, uint64(len(l.ring)))]...)
	return append(calls, l.ring[:n-uint64(len(calls))]...)
}

// ledgerPath is the path with the names of the query. A sign-in has several hosts, so that it is named.
func ledgerPath(c Call) text.Line {
	path := c.Path
	if c.signIn {
		path = c.Host + path
	}
	if c.Query != "" {
		path += "?" + c.Query
	}
	return text.NewLine(shorten(Redact(path), 300))
}

func redactLine(l text.Line) text.Line {
	s := l.String()
	if r := Redact(s); r != s {
		return text.NewLine(r)
	}
	return l
}

const (
	maxNames = 12 // names of a query that are kept
	maxName  = 32 // bytes of one
)

// queryNames lists the names of a query's parameters, as they came. A part without a name, and a name that does not look
// like one, may be a value and becomes "…".
func queryNames(raw string) string {
	if raw == "" {
		return ""
	}
	var names []string
	for part := range strings.SplitSeq(raw, "&") {
		if len(names) == maxNames {
			names = append(names, "…")
			break
		}
		name, _, named := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if !named || !isName(name) {
			name = "…"
		}
		names = append(names, name)
	}
	return strings.Join(names, "&")
}

func isName(s string) bool {
	if s == "" || len(s) > maxName {
		return false
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("$@._-", r) {
			return false
		}
	}
	return true
}
