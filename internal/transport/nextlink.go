package transport

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// maxLink bounds a nextLink; Graph's skip tokens stay under 4 KB.
const maxLink = 16 << 10

// CheckNextLink decides whether the link to a next page may be followed: an absolute https URL under base, with the
// scheme, host and port of the current page (443 may be spelled out or not), without user name or fragment, not the
// current page itself and none in seen. A link that passes is put into seen, so that pages cannot form a ring; a nil
// seen remembers nothing. The error is a *soc.Problem.
func CheckNextLink(base, current, next string, seen map[string]bool) error {
	if err := checkNextLink(base, current, next, seen); err != nil {
		return &soc.Problem{
			Kind:    soc.ProblemUnsafe,
			Summary: text.NewLine("the link to the next page was not followed: " + err.Error()),
			Next:    text.NewLine("what came before it is shown; report it if it stays"),
			Err:     err,
		}
	}
	return nil
}

func checkNextLink(base, current, next string, seen map[string]bool) error {
	if len(next) > maxLink {
		return fmt.Errorf("it is %d bytes long", len(next))
	}
	allow, err := newAllowList([]string{base})
	if err != nil {
		return err
	}
	cu, err := url.Parse(current)
	if err != nil {
		return errors.New("the address of the current page is not a URL")
	}
	nu, err := url.Parse(next)
	if err != nil {
		return errors.New("it is not a URL")
	}
	if err := allow.check(cu); err != nil {
		return fmt.Errorf("the current page: %w", err)
	}
	if err := allow.check(nu); err != nil {
		return err
	}
	// Both passed the check against the same base, so scheme, host and port are equal.
	key := linkKey(nu)
	if key == linkKey(cu) || seen[key] {
		return errors.New("it leads to a page that was read already")
	}
	if seen != nil {
		seen[key] = true
	}
	return nil
}

// linkKey is a URL's canonical form.
func linkKey(u *url.URL) string {
	host, _ := hostPort(u)
	return host + u.EscapedPath() + "?" + u.RawQuery
}
