package entra

import (
	"net/http"
	"net/url"
)

// configuration is the OpenID Connect discovery document of a tenant.
func (a *Authority) configuration(w http.ResponseWriter, r *http.Request, t Tenant) {
	root := rootOf(r) + "/" + t.ID
	issuer := root + "/v2.0"
	if t.ID == "common" || t.ID == "organizations" {
		issuer = rootOf(r) + "/{tenantid}/v2.0"
	}
	writeJSON(w, r, http.StatusOK, map[string]any{
		"issuer":                                issuer,
		"authorization_endpoint":                root + "/oauth2/v2.0/authorize",
		"token_endpoint":                        root + "/oauth2/v2.0/token",
		"device_authorization_endpoint":         root + "/oauth2/v2.0/devicecode",
		"jwks_uri":                              root + "/discovery/v2.0/keys",
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"ES256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt", "client_secret_basic"},
		"claims_supported":                      []string{"sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "oid", "ver"},
		"cloud_instance_name":                   r.Host,
		"msgraph_host":                          r.Host,
		"tenant_region_scope":                   "EU",
	})
}

// keys is the JSON Web Key Set that verifies the tokens.
func (a *Authority) keys(w http.ResponseWriter, r *http.Request, _ Tenant) {
	public, err := a.key.PublicKey.Bytes() // 4, X, Y
	if err != nil {
		http.Error(w, "no key", http.StatusInternalServerError)
		return
	}
	x, y := public[1:33], public[33:]
	writeJSON(w, r, http.StatusOK, map[string]any{"keys": []map[string]string{{
		"kty": "EC", "use": "sig", "alg": "ES256", "crv": "P-256", "kid": a.keyID, "x": encode(x), "y": encode(y),
	}}})
}

// instances is what MSAL asks to learn whether it may trust an authority, and under which names it caches tokens.
func (a *Authority) instances(w http.ResponseWriter, r *http.Request) {
	endpoint, err := url.Parse(r.URL.Query().Get("authorization_endpoint"))
	tenant := "common"
	if err == nil && endpoint.Host != "" {
		if endpoint.Host != r.Host {
			a.fail(w, r, &Error{http.StatusBadRequest, "invalid_instance", 50049, "Unknown or invalid instance.", ""})
			return
		}
		tenant = TenantOf(endpoint.Path)
	}
	writeJSON(w, r, http.StatusOK, map[string]any{
		"tenant_discovery_endpoint": rootOf(r) + "/" + tenant + "/v2.0/.well-known/openid-configuration",
		"api-version":               "1.1",
		"metadata": []map[string]any{{
			"preferred_network": r.Host, "preferred_cache": r.Host, "aliases": []string{r.Host},
		}},
	})
}
