// Package signin holds one identity and gets tokens with it in many tenants. New makes the Identity, SignIn does what
// needs a person, once, in the home tenant; after that For gives the tokens of one tenant for one resource, and asks
// nobody anything: a tenant in which that fails answers with a *soc.Problem that says what to do there, and the others
// go on.
//
// What it promises:
//   - Tokens are asked for at one authority and in the configured tenants only; another tenant is refused here, without
//     a request.
//   - A token is handed out only if its tid is the tenant that was asked and its aud the resource; whatever else the
//     authority sends is ProblemUnsafe.
//   - Continuous access evaluation is on (capability cp1), so tokens live up to a day and may be refused before that:
//     Invalidate makes the next one fresh.
//   - No secret and no token is in any error, format verb or log value.
//
// Everything may be used by many goroutines, and nothing here starts one: whoever needs a token fetches it, the others
// of that tenant wait for it or use the old one. azidentity holds a lock per credential across the network; an
// application therefore has a credential per tenant, while a person's one refresh token is behind one lock, which is
// waited for with the caller's context and held for tokenTimeout at most.
package signin
