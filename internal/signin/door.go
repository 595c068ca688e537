package signin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
	"github.com/socctl/socctl/internal/transport"
)

const (
	service   = "the sign-in service"
	maxAnswer = 1 << 20 // an answer with tokens is about 10 KB
)

// door is the only way from azidentity and MSAL to the network. It lets requests through to one authority, bounds what comes
// back, and notes the last answer: azidentity hides the reason of a failed silent sign-in behind "authentication
// required", and MSAL has read the body of a failed device-code sign-in before anybody else can.
type door struct {
	base  http.RoundTripper
	host  string // of the authority, with its port
	agent string
	now   func() time.Time
}

func newDoor(o Options) (*door, error) {
	u, err := url.Parse(o.Authority)
	if err != nil {
		return nil, err
	}
	return &door{base: o.Base, host: withPort(u), agent: "socctl/" + o.Version, now: o.Now}, nil
}

func withPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "443"
	}
	return strings.ToLower(u.Hostname()) + ":" + port
}

// Do sends a request for azcore's pipeline (policy.Transporter). Redirects come back as answers and are refused.
func (d *door) Do(req *http.Request) (*http.Response, error) {
	note := noteOf(req.Context())
	if req.URL.Scheme != "https" || req.URL.User != nil || withPort(req.URL) != d.host {
		return nil, note.stop(&soc.Problem{
			Kind:    soc.ProblemUnsafe,
			Summary: text.NewLine("the sign-in was about to go to " + text.Quote(clip(req.URL.Host, 100)) + ", which is not the configured authority"),
			Next:    text.NewLine("nothing was sent; check authority in the configuration, and report it"),
		})
	}
	return d.pass(req, note)
}

// pass sends a request that may go where it goes.
func (d *door) pass(req *http.Request, note *note) (*http.Response, error) {
	out, err := d.prepare(req, note)
	if err != nil {
		return nil, err
	}
	resp, err := d.base.RoundTrip(out)
	if err != nil {
		note.failed(transport.ProblemOfError(service, err))
		return nil, err
	}
	body, p := d.read(resp)
	if p != nil {
		if p.Kind == soc.ProblemUnavailable {
			note.failed(p)
			return nil, p
		}
		return nil, note.stop(p)
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	note.answered(resp, body, d.now())
	return resp, nil
}

// prepare copies the request, without the headers in which MSAL tells the host's system, and notes what must not be
// quoted if the answer repeats it.
func (d *door) prepare(req *http.Request, note *note) (*http.Request, error) {
	out := req.Clone(req.Context())
	for k := range out.Header {
		if strings.HasPrefix(strings.ToLower(k), "x-client-") {
			delete(out.Header, k)
		}
	}
	out.Header.Set("User-Agent", d.agent)
	if req.Body == nil || req.Body == http.NoBody {
		return out, nil
	}
	form, err := io.ReadAll(io.LimitReader(req.Body, maxAnswer))
	_ = req.Body.Close()
	if err != nil {
		return nil, err
	}
	note.hide(form)
	out.Body = io.NopCloser(bytes.NewReader(form))
	return out, nil
}

// read takes the whole answer, within bounds.
func (d *door) read(resp *http.Response) ([]byte, *soc.Problem) {
	defer func() { _ = resp.Body.Close() }()
	p := &soc.Problem{Kind: soc.ProblemBadAnswer, Status: resp.StatusCode}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		p.Kind = soc.ProblemUnsafe
		p.Summary = text.NewLine(fmt.Sprintf("%s answered %d: it wants to send the sign-in elsewhere, which is refused", service, resp.StatusCode))
		return nil, p
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case len(body) > maxAnswer:
		p.Summary = text.NewLine(service + " answered with more than 1 MiB")
		return nil, p
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, &soc.Problem{Kind: soc.ProblemUnavailable, Summary: text.NewLine("the answer of " + service + " broke off"), Err: err}
	case err != nil:
		return nil, transport.ProblemOfError(service, err)
	}
	return body, nil
}

// note is what the door saw during one call of a credential. It travels in the call's context, for azidentity has no
// other way through.
type note struct {
	mu      sync.Mutex
	problem *soc.Problem // the last request got no answer, for this reason
	status  int          // of the last answer
	header  http.Header
	body    []byte
	expires time.Time // of the device code
	hidden  []string
	prompt  error
}

type noteKey struct{}

func withNote(ctx context.Context) (context.Context, *note) {
	n := &note{}
	return context.WithValue(ctx, noteKey{}, n), n
}

// noteOf finds the call's note; a request outside of a call is noted nowhere.
func noteOf(ctx context.Context) *note {
	if n, ok := ctx.Value(noteKey{}).(*note); ok {
		return n
	}
	return &note{}
}

func (n *note) failed(p *soc.Problem) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.problem = p
}

// final keeps azcore from trying again what we refused.
type final struct{ error }

func (final) NonRetriable()   {}
func (f final) Unwrap() error { return f.error }

func (n *note) stop(p *soc.Problem) error {
	n.failed(p)
	return final{p}
}

func (n *note) answered(resp *http.Response, body []byte, now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.problem, n.status, n.header, n.body = nil, resp.StatusCode, resp.Header, nil
	if resp.StatusCode >= 400 {
		n.body = body // a good answer holds tokens and is not kept
		return
	}
	var code struct {
		DeviceCode string `json:"device_code"`
		ExpiresIn  int64  `json:"expires_in"`
	}
	if json.Unmarshal(body, &code) == nil && code.DeviceCode != "" {
		n.expires = now.Add(time.Duration(min(max(code.ExpiresIn, 0), 3600)) * time.Second)
	}
}

// hide notes the secrets of a token request.
func (n *note) hide(form []byte) {
	values, err := url.ParseQuery(string(form))
	if err != nil {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, key := range []string{"client_secret", "client_assertion", "refresh_token", "device_code", "code", "code_verifier", "password"} {
		if v := values.Get(key); v != "" {
			n.hidden = append(n.hidden, v)
		}
	}
}

// redact takes the request's secrets out of what the service said.
func (n *note) redact(s string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, h := range n.hidden {
		s = strings.ReplaceAll(s, h, "[redacted]")
	}
	return transport.Redact(s)
}

// keep notes the error of whoever shows the prompt; it comes before what the authority said.
func (n *note) keep(err error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.prompt = err
	return err
}

// codeExpires tells until when the device code may be entered.
func (n *note) codeExpires() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.expires
}
