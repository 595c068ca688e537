package estate

// signInFamilies are incidents about sign-ins.
func signInFamilies(s sensors) []family {
	mid := [4]int{0, 3, 6, 1}
	return []family{
		{
			titles:      []string{"Impossible travel activity involving {users}", "Unusual sign-in", "Atypical travel of {user}"},
			description: "{upn} signed in from {city} shortly after a sign-in from the usual place.", severity: [4]int{1, 5, 4, 0}, outcome: "compromisedAccount",
			forms: []form{
				alert(s.idp, "Atypical travel", "InitialAccess", "T1078.004", "user ip cloudLogonSession cloudLogonRequest"),
				alert(s.mcas, "Impossible travel activity", "InitialAccess", "T1078", "user ip cloudApplication"),
			},
		},
		{
			titles:      []string{"Password spray attack on {users}", "Unfamiliar sign-in properties involving {users}", "Brute force against {upn}"},
			description: "Many accounts received failed sign-ins from {ip}; at least one succeeded.", severity: mid, outcome: "compromisedAccount",
			forms: []form{
				alert(s.idp, "Password spray", "CredentialAccess", "T1110.003", "user ip"),
				alert(s.idp, "Unfamiliar sign-in properties", "InitialAccess", "T1078.004", "user ip cloudLogonRequest"),
				alert(s.sentinel, "Excessive failed sign-ins followed by success", "CredentialAccess", "T1110", "user ip"),
			},
		},
		{
			titles:      []string{"Stolen session cookie was used (AiTM)", "Adversary-in-the-middle incident involving {users} reported by multiple sources"},
			description: "A session of {upn} that was made behind a reverse-proxy phishing page is in use from {ip}.", severity: [4]int{0, 0, 3, 7}, outcome: "compromisedAccount", tags: []string{"AiTM attack"},
			forms: []form{
				alert(s.xdr, "Stolen session cookie was used", "CredentialAccess", "T1539 T1557", "user ip cloudLogonSession url"),
				alert(s.idp, "Anomalous token", "CredentialAccess", "T1528", "user ip cloudLogonRequest"),
				alert(s.mcas, "Suspicious MFA method added", "Persistence", "T1098.005", "user ip cloudApplication"),
			},
		},
	}
}

// identityFamilies are incidents about accounts, groups and applications.
func identityFamilies(s sensors) []family {
	mid := [4]int{0, 3, 6, 1}
	return []family{
		{
			titles:      []string{"Suspicious additions to sensitive groups", "Privilege escalation incident involving {users}"},
			description: "{upn} was added to a sensitive group outside of a change window.", severity: mid, outcome: "maliciousUserActivity",
			forms: []form{
				alert(s.mdi, "Suspicious additions to sensitive groups", "PrivilegeEscalation", "T1098", "user securityGroup device activeDirectoryDomain"),
				alert(s.mdi, "Suspected AD FS DKM key read", "CredentialAccess", "T1552.004", "device user"),
			},
		},
		{
			titles:      []string{"Suspicious OAuth app {app} was granted consent", "OAuth consent to an app with unusual permissions"},
			description: "{upn} consented to {app}, which asks for mail and file access and is not verified.", severity: mid, outcome: "maliciousUserActivity",
			forms: []form{
				alert(s.gov, "OAuth app with suspicious reply URL", "InitialAccess", "T1528", "oauthApplication user servicePrincipal"),
				alert(s.mcas, "Unusual addition of credentials to an OAuth app", "Persistence", "T1098.001", "oauthApplication servicePrincipal user ip"),
			},
		},
		{
			titles:      []string{"Reconnaissance using directory services queries from {dev}", "Kerberoasting activity on {dev}"},
			description: "{dev} asked for many service tickets with weak encryption.", severity: mid, outcome: "securityTesting",
			forms: []form{
				alert(s.mdi, "Suspected Kerberos SPN exposure", "CredentialAccess", "T1558.003", "device user securityGroup"),
				alert(s.mdi, "Security principal reconnaissance (LDAP)", "Discovery", "T1087.002 T1069.002", "device user activeDirectoryDomain dns"),
			},
		},
		{
			titles:      []string{"User reported an unexpected MFA prompt", "MFA fatigue against {users}"},
			description: "", severity: [4]int{2, 6, 2, 0}, outcome: "notMalicious",
			forms: []form{alert(s.idp, "User reported suspicious activity", "CredentialAccess", "T1621", "user ip cloudLogonRequest")},
		},
		{
			titles:      []string{"Defender Experts: suspicious activity by {users}", "Defender Experts for XDR notification about {dev}"},
			description: "Raised by Microsoft's analysts after hunting in your environment.", severity: [4]int{0, 1, 5, 4}, outcome: "multiStagedAttack",
			forms: []form{
				alert(sensor{"microsoft365Defender", "microsoftThreatExperts"}, "Defender Experts for Hunting notification", "SuspiciousActivity", "T1078 T1059", "device user process ip"),
				alert(s.ti, "Activity of a named threat actor", "CommandAndControl", "T1071", "ip dns url").named("Storm-1811"),
			},
		},
	}
}
