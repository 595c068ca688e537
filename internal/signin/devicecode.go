package signin

import (
	"context"
	"net/url"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// DeviceCode is what a person needs to finish a sign-in on another device. Tenant and ClientID are shown with it: a
// code for somebody else's app is how this flow is abused.
type DeviceCode struct {
	UserCode        text.Line
	VerificationURL text.Line // always https
	Tenant          soc.TenantID
	ClientID        string
	Expires         time.Time
	Message         text.Line // the service's own words
}

// prompter passes the code on to whoever shows it.
func prompter(o Options) func(context.Context, azidentity.DeviceCodeMessage) error {
	return func(ctx context.Context, m azidentity.DeviceCodeMessage) error {
		n := noteOf(ctx)
		u, err := url.Parse(m.VerificationURL)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || m.UserCode == "" {
			return n.keep(&soc.Problem{
				Kind:    soc.ProblemUnsafe,
				Summary: text.NewLine(service + " wants the code to be entered at " + text.Quote(clip(m.VerificationURL, 100)) + ", which is not a page to trust"),
				Next:    text.NewLine("the code was not shown; check authority in the configuration, and report it"),
			})
		}
		return n.keep(o.Prompt(ctx, DeviceCode{
			UserCode:        text.NewLine(clip(m.UserCode, 40)),
			VerificationURL: text.NewLine(clip(m.VerificationURL, 300)),
			Tenant:          o.Home,
			ClientID:        o.ClientID,
			Expires:         n.codeExpires(),
			Message:         text.NewLine(clip(m.Message, 500)),
		}))
	}
}

// keep notes the prompt's error, of which azidentity keeps only the words.
func (n *note) keep(err error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.prompt = err
	return err
}

func (n *note) codeExpires() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.expires
}

// signInDevice lets a person sign in. The credential is a new one and takes the old one's place when it has worked: the
// tenants go on with the old one while somebody types.
func (i *Identity) signInDevice(ctx context.Context) error {
	cred, err := newDeviceCredential(i.opts, i.door)
	if err != nil {
		return i.problem(ctx, i.opts.Home, &note{}, err)
	}
	noted, seen := withNote(ctx)
	_, err = cred.Authenticate(noted, &policy.TokenRequestOptions{Scopes: []string{i.opts.Scope}, EnableCAE: true})
	if err != nil {
		return i.problem(ctx, i.opts.Home, seen, err)
	}
	s := newSlot(cred)
	token, seen, err := s.get(ctx, policy.TokenRequestOptions{Scopes: []string{i.opts.Scope}, TenantID: string(i.opts.Home), EnableCAE: true})
	if err != nil {
		return i.problem(ctx, i.opts.Home, seen, err)
	}
	claims, p := checkToken(token.Token, i.opts.Home, i.opts.Scope, i.opts.Now())
	if p != nil {
		return p
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.user = s
	i.epoch++
	i.account = accountOf(claims)
	return nil
}
