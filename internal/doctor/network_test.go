package doctor_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/socctl/socctl/internal/doctor"
)

func TestWhyACloudIsNotReached(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for name, c := range map[string]struct {
		err        error
		found, fix string
	}{
		"no such host":   {dial(&net.DNSError{Err: "no such host", Name: "x", IsNotFound: true}), "DNS does not know login.microsoftonline.com", "network"},
		"silent DNS":     {dial(&net.DNSError{Err: "i/o timeout", Name: "x", IsTimeout: true}), "the DNS server did not answer for login", "DNS server"},
		"refused":        {dial(syscall.ECONNREFUSED), "login.microsoftonline.com refused the connection", "network"},
		"too slow":       {context.DeadlineExceeded, "no answer within 5 s", "network"},
		"no route":       {dial(syscall.EHOSTUNREACH), "there is no way to it from here", "network"},
		"no TLS":         {tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, "does not speak TLS", "address"},
		"other name":     {x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"}, "for another name", "address"},
		"expired":        {x509.CertificateInvalidError{Reason: x509.Expired, Cert: &x509.Certificate{}}, "not valid at this time", "clock"},
		"proxy silent":   {&net.OpError{Op: "proxyconnect", Net: "tcp", Err: dial(syscall.ECONNREFUSED)}, "the proxy", "NO_PROXY"},
		"something else": {errors.New("Authorization: Bearer hidden"), "the connection failed", "try again"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			p.Transport = network(func(*http.Request) (*http.Response, error) { return nil, c.err })
			r := p.run()
			has(t, r, "DR25", doctor.Fail, c.found, c.fix)
			has(t, r, "DR23", doctor.Skip, "no authority told the time", "")
			if rows := find(r, "DR26"); rows[0].Verdict != doctor.Fail || strings.Contains(rows[0].Found.String(), "hidden") || r.AccessOnly() {
				t.Errorf("%v", rows)
			}
		})
	}
}

func TestWhatACloudAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status     int
		body       string
		verdict    doctor.Verdict
		found, fix string
	}{
		"unknown tenant": {http.StatusBadRequest, `{"error":"invalid_tenant"}`, doctor.Fail, "answered 400", "home.tenant"},
		"down":           {http.StatusServiceUnavailable, "", doctor.Warn, "answered 503", "try again"},
		"a login page":   {http.StatusOK, "<html>Welcome to our network</html>", doctor.Fail, "a proxy or a login page", "https://login.microsoftonline.com/8f0b1c5e"},
		"other JSON":     {http.StatusOK, `{}`, doctor.Fail, "something else answers", "open"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			p.Transport = network(func(*http.Request) (*http.Response, error) { return answer(c.status, c.body, now), nil })
			has(t, p.run(), "DR25", c.verdict, c.found, c.fix)
		})
	}
}

// Each service has five seconds, all at once, and no more.
func TestASilentCloudHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	synctest.Test(t, func(t *testing.T) {
		p.Transport = network(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		start := time.Now()
		r := doctor.Run(t.Context(), p.Options)
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("it took %s", took)
		}
		has(t, r, "DR25", doctor.Fail, "no answer within 5 s", "network")
		has(t, r, "DR26", doctor.Fail, "no answer within 5 s", "network")
	})
}

func TestStoppingEndsTheCalls(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.Transport = network(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	has(t, doctor.Run(ctx, p.Options), "DR25", doctor.Fail, "stopped", "")
}

// A call that is given up in the middle of a handshake takes its connection along.
func TestAStoppedCallLeavesNoConnection(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	p := newPatient(t)
	p.at("https://"+l.Addr().String(), "")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			ended <- err
			return
		}
		defer func() { _ = conn.Close() }()
		hello := make([]byte, 1)
		if _, err = conn.Read(hello); err == nil {
			cancel()
			_ = conn.SetReadDeadline(time.Now().Add(3 * time.Second))
			_, err = io.Copy(io.Discard, conn)
		}
		ended <- err
	}()
	has(t, doctor.Run(ctx, p.Options), "DR25", doctor.Fail, "stopped", "")
	if err := <-ended; err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the connection stayed open: %v", err)
	}
}

func TestTheClock(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		theirs     time.Duration
		verdict    doctor.Verdict
		found, fix string
	}{
		"right":    {0, doctor.OK, "as at login.microsoftonline.com; here it is 14:22 UTC", ""},
		"a second": {time.Second, doctor.OK, "as at login", ""},
		"30 s":     {-30 * time.Second, doctor.OK, "30s ahead of login", ""},
		"31 s":     {31 * time.Second, doctor.Warn, "31s behind login", "timedatectl"},
		"5 min":    {-5 * time.Minute, doctor.Warn, "5m0s ahead of", "timedatectl"},
		"6 min":    {6 * time.Minute, doctor.Fail, "6m0s behind login.microsoftonline.com: tokens", "timedatectl"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			p.Transport = network(func(r *http.Request) (*http.Response, error) {
				a, err := well(r)
				a.Header.Set("Date", now.Add(c.theirs).Format(http.TimeFormat))
				return a, err
			})
			has(t, p.run(), "DR23", c.verdict, c.found, c.fix)
		})
	}
}

func TestProxiesWithoutTheirPasswords(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	p.set("HTTPS_PROXY", "http://kai:hunter2@proxy.example:3128")
	p.load()
	r := p.run()
	has(t, r, "DR24", doctor.OK, "http://proxy.example:3128 with a name and a password", "")
	has(t, r, "DR25", doctor.OK, "through proxy.example:3128", "")
	p.Transport = network(func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "proxyconnect", Net: "tcp", Err: &net.DNSError{Name: "proxy.example", IsNotFound: true}}
	})
	has(t, p.run(), "DR25", doctor.Fail, "DNS does not know the proxy proxy.example:3128", "HTTPS_PROXY")
	p.set("NO_PROXY", "graph.microsoft.com")
	p.load()
	r2 := p.run()
	has(t, r2, "DR24", doctor.Warn, "graph: no proxy", "NO_PROXY")
	for _, c := range append(r.Checks, r2.Checks...) {
		if s := c.Found.String() + c.Fix.String(); strings.Contains(s, "hunter2") || strings.Contains(s, "kai") {
			t.Errorf("%s has the password: %s", c.ID, s)
		}
	}
	p = newPatient(t)
	p.set("ALL_PROXY", "socks5://kai:hunter2@proxy.example:1080")
	has(t, p.run(), "DR24", doctor.Warn, "ALL_PROXY is set", `HTTPS_PROXY="$ALL_PROXY"`)
}

// lab is a cloud over real HTTPS.
func lab(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "openid-configuration") {
			_, _ = w.Write([]byte(discovery))
			return
		}
		http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// at writes a configuration of a cloud at an address, with its certificate or without.
func (p *patient) at(address, ca string) {
	p.t.Helper()
	entry := fmt.Sprintf("clouds:\n  lab: {authority: %q, graph: %q, resource_manager: %q, portal: https://security.microsoft.com%s}\ntenants:", address, address, address, ca)
	p.load("tenants:", entry, "device-code", "device-code\n  cloud: lab")
	if p.ConfigErr != nil {
		p.t.Fatal(p.ConfigErr)
	}
	p.Transport = nil // the program's own
	p.Now = time.Now
}

func TestRealConnections(t *testing.T) {
	t.Parallel()
	s := lab(t)
	p := newPatient(t)
	p.at(s.URL, "")
	r := p.run()
	has(t, r, "DR25", doctor.Fail, "its certificate is not trusted here, issued by Acme Co", "clouds.lab.ca_file")
	p.write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})), 0o600)
	p.at(s.URL, ", ca_file: ca.pem")
	r = p.run()
	has(t, r, "DR25", doctor.OK, "TLS 1.3 by Acme Co", "")
	has(t, r, "DR26", doctor.OK, "answered 302", "") // and nobody went there
	has(t, r, "DR23", doctor.OK, "as at 127.0.0.1", "")

	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	p.at("https"+strings.TrimPrefix(plain.URL, "http"), "")
	has(t, p.run(), "DR25", doctor.Fail, "does not speak TLS", "address")
	plain.Close()
	has(t, p.run(), "DR25", doctor.Fail, "refused the connection", "network")
}

// A proxy that refuses, over real connections.
func TestAProxyThatRefuses(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }))
	t.Cleanup(proxy.Close)
	to, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	p := newPatient(t)
	p.Transport = doctor.Transport(func(*url.URL) (*url.URL, error) { return to, nil }, p.ReadFile)
	r := p.run()
	has(t, r, "DR25", doctor.Fail, "login.microsoftonline.com could not be reached: the proxy answered 407", "HTTPS_PROXY")
}
