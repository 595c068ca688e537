package config

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"reflect"
	"slices"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/tenants"
)

// Differences names the parts in which two configurations differ and which a running console cannot take over: they
// hold from the next start on. They are named as their keys are. What it can take over (views, console, read_only) is
// not named.
func Differences(before, after *Config) []string {
	var parts []string
	for _, part := range []struct {
		name string
		same bool
	}{
		{"home", sameHome(before.Home, after.Home)},
		{"clouds", maps.Equal(before.Clouds, after.Clouds)},
		{"tenants", reflect.DeepEqual(customersOf(before), customersOf(after))},
		{"sla", reflect.DeepEqual(targetsOf(before), targetsOf(after))},
		{"refresh", before.Refresh == after.Refresh},
		{"proxy", reflect.DeepEqual(before.proxy, after.proxy)},
		{"log_file", before.LogFile == after.LogFile},
	} {
		if !part.same {
			parts = append(parts, part.name)
		}
	}
	return parts
}

// sameHome compares what the keys of home say; what their cloud is belongs to clouds.
func sameHome(a, b Home) bool {
	return a.Tenant == b.Tenant && a.ClientID == b.ClientID && a.SignIn == b.SignIn && a.Cloud.Name == b.Cloud.Name &&
		a.ClientSecret.Reveal() == b.ClientSecret.Reveal() && a.ClientCertificateFile == b.ClientCertificateFile &&
		a.ClientCertificatePassword.Reveal() == b.ClientCertificatePassword.Reveal()
}

// customersOf gives the customers, each by what a running console holds on to: without the targets, without what can
// change at any time, and with its cloud by name.
func customersOf(c *Config) []tenants.Tenant {
	list := make([]tenants.Tenant, 0, len(c.Registry.All()))
	for _, t := range c.Registry.All() {
		one := *t
		one.SLA, one.ReadOnly, one.Cloud = nil, false, tenants.Cloud{Name: t.Cloud.Name}
		list = append(list, one)
	}
	return list
}

// targetsOf gives the targets of the customers that have any.
func targetsOf(c *Config) map[soc.TenantID]soc.SLATargets {
	targets := make(map[soc.TenantID]soc.SLATargets)
	for _, t := range c.Registry.All() {
		if len(t.SLA) > 0 {
			targets[t.ID] = t.SLA
		}
	}
	return targets
}

// Fingerprint names the customers that a configuration is for: 16 hexadecimal digits over the ids of the home tenant
// and of the customers, in any order. A saved session belongs to one of them.
func (c *Config) Fingerprint() string {
	ids := make([]string, 0, len(c.Registry.All()))
	for _, t := range c.Registry.All() {
		ids = append(ids, string(t.ID))
	}
	slices.Sort(ids)
	sum := sha256.New()
	for _, id := range append([]string{string(c.Home.Tenant)}, ids...) {
		sum.Write([]byte(id + "\n")) // a hash takes everything
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
