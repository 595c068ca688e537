package estate

import "strings"

// family is a kind of incident: what it is called, how bad it usually is, and the alerts that make it up.
type family struct {
	titles      []string
	description string
	severity    [4]int // weights of informational, low, medium, high
	outcome     string // determination when it was real
	tags        []string
	forms       []form
}

// form is a kind of alert within a family.
type form struct {
	title      string
	category   string
	techniques []string
	source     string // serviceSource
	detection  string // detectionSource
	threat     string
	kinds      []string // evidence types, without the suffix Evidence
}

// sensor pairs a serviceSource with a detectionSource.
type sensor struct{ source, detection string }

// sensors are the pairs that alerts come from.
type sensors struct {
	edr, av, smart, auto, mdi, mcas, o365, xdr, idp, dlp, gov, cloud, k8s, sentinel, insider, iot, custom, ai, ti sensor
}

func allSensors() sensors {
	const mde, o365, mdc = "microsoftDefenderForEndpoint", "microsoftDefenderForOffice365", "microsoftDefenderForCloud"
	return sensors{
		edr: sensor{mde, mde}, av: sensor{mde, "antivirus"}, smart: sensor{mde, "smartScreen"},
		auto: sensor{mde, "automatedInvestigation"}, mdi: sensor{"microsoftDefenderForIdentity", "microsoftDefenderForIdentity"},
		mcas: sensor{"microsoftDefenderForCloudApps", "cloudAppSecurity"}, o365: sensor{o365, o365},
		xdr: sensor{"microsoft365Defender", "microsoft365Defender"}, idp: sensor{"azureAdIdentityProtection", "azureAdIdentityProtection"},
		dlp: sensor{"dataLossPrevention", "microsoftDataLossPrevention"}, gov: sensor{"microsoftAppGovernance", "appGovernanceDetection"},
		cloud: sensor{mdc, "microsoftDefenderForStorage"}, k8s: sensor{mdc, "microsoftDefenderForContainers"},
		sentinel: sensor{"microsoftSentinel", "scheduledAlerts"}, insider: sensor{"microsoftInsiderRiskManagement", "microsoftInsiderRiskManagement"},
		iot: sensor{mdc, "microsoftDefenderForIoT"}, custom: sensor{"microsoft365Defender", "customDetection"},
		ai: sensor{"microsoftSecurityForAI", "microsoftDefenderForAIServices"}, ti: sensor{"microsoftThreatIntelligence", "microsoftThreatIntelligence"},
	}
}

// alert is shorthand for a form; techniques and kinds are separated by spaces.
func alert(s sensor, title, category, techniques, kinds string) form {
	return form{title: title, category: category, techniques: strings.Fields(techniques), source: s.source, detection: s.detection, kinds: strings.Fields(kinds)}
}

// named adds the name of the malware or actor.
func (f form) named(threat string) form {
	f.threat = threat
	return f
}

// allFamilies lists every family. The estate keeps the list; nobody changes it.
func allFamilies() []family {
	s := allSensors()
	var out []family
	out = append(out, attackFamilies(s)...)
	out = append(out, endpointFamilies(s)...)
	out = append(out, signInFamilies(s)...)
	out = append(out, identityFamilies(s)...)
	out = append(out, mailFamilies(s)...)
	out = append(out, dataFamilies(s)...)
	out = append(out, cloudFamilies(s)...)
	return out
}

// productName is what the portal calls a serviceSource.
func productName(source string) string {
	switch source {
	case "microsoftDefenderForEndpoint":
		return "Microsoft Defender for Endpoint"
	case "microsoftDefenderForIdentity":
		return "Microsoft Defender for Identity"
	case "microsoftDefenderForCloudApps":
		return "Microsoft Defender for Cloud Apps"
	case "microsoftDefenderForOffice365":
		return "Microsoft Defender for Office 365"
	case "microsoft365Defender":
		return "Microsoft Defender XDR"
	case "azureAdIdentityProtection":
		return "AAD Identity Protection"
	case "dataLossPrevention":
		return "Microsoft Data Loss Prevention"
	case "microsoftAppGovernance":
		return "App Governance Policy"
	case "microsoftDefenderForCloud":
		return "Microsoft Defender for Cloud"
	case "microsoftSentinel":
		return "Azure Sentinel"
	default:
		return ""
	}
}
