package signin

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/socctl/socctl/internal/soc"
)

// capability is what the console can do beside showing tokens: it handles claims challenges (graph-api 9.1).
const capability = "CP1"

// errBadCache stands for a cache of MSAL's that is not of its own form.
var errBadCache = errors.New("the token cache cannot be read")

// source gets tokens of one tenant from the authority.
type source interface {
	get(ctx context.Context, o policy.TokenRequestOptions) (azcore.AccessToken, *note, error)
}

// session is a person who has signed in: one account, one refresh token, a client per tenant. MSAL holds no lock over
// the network, so the tenants do not wait for each other.
type session struct {
	identity *Identity
	vault    *vault
	account  public.Account // zero until the sign-in has worked
	signedIn time.Time
	saver    saver

	mu    sync.Mutex
	seats map[soc.TenantID]*seat
}

func newSession(i *Identity) *session {
	return &session{identity: i, vault: &vault{}, seats: map[soc.TenantID]*seat{}}
}

// client makes the MSAL client of a tenant. Which hosts may be asked is decided by the door, so MSAL need not ask
// Microsoft's directory of clouds for each of them.
func (s *session) client(t soc.TenantID) (public.Client, error) {
	o := s.identity.opts
	return public.New(o.ClientID,
		public.WithAuthority(o.Authority+"/"+string(t)), public.WithInstanceDiscovery(false), public.WithCache(s.vault),
		public.WithHTTPClient(s.identity.wire), public.WithClientCapabilities([]string{capability}))
}

// seat gives the silent tokens of a tenant.
func (s *session) seat(t soc.TenantID) (*seat, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if have := s.seats[t]; have != nil {
		return have, nil
	}
	c, err := s.client(t)
	if err != nil {
		return nil, err
	}
	s.seats[t] = &seat{session: s, client: c}
	return s.seats[t], nil
}

// seat is one tenant's place in a session.
type seat struct {
	session *session
	client  public.Client
}

// tries is how often a tenant is asked: once more where the refresh token was replaced meanwhile.
const tries = 2

// get redeems the refresh token in the tenant. It never asks a person anything.
func (s *seat) get(ctx context.Context, o policy.TokenRequestOptions) (token azcore.AccessToken, seen *note, err error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	for n := 1; ; n++ {
		if s.session.vault.empty() {
			return azcore.AccessToken{}, &note{}, notSignedIn()
		}
		var noted context.Context
		var place *ticket
		noted, seen = withNote(ctx)
		noted, place = withTicket(noted)
		result, failed := s.client.AcquireTokenSilent(noted, o.Scopes, silentOptions(s.session.account, o.Claims)...)
		if failed == nil {
			s.session.identity.warn(s.session.save(false))
			return tokenOf(result), seen, nil
		}
		if n == tries || ctx.Err() != nil || !seen.spent() || !s.session.vault.newerThan(place) && !s.session.reload() {
			return azcore.AccessToken{}, seen, failed
		}
	}
}

func silentOptions(account public.Account, claims string) []public.AcquireSilentOption {
	out := []public.AcquireSilentOption{public.WithSilentAccount(account)}
	if claims != "" {
		out = append(out, public.WithClaims(claims))
	}
	return out
}

func tokenOf(r public.AuthResult) azcore.AccessToken {
	return azcore.AccessToken{Token: r.AccessToken, ExpiresOn: r.ExpiresOn.UTC(), RefreshOn: r.Metadata.RefreshOn.UTC()}
}

// spentCodes are those with which the authority refuses the refresh token itself, rather than what it is for. A revoked
// sign-in (50173) is not among them: the newer token is of the same sign-in.
func spentCodes() []int { return []int{70000, 70008, 700082, 700084, 54005, 9002313} }

// spent tells whether the refresh token was refused.
func (n *note) spent() bool {
	n.mu.Lock()
	status, body := n.status, string(n.body)
	n.mu.Unlock()
	if status != http.StatusBadRequest {
		return false
	}
	e, ok := readEntraError(body)
	return ok && slices.Contains(spentCodes(), e.code)
}

// wire is how MSAL uses the network: as azidentity does, through the door, with one more try.
type wire struct{ pipeline runtime.Pipeline }

func newWire(o Options, d *door) wire {
	c := clientOptions(o, d)
	return wire{runtime.NewPipeline("socctl", "", runtime.PipelineOptions{}, &c)}
}

// Do sends a request for MSAL.
func (w wire) Do(r *http.Request) (*http.Response, error) {
	req, err := runtime.NewRequestFromRequest(r)
	if err != nil {
		return nil, err
	}
	return w.pipeline.Do(req)
}

// CloseIdleConnections does nothing: the connections are shared.
func (wire) CloseIdleConnections() {}

// interactiveTimeout is how long a person has for a sign-in in a browser.
const interactiveTimeout = 10 * time.Minute
