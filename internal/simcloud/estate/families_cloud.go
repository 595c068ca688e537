package estate

// cloudFamilies are incidents about cloud resources, containers, code and things.
func cloudFamilies(s sensors) []family {
	mid := [4]int{1, 3, 5, 1}
	return []family{
		{
			titles:      []string{"Container escape attempt in a Kubernetes cluster", "Suspicious workload in Kubernetes"},
			description: "A privileged container was started from an image that nobody deployed before.", severity: [4]int{0, 2, 5, 3}, outcome: "multiStagedAttack",
			forms: []form{
				alert(s.k8s, "Privileged container detected", "PrivilegeEscalation", "T1611", "kubernetesCluster kubernetesNamespace kubernetesPod container containerImage containerRegistry"),
				alert(s.k8s, "Access to Kubernetes secrets by an unusual service account", "CredentialAccess", "T1552.007", "kubernetesSecret kubernetesServiceAccount kubernetesCluster ip"),
				alert(s.k8s, "New exposed Kubernetes service", "InitialAccess", "T1133", "kubernetesService kubernetesController kubernetesNamespace"),
			},
		},
		{
			titles:      []string{"Unusual access to a storage account", "Malicious blob uploaded to a storage account"},
			description: "A shared access signature was used from {ip}.", severity: mid, outcome: "notEnoughDataToValidate",
			forms: []form{
				alert(s.cloud, "Unusual SAS token was used to access an Azure storage account from a public IP address", "Exfiltration", "T1530", "azureResource sasToken ip blobContainer"),
				alert(s.cloud, "Malicious blob uploaded to storage account", "LateralMovement", "T1105", "blob blobContainer azureResource fileHash"),
			},
		},
		{
			titles:      []string{"Access key of an AWS account used from an unusual place", "Multi-cloud incident: AWS and Google Cloud"},
			description: "Keys that were found in a repository are in use from {ip}.", severity: mid, outcome: "compromisedAccount",
			forms: []form{
				alert(s.cloud, "Suspicious use of an AWS access key", "CredentialAccess", "T1552.001", "amazonResource ip user"),
				alert(s.cloud, "Suspicious service account key creation in Google Cloud", "Persistence", "T1098.001", "googleCloudResource ip servicePrincipal"),
			},
		},
		{
			titles:      []string{"Secret pushed to a GitHub repository", "Unusual clone activity in GitHub"},
			description: "A personal access token cloned many repositories.", severity: mid, outcome: "confirmedActivity",
			forms: []form{
				alert(s.sentinel, "GitHub repository cloned by an unusual account", "Collection", "T1213.003", "gitHubRepo gitHubUser gitHubOrganization ip"),
				alert(s.sentinel, "Secret scanning alert in GitHub", "CredentialAccess", "T1552.001", "gitHubRepo gitHubUser"),
			},
		},
		{
			titles:      []string{"Programming of a PLC by an unauthorised device", "New device in the production network"},
			description: "A device that is not an engineering workstation programmed a controller.", severity: mid, outcome: "lineOfBusinessApplication",
			forms: []form{alert(s.iot, "Unauthorized PLC programming", "Impact", "T0843", "ioTDevice nic ip networkConnection")},
		},
		{
			titles:      []string{"Analytics rule: DNS queries to a mining pool", "Crypto mining on {dev}"},
			description: "", severity: [4]int{1, 5, 4, 0}, outcome: "malware",
			forms: []form{
				alert(s.sentinel, "DNS queries to a mining pool", "Impact", "T1496", "dns ip device"),
				alert(s.k8s, "Digital currency mining container detected", "Impact", "T1496", "container containerImage kubernetesPod"),
			},
		},
	}
}
