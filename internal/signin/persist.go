package signin

import (
	"context"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
	"github.com/go-json-experiment/json"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Store keeps a sign-in from one start to the next: one value, for one user of this machine. What it is given holds a
// refresh token in clear; it keeps it so that nobody else can read it. See NewFileStore.
type Store interface {
	// Load gives what was kept; nothing where there is nothing, or where it cannot be read any more.
	Load() ([]byte, error)
	// Change lets f turn what is kept into something else, while no other process does; nil means that nothing is kept.
	Change(f func(old []byte) []byte) error
}

// savePause is how often a refresh token is kept that was renewed in passing. The old one stays good for weeks.
const savePause = time.Minute

// saved is what the store keeps. Access tokens are not in it.
type saved struct {
	Version   int            `json:"version"`
	Authority string         `json:"authority"`
	Home      soc.TenantID   `json:"home"`
	Client    string         `json:"client"`
	SignedIn  time.Time      `json:"signed_in"` // when the person signed in
	Renewed   time.Time      `json:"renewed"`   // when the refresh token came
	Account   public.Account `json:"account"`
	Cache     *contract      `json:"cache"`
}

const savedVersion = 1

// saver is the turn to keep a session.
type saver struct {
	mu   sync.Mutex
	last time.Time
}

// read gives what is kept for this identity; nil where there is nothing of use.
func (i *Identity) read() *saved {
	b, err := i.opts.Store.Load()
	if err != nil || len(b) == 0 {
		return nil
	}
	return i.decode(b)
}

// decode reads a kept sign-in, and refuses that of another application, tenant or cloud.
func (i *Identity) decode(b []byte) *saved {
	var s saved
	o := i.opts
	if json.Unmarshal(b, &s) != nil || s.Version != savedVersion || s.Authority != o.Authority || s.Home != o.Home || s.Client != o.ClientID ||
		s.Cache == nil || len(s.Cache.Refresh) == 0 || s.Account.HomeAccountID == "" {
		return nil
	}
	return &s
}

// save keeps the newest refresh token, unless somebody has signed in elsewhere since. now is false for what was renewed
// in passing.
func (s *session) save(now bool) error {
	i := s.identity
	if i.opts.Store == nil {
		return nil
	}
	if !now && !s.saver.mu.TryLock() {
		return nil // somebody else is at it
	}
	if now {
		s.saver.mu.Lock()
	}
	defer s.saver.mu.Unlock()
	clock := i.opts.Now()
	if !now && clock.Sub(s.saver.last) < savePause {
		return nil
	}
	s.saver.last = clock
	doc := s.vault.current()
	if doc == nil {
		return nil
	}
	mine := saved{
		Version: savedVersion, Authority: i.opts.Authority, Home: i.opts.Home, Client: i.opts.ClientID,
		SignedIn: s.signedIn, Renewed: clock, Account: s.account, Cache: doc,
	}
	b, err := json.Marshal(mine)
	if err != nil {
		return err
	}
	return i.opts.Store.Change(func(old []byte) []byte {
		if have := i.decode(old); have != nil && have.SignedIn.After(mine.SignedIn) {
			return old // somebody has signed in elsewhere since
		}
		return b
	})
}

// reload takes over a refresh token that another process has kept for the same account, and tells whether there was one.
func (s *session) reload() bool {
	if s.identity.opts.Store == nil {
		return false
	}
	have := s.identity.read()
	return have != nil && have.Account.HomeAccountID == s.account.HomeAccountID && s.vault.replace(have.Cache)
}

// Resume goes on with the sign-in that was kept, without asking anybody. It tells whether there was one that works; the
// error is why one that was there does not.
func (i *Identity) Resume(ctx context.Context) (bool, error) {
	if i.app != nil || i.opts.Store == nil {
		return false, nil
	}
	if err := i.take(ctx, i.signing); err != nil {
		return false, err
	}
	defer func() { <-i.signing }()
	have := i.read()
	if have == nil {
		return false, nil
	}
	s := newSession(i)
	s.account, s.signedIn = have.Account, have.SignedIn
	s.vault.replace(have.Cache)
	c, err := s.seat(i.opts.Home)
	if err != nil {
		return false, i.problem(ctx, i.opts.Home, &note{}, err)
	}
	token, seen, err := c.get(ctx, policy.TokenRequestOptions{Scopes: []string{i.opts.Scope}})
	if err != nil {
		return false, i.problem(ctx, i.opts.Home, seen, err)
	}
	claims, p := checkToken(token.Token, i.opts.Home, i.opts.Scope, i.opts.Now())
	if p != nil {
		return false, p
	}
	return true, i.install(s, token, claims)
}

// install makes a session the one that is in use.
func (i *Identity) install(s *session, token azcore.AccessToken, claims Claims) error {
	tokens := i.For(i.opts.Home, i.opts.Scope)
	i.mu.Lock()
	i.user = s
	epoch := i.epoch.Add(1)
	i.account = accountOf(claims)
	i.mu.Unlock()
	if err := tokens.keep(token, epoch, ""); err != nil {
		return err
	}
	i.warn(s.save(true))
	return nil
}

// warn says why a sign-in that works could not be kept. It is no reason to refuse it.
func (i *Identity) warn(err error) {
	if err != nil && i.opts.Warn != nil {
		i.opts.Warn(text.NewLine("the sign-in could not be kept for the next start: " + err.Error()))
	}
}

// SignOut forgets the sign-in, here and in the store. The tokens that services have seen stay good until they expire.
func (i *Identity) SignOut() error {
	i.mu.Lock()
	s := i.user
	i.user, i.account = nil, Account{}
	i.epoch.Add(1)
	for _, t := range i.tokens {
		t.change(func(h *held) { *h = held{} })
	}
	i.mu.Unlock()
	if s != nil {
		s.vault.clear()
	}
	if i.opts.Store == nil {
		return nil
	}
	return i.opts.Store.Change(func([]byte) []byte { return nil })
}

// Save keeps the newest refresh token now, as at the end of the program.
func (i *Identity) Save() error {
	i.mu.Lock()
	s := i.user
	i.mu.Unlock()
	if s == nil {
		return nil
	}
	return s.save(true)
}
