// Package entra is the Entra ID of the simulated cloud: one authority per tenant that signs users and applications in
// over OAuth 2.0 and issues the tokens that the simulated Graph accepts.
//
// It answers the paths below /{tenant}/ that MSAL uses: OpenID configuration, keys, device code, authorise, token; and
// /common/discovery/instance. Errors have Entra's envelope and AADSTS texts. A token is for one tenant: its tid is the
// tenant whose endpoint issued it, and Verify trusts nothing else.
//
// Keys and codes come from crypto/rand and live as long as the Authority. Refresh tokens are sealed rather than stored,
// so they need no memory. An Authority is safe for concurrent use and has no goroutines.
package entra
