package estate

// attackFamilies are incidents in which somebody works on devices.
func attackFamilies(s sensors) []family {
	mid, bad := [4]int{0, 2, 7, 1}, [4]int{0, 0, 4, 6}
	return []family{
		{
			titles:      []string{"Ransomware activity on {dev}", "Possible ransomware activity based on a known malicious extension on {devices}", "Multi-stage incident involving Ransomware & Lateral movement on {devices}"},
			description: "Files on {dev} were encrypted in quick succession and shadow copies were deleted. Activity started under the account {upn}.",
			severity:    bad, outcome: "multiStagedAttack", tags: []string{"Ransomware"},
			forms: []form{
				alert(s.edr, "Ransomware behavior detected in the file system", "Ransomware", "T1486 T1490", "device file process user malware").named("Akira"),
				alert(s.edr, "File backups were deleted", "Impact", "T1490", "device process user"),
				alert(s.av, "'Akira' ransomware was prevented", "Ransomware", "T1486", "device file fileHash").named("Akira"),
				alert(s.edr, "Suspicious remote session", "LateralMovement", "T1021.002 T1570", "device hostLogonSession ip networkConnection"),
			},
		},
		{
			titles:      []string{"Multi-stage incident: initial access and C2", "Multi-stage incident involving Initial access & Command and control on {devices} reported by multiple sources", "Connection to a known C2 address from {dev}"},
			description: "{dev} connected to {ip}, which is known infrastructure of human-operated attacks. A script that {user} opened came first.",
			severity:    [4]int{0, 0, 5, 5}, outcome: "multiStagedAttack", tags: []string{"C2", "Command and control"},
			forms: []form{
				alert(s.edr, "Suspicious execution of hidden file", "DefenseEvasion", "T1564.001 T1059.001", "device file process registryKey"),
				alert(s.edr, "Connection to a known C2 address", "CommandAndControl", "T1071.001", "device ip networkConnection dns url").named("Cobalt Strike"),
				alert(s.smart, "Connection to adversary-in-the-middle (AiTM) phishing site", "InitialAccess", "T1566.002", "device url user"),
				alert(s.edr, "Suspicious scheduled task", "Persistence", "T1053.005", "device process registryValue user"),
			},
		},
		{
			titles:      []string{"Credential dumping on {dev}", "Sensitive credential memory read on {devices}", "'Mimikatz' credential theft tool on {dev}"},
			description: "A process on {dev} read the memory of lsass.exe.", severity: [4]int{0, 0, 5, 5}, outcome: "malware",
			forms: []form{
				alert(s.edr, "Sensitive credential memory read", "CredentialAccess", "T1003.001", "device process user file"),
				alert(s.av, "'Mimikatz' credential theft tool was detected", "CredentialAccess", "T1003", "device file malware").named("Mimikatz"),
				alert(s.mdi, "Suspected DCSync attack (replication of directory services)", "CredentialAccess", "T1003.006", "device user activeDirectoryDomain"),
			},
		},
		{
			titles:      []string{"Hands-on-keyboard attack was launched from a compromised account (attack disruption)", "Hands-on-keyboard attack involving multiple devices including {dev}"},
			description: "An operator works interactively on {dev} as {upn}. Automatic attack disruption contained the account.",
			severity:    [4]int{0, 0, 0, 1}, outcome: "multiStagedAttack", tags: []string{"Attack disruption"},
			forms: []form{
				alert(s.xdr, "Potential human-operated malicious activity", "LateralMovement", "T1021.001 T1059.003", "device user process ip"),
				alert(s.edr, "Suspicious remote activity", "LateralMovement", "T1021", "device networkConnection ip"),
				alert(s.edr, "Anomalous account lookups", "Discovery", "T1087.002", "device process user"),
				alert(s.edr, "Attempt to turn off Microsoft Defender Antivirus protection", "DefenseEvasion", "T1562.001", "device process registryValue"),
			},
		},
		{
			titles:      []string{"Lateral movement from {dev} using remote services", "Suspicious WMI process creation on {devices}"},
			description: "Several devices were reached from {dev} with one account within minutes.", severity: mid, outcome: "maliciousUserActivity",
			forms: []form{
				alert(s.edr, "Suspicious service launched through SMB", "LateralMovement", "T1021.002 T1543.003", "device process user registryKey"),
				alert(s.mdi, "Remote code execution attempt", "Execution", "T1569.002", "device user ip hostLogonSession"),
				alert(s.mdi, "Suspected identity theft (pass-the-ticket)", "LateralMovement", "T1550.003", "device user ip"),
			},
		},
	}
}

// endpointFamilies are the everyday incidents of devices.
func endpointFamilies(s sensors) []family {
	low, mid, bad := [4]int{1, 6, 3, 0}, [4]int{0, 2, 7, 1}, [4]int{0, 0, 4, 6}
	return []family{
		{
			titles:      []string{"'{file}' malware was prevented on {dev}", "Malware incident on {devices}", "'Emotet' malware was detected on {dev}"},
			description: "Antivirus stopped a file on {dev}.", severity: [4]int{5, 5, 1, 0}, outcome: "malware",
			forms: []form{
				alert(s.av, "'Wacatac' malware was prevented", "Malware", "T1204.002", "device file malware").named("Trojan:Win32/Wacatac"),
				alert(s.auto, "An active 'Wacatac' malware was blocked", "Malware", "T1204", "device file process fileHash"),
			},
		},
		{
			titles:      []string{"Suspicious PowerShell command line on {dev}", "Execution incident on {devices}"},
			description: "PowerShell ran an encoded command that downloads content.", severity: mid, outcome: "maliciousUserActivity",
			forms: []form{
				alert(s.edr, "Suspicious PowerShell command line", "Execution", "T1059.001 T1027", "device process user url"),
				alert(s.edr, "Suspicious process executed PowerShell command", "Execution", "T1059.001", "device process file"),
				alert(s.custom, "Encoded PowerShell by an unusual parent", "Execution", "T1059.001", "device process"),
			},
		},
		{
			titles:      []string{"Unwanted software on {dev}", "Automated investigation started manually on {devices}", "Remote management tool on {dev}"},
			description: "", severity: low, outcome: "unwantedSoftware",
			forms: []form{
				alert(s.av, "'PUABundler' unwanted software was prevented", "UnwantedSoftware", "", "device file"),
				alert(s.auto, "Automated investigation started manually", "SuspiciousActivity", "", "device"),
			},
		},
		{
			titles:      []string{"Exploit activity against an internet-facing server {dev}", "Web shell on {dev}"},
			description: "A web server process on {dev} wrote and started a script.", severity: bad, outcome: "multiStagedAttack",
			forms: []form{
				alert(s.edr, "Possible web shell installation", "Persistence", "T1505.003 T1190", "device file process ip url"),
				alert(s.edr, "Suspicious process launched by a web server", "InitialAccess", "T1190", "device process user nic"),
			},
		},
	}
}
