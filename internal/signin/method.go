package signin

import (
	"fmt"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/text"
)

// Method is a way to sign in: home.sign_in of the configuration.
type Method string

// The ways to sign in.
const (
	MethodBrowser           Method = "browser"
	MethodPaste             Method = "paste"
	MethodDeviceCode        Method = "device-code"
	MethodAzureCLI          Method = "azure-cli"
	MethodClientSecret      Method = "client-secret"
	MethodClientCertificate Method = "client-certificate"
	MethodWorkloadIdentity  Method = "workload-identity"
	MethodManagedIdentity   Method = "managed-identity"
)

// Methods lists all ways to sign in, as the configuration names them.
func Methods() []Method {
	return []Method{
		MethodBrowser, MethodPaste, MethodDeviceCode, MethodAzureCLI, MethodClientSecret,
		MethodClientCertificate, MethodWorkloadIdentity, MethodManagedIdentity,
	}
}

// person tells whether somebody signs in here, with the tokens of MSAL.
func (m Method) person() bool {
	return m == MethodBrowser || m == MethodPaste || m == MethodDeviceCode
}

// App tells whether the tokens are an application's: what is written with them shows no analyst in the customer's audit.
func (m Method) App() bool {
	return !m.person() && m != MethodAzureCLI
}

// needsClient tells whether the method needs an application id.
func (m Method) needsClient() bool { return m != MethodAzureCLI && m != MethodManagedIdentity }

// check tells whether there is such a way to sign in.
func (m Method) check() error {
	if slices.Contains(Methods(), m) {
		return nil
	}
	return fmt.Errorf("sign_in: %s is not a way to sign in; use %s", text.Quote(string(m)), list(Methods()))
}

// list joins names as a sentence does: a, b or c.
func list(methods []Method) string {
	names := make([]string, len(methods))
	for i, m := range methods {
		names[i] = string(m)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
