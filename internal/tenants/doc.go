// Package tenants is the registry of the provider's customers and of the clouds they live in.
//
// A Registry is made once, from the configuration, and never changes: it and the tenants in it may be read from any
// goroutine, and nobody writes to them. It is the only place where a customer's code becomes a tenant, so that a word
// somebody typed either names exactly one customer or is refused with the nearest one offered. It does no I/O.
package tenants
