package signin

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"github.com/socctl/socctl/internal/soc"
)

const (
	// tokenTimeout bounds how long one tenant may hold a credential.
	tokenTimeout = 20 * time.Second
	// tryTimeout bounds one request to the authority.
	tryTimeout = 10 * time.Second
)

// slot is a credential and the turn at it. azidentity would make callers wait on a mutex, which no context ends.
type slot struct {
	cred azcore.TokenCredential
	turn chan struct{}
}

func newSlot(cred azcore.TokenCredential) *slot {
	return &slot{cred: cred, turn: make(chan struct{}, 1)}
}

// get asks the credential for a token once it is the caller's turn.
func (s *slot) get(ctx context.Context, o policy.TokenRequestOptions) (token azcore.AccessToken, seen *note, err error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return azcore.AccessToken{}, &note{}, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	ctx, seen = withNote(ctx)
	defer func() {
		if recover() != nil {
			err = errPanic // the value may quote an answer that holds a token
		}
	}()
	token, err = s.cred.GetToken(ctx, o)
	return token, seen, err
}

// errPanic stands for a panic in azidentity or MSAL over an answer that they did not expect.
var errPanic = errors.New("the answer could not be read")

// clientOptions is how azidentity uses the network: through the door, with one more try, telling nobody.
func clientOptions(o Options, d *door) policy.ClientOptions {
	return policy.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: o.Authority},
		Transport: d,
		Retry: policy.RetryOptions{
			MaxRetries: 1, RetryDelay: 500 * time.Millisecond, MaxRetryDelay: 5 * time.Second, TryTimeout: tryTimeout,
		},
		Telemetry: policy.TelemetryOptions{Disabled: true},
	}
}

// appCredentials makes the credential of one tenant from the app's key.
type appCredentials func(soc.TenantID) (azcore.TokenCredential, error)

// newAppCredentials reads the key once. Each tenant gets a credential that knows this tenant only, so that they do not
// wait for each other, and so that no list of tenants can be too long.
func newAppCredentials(o Options, d *door) (appCredentials, error) {
	client := clientOptions(o, d)
	switch o.Method {
	case MethodAzureCLI:
		return cliCredentials(), nil
	case MethodManagedIdentity:
		return managedCredentials(o, client), nil
	case MethodWorkloadIdentity:
		return func(t soc.TenantID) (azcore.TokenCredential, error) {
			return azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
				ClientOptions: client, ClientID: o.ClientID, TenantID: string(t), TokenFilePath: o.TokenFile,
				DisableInstanceDiscovery: o.DisableInstanceDiscovery,
			})
		}, nil
	case MethodClientSecret:
		return func(t soc.TenantID) (azcore.TokenCredential, error) {
			return azidentity.NewClientSecretCredential(string(t), o.ClientID, o.Secret.Reveal(), &azidentity.ClientSecretCredentialOptions{
				ClientOptions: client, DisableInstanceDiscovery: o.DisableInstanceDiscovery,
			})
		}, nil
	}
	certs, key, err := parseCertificate(o)
	if err != nil {
		return nil, err
	}
	return func(t soc.TenantID) (azcore.TokenCredential, error) {
		return azidentity.NewClientCertificateCredential(string(t), o.ClientID, certs, key, &azidentity.ClientCertificateCredentialOptions{
			ClientOptions: client, DisableInstanceDiscovery: o.DisableInstanceDiscovery,
		})
	}, nil
}

func parseCertificate(o Options) ([]*x509.Certificate, crypto.PrivateKey, error) {
	certs, key, err := azidentity.ParseCertificates([]byte(o.Certificate.Reveal()), []byte(o.CertificatePassword.Reveal()))
	if err != nil {
		return nil, nil, fmt.Errorf("sign_in: client-certificate: no certificate with its key in PEM or PKCS#12 form: %w", err)
	}
	return certs, key, nil
}
