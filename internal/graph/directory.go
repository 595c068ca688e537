package graph

import (
	"context"
	"fmt"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/organization"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Me tells who is signed in. An application has no such name: the service refuses it.
//
// The request is described by hand: the SDK's builder for it lives in its package users, over a thousand files that
// nothing else here needs.
func (c *Client) Me(ctx context.Context) (soc.Analyst, error) {
	var who soc.Analyst
	body, err := c.fetch(ctx, func() (*abstractions.RequestInformation, error) {
		info := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(abstractions.GET,
			"{+baseurl}/me?%24select=userPrincipalName,displayName", map[string]string{"baseurl": c.base})
		info.Headers.TryAdd("Accept", "application/json")
		return info, nil
	})
	if err == nil {
		r := newReader(body, newLineCache())
		err = r.readObject(body, func(name []byte) {
			switch string(name) {
			case "userPrincipalName":
				who.UPN = r.line()
			case "displayName":
				who.Name = r.line()
			default:
				r.skip()
			}
		})
	}
	if err == nil && who.UPN.IsZero() {
		err = badAnswer("an account without a name", nil)
	}
	if err != nil {
		return soc.Analyst{}, fmt.Errorf("ask who is signed in to %s: %w", c.tenant.Code, err)
	}
	return who, nil
}

// Organization tells the name and id of the tenant that answered. It does not compare the id with the tenant that was
// asked: that comparison is what callers ask for.
func (c *Client) Organization(ctx context.Context) (name text.Line, id soc.TenantID, err error) {
	body, err := c.fetch(ctx, func() (*abstractions.RequestInformation, error) {
		return organization.NewOrganizationRequestBuilderInternal(map[string]string{"baseurl": c.base}, c.adapter).
			ToGetRequestInformation(ctx, &organization.OrganizationRequestBuilderGetRequestConfiguration{
				QueryParameters: &organization.OrganizationRequestBuilderGetQueryParameters{Select: []string{"id", "displayName"}},
			})
	})
	if err == nil {
		r := newReader(body, newLineCache())
		_, err = r.readPage(body, func() {
			for member := range r.members {
				switch string(member) {
				case "id":
					id, _ = soc.ParseTenantID(r.string())
				case "displayName":
					name = r.line()
				default:
					r.skip()
				}
			}
		})
	}
	if err == nil && id == "" {
		err = badAnswer("an organisation without an id", nil)
	}
	if err != nil {
		return text.Line{}, "", fmt.Errorf("ask for the organisation of %s: %w", c.tenant.Code, err)
	}
	return name, id, nil
}
