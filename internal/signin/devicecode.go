package signin

import (
	"context"
	"net/url"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// byDeviceCode lets a person enter a code on another device. It never opens anything.
func (i *Identity) byDeviceCode(ctx context.Context, c public.Client, w wish) (public.AuthResult, *note, error) {
	noted, seen := withNote(ctx)
	code, err := c.AcquireTokenByDeviceCode(noted, []string{w.scope}, public.WithClaims(w.claims))
	if err != nil {
		return public.AuthResult{}, seen, err
	}
	page := code.Result.VerificationURL
	u, err := url.Parse(page)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || code.Result.UserCode == "" {
		return public.AuthResult{}, seen, seen.keep(&soc.Problem{
			Kind:    soc.ProblemUnsafe,
			Summary: text.NewLine(service + " wants the code to be entered at " + text.Quote(clip(page, 100)) + ", which is not a page to trust"),
			Next:    text.NewLine("the code was not shown; check authority in the configuration, and report it"),
		})
	}
	err = i.opts.ask(ctx, Prompt{
		Kind: PromptCode, Code: text.NewLine(clip(code.Result.UserCode, 40)), URL: text.NewLine(clip(page, 300)),
		Tenant: w.tenant, Client: i.opts.ClientID, Expires: seen.codeExpires(), Message: text.NewLine(clip(code.Result.Message, 500)),
	})
	if err != nil {
		return public.AuthResult{}, seen, seen.keep(err)
	}
	result, err := code.AuthenticationResult(noted)
	return result, seen, err
}
