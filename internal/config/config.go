package config

import (
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/socctl/socctl/internal/secret"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
)

// SignIn is a way to get tokens.
type SignIn string

// The ways to sign in, by name. Whether one is built is the business of who signs in.
const (
	SignInBrowser           SignIn = "browser"
	SignInPaste             SignIn = "paste"
	SignInDeviceCode        SignIn = "device-code"
	SignInAzureCLI          SignIn = "azure-cli"
	SignInClientSecret      SignIn = "client-secret"
	SignInClientCertificate SignIn = "client-certificate"
	SignInWorkloadIdentity  SignIn = "workload-identity"
	SignInManagedIdentity   SignIn = "managed-identity"
)

// SignIns lists them, the default first.
func SignIns() []SignIn {
	return []SignIn{
		SignInBrowser, SignInPaste, SignInDeviceCode, SignInAzureCLI, SignInClientSecret, SignInClientCertificate,
		SignInWorkloadIdentity, SignInManagedIdentity,
	}
}

// needsClient tells whether the way needs an application of the provider's own.
func (s SignIn) needsClient() bool { return s != SignInAzureCLI && s != SignInManagedIdentity }

// Home is the provider's own tenant, and how its people sign in.
type Home struct {
	Tenant   soc.TenantID
	ClientID string // a GUID in lower case; may be empty for azure-cli and managed-identity
	SignIn   SignIn
	Cloud    tenants.Cloud

	ClientSecret              secret.Value // for client-secret, else empty
	ClientCertificateFile     string       // for client-certificate: a path, not opened yet
	ClientCertificatePassword secret.Value // for client-certificate; may be empty
}

// Config is a whole, checked configuration.
type Config struct {
	File     string // where it was read, empty where it came from variables alone
	Home     Home
	Clouds   map[string]tenants.Cloud // the built-in ones and the file's own
	Registry *tenants.Registry
	Views    []View // empty where none are configured
	Refresh  time.Duration
	ReadOnly bool   // for all customers that say nothing else; tenants.Tenant.ReadOnly holds for one
	LogFile  string // empty for none
	Console  Console

	proxy *httpproxy.Config
	dir   string // what stands beside the configuration is here; empty where no such place is known
}

// Beside gives the path of a file or a directory beside the configuration, such as keys.yaml, or an empty one where the
// configuration came from variables alone and there is no home directory either.
func (c *Config) Beside(name string) string {
	switch {
	case c.File != "":
		return filepath.Join(filepath.Dir(c.File), name)
	case c.dir != "":
		return filepath.Join(c.dir, name)
	}
	return ""
}

// ProxyFor gives the proxy for a request to target, or nil for none. The key proxy comes before the variable
// HTTPS_PROXY; NO_PROXY holds for both, and loopback is never asked through a proxy.
func (c *Config) ProxyFor(target *url.URL) (*url.URL, error) {
	if c.proxy == nil {
		return nil, nil
	}
	return c.proxy.ProxyFunc()(target)
}

// UsedClouds lists the clouds that the home tenant or a customer is in, each once, home's first.
func (c *Config) UsedClouds() []tenants.Cloud {
	used := []tenants.Cloud{c.Home.Cloud}
	for _, t := range c.Registry.All() {
		if !slices.Contains(used, t.Cloud) {
			used = append(used, t.Cloud)
		}
	}
	return used
}
