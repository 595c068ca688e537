package estate

import "strconv"

// mailFields are those of messages, mailboxes and chats.
func (w *witness) mailFields(kind string) object {
	u := w.users[0]
	switch kind {
	case "mailbox":
		return object{{"primaryAddress", u.upn}, {"upn", u.upn}, {"displayName", u.name}, {"userAccount", w.account(u)}}
	case "mailboxConfiguration":
		return object{{"mailboxPrimaryAddress", u.upn}, {"upn", u.upn}, {"externalDirectoryObjectId", u.oid}, {"configurationId", w.hex(20)},
			{"configurationType", pick(w.rng, []string{"userInboxRule", "mailForwardingRule", "mailDelegation"})}, {"displayName", pick(w.rng, []string{".", "..", "move invoices"})}}
	case "analyzedMessage":
		return w.message()
	case "mailCluster":
		return object{{"clusterBy", "Subject;P2SenderDomain;ContentType"}, {"clusterByValue", w.subject + ";" + w.domain + ";1"}, {"emailCount", w.between(2, 400)},
			{"query", "( (Subject:'" + w.subject + "') )"}, {"networkMessageIds", []string{w.guid(), w.guid()}}, {"urn", "urn:MailClusterEntity:" + w.hex(32)}}
	case "submissionMail":
		return object{{"networkMessageId", w.guid()}, {"recipient", u.upn}, {"reportType", "Phish"}, {"sender", w.sender}, {"senderIp", w.ip}, {"subject", w.subject},
			{"submissionDateTime", w.alert.Created}, {"submissionId", w.guid()}, {"submitter", u.upn}}
	case "teamsMessage":
		return w.chat()
	default:
		panic("estate: no such evidence: " + kind)
	}
}

func (w *witness) message() object {
	return object{
		{"networkMessageId", w.guid()}, {"internetMessageId", "<" + w.hex(16) + "@" + w.domain + ">"}, {"subject", w.subject}, {"language", "en"},
		{"senderIp", w.ip}, {"recipientEmailAddress", w.users[0].upn}, {"antiSpamDirection", "Inbound"},
		{"deliveryAction", pick(w.rng, []string{"Delivered", "DeliveredAsSpam", "Blocked"})}, {"deliveryLocation", pick(w.rng, []string{"Inbox", "JunkFolder", "Quarantine", "DeletedItems"})},
		{"urn", "urn:MailEntity:" + w.hex(32)}, {"threats", []string{"NormalPhish"}}, {"threatDetectionMethods", []string{"URL detonation reputation"}},
		{"urls", []string{w.url}}, {"urlCount", 1}, {"attachmentsCount", 0}, {"receivedDateTime", w.alert.First},
		{"p1Sender", object{{"emailAddress", w.sender}, {"displayName", nil}, {"domainName", w.domain}}},
		{"p2Sender", object{{"emailAddress", w.sender}, {"displayName", "Accounts " + strconv.Itoa(w.between(1, 9))}, {"domainName", w.domain}}},
	}
}

func (w *witness) chat() object {
	u := w.users[0]
	return object{
		{"campaignId", nil}, {"channelId", nil}, {"deliveryAction", "delivered"}, {"deliveryLocation", "teams"},
		{"files", []object{}}, {"groupId", nil}, {"isExternal", true}, {"isOwned", false}, {"lastModifiedDateTime", nil},
		{"messageDirection", "inbound"}, {"messageId", strconv.FormatInt(w.alert.Created.UnixMilli(), 10)}, {"owningTenantId", w.tenant.ID},
		{"parentMessageId", nil}, {"receivedDateTime", w.alert.First}, {"recipients", []string{u.upn}}, {"senderFromAddress", w.sender},
		{"senderIP", w.ip}, {"sourceAppName", "Teams"}, {"sourceId", nil}, {"subject", w.subject}, {"suspiciousRecipients", []string{}},
		{"threadId", "19:" + w.hex(32) + "@unq.gbl.spaces"}, {"threadType", "oneOnOneChat"},
		{"urls", []object{{{"@odata.type", odataType("url")}, {"url", w.url}}}},
	}
}
