package transport

import (
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/socctl/socctl/internal/soc"
)

// caOf gives the certificate that a test server signs itself with.
func caOf(s *httptest.Server) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}

// proxy is a CONNECT proxy that leads every name to one address.
type proxy struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func newProxy(t *testing.T, target string, refuse int) *proxy {
	p := &proxy{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.asked = append(p.asked, r.Method+" "+r.Host)
		p.mu.Unlock()
		if refuse != 0 || r.Method != http.MethodConnect {
			w.WriteHeader(refuse)
			return
		}
		p.tunnel(w, target)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *proxy) tunnel(w http.ResponseWriter, target string) {
	far, err := net.Dial("tcp", target)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer far.Close()
	near, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer near.Close()
	_, _ = io.WriteString(near, "HTTP/1.1 200 OK\r\n\r\n")
	done := make(chan struct{})
	go func() { _, _ = io.Copy(far, near); _ = far.Close(); close(done) }()
	_, _ = io.Copy(near, far)
	_ = near.Close()
	<-done
}

func okServer(t *testing.T) *httptest.Server {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func newBase(t *testing.T, o BaseOptions) *http.Transport {
	t.Helper()
	b, err := NewBase(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.CloseIdleConnections)
	return b
}

func TestCustomCA(t *testing.T) {
	t.Parallel()
	s := okServer(t)
	allow := func(o *Options) { o.Allow = []string{s.URL} }
	_, proto, err := send(t, client(t, newBase(t, BaseOptions{CAPEM: caOf(s)}), allow), http.MethodGet, s.URL+"/x", "")
	if err != nil || proto != "HTTP/2.0" {
		t.Errorf("%q, %v", proto, err)
	}
	_, _, err = send(t, client(t, newBase(t, BaseOptions{}), allow), http.MethodGet, s.URL+"/x", "")
	p := wantProblem(t, err, soc.ProblemUnavailable)
	if !strings.Contains(p.Next.String(), "ca_file") {
		t.Errorf("the way out is %q", p.Next)
	}
}

func TestProxy(t *testing.T) {
	t.Parallel()
	s := okServer(t)
	u, _ := url.Parse(s.URL)
	const site = "https://example.com" // the test certificate's name
	allow := func(o *Options) { o.Allow = []string{site} }

	p := newProxy(t, u.Host, 0)
	base := newBase(t, BaseOptions{CAPEM: caOf(s), Proxy: p.URL})
	if _, proto, err := send(t, client(t, base, allow), http.MethodGet, site+"/x", ""); err != nil || proto != "HTTP/2.0" {
		t.Errorf("%q, %v", proto, err)
	}
	if len(p.asked) != 1 || p.asked[0] != "CONNECT example.com:443" {
		t.Errorf("the proxy was asked %v", p.asked)
	}
	base.CloseIdleConnections()

	refusing := newProxy(t, u.Host, http.StatusProxyAuthRequired)
	_, _, err := send(t, client(t, newBase(t, BaseOptions{Proxy: refusing.URL}), allow), http.MethodGet, site+"/x", "")
	if pr := wantProblem(t, err, soc.ProblemUnavailable); !strings.Contains(pr.Summary.String(), "407") {
		t.Errorf("summary is %q", pr.Summary)
	}
	if len(refusing.asked) != 1 {
		t.Errorf("a refusing proxy was asked %d times", len(refusing.asked))
	}
}

func TestProxyFromTheEnvironment(t *testing.T) {
	s := okServer(t)
	u, _ := url.Parse(s.URL)
	p := newProxy(t, u.Host, 0)
	t.Setenv("HTTPS_PROXY", p.URL)
	t.Setenv("NO_PROXY", "direct.example")
	base := newBase(t, BaseOptions{CAPEM: caOf(s)})
	allow := func(o *Options) { o.Allow = []string{"https://example.com"} }
	if _, _, err := send(t, client(t, base, allow), http.MethodGet, "https://example.com/x", ""); err != nil || len(p.asked) != 1 {
		t.Errorf("asked %v, %v", p.asked, err)
	}
	base.CloseIdleConnections()
	for host, want := range map[string]bool{"graph.microsoft.com": true, "direct.example": false, "127.0.0.1": false} {
		got, err := base.Proxy(&http.Request{URL: &url.URL{Scheme: "https", Host: host}})
		if err != nil || (got != nil) != want {
			t.Errorf("%s goes through %v, %v", host, got, err)
		}
	}
}

func TestBaseOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]BaseOptions{
		"CA is not PEM":       {CAPEM: []byte("-----BEGIN PRIVATE KEY-----\nhunter2")},
		"proxy without http":  {Proxy: "hunter2@proxy.example:3128"},
		"proxy is a path":     {Proxy: "/hunter2"},
		"proxy of a new kind": {Proxy: "gopher://kai:hunter2@proxy.example"},
	} {
		_, err := NewBase(o)
		if err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error tells the secret: %v", name, err)
		}
	}
}
