package house

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/signin"
	"github.com/socctl/socctl/internal/simcloud"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/transport"
)

// These tests let the client's sign-in meet the simulated cloud. They stand here because neither may know the other.

// provider is an analyst with many customers.
type provider struct {
	t        *testing.T
	cloud    *simcloud.Cloud
	identity *signin.Identity
	list     []soc.TenantID
	scope    string
	send     func(*http.Request) (*http.Response, error)

	mu      sync.Mutex
	prompts []signin.Prompt
}

func newProvider(t *testing.T, c *simcloud.Cloud, root string, base http.RoundTripper, method signin.Method) *provider {
	t.Helper()
	p := &provider{t: t, cloud: c, scope: root + "/.default", send: base.RoundTrip}
	for _, tenant := range c.Tenants() {
		p.list = append(p.list, soc.TenantID(tenant.ID))
	}
	var err error
	p.identity, err = signin.New(signin.Options{
		Home: soc.TenantID(c.Home().ID), ClientID: simcloud.PublicClientID, Method: method, Authority: root, DisableInstanceDiscovery: true,
		Tenants: p.list, Scope: p.scope, Base: base, Ask: p.ask, Open: p.open,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ask does what a person does.
func (p *provider) ask(_ context.Context, prompt signin.Prompt) error {
	p.mu.Lock()
	p.prompts = append(p.prompts, prompt)
	p.mu.Unlock()
	switch prompt.Kind {
	case signin.PromptCode:
		return p.cloud.Approve(prompt.Code.String(), simcloud.Kai)
	case signin.PromptPaste:
		return prompt.Answer(p.redirect(prompt.URL.String()))
	}
	return nil
}

func (p *provider) asked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.prompts)
}

// redirect opens the page of a sign-in, which approves by itself, and tells where the browser is sent.
func (p *provider) redirect(page string) string {
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, page, nil)
	if err != nil {
		p.t.Error(err)
		return ""
	}
	resp, err := p.send(req)
	if err != nil {
		p.t.Error(err)
		return ""
	}
	_ = resp.Body.Close()
	return resp.Header.Get("Location")
}

// open is a browser: it follows the page to this machine's port.
func (p *provider) open(page string) error {
	resp, err := http.Get(p.redirect(page))
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	return err
}

// warm renews the tokens of some tenants, and gives how long each one took and what went wrong.
func (p *provider) warm(list []soc.TenantID) (map[soc.TenantID]error, time.Duration) {
	var mu sync.Mutex
	failed, start := map[soc.TenantID]error{}, time.Now()
	p.identity.Warm(p.t.Context(), p.scope, list, func(tenant soc.TenantID, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			failed[tenant] = err
		}
	})
	return failed, time.Since(start)
}

func (p *provider) invalidate() {
	for _, tenant := range p.list {
		p.identity.For(tenant, p.scope).Invalidate()
	}
}

func newCloud(t *testing.T, o simcloud.Options) *simcloud.Cloud {
	t.Helper()
	o.Incidents, o.Speed, o.Profiles = -1, -1, map[string]simcloud.Profile{}
	c, err := simcloud.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// overHTTPS starts a cloud for real.
func overHTTPS(t *testing.T, c *simcloud.Cloud) (root string, base *http.Transport) {
	t.Helper()
	server, err := c.Start("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base, err = transport.NewBase(transport.BaseOptions{CAPEM: server.CAPEM()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		base.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	if !x509.NewCertPool().AppendCertsFromPEM(server.CAPEM()) {
		t.Fatal("no certificate")
	}
	return server.URL(), base
}

// TestFiveHundredTenantsOverHTTPS signs in once in a browser, and gets silent tokens for 500 tenants at 50 ms a token request. It
// logs how long that took and asserts no time.
func TestFiveHundredTenantsOverHTTPS(t *testing.T) {
	t.Parallel()
	c := newCloud(t, simcloud.Options{Customers: 500, TokenLatency: 50 * time.Millisecond})
	root, base := overHTTPS(t, c)
	p := newProvider(t, c, root, base, signin.MethodBrowser)
	if err := p.identity.SignIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	failed, took := p.warm(p.list)
	if len(failed) != 0 || p.asked() != 1 {
		t.Errorf("%d failed, it took %v, %d prompts", len(failed), took, p.asked())
	}
	p.invalidate()
	failed, again := p.warm(p.list)
	if len(failed) != 0 {
		t.Errorf("%d failed, it took %v", len(failed), again)
	}
	t.Logf("500 tenants: %v the first time, %v to renew them all", took, again)
}

// inMemory calls a cloud without a network, so that a bubble's clock rules.
type inMemory struct{ handler http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	w, in := httptest.NewRecorder(), r.Clone(r.Context())
	in.TLS, in.Host = &tls.ConnectionState{}, r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	m.handler.ServeHTTP(w, in)
	resp := w.Result()
	resp.Request = r
	return resp, r.Context().Err()
}

// TestTroubleOfSomeTenants: a device code is blocked in 150 of 500 tenants, sessions are revoked in 50, and 20 want a
// step-up. The others renew with at most 5 % more delay, and nobody is asked without need.
func TestTroubleOfSomeTenants(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const root = "https://cloud.test"
		c := newCloud(t, simcloud.Options{Customers: 500, TokenLatency: 50 * time.Millisecond})
		p := newProvider(t, c, root, inMemory{c.Handler()}, signin.MethodDeviceCode)
		if err := p.identity.SignIn(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, _ = p.warm(p.list)
		p.invalidate()
		if failed, took := p.warm(p.list); len(failed) != 0 {
			t.Fatalf("%d failed, it took %v", len(failed), took)
		}
		_, _, before := p.renew()
		<-time.After(time.Second)
		for _, tenant := range p.list[:150] {
			c.SetPolicy(string(tenant), simcloud.Policy{NoDeviceCode: true})
		}
		for _, tenant := range p.list[150:200] {
			c.RevokeSessions(string(tenant))
		}
		for _, tenant := range p.list[200:220] {
			c.SetPolicy(string(tenant), simcloud.Policy{MFA: true})
		}
		kinds, steps, after := p.renew()
		t.Logf("280 tenants had their tokens after %v on average, and after %v beside 220 in trouble", before, after)
		if after > before*105/100 {
			t.Errorf("the others had their tokens after %v, and after %v without the trouble", after, before)
		}
		if kinds[soc.ProblemNoAccess] != 150 || steps != 70 || p.asked() != 1 || len(p.identity.StepUps()) != 70 {
			t.Errorf("kinds %v, %d step-ups, %d prompts", kinds, steps, p.asked())
		}
		requests := tokenRequests(c)
		for range 10 { // whoever asks again and again gets the answer that is known
			_, _ = p.warm(p.list)
		}
		if n := tokenRequests(c); n != requests {
			t.Errorf("%d requests without need", n-requests)
		}
	})
}

// renew renews all tokens, in an order that mixes the first 220 customers with the others. It tells what went wrong
// with the first, and after what time the others had their tokens, on average.
func (p *provider) renew() (kinds map[soc.ProblemKind]int, steps int, mean time.Duration) {
	const trouble = 220
	p.invalidate()
	var mu sync.Mutex
	var order []soc.TenantID
	for n := range p.list {
		order = append(order, p.list[(n*7)%len(p.list)])
	}
	troubled := map[soc.TenantID]bool{}
	for _, tenant := range p.list[:trouble] {
		troubled[tenant] = true
	}
	kinds, start := map[soc.ProblemKind]int{}, time.Now()
	p.identity.Warm(p.t.Context(), p.scope, order, func(tenant soc.TenantID, err error) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case !troubled[tenant]:
			mean += time.Since(start) / time.Duration(len(p.list)-trouble)
			if err != nil {
				p.t.Errorf("%s: %v", tenant, err)
			}
		case err != nil:
			kinds[soc.ProblemOf(err).Kind]++
			if errors.Is(err, signin.ErrStepUp) {
				steps++
			}
		}
	})
	return kinds, steps, mean
}

func tokenRequests(c *simcloud.Cloud) int {
	n := 0
	for _, r := range c.Requests() {
		if r.GrantType != "" {
			n++
		}
	}
	return n
}

// TestStepUpAgainstTheCloud: Graph challenges one customer's tokens; that customer waits for its analyst, and then the
// stepped-up token is used.
func TestStepUpAgainstTheCloud(t *testing.T) {
	t.Parallel()
	for _, method := range []signin.Method{signin.MethodPaste, signin.MethodBrowser} {
		t.Run(string(method), func(t *testing.T) {
			t.Parallel()
			c := newCloud(t, simcloud.Options{Customers: 4})
			root, base := overHTTPS(t, c)
			p := newProvider(t, c, root, base, method)
			if err := p.identity.SignIn(t.Context()); err != nil {
				t.Fatal(err)
			}
			one, other := p.identity.For(p.list[0], p.scope), p.identity.For(p.list[1], p.scope)
			c.SetPolicy(string(p.list[0]), simcloud.Policy{Context: "c1"})
			if status, _ := p.read(other); status != http.StatusOK {
				t.Fatalf("the other customer: %d", status)
			}
			status, header := p.read(one)
			token, _ := one.Token(t.Context())
			err := one.Challenge(t.Context(), token, header)
			if status != http.StatusUnauthorized || !errors.Is(err, signin.ErrStepUp) || p.asked() != 1 {
				t.Fatalf("%d, %v, %d prompts", status, err, p.asked())
			}
			if err := p.identity.StepUp(t.Context(), p.list[0]); err != nil {
				t.Fatal(err)
			}
			if status, _ := p.read(one); status != http.StatusOK || p.asked() != 2 {
				t.Errorf("after the step-up: %d, %d prompts", status, p.asked())
			}
			// A customer's policy changes: the next token comes silently.
			token, _ = other.Token(t.Context())
			c.Reevaluate(string(p.list[1]))
			status, header = p.read(other)
			if err := other.Challenge(t.Context(), token, header); status != http.StatusUnauthorized || err != nil {
				t.Fatalf("%d, %v", status, err)
			}
			if status, _ := p.read(other); status != http.StatusOK || p.asked() != 2 {
				t.Errorf("after a silent renewal: %d, %d prompts", status, p.asked())
			}
		})
	}
}

// read asks Graph with a customer's token.
func (p *provider) read(tokens *signin.TenantTokens) (int, http.Header) {
	p.t.Helper()
	token, err := tokens.Token(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.scope[:len(p.scope)-len("/.default")]+"/v1.0/security/incidents", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := p.send(req)
	if err != nil {
		p.t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp.StatusCode, resp.Header
}
