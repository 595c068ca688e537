package signin

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

const (
	// earlyRefresh is how long before its end a token is renewed; the old one serves as long as that fails.
	earlyRefresh = 5 * time.Minute
	// lastUse is how long before its end a token is not handed out any more.
	lastUse = 30 * time.Second
	// refreshPause is the time between attempts to renew a token that still works.
	refreshPause = 30 * time.Second
	// anew asks MSAL past its cache. With the capability cp1 merged in, the request is the same as without.
	anew = `{"access_token":{}}`
)

// TenantTokens gives the tokens of one tenant for one resource. It is a token source for package transport and a
// credential for the SDK. One caller at a time fetches; the others wait for it, or use the token that still works. A
// token that is held is handed out without a lock.
type TenantTokens struct {
	identity *Identity
	tenant   soc.TenantID
	scope    string
	refused  *soc.Problem // set for a tenant that is not configured

	turn chan struct{}        // the turn to fetch
	mu   sync.Mutex           // the turn to change what is held; never across the network
	held atomic.Pointer[held] // never nil; what it points to never changes
	used atomic.Bool          // since the token was fetched
}

// held is what is known at the moment.
type held struct {
	token     azcore.AccessToken
	epoch     int64     // the sign-in that it came from
	refreshAt time.Time // when whoever needs it renews it
	aheadAt   time.Time // when Keep renews it
	rejected  string    // a token that the service refused
	claims    string    // what the service wants the next token to fulfil
	fulfilled string    // the claims that the token was asked for
	final     *soc.Problem
	step      *soc.Problem // step-up is needed, see ErrStepUp
	stepUntil time.Time    // when it is worth another silent try
}

func newTenantTokens(i *Identity, t soc.TenantID, scope string) *TenantTokens {
	out := &TenantTokens{identity: i, tenant: t, scope: scope, turn: make(chan struct{}, 1)}
	out.held.Store(&held{})
	return out
}

// Token gives a bearer token of the tenant. The error is a *soc.Problem.
func (t *TenantTokens) Token(ctx context.Context) (string, error) {
	token, err := t.get(ctx, "")
	return token.Token, err
}

// Invalidate tells that the service refused the token that is held: the next one will be fresh.
func (t *TenantTokens) Invalidate() {
	if t.refused != nil {
		return
	}
	t.change(func(h *held) {
		if h.token.Token != "" {
			h.rejected, h.token = h.token.Token, azcore.AccessToken{}
		}
	})
}

// change replaces what is held by a changed copy.
func (t *TenantTokens) change(f func(*held)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := *t.held.Load()
	f(&next)
	t.held.Store(&next)
}

// GetToken gives the token to an SDK (azcore.TokenCredential). Whoever asks for another tenant or scope has mixed up
// two customers and gets none. Claims of a challenge are passed on and always give a fresh token.
func (t *TenantTokens) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	other := o.TenantID != "" && o.TenantID != string(t.tenant)
	for _, s := range o.Scopes {
		other = other || s != t.scope
	}
	if other {
		return azcore.AccessToken{}, &soc.Problem{
			Kind:    soc.ProblemUnsafe,
			Summary: text.NewLine("a token was asked for another tenant or service than this customer's"),
			Next:    text.NewLine("nothing was sent; report it"),
		}
	}
	return t.get(ctx, o.Claims)
}

func (t *TenantTokens) get(ctx context.Context, claims string) (azcore.AccessToken, error) {
	if t.refused != nil {
		return azcore.AccessToken{}, t.refused
	}
	token, fresh, usable, stop := t.look()
	switch {
	case stop != nil:
		return azcore.AccessToken{}, stop
	case claims == "" && fresh:
		if !t.used.Load() {
			t.used.Store(true)
		}
		return token, nil
	}
	if !t.enter(ctx, claims == "" && usable) {
		if usable && claims == "" {
			return token, nil // somebody else renews it
		}
		return azcore.AccessToken{}, transport.ProblemOfError(service, ctx.Err())
	}
	defer func() { <-t.turn }()
	t.used.Store(true)
	token, fresh, usable, stop = t.look()
	switch {
	case stop != nil:
		return azcore.AccessToken{}, stop // whoever had the turn has learnt it
	case claims == "" && fresh:
		return token, nil // somebody else has renewed it meanwhile
	}
	renewed, err := t.renew(ctx, claims, token.Token)
	if err != nil && claims == "" && usable {
		t.later()
		return token, nil
	}
	return renewed, err
}

// enter takes the turn to fetch. With a token in hand it does not wait for it.
func (t *TenantTokens) enter(ctx context.Context, hasToken bool) bool {
	select {
	case t.turn <- struct{}{}:
		return true
	default:
	}
	if hasToken {
		return false
	}
	select {
	case t.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// look tells what is held: fresh needs nothing, usable still works, stop is why nobody asks. Nothing of an earlier
// sign-in counts. This is the hot path: it takes no lock.
func (t *TenantTokens) look() (token azcore.AccessToken, fresh, usable bool, stop *soc.Problem) {
	h := t.held.Load()
	if h.epoch != t.identity.epoch.Load() {
		return azcore.AccessToken{}, false, false, nil
	}
	now := t.identity.opts.Now()
	usable = h.token.Token != "" && now.Before(h.token.ExpiresOn.Add(-lastUse))
	stop = h.final
	if stop == nil && !usable && h.step != nil && now.Before(h.stepUntil) {
		stop = h.step
	}
	return h.token, usable && now.Before(h.refreshAt), usable, stop
}

// later puts the next attempt off, while the old token works.
func (t *TenantTokens) later() {
	at := t.identity.opts.Now().Add(refreshPause)
	t.change(func(h *held) { h.refreshAt, h.aheadAt = at, at })
}

// renew fetches a token and checks it. old is the one that is being replaced. The caller has the turn.
func (t *TenantTokens) renew(ctx context.Context, claims, old string) (azcore.AccessToken, error) {
	s, epoch, err := t.identity.sourceOf(t.tenant)
	if err != nil {
		return azcore.AccessToken{}, t.identity.problem(ctx, t.tenant, &note{}, err)
	}
	if s == nil {
		return azcore.AccessToken{}, notSignedIn()
	}
	h := t.held.Load()
	ask := policy.TokenRequestOptions{Scopes: []string{t.scope}, TenantID: string(t.tenant), Claims: claims, EnableCAE: true}
	switch {
	case claims != "":
	case h.epoch == epoch && h.claims != "" && !lasting(h.claims):
		ask.Claims = h.claims
	case h.rejected != "" && t.identity.app != nil:
		ask.Claims = anew
	}
	token, seen, err := t.fetch(ctx, s, ask)
	if err == nil && ask.Claims == "" && token.Token == old {
		ask.Claims = anew // MSAL's cache thinks that it is young enough
		token, seen, err = t.fetch(ctx, s, ask)
	}
	if err != nil {
		p := t.identity.problem(ctx, t.tenant, seen, err)
		return azcore.AccessToken{}, t.remember(p, epoch, ask.Claims, seen)
	}
	c, p := checkToken(token.Token, t.tenant, t.scope, t.identity.opts.Now())
	if p != nil {
		return azcore.AccessToken{}, p
	}
	if token.ExpiresOn.IsZero() || c.Expires.Before(token.ExpiresOn) {
		token.ExpiresOn = c.Expires
	}
	return token, t.keep(token, epoch, ask.Claims)
}

// fetch asks the authority, once there is a place.
func (t *TenantTokens) fetch(ctx context.Context, s source, ask policy.TokenRequestOptions) (azcore.AccessToken, *note, error) {
	if err := t.identity.take(ctx, t.identity.flights); err != nil {
		return azcore.AccessToken{}, &note{}, err
	}
	defer func() { <-t.identity.flights }()
	return s.get(ctx, ask)
}

// keep holds a new token, and which claims it was asked for. One that took so long that somebody else has signed in meanwhile is dropped.
func (t *TenantTokens) keep(token azcore.AccessToken, epoch int64, claims string) error {
	if t.identity.epoch.Load() != epoch {
		return &soc.Problem{
			Kind:    soc.ProblemUnavailable,
			Summary: text.NewLine("the sign-in changed while a token was fetched"),
			Next:    text.NewLine("try again"),
		}
	}
	now := t.identity.opts.Now()
	refreshAt := token.ExpiresOn.Add(-earlyRefresh)
	if half := now.Add(token.ExpiresOn.Sub(now) / 2); refreshAt.Before(half) {
		refreshAt = half // a token that lives ten minutes or less
	}
	if !token.RefreshOn.IsZero() && token.RefreshOn.Before(refreshAt) {
		refreshAt = token.RefreshOn
	}
	aheadAt := ahead(now, refreshAt)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.used.Store(false)
	t.held.Store(&held{token: token, epoch: epoch, refreshAt: refreshAt, aheadAt: aheadAt, fulfilled: claims})
	return nil
}

func notSignedIn() *soc.Problem {
	return &soc.Problem{
		Kind:    soc.ProblemSignIn,
		Summary: text.NewLine("nobody is signed in"),
		Next:    text.NewLine("sign in"),
	}
}

// Format prints whose tokens these are, whatever the verb.
func (t *TenantTokens) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "tokens("+text.Escape(clip(string(t.tenant), 60))+")")
}

var _ azcore.TokenCredential = (*TenantTokens)(nil)
