package signin

import (
	"context"
	"time"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// PromptKind says what a person has to do.
type PromptKind string

// The kinds of prompt.
const (
	PromptBrowser PromptKind = "browser" // open URL; the answer comes back by itself, over SSH through Tunnel
	PromptPaste   PromptKind = "paste"   // open URL anywhere, and give the address that the browser ends at to Answer
	PromptCode    PromptKind = "code"    // open URL anywhere and enter Code
)

// Prompt is what a person has to do to finish a sign-in. Tenant and Client are shown with it: a sign-in for somebody
// else's app is how these flows are abused.
type Prompt struct {
	Kind    PromptKind
	URL     text.Line // always https
	Code    text.Line // code
	Tunnel  text.Line // browser over SSH: the command to run where the browser is; or empty
	Opened  bool      // browser: a window was opened on this desktop
	Tenant  soc.TenantID
	Client  string
	Expires time.Time
	Message text.Line // code: the service's own words

	// Answer takes what the browser's address line says after the sign-in, or the part after its question mark. nil
	// means that it was taken; another error is a *soc.Problem that says what is wrong with it. Where Final says so the
	// sign-in has ended with it; otherwise it goes on waiting. It may be called by any goroutine, and while Ask still
	// runs. paste only.
	Answer func(string) error
}

// DeviceCode is a Prompt of kind code, for callers that know no other.
type DeviceCode struct {
	UserCode        text.Line
	VerificationURL text.Line // always https
	Tenant          soc.TenantID
	ClientID        string
	Expires         time.Time
	Message         text.Line // the service's own words
}

// ask shows a prompt to whoever is there.
func (o Options) ask(ctx context.Context, p Prompt) error {
	if o.Ask != nil {
		return o.Ask(ctx, p)
	}
	return o.Prompt(ctx, DeviceCode{
		UserCode: p.Code, VerificationURL: p.URL, Tenant: p.Tenant, ClientID: p.Client, Expires: p.Expires, Message: p.Message,
	})
}
