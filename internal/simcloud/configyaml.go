package simcloud

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/socctl/socctl/internal/simcloud/estate"
)

// ConfigOptions say what a configuration for a simulated cloud contains.
type ConfigOptions struct {
	SignIn string // device-code, the default, or another of the documented names; client-secret takes the confidential client
	CAFile string // where CAPEM was written
}

// ConfigYAML is a configuration file of socctl for this server: its cloud, its customers, and a service level for each of
// their levels. A secret is not in it.
func (s *Server) ConfigYAML(o ConfigOptions) []byte {
	if o.SignIn == "" {
		o.SignIn = "device-code"
	}
	client := PublicClientID
	if o.SignIn == "client-secret" || o.SignIn == "client-certificate" {
		client = ConfidentialClientID
	}
	var b bytes.Buffer
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	home := s.cloud.Home()
	line("home:\n  tenant: %s\n  client_id: %s\n  sign_in: %s\n  cloud: sim", yamlText(home.ID), yamlText(client), yamlText(o.SignIn))
	line("clouds:\n  sim:\n    authority: %[1]s\n    graph: %[1]s\n    resource_manager: %[1]s\n    portal: %[2]s", yamlText(s.url), yamlText("https://security.microsoft.com"))
	if o.CAFile != "" {
		line("    ca_file: %s", yamlText(o.CAFile))
	}
	line("tenants:")
	for _, t := range s.cloud.Tenants() {
		groups := make([]string, len(t.Groups))
		for i, g := range t.Groups {
			groups[i] = yamlText(g)
		}
		line("  - code: %s\n    name: %s\n    id: %s\n    domain: %s\n    groups: [%s]", yamlText(t.Code), yamlText(t.Name), yamlText(t.ID), yamlText(t.Domain), strings.Join(groups, ", "))
	}
	line("sla:")
	for _, level := range []string{"gold: {high: 30m, medium: 4h, low: 24h}", "silver: {high: 1h, medium: 8h, low: 48h}", "bronze: {high: 4h, medium: 24h, low: 72h}"} {
		group, _, _ := strings.Cut(level, ":")
		if slices.ContainsFunc(s.cloud.Tenants(), func(t Tenant) bool { return slices.Contains(t.Groups, group) }) {
			line("  %s", level)
		}
	}
	return b.Bytes()
}

// yamlText quotes what YAML could take for something else than text. Quoted text escapes as JSON does.
func yamlText(s string) string {
	plain := s != "" && strings.IndexFunc(s, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		return !letter && (r < '0' || r > '9') && !strings.ContainsRune("-_./", r)
	}) < 0
	first := s[:min(len(s), 1)]
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		plain = false
	}
	if plain && (first >= "A" && first <= "Z" || first >= "a" && first <= "z" || first == "/") {
		return s
	}
	if strings.HasPrefix(s, "https://") && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r == '#' || r > 0x7e }) < 0 && !strings.HasSuffix(s, ":") {
		return s
	}
	return string(estate.AppendText(nil, s))
}
