package graph

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/socctl/socctl/internal/soc"
	"github.com/socctl/socctl/internal/text"
)

const testTenantID = "0a1b2c3d-0000-4000-8000-000000000003"

func testTenant() *soc.Tenant {
	return &soc.Tenant{ID: testTenantID, Code: "CONT", Name: text.NewLine("Contoso Ltd")}
}

type object = map[string]any

// mustJSON writes v. Names are sorted, so that @odata.type comes first, as the service has it.
func mustJSON(tb testing.TB, v any) []byte {
	tb.Helper()
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// queuePage makes a page of incidents with their alerts and evidence, with the properties of the schema.
func queuePage(tb testing.TB, incidents, alerts, evidence int) []byte {
	tb.Helper()
	list := make([]object, incidents)
	for i := range list {
		list[i] = incidentObject(i)
		var under []object
		for a := range alerts {
			under = append(under, alertObject(i, a, evidence))
		}
		list[i]["alerts"] = under
	}
	return mustJSON(tb, object{
		"@odata.context":  "https://graph.microsoft.com/v1.0/$metadata#security/incidents(alerts())",
		"@odata.nextLink": "https://graph.microsoft.com/v1.0/security/incidents?$skiptoken=50",
		"value":           list,
	})
}

func at(minutes int) string {
	return time.Date(2026, 11, 20, 8, 0, 0, 553333300, time.UTC).Add(time.Duration(minutes) * time.Minute).Format("2006-01-02T15:04:05.9999999Z")
}

func incidentObject(i int) object {
	id := fmt.Sprint(28282 + i)
	return object{
		"id": id, "tenantId": testTenantID, "redirectIncidentId": nil,
		"incidentWebUrl": "https://security.microsoft.com/incident2/" + id + "/overview?tid=" + testTenantID,
		"displayName":    "Multi-stage incident involving Initial access & Command and control on endpoint " + id,
		"description":    strings.Repeat("Microsoft observed activity of a worm that spreads through infected USB devices. ", 4),
		"summary":        "Defender Experts has identified malicious activity.",
		"status":         "active", "severity": "high", "priorityScore": 90,
		"classification": "unknown", "determination": "unknown", "assignedTo": "kai@contoso.com",
		"customTags": []string{"Demo"}, "systemTags": []string{"Defender Experts"},
		"createdDateTime": at(i), "lastUpdateDateTime": at(i + 30),
		"lastModifiedBy": "Microsoft 365 Defender-AlertCorrelation", "resolvingComment": nil,
		"comments": []object{{"comment": "Looking into it", "createdByDisplayName": "mira@mssp.example", "createdDateTime": at(i + 5)}},
	}
}

func alertObject(i, a, evidence int) object {
	id := fmt.Sprintf("da6375512276775608%02d_-96144%04d", a, i)
	var pieces []object
	for e := range evidence {
		pieces = append(pieces, evidenceObject(i, a, e))
	}
	return object{
		"id": id, "providerAlertId": id, "incidentId": fmt.Sprint(28282 + i), "tenantId": testTenantID,
		"status": "new", "severity": "medium", "classification": "unknown", "determination": "unknown",
		"serviceSource": "microsoftDefenderForEndpoint", "detectionSource": "antivirus",
		"detectorId": "e0da400f-affd-43ef-b1d5-afc2eb6f2756", "productName": "Microsoft Defender for Endpoint",
		"title":              fmt.Sprintf("Suspicious execution of hidden file %d-%d", i, a),
		"description":        "A hidden file has been launched. This activity could indicate a compromised host. Attackers often hide files associated with malicious tools to evade file system inspection and defenses.",
		"recommendedActions": "Collect artifacts and determine scope\n\u2022\tReview the machine timeline for suspicious activities\n\u2022\tSubmit relevant files for deep analysis\n\nInitiate containment & mitigation \n\u2022\tContact the user to verify intent",
		"category":           "DefenseEvasion", "assignedTo": nil,
		"alertWebUrl":      "https://security.microsoft.com/alerts/" + id + "?tid=" + testTenantID,
		"incidentWebUrl":   "https://security.microsoft.com/incidents/28282?tid=" + testTenantID,
		"actorDisplayName": nil, "threatDisplayName": nil, "threatFamilyName": nil,
		"mitreTechniques": []string{"T1564.001", "T1059"},
		"createdDateTime": at(i + a), "lastUpdateDateTime": at(i + a + 1), "resolvedDateTime": nil,
		"firstActivityDateTime": at(i - 10), "lastActivityDateTime": at(i - 5),
		"comments": []object{}, "evidence": pieces,
	}
}

func evidenceObject(i, a, e int) object {
	o := object{
		"createdDateTime": at(i), "verdict": "suspicious", "remediationStatus": "none", "remediationStatusDetails": nil,
		"roles": []string{"compromised"}, "detailedRoles": []string{"Main device"}, "tags": []string{},
	}
	device := fmt.Sprintf("73e7e2de709dff64ef64b1d0c30e67fab632%04d", i)
	file := object{
		"sha1":     fmt.Sprintf("5f1e8acedc065031aad553b710838eb366cfe%03d", a),
		"sha256":   fmt.Sprintf("8963a19fb992ad9a76576c5638fd68292cffb9aaac29eb8285f9abf6196a7%03d", a),
		"fileName": fmt.Sprintf("MsSense%d.exe", a), "filePath": `C:\Program Files\temp`, "fileSize": 6136392,
		"filePublisher": "Microsoft Corporation", "signer": nil, "issuer": nil,
	}
	account := object{"accountName": "kai", "domainName": "CONTOSO", "userSid": fmt.Sprintf("S-1-5-21-%d", i), "azureAdUserId": nil,
		"userPrincipalName": fmt.Sprintf("kai.%d@contoso.com", i)}
	set := func(kind string, more object) {
		o["@odata.type"] = "#microsoft.graph.security." + kind
		for k, v := range more {
			o[k] = v
		}
	}
	switch e % 5 {
	case 0:
		set("deviceEvidence", object{"firstSeenDateTime": at(0), "mdeDeviceId": device, "azureAdDeviceId": nil,
			"deviceDnsName": fmt.Sprintf("PC-%d.contoso.com", i), "osPlatform": "Windows11", "osBuild": 22424, "version": "Other",
			"healthStatus": "active", "riskScore": "medium", "rbacGroupId": 75, "rbacGroupName": "UnassignedGroup",
			"onboardingStatus": "onboarded", "defenderAvStatus": "unknown", "ipInterfaces": []string{"10.1.1.1", "10.1.1.2"},
			"loggedOnUsers": []object{{"accountName": "kai", "domainName": "CONTOSO"}},
			"vmMetadata": object{"vmId": "ca1b0d41-5a3b-4d95-b48b-f220aed11d78", "cloudProvider": "azure",
				"resourceId":     "/subscriptions/8700d3a3/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm",
				"subscriptionId": "8700d3a3-3bb7-4fbe-a090-488a1ad04161"}})
	case 1:
		set("userEvidence", object{"userAccount": account})
	case 2:
		set("fileEvidence", object{"detectionStatus": "detected", "mdeDeviceId": device, "fileDetails": file})
	case 3:
		set("processEvidence", object{"processId": 4780, "parentProcessId": 668, "processCommandLine": `"MsSense.exe" -enc AAAA`,
			"processCreationDateTime": at(1), "parentProcessCreationDateTime": at(0), "detectionStatus": "detected",
			"mdeDeviceId": device, "imageFile": file, "parentProcessImageFile": file, "userAccount": account})
	case 4:
		set("ipEvidence", object{"ipAddress": fmt.Sprintf("203.0.113.%d", i), "countryLetterCode": "NL"})
	}
	return o
}
