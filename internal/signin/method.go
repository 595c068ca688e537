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

// built lists the ones that New accepts.
func built() []Method {
	return []Method{MethodDeviceCode, MethodClientSecret, MethodClientCertificate}
}

// check tells whether New can work with the method.
func (m Method) check() error {
	switch {
	case slices.Contains(built(), m):
		return nil
	case slices.Contains(Methods(), m):
		return fmt.Errorf("sign_in: %s is not built yet; use %s", m, list(built()))
	}
	return fmt.Errorf("sign_in: %s is not a way to sign in; use %s", text.Quote(string(m)), list(built()))
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
