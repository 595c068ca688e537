package signin

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// cliCredential takes tokens from the Azure CLI, in which somebody has signed in.
type cliCredential struct {
	tenant soc.TenantID
	cred   azcore.TokenCredential
}

func cliCredentials() appCredentials {
	return func(t soc.TenantID) (azcore.TokenCredential, error) {
		cred, err := azidentity.NewAzureCLICredential(&azidentity.AzureCLICredentialOptions{TenantID: string(t)})
		return cliCredential{t, cred}, err
	}
}

// GetToken runs az. It cannot answer a challenge, and asking past a cache is not in its words.
func (c cliCredential) GetToken(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, error) {
	if o.Claims != "" && o.Claims != anew {
		return azcore.AccessToken{}, &soc.Problem{
			Kind: soc.ProblemSignIn, Summary: text.NewLine("this tenant wants access to be proved again, which the Azure CLI has to do"),
			Next: text.NewLine("run: az login --tenant " + string(c.tenant)), Err: ErrStepUp,
		}
	}
	o.Claims, o.EnableCAE, o.TenantID = "", false, ""
	token, err := c.cred.GetToken(ctx, o)
	if err == nil || ctx.Err() != nil {
		return token, err
	}
	return azcore.AccessToken{}, c.problem(err)
}

// problem explains what az wrote. Of that only the error code is taken over: the rest may quote anything.
func (c cliCredential) problem(err error) *soc.Problem {
	said := err.Error()
	login := text.NewLine("run: az login --tenant " + string(c.tenant))
	switch code := aadsts.FindStringSubmatch(said); {
	case strings.Contains(said, "executable not found"), strings.Contains(said, "az: not found"), strings.Contains(said, "az: command not found"):
		return &soc.Problem{Kind: soc.ProblemRefused, Summary: text.NewLine("the Azure CLI (az) is not on the path"), Next: text.NewLine("install it, or sign in in another way")}
	case code != nil:
		p := &soc.Problem{Kind: soc.ProblemSignIn, Code: text.NewLine("AADSTS" + code[1]), Next: login}
		p.Summary = text.NewLine("the Azure CLI got no token: " + p.Code.String())
		e := entraError{code: atoiOrZero(code[1])}
		if r, known := ruleFor(e); known {
			p.Kind, p.Summary = r.kind, text.NewLine(r.what)
		}
		return p
	case strings.Contains(said, "az login"):
		return &soc.Problem{Kind: soc.ProblemSignIn, Summary: text.NewLine("nobody is signed in to the Azure CLI for this tenant"), Next: login}
	}
	return &soc.Problem{Kind: soc.ProblemUnavailable, Summary: text.NewLine("the Azure CLI got no token"), Next: text.NewLine("run: az account get-access-token --tenant " + string(c.tenant))}
}

func atoiOrZero(s string) int {
	n := 0
	for _, r := range s {
		n = n*10 + int(r-'0')
	}
	return n
}

// managedCredentials gives the tokens of the machine's own identity, which are for its own tenant only.
func managedCredentials(o Options, client policy.ClientOptions) appCredentials {
	client.Transport = metadataDoor{base: o.metadata(), agent: "socctl/" + o.Version, now: o.Now}
	return func(t soc.TenantID) (azcore.TokenCredential, error) {
		if t != o.Home {
			return nil, &soc.Problem{
				Kind: soc.ProblemRefused, Summary: text.NewLine("a managed identity has tokens of its own tenant only"),
				Next: text.NewLine("sign in with workload-identity, client-certificate or client-secret for the customers"), Err: errFinal,
			}
		}
		options := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: client}
		if o.ClientID != "" {
			options.ID = azidentity.ClientID(o.ClientID)
		}
		return azidentity.NewManagedIdentityCredential(options)
	}
}

// metadata is the network to the machine's own metadata service. It goes through no proxy, and keeps no connection.
func (o Options) metadata() http.RoundTripper {
	return &http.Transport{
		DialContext: (&net.Dialer{Timeout: 2 * time.Second}).DialContext, DisableKeepAlives: true, ResponseHeaderTimeout: tryTimeout,
	}
}

// metadataDoor lets requests through to this machine and to the link-local address of the metadata service, and to
// nowhere else: azidentity takes the address from the environment.
type metadataDoor struct {
	base  http.RoundTripper
	agent string
	now   func() time.Time
}

// Do sends a request for azcore's pipeline.
func (d metadataDoor) Do(req *http.Request) (*http.Response, error) {
	seen := noteOf(req.Context())
	if !local(req.URL.Hostname()) || req.URL.User != nil {
		return nil, seen.stop(&soc.Problem{
			Kind:    soc.ProblemUnsafe,
			Summary: text.NewLine("the identity of this machine was to be asked of " + text.Quote(clip(req.URL.Host, 100)) + ", which is not this machine"),
			Next:    text.NewLine("nothing was sent; check IDENTITY_ENDPOINT, MSI_ENDPOINT and IMDS_ENDPOINT"),
		})
	}
	inner := &door{base: d.base, agent: d.agent, now: d.now}
	return inner.pass(req, seen)
}

func local(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && (ip.IsLoopback() || ip.IsLinkLocalUnicast())
}
