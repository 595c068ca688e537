package estate

// mailFamilies are incidents that come by mail and chat.
func mailFamilies(s sensors) []family {
	return []family{
		{
			titles:      []string{"Phishing campaign: {subject}", "Email messages containing malicious URL removed after delivery involving {users}", "A potentially malicious URL click was detected involving one user"},
			description: "Messages from {sender} with a credential page behind {domain} reached mailboxes.", severity: [4]int{5, 4, 2, 0}, outcome: "phishing",
			forms: []form{
				alert(s.o365, "A potentially malicious URL click was detected", "InitialAccess", "T1566.002", "user url analyzedMessage mailbox"),
				alert(s.o365, "Email messages containing malicious URL removed after delivery", "InitialAccess", "T1566.002", "analyzedMessage mailCluster url mailbox"),
				alert(s.o365, "Email messages from a campaign removed after delivery", "InitialAccess", "T1566", "mailCluster analyzedMessage"),
			},
		},
		{
			titles:      []string{"Suspicious inbox rule", "Suspicious inbox manipulation rule involving {users}", "Inbox rule hides messages of {user}"},
			description: "A rule in the mailbox of {upn} moves messages about invoices to RSS Feeds.", severity: [4]int{0, 3, 6, 1}, outcome: "compromisedAccount", tags: []string{"BEC"},
			forms: []form{
				alert(s.mcas, "Suspicious inbox manipulation rule", "DefenseEvasion", "T1564.008 T1114.003", "user mailbox mailboxConfiguration ip"),
				alert(s.mcas, "Suspicious inbox forwarding", "Collection", "T1114.003", "mailboxConfiguration user cloudApplication"),
			},
		},
		{
			titles:      []string{"BEC: financial fraud attempt involving {users} (attack disruption)", "Business email compromise: {subject}"},
			description: "A reply in a running conversation asks for changed bank details. The mailbox of {upn} was used from {ip}.", severity: [4]int{0, 0, 3, 7}, outcome: "compromisedAccount", tags: []string{"BEC Fraud"},
			forms: []form{
				alert(s.xdr, "BEC-related credential harvesting attack", "CredentialAccess", "T1566.002", "user analyzedMessage url ip"),
				alert(s.xdr, "Possible BEC financial fraud", "Exfiltration", "T1534 T1657", "analyzedMessage mailbox user"),
				alert(s.mcas, "Suspicious email sending patterns", "LateralMovement", "T1534", "user mailbox ip"),
			},
		},
		{
			titles:      []string{"Email reported by user as malware or phish", "User-reported message: {subject}"},
			description: "{user} reported a message.", severity: [4]int{8, 3, 0, 0}, outcome: "notMalicious",
			forms: []form{alert(s.o365, "Email reported by user as malware or phish", "InitialAccess", "T1566", "submissionMail analyzedMessage user mailbox")},
		},
		{
			titles:      []string{"Malicious Teams message to {users}", "Teams chat with fake help desk"},
			description: "An external account wrote to {user} as the help desk and sent a link.", severity: [4]int{0, 3, 6, 2}, outcome: "phishing",
			forms: []form{
				alert(s.o365, "Teams message with malicious URL removed after delivery", "InitialAccess", "T1566.003", "teamsMessage url user"),
				alert(s.edr, "Possible use of Quick Assist by a threat actor", "Execution", "T1219", "device process user").named("Storm-1811"),
			},
		},
	}
}

// dataFamilies are incidents about information that leaves.
func dataFamilies(s sensors) []family {
	return []family{
		{
			titles:      []string{"DLP policy (Payment data) matched for email with subject ({subject}) involving one user", "DLP policy (Customer records) matched for document in OneDrive", "DLP policy (Source code) matched on {dev}"},
			description: "", severity: [4]int{3, 5, 2, 0}, outcome: "confirmedActivity",
			forms: []form{
				alert(s.dlp, "DLP policy (Payment data) matched for email", "Exfiltration", "T1567", "user mailbox file"),
				alert(s.dlp, "DLP policy (Customer records) matched for document", "Exfiltration", "T1567.002", "user file cloudApplication"),
			},
		},
		{
			titles:      []string{"Data exfiltration from {dev} to a personal cloud", "Mass download by {user}"},
			description: "{upn} copied an unusual amount of files.", severity: [4]int{0, 2, 6, 2}, outcome: "maliciousUserActivity",
			forms: []form{
				alert(s.mcas, "Mass download by a single user", "Exfiltration", "T1530", "user cloudApplication ip file"),
				alert(s.insider, "Potential data theft by a departing employee", "Exfiltration", "T1052", "user device file"),
				alert(s.edr, "Data exfiltration with rclone", "Exfiltration", "T1567.002", "device process networkConnection ip"),
			},
		},
		{
			titles:      []string{"Sensitive prompt injection against an AI agent", "AI agent disclosed internal data"},
			description: "A document told an agent to send its context to {domain}.", severity: [4]int{0, 3, 5, 1}, outcome: "other",
			forms: []form{alert(s.ai, "A jailbreak attempt on an AI model deployment was blocked", "InitialAccess", "T1190", "aiAgent user url azureResource")},
		},
	}
}
