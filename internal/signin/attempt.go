package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/public"
	"github.com/go-json-experiment/json"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// wish is what an interactive sign-in is for.
type wish struct {
	tenant soc.TenantID
	scope  string
	claims string // of a challenge, or empty
	hint   string // the account that has to sign in, or empty
}

// attempt is one sign-in in a browser: authorization code with PKCE (RFC 7636). It takes one answer.
type attempt struct {
	state, verifier string
	redirect        string
	page            string // where the person signs in

	mu    sync.Mutex
	taken bool
	found chan outcome // of one place
}

// outcome is the answer of the authority: a code, or why there is none.
type outcome struct {
	code    string
	refused *soc.Problem
}

// errFinalAnswer is the cause of problems that end a sign-in, as against an answer that is only turned away.
var errFinalAnswer = errors.New("the sign-in has ended")

// Final tells whether a problem of Prompt.Answer has ended the sign-in.
func Final(err error) bool { return errors.Is(err, errFinalAnswer) }

func unguessable() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// begin makes the address that the person opens. MSAL adds neither state nor a challenge, nor the scopes that bring a
// refresh token.
func (i *Identity) begin(ctx context.Context, c public.Client, w wish, redirect string) (*attempt, error) {
	a := &attempt{state: unguessable(), verifier: unguessable(), redirect: redirect, found: make(chan outcome, 1)}
	options := []public.AuthCodeURLOption{public.WithClaims(w.claims)}
	if w.hint != "" {
		options = append(options, public.WithLoginHint(w.hint))
	}
	page, err := c.AuthCodeURL(ctx, i.opts.ClientID, redirect, []string{w.scope, "openid", "profile", "offline_access"}, options...)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(page)
	if err != nil || u.Scheme != "https" || u.User != nil || withPort(u) != i.door.host {
		return nil, &soc.Problem{
			Kind:    soc.ProblemUnsafe,
			Summary: text.NewLine(service + " wants the sign-in to happen at " + text.Quote(clip(page, 100)) + ", which is not the configured authority"),
			Next:    text.NewLine("the address was not shown; check authority in the configuration, and report it"),
		}
	}
	sum := sha256.Sum256([]byte(a.verifier))
	q := u.Query()
	q.Set("state", a.state)
	q.Set("code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]))
	q.Set("code_challenge_method", "S256")
	q.Set("response_mode", "query")
	u.RawQuery = q.Encode()
	a.page = u.String()
	return a, nil
}

// take checks an answer. nil means that the sign-in goes on with it; a Final problem has ended it; after any other the
// attempt goes on waiting.
func (a *attempt) take(i *Identity, w wish, q url.Values) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	code, failure := q.Get("code"), q.Get("error")
	switch {
	case len(q["state"]) != 1 || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(a.state)) != 1:
		return turnedAway("the answer belongs to another sign-in, or to an earlier one", "open the address that is shown now, and use its answer")
	case a.taken:
		return turnedAway("the answer was used already", "wait for the sign-in to finish, or begin again")
	case failure != "":
		a.taken = true
		p := i.answerProblem(w, q)
		a.found <- outcome{refused: p}
		return p
	case code == "" || len(q["code"]) != 1 || len(code) > maxCode:
		return turnedAway("the answer holds no code", "copy the whole address")
	}
	a.taken = true
	a.found <- outcome{code: code}
	return nil
}

// maxCode bounds a code; Entra's are about 1,000 bytes long.
const maxCode = 16 << 10

func turnedAway(what, next string) *soc.Problem {
	return &soc.Problem{Kind: soc.ProblemSignIn, Summary: text.NewLine(what), Next: text.NewLine(next)}
}

// answerProblem explains an error that the authority sent with the browser, in the words of its token errors.
func (i *Identity) answerProblem(w wish, q url.Values) *soc.Problem {
	body, err := json.Marshal(map[string]string{
		"error": clip(q.Get("error"), 100), "error_description": clip(q.Get("error_description"), 2000), "suberror": clip(q.Get("error_subcode"), 100),
	})
	if err != nil {
		body = []byte("{}") // only text that is not UTF-8 has no form
	}
	seen := &note{status: http.StatusBadRequest, header: http.Header{}, body: body, hidden: []string{}}
	p := i.refusal(w.tenant, seen)
	p.Status, p.Err = 0, errors.Join(p.Err, errFinalAnswer)
	return p
}

// wait waits for the answer and redeems its code.
func (i *Identity) wait(ctx context.Context, c public.Client, w wish, a *attempt) (public.AuthResult, *note, error) {
	var got outcome
	select {
	case got = <-a.found:
	case <-ctx.Done():
		return public.AuthResult{}, &note{}, ctx.Err()
	}
	noted, seen := withNote(ctx)
	if got.refused != nil {
		return public.AuthResult{}, seen, seen.keep(got.refused)
	}
	result, err := c.AcquireTokenByAuthCode(noted, got.code, a.redirect, []string{w.scope}, public.WithChallenge(a.verifier), public.WithClaims(w.claims))
	return result, seen, err
}

// tooLate is the end of a sign-in that nobody finished.
func tooLate() *soc.Problem {
	return &soc.Problem{Kind: soc.ProblemSignIn, Summary: text.NewLine("the sign-in was not finished in time"), Next: text.NewLine("sign in again")}
}

// answerQuery finds the query in what a person pasted: a whole address, or only the part after its question mark.
func answerQuery(s, redirect string) (url.Values, error) {
	s = strings.Join(strings.Fields(s), "") // a terminal breaks long lines
	s = strings.Trim(s, `"'<>`)
	if s == "" || len(s) > 4*maxCode {
		return nil, turnedAway("that is not the answer of a sign-in", "copy the whole address from the browser's address line")
	}
	if strings.Contains(s, "://") {
		u, err := url.Parse(s)
		if err != nil {
			return nil, turnedAway("that is no address", "copy the whole address from the browser's address line")
		}
		want, _ := url.Parse(redirect)
		if u.Scheme != want.Scheme || u.Host != want.Host || strings.Trim(u.Path, "/") != "" {
			return nil, turnedAway("the address leads to "+text.Quote(clip(u.Host, 80))+", and the sign-in ends at "+want.Host,
				"finish the sign-in in the browser, then copy the address that it ends at")
		}
		s = u.RawQuery
	}
	q, err := url.ParseQuery(strings.TrimLeft(s, "?#/"))
	if err != nil || !q.Has("state") {
		return nil, turnedAway("that is not the answer of a sign-in", "copy the whole address from the browser's address line")
	}
	return q, nil
}
