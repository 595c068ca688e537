package estate

import "time"

// clusterFields are those of containers and Kubernetes.
func (w *witness) clusterFields(kind string) object {
	nested := func(kind string) object {
		return append(object{{"@odata.type", odataType(kind)}}, w.clusterFields(kind)...)
	}
	switch kind {
	case "kubernetesCluster":
		return object{{"name", "aks-prod"}, {"distribution", nil}, {"platform", "aks"}, {"version", "1.33.2"},
			{"cloudResource", append(object{{"@odata.type", odataType("azureResource")}}, w.azure("Microsoft.ContainerService/managedClusters", "aks-prod")...)}}
	case "kubernetesNamespace":
		return object{{"name", "payments"}, {"cluster", nested("kubernetesCluster")}, {"labels", object{{"team", "payments"}}}}
	case "kubernetesController":
		return object{{"name", "api"}, {"namespace", nested("kubernetesNamespace")}, {"type", "Deployment"}, {"labels", object{{"app", "api"}}}}
	case "kubernetesServiceAccount":
		return object{{"name", "default"}, {"namespace", nested("kubernetesNamespace")}}
	case "kubernetesSecret":
		return object{{"name", "db-credentials"}, {"namespace", nested("kubernetesNamespace")}, {"secretType", "Opaque"}}
	case "kubernetesPod":
		return object{{"name", "api-" + w.hex(5)}, {"namespace", nested("kubernetesNamespace")}, {"controller", nested("kubernetesController")},
			{"serviceAccount", nested("kubernetesServiceAccount")}, {"podIp", w.nestedIP(w.privateIP())}, {"labels", object{{"app", "api"}}},
			{"containers", []object{nested("container")}}, {"initContainers", []object{}}, {"ephemeralContainers", []object{}}}
	case "kubernetesService":
		return object{{"name", "api-public"}, {"namespace", nested("kubernetesNamespace")}, {"serviceType", "loadBalancer"}, {"clusterIP", w.nestedIP(w.privateIP())},
			{"externalIPs", []object{w.nestedIP(w.ip)}}, {"labels", object{}}, {"selector", object{{"app", "api"}}},
			{"servicePorts", []object{{{"name", "https"}, {"port", 443}, {"nodePort", 30443}, {"targetPort", "8443"}, {"protocol", "tcp"}, {"appProtocol", nil}}}}}
	case "container":
		return object{{"containerId", w.hex(64)}, {"name", "xmrig"}, {"image", nested("containerImage")}, {"args", []string{"--donate-level", "1"}},
			{"command", []string{"/bin/sh", "-c"}}, {"isPrivileged", true}, {"pod", nil}}
	case "containerImage":
		return object{{"imageId", w.domain + "/tools/miner:latest"}, {"registry", nested("containerRegistry")}, {"digestImage", nil}}
	case "containerRegistry":
		return object{{"registry", w.domain}}
	default:
		panic("estate: no such evidence: " + kind)
	}
}

// resourceFields are those of cloud resources, code and things.
func (w *witness) resourceFields(kind string) object {
	storage := append(object{{"@odata.type", odataType("azureResource")}}, w.azure("Microsoft.Storage/storageAccounts", "stprod")...)
	bucket := object{{"name", "backups"}, {"url", "https://stprod.blob.core.windows.net/backups"}, {"storageResource", storage}}
	account := "dev-" + w.users[0].account
	switch kind {
	case "azureResource":
		return w.azure("Microsoft.Storage/storageAccounts", "stprod")
	case "amazonResource":
		return object{{"amazonAccountId", "111122223333"}, {"amazonResourceId", "arn:aws:iam::111122223333:user/deploy"}, {"resourceName", "deploy"}, {"resourceType", "AWS::IAM::User"}}
	case "googleCloudResource":
		return object{{"fullResourceName", "//iam.googleapis.com/projects/shop-prod/serviceAccounts/ci"}, {"location", "europe-west3"}, {"locationType", "regional"},
			{"projectId", "shop-prod"}, {"projectNumber", int64(846351927364)}, {"resourceName", "ci"}, {"resourceType", "iam.googleapis.com/ServiceAccount"}}
	case "blobContainer":
		return bucket
	case "blob":
		return object{{"name", w.file}, {"url", "https://stprod.blob.core.windows.net/backups/" + w.sha1[:8]}, {"etag", "0x8D" + w.hex(12)},
			{"blobContainer", append(object{{"@odata.type", odataType("blobContainer")}}, bucket...)}, {"fileHashes", []object{{{"algorithm", "sha256"}, {"value", w.sha256}}}}}
	case "sasToken":
		return object{{"allowedIpAddresses", nil}, {"allowedResourceTypes", []string{"Object"}}, {"allowedServices", []string{"Blob"}}, {"expiryDateTime", w.alert.Created.Add(720 * time.Hour)},
			{"permissions", []string{"Read", "List"}}, {"protocol", "https"}, {"signatureHash", w.sha256}, {"signedWith", "Key1"}, {"startDateTime", nil}, {"storageResource", storage}}
	case "gitHubOrganization":
		return object{{"company", w.tenant.Name}, {"displayName", w.tenant.Name}, {"email", nil}, {"login", slug(w.tenant.Name)}, {"orgId", "884422"}, {"webUrl", "https://github.com/" + slug(w.tenant.Name)}}
	case "gitHubRepo":
		return object{{"baseUrl", "https://github.com"}, {"login", "billing"}, {"owner", slug(w.tenant.Name)}, {"ownerType", "Organization"}, {"repoId", "772211"}}
	case "gitHubUser":
		return object{{"email", nil}, {"login", account}, {"name", w.users[0].name}, {"userId", "551100"}, {"webUrl", "https://github.com/" + account}}
	case "nic":
		return object{{"ipAddress", w.nestedIP(w.devices[0].ip)}, {"macAddress", "00-15-5D-4A-3B-2C"}, {"vlans", []string{"100"}}}
	case "ioTDevice":
		return w.thing()
	default:
		panic("estate: no such evidence: " + kind)
	}
}

func (w *witness) azure(kind, name string) object {
	sub := StableGUID("subscription", w.tenant.Code)
	return object{{"resourceId", "/subscriptions/" + sub + "/resourceGroups/prod/providers/" + kind + "/" + name}, {"resourceName", name}, {"resourceType", kind}}
}

func (w *witness) thing() object {
	return object{
		{"deviceId", w.guid()}, {"deviceName", "PLC line 3"}, {"devicePageLink", nil}, {"deviceType", "PLC"}, {"deviceSubType", nil}, {"importance", "high"},
		{"ioTHub", nil}, {"ioTSecurityAgentId", nil}, {"ipAddress", w.nestedIP(w.privateIP())}, {"isAuthorized", false}, {"isProgramming", true}, {"isScanner", nil},
		{"macAddress", "00-1B-1B-99-88-77"}, {"manufacturer", "Contoso Controls"}, {"model", "S7"}, {"operatingSystem", nil}, {"owners", []string{}}, {"protocols", []string{"S7comm", "PROFINET"}},
		{"purdueLayer", "Level 1"}, {"sensor", "plant-2"}, {"serialNumber", w.hex(10)}, {"site", "Plant 2"}, {"source", "Defender for IoT"}, {"zone", "Cell 4"},
		{"nics", []object{{{"@odata.type", odataType("nic")}, {"ipAddress", nil}, {"macAddress", "00-1B-1B-99-88-77"}, {"vlans", []string{}}}}}, {"sourceRef", nil},
	}
}
