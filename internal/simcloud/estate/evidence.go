package estate

import "strings"

// unknownKind is an evidence type that no published schema has, as the service adds one now and then.
const unknownKind = "quantumEntanglement"

// evidence makes the evidence of an alert: the same pieces whenever it is asked for.
func (a *Alert) evidence() []object {
	w := witness{rng: rng{newRNG(a.seed, "evidence").Rand}, alert: a, scene: a.scene}
	out := make([]object, 0, len(a.kinds)+2)
	for _, kind := range a.kinds {
		out = append(out, w.piece(kind))
		if kind == "device" && len(a.scene.devices) > 1 && w.chance(0.3) {
			out = append(out, w.typed(kind, w.device(1)))
		}
		if kind == "user" && len(a.scene.users) > 1 && w.chance(0.4) {
			out = append(out, w.typed(kind, w.user(1)))
		}
	}
	return out
}

// witness describes what was seen, in the fields of section "alertEvidence" of the Graph reference.
type witness struct {
	rng
	*scene
	alert *Alert
}

// piece makes one piece of evidence of a kind, with the fields that all kinds share.
func (w *witness) piece(kind string) object { return w.typed(kind, w.fields(kind)) }

func (w *witness) typed(kind string, fields object) object {
	a := w.alert
	var details any
	if w.chance(0.1) {
		details = "Entity was not found when the action ran."
	}
	o := object{
		{"@odata.type", odataType(kind)}, {"createdDateTime", a.Created},
		{"verdict", w.verdict(kind)}, {"remediationStatus", w.remediation()}, {"remediationStatusDetails", details},
		{"roles", w.roles(kind)}, {"detailedRoles", []string{}}, {"tags", w.tags()},
	}
	return append(o, fields...)
}

func odataType(kind string) string { return "#microsoft.graph.security." + kind + "Evidence" }

func (w *witness) verdict(kind string) string {
	switch {
	case kind == "device" || kind == "user" || kind == "mailbox":
		return pick(w.rng, []string{"unknown", "unknown", "suspicious"})
	case w.alert.Severity == "high":
		return pick(w.rng, []string{"malicious", "malicious", "suspicious"})
	default:
		return pick(w.rng, []string{"unknown", "suspicious", "malicious", "noThreatsFound"})
	}
}

// remediation includes the late members of evidenceRemediationStatus.
func (w *witness) remediation() any {
	return pick(w.rng, []any{"none", "none", "none", "prevented", "blocked", "remediated", "notFound",
		late("active"), late("pendingApproval"), late("partiallyRemediated")})
}

func (w *witness) roles(kind string) []string {
	switch kind {
	case "device":
		return pick(w.rng, [][]string{{}, {"compromised"}, {"attacked"}, {"source"}})
	case "ip", "networkConnection", "dns":
		return pick(w.rng, [][]string{{}, {"attacker"}, {"commandAndControl"}, {"source"}})
	default:
		return pick(w.rng, [][]string{{}, {}, {"contextual"}, {"suspicious"}})
	}
}

func (w *witness) tags() []string {
	if w.chance(0.1) {
		return []string{"Critical asset"}
	}
	return []string{}
}

// fields gives what a kind has beyond the shared fields.
func (w *witness) fields(kind string) object {
	switch {
	case kind == unknownKind:
		return object{{"qubits", 2}, {"observer", w.users[0].upn}, {"states", []string{"up", "down"}}, {"nested", object{{"collapsed", nil}}}}
	case strings.HasPrefix(kind, "kubernetes"), strings.HasPrefix(kind, "container"):
		return w.clusterFields(kind)
	case strings.HasPrefix(kind, "mail"), kind == "analyzedMessage", kind == "submissionMail", kind == "teamsMessage":
		return w.mailFields(kind)
	case strings.HasPrefix(kind, "gitHub"), strings.HasPrefix(kind, "blob"), kind == "sasToken", kind == "ioTDevice", kind == "nic", strings.HasSuffix(kind, "Resource"):
		return w.resourceFields(kind)
	case strings.HasPrefix(kind, "cloud"), kind == "oauthApplication", kind == "servicePrincipal", kind == "securityGroup",
		kind == "hostLogonSession", kind == "activeDirectoryDomain", kind == "aiAgent", kind == "user":
		return w.identityFields(kind)
	default:
		return w.endpointFields(kind)
	}
}
