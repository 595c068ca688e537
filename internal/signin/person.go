package signin

import (
	"context"
	"errors"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// interact lets a person sign in, in the way that is configured. The session is a new one and takes its place when the
// sign-in has worked: the tenants go on with the old one while somebody types.
func (i *Identity) interact(ctx context.Context, w wish) (*session, azcore.AccessToken, Claims, error) {
	s := newSession(i)
	none := azcore.AccessToken{}
	c, err := s.client(w.tenant)
	if err != nil {
		return nil, none, Claims{}, i.problem(ctx, w.tenant, &note{}, err)
	}
	result, p := i.perform(ctx, c, w)
	if p != nil {
		return nil, none, Claims{}, p
	}
	claims, p := checkToken(result.AccessToken, w.tenant, w.scope, i.opts.Now())
	if p != nil {
		return nil, none, claims, p
	}
	s.account = result.Account
	token := tokenOf(result)
	if token.ExpiresOn.IsZero() || claims.Expires.Before(token.ExpiresOn) {
		token.ExpiresOn = claims.Expires
	}
	return s, token, claims, nil
}

// perform runs the flow, and explains its end.
func (i *Identity) perform(ctx context.Context, c public.Client, w wish) (result public.AuthResult, p *soc.Problem) {
	seen := &note{}
	defer func() {
		if recover() != nil { // the value may quote an answer that holds a token
			p = i.problem(ctx, w.tenant, seen, errPanic)
		}
	}()
	var err error
	if i.opts.Method == MethodDeviceCode {
		if result, seen, err = i.byDeviceCode(ctx, c, w); err != nil {
			return result, i.problem(ctx, w.tenant, seen, err)
		}
		return result, nil
	}
	inner, cancel := context.WithTimeout(ctx, interactiveTimeout)
	defer cancel()
	flow := i.byBrowser
	if i.opts.Method == MethodPaste {
		flow = i.byPaste
	}
	result, seen, err = flow(inner, c, w)
	switch {
	case err == nil:
		return result, nil
	case ctx.Err() == nil && errors.Is(inner.Err(), context.DeadlineExceeded):
		return result, tooLate()
	}
	return result, i.problem(ctx, w.tenant, seen, err)
}

// signInPerson signs a person in to the home tenant.
func (i *Identity) signInPerson(ctx context.Context) error {
	w := wish{tenant: i.opts.Home, scope: i.opts.Scope}
	s, token, claims, err := i.interact(ctx, w)
	if err != nil {
		return err
	}
	s.signedIn = i.opts.Now()
	return i.install(s, token, claims)
}

// otherAccount refuses a step-up by somebody else.
func otherAccount() *soc.Problem {
	return &soc.Problem{
		Kind: soc.ProblemUnsafe, Summary: text.NewLine("another account has signed in than the one that is in use"),
		Next: text.NewLine("sign in with the same account, or sign in anew for all customers"),
	}
}
