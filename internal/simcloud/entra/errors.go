package entra

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Error is an answer in Entra's envelope.
type Error struct {
	Status int
	Name   string // of RFC 6749 or RFC 8628, such as invalid_grant
	Code   int    // AADSTS
	Text   string
	Claims string // what an interactive sign-in has to fulfil; or empty
}

func (e *Error) Error() string { return fmt.Sprintf("AADSTS%d: %s", e.Code, e.Text) }

func grantError(code int, format string, args ...any) *Error {
	return &Error{http.StatusBadRequest, "invalid_grant", code, fmt.Sprintf(format, args...), ""}
}

func requestError(code int, format string, args ...any) *Error {
	return &Error{http.StatusBadRequest, "invalid_request", code, fmt.Sprintf(format, args...), ""}
}

func clientError(code int, format string, args ...any) *Error {
	return &Error{http.StatusUnauthorized, "invalid_client", code, fmt.Sprintf(format, args...), ""}
}

func errNoTenant() *Error {
	return requestError(50059, "No tenant-identifying information found in either the request or implied by any provided credentials.")
}

func errUnknownTenant(name string) *Error {
	return requestError(90002, "Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.", name)
}

func errUnknownApp(id string, t Tenant) *Error {
	return &Error{http.StatusBadRequest, "unauthorized_client", 700016, fmt.Sprintf("Application with identifier '%s' was not found in the directory '%s'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.", id, t.Name), ""}
}

func errWrongSecret(app App) *Error {
	return clientError(7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%s'.", app.ID)
}

func errNoSecret() *Error {
	return clientError(7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
}

func errBadAssertion(reason string) *Error {
	return clientError(700027, "The certificate with identifier used to sign the client assertion is not registered on application. [Reason - %s]", reason)
}

func errNotGuest(u User, home, t Tenant, app App) *Error {
	return grantError(50020, "User account '%s' from identity provider 'https://sts.windows.net/%s/' does not exist in tenant '%s' and cannot access the application '%s'(%s) in that tenant. The account needs to be added as an external user in the tenant first. Sign out and sign in again with a different Azure Active Directory user account.", u.UPN, home.ID, t.Name, app.ID, app.Name)
}

func errUnknownUser(upn string, t Tenant) *Error {
	return grantError(50034, "The user account %s does not exist in the %s directory. To sign into this application, the account must be added to the directory.", upn, t.Name)
}

func errNoConsent(app App) *Error {
	return grantError(65001, "The user or administrator has not consented to use the application with ID '%s' named '%s'. Send an interactive authorization request for this user and resource.", app.ID, app.Name)
}

func errNoResource(resource string, t Tenant) *Error {
	return &Error{http.StatusBadRequest, "invalid_resource", 500011, fmt.Sprintf("The resource principal named %s was not found in the tenant named %s. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.", resource, t.Name), ""}
}

func errBadScope(scope string) *Error {
	return &Error{http.StatusBadRequest, "invalid_scope", 70011, fmt.Sprintf("The provided value for the input parameter 'scope' is not valid. The scope %s is not valid.", scope), ""}
}

func errMissing(parameter string) *Error {
	return requestError(900144, "The request body must contain the following parameter: '%s'.", parameter)
}

func errPending() *Error {
	return &Error{http.StatusBadRequest, "authorization_pending", 70016, "OAuth 2.0 device flow error. Authorization is pending. Continue polling.", ""}
}

func errDeviceExpired() *Error {
	return &Error{http.StatusBadRequest, "expired_token", 70020, "The provided value for the input parameter 'device_code' is not valid. This device code has expired.", ""}
}

func errDeclined() *Error {
	return &Error{http.StatusBadRequest, "authorization_declined", 70018, "The user declined the authorization request.", ""}
}

func errBadDeviceCode() *Error {
	return &Error{http.StatusBadRequest, "bad_verification_code", 70019, "The verification code is not valid.", ""}
}

func errBlocked() *Error {
	return grantError(53003, "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.")
}

func errDeviceCodeBlocked() *Error {
	return grantError(530036, "The refresh token is not valid for this authentication flow. Access has been blocked by an authentication flows policy.")
}

func errRevoked(at time.Time) *Error {
	return grantError(50173, "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. TokensValidFrom: %s.", at.UTC().Format(time.RFC3339))
}

func errFrequency(at time.Time, d time.Duration) *Error {
	return grantError(70043, "The refresh token has expired or is invalid due to sign-in frequency checks by conditional access. The token was issued on %s and the maximum allowed lifetime for this request is %d.", at.UTC().Format(time.RFC3339), int(d/time.Second))
}

func errMFA(claims string) *Error {
	e := grantError(50076, "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access the resource.")
	e.Claims = claims
	return e
}

func unixText(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// body is the envelope of section "Handling errors" of the OAuth 2.0 reference of Entra.
type body struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	Timestamp     string `json:"timestamp"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
	URI           string `json:"error_uri,omitempty"`
	Claims        string `json:"claims,omitempty"`
}

// fail writes an error answer.
func (a *Authority) fail(w http.ResponseWriter, r *http.Request, e *Error) {
	trace, correlation := uuid.NewString(), r.Header.Get("client-request-id")
	if correlation == "" {
		correlation = uuid.NewString()
	}
	stamp := a.config.Now().UTC().Format("2006-01-02 15:04:05Z")
	answer := body{
		Error: e.Name, Codes: []int{e.Code}, Timestamp: stamp, TraceID: trace, CorrelationID: correlation,
		Description: fmt.Sprintf("%s Trace ID: %s Correlation ID: %s Timestamp: %s", e.Error(), trace, correlation, stamp),
		URI:         fmt.Sprintf("%s/error?code=%d", rootOf(r), e.Code), Claims: e.Claims,
	}
	writeJSON(w, r, e.Status, answer)
}

// writeJSON writes an answer with the headers that the service always sends.
func writeJSON(w http.ResponseWriter, r *http.Request, status int, v any) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store, no-cache")
	h.Set("X-Ms-Request-Id", uuid.NewString())
	if id := r.Header.Get("client-request-id"); id != "" {
		h.Set("Client-Request-Id", id)
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client is gone: nobody to tell
}

// rootOf is the address that the client used.
func rootOf(r *http.Request) string {
	if r.TLS == nil {
		return "http://" + r.Host
	}
	return "https://" + r.Host
}
