package graph

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/security"

	"github.com/socctl/socctl/internal/soc"
)

// alertPageSize is what vendors run alerts_v2 with; the largest is not documented (graph-api 2.1).
const alertPageSize = 100

// AlertQuery says which alerts are wanted.
type AlertQuery struct {
	Since      time.Time      // updated at or after; zero for all that the service keeps
	Severities []soc.Severity // any of them; empty for all. Only members that the schema knows can be asked for
	Limit      int            // at most so many; 0 for all
}

func (q AlertQuery) filter() string {
	var parts, wanted []string
	if !q.Since.IsZero() {
		parts = append(parts, "lastUpdateDateTime ge "+odataTime(q.Since))
	}
	for _, s := range q.Severities {
		if known := soc.ParseSeverity(string(s)); known == s && s.Rank() != soc.SeverityUnknown.Rank() || s == soc.SeverityUnknown {
			wanted = append(wanted, "severity eq '"+string(s)+"'")
		}
	}
	switch len(wanted) {
	case 0:
	case 1:
		parts = append(parts, wanted[0])
	default:
		parts = append(parts, "("+strings.Join(wanted, " or ")+")")
	}
	return strings.Join(parts, " and ")
}

// errEnough ends a listing that reached its limit.
var errEnough = errors.New("enough")

// Alerts lists alerts with their evidence page by page, in the service's order. An error of yield ends the listing and
// is returned as it is.
//
// It also gives the number of records that could not be read and were left out.
func (c *Client) Alerts(ctx context.Context, q AlertQuery, yield func([]soc.Alert) error) (unreadable int, err error) {
	lines := newLineCache()
	left := q.Limit
	var stopped error
	read := func(s *stream) (string, error) {
		var page []soc.Alert
		r := newStreamReader(s, lines)
		next, err := r.readPage(s.head, func() {
			if a, ok := r.alert(c.tenant.ID); ok {
				page = append(page, a)
			} else {
				unreadable++
			}
		})
		if err != nil {
			return "", err
		}
		if q.Limit > 0 {
			page = page[:min(len(page), left)]
			if left -= len(page); left == 0 {
				stopped = errEnough
			}
		}
		if len(page) > 0 {
			if err := yield(page); err != nil {
				stopped = err
			}
		}
		return next, stopped
	}
	err = c.pages(ctx, c.alertsRequest(ctx, q), func(link string) request {
		return func() (*abstractions.RequestInformation, error) {
			return c.security().Alerts_v2().WithUrl(link).ToGetRequestInformation(ctx,
				&security.Alerts_v2RequestBuilderGetRequestConfiguration{Headers: headers()})
		}
	}, read)
	switch {
	case err == nil || errors.Is(stopped, errEnough):
		return unreadable, nil
	case stopped != nil:
		return unreadable, stopped
	}
	return unreadable, fmt.Errorf("list alerts of %s: %w", c.tenant.Code, err)
}

func (c *Client) alertsRequest(ctx context.Context, q AlertQuery) request {
	top := int32(alertPageSize)
	if q.Limit > 0 && q.Limit < alertPageSize {
		top = int32(q.Limit)
	}
	params := &security.Alerts_v2RequestBuilderGetQueryParameters{Top: &top}
	if f := q.filter(); f != "" {
		params.Filter = &f
	}
	return func() (*abstractions.RequestInformation, error) {
		return c.security().Alerts_v2().ToGetRequestInformation(ctx,
			&security.Alerts_v2RequestBuilderGetRequestConfiguration{Headers: headers(), QueryParameters: params})
	}
}

// Alert reads one alert with its evidence.
func (c *Client) Alert(ctx context.Context, id string) (soc.Alert, error) {
	a, err := c.alert(ctx, id)
	if err != nil {
		return soc.Alert{}, fmt.Errorf("open alert of %s: %w", c.tenant.Code, err)
	}
	return a, nil
}

func (c *Client) alert(ctx context.Context, id string) (soc.Alert, error) {
	if !soc.ValidID(id) {
		return soc.Alert{}, invalidID(id)
	}
	body, err := c.fetch(ctx, func() (*abstractions.RequestInformation, error) {
		return c.security().Alerts_v2().ByAlertId(id).ToGetRequestInformation(ctx,
			&security.Alerts_v2AlertItemRequestBuilderGetRequestConfiguration{Headers: headers()})
	})
	if err != nil {
		return soc.Alert{}, err
	}
	if what := notJSON(body); what != "" {
		return soc.Alert{}, badAnswer(what, nil)
	}
	r := newReader(body, newLineCache())
	a, ok := r.alert(c.tenant.ID)
	if err := r.end(); err != nil {
		return soc.Alert{}, err
	}
	if !ok || !strings.EqualFold(a.ID, id) {
		return soc.Alert{}, badAnswer("something else than the alert that was asked for", nil)
	}
	return a, nil
}
