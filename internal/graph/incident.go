package graph

import (
	"context"
	"fmt"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/security"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Incident opens one incident with all of its alerts and their evidence. Where the service cannot give them together,
// they are read one after the other; where it cannot give the alerts at all, AlertCount is -1.
func (c *Client) Incident(ctx context.Context, id string) (*soc.Incident, error) {
	if !soc.ValidID(id) {
		return nil, fmt.Errorf("open incident of %s: %w", c.tenant.Code, invalidID(id))
	}
	i, err := c.openIncident(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("open incident %s-%s: %w", c.tenant.Code, id, err)
	}
	return i, nil
}

func (c *Client) openIncident(ctx context.Context, id string) (*soc.Incident, error) {
	i, err := c.incident(ctx, id, true)
	if err == nil && i.moreAlerts == "" && i.AlertCount >= 0 {
		return i.Incident, nil
	}
	if isExpandFailure(err) {
		i, err = c.incident(ctx, id, false)
	}
	if err != nil {
		return nil, err
	}
	// The expanded list was refused, left out, or is only the beginning.
	alerts, err := c.incidentAlerts(ctx, id)
	switch {
	case err == nil:
		i.Alerts, i.AlertCount, i.Digest = alerts, len(alerts), digestOf(alerts)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	default:
		i.AlertsProblem = text.NewLine(soc.ProblemOf(err).Error())
		if !i.counted {
			i.AlertCount = -1
		}
	}
	return i.Incident, nil
}

// incident reads one incident, and refuses another than the one that was asked for.
func (c *Client) incident(ctx context.Context, id string, expand bool) (incidentRecord, error) {
	config := &security.IncidentsIncidentItemRequestBuilderGetRequestConfiguration{Headers: headers()}
	if expand {
		config.QueryParameters = &security.IncidentsIncidentItemRequestBuilderGetQueryParameters{Expand: []string{"alerts"}}
	}
	body, err := c.fetch(ctx, func() (*abstractions.RequestInformation, error) {
		return c.security().Incidents().ByIncidentId(id).ToGetRequestInformation(ctx, config)
	})
	if err != nil {
		return incidentRecord{}, err
	}
	r := &incidentReader{reader: newReader(body, newLineCache()), tenant: c.tenant, depth: depthFull}
	if what := notJSON(body); what != "" {
		return incidentRecord{}, badAnswer(what, nil)
	}
	i, ok := r.incident()
	if err := r.end(); err != nil {
		return incidentRecord{}, err
	}
	if !ok || i.Ref.ID != id {
		return incidentRecord{}, badAnswer("something else than the incident that was asked for", nil)
	}
	return i, nil
}

// incidentAlerts reads the alerts of an incident through its navigation.
func (c *Client) incidentAlerts(ctx context.Context, id string) ([]soc.Alert, error) {
	lines := newLineCache()
	var list []soc.Alert
	read := func(s *stream) (string, error) {
		r := newStreamReader(s, lines)
		return r.readPage(s.head, func() {
			if a, ok := r.alert(c.tenant.ID); ok {
				list = append(list, a)
			}
		})
	}
	config := &security.IncidentsItemAlertsRequestBuilderGetRequestConfiguration{Headers: headers()}
	err := c.pages(ctx, func() (*abstractions.RequestInformation, error) {
		return c.security().Incidents().ByIncidentId(id).Alerts().ToGetRequestInformation(ctx, config)
	}, func(link string) request {
		return func() (*abstractions.RequestInformation, error) {
			return c.security().Incidents().ByIncidentId(id).Alerts().WithUrl(link).ToGetRequestInformation(ctx, config)
		}
	}, read)
	return list, err
}
