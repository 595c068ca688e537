package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
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

	Base    http.RoundTripper                       // shared, see transport.NewBase
	Prompt  func(context.Context, DeviceCode) error // device-code: shows the code; its error stops the sign-in
	Version string                                  // of socctl, for the User-Agent; "" is dev
	Now     func() time.Time                        // nil is time.Now
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
	if _, err := soc.ParseTenantID(string(o.Home)); err != nil {
		return o, fmt.Errorf("home tenant: %w", err)
	}
	for _, t := range o.Tenants {
		if _, err := soc.ParseTenantID(string(t)); err != nil {
			return o, err // never a wildcard, never "common"
		}
	}
	if uuid.Validate(o.ClientID) != nil || len(o.ClientID) != 36 {
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
	case o.Method == MethodDeviceCode && o.Prompt == nil:
		return errors.New("sign_in: device-code needs somebody to show the code to")
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
