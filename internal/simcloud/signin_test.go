package simcloud_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/socctl/socctl/internal/simcloud"
)

// azureOptions point Microsoft's identity library at the lab.
func (l *lab) azureOptions() azcore.ClientOptions {
	return azcore.ClientOptions{
		Cloud: cloud.Configuration{ActiveDirectoryAuthorityHost: l.URL()}, Transport: l.client, Retry: policy.RetryOptions{MaxRetries: -1},
	}
}

func TestAzidentitySignsInWithASecret(t *testing.T) {
	t.Parallel()
	l := start(t, small())
	tenant := l.Tenants()[0]
	credential := func(tenantID, secret string) *azidentity.ClientSecretCredential {
		c, err := azidentity.NewClientSecretCredential(tenantID, simcloud.ConfidentialClientID, secret, &azidentity.ClientSecretCredentialOptions{
			ClientOptions: l.azureOptions(), DisableInstanceDiscovery: true, AdditionallyAllowedTenants: []string{"*"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	good := credential(tenant.ID, simcloud.ClientSecret)
	for _, scope := range []string{l.URL() + "/.default", "https://graph.microsoft.com/.default"} {
		token, err := good.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{scope}, EnableCAE: true})
		if err != nil {
			t.Fatalf("%s: %v", scope, err)
		}
		if a := l.get(token.Token, "/v1.0/security/incidents"); a.status != http.StatusOK {
			t.Errorf("%s: Graph says %d %s", scope, a.status, a.body)
		}
	}
	other, err := good.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{l.URL() + "/.default"}, TenantID: l.Tenants()[1].ID})
	if err != nil {
		t.Fatal(err)
	}
	org := decode[list](t, l.get(other.Token, "/v1.0/organization").body)
	if got := decode[item](t, org.Value[0]).ID; got != l.Tenants()[1].ID {
		t.Errorf("the second tenant's token shows %s", got)
	}
	var failed *azidentity.AuthenticationFailedError
	_, err = credential(tenant.ID, "wrong").GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{l.URL() + "/.default"}})
	if !errors.As(err, &failed) || failed.RawResponse.StatusCode != http.StatusUnauthorized {
		t.Errorf("a wrong secret gives %v", err)
	}
}

func TestAzidentitySignsInWithADeviceCodeAndRefreshesElsewhere(t *testing.T) {
	t.Parallel()
	l := start(t, simcloud.Options{Customers: 8, Incidents: 100, Speed: -1, PollInterval: time.Second})
	home := l.Home()
	prompts := 0
	c, err := azidentity.NewDeviceCodeCredential(&azidentity.DeviceCodeCredentialOptions{
		ClientOptions: l.azureOptions(), DisableInstanceDiscovery: true, AdditionallyAllowedTenants: []string{"*"},
		TenantID: home.ID, ClientID: simcloud.PublicClientID,
		UserPrompt: func(_ context.Context, m azidentity.DeviceCodeMessage) error {
			prompts++
			return l.Approve(m.UserCode, simcloud.Kai)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	scopes := []string{l.URL() + "/SecurityIncident.Read.All", l.URL() + "/User.Read"}
	token, err := c.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: scopes, EnableCAE: true})
	if err != nil {
		t.Fatal(err)
	}
	if me := l.get(token.Token, "/v1.0/me"); me.status != http.StatusOK {
		t.Fatalf("me: %d %s", me.status, me.body)
	}
	for _, tenant := range l.Tenants()[:3] {
		token, err := c.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: scopes, EnableCAE: true, TenantID: tenant.ID})
		if err != nil {
			t.Fatalf("%s: %v", tenant.Code, err)
		}
		if a := l.get(token.Token, "/v1.0/security/incidents"); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", tenant.Code, a.status, a.body)
		}
		me := decode[struct{ UserPrincipalName string }](t, l.get(token.Token, "/v1.0/me").body)
		if want := "kai_northwind.example#EXT#@" + tenant.Domain; me.UserPrincipalName != want {
			t.Errorf("%s knows %q, want %q", tenant.Code, me.UserPrincipalName, want)
		}
	}
	if prompts != 1 {
		t.Errorf("%d prompts, want one sign-in for all tenants", prompts)
	}
}
