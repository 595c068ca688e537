package graph

import (
	"strings"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

// parseProduct reads a serviceSource in any case (schema of 2026-08-20). An unknown member is kept, made safe.
func parseProduct(b []byte) soc.Product {
	for _, p := range [...]soc.Product{
		"microsoftDefenderForEndpoint", "microsoftDefenderForIdentity", "microsoftDefenderForCloudApps",
		"microsoftDefenderForOffice365", "microsoft365Defender", "azureAdIdentityProtection", "microsoftAppGovernance",
		"dataLossPrevention", "microsoftDefenderForCloud", "microsoftSentinel", "microsoftInsiderRiskManagement",
		"microsoftThreatIntelligence", "microsoftSecurityForAI",
	} {
		if strings.EqualFold(string(b), string(p)) {
			return p
		}
	}
	return soc.Product(unlessUnknown(b))
}

// parseDetection reads a detectionSource in any case. Those that the program decides by or that come often have their
// known spelling; all others are kept as they came, made safe.
func parseDetection(b []byte) soc.Detection {
	for _, d := range [...]soc.Detection{
		"microsoftDefenderForEndpoint", "antivirus", "customDetection", "microsoftDefenderForOffice365",
		"microsoftDefenderForIdentity", "automatedInvestigation", "microsoftSentinel", "scheduledAlerts", "nrtAlerts",
		soc.DetectionExperts, "cloudAppSecurity", "microsoft365Defender", "azureAdIdentityProtection", "smartScreen",
		"customTi", "manual", "microsoftDataLossPrevention", "microsoftDefenderForCloud", "builtInMl",
	} {
		if strings.EqualFold(string(b), string(d)) {
			return d
		}
	}
	return soc.Detection(unlessUnknown(b))
}

// unlessUnknown gives nothing for the words that mean nothing.
func unlessUnknown(b []byte) string {
	s := string(b)
	if strings.EqualFold(s, "unknown") || strings.EqualFold(s, "unknownFutureValue") {
		return ""
	}
	return text.Escape(s)
}
