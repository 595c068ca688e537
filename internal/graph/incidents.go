package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/security"

	"github.com/socctl/socctl/internal/soc"
)

// MaxPageSize is the largest page of incidents; the service refuses 51 (graph-api 1.2).
const MaxPageSize = 50

// Query says which incidents are wanted.
type Query struct {
	Since      time.Time // updated at or after; zero for all that the service keeps
	Open       bool      // neither resolved nor redirected: a cursor must not use it, or it never sees an incident close
	PageSize   int       // 1 to MaxPageSize, which is the default
	WithAlerts bool      // with the sum of each incident's alerts
	Changes    bool      // nothing is given where the answer is, byte for byte, the one that this question got the last time
}

// filter writes the query in OData. Times stand without quotes, members of enums with them (graph-api 0).
func (q Query) filter() string {
	var parts []string
	if !q.Since.IsZero() {
		parts = append(parts, "lastUpdateDateTime ge "+odataTime(q.Since))
	}
	if q.Open {
		parts = append(parts, "(status eq 'active' or status eq 'inProgress' or status eq 'awaitingAction')")
	}
	return strings.Join(parts, " and ")
}

// odataTime writes a time with the seven digits of fraction that the service has, rounded down.
func odataTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.9999999Z") }

// Result says what a listing found.
type Result struct {
	Seen          int       // incidents given to yield
	Newest        time.Time // the latest update among them, for a cursor
	AlertsMissing bool      // alerts were wanted, and the service could not give them for all: AlertCount is -1 there
	Unreadable    int       // records left out because they have no usable id
}

// Incidents lists incidents page by page, in the service's order. An error of yield ends the listing and is returned as
// it is. What was given to yield before an error stays good, and Result counts it.
//
// Only the sum of an incident's alerts is kept (soc.Digest). Where the service answers 500 to expanded alerts, as it
// does for a window with very many of them, the listing starts again without them and leaves out what yield had.
func (c *Client) Incidents(ctx context.Context, q Query, yield func([]*soc.Incident) error) (Result, error) {
	l := &listing{client: c, yield: yield, lines: newLineCache(), digest: newDigester()}
	if q.WithAlerts {
		l.given = make(map[string]struct{})
	}
	err := l.run(ctx, q)
	if q.WithAlerts && !l.stopped && isExpandFailure(err) {
		l.result.AlertsMissing = true
		q.WithAlerts = false
		err = l.run(ctx, q)
	}
	if err != nil && !l.stopped {
		err = fmt.Errorf("list incidents of %s: %w", c.tenant.Code, err)
	}
	return l.result, err
}

// isExpandFailure tells the answer that $expand=alerts gets where there are too many alerts (graph-api 1.2).
func isExpandFailure(err error) bool {
	var p *soc.Problem
	return errors.As(err, &p) && p.Status == http.StatusInternalServerError
}

// listing is one call of Incidents.
type listing struct {
	client  *Client
	yield   func([]*soc.Incident) error
	stopped bool // yield returned an error
	pages   int
	result  Result
	given   map[string]struct{} // ids that yield had, where the listing may have to start again
	lines   *lineCache
	digest  *digester

	question string // what the first page is remembered by; empty where it is not
}

func (l *listing) run(ctx context.Context, q Query) error {
	if q.Changes {
		l.question = fmt.Sprint(q.filter(), q.PageSize, q.WithAlerts)
	}
	return l.client.pages(ctx, l.client.incidentsRequest(ctx, q), func(link string) request {
		return func() (*abstractions.RequestInformation, error) {
			return l.client.security().Incidents().WithUrl(link).ToGetRequestInformation(ctx,
				&security.IncidentsRequestBuilderGetRequestConfiguration{Headers: headers()})
		}
	}, l.page)
}

// page reads a page and gives it to yield, unless it is the whole answer and came before.
func (l *listing) page(s *stream) (next string, err error) {
	l.pages++
	echo := l.client.echo
	if last, ok := echo.of(l.question); ok && l.pages == 1 && s.is(last) {
		return "", nil
	}
	if next, err = l.give(s); err == nil && l.question != "" && l.pages == 1 && next == "" && l.complete() {
		echo.keep(l.question, s.imprint())
	}
	return next, err
}

// complete tells whether all that was asked for could be read so far.
func (l *listing) complete() bool { return l.result.Unreadable == 0 && !l.result.AlertsMissing }

func (l *listing) give(s *stream) (next string, err error) {
	var page []*soc.Incident
	unreadable := 0
	r := &incidentReader{reader: newStreamReader(s, l.lines), tenant: l.client.tenant, depth: depthQueue, digest: l.digest}
	next, err = r.readPage(s.head, func() {
		i, ok := r.incident()
		if !ok {
			unreadable++
			return
		}
		if i.moreAlerts != "" && !i.counted { // the expansion is only the beginning: its length is no count
			i.AlertCount, l.result.AlertsMissing = -1, true
		}
		page = append(page, i.Incident)
	})
	if err != nil {
		return "", err
	}
	l.result.Unreadable += unreadable
	if page = l.fresh(page); len(page) == 0 {
		return next, nil
	}
	if err := l.yield(page); err != nil {
		l.stopped = true
		return "", err
	}
	l.result.Seen += len(page)
	for _, i := range page {
		if i.Updated.After(l.result.Newest) {
			l.result.Newest = i.Updated
		}
	}
	return next, nil
}

// fresh leaves out what an earlier run of the same listing gave already, with its alerts.
func (l *listing) fresh(page []*soc.Incident) []*soc.Incident {
	if l.given == nil {
		return page
	}
	kept := page[:0]
	for _, i := range page {
		if _, ok := l.given[i.Ref.ID]; ok && l.result.AlertsMissing {
			continue
		}
		l.given[i.Ref.ID] = struct{}{}
		kept = append(kept, i)
	}
	return kept
}

// incidentsRequest describes the first page. $orderby and $select are not documented for incidents and not sent.
func (c *Client) incidentsRequest(ctx context.Context, q Query) request {
	top := int32(MaxPageSize)
	if q.PageSize > 0 && q.PageSize < MaxPageSize {
		top = int32(q.PageSize)
	}
	params := &security.IncidentsRequestBuilderGetQueryParameters{Top: &top}
	if f := q.filter(); f != "" {
		params.Filter = &f
	}
	if q.WithAlerts {
		params.Expand = []string{"alerts"}
	}
	return func() (*abstractions.RequestInformation, error) {
		return c.security().Incidents().ToGetRequestInformation(ctx,
			&security.IncidentsRequestBuilderGetRequestConfiguration{Headers: headers(), QueryParameters: params})
	}
}
