package signin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/go-json-experiment/json"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

// ErrStepUp is the cause of problems that end when the analyst signs in to that one tenant once more, see
// Identity.StepUp.
var ErrStepUp = errors.New("step-up needed")

// stepPause is how long a tenant that wants its analyst is not asked again: the reason may have been the network that
// the analyst was in.
const stepPause = 15 * time.Minute

// Challenge answers a 401 that asks for claims. sent is the token that was refused. nil means that there is another
// token now, and the request may be sent once more; otherwise the tenant says what it needs, and the others go on.
func (t *TenantTokens) Challenge(ctx context.Context, sent string, h http.Header) error {
	claims, ok := ClaimsOf(h)
	if !ok {
		t.Invalidate()
		return &soc.Problem{
			Kind: soc.ProblemSignIn, Summary: text.NewLine("the service wants access to be proved again, in a form that cannot be read"),
			Next: text.NewLine("sign in again"), Code: text.NewLine("insufficient_claims"), Err: ErrStepUp,
		}
	}
	return t.Satisfy(ctx, sent, claims)
}

// Satisfy is Challenge for claims that were found already, see ClaimsIn.
func (t *TenantTokens) Satisfy(ctx context.Context, sent, claims string) error {
	if t.refused != nil {
		return t.refused
	}
	if t.renewed(sent) {
		return nil
	}
	if !t.enter(ctx, false) {
		return transport.ProblemOfError(service, ctx.Err())
	}
	defer func() { <-t.turn }()
	h := t.held.Load()
	current := h.epoch == t.identity.epoch.Load()
	switch {
	case t.renewed(sent):
		return nil // somebody else was challenged as well
	case current && h.step != nil && h.claims == claims && t.identity.opts.Now().Before(h.stepUntil):
		return h.step
	case current && h.fulfilled == claims && h.token.Token == sent && sent != "":
		return t.needs(notFulfilled(), h.epoch, claims) // the authority thinks that the token is good enough: asking it again leads nowhere
	}
	if lasting(claims) {
		t.change(func(h *held) { h.claims = claims })
	} else {
		t.change(func(h *held) { h.claims, h.rejected, h.token = claims, sent, azcore.AccessToken{} })
	}
	_, err := t.renew(ctx, claims, sent)
	return err
}

// renewed tells whether there is another token than the one that was refused.
func (t *TenantTokens) renewed(sent string) bool {
	token, _, usable, _ := t.look()
	return usable && token.Token != sent
}

// lasting tells whether the token at hand goes on serving for everything else: an authentication context is wanted for
// one action, while the other challenges mean that the token was revoked.
func lasting(claims string) bool { return strings.Contains(claims, `"acrs"`) }

func notFulfilled() *soc.Problem {
	return &soc.Problem{
		Kind: soc.ProblemSignIn, Summary: text.NewLine("this tenant wants access to be proved again"), Code: text.NewLine("insufficient_claims"),
	}
}

// needs notes that only the analyst can go on in this tenant.
func (t *TenantTokens) needs(p *soc.Problem, epoch int64, claims string) *soc.Problem {
	p.Err = errors.Join(p.Err, ErrStepUp)
	if t.tenant != t.identity.opts.Home {
		p.Next = text.NewLine("sign in to this customer once more; the others are not affected")
	}
	if t.identity.opts.Method == MethodDeviceCode && lasting(claims) {
		p.Next = text.NewLine("a device code cannot prove it: sign in with the browser (sign_in: browser)")
	}
	until := t.identity.opts.Now().Add(stepPause)
	t.change(func(h *held) {
		if h.epoch != epoch {
			*h = held{}
		}
		h.epoch, h.step, h.stepUntil, h.claims = epoch, p, until, claims
	})
	return p
}

// remember keeps a problem that only somebody at the keyboard can solve, so that nobody asks again until then.
func (t *TenantTokens) remember(p *soc.Problem, epoch int64, claims string, seen *note) *soc.Problem {
	switch {
	case errors.Is(p, errFinal):
		t.identity.forget(t.tenant)
		t.mu.Lock()
		defer t.mu.Unlock()
		t.held.Store(&held{epoch: epoch, final: p})
	case p.Kind == soc.ProblemSignIn && t.identity.app == nil:
		if wanted := seen.wantedClaims(); wanted != "" {
			claims = wanted
		}
		if claims == anew {
			claims = ""
		}
		return t.needs(p, epoch, claims)
	}
	return p
}

// wantedClaims is what an error of the authority wants the next sign-in to fulfil.
func (n *note) wantedClaims() string {
	n.mu.Lock()
	body := n.body
	n.mu.Unlock()
	var e struct {
		Claims string `json:"claims"`
	}
	if json.Unmarshal(body, &e) != nil {
		return ""
	}
	claims, _ := decodeClaims(e.Claims)
	return claims
}

// forget drops a refresh token that the home tenant will never take again.
func (i *Identity) forget(t soc.TenantID) {
	i.mu.Lock()
	s := i.user
	i.mu.Unlock()
	if s != nil && t == i.opts.Home {
		s.vault.clear()
	}
}

// StepUps lists the tenants that wait for their analyst.
func (i *Identity) StepUps() []soc.TenantID {
	i.mu.Lock()
	defer i.mu.Unlock()
	var out []soc.TenantID
	for key, t := range i.tokens {
		if h := t.held.Load(); h.step != nil && h.epoch == i.epoch.Load() && !slices.Contains(out, key.tenant) {
			out = append(out, key.tenant)
		}
	}
	slices.Sort(out)
	return out
}

// StepUp lets the person who is signed in prove themselves to one tenant, in the way that is configured, for what that
// tenant asked for. The token is kept and used; the other tenants go on meanwhile, and those that wait as well try
// once more silently afterwards.
func (i *Identity) StepUp(ctx context.Context, tenant soc.TenantID) error {
	if err := i.take(ctx, i.signing); err != nil {
		return err
	}
	defer func() { <-i.signing }()
	i.mu.Lock()
	s := i.user
	i.mu.Unlock()
	switch {
	case i.app != nil:
		return &soc.Problem{Kind: soc.ProblemRefused, Summary: text.NewLine("only a person who signs in here can prove access again"), Next: text.NewLine("sign_in: browser or paste")}
	case s == nil:
		return notSignedIn()
	}
	t := i.waiting(tenant)
	if t.refused != nil {
		return t.refused
	}
	w := wish{tenant: tenant, scope: t.scope, claims: t.held.Load().claims, hint: s.account.PreferredUsername}
	stepped, token, _, err := i.interact(ctx, w)
	if err != nil {
		return err
	}
	if stepped.account.HomeAccountID != s.account.HomeAccountID {
		return otherAccount()
	}
	s.vault.adopt(stepped.vault)
	epoch := i.epoch.Load()
	i.tryAgain(epoch)
	i.warn(s.save(true))
	return t.keep(token, epoch, w.claims)
}

// waiting gives the tokens of a tenant that wait for a step-up, or those for what SignIn asks for.
func (i *Identity) waiting(tenant soc.TenantID) *TenantTokens {
	i.mu.Lock()
	for key, t := range i.tokens {
		if h := t.held.Load(); key.tenant == tenant && h.step != nil && h.epoch == i.epoch.Load() {
			i.mu.Unlock()
			return t
		}
	}
	i.mu.Unlock()
	return i.For(tenant, i.opts.Scope)
}

// tryAgain lets all who wait ask once more: the new sign-in may be good enough for them too.
func (i *Identity) tryAgain(epoch int64) {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.opts.Now()
	for _, t := range i.tokens {
		t.change(func(h *held) {
			if h.step != nil && h.epoch == epoch {
				h.stepUntil = now
			}
		})
	}
}
