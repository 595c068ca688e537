package signin

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/soc"
)

// page is the address that a person was told to open, taken apart.
type page struct {
	*url.URL
	t *testing.T
}

func pageOf(t *testing.T, p Prompt) page {
	t.Helper()
	u, err := url.Parse(p.URL.String())
	if err != nil {
		t.Fatal(err)
	}
	return page{u, t}
}

// answer is where the browser ends up with a code.
func (p page) answer(change func(url.Values)) string {
	q := url.Values{"code": {"code-1-secret"}, "state": {p.Query().Get("state")}, "session_state": {"x"}}
	if change != nil {
		change(q)
	}
	return p.Query().Get("redirect_uri") + "/?" + q.Encode()
}

// provesPKCE makes the authority check a redemption as Entra does.
func provesPKCE(t *testing.T, s *authority, shown func() page) {
	t.Helper()
	s.fault = func(w http.ResponseWriter, _ *http.Request, a asked) bool {
		if a.what != "token" || a.form.Get("grant_type") != "authorization_code" {
			return false
		}
		q := shown().Query()
		sum := sha256.Sum256([]byte(a.form.Get("code_verifier")))
		switch {
		case q.Get("code_challenge_method") != "S256" || base64.RawURLEncoding.EncodeToString(sum[:]) != q.Get("code_challenge"):
			refuse(w, 400, "invalid_grant", 501481)
		case a.form.Get("redirect_uri") != q.Get("redirect_uri"):
			refuse(w, 400, "invalid_grant", 500112)
		case a.form.Get("code") != "code-1-secret":
			refuse(w, 400, "invalid_grant", 9002313)
		default:
			return false
		}
		return true
	}
}

// asking makes a method that hands its prompts to a channel.
func asking(m Method, prompts chan Prompt) func(*Options) {
	return func(o *Options) {
		o.Method = m
		o.Ask = func(_ context.Context, p Prompt) error { prompts <- p; return nil }
	}
}

func TestPaste(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, prompts := newAuthority(), make(chan Prompt, 1)
		i := identity(t, s, asking(MethodPaste, prompts))
		done := make(chan error, 1)
		go func() { done <- i.SignIn(t.Context()) }()
		prompt := <-prompts
		p := pageOf(t, prompt)
		provesPKCE(t, s, func() page { return p })
		q := p.Query()
		if p.Host != "login.test" || !contains(p.Path, string(home)) || q.Get("response_type") != "code" || q.Get("response_mode") != "query" ||
			!contains(q.Get("scope"), "offline_access") || !contains(q.Get("scope"), scope) || !contains(q.Get("claims"), "CP1") || len(q.Get("state")) < 43 {
			t.Errorf("the page is %s", p)
		}
		if prompt.Kind != PromptPaste || prompt.Tenant != home || prompt.Client != clientID || time.Until(prompt.Expires) != interactiveTimeout {
			t.Errorf("the prompt is %+v", prompt)
		}
		for name, wrong := range map[string]string{
			"nothing": "", "words": "hello", "another place": strings.Replace(p.answer(nil), "localhost", "evil.example", 1),
			"the page itself": p.String(), "no state": p.answer(func(q url.Values) { q.Del("state") }),
			"old state": p.answer(func(q url.Values) { q.Set("state", unguessable()) }), "no code": p.answer(func(q url.Values) { q.Del("code") }),
			"two codes": p.answer(func(q url.Values) { q.Add("code", "b") }), "two states": p.answer(func(q url.Values) { q.Add("state", "b") }),
			"foreign error": p.answer(func(q url.Values) { q.Set("error", "access_denied"); q.Set("state", "x") }),
			"huge":          p.answer(func(q url.Values) { q.Set("code", strings.Repeat("x", maxCode+1)) }), "a script": "javascript://localhost:61597/?state=x",
		} {
			err := prompt.Answer(wrong)
			if p := wantProblem(t, err, soc.ProblemSignIn); Final(err) || p.Next.IsZero() || contains(p.Error(), "code-1-secret") {
				t.Errorf("%s: %v", name, err)
			}
		}
		synctest.Wait()
		if len(done) != 0 {
			t.Fatal("a wrong answer ended the sign-in")
		}
		good := p.answer(nil)
		if err := prompt.Answer("  " + good[:50] + "\n  " + good[50:] + " \n"); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		wantProblem(t, prompt.Answer(good), soc.ProblemSignIn)
		if a := i.Account(); a.UPN.String() != "kai@northwind.example" || a.App {
			t.Errorf("the account is %+v", a)
		}
		if token, err := i.For(contos, scope).Token(t.Context()); err != nil || tenantOf(t, token) != contos {
			t.Errorf("a silent token elsewhere: %v", err)
		}
	})
}

func TestPasteOfTheQueryAlone(t *testing.T) {
	t.Parallel()
	for name, cut := range map[string]func(string) string{
		"query": func(s string) string { return s[strings.Index(s, "?")+1:] }, "with its mark": func(s string) string { return s[strings.Index(s, "?"):] },
		"quoted": func(s string) string { return `"` + s + `"` },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := identity(t, newAuthority(), func(o *Options) {
					o.Method, o.Authority = MethodPaste, "https://login.test/"
					o.Ask = func(_ context.Context, p Prompt) error { return p.Answer(cut(pageOf(t, p).answer(nil))) }
				})
				if err := i.SignIn(t.Context()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestAuthorityRefusesInTheBrowser: an error that comes with the right state ends the sign-in, explained.
func TestAuthorityRefusesInTheBrowser(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, description, has string
		kind                   soc.ProblemKind
	}{
		{"access_denied", "AADSTS65004: User declined to consent.", "declined", soc.ProblemRefused},
		{"access_denied", "", "declined", soc.ProblemSignIn},
		{"consent_required", "AADSTS65001: x", "not consented", soc.ProblemNoAccess},
		{"invalid_request", "AADSTS50020: x Trace ID: 1", "not in this tenant yet", soc.ProblemNoAccess},
		{"odd", "AADSTS99999: \x1b[31mred\x1b[0m", "AADSTS99999", soc.ProblemRefused},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				i := identity(t, newAuthority(), func(o *Options) {
					o.Method = MethodPaste
					o.Ask = func(_ context.Context, p Prompt) error {
						err := p.Answer(pageOf(t, p).answer(func(q url.Values) { q.Del("code"); q.Set("error", c.name); q.Set("error_description", c.description) }))
						if !Final(err) {
							t.Errorf("%v has not ended it", err)
						}
						return nil
					}
				})
				p := wantProblem(t, i.SignIn(t.Context()), c.kind)
				if !contains(p.Summary.String(), c.has) || strings.ContainsRune(p.Summary.String(), 0x1b) || p.Next.IsZero() {
					t.Errorf("summary is %q", p.Summary)
				}
			})
		})
	}
}

func TestBrowserSignInEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, has string
		kind      soc.ProblemKind
		setup     func(*authority, *Options)
	}{
		{"nobody answers", "not finished in time", soc.ProblemSignIn, func(_ *authority, o *Options) { o.Ask = func(context.Context, Prompt) error { return nil } }},
		{"nobody is there", "stopped", soc.ProblemSignIn, func(_ *authority, o *Options) {
			o.Ask = func(context.Context, Prompt) error { return errors.New("no terminal") }
		}},
		{"page elsewhere", "not the configured authority", soc.ProblemUnsafe, func(s *authority, _ *Options) {
			s.fault = func(w http.ResponseWriter, _ *http.Request, a asked) bool {
				root := "https://login.test/" + a.tenant
				answer(w, 200, map[string]any{"issuer": root + "/v2.0", "token_endpoint": root + "/token", "authorization_endpoint": "https://evil.example/authorize"})
				return true
			}
		}},
		{"the code is refused", "AADSTS54005", soc.ProblemSignIn, func(s *authority, _ *Options) { s.fault = tokenFault(400, "invalid_grant", 54005) }},
		{"another tenant's token", string(home), soc.ProblemUnsafe, func(s *authority, _ *Options) { s.claims = constant("tid", string(alien)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, start := newAuthority(), time.Now()
				i := identity(t, s, func(o *Options) {
					o.Method = MethodPaste
					o.Ask = func(_ context.Context, p Prompt) error { return p.Answer(pageOf(t, p).answer(nil)) }
					c.setup(s, o)
				})
				p := wantProblem(t, i.SignIn(t.Context()), c.kind)
				if !contains(p.Summary.String()+p.Code.String(), c.has) {
					t.Errorf("summary is %q (%s)", p.Summary, p.Code)
				}
				if c.name == "nobody answers" && time.Since(start) != interactiveTimeout {
					t.Errorf("it took %v", time.Since(start))
				}
				if i.Account().Known() {
					t.Error("somebody is signed in")
				}
			})
		})
	}
}

// get opens an address as a browser does and gives status and page.
func get(t *testing.T, method, address, host string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, strings.Replace(address, "localhost", "127.0.0.1", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	if host != "" {
		req.Host = host
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	if resp.Header.Get("Cache-Control") != "no-store" || !contains(resp.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("the page's headers are %v", resp.Header)
	}
	return resp.StatusCode, string(body)
}

func TestBrowserOverTLS(t *testing.T) {
	t.Parallel()
	s, prompts := newAuthority(), make(chan Prompt, 1)
	base := overTLS(t, s)
	var opened string
	i := identity(t, s, func(o *Options) {
		asking(MethodBrowser, prompts)(o)
		o.Base, o.Authority, o.Open = base, s.base, func(u string) error { opened = u; return nil }
	})
	done := make(chan error, 1)
	go func() { done <- i.SignIn(t.Context()) }()
	prompt := <-prompts
	p := pageOf(t, prompt)
	s.mu.Lock()
	provesPKCE(t, s, func() page { return p })
	s.mu.Unlock()
	if prompt.Kind != PromptBrowser || !prompt.Opened || opened != prompt.URL.String() || !prompt.Tunnel.IsZero() || prompt.Answer != nil {
		t.Errorf("the prompt is %+v", prompt)
	}
	good := p.answer(nil)
	for name, c := range map[string]struct {
		method, address, host string
		status                int
	}{
		"another path": {"GET", strings.Replace(good, "/?", "/favicon.ico?", 1), "", 404}, "another name": {"GET", good, "evil.example", 404},
		"posted": {"POST", good, "", 405}, "old state": {"GET", p.answer(func(q url.Values) { q.Set("state", "x") }), "", 400}, "bare": {"GET", p.Query().Get("redirect_uri") + "/", "", 400},
	} {
		if status, body := get(t, c.method, c.address, c.host); status != c.status || contains(body, "code-1") {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	status, body := get(t, "GET", good, "localhost:"+strings.TrimPrefix(p.Query().Get("redirect_uri"), "http://localhost:"))
	if status != 200 || !contains(body, "go back to the terminal") || contains(body, "code-1") {
		t.Errorf("%d %s", status, body)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if _, err := http.Get(strings.Replace(good, "localhost", "127.0.0.1", 1)); err == nil {
		t.Error("the port is still open")
	}
	http.DefaultClient.CloseIdleConnections()
}

func TestBrowserOverSSH(t *testing.T) {
	t.Parallel()
	s, prompts := newAuthority(), make(chan Prompt, 1)
	i := identity(t, s, func(o *Options) {
		asking(MethodBrowser, prompts)(o)
		o.Tunnel = TunnelTarget("198.51.100.7 50000 192.0.2.10 2222", "kai")
		o.Open = func(string) error { t.Error("a browser was opened over SSH"); return nil }
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- i.SignIn(ctx) }()
	prompt := <-prompts
	port := strings.TrimPrefix(pageOf(t, prompt).Query().Get("redirect_uri"), "http://localhost:")
	if want := "ssh -N -L " + port + ":127.0.0.1:" + port + " -p 2222 kai@192.0.2.10"; prompt.Tunnel.String() != want {
		t.Errorf("the tunnel is %q, want %q", prompt.Tunnel, want)
	}
	// The configured port is taken: that is said, and what to do.
	other := identity(t, s, func(o *Options) { asking(MethodBrowser, prompts)(o); o.Port = atoi(t, port) })
	if p := wantProblem(t, other.SignIn(t.Context()), soc.ProblemRefused); !contains(p.Summary.String(), port) {
		t.Errorf("%v", p)
	}
	cancel()
	wantProblem(t, <-done, soc.ProblemUnavailable)
}

func TestTunnelTarget(t *testing.T) {
	t.Parallel()
	for in, want := range map[[2]string]string{
		{"198.51.100.7 50000 192.0.2.10 22", "kai"}: "kai@192.0.2.10", {"::1 5 2001:db8::5 22", "k.c-1"}: "k.c-1@2001:db8::5",
		{"::1 5 fe80::1%eth0 22", "kai"}: "kai@fe80::1", {"1.2.3.4 5 ::ffff:192.0.2.1 2200", "kai"}: "-p 2200 kai@192.0.2.1",
		{"1.2.3.4 5 192.0.2.1 22", "kai; rm -rf /"}: "192.0.2.1", {"1.2.3.4 5 192.0.2.1 22", "-oProxyCommand=x"}: "192.0.2.1",
		{"", "kai"}: "", {"1.2.3.4 5 $(id) 22", "kai"}: "", {"a b c", "kai"}: "",
	} {
		if got := TunnelTarget(in[0], in[1]); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func FuzzAnswerQuery(f *testing.F) {
	f.Add("http://localhost:61597/?code=a&state=b")
	f.Add("?code=a&state=b")
	f.Fuzz(func(t *testing.T, s string) {
		if q, err := answerQuery(s, pasteRedirect); err == nil && !q.Has("state") {
			t.Error("an answer without a state")
		}
	})
}

func atoi(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
