package simcloud

import (
	"crypto/x509"
	"time"

	"github.com/socctl/socctl/internal/simcloud/entra"
	"github.com/socctl/socctl/internal/simcloud/estate"
)

// Options describe a cloud. The zero value is the demo: 48 customers, 1,200 incidents, an event every five seconds.
type Options struct {
	Customers int    // 1 to 500; 0 means 48
	Incidents int    // at the start, over all customers; 0 means 1,200, below zero none
	Seed      uint64 // 0 means 1
	// Speed multiplies the rate of events: 1, the default, is one every five seconds over the whole estate. Below zero
	// nothing ever changes.
	Speed float64
	// Latency is what an answer of Graph takes; slow customers take slowFactor times as long. 0 answers at once.
	Latency time.Duration
	// TokenLatency is what an answer of Entra takes.
	TokenLatency time.Duration
	// Click makes the page of a sign-in wait for a person; otherwise it approves by itself.
	Click bool
	// Profiles says which customers, by code, misbehave and how. nil means estate.BuiltInProfiles; an empty map means none.
	Profiles map[string]Profile
	// PayloadDir holds published payloads (*.json) to serve byte for byte beside the invented ones; see Notices.
	PayloadDir string
	// AutoApprove signs the first user in on a device code after its first poll.
	AutoApprove bool
	// PollInterval is the pause that device code clients are told to make, in whole seconds; 0 means 5 s, and 1 s with
	// AutoApprove.
	PollInterval time.Duration
	// TokenLifetime of access tokens; 0 means 4,000 s.
	TokenLifetime time.Duration
	// Permissions that all tenants have consented to; nil means DefaultPermissions.
	Permissions []string
	// Certificate is registered with the confidential client, beside its secret.
	Certificate *x509.Certificate
	// Now is the clock of everything; nil means time.Now.
	Now func() time.Time
	// LogSize is how many requests Requests remembers; 0 means 4,096.
	LogSize int
}

// Profile is how a customer's cloud behaves.
type Profile = estate.Profile

// The profiles.
const (
	Normal    = estate.Normal
	NoAccess  = estate.NoAccess
	Throttled = estate.Throttled
	Slow      = estate.Slow
	Expand500 = estate.Expand500
)

// Policy is what a customer's Entra demands.
type Policy = entra.Policy

// Tenant describes a customer.
type Tenant = estate.Tenant

// Identifiers of the provider's applications, the same in every cloud and valid in every tenant.
const (
	PublicClientID       = "3d6b0f0c-0000-4000-8000-000000000002"
	ConfidentialClientID = "3d6b0f0c-0000-4000-8000-000000000004"
	ClientSecret         = "northwind-demo-secret" //nolint:gosec // opens nothing but this simulator
)

// The people of the provider. The first is signed in where nobody says otherwise.
const (
	Kai  = "kai@northwind.example"
	Mira = "mira@northwind.example"
	Jon  = "jon@northwind.example"
)

// DefaultPermissions is what the demo's tenants have consented to.
func DefaultPermissions() []string {
	return []string{"SecurityIncident.Read.All", "SecurityIncident.ReadWrite.All", "SecurityAlert.Read.All", "SecurityAlert.ReadWrite.All", "ThreatHunting.Read.All", "User.Read", "Organization.Read.All"}
}

const (
	defaultCustomers = 48
	defaultIncidents = 1200
	eventInterval    = 5 * time.Second
	slowFactor       = 60
)

// withDefaults fills in what is not set.
func (o Options) withDefaults() Options {
	if o.Customers == 0 {
		o.Customers = defaultCustomers
	}
	switch {
	case o.Incidents == 0:
		o.Incidents = defaultIncidents
	case o.Incidents < 0:
		o.Incidents = 0
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Speed == 0 {
		o.Speed = 1
	}
	if o.Profiles == nil {
		o.Profiles = estate.BuiltInProfiles()
	}
	if o.PollInterval == 0 {
		o.PollInterval = 5 * time.Second
		if o.AutoApprove {
			o.PollInterval = time.Second
		}
	}
	if o.TokenLifetime == 0 {
		o.TokenLifetime = 4000 * time.Second
	}
	if o.Permissions == nil {
		o.Permissions = DefaultPermissions()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.LogSize == 0 {
		o.LogSize = 4096
	}
	return o
}
