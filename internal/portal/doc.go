// Package portal makes links into the Defender portal.
//
// Its promise: a Link that has a URL is https, leads to the portal of the customer's own cloud, and carries exactly
// one tid, the customer's. A link without it, or with another one, opens another customer's incident with the same
// number. So nothing is ever taken over from a service unchecked: a link that the API handed out is used only where it
// says exactly what we would have said, and is made anew from the id otherwise.
//
// Values may be copied and used from any goroutine. The package does no I/O.
package portal
