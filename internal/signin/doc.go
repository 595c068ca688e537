// Package signin holds one identity and gets tokens with it in many tenants. New makes the Identity, SignIn does what
// needs a person, once, in the home tenant; after that For gives the tokens of one tenant for one resource, and asks
// nobody anything: a tenant in which that fails answers with a *soc.Problem that says what to do there, and the others
// go on. A problem with the cause ErrStepUp ends with StepUp, in that tenant alone.
//
// What it promises:
//   - Tokens are asked for at one authority and in the configured tenants only; another tenant is refused here, without
//     a request.
//   - A token is handed out only if its tid is the tenant that was asked and its aud the resource; whatever else the
//     authority sends is ProblemUnsafe.
//   - Continuous access evaluation is on (capability cp1), so tokens live up to a day and may be refused before that:
//     Invalidate makes the next one fresh, and Challenge one that fulfils what the service asks for.
//   - A browser is opened by the function that the caller gives, on a desktop, or not at all. The port for its answer is
//     open on 127.0.0.1 while a sign-in lasts, and takes one answer, with the right state.
//   - No secret and no token is in any error, format verb or log value.
//
// Everything may be used by many goroutines. A token that is held is handed out without a lock; one that has to be
// fetched is fetched by whoever needs it, while the others of that tenant wait or use the old one. A person's tenants
// share one refresh token, of which the newest is used, and no lock is held over the network: MSAL has none, and
// azidentity, which has one per credential, gets a credential per tenant for an application. Warm and Keep fetch tokens
// before anybody needs them; they, and the port for a browser's answer, are all that starts goroutines, and they wait
// for them.
package signin
