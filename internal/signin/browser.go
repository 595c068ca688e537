package signin

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"

	"github.com/socctl/socctl/internal/guard"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// byBrowser signs in with a browser whose answer comes to a port of this machine. The port is open on 127.0.0.1 only,
// while the sign-in lasts; the browser is told localhost, which Entra lets have any port.
func (i *Identity) byBrowser(ctx context.Context, c public.Client, w wish) (public.AuthResult, *note, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(i.opts.Port)))
	if err != nil {
		seen := &note{}
		return public.AuthResult{}, seen, seen.keep(portProblem(i.opts.Port, err))
	}
	port := l.Addr().(*net.TCPAddr).Port
	noted, seen := withNote(ctx)
	a, err := i.begin(noted, c, w, "http://localhost:"+strconv.Itoa(port))
	if err != nil {
		_ = l.Close()
		return public.AuthResult{}, seen, i.shown(seen, err)
	}
	stop := serveAnswers(l, answers{i, w, a, port})
	defer stop()
	p := i.prompt(PromptBrowser, w, a)
	if i.opts.Tunnel != "" {
		p.Tunnel = text.NewLine(tunnel(port, i.opts.Tunnel))
	} else if i.opts.Open != nil {
		p.Opened = i.opts.Open(a.page) == nil
	}
	if err := i.opts.ask(ctx, p); err != nil {
		return public.AuthResult{}, seen, seen.keep(err)
	}
	return i.wait(ctx, c, w, a)
}

// byPaste signs in with a browser that runs anywhere: its answer goes to an address that nobody serves, and the person
// brings it here.
func (i *Identity) byPaste(ctx context.Context, c public.Client, w wish) (public.AuthResult, *note, error) {
	noted, seen := withNote(ctx)
	a, err := i.begin(noted, c, w, pasteRedirect)
	if err != nil {
		return public.AuthResult{}, seen, i.shown(seen, err)
	}
	p := i.prompt(PromptPaste, w, a)
	p.Answer = func(s string) error {
		q, err := answerQuery(s, a.redirect)
		if err != nil {
			return err
		}
		return a.take(i, w, q)
	}
	if err := i.opts.ask(ctx, p); err != nil {
		return public.AuthResult{}, seen, seen.keep(err)
	}
	return i.wait(ctx, c, w, a)
}

// pasteRedirect is where the browser ends at: a port that programs do not use, on the analyst's own machine.
const pasteRedirect = "http://localhost:61597"

// prompt is what both ways show.
func (i *Identity) prompt(kind PromptKind, w wish, a *attempt) Prompt {
	return Prompt{
		Kind: kind, URL: text.NewLine(a.page), Tenant: w.tenant, Client: i.opts.ClientID, Expires: i.opts.Now().Add(interactiveTimeout),
	}
}

// shown keeps a problem that this package made, so that it is told as it is.
func (i *Identity) shown(seen *note, err error) error {
	var p *soc.Problem
	if errors.As(err, &p) {
		return seen.keep(p)
	}
	return err
}

func portProblem(port int, err error) *soc.Problem {
	p := &soc.Problem{
		Kind: soc.ProblemRefused, Summary: text.NewLine("no port of this machine could be opened for the browser's answer"),
		Next: text.NewLine("sign in by pasting the answer (sign_in: paste)"), Err: err,
	}
	if port != 0 {
		p.Summary = text.NewLine("port " + strconv.Itoa(port) + " of this machine could not be opened for the browser's answer")
		p.Next = text.NewLine("another program may use it: configure another port, or none")
	}
	return p
}

// answers serves the one answer of a sign-in.
type answers struct {
	identity *Identity
	wish     wish
	attempt  *attempt
	port     int
}

// serveAnswers answers at a listener until stop is called, which waits for the goroutines.
func serveAnswers(l net.Listener, h http.Handler) (stop func()) {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second,
		MaxHeaderBytes: 4 * maxCode, ErrorLog: log.New(io.Discard, "", 0), // its lines may quote the code
	}
	var wg sync.WaitGroup
	guard.Go(&wg, "the browser's answer", nil, func() error { return server.Serve(l) })
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if server.Shutdown(ctx) != nil { // the page that the person is shown goes out first
			_ = server.Close()
		}
		wg.Wait()
	}
}

// ServeHTTP takes the answer and shows a page that says what to do next. Nothing of the request is on the page.
func (h answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Connection", "close")
	switch {
	case !h.addressed(r.Host), r.URL.Path != "/":
		w.WriteHeader(http.StatusNotFound)
		return
	case r.Method != http.MethodGet:
		header.Set("Allow", http.MethodGet)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	err := h.attempt.take(h.identity, h.wish, r.URL.Query())
	status, heading, said := http.StatusOK, "Signed in", "You can close this page and go back to the terminal."
	switch {
	case err != nil && Final(err):
		heading, said = "Not signed in", "The terminal says why. You can close this page."
	case err != nil:
		status, heading, said = http.StatusBadRequest, "Not the answer", "This page was not called by the sign-in that is waiting. Open the address that the terminal shows."
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>socctl</title><h1>"+heading+"</h1><p>"+said+"</p></html>")
}

// addressed tells whether a request was meant for this machine: a name that somebody else's directory leads here is not.
func (h answers) addressed(host string) bool {
	name, port, err := net.SplitHostPort(host)
	return err == nil && port == strconv.Itoa(h.port) && (strings.EqualFold(name, "localhost") || name == "127.0.0.1")
}
