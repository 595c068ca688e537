// Package graph is the client of Microsoft Graph for one tenant: security incidents, alerts with their evidence, who is
// signed in, and the name of the organisation. It fills the domain's types and knows nothing of screens or stores.
//
// Contract: a Client asks exactly one tenant, and every object that it returns belongs to that tenant, whatever the
// payload claims. A Client is safe for concurrent use and holds no goroutine. Authorisation, retries, budgets and the
// list of hosts belong to the http.Client that it is given; it adds no retry of its own but one: a list or an incident
// whose expanded alerts make the service answer 500 is read again without them.
//
// Requests are built by the SDK's request builders, so that paths and parameters are Microsoft's own. Answers are read
// by a streaming JSON decoder of this package, because the SDK's models take twenty times as long. Reading is tolerant:
// an old name, an unknown enum member, a missing or mistyped field costs that field at most; a record without a usable
// id is left out and counted.
//
// Every error that has to do with the service wraps a *soc.Problem. All text is made safe while it is read, and no
// string that is kept points into the buffer of a page.
package graph
