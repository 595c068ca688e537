package graph

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"net/http"
	"net/url"
	"strings"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"
	"github.com/microsoftgraph/msgraph-sdk-go/security"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

// Options says whom a Client asks, and through what.
type Options struct {
	Tenant   *soc.Tenant      // whose objects these are; the http.Client signs in there
	Root     string           // https://graph.microsoft.com, without a slash at the end
	HTTP     *http.Client     // authorises, retries, keeps to budgets and hosts; it is copied
	Now      func() time.Time // time.Now where nil
	MaxPages int              // of one listing; DefaultMaxPages where 0
	Buffers  *Buffers         // may be shared by many clients; its own where nil
}

// DefaultMaxPages bounds a listing that does not end: 20,000 incidents of one customer are not a queue.
const DefaultMaxPages = 400

// Client asks Microsoft Graph about one tenant.
type Client struct {
	tenant   *soc.Tenant
	base     string // root and version: what every request and every nextLink begins with
	adapter  *core.GraphRequestAdapterBase
	maxPages int
	buffers  *Buffers
	echo     *echo
}

// New makes a client. It does no I/O, touches nothing global and may be called for many tenants at once.
func New(o Options) (*Client, error) { return newClient(o, maxAnswer) }

func newClient(o Options, limit int64) (*Client, error) {
	root, err := url.Parse(o.Root)
	if err != nil || root.Host == "" || root.Scheme != "https" || root.RawQuery != "" {
		return nil, fmt.Errorf("%s is not the address of a Graph service", text.Quote(o.Root))
	}
	if o.Tenant == nil || o.HTTP == nil {
		return nil, errors.New("a Graph client needs a tenant and an http client")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxPages <= 0 {
		o.MaxPages = DefaultMaxPages
	}
	if o.Buffers == nil {
		o.Buffers = &Buffers{}
	}
	client := *o.HTTP
	if client.Transport == nil {
		client.Transport = http.DefaultTransport
	}
	client.Transport = &answers{next: client.Transport, now: o.Now, limit: limit}

	// The factories are given here rather than registered: kiota's registries are global maps, which many clients
	// would write at once. A client of one's own also means none of kiota's middleware.
	adapter, err := core.NewGraphRequestAdapterBaseWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authentication.AnonymousAuthenticationProvider{}, core.GraphClientOptions{},
		jsonserialization.NewJsonParseNodeFactory(), jsonserialization.NewJsonSerializationWriterFactory(), &client)
	if err != nil {
		return nil, fmt.Errorf("make a Graph client: %w", err)
	}
	base := strings.TrimSuffix(o.Root, "/") + "/v1.0"
	adapter.SetBaseUrl(base)
	return &Client{tenant: o.Tenant, base: base, adapter: adapter, maxPages: o.MaxPages,
		buffers: o.Buffers, echo: &echo{seed: maphash.MakeSeed()}}, nil
}

// security is the SDK's way to /security. It is made for each call, since builders share their maps.
func (c *Client) security() *security.SecurityRequestBuilder {
	return security.NewSecurityRequestBuilderInternal(map[string]string{"baseurl": c.base}, c.adapter)
}

// headers are those of every read. Without this preference the members that were added to an enum later, awaitingAction
// among them, read unknownFutureValue (graph-api 0).
func headers() *abstractions.RequestHeaders {
	h := abstractions.NewRequestHeaders()
	h.Add("Prefer", "include-unknown-enum-members")
	return h
}

// request makes the SDK's description of a request.
type request func() (*abstractions.RequestInformation, error)

// fetch sends a request and gives the body of its answer.
func (c *Client) fetch(ctx context.Context, build request) (body []byte, err error) {
	err = guard.Run("the Graph library", func() error {
		info, err := build()
		if err != nil {
			return fmt.Errorf("build the request: %w", err)
		}
		answer, err := c.adapter.SendPrimitive(ctx, info, "[]byte", nil)
		body, _ = answer.([]byte)
		return err
	})
	if err != nil {
		return nil, failure(err)
	}
	return body, nil
}

// pages follows a collection to its end. Each page goes to read while it comes, which gives the nextLink; next describes the
// request for it.
func (c *Client) pages(ctx context.Context, first request, next func(link string) request, read func(*stream) (string, error)) error {
	seen := make(map[string]bool)
	for n := 1; ; n++ {
		link := ""
		address, err := c.follow(ctx, first, func(s *stream) (err error) {
			link, err = read(s)
			return err
		})
		if err != nil || link == "" {
			return err
		}
		if n == c.maxPages {
			return &soc.Problem{
				Kind:    soc.ProblemUnsafe,
				Summary: text.NewLine(fmt.Sprintf("the list did not end after %d pages", n)),
				Next:    text.NewLine("narrow it to a shorter time"),
			}
		}
		if err := transport.CheckNextLink(c.base, address, link, seen); err != nil {
			return err
		}
		first = next(link)
	}
}
