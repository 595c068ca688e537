package transport

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// TokenSource gives the bearer token for one tenant and one resource. One that also has a method Invalidate() is told
// when the service refused the token, so that the next one is fresh.
type TokenSource interface {
	Token(ctx context.Context) (string, error)
}

// Options says where a client may go, as whom, and how often.
type Options struct {
	Tenant  soc.TenantID      // the customer; no other tenant's token passes
	Service string            // as a sentence names it: "the Graph service"
	Allow   []string          // base URLs of this tenant's cloud: scheme, host, port, path prefix
	Tokens  TokenSource       //
	Budget  Budget            // the documented limit; the zero value is 150 a minute
	Base    http.RoundTripper // shared by all clients, from NewBase
	Observe func(Call)        // told of every attempt, from any goroutine; may be nil
	Meter   *Meter            // counts what the gate lets through; may be nil

	// Writes is asked for leave right before each request that is not GET or HEAD. Its error is the refusal: a *soc.Problem
	// reaches the caller as it is. nil refuses all of them.
	Writes  func() error
	MaxBody int64  // bytes of a decoded body; 0 is DefaultMaxBody
	Version string // of socctl, for the User-Agent; "" is dev

	Now   func() time.Time                           // nil is time.Now
	Rand  func() float64                             // in [0, 1), for jitter; nil is math/rand
	NewID func() string                              // client-request-id; nil is a random UUID
	Sleep func(context.Context, time.Duration) error // nil waits on a timer
}

// DefaultMaxBody bounds a decoded answer: a page of 50 incidents with all evidence is about 1 MB.
const DefaultMaxBody = 32 << 20

// errRedirect stops http.Client from following what the chain has already refused.
var errRedirect = errors.New("redirects are refused")

// NewClient makes the client of one tenant and one service. It sets no time-out of its own: the caller's context does.
func NewClient(o Options) (*http.Client, error) {
	c, err := newChain(o)
	if err != nil {
		return nil, err
	}
	return &http.Client{
		Transport:     c,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
	}, nil
}

// complete checks the options and fills in what was left out.
func (o Options) complete() (Options, error) {
	if _, err := soc.ParseTenantID(string(o.Tenant)); err != nil {
		return o, fmt.Errorf("transport: %w", err)
	}
	if o.Tokens == nil || o.Base == nil {
		return o, errors.New("transport: a client needs a token source and a base")
	}
	if o.Service == "" {
		o.Service = "the service"
	}
	o.Service = text.Escape(o.Service)
	if o.MaxBody <= 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.NewID == nil {
		o.NewID = uuid.NewString
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Observe == nil {
		o.Observe = func(Call) {}
	}
	if o.Meter == nil {
		o.Meter = &Meter{}
	}
	return o, nil
}

// sleep waits for d or until the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
