package soc

import (
	"slices"
	"strings"
)

func list(words []string) string { return strings.Join(words, ", ") }

func names[E ~string](values []E) []string {
	all := make([]string, len(values))
	for n, v := range values {
		all[n] = string(v)
	}
	return all
}

func severities() []string { return names(Severities()) }

func states() []string {
	return append(names([]State{StateNew, StateActive, StateAwaiting, StateResolved, StateRedirected, StateUnknown}), "open")
}

func classifications() []string {
	return names([]Classification{ClassificationTruePositive, ClassificationFalsePositive, ClassificationInformational, ClassificationUnknown})
}

func determinations() []string { return append(names(Determinations()), "unknown") }

func matchSeverity(v string) (matcher, *FilterError) {
	switch strings.ToLower(v) {
	case "med":
		v = string(SeverityMedium)
	case "info":
		v = string(SeverityInformational)
	}
	want, err := oneOf("severity", v, severities())
	return func(i *Incident, _ *Scope) bool { return i.Severity == Severity(want) }, err
}

func matchState(v string) (matcher, *FilterError) {
	want, err := oneOf("status", v, states())
	if want == "open" {
		return isOpen, nil
	}
	return func(i *Incident, _ *Scope) bool { return i.State == State(want) }, err
}

func isOpen(i *Incident, _ *Scope) bool { return i.State.Open() }

func isMine(i *Incident, s *Scope) bool { return s.Me.Owns(i.AssignedTo.String()) }

func isUnassigned(i *Incident, _ *Scope) bool { return i.AssignedTo.IsZero() }

func isExperts(i *Incident, _ *Scope) bool { return i.Experts() }

func isMissed(i *Incident, s *Scope) bool { return SLAOf(i, s.Now).State == SLAMissed }

func matchIs(v string) (matcher, *FilterError) {
	properties := []struct {
		name string
		is   matcher
	}{
		{"unassigned", isUnassigned},
		{"mine", isMine},
		{"experts", isExperts},
		{"open", isOpen},
		{"resolved", func(i *Incident, _ *Scope) bool { return i.State == StateResolved }},
		{"redirected", func(i *Incident, _ *Scope) bool { return i.State == StateRedirected }},
		{"missed", isMissed},
		{"altered", func(i *Incident, _ *Scope) bool { return i.Altered() }},
		{"foreign", func(i *Incident, _ *Scope) bool { return !i.ForeignTenant.IsZero() }},
	}
	known := make([]string, len(properties))
	for n, p := range properties {
		if strings.EqualFold(v, p.name) {
			return p.is, nil
		}
		known[n] = p.name
	}
	return nil, notKnown("property", v, known)
}

func matchTenant(v string, codes []Code) (matcher, *FilterError) {
	want, err := oneOf("customer", v, names(codes))
	return func(i *Incident, _ *Scope) bool { return i.Ref.Code == Code(want) }, err
}

func matchGroup(v string, groups []string) (matcher, *FilterError) {
	want, err := oneOf("group", v, groups)
	return func(i *Incident, _ *Scope) bool { return i.Tenant.InGroup(want) }, err
}

func matchOwner(v string) (matcher, *FilterError) {
	switch want := strings.ToLower(v); want {
	case "me":
		return isMine, nil
	case "none", "nobody", "unassigned":
		return isUnassigned, nil
	case "experts":
		return isExperts, nil
	default:
		n := newNeedle(want)
		return func(i *Incident, _ *Scope) bool { return n.in(i.AssignedTo.String()) }, nil
	}
}

// guest stands in the user principal name of a guest, between the name that it has at home and the domain of the host.
const guest = "#EXT#@"

// Owns tells whether the name that stands in an incident's assignedTo is this analyst: the UPN, the display name, or
// the UPN that a customer's tenant gives its guest (kai_northwind.example#EXT#@contoso.onmicrosoft.com), in any case.
func (a Analyst) Owns(owner string) bool {
	if owner == "" || !a.Known() {
		return false
	}
	upn := a.UPN.String()
	if strings.EqualFold(owner, upn) || (!a.Name.IsZero() && strings.EqualFold(owner, a.Name.String())) {
		return true
	}
	at, home := strings.LastIndexByte(upn, '@'), len(upn)
	return at > 0 && len(owner) > home+len(guest) && strings.EqualFold(owner[home:home+len(guest)], guest) &&
		owner[at] == '_' && strings.EqualFold(owner[:at], upn[:at]) && strings.EqualFold(owner[at+1:home], upn[at+1:])
}

func matchSource(v string) (matcher, *FilterError) {
	switch strings.ToLower(v) {
	case "d":
		v = string(SourceDefender)
	case "s":
		v = string(SourceSentinel)
	}
	want, err := oneOf("source", v, []string{string(SourceDefender), string(SourceSentinel), "both"})
	return func(i *Incident, _ *Scope) bool {
		defender, sentinel := i.knownTo()
		switch want {
		case string(SourceDefender):
			return defender
		case string(SourceSentinel):
			return sentinel
		}
		return defender && sentinel
	}, err
}

// knownTo tells which services know the incident; one that names none is known to the one that numbered it.
func (i *Incident) knownTo() (defender, sentinel bool) {
	for _, s := range i.Sources {
		defender = defender || s.Kind == SourceDefender
		sentinel = sentinel || s.Kind == SourceSentinel
	}
	if !defender && !sentinel {
		return i.Ref.Source != SourceSentinel, i.Ref.Source == SourceSentinel
	}
	return defender, sentinel
}

// services gives the workloads that detect (serviceSource of Graph's schema of 2026-08-20) their short words.
func services() []struct {
	product Product
	word    string
} {
	return []struct {
		product Product
		word    string
	}{
		{"microsoftDefenderForEndpoint", "Endpoint"},
		{"microsoftDefenderForIdentity", "Identity"},
		{"microsoftDefenderForOffice365", "Office365"},
		{"microsoftDefenderForCloudApps", "CloudApps"},
		{"azureAdIdentityProtection", "Entra"},
		{"microsoft365Defender", "XDR"},
		{"microsoftSentinel", "Sentinel"},
		{"microsoftDefenderForCloud", "Cloud"},
		{"microsoftAppGovernance", "Apps"},
		{"dataLossPrevention", "DLP"},
		{"microsoftDataLossPrevention", "DLP"},
		{"microsoftInsiderRiskManagement", "Insider"},
		{"microsoftThreatIntelligence", "Intel"},
		{"microsoftSecurityForAI", "AI"},
	}
}

// Word is the short name of the workload, as lists show it and filters ask for it; one that has none is its own.
func (p Product) Word() string {
	for _, s := range services() {
		if s.product == p {
			return s.word
		}
	}
	return string(p)
}

// serviceWords are the short words as one types them.
func serviceWords() []string {
	var all []string
	for _, s := range services() {
		if w := strings.ToLower(s.word); !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}

func matchService(v string) (matcher, *FilterError) {
	want, err := oneOf("service", v, serviceWords())
	var products []Product
	for _, s := range services() {
		if strings.EqualFold(s.word, want) {
			products = append(products, s.product)
		}
	}
	return func(i *Incident, _ *Scope) bool {
		return slices.ContainsFunc(i.Digest.Services, func(p Product) bool { return slices.Contains(products, p) })
	}, err
}

func matchClassification(v string) (matcher, *FilterError) {
	switch strings.ToLower(v) {
	case "tp":
		v = string(ClassificationTruePositive)
	case "fp":
		v = string(ClassificationFalsePositive)
	case "info":
		v = string(ClassificationInformational)
	}
	want, err := oneOf("classification", v, classifications())
	return func(i *Incident, _ *Scope) bool {
		return string(i.Classification) == want || (i.Classification == "" && want == string(ClassificationUnknown))
	}, err
}

func matchDetermination(v string) (matcher, *FilterError) {
	want, err := oneOf("determination", v, determinations())
	return func(i *Incident, _ *Scope) bool {
		return string(i.Determination) == want || (i.Determination == "" && want == "unknown")
	}, err
}
