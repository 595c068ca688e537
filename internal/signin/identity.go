package signin

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

// Identity is who we are in all tenants: a person or an application.
type Identity struct {
	opts    Options
	door    *door
	wire    wire
	app     appCredentials // nil for a person who signs in here
	allowed map[soc.TenantID]bool

	signing chan struct{} // the turn to sign in
	flights chan struct{} // bounds the requests for tokens at a time
	epoch   atomic.Int64  // counts sign-ins: tokens of an earlier one are not handed out

	mu      sync.Mutex
	user    *session // a person's sign-in, nil before SignIn
	apps    map[soc.TenantID]*slot
	tokens  map[tokenKey]*TenantTokens
	account Account
}

// maxFlights is how many tenants are asked for tokens at a time. A tenant that hangs holds one for tokenTimeout.
const maxFlights = 32

// flights is maxFlights, but for az, which is a process for each token.
func (m Method) flights() int {
	if m == MethodAzureCLI {
		return 4
	}
	return maxFlights
}

type tokenKey struct {
	tenant soc.TenantID
	scope  string
}

// Account is who is signed in, for the header of the screen and for "assigned to me".
type Account struct {
	Tenant   soc.TenantID
	Name     text.Line
	UPN      text.Line // empty for an application
	ObjectID text.Line
	AppID    text.Line
	App      bool
}

// Known tells whether anybody is signed in.
func (a Account) Known() bool { return a.Tenant != "" }

func accountOf(c Claims) Account {
	return Account{Tenant: c.Tenant, Name: c.Name, UPN: c.UPN, ObjectID: c.ObjectID, AppID: c.AppID, App: c.App}
}

// New checks the options and makes an identity. It sends nothing.
func New(o Options) (*Identity, error) {
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	o.Tenants = slices.Clone(o.Tenants)
	d, err := newDoor(o)
	if err != nil {
		return nil, err
	}
	i := &Identity{
		opts: o, door: d, wire: newWire(o, d), signing: make(chan struct{}, 1), flights: make(chan struct{}, o.Method.flights()),
		allowed: map[soc.TenantID]bool{o.Home: true}, apps: map[soc.TenantID]*slot{}, tokens: map[tokenKey]*TenantTokens{},
	}
	for _, t := range o.Tenants {
		i.allowed[t] = true
	}
	if !o.Method.person() {
		if i.app, err = newAppCredentials(o, d); err != nil {
			return nil, err
		}
	}
	return i, nil
}

// SignIn does what needs a person: it shows what they have to do and waits until it was done, has expired, or the
// context ends. An application asks for its first token. It may be called again, for another account or after a
// problem of kind sign-in; until it has succeeded, what was there before stays in use.
func (i *Identity) SignIn(ctx context.Context) error {
	if err := i.take(ctx, i.signing); err != nil {
		return err
	}
	defer func() { <-i.signing }()
	if i.app == nil {
		return i.signInPerson(ctx)
	}
	token, err := i.For(i.opts.Home, i.opts.Scope).Token(ctx)
	if err != nil {
		return err
	}
	claims, err := ReadClaims(token)
	if err != nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.account = accountOf(claims)
	i.account.App = i.opts.Method.App()
	return nil
}

// take waits for a place.
func (i *Identity) take(ctx context.Context, places chan struct{}) error {
	select {
	case places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return transport.ProblemOfError(service, ctx.Err())
	}
}

// Account tells who is signed in; the zero Account before SignIn.
func (i *Identity) Account() Account {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.account
}

// For gives the tokens of one tenant for one resource, such as https://graph.microsoft.com/.default. The same tenant
// and scope give the same tokens. A tenant that is not configured gives tokens that only say so.
func (i *Identity) For(t soc.TenantID, scope string) *TenantTokens {
	if !i.allowed[t] {
		return &TenantTokens{tenant: t, scope: scope, refused: &soc.Problem{
			Kind:    soc.ProblemUnsafe,
			Summary: text.NewLine("tenant " + text.Quote(clip(string(t), 60)) + " is not one of the configured customers"),
			Next:    text.NewLine("add it under tenants in the configuration"),
		}}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	key := tokenKey{t, scope}
	if i.tokens[key] == nil {
		i.tokens[key] = newTenantTokens(i, t, scope)
	}
	return i.tokens[key]
}

// sourceOf gives where a tenant's tokens come from, and the sign-in that it belongs to; nil when nobody is signed in.
func (i *Identity) sourceOf(t soc.TenantID) (source, int64, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	epoch := i.epoch.Load()
	if i.app == nil {
		if i.user == nil {
			return nil, epoch, nil
		}
		s, err := i.user.seat(t)
		return s, epoch, err
	}
	if i.apps[t] == nil {
		cred, err := i.app(t)
		if err != nil {
			return nil, 0, err
		}
		i.apps[t] = newSlot(cred)
	}
	return i.apps[t], epoch, nil
}

// Format prints how the identity signs in, whatever the verb: what it holds is secret.
func (i *Identity) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "identity("+string(i.opts.Method)+")")
}
