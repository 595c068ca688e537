// Package simcloud is a simulated Microsoft cloud: Entra ID and Microsoft Graph v1.0 over real HTTPS on loopback, for the
// demo and for tests. It shows dozens of customers whose incidents arrive, change and merge while one watches, and it
// misbehaves where the real service does.
//
// It is written from the API reference alone, never from a client of it, and imports nothing of the module outside its
// own tree, so that simulator and client can catch each other's mistakes.
//
// Use New, then Start for a server with a certificate authority of its own, or Handler to serve it elsewhere. A Cloud is
// safe for concurrent use and has no goroutines; a Server owns its own and Close waits for them. The same Options give
// the same estate and the same history: see package estate. Keys, codes and request ids are random.
package simcloud
