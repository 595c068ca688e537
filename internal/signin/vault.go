package signin

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/cache"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// vault holds what one sign-in left behind: the account and its refresh token. All tenants' clients read from it and
// write to it, so that a token that was rotated in one tenant serves in all. Access tokens are not in it; they are
// with TenantTokens, which alone hand them out.
//
// The newest refresh token wins: the one whose request began last. A slow answer that began before a step-up would
// otherwise bring back a refresh token that the step-up has replaced.
type vault struct {
	mu      sync.Mutex
	doc     *contract // behind a pointer, so that no format verb reaches it; nil before a sign-in
	held    uint64    // the request that brought the refresh token
	started uint64    // requests so far
}

// contract is the part of MSAL's cache schema that is kept. What MSAL adds to an entry is kept as it is.
type contract struct {
	Refresh  map[string]jsontext.Value `json:"RefreshToken,omitempty"`
	Accounts map[string]jsontext.Value `json:"Account,omitempty"`
	App      map[string]jsontext.Value `json:"AppMetadata,omitempty"`
}

// ticket is the place of one call in the order of calls. It travels in the call's context.
type ticket struct {
	mu sync.Mutex
	n  uint64
}

type ticketKey struct{}

func withTicket(ctx context.Context) (context.Context, *ticket) {
	t := &ticket{}
	return context.WithValue(ctx, ticketKey{}, t), t
}

// number gives the call's place, taking one where it has none yet.
func (v *vault) number(ctx context.Context) uint64 {
	t, ok := ctx.Value(ticketKey{}).(*ticket)
	if !ok {
		v.started++
		return v.started
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.n == 0 {
		v.started++
		t.n = v.started
	}
	return t.n
}

// Replace gives MSAL the refresh token of this moment. MSAL calls it before it looks for one, and once more before it
// writes the answer.
func (v *vault) Replace(ctx context.Context, c cache.Unmarshaler, _ cache.ReplaceHints) error {
	v.mu.Lock()
	v.number(ctx)
	doc := v.doc
	v.mu.Unlock()
	if doc == nil {
		return nil
	}
	b, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	return c.Unmarshal(b)
}

// Export takes the refresh token out of what MSAL has written, unless a newer one is here.
func (v *vault) Export(ctx context.Context, c cache.Marshaler, _ cache.ExportHints) error {
	b, err := c.Marshal()
	if err != nil {
		return err
	}
	var got contract
	if err := json.Unmarshal(b, &got); err != nil {
		return errBadCache
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	n := v.number(ctx)
	switch {
	case v.doc == nil:
		v.doc, v.held = &got, n
		return nil
	case n < v.held:
		return nil
	}
	fresh := map[string]jsontext.Value{}
	for k, rt := range got.Refresh {
		if string(rt) != string(v.doc.Refresh[k]) {
			fresh[k] = rt
		}
	}
	if len(fresh) == 0 {
		return nil // the authority keeps to the old one
	}
	v.doc, v.held = &contract{Refresh: fresh, Accounts: v.doc.Accounts, App: got.App}, n
	return nil
}

// newerThan tells whether the refresh token that a call used has been replaced since.
func (v *vault) newerThan(t *ticket) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	return v.held > t.n
}

// adopt takes over the refresh token of another sign-in of the same account: it is the newest there is.
func (v *vault) adopt(other *vault) {
	other.mu.Lock()
	doc := other.doc
	other.mu.Unlock()
	if doc == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.started++
	accounts := maps.Clone(doc.Accounts)
	if v.doc != nil {
		accounts = v.doc.Accounts
	}
	v.doc, v.held = &contract{Refresh: doc.Refresh, Accounts: accounts, App: doc.App}, v.started
}

// current is what is held; nobody changes it.
func (v *vault) current() *contract {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.doc
}

// replace takes over what was kept, and tells whether it is another refresh token.
func (v *vault) replace(doc *contract) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.doc != nil && secretsOf(v.doc) == secretsOf(doc) {
		return false
	}
	v.started++
	v.doc, v.held = doc, v.started
	return true
}

// secretsOf is all refresh tokens of a contract, for comparing.
func secretsOf(c *contract) string {
	var all []string
	for _, raw := range c.Refresh {
		var rt struct {
			Secret string `json:"secret"`
		}
		if json.Unmarshal(raw, &rt) == nil {
			all = append(all, rt.Secret)
		}
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// empty tells that there is no refresh token.
func (v *vault) empty() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.doc == nil
}

// clear forgets the refresh token.
func (v *vault) clear() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.started++
	v.doc, v.held = nil, v.started
}

// Format prints nothing of what is held.
func (v *vault) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "vault") }

var _ cache.ExportReplace = (*vault)(nil)
