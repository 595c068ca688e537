package signin

import (
	"fmt"
	"os"

	"github.com/socctl/socctl/internal/secret"
	"github.com/socctl/socctl/internal/soc"
)

// maxCertificate bounds the file of a certificate with its chain and key.
const maxCertificate = 1 << 20

// WithEnvironment fills what the options leave out from the standard variables AZURE_TENANT_ID, AZURE_CLIENT_ID,
// AZURE_CLIENT_SECRET, AZURE_CLIENT_CERTIFICATE_PATH, AZURE_CLIENT_CERTIFICATE_PASSWORD, AZURE_FEDERATED_TOKEN_FILE
// and AZURE_AUTHORITY_HOST. What the options say wins.
func WithEnvironment(o Options, getenv func(string) string) (Options, error) {
	if o.Home == "" {
		o.Home = soc.TenantID(getenv("AZURE_TENANT_ID"))
	}
	for target, name := range map[*string]string{
		&o.ClientID: "AZURE_CLIENT_ID", &o.TokenFile: "AZURE_FEDERATED_TOKEN_FILE", &o.Authority: "AZURE_AUTHORITY_HOST",
	} {
		if *target == "" {
			*target = getenv(name)
		}
	}
	if v := getenv("AZURE_CLIENT_SECRET"); v != "" && o.Method == MethodClientSecret && o.Secret.IsZero() {
		o.Secret = secret.New(v)
	}
	if o.Method != MethodClientCertificate || !o.Certificate.IsZero() {
		return o, nil
	}
	if path := getenv("AZURE_CLIENT_CERTIFICATE_PATH"); path != "" {
		info, err := os.Stat(path)
		if err != nil {
			return o, fmt.Errorf("AZURE_CLIENT_CERTIFICATE_PATH: %w", err)
		}
		if !info.Mode().IsRegular() || info.Size() > maxCertificate {
			return o, fmt.Errorf("AZURE_CLIENT_CERTIFICATE_PATH: %s is no file of up to 1 MiB", path)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return o, fmt.Errorf("AZURE_CLIENT_CERTIFICATE_PATH: %w", err)
		}
		o.Certificate = secret.New(string(b))
		if v := getenv("AZURE_CLIENT_CERTIFICATE_PASSWORD"); v != "" && o.CertificatePassword.IsZero() {
			o.CertificatePassword = secret.New(v)
		}
	}
	return o, nil
}
