package soc

import "slices"

// FilterKey is a key of the filter language, for help, completion and docs/filter.md.
type FilterKey struct {
	Key     string
	Aliases []string // longer names that mean the same
	Meaning string
	Form    string   // what may follow the colon
	Values  []string // the words that may follow, or some that are often wanted; empty where they are the provider's own or the incidents'
	Example string
}

// FilterKeys lists the keys of the filter language.
func FilterKeys() []FilterKey {
	all := words(Vocabulary{})
	keys := make([]FilterKey, len(all))
	for n := range all {
		keys[n] = all[n].FilterKey
	}
	return keys
}

// filterWord is a key with what decides about its values.
type filterWord struct {
	FilterKey

	cost  cost
	asks  bool // its value "redirected" asks for what was merged away
	match func(value string) (matcher, *FilterError)
}

// findWord finds a key, which is in lower case, by its name or another.
func findWord(all []filterWord, key string) (*filterWord, bool) {
	n := slices.IndexFunc(all, func(w filterWord) bool { return w.Key == key || slices.Contains(w.Aliases, key) })
	if n < 0 {
		return nil, false
	}
	return &all[n], true
}

// words is the table of the language.
func words(known Vocabulary) []filterWord {
	return slices.Concat(stateWords(known), clockWords(), reachWords(known), verdictWords())
}

// stateWords are about where an incident stands, and with whom.
func stateWords(known Vocabulary) []filterWord {
	return []filterWord{
		{FilterKey: FilterKey{Key: "sev", Aliases: []string{"severity"}, Meaning: "the severity", Values: severities(),
			Form: "high, medium (med), low, informational (info), unknown", Example: "sev:high,medium"},
			match: matchSeverity},
		{FilterKey: FilterKey{Key: "status", Aliases: []string{"state"}, Meaning: "where it stands", Values: states(),
			Form:    "new, active, awaiting, resolved, redirected, unknown, or open: all but resolved and redirected",
			Example: "status:new,active"},
			asks: true, match: matchState},
		{FilterKey: FilterKey{Key: "tenant", Aliases: []string{"customer"}, Meaning: "the customer",
			Form: "a customer's code", Example: "tenant:CONT"},
			match: func(v string) (matcher, *FilterError) { return matchTenant(v, known.Codes) }},
		{FilterKey: FilterKey{Key: "group", Meaning: "the customers of a group", Form: "a group's name", Example: "group:gold"},
			match: func(v string) (matcher, *FilterError) { return matchGroup(v, known.Groups) }},
		{FilterKey: FilterKey{Key: "owner", Aliases: []string{"assigned"}, Meaning: "who has it", Values: []string{"me", "none", "experts"},
			Form: "me, none (nobody, unassigned), experts, or part of a name", Example: "owner:me"},
			match: matchOwner},
		{FilterKey: FilterKey{Key: "is", Meaning: "a property",
			Values: []string{"unassigned", "mine", "experts", "open", "resolved", "redirected", "missed", "altered", "foreign"},
			Form: "unassigned, mine, experts, open, resolved, redirected (merged into another), missed (its SLA), altered (its text held " +
				"what cannot be shown), foreign (it names another tenant)", Example: "is:unassigned,mine"},
			asks: true, match: matchIs},
	}
}

// clockWords are about times and numbers.
func clockWords() []filterWord {
	return []filterWord{
		{FilterKey: FilterKey{Key: "sla", Meaning: "the SLA clock", Values: []string{"missed", "risk", "running", "none"},
			Form: "missed, risk (15 minutes or less), running, none (nothing agreed)", Example: "sla:missed,risk"},
			match: matchSLA},
		{FilterKey: FilterKey{Key: "age", Meaning: "the time since it was created", Values: []string{"<1h", "<4h", "<1d", ">1d", ">7d"},
			Form: "<2h, <=2h, >1d, >=1d, or 2h: at most", Example: "age:<2h"},
			match: matchSpan("age", (*Incident).created)},
		{FilterKey: FilterKey{Key: "updated", Meaning: "the time since it was changed", Values: []string{"<1h", "<4h", "<1d", ">1d", ">7d"},
			Form: "as age", Example: "updated:>1d"},
			match: matchSpan("updated", (*Incident).updated)},
		{FilterKey: FilterKey{Key: "alerts", Meaning: "how many alerts it has", Values: []string{">1", ">5", ">10"},
			Form: ">5, >=5, <3, <=3, 5 or =5", Example: "alerts:>5"},
			match: matchAlerts},
	}
}

// reachWords are about what an incident is, names and reaches.
func reachWords(known Vocabulary) []filterWord {
	part := func(key, what, example string, kinds ...EntityKind) filterWord {
		return filterWord{FilterKey: FilterKey{Key: key, Meaning: what, Form: "part of the name", Example: example},
			cost: costList, match: matchEntity(kinds)}
	}
	return []filterWord{
		{FilterKey: FilterKey{Key: "title", Meaning: "the title", Form: "part of the title", Example: `title:"inbox rule"`},
			cost: costList, match: matchTitle},
		{FilterKey: FilterKey{Key: "alert", Meaning: "the title of one of its alerts", Form: "part of the title", Example: `alert:"malicious inbox rule"`},
			cost: costList, match: matchAlertTitle},
		{FilterKey: FilterKey{Key: "ref", Meaning: "the incident itself", Form: "a reference, or its number alone", Example: "ref:28282"},
			match: func(v string) (matcher, *FilterError) { return matchRef(v, known.Codes) }},
		{FilterKey: FilterKey{Key: "tag", Meaning: "a custom or system tag", Form: "part of the tag", Example: "tag:vip"},
			cost: costList, match: matchTag},
		{FilterKey: FilterKey{Key: "tech", Aliases: []string{"technique"}, Meaning: "a MITRE technique",
			Form:    "the beginning of its id: T1059 finds T1059.001",
			Example: "tech:T1059"},
			cost: costList, match: matchTechnique},
		part("device", "a device", "device:PC-23", EntityDevice),
		part("user", "a user, or a mailbox's owner", `user:"kai c"`, EntityUser, EntityMailbox),
		{FilterKey: FilterKey{Key: "ip", Aliases: []string{"address"}, Meaning: "an IP address", Form: "an address, or a network in CIDR form",
			Example: "ip:203.0.113.0/24"},
			cost: costList, match: matchAddress},
		part("file", "a file or process", "file:evil.exe", EntityFile),
		part("url", "a web address", "url:evil.example", EntityURL),
		part("app", "an application", "app:backup", EntityApp),
		part("mailbox", "a mailbox", "mailbox:invoices", EntityMailbox),
		part("entity", "anything that its alerts point at", "entity:fs-01"),
	}
}

// verdictWords are about who found it and what it was found to be.
func verdictWords() []filterWord {
	return []filterWord{
		{FilterKey: FilterKey{Key: "src", Aliases: []string{"source"}, Meaning: "the service that knows it",
			Values: []string{"defender", "sentinel", "both"},
			Form:   "defender (D), sentinel (S), both", Example: "src:sentinel"},
			match: matchSource},
		{FilterKey: FilterKey{Key: "service", Meaning: "the workload that detected", Values: serviceWords(), Form: list(serviceWords()),
			Example: "service:endpoint,identity"},
			match: matchService},
		{FilterKey: FilterKey{Key: "class", Aliases: []string{"classification"}, Meaning: "the classification", Values: classifications(),
			Form: "truePositive (tp), falsePositive (fp), informationalExpectedActivity (info), unknown", Example: "class:fp"},
			match: matchClassification},
		{FilterKey: FilterKey{Key: "det", Aliases: []string{"determination"}, Meaning: "the determination", Values: determinations(),
			Form: list(determinations()), Example: "det:phishing,malware"},
			match: matchDetermination},
	}
}
