package signin

import (
	"slices"

	"github.com/socctl/socctl/internal/soc"
)

// rule is what an error of the authority means for the analyst. In next, {consent} becomes the address where the
// tenant's administrator lets the console's app in.
type rule struct {
	codes []int    // AADSTS numbers
	names []string // or values of "error", for answers without a number
	kind  soc.ProblemKind
	what  string
	next  string
	final bool // asking again is useless until somebody signs in in another way
}

// rules is the table of graph-api 9.3, with the codes of Microsoft's reference that an analyst of many tenants meets.
func rules() []rule {
	return slices.Concat(accessRules(), policyRules(), signInRules(), setupRules(), passingRules())
}

// accessRules: the customer does not let us in.
func accessRules() []rule {
	const (
		request = "request access, or ask the customer's administrator for an invitation"
		consent = "the customer's administrator can let it in at {consent}"
	)
	return []rule{
		{codes: []int{50020, 90072, 51004}, kind: soc.ProblemNoAccess, what: "your account is not in this tenant yet", next: request},
		{codes: []int{50034}, kind: soc.ProblemNoAccess, what: "this tenant does not know your account", next: request},
		{codes: []int{50105}, kind: soc.ProblemNoAccess, what: "this tenant lets only assigned accounts use the console's app, and yours is not assigned", next: "ask the customer's administrator to assign your account"},
		{codes: []int{500212, 500213}, kind: soc.ProblemNoAccess, what: "the cross-tenant access settings block your account", next: "ask the customer's administrator"},
		{codes: []int{65001, 90008, 90094, 90095}, names: []string{"consent_required"}, kind: soc.ProblemNoAccess, what: "this tenant has not consented to the console's app", next: consent},
		{codes: []int{65004}, kind: soc.ProblemRefused, what: "the consent to the console's app was declined", next: consent},
		{codes: []int{700016}, kind: soc.ProblemNoAccess, what: "the console's app is not in this tenant yet", next: consent},
		{codes: []int{7000112}, kind: soc.ProblemNoAccess, what: "the console's app is disabled in this tenant", next: "ask the customer's administrator"},
		{codes: []int{500011, 650052}, kind: soc.ProblemNoAccess, what: "this service is not set up in this tenant", next: "the customer has no licence for it, or its administrator has to add it: {consent}"},
		{codes: []int{50057}, kind: soc.ProblemNoAccess, what: "your account is disabled", next: "ask your administrator"},
		{codes: []int{50053}, kind: soc.ProblemNoAccess, what: "your account is locked, or the sign-in came from a blocked address", next: "wait, or ask your administrator"},
	}
}

// policyRules: the tenant's Conditional Access says no.
func policyRules() []rule {
	const ask = "ask the customer's administrator; trying again does not help"
	return []rule{
		{codes: []int{53000, 530003}, kind: soc.ProblemNoAccess, what: "this tenant wants a compliant device", next: "sign in with the browser on such a device; a device code cannot prove it"},
		{codes: []int{53001}, kind: soc.ProblemNoAccess, what: "this tenant wants a device that is joined to a directory", next: "sign in with the browser on such a device; a device code cannot prove it"},
		{codes: []int{53002}, kind: soc.ProblemNoAccess, what: "this tenant allows only approved apps", next: ask},
		{codes: []int{53003}, kind: soc.ProblemNoAccess, what: "this tenant's Conditional Access blocks the sign-in", next: ask},
		{codes: []int{53004}, kind: soc.ProblemNoAccess, what: "this tenant sees a risk in your sign-in and does not let it enrol", next: ask},
		{codes: []int{530031, 530032, 530033, 530034, 530035}, kind: soc.ProblemNoAccess, what: "this tenant's security policy blocks the sign-in", next: ask},
		{codes: []int{530036}, kind: soc.ProblemNoAccess, what: "this tenant blocks sign-ins that began with a device code", next: "sign in with the browser (sign_in: browser)", final: true},
	}
}

// signInRules: the analyst has to do something.
func signInRules() []rule {
	const again = "sign in again"
	return []rule{
		{codes: []int{50076, 50074}, kind: soc.ProblemSignIn, what: "this tenant wants multi-factor authentication", next: "sign in again with multi-factor authentication"},
		{codes: []int{50079, 50072}, kind: soc.ProblemSignIn, what: "this tenant wants you to register for multi-factor authentication", next: "sign in to this tenant with the browser and register"},
		{codes: []int{50158}, kind: soc.ProblemSignIn, what: "this tenant wants its own additional check", next: "sign in to this tenant with the browser"},
		{codes: []int{50131, 50097, 50129}, kind: soc.ProblemSignIn, what: "this tenant wants to know your device", next: "sign in with the browser"},
		{codes: []int{700082, 700084, 70043, 70044, 50078, 50089, 70008, 54005}, kind: soc.ProblemSignIn, what: "your sign-in has expired", next: again},
		{codes: []int{50173, 50133, 50132}, kind: soc.ProblemSignIn, what: "your sign-in was revoked: the password was changed or the sessions were ended", next: again},
		{codes: []int{50055}, kind: soc.ProblemSignIn, what: "your password has expired", next: "change it and sign in again"},
		{codes: []int{50126}, kind: soc.ProblemSignIn, what: "user name or password are wrong", next: again},
		{codes: []int{16000, 16002, 50058, 50059}, names: []string{"interaction_required", "login_required"}, kind: soc.ProblemSignIn, what: "this tenant wants you to sign in yourself", next: again},
		{codes: []int{70016}, names: []string{"authorization_pending", "slow_down"}, kind: soc.ProblemSignIn, what: "the sign-in was not finished in time", next: again},
		{codes: []int{70019, 70020}, names: []string{"expired_token", "code_expired"}, kind: soc.ProblemSignIn, what: "the code has expired", next: again},
		{codes: []int{70018}, names: []string{"bad_verification_code"}, kind: soc.ProblemSignIn, what: "the code was not accepted", next: again},
		{names: []string{"authorization_declined", "access_denied"}, kind: soc.ProblemSignIn, what: "the sign-in was declined", next: again},
	}
}

// setupRules: the configuration or the app's registration is wrong.
func setupRules() []rule {
	return []rule{
		{codes: []int{90002, 900023, 900021}, names: []string{"invalid_tenant"}, kind: soc.ProblemRefused, what: "there is no such tenant in this cloud", next: "check the customer's id and cloud in the configuration"},
		{codes: []int{7000215}, kind: soc.ProblemRefused, what: "the client secret is wrong", next: "check the secret: its value is needed, not its id"},
		{codes: []int{7000218}, kind: soc.ProblemRefused, what: "the app wants a secret or a certificate", next: "allow public client flows in the app's registration, or sign in with a secret or certificate"},
		{codes: []int{7000222}, kind: soc.ProblemRefused, what: "the client secret has expired", next: "make a new one in the app's registration"},
		{codes: []int{700027}, kind: soc.ProblemRefused, what: "the certificate is not one of the app's", next: "upload it in the app's registration"},
		{codes: []int{700024}, kind: soc.ProblemRefused, what: "the certificate's statement is not valid at this time", next: "check this machine's clock"},
		{codes: []int{50194}, kind: soc.ProblemRefused, what: "the console's app is made for one tenant only", next: "set it to accounts in any organizational directory"},
		{codes: []int{70011, 1002012}, names: []string{"invalid_scope"}, kind: soc.ProblemRefused, what: "the authority does not know the service that the token is for", next: "check the cloud in the configuration"},
		{codes: []int{90009, 90014, 900144, 9002313}, kind: soc.ProblemRefused, what: "the authority did not understand the request", next: "report it with its request id"},
	}
}

// passingRules: the authority has trouble of its own.
func passingRules() []rule {
	return []rule{
		{codes: []int{90033, 90012, 50196}, names: []string{"temporarily_unavailable", "server_error"}, kind: soc.ProblemUnavailable, what: "the sign-in service cannot answer at the moment", next: "try again in a moment"},
	}
}

// ruleFor finds the rule of an error: by its number, and by its name only where it has no number, or where the name says
// more: a sign-in that was declined has the number of a mistyped code.
func ruleFor(e entraError) (rule, bool) {
	if e.name == "authorization_declined" {
		e.code = 0
	}
	for _, r := range rules() {
		if e.code != 0 && slices.Contains(r.codes, e.code) || e.code == 0 && slices.Contains(r.names, e.name) {
			return r, true
		}
	}
	return rule{}, false
}

// kindOfName sorts an error whose number is not in the table.
func kindOfName(e entraError) soc.ProblemKind {
	switch {
	case e.suberror == "consent_required", e.name == "consent_required":
		return soc.ProblemNoAccess
	case e.name == "invalid_grant", e.name == "interaction_required", e.name == "login_required":
		return soc.ProblemSignIn
	}
	return soc.ProblemRefused
}
