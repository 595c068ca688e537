// Package transport carries every request to a customer's cloud. NewClient makes one http.Client per (tenant, service)
// over one shared base; its RoundTripper is a chain in a fixed order, outermost first:
//
//  1. admit: https, a host, port and path prefix of this tenant's cloud, no user info, no Host override. It stands
//     before the token is asked for.
//  2. retry: GET and HEAD only, three attempts, full jitter, within a retry budget of 10 %. A write is sent once.
//  3. gate: the tenant's budget of requests. Retry-After closes this gate and no other.
//  4. authorise: a token per attempt; after a plain 401 a fresh one, once.
//  5. guard: the last look before the wire: the token that is really set names this tenant, the address is allowed.
//  6. read-only: nothing but GET and HEAD passes without the leave of Options.Writes, whatever stands above.
//  7. wire: the shared base, redirects refused, the answer's size and pace bounded, the attempt observed.
//
// The rule for answers: a non-2xx answer reaches the caller as it is, with its body, and ProblemOfResponse says what it
// means. Four become an error inside the chain, because no caller may act on them: a redirect, a body in an encoding
// nobody asked for, a 401 that carries a claims challenge, and, for reads, a Retry-After longer than a call may wait.
// Whatever the chain refuses or cannot do is a *soc.Problem; http.Client wraps it in a *url.Error that prints the query,
// so callers show soc.ProblemOf(err) and never err itself.
//
// A client and all its parts may be used by many goroutines. Nothing here starts a goroutine of its own; timers end
// with the answer's body, which the caller has to close, as with any http.Client.
package transport
