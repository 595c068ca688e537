package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/socctl/socctl/internal/secret"
	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// Options says who signs in, how, and where tokens may be asked for.
type Options struct {
	Home     soc.TenantID // the provider's own tenant
	ClientID string       // the provider's app
	Method   Method

	Authority                string         // https://host[:port] of the cloud's login; "" is the public cloud's
	DisableInstanceDiscovery bool           // for clouds that Microsoft's directory of clouds does not know
	Tenants                  []soc.TenantID // the customers; Home belongs to them in any case
	Scope                    string         // what SignIn asks for first; "" is Graph of the public cloud

	Secret              secret.Value // client-secret
	Certificate         secret.Value // client-certificate: the certificate and its key, PEM or PKCS#12
	CertificatePassword secret.Value

	// Ask shows a person what to do, and returns; its error stops the sign-in. Prompt does so for device-code alone.
	Ask    func(context.Context, Prompt) error
	Prompt func(context.Context, DeviceCode) error

	Open   func(url string) error // browser: opens one on this desktop; nil where there is none
	Tunnel string                 // browser over SSH: how ssh reaches this machine, see TunnelTarget
	Port   int                    // browser: of 127.0.0.1, for the answer; 0 is a free one

	Store Store           // keeps a person's sign-in for the next start; nil keeps it in memory only
	Warn  func(text.Line) // is told what goes wrong without stopping anything; may be nil

	TokenFile string // workload-identity: the file with the federated token; "" is AZURE_FEDERATED_TOKEN_FILE

	Base    http.RoundTripper // shared, see transport.NewBase
	Version string            // of socctl, for the User-Agent; "" is dev
	Now     func() time.Time  // nil is time.Now
}

const (
	publicAuthority = "https://login.microsoftonline.com"
	publicScope     = "https://graph.microsoft.com/.default"
)

// complete checks the options and fills in what was left out.
func (o Options) complete() (Options, error) {
	if err := o.Method.check(); err != nil {
		return o, err
	}
	if o.Ask == nil && !slices.Contains(withoutAsk(), o.Method) {
		return o, fmt.Errorf("sign_in: %s is not built yet; use %s", o.Method, list(withoutAsk()))
	}
	if _, err := soc.ParseTenantID(string(o.Home)); err != nil {
		return o, fmt.Errorf("home tenant: %w", err)
	}
	for _, t := range o.Tenants {
		if _, err := soc.ParseTenantID(string(t)); err != nil {
			return o, err // never a wildcard, never "common"
		}
	}
	if (o.ClientID != "" || o.Method.needsClient()) && (uuid.Validate(o.ClientID) != nil || len(o.ClientID) != 36) {
		return o, fmt.Errorf("client_id: %s is not an application id", text.Quote(o.ClientID))
	}
	if o.Base == nil {
		return o, errors.New("signin: there is no base to send requests with")
	}
	if err := o.needs(); err != nil {
		return o, err
	}
	if o.Authority == "" {
		o.Authority = publicAuthority
	}
	if err := checkAuthority(o.Authority); err != nil {
		return o, err
	}
	o.Authority = strings.TrimRight(o.Authority, "/")
	if o.Scope == "" {
		o.Scope = publicScope
	}
	if o.Version == "" {
		o.Version = "dev"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o, nil
}

// needs checks what the method cannot do without.
func (o Options) needs() error {
	switch {
	case o.Method == MethodClientSecret && o.Secret.IsZero():
		return errors.New("sign_in: client-secret needs a secret")
	case o.Method == MethodClientCertificate && o.Certificate.IsZero():
		return errors.New("sign_in: client-certificate needs a certificate with its key")
	case o.Method == MethodDeviceCode && o.Prompt == nil && o.Ask == nil:
		return errors.New("sign_in: device-code needs somebody to show the code to")
	case o.Method == MethodWorkloadIdentity && o.TokenFile == "" && os.Getenv("AZURE_FEDERATED_TOKEN_FILE") == "":
		return errors.New("sign_in: workload-identity needs AZURE_FEDERATED_TOKEN_FILE, as the platform sets it")
	case o.Port < 0 || o.Port > 65535:
		return fmt.Errorf("sign_in: browser: %d is no port", o.Port)
	}
	return nil
}

// checkAuthority accepts https://host[:port] and nothing more: MSAL drops a path when it changes tenants.
func checkAuthority(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("authority: %s is not of the form https://login.example", text.Quote(s))
	}
	return nil
}

// withoutAsk lists the methods for callers that show device codes and nothing else.
func withoutAsk() []Method {
	return []Method{MethodDeviceCode, MethodClientSecret, MethodClientCertificate}
}
