package simcloud

import (
	"encoding/json"
	"net/http"
	"strings"
)

// organization is microsoft.graph.organization, as far as a tenant is known.
type organization struct {
	Context         string           `json:"@odata.context,omitempty"`
	ID              string           `json:"id"`
	DisplayName     string           `json:"displayName"`
	CountryCode     string           `json:"countryLetterCode"`
	Created         string           `json:"createdDateTime"`
	TenantType      string           `json:"tenantType"`
	VerifiedDomains []verifiedDomain `json:"verifiedDomains"`
}

type verifiedDomain struct {
	Capabilities string `json:"capabilities"`
	IsDefault    bool   `json:"isDefault"`
	IsInitial    bool   `json:"isInitial"`
	Name         string `json:"name"`
	Type         string `json:"type"`
}

// user is microsoft.graph.user with the properties that GET /me gives without $select.
type user struct {
	Context           string   `json:"@odata.context"`
	BusinessPhones    []string `json:"businessPhones"`
	DisplayName       string   `json:"displayName"`
	GivenName         string   `json:"givenName"`
	JobTitle          *string  `json:"jobTitle"`
	Mail              string   `json:"mail"`
	MobilePhone       *string  `json:"mobilePhone"`
	OfficeLocation    *string  `json:"officeLocation"`
	PreferredLanguage *string  `json:"preferredLanguage"`
	Surname           string   `json:"surname"`
	UserPrincipalName string   `json:"userPrincipalName"`
	ID                string   `json:"id"`
}

// me describes the signed-in user, as the token's tenant knows them.
func (g *graphCall) me() {
	c := g.claims
	if !c.Delegated() {
		g.badRequest("/me request is only valid with delegated authentication flow.")
		return
	}
	given, surname, _ := strings.Cut(c.Name, " ")
	g.sendJSON(user{
		Context: g.context("#users/$entity"), BusinessPhones: []string{}, DisplayName: c.Name, GivenName: given, Surname: surname,
		Mail: c.Username, UserPrincipalName: c.UPN, ID: c.ObjectID,
	})
}

func (g *graphCall) organization() organization {
	t := g.tenant
	initial := strings.HasSuffix(t.Domain, ".onmicrosoft.com")
	return organization{
		ID: t.ID, DisplayName: t.Name, CountryCode: t.Country, Created: "2019-03-11T09:12:44Z", TenantType: "AAD",
		VerifiedDomains: []verifiedDomain{{Capabilities: "Email, OfficeCommunicationsOnline", IsDefault: true, IsInitial: initial, Name: t.Domain, Type: "Managed"}},
	}
}

func (g *graphCall) listOrganizations() {
	g.sendJSON(struct {
		Context string         `json:"@odata.context"`
		Value   []organization `json:"value"`
	}{g.context("#organization"), []organization{g.organization()}})
}

func (g *graphCall) getOrganization() {
	if !strings.EqualFold(g.id, g.tenant.ID) {
		g.fail(http.StatusNotFound, "Request_ResourceNotFound", "Resource '"+g.id+"' does not exist or one of its queried reference-property objects are not present.")
		return
	}
	o := g.organization()
	o.Context = g.context("#organization/$entity")
	g.sendJSON(o)
}

func (g *graphCall) sendJSON(v any) {
	body, err := json.Marshal(v)
	if err != nil {
		g.fail(http.StatusInternalServerError, "InternalServerError", err.Error())
		return
	}
	g.send(http.StatusOK, body)
}
