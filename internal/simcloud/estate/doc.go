// Package estate invents the customers of the simulated cloud and what happens to them: tenants, incidents, alerts and
// evidence in the words of Microsoft Graph v1.0, hostile and odd records among them, and a history that goes on while
// somebody watches.
//
// Everything follows from Config.Seed: the same seed gives the same estate, and the same history as a function of the
// time since Config.Start, whatever the steps in which it is looked at. There is no goroutine; a tenant catches up with
// its history when View asks for it. A tenant is generated at first use and has a lock of its own: tenants never wait
// for each other.
//
// The wire format is that of the Graph types microsoft.graph.security.incident, alert, alertEvidence and their
// relatives. The package knows no HTTP and no tokens.
package estate
